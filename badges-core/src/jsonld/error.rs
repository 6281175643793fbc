//! Why a document has no canonical form here.

use std::fmt;

use crate::json::Path;

/// One of the rules by which a document has a single spelling, so that what is read is what was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// `@context` stands on the credential and on credentials inside it, and lists known URLs: at most 8, none
    /// twice, no objects.
    Contexts,
    /// Each name is a term that the context defines: no IRI, no compact IRI, no keyword but `@value` with
    /// `@language` inside `name` and `description`.
    Terms,
    /// Each type is a term, or an absolute IRI for which there is no term.
    Types,
    /// No array within an array, no relative or abbreviated IRI as an id, no blank node named by the document.
    Values,
    /// What is said about a thing is said in one place.
    DescribedOnce,
    /// A credential inside another brings its own `@context`.
    OwnContext,
}

impl fmt::Display for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Contexts => "contexts",
            Self::Terms => "terms",
            Self::Types => "types",
            Self::Values => "values",
            Self::DescribedOnce => "described once",
            Self::OwnContext => "own context",
        })
    }
}

/// Why a document has no canonical form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonLdError {
    /// Two contexts do not go together: the later one changes a term that an earlier one protects.
    #[error("{path}: the contexts contradict each other over the term {term:?}, which is protected")]
    ContextClash {
        /// Where the context is used.
        path: String,
        /// The term.
        term: String,
    },
    /// The document breaks a [`Rule`].
    #[error("{path}: {message} (rule: {rule})")]
    ContextRule {
        /// Where.
        path: String,
        /// Which rule.
        rule: Rule,
        /// What was found.
        message: String,
    },
    /// The document names a context that is neither built in nor registered.
    #[error("{path}: the context {url:?} is not known here")]
    ContextUnknown {
        /// Where.
        path: String,
        /// The URL as written.
        url: String,
    },
    /// The graph would not hold this member or value, so the signature would not protect it.
    #[error("{path}: {term} is not protected by the signature")]
    Dropped {
        /// Where.
        path: String,
        /// What would be lost, and why.
        term: String,
    },
    /// The work goes beyond the budget.
    #[error("the document takes more work than allowed")]
    TooComplex,
    /// JSON-LD that this library does not do.
    #[error("{path}: {feature} is not supported")]
    Unsupported {
        /// Where.
        path: String,
        /// What was met.
        feature: String,
    },
}

/// Why a context was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContextError {
    /// The bytes are not those that the hash names.
    #[error("the context {url:?} has the SHA-256 {found}, not the one given: compare where both come from")]
    Hash {
        /// The URL.
        url: String,
        /// The hash of the bytes given, in hex.
        found: String,
    },
    /// Not a context by the JSON-LD 1.1 syntax.
    #[error("the context {url:?} is malformed: {message}")]
    Malformed {
        /// The URL.
        url: String,
        /// What was found.
        message: String,
    },
    /// There is a context under this URL already.
    #[error("there is a context {url:?} already: use it, or register yours under a URL of its own")]
    Taken {
        /// The URL.
        url: String,
    },
    /// A feature of JSON-LD that this library does not do.
    #[error("the context {url:?} uses {feature}, which is not supported")]
    Unsupported {
        /// The URL.
        url: String,
        /// What was met.
        feature: String,
    },
}

pub(super) fn broken(path: &Path<'_>, rule: Rule, message: &str) -> JsonLdError {
    JsonLdError::ContextRule { path: path.to_string(), rule, message: message.to_owned() }
}

pub(super) fn dropped(path: &Path<'_>, what: &str) -> JsonLdError {
    JsonLdError::Dropped { path: path.to_string(), term: what.to_owned() }
}

pub(super) fn unsupported(path: &Path<'_>, feature: &str) -> JsonLdError {
    JsonLdError::Unsupported { path: path.to_string(), feature: feature.to_owned() }
}
