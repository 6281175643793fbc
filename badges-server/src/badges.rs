//! Badges: drafts, versions that never change once published, and what every award of a version has in common.

pub(crate) mod span;
pub(crate) mod content;
pub(crate) mod prepared;
pub(crate) mod hosted;
pub(crate) mod settings;
mod trial;
pub(crate) mod narrowing;
pub(crate) mod versions;
pub(crate) mod changes;
pub(crate) mod routes;
pub(crate) mod public;
mod editing;
mod stands;
pub(crate) mod moving;
pub(crate) mod pages;

pub(crate) use self::content::Content;
use crate::{
    db::DbError,
    images,
    issuers::IssuerError,
    problem::{FieldError, Problem},
};

/// Why a badge stays as it is.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadgeError {
    #[error("the badge, or a node above it, is archived: take it out of the archive first")]
    Archived,
    #[error(transparent)]
    Database(#[from] DbError),
    #[error("{} fields cannot be taken as they are", .0.len())]
    Fields(Vec<FieldError>),
    #[error(transparent)]
    Image(#[from] images::ImageError),
    #[error(transparent)]
    Issuer(#[from] IssuerError),
    #[error("no such badge")]
    NoBadge,
    #[error("the badge has no draft: change it first")]
    NoDraft,
    #[error("no version of the badge is published: publish its draft first")]
    Unpublished,
}

impl From<BadgeError> for Problem {
    fn from(error: BadgeError) -> Self {
        let said = error.to_string();
        match error {
            BadgeError::Archived => Self::conflict("archived", said),
            BadgeError::Database(error) => error.into(),
            BadgeError::Fields(fields) => Self::invalid(fields),
            BadgeError::Image(_) => Self::field("image", "image", said),
            BadgeError::Issuer(error @ IssuerError::NoNode) => {
                Self::field("issuer", "no_node", error.to_string())
            }
            BadgeError::Issuer(error) => error.into(),
            BadgeError::NoBadge => Self::not_found(),
            BadgeError::NoDraft => Self::conflict("no_draft", said),
            BadgeError::Unpublished => Self::conflict("unpublished", said),
        }
    }
}
