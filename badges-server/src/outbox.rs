//! Messages: written in the transaction of what they tell of, delivered later by the courier.

pub(crate) mod message;
pub(crate) mod templates;
pub(crate) mod letter;
mod trouble;
pub(crate) mod mailer;
mod quota;
pub(crate) mod courier;
pub(crate) mod views;
mod minting;
mod pages;
pub(crate) mod routes;

pub(crate) use self::message::{Message, Receiver, State, Template, post};
use crate::{db::DbError, problem::Problem, random::RandomError};

/// Why a message stays as it is.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutboxError {
    #[error(transparent)]
    Database(#[from] DbError),
    #[error("no mail server is set up, so that messages are kept here: set smtp.url first")]
    NoMailServer,
    #[error("a message that is {0} is not called back: only one that waits, failed or was kept is")]
    NotDiscarded(String),
    #[error("a message that is {0} is not sent again: only one that failed or was kept is")]
    NotRetried(String),
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl From<OutboxError> for Problem {
    fn from(error: OutboxError) -> Self {
        let said = error.to_string();
        match error {
            OutboxError::Database(error) => error.into(),
            OutboxError::NoMailServer => Self::conflict("no_mail_server", said),
            OutboxError::NotDiscarded(_) => Self::conflict("not_discarded", said),
            OutboxError::NotRetried(_) => Self::conflict("not_retried", said),
            OutboxError::Random(error) => error.into(),
        }
    }
}
