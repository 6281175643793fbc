//! What each check came to, in a sentence for everybody.

use badges_core::verify::{Bound, Check, CheckName, Code, Generation, Outcome, Report};

use super::{Facts, Looked};
use crate::dates;

/// What a check came to; `documents` say why one of them is not there that it needs.
pub(super) fn check_sentence(report: &Report, facts: &Facts, check: &Check, documents: &[Looked]) -> String {
    match check.outcome {
        Outcome::Passed => passed(report, facts, check.check),
        Outcome::NotAsked => not_asked(check.check).to_owned(),
        Outcome::Failed => with_reason(failed(check), check, documents),
        Outcome::Unknown => with_reason(unknown(check.check), check, documents),
    }
}

fn passed(report: &Report, facts: &Facts, check: CheckName) -> String {
    let plain = match check {
        CheckName::Structure => {
            return match report.generation {
                Some(Generation::V3) => "It has the form of a badge of Open Badges 3.0.".to_owned(),
                Some(Generation::V2) => "It has the form of a badge of Open Badges 2.0.".to_owned(),
                _ => "It has the form of a badge.".to_owned(),
            };
        }
        CheckName::Time => {
            return match facts.until {
                Some(until) => format!("It is valid until {}.", dates::written_out(until)),
                None => "It is valid at this time, and it has no end.".to_owned(),
            };
        }
        CheckName::Proof(_) if report.bound == Some(Bound::Hosted) => "It is what its issuer publishes.",
        CheckName::Proof(_) => "Nothing in it was changed after it was signed.",
        CheckName::Binding => match report.bound {
            Some(Bound::ControllerDocument) => "The issuer's own document lists the key that signed it.",
            Some(Bound::Did) => "The issuer's identifier is the key that signed it.",
            Some(Bound::Hosted) => "It stands where its issuer publishes.",
            Some(Bound::Jwks) => "The key set at the issuer's address holds the key that signed it.",
            Some(Bound::Pinned) => "The key that signed it is one that you trust for this issuer.",
            None => "The key that signed it is the issuer's.",
        },
        CheckName::Trust => "The issuer is one that you trust.",
        CheckName::Status(_) => "The issuer has not revoked it.",
        CheckName::Recipient => "It was awarded to the recipient that you named.",
        CheckName::Schema => "It has the form that its issuer names.",
        CheckName::Endorsement(_) => "An endorsement in it holds.",
    };
    plain.to_owned()
}

fn not_asked(check: CheckName) -> &'static str {
    match check {
        CheckName::Structure => "Whether it has the form of a badge was not looked at.",
        CheckName::Proof(_) => "Whether it was changed was not looked at.",
        CheckName::Binding => "Whether the issuer signed it was not looked at, for no signature holds.",
        CheckName::Trust => "Whether you trust the issuer is for you to say.",
        CheckName::Time => "Whether it is valid at this time was not looked at.",
        CheckName::Status(_) => "Whether it was revoked was not looked at.",
        CheckName::Recipient => "You named no recipient to compare it with.",
        CheckName::Schema => "It names no further form that it must have.",
        CheckName::Endorsement(_) => "An endorsement in it was not looked at.",
    }
}

fn failed(check: &Check) -> &'static str {
    match (check.check, check.code) {
        (CheckName::Status(_), Some(Code::Suspended)) => "The issuer has suspended it for now",
        (CheckName::Status(_), _) => "The issuer has revoked it",
        (CheckName::Time, Some(Code::NotYetValid)) => "It is not valid yet",
        (CheckName::Time, _) => "It is no longer valid",
        (CheckName::Structure, _) => "It has not the form of a badge",
        (CheckName::Proof(_), Some(Code::KeyNotListed)) => {
            "The issuer does not stand by the key that signed it"
        }
        (CheckName::Proof(_), _) => "It is not what was signed",
        (CheckName::Binding, _) => "Nothing shows that the issuer signed it",
        (CheckName::Trust, _) => "The issuer is not one that you trust",
        (CheckName::Recipient, _) => "It was not awarded to the recipient that you named",
        (CheckName::Schema, _) => "It has not the form that its issuer names",
        (CheckName::Endorsement(_), _) => "An endorsement in it does not hold",
    }
}

fn unknown(check: CheckName) -> &'static str {
    match check {
        CheckName::Structure => "Whether it has the form of a badge could not be told",
        CheckName::Proof(_) => "Whether it was changed could not be told",
        CheckName::Binding => "Whether the issuer signed it could not be told",
        CheckName::Trust => "Whether the issuer is to be trusted could not be told",
        CheckName::Time => "Whether it is valid at this time could not be told",
        CheckName::Status(_) => "Whether it was revoked could not be told",
        CheckName::Recipient => "Whether it was awarded to this recipient could not be told",
        CheckName::Schema => "Whether it has the form that its issuer names could not be told",
        CheckName::Endorsement(_) => "Whether an endorsement in it holds could not be told",
    }
}

/// The reason behind the sentence: why the document did not come that the check needs, or its own.
fn with_reason(sentence: &str, check: &Check, documents: &[Looked]) -> String {
    let detail = check.detail.as_deref();
    match detail.and_then(|detail| Looked::problem_in(documents, detail)).or(detail) {
        Some(reason) => format!("{sentence}: {}.", reason.trim_end_matches('.')),
        None => format!("{sentence}."),
    }
}
