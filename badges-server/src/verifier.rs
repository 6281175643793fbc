//! Badges of strangers, judged with what the web publishes about them.
//!
//! [`Fetcher`] is the only way out for an address that a document or a user has named.

mod public;
mod fetch_error;
mod address;
mod names;
mod fetcher;
pub(crate) mod views;

pub use fetch_error::FetchError;
pub use fetcher::{Fetched, Fetcher, Outside, StartError, Wanted};
pub use names::SystemNames;
pub use public::reserved;
