//! What follows from what: badges with several things wrong at once get the verdict that comes first, and each
//! check its answer (`specs/verdict.md`).

#[path = "../support/vectors.rs"]
#[expect(dead_code, reason = "only the notice is of use here")]
mod vectors;

mod actors;
mod table;

mod binding;
mod precedence;
mod proof_sets;
mod recipients;
mod status;
mod trust;
