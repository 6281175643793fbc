//! An entry of a bitstring, in a list that is a credential of its own (Bitstring Status List 1.0 §3.2).

use super::list::{PATH, limits, malformed, may_publish, not_bound, other_id, reason_of, too_much};
use crate::{
    json::{Json, WHITE_SPACE},
    status::{BitstringEntry, EntryFinding, EntrySize, Outcome, StatusError, StatusList},
    verify::{
        Code, Options, Report, Verdict,
        judge::{Answer, Judge, Reason},
        read::{judge_read, object_in, token_in},
        trust::issuer_of,
        work::{Within, Work},
    },
};

/// Looks the entry up in the list that stands in the text.
pub(super) fn in_bitstring(
    judge: &mut Judge<'_>,
    text: &[u8],
    entry: &BitstringEntry,
    issuer: &str,
    work: &Work,
) -> Answer<Outcome> {
    if entry.findings.contains(&EntryFinding::NumericIndex) {
        let message = "statusListIndex is a number and must be a text";
        if !judge.options.lenient() {
            return Err(Reason::new(Code::StatusMalformed, PATH, message));
        }
        judge.find(Code::IndexNumber, PATH, message);
    }
    let url = &entry.list;
    let text = std::str::from_utf8(text).map_err(|_| malformed(url, "is not UTF-8"))?;
    let text = text.trim_matches(WHITE_SPACE);
    let mut own =
        Options { recipient: None, trust: judge.options.trust, require_trust: false, ..*judge.options };
    own.bounds.json = limits(judge.options, true);
    let token = token_in(text, &own).map_err(|report| not_proven(&report, url))?;
    let object = object_in(text, token.as_ref(), &own).map_err(|report| not_proven(&report, url))?;
    let around = Within { depth: judge.options.bounds.nesting + 1, work };
    let report = work.for_list(|| judge_read(token.as_ref(), &object, &own, around)).ok_or_else(too_much)?;
    let relied_on = proven(&report, url)?;
    // Only a token carries its credential in `vc`; elsewhere the proof is that of what stands around it.
    let inner = object.get("vc").and_then(Json::as_object).filter(|_| token.is_some());
    let object = inner.unwrap_or(&object);
    other_id(judge, object, url);
    let list = StatusList::read(object).map_err(|error| reason_of(&error))?;
    list.check_entry(entry).map_err(|error| reason_of(&error))?;
    list.check_time(judge.options.at)
        .map_err(|error| Reason::new(Code::StatusExpired, PATH, format!("the status list {url}: {error}")))?;
    let bits = list.expand(judge.options.bounds.status_list).map_err(|error| reason_of(&error))?;
    if !work.allows_list(bits.entries(EntrySize::ONE) / 8) {
        return Err(too_much());
    }
    let outcome = match entry.outcome(&bits) {
        // Too short to keep a holder private, and a set bit there still says what it says.
        Err(error @ StatusError::Length { .. }) => match entry.outcome_at_any_length(&bits) {
            Ok(set @ Outcome::Set { .. }) => set,
            _ => return Err(reason_of(&error)),
        },
        other => other.map_err(|error| reason_of(&error))?,
    };
    // A set bit in a list that nobody answers for is still a warning; a clear one says nothing.
    let publisher = issuer_of(object);
    match relied_on && may_publish(judge.options, issuer, publisher) || outcome != Outcome::Clear {
        true => Ok(outcome),
        false => Err(not_bound(url, publisher)),
    }
}

/// Whether the list's own proof holds and is its issuer's; an error where it does not hold.
fn proven(report: &Report, url: &str) -> Answer<bool> {
    match report.verdict {
        Verdict::Valid => Ok(true),
        Verdict::Unbound => Ok(false),
        _ => Err(not_proven(report, url)),
    }
}

fn not_proven(report: &Report, url: &str) -> Reason {
    let (code, what) = match report.verdict {
        Verdict::Expired | Verdict::NotYetValid => (Code::StatusExpired, "is not valid at this time"),
        Verdict::Unsupported => (Code::StatusUnsupported, "cannot be checked"),
        Verdict::Undecided => (Code::StatusNotBound, "cannot be checked"),
        _ => (Code::StatusMalformed, "does not hold"),
    };
    Reason::new(code, PATH, format!("the status list {url} {what}: {}", report.message))
}
