//! Awards: given, signed, stored for good, shown, revoked.

pub(crate) mod views;
pub(crate) mod credential;
pub(crate) mod rows;
pub(crate) mod response;
pub(crate) mod guards;
pub(crate) mod ledger;
mod queue;
pub(crate) mod desk;
pub(crate) mod due;
pub(crate) mod states;
pub(crate) mod rehearsal;
mod mending;
pub(crate) mod list;
pub(crate) mod files;
pub(crate) mod assertion;
mod request;
mod page;
pub(crate) mod chosen;
mod pasted;
mod glance;
mod history;
mod asked;
pub(crate) mod routes;
pub(crate) mod export;
pub(crate) mod public;
pub(crate) mod hosted;
pub(crate) mod bundle;
pub(crate) mod reissue;
pub(crate) mod giving;
pub(crate) mod pages;

use crate::{
    badges::BadgeError,
    db::DbError,
    issuers::IssuerError,
    problem::{FieldError, Problem},
    random::RandomError,
};

/// Why nothing was awarded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AwardError {
    #[error(
        "{0} has this badge already, and it is given once: revoke the other first, or choose another badge"
    )]
    AlreadyHeld(String),
    #[error(transparent)]
    Badge(#[from] BadgeError),
    #[error("the badge does not fit into its picture: {0}")]
    Bake(#[source] badges_core::bake::BakeError),
    #[error("the award is claimed already: its holder has it, and what is wrong is replaced, not corrected")]
    Claimed,
    #[error("this code gives no badge any more: ask whoever showed it to you for another")]
    CodeEnded,
    #[error(transparent)]
    Database(#[from] DbError),
    #[error("{} fields cannot be taken as they are", .0.len())]
    Fields(Vec<FieldError>),
    #[error("this Idempotency-Key came before with another request: use a new key for each request")]
    IdempotencyKeyReused,
    #[error("the badge may be awarded {0} times and no more: raise its limit, or choose another badge")]
    LimitReached(i32),
    #[error("nobody is told of this award by mail: it has no address")]
    NoAddress,
    #[error("no such award")]
    NoAward,
    #[error("a message about this award is on its way already: wait until it has arrived or failed")]
    OnItsWay,
    #[error("{0} lacks a badge that this one requires: award that one first")]
    Prerequisite(String),
    #[error("this would pass what you may award in a day, {ceiling}: {left} are left")]
    Quota { ceiling: i32, left: i32 },
    #[error(transparent)]
    Random(#[from] RandomError),
    #[error("the badge makes no credential that a verifier would believe: {0}")]
    Sign(#[from] badges_core::issue::IssueError),
    #[error("the award is {state}, and cannot be {to}: load it again to see what can be done with it")]
    State { state: String, to: &'static str },
    #[error("nobody awards a badge to themselves: ask somebody else to")]
    ToOneself,
    #[error("the list names the same person before: nobody gets the badge of one list twice")]
    TwiceInBatch,
}

impl From<IssuerError> for AwardError {
    fn from(error: IssuerError) -> Self {
        Self::Badge(BadgeError::Issuer(error))
    }
}

impl From<AwardError> for Problem {
    fn from(error: AwardError) -> Self {
        let said = error.to_string();
        match error {
            AwardError::AlreadyHeld(_) => Self::conflict("already_held", said),
            AwardError::Badge(error) => error.into(),
            AwardError::Bake(_) => Self::conflict("picture", said),
            AwardError::Claimed => Self::conflict("claimed", said),
            AwardError::CodeEnded => Self::new(actix_web::http::StatusCode::GONE, "code_ended", said),
            AwardError::Database(error) => error.into(),
            AwardError::Fields(fields) => Self::invalid(fields),
            AwardError::IdempotencyKeyReused => crate::idempotency::reused(),
            AwardError::LimitReached(_) => Self::conflict("limit_reached", said),
            AwardError::NoAddress => Self::conflict("no_address", said),
            AwardError::NoAward => Self::not_found(),
            AwardError::OnItsWay => Self::conflict("on_its_way", said),
            AwardError::Prerequisite(_) => Self::conflict("prerequisite", said),
            AwardError::Quota { .. } => Self::too_many(said, 3_600),
            AwardError::Random(error) => error.into(),
            AwardError::Sign(_) => Self::field("badge", "unsignable", said),
            AwardError::State { .. } => Self::conflict("state", said),
            AwardError::TwiceInBatch => Self::conflict("already_held", said),
            AwardError::ToOneself => Self::new(actix_web::http::StatusCode::FORBIDDEN, "self_award", said),
        }
    }
}
