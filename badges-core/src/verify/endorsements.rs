//! Endorsements embedded in a badge, each judged by itself (OB 3.0 §8.5; conformance rule on nested @context).

use super::{
    CheckName, Code, Options, Report, Verdict,
    judge::{Judge, Reason},
    read::{judge_object, judge_text},
    work::Within,
};
use crate::{
    json::{Json, Object, Path, read, shortened},
    proof::jws::Compact,
};

/// An endorsement where it stands.
enum Embedded<'d, 'a> {
    Object(&'d Object<'a>),
    Token(&'d str),
    Other,
}

/// Judges every endorsement in the document and writes down `endorsement[n]`.
///
/// A forged endorsement makes the badge invalid, for the issuer published it as genuine. One that expired, was
/// revoked or cannot be decided is shown as such and leaves the badge what it is.
pub(super) fn check_endorsements(judge: &mut Judge<'_>, object: &Object<'_>, within: Within<'_>) {
    let mut found = Vec::new();
    let most = judge.options.bounds.endorsements;
    collect(object, &Path::ROOT, &mut found, most);
    if found.len() > most {
        let message = format!("more than {most} endorsements");
        return judge.record(CheckName::Endorsement(most), Err(Reason::new(Code::TooComplex, "$", message)));
    }
    let names = names_of(object);
    for (at, (path, embedded)) in found.into_iter().enumerate() {
        let check = CheckName::Endorsement(at);
        if within.depth >= judge.options.bounds.nesting {
            let message =
                format!("credentials stand in each other deeper than {}", judge.options.bounds.nesting);
            judge.record(check, Err(Reason::new(Code::TooComplex, path, message)));
            continue;
        }
        // Whom the host asks for is the badge's recipient, not the endorsement's.
        let options = Options { recipient: None, require_trust: false, ..*judge.options };
        let (report, other) = match embedded {
            Embedded::Object(object) => {
                (judge_object(object, &options, within.deeper()), other_subject(object, &names))
            }
            Embedded::Token(token) => {
                (judge_text(token, &options, within.deeper()), other_in_token(token, &names, &options))
            }
            Embedded::Other => {
                let message = "an endorsement must be a credential";
                judge.record(check, Err(Reason::new(Code::Structure, path, message)));
                continue;
            }
        };
        let other = other.map(|other| {
            let message = format!(
                "the endorsement is of {other}, and not of this badge, its achievement or its issuer"
            );
            Reason::new(Code::EndorsementOfOther, path.clone(), message)
        });
        weigh(judge, check, path, &report, other);
    }
}

/// What an endorsement of this badge can be of: the credential, what was achieved, and who issued it
/// (OB 3.0 §B.1.11). Elsewhere in it may stand anybody, so what is endorsed there says nothing for the badge.
fn names_of<'d>(credential: &'d Object<'_>) -> Vec<&'d str> {
    let subjects = credential.get("credentialSubject").map(Json::one_or_many).unwrap_or_default();
    let achievements = subjects.iter().filter_map(|subject| subject.as_object()?.get("achievement")?.id());
    let own = [credential.text("id"), credential.get("issuer").and_then(Json::id)];
    own.into_iter().flatten().chain(achievements).collect()
}

/// The first thing that the endorsement is of and that has none of these names.
fn other_subject(endorsement: &Object<'_>, names: &[&str]) -> Option<String> {
    let subjects = endorsement.get("credentialSubject").map(Json::one_or_many).unwrap_or_default();
    let mut all = subjects.iter().filter_map(|subject| subject.as_object()?.text("id"));
    all.find(|id| !names.contains(id)).map(shortened)
}

fn other_in_token(token: &str, names: &[&str], options: &Options<'_>) -> Option<String> {
    let token = Compact::parse(token).ok()?;
    let payload = read(token.payload(), &options.bounds.json).ok()?;
    let payload = payload.as_object()?;
    other_subject(payload.get("vc").and_then(Json::as_object).unwrap_or(payload), names)
}

fn weigh(judge: &mut Judge<'_>, check: CheckName, path: String, report: &Report, other: Option<Reason>) {
    let message = format!("the endorsement is {}: {}", report.verdict.as_str(), report.message);
    match report.verdict {
        Verdict::Valid => match other {
            Some(reason) => judge.note(check, &reason),
            None => judge.record(check, Ok(())),
        },
        Verdict::Invalid => {
            let code =
                if report.code == Code::TooComplex { Code::TooComplex } else { Code::EndorsementFailed };
            judge.record(check, Err(Reason::new(code, path, message)));
        }
        _ => {
            judge.note(check, &Reason::new(report.code, path, message));
            if let Some(Reason { code, path, message }) = other {
                judge.find(code, &path, message);
            }
        }
    }
}

/// Finds `endorsement` and `endorsementJwt` wherever they stand, but not within other endorsements, which
/// judge their own; stops one beyond the limit.
fn collect<'d, 'a>(
    object: &'d Object<'a>,
    path: &Path<'_>,
    found: &mut Vec<(String, Embedded<'d, 'a>)>,
    most: usize,
) {
    for (name, value) in object.iter() {
        let embedded = matches!(name, "endorsement" | "endorsementJwt");
        if name == "proof" || !embedded && !matches!(value, Json::Object(_) | Json::Array(_)) {
            continue;
        }
        let path = path.member(name);
        for (at, item) in value.one_or_many().iter().enumerate() {
            let path = path.item(at);
            if found.len() > most {
                return;
            }
            match item {
                Json::Object(object) if name == "endorsement" => {
                    found.push((path.to_string(), Embedded::Object(object)));
                }
                Json::String(token) if name == "endorsementJwt" => {
                    found.push((path.to_string(), Embedded::Token(token)));
                }
                _ if embedded => found.push((path.to_string(), Embedded::Other)),
                Json::Object(object) => collect(object, &path, found, most),
                _ => {}
            }
        }
    }
}
