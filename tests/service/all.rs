//! The service over HTTP, as claims.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on must stop")]

#[path = "../support/certificates.rs"]
mod certificates;
#[path = "../support/service.rs"]
mod harness;
#[path = "../support/judges.rs"]
mod judges;
#[path = "../support/process.rs"]
mod process;
#[expect(dead_code, reason = "the tests of the verifier use more of it")]
#[path = "../verifier/web.rs"]
mod web;
#[path = "../support/wire.rs"]
mod wire;

mod abroad;
mod accounts;
mod awards;
mod branches;
mod bulk;
mod contacts;
mod demonstration;
mod desk;
mod document;
mod editor;
mod faults;
mod hosted;
mod lists;
mod mail;
mod makers;
mod matrix;
mod oidc;
mod operations;
mod overload;
mod pages;
mod pictures;
mod public;
mod repeats;
mod scheduled;
mod staff;
mod throng;
mod traces;
mod transfer;
mod upkeep;
