//! From a cookie or a token to who it is, what roles they have and what rights their badges give.

use diesel::prelude::*;

use crate::{
    clock::Moment,
    db::{Conn, DbError, on},
    ids::{AccountId, BadgeId, ContactId, IssuerId, TokenId},
    rights::{Actor, Grant, Held, Role, Scope, Target},
    schema::{accounts, api_tokens, awards, badge_grants, badges, contacts, issuers, roles, sessions},
    secret,
};

/// What a request brought to say who asks.
pub(crate) enum Credentials {
    /// The value of a session's cookie.
    Session(String),
    /// A token of the API.
    Token(String),
    /// Somebody whose rights are asked for while they are away.
    Absent(AccountId),
}

/// An account, whose it is, and one of its roles with where it holds.
type Row = (AccountId, ContactId, IssuerId, Option<String>, Option<String>, Option<String>);

/// The accounts that a table leads to, each as often as it has roles, before whatever else is wanted: one query, since
/// each is a round trip to PostgreSQL.
macro_rules! people {
    ($from:expr $(, $more:expr)?) => {
        $from
            .inner_join(contacts::table.on(contacts::id.eq(accounts::contact_id)))
            .left_join(roles::table.on(roles::account_id.eq(accounts::id)))
            .left_join(issuers::table.on(issuers::id.eq(roles::issuer_id)))
            .filter(accounts::disabled_at.is_null())
            .select((
                $($more,)?
                (
                    accounts::id,
                    accounts::contact_id,
                    accounts::organisation_id,
                    contacts::display_name,
                    roles::role.nullable(),
                    issuers::path.nullable(),
                ),
            ))
    };
}

/// Who that is at this moment; none where it has ended or never was.
pub(crate) fn actor(
    conn: &mut Conn,
    credentials: &Credentials,
    now: Moment,
) -> Result<Option<Actor>, DbError> {
    let (rows, token) = match credentials {
        Credentials::Session(cookie) => (session(conn, cookie, now)?, None),
        Credentials::Absent(account) => (absent(conn, *account)?, None),
        Credentials::Token(token) => api_token(conn, token, now)?,
    };
    let Some((account, contact, organisation, name, ..)) = rows.first().cloned() else { return Ok(None) };
    let held = |(.., role, path): Row| Some(Held { role: Role::named(&role?)?, path: path? });
    let roles = rows.into_iter().filter_map(held).collect();
    let grants = grants(conn, organisation, contact, now)?;
    Ok(Some(Actor { account, contact, organisation, name: name.unwrap_or_default(), token, roles, grants }))
}

fn absent(conn: &mut Conn, account: AccountId) -> Result<Vec<Row>, DbError> {
    let rows: Vec<(Row,)> =
        on!(conn, c => people!(accounts::table).filter(accounts::id.eq(account)).load(c))?;
    Ok(rows.into_iter().map(|(row,)| row).collect())
}

fn session(conn: &mut Conn, cookie: &str, now: Moment) -> Result<Vec<Row>, DbError> {
    let rows: Vec<(Row,)> = on!(conn, c => {
        people!(sessions::table.inner_join(accounts::table.on(accounts::id.eq(sessions::account_id))))
            .filter(sessions::token_hash.eq(secret::hash(cookie)))
            .filter(sessions::expires_at.gt(now))
            .load(c)
    })?;
    Ok(rows.into_iter().map(|(row,)| row).collect())
}

/// Who a token stands for, its identifier, and what it is for.
type OfToken = (Vec<Row>, Option<(TokenId, Vec<Scope>)>);

fn api_token(conn: &mut Conn, token: &str, now: Moment) -> Result<OfToken, DbError> {
    let found: Vec<((TokenId, String), Row)> = on!(conn, c => {
        people!(
            api_tokens::table.inner_join(accounts::table.on(accounts::id.eq(api_tokens::account_id))),
            (api_tokens::id, api_tokens::scopes)
        )
        .filter(api_tokens::token_hash.eq(secret::hash(token)))
        .filter(api_tokens::revoked_at.is_null())
        .filter(api_tokens::expires_at.is_null().or(api_tokens::expires_at.gt(now)))
        .load(c)
    })?;
    let token = found.first().map(|((id, scopes), _)| (*id, read_scopes(scopes)));
    Ok((found.into_iter().map(|(_, row)| row).collect(), token))
}

/// Scopes as they are stored, with blanks between; what this program does not know gives nothing.
fn read_scopes(stored: &str) -> Vec<Scope> {
    stored.split(' ').filter_map(Scope::named).collect()
}

/// From the awards as they stand now: a right ends in the request after its badge does.
fn grants(
    conn: &mut Conn,
    organisation: IssuerId,
    contact: ContactId,
    now: Moment,
) -> Result<Vec<Grant>, DbError> {
    let held: Vec<(BadgeId, i32)> = on!(conn, c => {
        awards::table
            .inner_join(badges::table.on(badges::id.eq(awards::badge_id)))
            .filter(awards::contact_id.eq(contact))
            .filter(awards::state.eq("issued"))
            .filter(awards::expires_at.is_null().or(awards::expires_at.gt(now)))
            .filter(badges::organisation_id.eq(organisation))
            .filter(badges::rights_level.gt(0))
            .select((badges::id, badges::rights_level))
            .distinct()
            .load(c)
    })?;
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = held.iter().map(|(badge, _)| *badge).collect();
    let narrower: Vec<(BadgeId, Option<BadgeId>, Option<String>)> = on!(conn, c => {
        badge_grants::table
            .left_join(issuers::table.on(badge_grants::issuer_id.eq(issuers::id.nullable())))
            .filter(badge_grants::badge_id.eq_any(&ids))
            .select((badge_grants::badge_id, badge_grants::granted_badge_id, issuers::path.nullable()))
            .load(c)
    })?;
    let only = |badge| {
        let of_badge = narrower.iter().filter(|(granting, ..)| *granting == badge);
        of_badge
            .filter_map(|(_, badge, path)| {
                badge.map(Target::Badge).or_else(|| path.clone().map(Target::Node))
            })
            .collect()
    };
    Ok(held.into_iter().map(|(badge, level)| Grant { level, only: only(badge) }).collect())
}
