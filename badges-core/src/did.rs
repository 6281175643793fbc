//! Names of issuers and the documents that say which keys are theirs.
//!
//! Nothing is fetched here: [`document_url`] says which document is needed, the caller supplies it through
//! [`Documents`], and [`ControllerDocument`], [`KeyDocument`] and [`Jwks`] read what it says.

mod controller;
mod jwks;
mod method;
mod self_contained;
mod spelling;
mod web;

pub use controller::{ControllerDocument, KeyDocument, KeyStanding};
pub use jwks::{Jwks, jwks_url};
pub use method::Method;
pub use self_contained::{SelfContained, did_key, key_in_did_url};
pub use web::document_url;

use std::{borrow::Cow, collections::BTreeMap};

use crate::{
    json::shortened,
    key::KeyError,
    time::{TimeError, Timestamp},
};

/// Documents by address, as far as the caller has them.
///
/// An address is an absolute URL without fragment, letter for letter as a credential or [`document_url`]
/// gives it. Who fetches them is the caller, before or during the verification.
pub trait Documents {
    /// The document at this address; none if it is not to be had.
    fn document(&self, url: &str) -> Option<Cow<'_, [u8]>>;
}

/// Documents held in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryDocuments(BTreeMap<String, Vec<u8>>);

/// Why a name does not lead to a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DidError {
    /// Two keys or methods answer to one name.
    #[error("{0:?} names more than one key in its document: each key needs a name of its own")]
    Ambiguous(String),
    /// The method's `controller` is not the document that it stands in (CID 1.0 §3.3).
    #[error(
        "the key {method:?} is controlled by {controller:?}, not by the document that lists it: its controller must be the id of that document"
    )]
    Controller {
        /// The method's id.
        method: String,
        /// What its `controller` says.
        controller: String,
    },
    /// The document under this address says that it is another one (CID 1.0 §3.3).
    #[error("the document says that its id is {found:?} where {expected:?} was asked for: supply that one's")]
    DocumentId {
        /// The `id` in the document.
        found: String,
        /// The name that was looked up.
        expected: String,
    },
    /// The key was used after its `expires`.
    #[error("the key expired at {0}: sign with a key that holds")]
    Expired(Timestamp),
    /// The part after `#` is not the one that the name itself demands.
    #[error(
        "the fragment of {0:?} does not name the key of that DID: it is the key again for did:key, 0 for did:jwk"
    )]
    Fragment(String),
    /// A host that is an IP address.
    #[error("{0:?} names a host by its IP address: use a domain")]
    IpAddress(String),
    /// The key itself is not one that we use.
    #[error("the key {method:?} cannot be used ({error}): publish another")]
    Key {
        /// The name under which it was looked up.
        method: String,
        /// Why it is not used.
        error: KeyError,
    },
    /// Not a name or document of the form that was asked for.
    #[error("{what} cannot be read ({reason}): correct it")]
    Malformed {
        /// The name, or the place in the document.
        what: String,
        /// What is wrong.
        reason: String,
    },
    /// The document has no key of this name.
    #[error("the document has no key {0:?}: fetch it anew, or list the key in it")]
    MethodMissing(String),
    /// An address that does not begin with `https`.
    #[error("{0:?} is not an https address: write one, or a DID")]
    NotHttps(String),
    /// The document has the key, but not for assertions.
    #[error("the key {0:?} is not listed under assertionMethod: list it there if it signs badges")]
    NotListed(String),
    /// The key was used after its `revoked`.
    #[error("the key was revoked at {0}: sign with another")]
    Revoked(Timestamp),
    /// `revoked` or `expires` is not a time.
    #[error("a key's revoked or expires: {0}")]
    Time(#[from] TimeError),
    /// More keys than we look through.
    #[error("the document lists more than {0} keys: take those out that no badge needs")]
    TooMany(usize),
    /// A DID method, or a type of key, that has a name and that is not built in.
    #[error("{0} is not supported: use did:key, did:jwk, did:web or https, and a Multikey or JWK")]
    Unsupported(String),
}

impl MemoryDocuments {
    /// No documents.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the document at an absolute URL without fragment.
    pub fn insert(&mut self, url: impl Into<String>, document: impl Into<Vec<u8>>) {
        self.0.insert(url.into(), document.into());
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Documents for MemoryDocuments {
    fn document(&self, url: &str) -> Option<Cow<'_, [u8]>> {
        self.0.get(url).map(|document| Cow::Borrowed(document.as_slice()))
    }
}

impl DidError {
    fn malformed(what: &str, reason: impl Into<String>) -> Self {
        Self::Malformed { what: shortened(what), reason: reason.into() }
    }

    fn key(method: &str) -> impl FnOnce(KeyError) -> Self {
        move |error| Self::Key { method: shortened(method), error }
    }
}
