//! The suites of others, run by name.

#[path = "../support/vectors.rs"]
mod vectors;

mod jcs;
