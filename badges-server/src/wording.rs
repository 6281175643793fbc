//! A report in plain words: one sentence for people, then the checks.

mod answer;
mod checks;

pub use answer::{Answer, Looked, Said};

use std::path::Path;

use badges_core::{
    json::{Json, Object},
    model::{DocumentKind, kind_of},
    time::Timestamp,
    verify::{Bound, Check, CheckName, Code, Finding, Outcome, Report, Verdict},
};
use serde::Serialize;

use crate::{content::Content, dates, output::Tone};

/// How much is said of a file's name, in characters.
const LONGEST_NAME: usize = 160;

/// What the document says beside the report; believed as far as the report goes.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Facts {
    /// "badge", "endorsement" or "status list".
    #[serde(skip)]
    noun: Option<&'static str>,
    #[serde(rename = "validFrom", skip_serializing_if = "Option::is_none")]
    from: Option<Timestamp>,
    #[serde(rename = "validUntil", skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    /// The id of what was achieved.
    #[serde(skip_serializing_if = "Option::is_none")]
    achievement: Option<String>,
    /// The id of what is endorsed.
    #[serde(skip)]
    endorsed: Option<String>,
    /// How to come by a document that was missing.
    #[serde(skip)]
    remedy: Option<String>,
    /// Why a document that was asked for is not there.
    #[serde(skip)]
    problem: Option<String>,
}

impl Facts {
    /// Reads them from a text that was judged, as far as it can be read.
    pub(crate) fn of(text: &[u8]) -> Self {
        let Ok(content) = Content::of(text) else { return Self::default() };
        let Ok((document, around)) = content.parts() else { return Self::default() };
        let claims = content.token.is_some().then(|| around.as_ref().unwrap_or(&document));
        let claimed = |claim| match claims?.get(claim)? {
            Json::Number(seconds) => Timestamp::from_unix_seconds(*seconds as i64),
            _ => None,
        };
        let noun = match kind_of(&document) {
            DocumentKind::Endorsement(_) => "endorsement",
            DocumentKind::StatusList(_) => "status list",
            _ => "badge",
        };
        let subjects = document.get("credentialSubject").map(Json::one_or_many).unwrap_or_default();
        let subject = subjects.first().and_then(Json::as_object);
        let achieved = subject.and_then(|subject| subject.get("achievement")).or(document.get("badge"));
        let id = |json: Option<&Json<'_>>| match json? {
            Json::String(id) => Some(id.to_string()),
            Json::Object(object) => object.text("id").map(str::to_owned),
            _ => None,
        };
        Self {
            achievement: id(achieved),
            endorsed: id(subjects.first()).filter(|_| noun == "endorsement"),
            remedy: None,
            problem: None,
            noun: Some(noun),
            from: times(&document, ["validFrom", "issuanceDate", "issuedOn"]).chain(claimed("nbf")).max(),
            until: times(&document, ["validUntil", "expirationDate", "expires"]).chain(claimed("exp")).min(),
        }
    }

    /// Remembers why the document that is missing did not come, where it was asked for.
    pub(crate) fn fetched(&mut self, problem: Option<String>) {
        self.problem = problem;
    }

    /// Remembers where a missing document was looked for: in a folder, if one was named, where this file was not.
    pub(crate) fn looked_for(&mut self, folder: Option<&Path>, file: impl FnOnce() -> Option<String>) {
        self.remedy = folder.map(|folder| {
            let folder = folder.display();
            let file = file().map(|file| match file.char_indices().nth(LONGEST_NAME) {
                Some((end, _)) => format!(" that begins {}", file.get(..end).unwrap_or_default()),
                None => format!(" {file}"),
            });
            let file = file.unwrap_or_else(|| " of its name in percent code".to_owned());
            format!(
                "{folder} has neither an entry for it in index.json nor a file{file}: fetch it and add one."
            )
        });
    }
}

/// The narrowest of several counts, as for the verdict.
fn times(document: &Object<'_>, names: [&'static str; 3]) -> impl Iterator<Item = Timestamp> {
    names.into_iter().filter_map(|name| document.text(name)?.parse().ok())
}

/// The verdict in one sentence or two, and how it is meant.
pub(crate) fn sentence(report: &Report, facts: &Facts) -> (Tone, String) {
    let noun = facts.noun.unwrap_or("badge");
    let reason = report.message.trim_end_matches('.');
    let issuer = issuer(report);
    let on = |time: Option<Timestamp>| time.map(dates::written_out);
    match report.verdict {
        Verdict::Valid => (Tone::Positive, genuine(report, facts, noun)),
        Verdict::Invalid => (Tone::Negative, refused(report, noun)),
        Verdict::Unbound => (
            Tone::Negative,
            // Why a document did not come says more than that it is needed.
            format!(
                "Signed, but we could not confirm that {issuer} signed this {noun}: {}.",
                facts.problem.as_deref().unwrap_or(reason)
            ),
        ),
        Verdict::Revoked => (Tone::Negative, format!("{} has revoked this {noun}.", capital(&issuer))),
        Verdict::Suspended => {
            (Tone::Negative, format!("{} has suspended this {noun} for now.", capital(&issuer)))
        }
        Verdict::Expired => {
            let when = on(facts.until).map_or_else(|| reason.to_owned(), |day| format!("it ended on {day}"));
            (Tone::Negative, format!("This {noun} is no longer valid: {when}."))
        }
        Verdict::NotYetValid => {
            let when = on(facts.from).map_or_else(|| reason.to_owned(), |day| format!("it begins on {day}"));
            (Tone::Negative, format!("This {noun} is not valid yet: {when}."))
        }
        Verdict::Undecided => {
            if let Some(problem) = &facts.problem {
                let reason = problem.trim_end_matches('.');
                return (Tone::Caution, format!("This {noun} could not be confirmed: {reason}."));
            }
            let remedy = match report.code {
                Code::StatusExpired => " Fetch it anew, and name its folder with --documents.",
                Code::DocumentMissing | Code::StatusMissing => match &facts.remedy {
                    Some(remedy) => &format!(" {remedy}"),
                    None => " Fetch it and name its folder with --documents (see `badges help verify`).",
                },
                _ => "",
            };
            (Tone::Caution, format!("This {noun} could not be confirmed: {reason}.{remedy}"))
        }
        Verdict::Unsupported => (Tone::Caution, format!("This {noun} cannot be checked here: {reason}.")),
    }
}

