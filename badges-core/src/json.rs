//! JSON read strictly, into one tree that borrows from the text.
//!
//! What is signed must mean one thing only. Two readers of `{"a":1,"a":2}` see two documents, and a number
//! beyond 2^53 changes when it is canonicalised, so [`read`] refuses both, and what is like them.

mod canonical;
mod number;
mod path;
mod reader;
mod tree;

pub use canonical::{canonical, canonical_members};
pub use number::number_text;
pub(crate) use path::{Path, shortened};
pub(crate) use reader::is_signable;
pub use reader::{JsonError, Limits, Profile, read};
pub use tree::{Json, Object};

/// White space between the parts of a JSON text, and around it (RFC 8259 §2).
pub const WHITE_SPACE: [char; 4] = [' ', '\t', '\r', '\n'];
