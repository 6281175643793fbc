//! The service of Badges, and the `badges` command around it.
#![expect(dead_code, unused_imports, reason = "the pages for signed-in people stand before their routes")]

// Reading order: each module uses only those above it.
pub mod clock;
mod random;
mod schema;
mod ids;
mod metrics;
mod db;
mod fixed;
pub mod config;
mod log;
mod secret;
mod problem;
mod limits;
mod rights;
mod routes;
mod auth;
mod idempotency;
mod body;
mod caching;
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
mod artwork;
mod web;
mod forms;
mod issuers;
mod contacts;
mod links;
mod badges;
mod outbox;
mod catalogue;
mod awards;
mod accounts;
mod claims;
pub mod verifier;
mod ops;
mod api;
mod installation;
mod demo;
pub mod service;
#[cfg(test)]
mod gallery;
pub mod cli;
