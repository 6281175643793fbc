//! People as the CRM knows them: addresses and other identities, and the record that they lead to.

pub(crate) mod address;
pub(crate) mod did;
pub(crate) mod identities;
mod words;
pub(crate) mod held;
mod find;
mod owned;
mod record;
pub(crate) mod views;
mod pages;
mod response;
pub(crate) mod routes;

use actix_web::http::StatusCode;

pub(crate) use self::address::{Email, EmailAddress, EmailOrNothing};
use crate::{db::DbError, problem::Problem, random::RandomError};

/// Why a contact is not shown, or stays as it is.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ContactError {
    #[error("another contact has this address already: open that one, or write another address")]
    AddressTaken,
    #[error(transparent)]
    Database(#[from] DbError),
    #[error(
        "this person may do more here than you, and a link to an address of theirs signs in: ask an owner to change it"
    )]
    Lacking,
    #[error("another contact has this identifier of {0} already: remove it there first")]
    LinkTaken(String),
    #[error("there is no such contact")]
    Missing,
    #[error(transparent)]
    Random(#[from] RandomError),
    #[error("somebody changed this contact meanwhile: load it again and repeat the change")]
    Stale,
    #[error("a contact has at most {1} of these: leave some out")]
    TooMany(&'static str, usize),
}

impl From<ContactError> for Problem {
    fn from(error: ContactError) -> Self {
        let said = error.to_string();
        match error {
            ContactError::AddressTaken => Self::conflict("address_taken", said),
            ContactError::Database(error) => error.into(),
            ContactError::Lacking => Self::new(StatusCode::FORBIDDEN, "lacking", said),
            ContactError::LinkTaken(_) => Self::conflict("link_taken", said),
            ContactError::Missing => Self::not_found(),
            ContactError::Random(error) => error.into(),
            ContactError::Stale => Self::new(StatusCode::PRECONDITION_FAILED, "stale", said),
            ContactError::TooMany(field, _) => Self::field(field, "too_many", said),
        }
    }
}
