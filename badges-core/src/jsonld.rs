//! JSON-LD as far as credentials need it: pinned contexts, one walk to quads, and the canonical form RDFC-1.0.
//!
//! A signature covers a graph, but people and programs read JSON. Here the two cannot differ: the contexts are
//! known beforehand, nothing that the graph would lose is accepted, and each member has one spelling only
//! (see [`Rule`]).
//!
//! ```
//! use badges_core::{json, jsonld::{Budget, Contexts}};
//!
//! let text = br#"{"@context": "https://www.w3.org/ns/credentials/v2", "id": "urn:x:1", "name": "Mentor"}"#;
//! let read = json::read(text, &json::Limits::default())?;
//! let object = read.as_object().ok_or("an object")?;
//! let context = object.get("@context").ok_or("a context")?;
//!
//! let quads = Contexts::new().canonicalize(object, &["proof"], context, &Budget::default())?;
//!
//! assert_eq!(quads, "<urn:x:1> <https://schema.org/name> \"Mentor\" .\n");
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod active;
mod compile;
mod contexts;
mod dataset;
mod document;
mod embedded;
mod error;
mod fast;
mod free;
mod iri;
mod literal;
mod local;
mod places;
mod rdfc;
mod table;
mod value;
mod walk;
#[cfg(feature = "suites")]
mod suites;

pub use contexts::Contexts;
pub use error::{ContextError, JsonLdError, Rule};
#[cfg(feature = "suites")]
pub use suites::{CanonicalQuads, canonicalize_nquads};

use std::cell::Cell;

use crate::json::{Json, Object};

/// How much work documents may cause; beyond it the answer is [`JsonLdError::TooComplex`].
///
/// Canonicalising spends from it, so that a credential and those that stand in it can share one.
#[derive(Clone, Debug)]
pub struct Budget {
    steps: Cell<u32>,
    bytes: Cell<usize>,
    contexts: Cell<u32>,
    comparisons: Cell<usize>,
}

impl Budget {
    /// The bytes of canonical form that [`Budget::default`] has.
    pub(crate) const BYTES: usize = 1 << 20;

    /// A budget of `steps` of Hash N-Degree Quads (RDFC-1.0 §4.8: each hash and each blank node of a tried
    /// order is one), of `bytes` of canonical form, and of `contexts` compiled for these documents alone.
    pub const fn new(steps: u32, bytes: usize, contexts: u32) -> Self {
        let comparisons = Cell::new(1_000_000);
        Self { steps: Cell::new(steps), bytes: Cell::new(bytes), contexts: Cell::new(contexts), comparisons }
    }

    /// Takes the bytes that are left and puts others in their place.
    #[cfg(feature = "status")]
    pub(crate) fn exchange_bytes(&self, bytes: usize) -> usize {
        self.bytes.replace(bytes)
    }
}

impl Default for Budget {
    /// Enough for what is signed in practice; the worst document within 256 KiB takes some milliseconds.
    fn default() -> Self {
        Self::new(20_000, Self::BYTES, 256)
    }
}

/// The hash inside RDFC-1.0, by which blank nodes are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HashAlgorithm {
    /// SHA-256, for all suites but ECDSA with P-384.
    #[default]
    Sha256,
    /// SHA-384, for ECDSA with P-384 (ecdsa-rdfc-2019 §3.2.3).
    Sha384,
}

impl Contexts {
    /// The canonical N-Quads (RDFC-1.0 with SHA-256) of an object under a context.
    ///
    /// `context` is the value of `@context`: a URL or an array of them. The object's own `@context` is passed
    /// over, and so are its members named in `omit`. What is embedded in a credential with an `@context` of
    /// its own is a credential for itself: give it here alone, too, before you believe it.
    ///
    /// # Errors
    ///
    /// [`JsonLdError`] if the graph would not say all that the object says, in the one spelling allowed, or if
    /// the work goes beyond the budget.
    pub fn canonicalize(
        &self,
        object: &Object<'_>,
        omit: &[&str],
        context: &Json<'_>,
        budget: &Budget,
    ) -> Result<String, JsonLdError> {
        self.canonicalize_with(HashAlgorithm::Sha256, object, omit, context, budget)
    }

    /// As [`Contexts::canonicalize`], with another hash inside RDFC-1.0.
    ///
    /// # Errors
    ///
    /// As [`Contexts::canonicalize`].
    pub fn canonicalize_with(
        &self,
        algorithm: HashAlgorithm,
        object: &Object<'_>,
        omit: &[&str],
        context: &Json<'_>,
        budget: &Budget,
    ) -> Result<String, JsonLdError> {
        let mut walk = walk::Walk::new(self, self.compiled(), budget, true);
        let walked = walk.root(object, omit, context);
        walk.settle(budget);
        walked?;
        self.keep(walk.compiled);
        rdfc::canonical(&walk.data, algorithm, budget)
    }
}
