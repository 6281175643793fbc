//! The service over HTTP, as claims.

#[path = "../support/service.rs"]
mod harness;

mod awards;
mod faults;
mod public;
