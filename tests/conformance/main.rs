//! The suites of others, run by name.

#[path = "../support/bytes.rs"]
mod bytes;
#[path = "../support/sample.rs"]
mod sample;
#[path = "../support/vectors.rs"]
mod vectors;

mod bad_images;
mod baking;
mod bitstring;
mod building;
mod canonical_forms;
mod contexts;
mod di_vectors;
mod did_key;
mod ecdsa;
mod ed25519;
mod identity_hash;
mod invariance;
mod jcs;
mod jsonld_rules;
mod jsonld_suite;
mod jws;
mod model_classes;
mod ob2_structure;
mod ob3_examples;
mod rdf_canon;
mod rsa;
mod vcdm;
mod verdicts;
mod wycheproof;
