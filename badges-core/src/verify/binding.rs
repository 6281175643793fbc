//! Which key, and whether it is the issuer's (Controlled Identifiers 1.0 §3.3; OB 3.0 Implementation Guide,
//! recommended practices; `specs/verdict.md`, binding).
//!
//! Open Badges 3.0 by itself lets a proof bring its own key. So the key that fits the signature and the key
//! that is the issuer's are two answers here.

use super::{
    Bound, Code, Options,
    documents::malformed,
    judge::{Answer, Reason},
};
use crate::{
    did::{
        ControllerDocument, DidError, Jwks, KeyDocument, KeyStanding, document_url, jwks_url, key_in_did_url,
    },
    json::{Json, read},
    key::{KeyError, PublicKey},
    proof::jws::Header,
};

/// A key for a proof, and what ties it to the issuer.
pub(super) struct FoundKey {
    pub(super) key: PublicKey,
    /// More keys that may be meant: all that the host has pinned, where no document says which.
    pub(super) others: Vec<PublicKey>,
    pub(super) bound: Answer<Bound>,
}

impl FoundKey {
    fn one(key: PublicKey, bound: Answer<Bound>) -> Self {
        Self { key, others: Vec::new(), bound }
    }

    /// Whether something holds under one of the keys; the first of them gives the error.
    pub(super) fn any<E>(&self, holds: impl Fn(&PublicKey) -> Result<(), E>) -> Result<(), E> {
        let first = holds(&self.key);
        if first.is_err() && self.others.iter().any(|key| holds(key).is_ok()) { Ok(()) } else { first }
    }

    /// All keys.
    pub(super) fn keys(&self) -> impl Iterator<Item = &PublicKey> {
        std::iter::once(&self.key).chain(&self.others)
    }
}

/// Why a key is not one that verifies.
pub(super) fn key_reason(path: &str, error: &KeyError) -> Reason {
    let code = match error {
        KeyError::PrivateMember(_) => Code::PrivateKeyInJwk,
        KeyError::Unsupported(_) => Code::KeyUnsupported,
        KeyError::Weak(_) => Code::WeakKey,
        KeyError::Algorithm { .. } | KeyError::Purpose(_) => Code::AlgForbidden,
        _ => Code::ProofFailed,
    };
    Reason::new(code, path, error.to_string())
}

/// The key that a URL names.
pub(super) fn key_of_method(
    method: &str,
    issuer: &str,
    path: &str,
    options: &Options<'_>,
) -> Answer<FoundKey> {
    if let Some(own) = key_in_did_url(method).map_err(|error| did_reason(path, &error))? {
        let bound = if own.did == issuer { Ok(Bound::Did) } else { owner(&own.key, issuer, options) };
        return Ok(FoundKey::one(own.key, bound));
    }
    let (address, fragment) = method.split_once('#').unwrap_or((method, ""));
    let url = match document_url(address) {
        Ok(url) => url,
        // A host may resolve methods that are not built in, and supply the document under the DID itself.
        Err(DidError::Unsupported(_)) => address.to_owned(),
        Err(error) => return Err(did_reason(path, &error)),
    };
    if let Some(text) = options.documents.document(&url) {
        return key_in_document(&text, method, address, issuer, options);
    }
    match key_in_fragment(address, fragment).map_err(|error| key_reason(path, &error))? {
        Some(key) => {
            let bound = owner(&key, issuer, options);
            Ok(FoundKey::one(key, bound))
        }
        None => pinned_or_missing(&url, issuer, path, options),
    }
}

/// The key that the header of a token names or carries.
pub(super) fn key_of_token(header: &Header, issuer: &str, options: &Options<'_>) -> Answer<FoundKey> {
    let carried = header.jwk.as_ref();
    let named = header.kid.as_deref().filter(|kid| !kid.is_empty());
    let found = match (named, carried) {
        (Some(kid), carried) => match key_of_kid(kid, issuer, options) {
            Err(reason) if carried.is_some() && reason.code == Code::DocumentMissing => None,
            other => Some(other?),
        },
        (None, _) => None,
    };
    match (found, carried) {
        (Some(found), Some(carried)) if found.keys().all(|key| key != carried) => Err(Reason::new(
            Code::ProofFailed,
            "",
            "the header carries another key than the one that it names",
        )),
        (Some(found), Some(carried)) => Ok(FoundKey::one(carried.clone(), found.bound)),
        (Some(found), None) => Ok(found),
        (None, Some(key)) => Ok(FoundKey::one(key.clone(), owner(key, issuer, options))),
        (None, None) => key_of_nobody(issuer, options),
    }
}

/// A `kid` is a URL by the specification, and in circulation also a name within the issuer's own documents.
fn key_of_kid(kid: &str, issuer: &str, options: &Options<'_>) -> Answer<FoundKey> {
    if kid.contains(':') {
        return key_of_method(kid, issuer, "", options);
    }
    let named = |json: &Json<'_>| Jwks::parse(json).ok()?.by_kid(kid).ok();
    match jwks_url(issuer).and_then(|url| supplied(&url, options, named)).flatten() {
        Some(key) => {
            let bound = match standing(&key, issuer, options) {
                Some(KeyStanding::Barred) => Err(not_listed(issuer)),
                _ => Ok(Bound::Jwks),
            };
            Ok(FoundKey::one(key, bound))
        }
        None => key_of_method(&format!("{issuer}#{}", kid.trim_start_matches('#')), issuer, "", options),
    }
}

