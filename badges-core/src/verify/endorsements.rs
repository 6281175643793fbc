//! Endorsements embedded in a badge, each judged by itself (OB 3.0 §8.5; conformance rule on nested @context).

use super::{
    CheckName, Code, Report, Verdict,
    judge::{Judge, Reason},
    work::Within,
};
use crate::json::{Json, Object, Path};

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
    for (at, (path, embedded)) in found.into_iter().enumerate() {
        let check = CheckName::Endorsement(at);
        if within.depth >= judge.options.bounds.nesting {
            let message =
                format!("credentials stand in each other deeper than {}", judge.options.bounds.nesting);
            judge.record(check, Err(Reason::new(Code::TooComplex, path, message)));
            continue;
        }
        // Whom the host asks for is the badge's recipient, not the endorsement's.
        let options = super::Options { recipient: None, require_trust: false, ..*judge.options };
        let report = match embedded {
            Embedded::Object(object) => super::judge_object(object, &options, within.deeper()),
            Embedded::Token(token) => super::judge_text(token, &options, within.deeper()),
            Embedded::Other => {
                let message = "an endorsement must be a credential";
                judge.record(check, Err(Reason::new(Code::Structure, path, message)));
                continue;
            }
        };
        weigh(judge, check, path, &report);
    }
}

fn weigh(judge: &mut Judge<'_>, check: CheckName, path: String, report: &Report) {
    let message = format!("the endorsement is {}: {}", report.verdict.as_str(), report.message);
    match report.verdict {
        Verdict::Valid => judge.record(check, Ok(())),
        Verdict::Invalid => {
            let code =
                if report.code == Code::TooComplex { Code::TooComplex } else { Code::EndorsementFailed };
            judge.record(check, Err(Reason::new(code, path, message)));
        }
        _ => judge.note(check, &Reason::new(report.code, path, message)),
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
