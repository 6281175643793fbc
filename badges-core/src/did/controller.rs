//! Controller documents (CID 1.0 §2, which DID documents are too), and the other documents that keys stand in.

use crate::{
    json::{Json, Object, shortened},
    key::PublicKey,
    time::Timestamp,
};

use super::{DidError, Jwks, Method, spelling::Spelling};

/// How many methods are looked through.
const MOST: usize = 256;

/// Under how many names one key is looked for.
const NAMES: usize = 4;

/// What a controller document says about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStanding {
    /// It is a key for assertions that can be used.
    Listed,
    /// It stands there and cannot be used: revoked, expired, for something else, or another's.
    Barred,
    /// It does not stand there.
    Absent,
}

/// A controller document: who somebody is and which keys are theirs.
#[derive(Clone, Debug)]
pub struct ControllerDocument<'d> {
    id: &'d str,
    methods: &'d [Json<'d>],
    assertion: &'d [Json<'d>],
}

/// What may stand at the address of a key.
#[derive(Clone, Debug)]
pub enum KeyDocument<'d> {
    /// The document of the key's controller.
    Controller(ControllerDocument<'d>),
    /// The bare key.
    Jwk(Box<PublicKey>),
    /// A set of keys.
    Jwks(Jwks<'d>),
    /// One verification method, which names its controller.
    Method(Method<'d>),
}

impl<'d> KeyDocument<'d> {
    /// Tells the kinds of documents apart by their members.
    ///
    /// # Errors
    ///
    /// [`DidError`]: `Malformed` if it is none of them; the errors of the kind that it is.
    pub fn parse(document: &'d Json<'_>) -> Result<Self, DidError> {
        let object = document.as_object().ok_or_else(|| {
            DidError::malformed("$", format!("is {} where an object belongs", document.kind()))
        })?;
        let has = |name| object.get(name).is_some();
        if has("keys") {
            Ok(Self::Jwks(Jwks::parse(document)?))
        } else if has("kty") {
            let key = PublicKey::from_jwk(document).map_err(DidError::key("$"))?;
            Ok(Self::Jwk(Box::new(key)))
        } else if has("publicKeyMultibase") || has("publicKeyJwk") || has("publicKeyBase58") {
            Ok(Self::Method(Method::parse(document)?))
        } else {
            Ok(Self::Controller(ControllerDocument::parse(document)?))
        }
    }
}

impl<'d> ControllerDocument<'d> {
    /// Reads a document; methods that are never asked for are not looked into.
    ///
    /// # Errors
    ///
    /// [`DidError`]: `Malformed` without an `id`, `TooMany` beyond 256 methods.
    pub fn parse(document: &'d Json<'_>) -> Result<Self, DidError> {
        let object = document.as_object().ok_or_else(|| {
            DidError::malformed("$", format!("is {} where an object belongs", document.kind()))
        })?;
        let id = object.text("id").ok_or_else(|| DidError::malformed("$.id", "is no text"))?;
        let methods = members(object, "verificationMethod")?;
        let assertion = members(object, "assertionMethod")?;
        Ok(Self { id, methods, assertion })
    }

    /// Who the document is about.
    pub fn id(&self) -> &'d str {
        self.id
    }

    /// The key of this name for assertions, at this time (CID 1.0 §3.3, "Retrieve Verification Method").
    ///
    /// # Errors
    ///
    /// [`DidError`]: `DocumentId` if the name belongs to another document; `MethodMissing`, `Ambiguous`,
    /// `Controller`, `NotListed`; and the errors of [`Method::key`].
    pub fn assertion_key(&self, method_url: &str, at: Timestamp) -> Result<PublicKey, DidError> {
        let (document, fragment) = method_url
            .split_once('#')
            .ok_or_else(|| DidError::malformed(method_url, "the name of a key has a fragment"))?;
        if document != self.id {
            let (found, expected) = (shortened(self.id), shortened(document));
            return Err(DidError::DocumentId { found, expected });
        }
        if fragment.is_empty() {
            return Err(DidError::malformed(method_url, "the name of a key has a fragment"));
        }
        let method = self.method(method_url)?;
        match method.controller() {
            Some(controller) if controller == self.id => {}
            other => {
                let (method, controller) = (shortened(method_url), shortened(other.unwrap_or_default()));
                return Err(DidError::Controller { method, controller });
            }
        }
        if !self.lists_for_assertion(method_url) {
            return Err(DidError::NotListed(shortened(method_url)));
        }
        method.key(at)
    }

    /// Whether `assertionMethod` names this key or holds it.
    pub fn lists_for_assertion(&self, method_url: &str) -> bool {
        self.assertion.iter().any(|entry| entry.id().is_some_and(|id| self.is(id, method_url)))
    }

    /// The keys for assertions that can be used at this time, with their absolute names.
    pub fn assertion_keys(&self, at: Timestamp) -> impl Iterator<Item = (String, PublicKey)> {
        self.assertion.iter().filter_map(move |entry| {
            let id = entry.id()?;
            let id = if id.starts_with('#') { format!("{}{id}", self.id) } else { id.to_owned() };
            let key = self.assertion_key(&id, at).ok()?;
            Some((id, key))
        })
    }

    /// What the document says about a key, under whichever name.
    pub fn standing(&self, key: &PublicKey, at: Timestamp) -> KeyStanding {
        let spelling = Spelling::of(key);
        let embedded = self.assertion.iter().filter(|entry| entry.as_object().is_some());
        let methods = self.methods.iter().chain(embedded).filter_map(Json::as_object);
        let mut standing = KeyStanding::Absent;
        for method in methods.filter(|method| spelling.stands_in(method)).take(NAMES) {
            let id = method.text("id").unwrap_or_default();
            let id = if id.starts_with('#') { format!("{}{id}", self.id) } else { id.to_owned() };
            if self.assertion_key(&id, at).is_ok_and(|own| own == *key) {
                return KeyStanding::Listed;
            }
            standing = KeyStanding::Barred;
        }
        standing
    }

    /// The one method of this name, wherever in the document it stands.
    fn method(&self, method_url: &str) -> Result<Method<'d>, DidError> {
        let embedded = self.assertion.iter().filter(|entry| entry.as_object().is_some());
        let mut found = None;
        for value in self.methods.iter().chain(embedded) {
            let method = Method::parse(value)?;
            if self.is(method.id(), method_url) && found.replace(method).is_some() {
                return Err(DidError::Ambiguous(shortened(method_url)));
            }
        }
        found.ok_or_else(|| DidError::MethodMissing(shortened(method_url)))
    }

    /// Whether an id in the document, perhaps relative to it (DID 1.0 §3.2.2), is this absolute name.
    fn is(&self, id: &str, method_url: &str) -> bool {
        match id.strip_prefix('#') {
            Some(fragment) => method_url.split_once('#') == Some((self.id, fragment)),
            None => id == method_url,
        }
    }
}

/// The values under a name, one or many, within bounds.
fn members<'d>(object: &'d Object<'_>, name: &str) -> Result<&'d [Json<'d>], DidError> {
    let values = object.get(name).map(Json::one_or_many).unwrap_or_default();
    if values.len() > MOST { Err(DidError::TooMany(MOST)) } else { Ok(values) }
}
