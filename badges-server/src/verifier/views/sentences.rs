//! The core's report as sentences that somebody understands who has never heard of a proof.

use badges_core::verify::{Bound, Check, CheckName, Outcome as Came, Report, Verdict as Answer};

use crate::web::components::{CheckLine, Outcome, Tone, Verdict};

/// The answer on a page: `sentence` says it, as `wording::sentence` or an award page does; the checks follow.
pub(crate) fn verdict_of(report: &Report, sentence: impl Into<String>) -> Verdict {
    let (tone, aside) = match report.verdict {
        Answer::Valid => (Tone::Positive, None),
        Answer::Undecided | Answer::Unsupported => (Tone::Caution, Some(NOT_SURE)),
        Answer::Expired | Answer::NotYetValid | Answer::Suspended => (Tone::Caution, None),
        Answer::Unbound => (Tone::Negative, Some(ANYBODY)),
        Answer::Invalid => (Tone::Negative, Some(ORIGINAL)),
        Answer::Revoked => (Tone::Negative, None),
    };
    let mut verdict = Verdict::new(tone, sentence);
    verdict.aside = aside.map(str::to_owned);
    verdict.checks = report.checks.iter().map(|check| line(report, check)).collect();
    verdict
}

const NOT_SURE: &str = "This does not mean that it is false. Ask the issuer, or try again later.";
const ANYBODY: &str =
    "Anybody can make a key and write any name beside it. Ask the issuer before you rely on it.";
const ORIGINAL: &str = "If you expected a good badge, ask its holder for the original file.";

fn line(report: &Report, check: &Check) -> CheckLine {
    let outcome = match check.outcome {
        Came::Passed => Outcome::Passed,
        Came::Failed => Outcome::Failed,
        Came::Unknown => Outcome::Unknown,
        Came::NotAsked => Outcome::NotAsked,
    };
    let code = check.code.map(|code| format!("({code})"));
    let detail = check.detail.as_ref().map(|detail| {
        let detail = detail.trim_end_matches('.');
        code.map_or_else(|| format!("{detail}."), |code| format!("{detail} {code}."))
    });
    CheckLine { outcome, sentence: sentence(report, check), detail }
}

#[expect(clippy::too_many_lines, reason = "a table of sentences")]
fn sentence(report: &Report, check: &Check) -> String {
    let [passed, failed, unknown, not_asked] = match check.check {
        CheckName::Structure => [
            "It is a well-formed Open Badge.",
            "It is not a well-formed Open Badge.",
            "We could not tell whether it is a well-formed Open Badge.",
            "Its form was not looked at.",
        ],
        CheckName::Proof(_) => [
            "It is signed, and nothing was changed since.",
            "The signature does not fit: it was changed, or somebody else signed it.",
            "We could not check the signature.",
            "The signature was not looked at.",
        ],
        CheckName::Binding => [
            bound(report),
            "The key that signed it is not the issuer's.",
            "We could not confirm that the key is the issuer's.",
            "Whose key it is was not looked at.",
        ],
        CheckName::Trust => [
            "It was awarded here: the issuer is one of this service's own.",
            "The issuer is not one that we know.",
            "The issuer is none of this service's own; nobody here vouches for it.",
            "The issuer is none of this service's own; nobody here vouches for it.",
        ],
        CheckName::Time => [
            "It is within its time.",
            "It is not within its time.",
            "We could not tell whether it is within its time.",
            "Its dates were not looked at.",
        ],
        CheckName::Status(_) => [
            "The issuer has not revoked it.",
            "The issuer has revoked or suspended it.",
            "We could not learn whether the issuer has revoked it.",
            "Whether it was revoked was not looked at.",
        ],
        CheckName::Recipient => [
            "It belongs to the person that you named.",
            "It does not belong to the person that you named.",
            "We could not tell to whom it belongs.",
            "You did not ask to whom it belongs.",
        ],
        CheckName::Schema => [
            "It fits the schema that it names.",
            "It does not fit the schema that it names.",
            "It names a schema that we do not apply.",
            "It names no schema.",
        ],
        CheckName::Endorsement(_) => [
            "An endorsement in it is genuine.",
            "An endorsement in it is not genuine.",
            "We could not confirm an endorsement in it.",
            "An endorsement in it was not looked at.",
        ],
    };
    match check.outcome {
        Came::Passed => passed,
        Came::Failed => failed,
        Came::Unknown => unknown,
        Came::NotAsked => not_asked,
    }
    .to_owned()
}

fn bound(report: &Report) -> &'static str {
    match report.bound {
        Some(Bound::Did) => "The key is the issuer's: its identifier is the key itself.",
        Some(Bound::ControllerDocument) => "The key is the issuer's: its own document lists it.",
        Some(Bound::Jwks) => "The key is the issuer's: the key set at its address holds it.",
        Some(Bound::Hosted) => "It stands where its issuer publishes.",
        Some(Bound::Pinned) => "The key is the one that we know to be the issuer's.",
        None => "The key is the issuer's.",
    }
}

#[cfg(test)]
mod tests {
    use badges_core::verify::Code;

    use super::*;

    #[test]
    fn an_unbound_badge_is_never_called_genuine() {
        let mut report = Report::unopened(Answer::Unbound, Code::KeyNotListed, "the key is another's");
        report.checks = [(CheckName::Proof(0), Came::Passed), (CheckName::Binding, Came::Failed)]
            .map(|(check, outcome)| Check { check, outcome, code: None, path: None, detail: None })
            .into();

        let verdict = verdict_of(&report, "Signed, but we could not confirm that Hive Chicago signed it.");

        assert_eq!(verdict.tone, Tone::Negative);
        assert_eq!(verdict.checks[1].sentence, "The key that signed it is not the issuer's.");
        assert!(!verdict.to_string().to_lowercase().contains("verified"));
    }
}
