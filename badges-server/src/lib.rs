//! The service of Badges, and the `badges` command around it.

// Reading order: each module uses only those above it.
pub mod clock;
mod random;
mod schema;
mod ids;
mod db;
pub mod config;
mod secret;
mod problem;
mod rights;
mod routes;
mod auth;
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
