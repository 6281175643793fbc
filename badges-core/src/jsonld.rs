//! JSON-LD as far as credentials need it: pinned contexts, one walk to quads, and the canonical form RDFC-1.0.
//!
//! A signature covers a graph, but people and programs read JSON. Here the two cannot differ: the contexts are
//! known beforehand, nothing that the graph would lose is accepted, and each member has one spelling only
//! (see [`Rule`]).
//!
//! ```ignore
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

mod error;

pub use error::{ContextError, JsonLdError, Rule};

use crate::json::{Json, Object};

/// The contexts that a document may name: those of Open Badges 3.0 and what goes with it, and what the host adds.
///
/// There is no way to another one: a document that names an unknown context is refused.
#[derive(Debug, Default)]
pub struct Contexts;

/// How much work one document may cause; beyond it the answer is [`JsonLdError::TooComplex`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Steps of Hash N-Degree Quads (RDFC-1.0 §4.8): each hash and each blank node of a tried order is one.
    pub steps: u32,
    /// The longest canonical form, in bytes.
    pub bytes: usize,
    /// Contexts that are compiled for this document alone.
    pub contexts: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self { steps: 50_000, bytes: 4 << 20, contexts: 256 }
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
    /// The contexts that are built in.
    pub fn new() -> Self {
        Self
    }

    /// Adds a context under exactly this URL.
    ///
    /// # Errors
    ///
    /// [`ContextError`] if the URL is taken, the bytes do not have this SHA-256, or they are not a context of
    /// the kind that this library reads.
    pub fn register(&mut self, url: &str, document: &[u8], sha256: &[u8; 32]) -> Result<(), ContextError> {
        let _unused = (document, sha256);
        Err(ContextError::Unsupported { url: url.to_owned(), feature: "registration".to_owned() })
    }

    /// Whether a document may name the context of this URL.
    pub fn knows(&self, url: &str) -> bool {
        url.is_empty()
    }

    /// The canonical N-Quads (RDFC-1.0 with SHA-256) of an object under a context.
    ///
    /// `context` is the value of `@context`: a URL or an array of them. The object's own `@context` is passed
    /// over, and so are its members named in `omit`.
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
        hash: HashAlgorithm,
        object: &Object<'_>,
        omit: &[&str],
        context: &Json<'_>,
        budget: &Budget,
    ) -> Result<String, JsonLdError> {
        let _unused = (hash, object, omit, context, budget);
        Err(JsonLdError::Unsupported { path: "$".to_owned(), feature: "JSON-LD".to_owned() })
    }
}
