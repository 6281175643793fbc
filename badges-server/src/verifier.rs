//! Badges of strangers, judged with what the web publishes about them.
//!
//! [`Verifier`] looks at a badge, fetches what the library says it lacks, and looks again. [`Fetcher`] is the only
//! way out for an address that a document or a user has named.

mod public;
mod fetch_error;
mod address;
mod names;
mod fetcher;
mod question;
mod judged;
mod online;
mod own;
pub(crate) mod views;
mod page;
pub(crate) mod routes;

pub(crate) use own::{Owners, verifier};

pub use fetch_error::FetchError;
pub(crate) use fetcher::Fetches;
pub use fetcher::{ClientError, Fetched, Fetcher, Outside, Wanted};
pub use judged::Judged;
pub use names::SystemNames;
pub use online::{Own, Verifier};
pub use public::reserved;
pub use question::Question;

pub use crate::wording::{Answer, Looked, Said};
