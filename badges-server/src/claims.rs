//! Codes by which people take a badge themselves: made for a workshop, used once by each, closed again.

mod codes;
mod taking;
pub(crate) mod routes;
pub(crate) mod pages;
pub(crate) mod public;

use crate::{awards::AwardError, db::DbError, problem::Problem, random::RandomError};

/// Why there is no code, or no badge for it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClaimError {
    #[error("you have this badge already, and it is given once: it stands in My badges")]
    AlreadyHeld,
    #[error(transparent)]
    Award(#[from] AwardError),
    #[error(transparent)]
    Database(#[from] DbError),
    #[error("this badge was given as often as it can be: ask whoever showed you the link")]
    LimitReached,
    #[error("you have no address that is proved: sign in by a link to yours once, then claim the badge")]
    NoAddress,
    #[error("no such code of this badge")]
    NoCode,
    #[error("this badge needs another that you do not hold yet: earn that one, then open the link again")]
    Prerequisite,
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl From<ClaimError> for Problem {
    fn from(error: ClaimError) -> Self {
        match error {
            ClaimError::AlreadyHeld => Self::conflict("already_held", error.to_string()),
            ClaimError::Award(error) => error.into(),
            ClaimError::Database(error) => error.into(),
            ClaimError::LimitReached => Self::conflict("limit_reached", error.to_string()),
            ClaimError::NoAddress => Self::conflict("no_address", error.to_string()),
            ClaimError::NoCode => Self::not_found(),
            ClaimError::Prerequisite => Self::conflict("prerequisite", error.to_string()),
            ClaimError::Random(error) => error.into(),
        }
    }
}
