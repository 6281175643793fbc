//! What all lists have in common: how long they may be, who may publish them, and what is said where one is odd.

use crate::{
    json::{Limits, Object},
    status::StatusError,
    verify::{
        Code, Options,
        judge::{Judge, Reason},
    },
};

/// Where the entries stand in the credential.
pub(super) const PATH: &str = "$.credentialStatus";

/// A list is long where it holds a million bits, so it may be longer than a badge: a plain one as long as a
/// bitstring inflated, and one that is packed as long as base64 makes that.
pub(super) fn limits(options: &Options<'_>, packed: bool) -> Limits {
    let inflated = options.bounds.status_list;
    let base64 = (inflated / 3).saturating_mul(4).saturating_add(options.bounds.json.bytes);
    Limits { bytes: if packed { base64 } else { inflated }, ..options.bounds.json }
}

pub(super) fn may_publish(options: &Options<'_>, issuer: &str, publisher: &str) -> bool {
    publisher == issuer || options.trust.is_some_and(|trust| trust.lets_publish(issuer, publisher))
}

pub(super) fn other_id(judge: &mut Judge<'_>, list: &Object<'_>, url: &str) {
    if let Some(id) = list.text("id").filter(|id| *id != url) {
        judge.find(Code::StatusOtherId, PATH, format!("the status list {url} calls itself {id}"));
    }
}

pub(super) fn not_bound(url: &str, publisher: &str) -> Reason {
    let message = match publisher {
        "" => format!("nothing shows whose the status list {url} is: it names no issuer"),
        _ => format!("nothing shows that {publisher} may speak for the issuer in the status list {url}"),
    };
    Reason::new(Code::StatusNotBound, PATH, message)
}

pub(super) fn too_much() -> Reason {
    Reason::new(Code::TooComplex, PATH, "more status lists than any honest badge needs")
}

pub(super) fn malformed(url: &str, why: &str) -> Reason {
    Reason::new(Code::StatusMalformed, PATH, format!("the status list {url}: {why}"))
}

pub(super) fn reason_of(error: &StatusError) -> Reason {
    let code = match error {
        StatusError::Unsupported { .. } => Code::StatusUnsupported,
        StatusError::Retrieval { .. } => Code::StatusMissing,
        _ => Code::StatusMalformed,
    };
    Reason::new(code, PATH, error.to_string())
}
