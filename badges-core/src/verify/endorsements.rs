//! Endorsements embedded in a badge, each judged by itself (OB 3.0 §8.5; conformance rule on nested @context).

use super::{
    CheckName, Code, Options, Report, Verdict,
    judge::{Judge, Reason},
    read::{judge_object, judge_read, object_in, token_in},
    work::Within,
};
use crate::{
    json::{Json, Object, Path, shortened},
    model::{DocumentKind, kind_of},
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
/// revoked or cannot be decided is shown as such and leaves the badge what it is. What is no endorsement is a fault
/// of the badge itself.
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
        let (report, other) = match judge_endorsement(&embedded, &names, &options, within.deeper()) {
            Ok(judged) => judged,
            Err(message) => {
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

/// The report on an endorsement, and what else than this badge it is of; an error where it is no endorsement,
/// however well it is signed.
fn judge_endorsement(
    embedded: &Embedded<'_, '_>,
    names: &[&str],
    options: &Options<'_>,
    within: Within<'_>,
) -> Result<(Report, Option<String>), &'static str> {
    let check_kind = |credential: &Object<'_>| match kind_of(credential) {
        DocumentKind::Endorsement(_) => Ok(()),
        _ => Err("an endorsement must be an EndorsementCredential"),
    };
    let text = match embedded {
        Embedded::Object(object) => {
            check_kind(object)?;
            return Ok((judge_object(object, options, within), other_subject(object, names)));
        }
        Embedded::Token(text) if Compact::is_meant(text) => text,
        Embedded::Token(_) => return Err("endorsementJwt must hold tokens"),
        Embedded::Other => return Err("an endorsement must be a credential"),
    };
    let token = match token_in(text, options) {
        Ok(token) => token,
        Err(refused) => return Ok((*refused, None)),
    };
    let payload = match object_in(text, token.as_ref(), options) {
        Ok(payload) => payload,
        Err(refused) => return Ok((*refused, None)),
    };
    let credential = payload.get("vc").and_then(Json::as_object).unwrap_or(&payload);
    check_kind(credential)?;
    let other = other_subject(credential, names);
    Ok((judge_read(token.as_ref(), &payload, options, within), other))
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
