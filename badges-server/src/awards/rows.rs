//! The rows of awards, as they are stored.

use diesel::{pg::Pg, prelude::*, sqlite::Sqlite};

use crate::{
    clock::Moment,
    db::{Conn, DbError, on, row},
    ids::{
        AccountId, AwardId, AwardKey, BadgeId, BatchId, ClaimCodeId, ContactId, IdentityId, IssuerId, KeyId,
        StatusListId,
    },
    schema::{awards, credentials, scheduled_awards},
};

pub(crate) use crate::outbox::Message;

/// What an award is at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    Cancelled,
    Issued,
    Revoked,
    Scheduled,
    Superseded,
    Suspended,
}

/// An award.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = awards, check_for_backend(Pg, Sqlite), treat_none_as_default_value = false)]
pub(crate) struct Award {
    pub(crate) id: AwardKey,
    pub(crate) public_id: AwardId,
    pub(crate) organisation_id: IssuerId,
    pub(crate) badge_id: BadgeId,
    pub(crate) badge_version: i32,
    pub(crate) signing_id: IssuerId,
    pub(crate) contact_id: ContactId,
    pub(crate) identity_id: IdentityId,
    /// The string that was hashed, until it is erased.
    pub(crate) recipient: Option<String>,
    pub(crate) state: String,
    pub(crate) visibility: String,
    pub(crate) held_once: bool,
    pub(crate) note: Option<String>,
    pub(crate) evidence: Option<String>,
    pub(crate) awarded_by: Option<AccountId>,
    pub(crate) claim_code_id: Option<ClaimCodeId>,
    pub(crate) batch_id: Option<BatchId>,
    pub(crate) batch_row: Option<i32>,
    pub(crate) list_id: Option<StatusListId>,
    pub(crate) list_index: Option<i32>,
    pub(crate) supersedes_id: Option<AwardKey>,
    pub(crate) reason: Option<String>,
    /// What whoever asked for it calls it.
    pub(crate) external_id: Option<String>,
    pub(crate) issue_at: Moment,
    pub(crate) expires_at: Option<Moment>,
    pub(crate) claimed_at: Option<Moment>,
    pub(crate) state_at: Moment,
    pub(crate) created_at: Moment,
    pub(crate) version: i32,
}

row!(Award of awards: id, public_id, organisation_id, badge_id, badge_version, signing_id, contact_id, identity_id,
    recipient, state, visibility, held_once, note, evidence, awarded_by, claim_code_id, batch_id, batch_row, list_id,
    list_index, supersedes_id, reason, external_id, issue_at, expires_at, claimed_at, state_at, created_at, version);

/// What was signed.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = credentials, treat_none_as_default_value = false)]
pub(crate) struct Credential {
    pub(crate) award_id: AwardKey,
    pub(crate) format: &'static str,
    pub(crate) text: String,
    pub(crate) key_id: KeyId,
    pub(crate) signed_at: Moment,
}

row!(Credential of credentials: award_id, format, text, key_id, signed_at);

/// The award that took the place of one.
pub(crate) fn successor(conn: &mut Conn, award: AwardKey) -> Result<Option<AwardId>, DbError> {
    on!(conn, c => {
        awards::table.filter(awards::supersedes_id.eq(award)).select(awards::public_id).first(c).optional()
    })
}

/// What signing an award later needs besides its row.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = scheduled_awards, check_for_backend(Pg, Sqlite), treat_none_as_default_value = false)]
pub(crate) struct Scheduled {
    pub(crate) award_id: AwardKey,
    pub(crate) did: Option<String>,
    /// Whether the recipient is told by mail then.
    pub(crate) mail: bool,
}

row!(Scheduled of scheduled_awards: award_id, did, mail);

/// The award of a public identifier.
pub(crate) fn find(conn: &mut Conn, id: AwardId) -> Result<Option<Award>, DbError> {
    on!(conn, c => {
        awards::table.filter(awards::public_id.eq(id)).select(Award::as_select()).first(c).optional()
    })
}

impl State {
    /// Each.
    pub(crate) const ALL: [Self; 6] =
        [Self::Cancelled, Self::Issued, Self::Revoked, Self::Scheduled, Self::Superseded, Self::Suspended];

    /// As in the database and the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Issued => "issued",
            Self::Revoked => "revoked",
            Self::Scheduled => "scheduled",
            Self::Superseded => "superseded",
            Self::Suspended => "suspended",
        }
    }
}
