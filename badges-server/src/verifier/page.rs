//! What was found, as the page of the answer.

use badges_core::time::Timestamp;
use serde_json::Value;

use super::{
    Judged,
    views::{VerifyResult, verdict_of},
};
use crate::{dates, web::Frame};

/// The verdict in one sentence or two, without what only the command can do.
pub(super) fn sentence(judged: &Judged) -> String {
    let sentence = judged.answer().sentence;
    sentence.split(" Fetch it").next().unwrap_or_default().to_owned()
}

/// The page; `base` is the public address, below which a badge is ours.
pub(super) fn result(mut frame: Frame, base: &str, judged: &Judged, source: String) -> VerifyResult {
    "What we found".clone_into(&mut frame.title);
    frame.listed = false;
    let report = serde_json::to_value(judged.answer()).unwrap_or_default();
    let page = source
        .strip_prefix(base)
        .filter(|path| path.starts_with("/awards/"))
        .and_then(|path| path.split('/').nth(2))
        .map(|award| format!("/awards/{award}"));
    VerifyResult {
        frame,
        verdict: verdict_of(&judged.report, sentence(judged)),
        badge: judged.report.name.clone(),
        picture: None,
        facts: facts(&report),
        source,
        page,
        report: serde_json::to_string_pretty(&report).unwrap_or_default(),
    }
}

fn facts(report: &Value) -> Vec<(String, String)> {
    const TERMS: [(&str, &str); 4] = [
        ("issuerName", "Issuer"),
        ("issuer", "Its identifier"),
        ("validFrom", "Awarded on"),
        ("validUntil", "Valid until"),
    ];
    let meaning = |name: &str| {
        let text = report.get(name)?.as_str()?;
        let day = name.starts_with("valid").then(|| text.parse::<Timestamp>().ok()).flatten();
        Some(day.map_or_else(|| text.to_owned(), dates::written_out))
    };
    TERMS.into_iter().filter_map(|(name, term)| Some((term.to_owned(), meaning(name)?))).collect()
}
