//! Whether the issuer has revoked or suspended the badge (OB 3.0 §8.2; Bitstring Status List 1.0 §3.2).

#[cfg(not(feature = "status"))]
mod absent;
#[cfg(feature = "status")]
mod bitstring;
#[cfg(feature = "status")]
mod entry;
#[cfg(feature = "status")]
mod list;
#[cfg(feature = "status")]
mod plain;

#[cfg(not(feature = "status"))]
pub(super) use absent::look_up_assertion;
#[cfg(feature = "status")]
pub(super) use plain::look_up_assertion;

#[cfg(not(feature = "status"))]
use absent::look_up;
#[cfg(feature = "status")]
use entry::look_up;

use super::{
    CheckName, Code,
    judge::{Judge, Reason},
    work::Within,
};
use crate::json::{Json, Object};

/// More entries than any issuer has a use for.
const MOST: usize = 16;

/// Writes down `status[n]` for every entry of the credential. `within` says what is around it.
pub(super) fn check_status(judge: &mut Judge<'_>, object: &Object<'_>, issuer: &str, within: Within<'_>) {
    let entries = object.get("credentialStatus").filter(|entries| **entries != Json::Null);
    let entries = entries.map(Json::one_or_many).unwrap_or_default();
    if entries.len() > MOST {
        let message = format!("{} status entries, and at most {MOST} are read", entries.len());
        let reason = Reason::new(Code::TooComplex, "$.credentialStatus", message);
        return judge.record(CheckName::Status(0), Err(reason));
    }
    for (at, entry) in entries.iter().enumerate() {
        let answer = look_up(judge, entry, object, issuer, within);
        judge.record(CheckName::Status(at), answer);
    }
}