fn genuine(report: &Report, facts: &Facts, noun: &str) -> String {
    let issuer = capital(&issuer(report));
    let day = facts.from.map(|from| format!(" on {}", dates::written_out(from))).unwrap_or_default();
    let name = report.name.as_ref().map(|name| format!(" \"{name}\"")).unwrap_or_default();
    let status = report.checks.iter().filter(|check| matches!(check.check, CheckName::Status(_)));
    let kept = status.clone().count() > 0 && status.clone().all(|check| check.outcome == Outcome::Passed);
    let kept = if kept { ", and it has not been revoked" } else { "" };
    let until = facts.until.map(|until| format!(" It is valid until {}.", dates::written_out(until)));
    let until = until.unwrap_or_default();
    let of = facts.endorsed.as_ref().map(|of| format!(" It endorses {of}.")).unwrap_or_default();
    match noun {
        "badge" => format!("This badge is genuine. {issuer} awarded{name}{day}{kept}.{until}"),
        _ => format!("This {noun} is genuine. {issuer} signed it{day}{kept}.{of}{until}"),
    }
}

/// Who issued it. The name alone is told only where the host has said that it knows the issuer: anybody can
/// take a key and any name.
fn issuer(report: &Report) -> String {
    let trusted =
        report.checks.iter().any(|check| check.check == CheckName::Trust && check.outcome == Outcome::Passed);
    match (&report.issuer_name, &report.issuer) {
        (Some(name), _) if trusted => name.clone(),
        (Some(name), Some(id)) => format!("the issuer who goes by the name {name:?} ({id})"),
        (Some(name), None) => format!("the issuer who goes by the name {name:?}"),
        (None, Some(id)) => format!("the issuer {id}"),
        (None, None) => "the issuer".to_owned(),
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + characters.as_str()
}

fn refused(report: &Report, noun: &str) -> String {
    let reason = report.message.trim_end_matches('.');
    match report.code {
        Code::NotABadge => format!("This is not a badge: {reason}."),
        Code::Malformed => format!("This cannot be read as a badge: {reason}."),
        Code::NoProof => format!("Nobody has signed this {noun}: anybody could have written it."),
        Code::ProofFailed => {
            format!("This {noun} is not what was signed, or somebody else signed it: do not rely on it.")
        }
        Code::RecipientMismatch => format!("This {noun} was not awarded to the recipient that you name."),
        Code::IssuerNotTrusted => {
            format!("This {noun} comes from an issuer that your trust file does not list.")
        }
        _ => format!("Do not rely on this {noun}: {reason}."),
    }
}

/// The checks and findings, a line each.
pub(crate) fn details(report: &Report) -> Vec<(Tone, String)> {
    let width = report.checks.iter().map(|check| check.check.to_string().len()).max().unwrap_or(0);
    let mut lines: Vec<_> = report.checks.iter().map(|check| check_line(report, check, width)).collect();
    // What a check says already need not be said twice.
    let said = |finding: &&Finding| {
        let same = |check: &Check| {
            check.code == Some(finding.code) && check.path.as_deref().unwrap_or_default() == finding.path
        };
        !report.checks.iter().any(same)
    };
    for finding in report.findings.iter().filter(said) {
        let place = if finding.path.is_empty() { String::new() } else { format!(" at {}", finding.path) };
        lines.push((Tone::Caution, format!("  note: {} ({}{place})", finding.message, finding.code)));
    }
    lines
}

fn check_line(report: &Report, check: &Check, width: usize) -> (Tone, String) {
    let (tone, word) = match check.outcome {
        Outcome::Passed => (Tone::Positive, "passed"),
        Outcome::Failed => (Tone::Negative, "failed"),
        Outcome::Unknown => (Tone::Caution, "unknown"),
        Outcome::NotAsked => (Tone::Plain, "not asked"),
    };
    let mut line = format!("  {:width$}  {word}", check.check.to_string());
    if let (CheckName::Binding, Some(bound)) = (check.check, report.bound) {
        line.push_str(match bound {
            Bound::ControllerDocument => ": the issuer's own document lists the key",
            Bound::Did => ": the issuer's identifier is the key itself",
            Bound::Hosted => ": it stands where its issuer publishes",
            Bound::Jwks => ": the key set at the issuer's address holds the key",
            Bound::Pinned => ": your trust file holds the key",
        });
    }
    if let Some(detail) = &check.detail {
        let code = check.code.map(|code| format!(" ({code})")).unwrap_or_default();
        let path = check.path.as_ref().filter(|path| !detail.starts_with(path.as_str()));
        let path = path.map(|path| format!(" at {path}")).unwrap_or_default();
        line.push_str(&format!(": {detail}{code}{path}"));
    }
    (tone, line)
}
