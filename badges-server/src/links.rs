//! Links that act once: minted when they leave, kept as a hash, used up by who follows them.

use std::time::Duration;

use diesel::{pg::Pg, prelude::*, sqlite::Sqlite};

use crate::{
    clock::Moment,
    db::{Conn, DbError, on},
    ids::{AccountId, AwardKey, ClaimCodeId, IdentityId},
    schema::links,
    secret::{self, Secret},
};

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Take an award into one's account.
    ClaimAward,
    /// Take a badge with a code.
    ClaimCode,
    /// Sign in.
    SignIn,
}

/// A link as it is stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = links, check_for_backend(Pg, Sqlite))]
pub(crate) struct Link {
    pub(crate) identity_id: IdentityId,
    pub(crate) award_id: Option<AwardKey>,
    pub(crate) claim_code_id: Option<ClaimCodeId>,
    pub(crate) expires_at: Moment,
    pub(crate) used_at: Option<Moment>,
}

/// Whom a link is for, and what it leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub(crate) purpose: Purpose,
    pub(crate) identity: IdentityId,
    pub(crate) award: Option<AwardKey>,
    pub(crate) code: Option<ClaimCodeId>,
}

impl Purpose {
    /// As in the database.
    fn name(self) -> &'static str {
        match self {
            Self::ClaimAward => "claim_award",
            Self::ClaimCode => "claim_code",
            Self::SignIn => "sign_in",
        }
    }

    /// How long such a link works.
    pub(crate) fn lasts(self) -> Duration {
        match self {
            // People read such a mail when they come to it.
            Self::ClaimAward => Duration::from_secs(60 * 86_400),
            Self::ClaimCode => Duration::from_secs(24 * 3_600),
            Self::SignIn => Duration::from_secs(15 * 60),
        }
    }

    /// Where it leads.
    pub(crate) fn address(self, base: &str, token: &str) -> String {
        match self {
            Self::ClaimAward => format!("{base}/claim/award/{token}"),
            Self::ClaimCode => format!("{base}/claim/code/{token}"),
            Self::SignIn => format!("{base}/sign-in/{token}"),
        }
    }
}

impl Link {
    /// Whether it still acts.
    pub(crate) fn works(&self, now: Moment) -> bool {
        self.used_at.is_none() && self.expires_at > now
    }
}

/// Keeps the hash of a token that is about to leave.
pub(crate) fn keep(
    conn: &mut Conn,
    token: &Secret,
    target: Target,
    by: Option<AccountId>,
    now: Moment,
) -> Result<(), DbError> {
    let row = (
        links::token_hash.eq(token.hash()),
        links::purpose.eq(target.purpose.name()),
        links::identity_id.eq(target.identity),
        links::award_id.eq(target.award),
        links::claim_code_id.eq(target.code),
        links::minted_by.eq(by),
        links::expires_at.eq(now.plus(target.purpose.lasts())),
        links::created_at.eq(now),
    );
    on!(conn, c => diesel::insert_into(links::table).values(row).execute(c)).map(drop)
}

/// The link of a token, whether it still works or not.
pub(crate) fn find(conn: &mut Conn, purpose: Purpose, token: &str) -> Result<Option<Link>, DbError> {
    on!(conn, c => {
        links::table
            .find(secret::hash(token))
            .filter(links::purpose.eq(purpose.name()))
            .select(Link::as_select())
            .first(c)
            .optional()
    })
}

/// Uses a link up: of all who try with it at the same time one gets it.
pub(crate) fn use_up(
    conn: &mut Conn,
    purpose: Purpose,
    token: &str,
    now: Moment,
) -> Result<Option<Link>, DbError> {
    on!(conn, c => {
        diesel::update(
            links::table
                .find(secret::hash(token))
                .filter(links::purpose.eq(purpose.name()))
                .filter(links::used_at.is_null())
                .filter(links::expires_at.gt(now)),
        )
        .set(links::used_at.eq(now))
        .returning(Link::as_returning())
        .get_result(c)
        .optional()
    })
}
