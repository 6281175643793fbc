//! Tokens of the API: made, shown once, kept as a hash.

use diesel::prelude::*;

use crate::{
    clock::Moment,
    db::{Conn, DbError, on},
    ids::{AccountId, TokenId},
    random::RandomError,
    rights::Scope,
    schema::api_tokens,
    secret::Secret,
};

/// What a token of ours starts with, so that scanners recognise one that leaked.
const PREFIX: &str = "badges_";

/// A token, to be shown once.
#[derive(Debug)]
pub(crate) struct NewToken {
    pub(crate) id: TokenId,
    pub(crate) secret: Secret,
}

/// Makes a token of an account.
pub(crate) fn make<E: From<DbError> + From<RandomError>>(
    conn: &mut Conn,
    account: AccountId,
    name: &str,
    scopes: &[Scope],
    expires_at: Option<Moment>,
    now: Moment,
) -> Result<NewToken, E> {
    let (id, secret) = (TokenId::new(now)?, Secret::new(PREFIX)?);
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
    let row = (
        api_tokens::token_hash.eq(secret.hash()),
        api_tokens::id.eq(id),
        api_tokens::account_id.eq(account),
        api_tokens::name.eq(name),
        api_tokens::scopes.eq(scopes.join(" ")),
        api_tokens::created_at.eq(now),
        api_tokens::expires_at.eq(expires_at),
    );
    on!(conn, c => diesel::insert_into(api_tokens::table).values(row).execute(c))?;
    Ok(NewToken { id, secret })
}
