//! An award as the API shows it.

use serde::Serialize;

use super::rows::Award;
use crate::{
    idempotency::Answer,
    ids::{AwardId, BadgeId, ContactId, IssuerId},
};

/// One award.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Award)]
pub(crate) struct AwardResponse {
    pub(crate) id: AwardId,
    /// Its page, and its credential for whoever asks for one.
    pub(crate) url: String,
    pub(crate) badge: BadgeId,
    pub(crate) badge_version: i32,
    /// The node that signs it.
    pub(crate) issuer: IssuerId,
    pub(crate) contact: ContactId,
    /// `scheduled`, `issued`, `suspended`, `revoked`, `superseded` or `cancelled`.
    pub(crate) state: String,
    pub(crate) visibility: String,
    pub(crate) issued_at: Option<String>,
    pub(crate) expires_at: Option<String>,
    pub(crate) claimed_at: Option<String>,
    pub(crate) reason: Option<String>,
    /// What whoever asked for it calls it.
    pub(crate) external_id: Option<String>,
    /// The award that took its place, where one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) superseded_by: Option<AwardId>,
}

/// What an order made, as it is answered.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Awards)]
pub(super) struct Awarded {
    awards: Vec<AwardResponse>,
}

impl AwardResponse {
    /// `base` is the public address.
    pub(crate) fn new(award: &Award, base: &str) -> Self {
        let time = |moment: crate::clock::Moment| moment.timestamp().map(|time| time.to_string());
        Self {
            id: award.public_id,
            url: format!("{base}/awards/{}", award.public_id),
            badge: award.badge_id,
            badge_version: award.badge_version,
            issuer: award.signing_id,
            contact: award.contact_id,
            state: award.state.clone(),
            visibility: award.visibility.clone(),
            issued_at: time(award.issue_at),
            expires_at: award.expires_at.and_then(time),
            claimed_at: award.claimed_at.and_then(time),
            reason: award.reason.clone(),
            external_id: award.external_id.clone(),
            superseded_by: None,
        }
    }
}

/// 201 with what was made; one award alone stands by itself.
pub(crate) fn created(awards: &[Award], base: &str) -> Answer {
    let responses: Vec<_> = awards.iter().map(|award| AwardResponse::new(award, base)).collect();
    let location = match responses.as_slice() {
        [only] => Some(format!("{base}/api/v1/awards/{}", only.id)),
        _ => None,
    };
    Answer { location, ..Answer::json(201, &Awarded { awards: responses }) }
}
