//! The service of Badges, and the `badges` command around it.

// Reading order: each module uses only those above it.
mod clock;
mod random;
mod dates;
mod output;
mod workers;
mod files;
mod keyfile;
mod credential;
mod content;
mod recipients;
mod lists;
mod entry;
mod places;
mod documents;
mod published;
mod template;
mod issuing;
mod wording;
pub mod cli;
