//! An award as an OpenBadgeCredential (OB 3.0 §B.1.5), built from what its badge has in common with all others.

use badges_core::{
    issue::{self, IssueError, ProofKind},
    jsonld::Contexts,
    model::{IdentityHash, contexts},
    time::Timestamp,
};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    badges::prepared::Prepared,
    ids::{AwardId, StatusListId},
    issuers::place::StatusPlace,
    random::{self, RandomError},
    texts::schema::{Line, Note, WebAddress},
};

/// What differs from one award of a badge to the next.
pub(crate) struct Particulars<'a> {
    pub(crate) id: AwardId,
    /// The recipient's DID; a name of its own for this award where there is none.
    pub(crate) did: Option<&'a str>,
    /// The address that is hashed into it.
    pub(crate) address: Option<&'a str>,
    pub(crate) note: Option<&'a str>,
    pub(crate) evidence: &'a [Evidence],
    pub(crate) place: StatusPlace,
    pub(crate) valid_from: Timestamp,
    pub(crate) valid_until: Option<Timestamp>,
}

/// What shows that the criteria were met (OB 3.0 §B.1.8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Evidence {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<WebAddress>)]
    pub(crate) url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Line>)]
    pub(crate) name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Note>)]
    pub(crate) narrative: Option<String>,
}

/// Builds and signs.
pub(crate) fn sign(
    prepared: &Prepared,
    particulars: &Particulars<'_>,
    base: &str,
    contexts: &Contexts,
) -> Result<String, SignError> {
    let text = unsigned(prepared, particulars, base)?;
    let signer = &prepared.signing.signer;
    Ok(issue::sign_text(&text, ProofKind::Rdfc, particulars.valid_from, signer, contexts)?)
}

/// Why there is no credential.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignError {
    #[error(transparent)]
    Issue(#[from] IssueError),
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl From<SignError> for super::AwardError {
    fn from(error: SignError) -> Self {
        match error {
            SignError::Issue(error) => Self::Sign(error),
            SignError::Random(error) => Self::Random(error),
        }
    }
}

fn unsigned(prepared: &Prepared, award: &Particulars<'_>, base: &str) -> Result<String, SignError> {
    let identifier = award.address.map(hashed).transpose()?;
    let credential = Credential {
        context: [contexts::VC_20, contexts::OB_30],
        id: format!("{base}/awards/{}", award.id),
        kind: ["VerifiableCredential", "OpenBadgeCredential"],
        name: &prepared.name,
        issuer: &prepared.issuer,
        valid_from: award.valid_from.to_string(),
        valid_until: award.valid_until.map(|until| until.to_string()),
        credential_subject: Subject {
            id: award.did.map_or_else(random::urn, |did| Ok(did.to_owned()))?,
            kind: ["AchievementSubject"],
            identifier: identifier.into_iter().collect(),
            achievement: &prepared.achievement,
            narrative: award.note,
        },
        evidence: award.evidence.iter().map(EvidenceOut::from).collect(),
        credential_status: status(prepared, award.place, base),
    };
    Ok(serde_json::to_string(&credential).unwrap_or_default())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Credential<'a> {
    #[serde(rename = "@context")]
    context: [&'a str; 2],
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 2],
    name: &'a str,
    issuer: &'a RawValue,
    valid_from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<String>,
    credential_subject: Subject<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<EvidenceOut<'a>>,
    credential_status: Vec<StatusEntry>,
}

#[derive(Serialize)]
struct Subject<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identifier: Vec<Identity>,
    achievement: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    narrative: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    #[serde(rename = "type")]
    kind: &'static str,
    hashed: bool,
    identity_hash: String,
    identity_type: &'static str,
    salt: String,
}

#[derive(Serialize)]
struct EvidenceOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    narrative: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusEntry {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    status_purpose: &'static str,
    status_list_index: String,
    status_list_credential: String,
}

impl<'a> From<&'a Evidence> for EvidenceOut<'a> {
    fn from(evidence: &'a Evidence) -> Self {
        let Evidence { url, name, narrative } = evidence;
        Self {
            id: url.as_deref(),
            kind: ["Evidence"],
            name: name.as_deref(),
            narrative: narrative.as_deref(),
        }
    }
}

/// An IdentityObject (OB 3.0 §B.1.12) whose salt of 128 bits belongs to this award alone.
fn hashed(address: &str) -> Result<Identity, RandomError> {
    let salt = random::hexadecimal()?;
    Ok(Identity {
        kind: "IdentityObject",
        hashed: true,
        identity_hash: IdentityHash::sha256(address, &salt).to_string(),
        identity_type: "emailAddress",
        salt,
    })
}

/// Revocation first, then suspension: who looks at one entry alone looks at the one that does not pass.
fn status(prepared: &Prepared, place: StatusPlace, base: &str) -> Vec<StatusEntry> {
    let entry = |list: StatusListId, purpose| {
        let list = format!("{base}/status/{list}");
        StatusEntry {
            id: format!("{list}#{}", place.index),
            kind: "BitstringStatusListEntry",
            status_purpose: purpose,
            status_list_index: place.index.to_string(),
            status_list_credential: list,
        }
    };
    let mut entries = vec![entry(place.list, "revocation")];
    if prepared.badge.suspendable {
        entries.push(entry(place.suspension, "suspension"));
    }
    entries
}
