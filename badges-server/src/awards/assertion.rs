//! An award as a hosted Assertion (OB 2.0, Assertion). It says what the signed credential says, the hashed address and
//! its salt included: nothing else is stored for it.

use serde::{Deserialize, Serialize};

use super::{AwardError, files::Shown, rows::Award};
use crate::{badges::hosted as badge, db::Conn, ids::AwardId, issuers::hosted::CONTEXT};

/// What stands at the address of an Assertion.
pub(crate) enum Hosted {
    /// It was revoked, or is suspended: Open Badges 2.0 knows no more than revoked, and what does not count now
    /// must not pass.
    Gone(String),
    Stands(String),
}

impl Hosted {
    /// The document.
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Gone(text) | Self::Stands(text) => text,
        }
    }
}

/// What stands at the address of an award's Assertion: nothing where its badge does not give it out, or where nobody's
/// address was hashed into the award.
pub(crate) fn hosted(conn: &mut Conn, base: &str, shown: &Shown) -> Result<Option<Hosted>, AwardError> {
    let award = &shown.award;
    if matches!(award.state.as_str(), "draft" | "scheduled" | "cancelled") {
        return Ok(None);
    }
    let Some((signed, identity)) = shown.text.as_deref().and_then(read) else { return Ok(None) };
    if !badge::is_on(conn, award.badge_id)? {
        return Ok(None);
    }
    let written = match award.state.as_str() {
        "revoked" | "suspended" => serde_json::to_string(&revoked(base, award)).map(Hosted::Gone),
        _ => serde_json::to_string(&assertion(base, award, signed, identity)).map(Hosted::Stands),
    };
    Ok(written.ok())
}

/// The signed text, and the address in it.
fn read(text: &str) -> Option<(Signed, Identity)> {
    let mut signed: Signed = serde_json::from_str(text).ok()?;
    let identity = signed.credential_subject.identifier.pop()?;
    Some((signed, identity))
}

/// Where the Assertion of an award stands.
fn address(base: &str, id: AwardId) -> String {
    format!("{base}/awards/{id}/assertion.json")
}

fn assertion(base: &str, award: &Award, signed: Signed, identity: Identity) -> Assertion {
    Assertion {
        context: CONTEXT,
        kind: "Assertion",
        id: address(base, award.public_id),
        recipient: Recipient {
            kind: "email",
            hashed: true,
            salt: identity.salt,
            identity: identity.identity_hash,
        },
        badge: badge::address(base, award.badge_id, award.badge_version),
        verification: Verification { kind: "HostedBadge" },
        issued_on: signed.valid_from,
        expires: signed.valid_until,
        image: format!("{base}/awards/{}/assertion-badge", award.public_id),
        narrative: signed.credential_subject.narrative,
        evidence: signed.evidence,
    }
}

fn revoked(base: &str, award: &Award) -> Revoked {
    let reason = award.reason.clone().filter(|reason| !reason.is_empty());
    let revocation_reason = match award.state.as_str() {
        "suspended" => {
            Some(reason.map_or("suspended for now".to_owned(), |why| format!("suspended for now: {why}")))
        }
        _ => reason,
    };
    let id = address(base, award.public_id);
    Revoked { context: CONTEXT, kind: "Assertion", id, revoked: true, revocation_reason }
}

/// What is read of a credential.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    valid_from: String,
    valid_until: Option<String>,
    credential_subject: Subject,
    #[serde(default)]
    evidence: Vec<Evidence>,
}

#[derive(Deserialize)]
struct Subject {
    #[serde(default)]
    identifier: Vec<Identity>,
    narrative: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    identity_hash: String,
    salt: String,
}

/// The same members in both editions.
#[derive(Serialize, Deserialize)]
struct Evidence {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    narrative: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Assertion {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    recipient: Recipient,
    badge: String,
    verification: Verification,
    issued_on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
    image: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    narrative: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<Evidence>,
}

#[derive(Serialize)]
struct Recipient {
    #[serde(rename = "type")]
    kind: &'static str,
    hashed: bool,
    salt: String,
    identity: String,
}

#[derive(Serialize)]
struct Verification {
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Revoked {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    revoked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    revocation_reason: Option<String>,
}
