//! The one hierarchy: organisations, the issuers and programmes below them, and the keys of those that sign.

pub(crate) mod views;
pub(crate) mod keys;
pub(crate) mod place;
pub(crate) mod profile;
pub(crate) mod seal;
pub(crate) mod slugs;
pub(crate) mod tree;
pub(crate) mod status;
pub(crate) mod documents;
pub(crate) mod hosted;
pub(crate) mod changes;
pub(crate) mod routes;
pub(crate) mod public;
mod branches;
pub(crate) mod pages;
pub(crate) mod key_pages;

pub(crate) use self::{
    keys::{Signers, Signing},
    seal::Sealer,
    tree::{Kind, Node},
};
use crate::{
    db::DbError,
    problem::{FieldError, Problem},
    random::RandomError,
};

/// Why the hierarchy stays as it is.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IssuerError {
    #[error("organisations stand at the top: a node below another is an issuer or a programme")]
    BelowTop,
    #[error(transparent)]
    Database(#[from] DbError),
    #[error("{} fields cannot be taken as they are", .0.len())]
    Fields(Vec<FieldError>),
    #[error("the status list cannot be made: {0}")]
    List(String),
    #[error("a node cannot stand below itself: choose another place")]
    Loop,
    #[error("the node has no such key")]
    NoKey,
    #[error("no such node: choose one of the hierarchy")]
    NoNode,
    #[error(
        "keys stand for themselves here (did:key), so that another key would be another issuer: set a public_url with https first"
    )]
    OwnName,
    #[error(transparent)]
    Random(#[from] RandomError),
    #[error(transparent)]
    Seal(#[from] seal::SealError),
    #[error("the slug {0} was given before, and a slug leads to one thing for ever: choose another")]
    SlugTaken(String),
    #[error("{0:?} is no slug: use 2 to 64 small letters, digits and single hyphens between them")]
    SlugForm(String),
    #[error("the hierarchy ends {most} levels down: choose a place further up", most = tree::DEEPEST)]
    TooDeep,
    #[error(
        "an organisation stays at the top, and what is below it stays there: move the nodes within it instead"
    )]
    Top,
    #[error("a programme does not sign: the organisation or issuer above it has the keys")]
    Unsigning,
}

impl From<IssuerError> for Problem {
    fn from(error: IssuerError) -> Self {
        let said = error.to_string();
        match error {
            IssuerError::Database(error) => error.into(),
            IssuerError::Random(error) => error.into(),
            IssuerError::Seal(_) => {
                tracing::error!(error = said, "a key cannot be opened");
                Self::new(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR, "sealed", said)
            }
            IssuerError::Fields(fields) => Self::invalid(fields),
            IssuerError::OwnName => Self::conflict("own_name", said),
            IssuerError::BelowTop => Self::field("kind", "below_top", said),
            IssuerError::List(_) => {
                tracing::error!(error = said, "a status list cannot be made");
                Self::new(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR, "internal", "it has been noted")
            }
            IssuerError::Loop => Self::field("parent", "loop", said),
            IssuerError::NoKey => Self::not_found(),
            IssuerError::NoNode => Self::field("parent", "no_node", said),
            IssuerError::SlugForm(_) => Self::field("slug", "form", said),
            IssuerError::SlugTaken(_) => Self::field("slug", "taken", said),
            IssuerError::TooDeep => Self::field("parent", "too_deep", said),
            IssuerError::Top => Self::field("parent", "top", said),
            IssuerError::Unsigning => Self::conflict("unsigning", said),
        }
    }
}
