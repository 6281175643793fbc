//! Who issued it, and whether the host trusts them.

use super::{
    CheckName, Code,
    judge::{Judge, Reason},
};
use crate::json::{Json, Object};

/// The identifier of the issuer, whether it is written as a text or as a profile; empty if there is none.
pub(super) fn issuer_of<'d>(object: &'d Object<'_>) -> &'d str {
    object.get("issuer").and_then(Json::id).unwrap_or_default()
}

/// Writes down `trust`.
pub(super) fn check_trust(judge: &mut Judge<'_>, issuer: &str) {
    let Some(trust) = judge.options.trust else {
        return judge.skip(CheckName::Trust);
    };
    let message = format!("{issuer} is not among the issuers that are trusted here");
    match (trust.lists(issuer), judge.options.require_trust) {
        (true, _) => judge.record(CheckName::Trust, Ok(())),
        (false, true) => {
            judge.record(CheckName::Trust, Err(Reason::new(Code::IssuerNotTrusted, "$.issuer", message)));
        }
        (false, false) => judge.note(CheckName::Trust, &Reason::new(Code::NotListed, "$.issuer", message)),
    }
}
