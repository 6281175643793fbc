//! Proofs: that a document was signed with a key.

pub mod jws;
