//! People who sign in: how they prove an address, their sessions, roles and tokens.

pub(crate) mod people;
pub(crate) mod sessions;
pub(crate) mod sign_in;
pub(crate) mod providers;
pub(crate) mod roles;
pub(crate) mod tokens;
pub(crate) mod views;
pub(crate) mod pages;
pub(crate) mod provider_pages;
pub(crate) mod own;
pub(crate) mod staff;
pub(crate) mod audit;
pub(crate) mod settings;
pub(crate) mod routes;
pub(crate) mod browsers;

use actix_web::http::StatusCode;

use crate::{db::DbError, problem::Problem, random::RandomError};

/// Why somebody is not signed in, or has no role or token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccountError {
    #[error(transparent)]
    Database(#[from] DbError),
    #[error("this link does not work: it was used, is too old, or is not whole: ask for a new one")]
    DeadLink,
    #[error("nobody gives or takes a right that they lack: ask somebody who has the role {0}")]
    Lacking(&'static str),
    #[error("an organisation needs an owner, and this is the last one: make somebody else an owner first")]
    LastOwner,
    #[error("there is no such role or token: it may have ended already")]
    Missing,
    /// Those that the giver did not name; none where they may not see them.
    #[error(
        "the record of this person has further addresses, and a link to each signs in with the role: {}",
        others(.0)
    )]
    OtherAddresses(Vec<String>),
    #[error("a token cannot do what its owner cannot: leave out {0}")]
    Scope(String),
    #[error("{0} tokens are the most: end one that is not used")]
    TooManyTokens(i64),
    #[error(transparent)]
    Random(#[from] RandomError),
    #[error("nobody here has this address")]
    UnknownAddress,
}

fn others(addresses: &[String]) -> String {
    if addresses.is_empty() {
        return "ask an owner to look at them, and to give it".to_owned();
    }
    let list = addresses.join(", ");
    format!("{list}. Name them in other_addresses if they are theirs; else give it to another address")
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        let said = error.to_string();
        match error {
            AccountError::Database(error) => error.into(),
            AccountError::DeadLink => Self::new(StatusCode::GONE, "dead_link", said),
            AccountError::Lacking(_) => Self::new(StatusCode::FORBIDDEN, "lacking", said),
            AccountError::LastOwner => Self::conflict("last_owner", said),
            AccountError::Missing | AccountError::UnknownAddress => Self::not_found(),
            AccountError::OtherAddresses(_) => Self::field("other_addresses", "unnamed", said),
            AccountError::Scope(_) => Self::field("scopes", "lacking", said),
            AccountError::TooManyTokens(_) => Self::conflict("too_many_tokens", said),
            AccountError::Random(error) => error.into(),
        }
    }
}
