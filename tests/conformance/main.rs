//! The suites of others, run by name.

#[path = "../support/bytes.rs"]
mod bytes;
#[path = "../support/vectors.rs"]
mod vectors;

mod bad_images;
mod baking;
mod bitstring;
mod did_key;
mod ecdsa;
mod ed25519;
mod identity_hash;
mod jcs;
mod jws;
mod ob2_structure;
mod rsa;
mod vcdm;
mod wycheproof;
