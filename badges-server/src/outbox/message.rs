//! A message as it is stored: a template's name and references, never text, file or token.

use diesel::{pg::Pg, prelude::*, sqlite::Sqlite};

use crate::{
    clock::Moment,
    config::Smtp,
    db::{Conn, DbError, Insert, on, row},
    ids::{AwardId, AwardKey, ClaimCodeId, IdentityId, IssuerId, MessageId},
    problem::Problem,
    schema::{awards, outbox},
};

/// To whom messages go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Receiver {
    /// A person, by mail.
    Mail,
}

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Template {
    /// You were awarded a badge.
    Award,
    /// One more step to take a badge with a code.
    ClaimCode,
    /// You have a role now.
    Role,
    /// A link to sign in with.
    SignIn,
}

/// How far a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It was called back, or what it tells of is no longer so.
    Cancelled,
    /// It was tried often enough, or cannot arrive.
    Dead,
    /// The receiver took it.
    Done,
    /// No mail server is set up.
    Kept,
    /// A server delivers it at this moment.
    Leased,
    /// It waits for its turn.
    Queued,
}

/// A message to be written.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
pub(crate) struct Message {
    pub(crate) id: MessageId,
    pub(crate) organisation_id: IssuerId,
    pub(crate) receiver: &'static str,
    pub(crate) template: &'static str,
    pub(crate) identity_id: Option<IdentityId>,
    pub(crate) award_id: Option<AwardKey>,
    pub(crate) claim_code_id: Option<ClaimCodeId>,
    pub(crate) state: &'static str,
    pub(crate) next_at: Moment,
    pub(crate) created_at: Moment,
}

row!(Message of outbox: id, organisation_id, receiver, template, identity_id, award_id, claim_code_id, state, next_at, created_at);

/// A message that was written.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox, check_for_backend(Pg, Sqlite))]
pub(crate) struct Stored {
    pub(crate) id: MessageId,
    pub(crate) organisation_id: IssuerId,
    pub(crate) receiver: String,
    pub(crate) template: String,
    pub(crate) identity_id: Option<IdentityId>,
    pub(crate) award_id: Option<AwardKey>,
    pub(crate) claim_code_id: Option<ClaimCodeId>,
    pub(crate) state: String,
    pub(crate) attempts: i32,
    pub(crate) next_at: Moment,
    pub(crate) last_error: Option<String>,
    pub(crate) created_at: Moment,
    pub(crate) done_at: Option<Moment>,
}

/// Writes messages, in the transaction of what they tell of.
pub(crate) fn post(conn: &mut Conn, messages: &[&Message]) -> Result<(), DbError> {
    Insert::default().rows(messages.iter().copied()).run(conn).map(drop)
}

/// A message, and the award it tells of.
pub(crate) fn one(conn: &mut Conn, id: MessageId) -> Result<(Stored, Option<AwardId>), Problem> {
    let found = on!(conn, c => {
        outbox::table
            .left_join(awards::table.on(outbox::award_id.eq(awards::id.nullable())))
            .filter(outbox::id.eq(id))
            .select((Stored::as_select(), awards::public_id.nullable()))
            .first(c)
            .optional()
    })?;
    found.ok_or_else(Problem::not_found)
}

impl Receiver {
    /// All of them.
    pub(crate) const ALL: [Self; 1] = [Self::Mail];

    /// As in the database and the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
        }
    }

    /// The receiver of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|receiver| receiver.name() == name)
    }
}

impl Template {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Award, Self::ClaimCode, Self::Role, Self::SignIn];

    /// As in the database and the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Award => "award",
            Self::ClaimCode => "claim_code",
            Self::Role => "role",
            Self::SignIn => "sign_in",
        }
    }

    /// Whether somebody waits for it at a page.
    pub(crate) fn is_waited_for(self) -> bool {
        matches!(self, Self::ClaimCode | Self::SignIn)
    }

    /// The template of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|template| template.name() == name)
    }
}

impl State {
    /// All of them.
    pub(crate) const ALL: [Self; 6] =
        [Self::Cancelled, Self::Dead, Self::Done, Self::Kept, Self::Leased, Self::Queued];

    /// How a message begins: on its way, or kept where no mail server is set up.
    pub(crate) fn first(smtp: &Smtp) -> Self {
        if smtp.keeps() { Self::Kept } else { Self::Queued }
    }

    /// As in the database and the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Dead => "dead",
            Self::Done => "done",
            Self::Kept => "kept",
            Self::Leased => "leased",
            Self::Queued => "queued",
        }
    }

    /// The state of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}
