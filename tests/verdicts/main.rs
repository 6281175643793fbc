//! What follows from what: badges with several things wrong at once get the verdict that comes first, and each
//! check its answer (`specs/verdict.md`).

#[path = "../support/actors.rs"]
mod actors;
#[path = "../support/bytes.rs"]
#[expect(dead_code, reason = "hexadecimal is only written here")]
mod bytes;
#[path = "../support/vectors.rs"]
#[expect(dead_code, reason = "only the notice is of use here")]
mod vectors;

mod table;

mod binding;
mod endorsements;
mod hosted;
mod precedence;
mod proof_sets;
mod recipients;
mod status;
mod tokens;
mod trust;
