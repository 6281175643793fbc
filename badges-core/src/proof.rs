//! Proofs: that a document was signed with a key.
//!
//! Whose key it is, is another question, and [`verify`](crate::verify) asks it.

pub mod jws;
pub mod integrity;