/// A token that names no key can only be meant for the issuer's own.
fn key_of_nobody(issuer: &str, options: &Options<'_>) -> Answer<FoundKey> {
    match key_in_did_url(issuer) {
        Ok(Some(own)) if options.lenient() => Ok(FoundKey::one(own.key, Ok(Bound::Did))),
        Ok(Some(_)) => {
            Err(Reason::new(Code::Structure, "", "the header of the token names no key: it needs kid or jwk"))
        }
        _ => pinned_or_missing(issuer, issuer, "", options),
    }
}

fn key_in_document(
    text: &[u8],
    method: &str,
    address: &str,
    issuer: &str,
    options: &Options<'_>,
) -> Answer<FoundKey> {
    let json = read(text, &options.bounds.json).map_err(|error| malformed(address, error))?;
    let document = KeyDocument::parse(&json).map_err(|error| malformed(address, error))?;
    let key = match &document {
        KeyDocument::Controller(document) => {
            let key = document.assertion_key(method, options.at);
            let key = key.map_err(|error| match document.id() == issuer {
                true => Reason::new(Code::KeyNotListed, "", format!("the issuer's document: {error}")),
                false => did_reason("", &error),
            })?;
            if document.id() == issuer {
                return Ok(FoundKey::one(key, Ok(Bound::ControllerDocument)));
            }
            Ok(key)
        }
        KeyDocument::Jwk(key) => Ok((**key).clone()),
        KeyDocument::Jwks(set) => {
            let (_, fragment) = method.split_once('#').unwrap_or_default();
            set.by_kid(method).or_else(|_| set.by_kid(fragment))
        }
        KeyDocument::Method(method) => method.key(options.at),
    };
    let key = key.map_err(|error| malformed(address, error))?;
    let bound = owner(&key, issuer, options);
    Ok(FoundKey::one(key, bound))
}

/// What ties a key to an issuer when it does not come from the issuer's own document.
fn owner(key: &PublicKey, issuer: &str, options: &Options<'_>) -> Answer<Bound> {
    if options.trust.is_some_and(|trust| trust.keys(issuer).any(|pinned| pinned == key)) {
        return Ok(Bound::Pinned);
    }
    if let Ok(Some(own)) = key_in_did_url(issuer) {
        let message = "the issuer is a key itself, and another key signed";
        return if own.key == *key {
            Ok(Bound::Did)
        } else {
            Err(Reason::new(Code::KeyOfAnother, "", message))
        };
    }
    let standing = standing(key, issuer, options);
    match standing {
        Some(KeyStanding::Listed) => return Ok(Bound::ControllerDocument),
        // The issuer's own word on the key goes before a set in which it still stands.
        Some(KeyStanding::Barred) => return Err(not_listed(issuer)),
        Some(KeyStanding::Absent) | None => {}
    }
    let contained = |json: &Json<'_>| Some(Jwks::parse(json).ok()?.contains(key));
    let in_set = jwks_url(issuer).and_then(|url| supplied(&url, options, contained)).flatten();
    match (standing, in_set) {
        (_, Some(true)) => Ok(Bound::Jwks),
        (None, None) => Err(Reason::new(
            Code::BindingNotEstablished,
            "",
            format!("nothing shows that {issuer} signed it: supply its document to find out"),
        )),
        _ => Err(not_listed(issuer)),
    }
}

fn not_listed(issuer: &str) -> Reason {
    Reason::new(Code::KeyNotListed, "", format!("the document of {issuer} does not list the key"))
}

/// What the issuer's own document says about a key, if it was supplied.
fn standing(key: &PublicKey, issuer: &str, options: &Options<'_>) -> Option<KeyStanding> {
    let see = |json: &Json<'_>| {
        let document = ControllerDocument::parse(json).ok().filter(|document| document.id() == issuer)?;
        Some(document.standing(key, options.at))
    };
    document_url(issuer).ok().and_then(|url| supplied(&url, options, see)).flatten()
}

/// What a function sees in a document, if the document was supplied and is JSON.
fn supplied<T>(url: &str, options: &Options<'_>, see: impl FnOnce(&Json<'_>) -> T) -> Option<T> {
    let text = options.documents.document(url)?;
    let json = read(&text, &options.bounds.json).ok()?;
    Some(see(&json))
}

/// 1EdTech's samples write the key into the fragment of the issuer's URL; it is at hand, but says nothing.
fn key_in_fragment(address: &str, fragment: &str) -> Result<Option<PublicKey>, KeyError> {
    if !address.starts_with("https://") {
        return Ok(None);
    }
    match PublicKey::from_multikey(fragment) {
        Ok(key) => Ok(Some(key)),
        Err(error @ KeyError::Weak(_)) => Err(error),
        Err(_) => Ok(None),
    }
}

fn pinned_or_missing(url: &str, issuer: &str, path: &str, options: &Options<'_>) -> Answer<FoundKey> {
    let mut pinned = options.trust.into_iter().flat_map(|trust| trust.keys(issuer)).cloned();
    let missing = || {
        let message = format!("the key stands in a document that was not supplied: {url}");
        Reason::new(Code::DocumentMissing, path, message)
    };
    let key = pinned.next().ok_or_else(missing)?;
    Ok(FoundKey { key, others: pinned.collect(), bound: Ok(Bound::Pinned) })
}

fn did_reason(path: &str, error: &DidError) -> Reason {
    match error {
        DidError::Key { error, .. } => key_reason(path, error),
        other => Reason::new(Code::ProofFailed, path, other.to_string()),
    }
}
