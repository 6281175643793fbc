//! Bulk awards: a list of recipients is stored durably, then awarded piece by piece, each row exactly once.

mod intake;
mod list;
pub(crate) mod progress;
mod taking;
mod beginning;
pub(crate) mod views;
pub(crate) mod routes;
pub(crate) mod refusals;
pub(crate) mod pages;
pub(crate) mod runner;

use actix_web::http::StatusCode;

use crate::{
    awards::AwardError,
    badges::BadgeError,
    db::DbError,
    problem::{FieldError, Problem},
    random::RandomError,
    recipients::ListError,
};

/// Why a bulk award was not taken, or does not go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BatchError {
    #[error(transparent)]
    Award(#[from] AwardError),
    #[error("the list is {0} already: there is nothing left to begin")]
    Begun(String),
    #[error("the batch is {0} already: there is nothing left to do with it")]
    Ended(String),
    #[error("{} lines of the list cannot be taken as they are", .0.len())]
    Lines(Vec<FieldError>),
    #[error(transparent)]
    List(#[from] ListError),
    #[error("many lists come in at this moment: try again in a few seconds")]
    Many,
    #[error("the list could not be read to its end ({0}): send it again")]
    Read(#[from] csv::Error),
    #[error("whoever sent the list may no longer award this badge")]
    Rightless,
    #[error("nothing more of the list came within {0} seconds: send it again")]
    Slow(u64),
    #[error("the list is longer than {0} bytes: send it in parts, or raise bulk_limit")]
    TooLong(usize),
}

impl BatchError {
    /// Whether no further row of the list can be awarded, however often that is tried.
    fn ends_a_list(&self) -> bool {
        matches!(
            self,
            Self::Rightless | Self::Award(AwardError::Badge(BadgeError::Archived | BadgeError::NoBadge))
        )
    }
}

impl From<DbError> for BatchError {
    fn from(error: DbError) -> Self {
        Self::Award(error.into())
    }
}

impl From<RandomError> for BatchError {
    fn from(error: RandomError) -> Self {
        Self::Award(error.into())
    }
}

impl From<BatchError> for Problem {
    fn from(error: BatchError) -> Self {
        let said = error.to_string();
        match error {
            BatchError::Award(error) => error.into(),
            BatchError::Begun(_) | BatchError::Ended(_) => Self::conflict("state", said),
            BatchError::Lines(lines) => Self::invalid(lines),
            BatchError::List(_) => Self::field("list", "form", said),
            BatchError::Many => Self::busy(said, 5),
            BatchError::Rightless => Self::forbidden(),
            BatchError::Read(_) => Self::bad_request("list", said),
            BatchError::Slow(_) => Self::new(StatusCode::REQUEST_TIMEOUT, "too_slow", said),
            BatchError::TooLong(_) => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", said),
        }
    }
}
