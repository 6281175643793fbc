//! Issue and verify Open Badges.
#![deny(clippy::indexing_slicing, clippy::print_stdout, clippy::print_stderr)]

// Reading order: each module uses only those above it.
pub mod time;
pub mod json;
pub mod key;
pub mod did;
pub mod jsonld;
pub mod model;
#[cfg(feature = "status")]
pub mod status;
#[cfg(feature = "bake")]
pub mod bake;
pub mod proof;
pub mod verify;
pub mod issue;
