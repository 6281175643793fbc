//! Tokens of the API: shown once, kept as a hash, never stronger than who made them.

use diesel::{pg::Pg, prelude::*, sqlite::Sqlite};

use super::AccountError;
use crate::{
    auth::tokens,
    clock::Moment,
    db::{Conn, DbError, Event, Trail, on},
    ids::{AccountId, TokenId},
    rights::{Actor, Scope},
    schema::api_tokens,
    secret::Secret,
};

/// How many tokens an account has at the same time.
const MOST: i64 = 50;

/// A token as its owner sees it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = api_tokens, check_for_backend(Pg, Sqlite))]
pub(crate) struct Token {
    pub(crate) id: TokenId,
    pub(crate) name: String,
    pub(crate) scopes: String,
    pub(crate) created_at: Moment,
    /// The day when it was last used, counted from 1970.
    pub(crate) used_on: Option<i32>,
    pub(crate) expires_at: Option<Moment>,
}

/// What a new token is for.
#[derive(Clone, Debug)]
pub(crate) struct NewToken {
    pub(crate) name: String,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) expires_at: Option<Moment>,
}

/// The tokens of an account that work.
macro_rules! active {
    ($account:expr, $now:expr) => {
        api_tokens::table
            .filter(api_tokens::account_id.eq($account))
            .filter(api_tokens::revoked_at.is_null())
            .filter(api_tokens::expires_at.is_null().or(api_tokens::expires_at.gt($now)))
    };
}

/// Makes a token. One that is made with another ends no later than that one.
pub(crate) fn make(
    conn: &mut Conn,
    trail: &mut Trail,
    actor: &Actor,
    new: NewToken,
    now: Moment,
) -> Result<(Token, Secret), AccountError> {
    let mut scopes: Vec<Scope> = Vec::new();
    for scope in new.scopes {
        if !actor.may_hand(scope) {
            return Err(AccountError::Scope(scope.name().to_owned()));
        }
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    let count: i64 = on!(conn, c => active!(actor.account, now).count().get_result(c))?;
    if count >= MOST {
        return Err(AccountError::TooManyTokens(MOST));
    }
    let bound: Option<Moment> = match &actor.token {
        None => None,
        Some((id, _)) => on!(conn, c => {
            api_tokens::table.filter(api_tokens::id.eq(*id)).select(api_tokens::expires_at).first(c)
        })?,
    };
    let expires_at = match (new.expires_at, bound) {
        (Some(asked), Some(bound)) => Some(asked.min(bound)),
        (asked, bound) => asked.or(bound),
    };
    let made = tokens::make::<AccountError>(conn, actor.account, &new.name, &scopes, expires_at, now)?;
    let token = on!(conn, c => {
        active!(actor.account, now).filter(api_tokens::id.eq(made.id)).select(Token::as_select()).first(c)
    })?;
    trail.note(event(actor, "make_token", made.id, token.scopes.clone(), now));
    Ok((token, made.secret))
}

/// The tokens of an account that work, the newest first.
pub(crate) fn list(conn: &mut Conn, account: AccountId, now: Moment) -> Result<Vec<Token>, DbError> {
    on!(conn, c => {
        active!(account, now).order(api_tokens::id.desc()).select(Token::as_select()).load(c)
    })
}

/// Ends one of an account's tokens.
pub(crate) fn end(
    conn: &mut Conn,
    trail: &mut Trail,
    actor: &Actor,
    id: TokenId,
    now: Moment,
) -> Result<(), AccountError> {
    let own = active!(actor.account, now).filter(api_tokens::id.eq(id));
    let ended = on!(conn, c => diesel::update(own).set(api_tokens::revoked_at.eq(now)).execute(c))?;
    if ended == 0 {
        return Err(AccountError::Missing);
    }
    trail.note(event(actor, "end_token", id, String::new(), now));
    Ok(())
}

fn event(actor: &Actor, action: &'static str, id: TokenId, detail: String, at: Moment) -> Event {
    let organisation = Some(actor.organisation);
    Event { organisation, actor: actor.name_for_audit(), action, object: id.to_string(), detail, at }
}
