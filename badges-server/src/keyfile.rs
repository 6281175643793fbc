//! Key files: a private JWK (RFC 7517, RFC 8037) that only its owner may read.
//!
//! Its `kid`, if there is one, is the URL under which the public part is published, such as
//! `did:web:hive.example#key-1`; without it the key stands for itself as a did:key.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use badges_core::{
    did::{DidError, document_url, key_in_did_url},
    json::{self, Json, JsonError, Limits, Object},
    key::{KeyError, KeyKind, LocalSigner, SecretKey, Signer as _},
};
use zeroize::Zeroizing;

use crate::{
    files::{self, FileError, Readers},
    output::complain,
    random::{self, RandomError},
};

/// The longest key file that is read, in bytes.
const LONGEST: usize = 64 * 1024;

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyFileError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{} cannot be used as a key ({reason}): make one with `badges keys new`", path.display())]
    Key { path: PathBuf, reason: KeyError },
    #[error("{kid:?} cannot be the name of the key: {reason}")]
    Kid { kid: String, reason: KidError },
    #[error("{} is not a key file ({reason}): make one with `badges keys new`", path.display())]
    NotJson { path: PathBuf, reason: JsonError },
    #[error("{} is PEM: turn it into a key file with `badges keys import`", .0.display())]
    Pem(PathBuf),
    #[error("{} holds {kind}, and an Ed25519 key in PKCS#8 is needed, as `openssl genpkey -algorithm ed25519` writes it: bring one, or make a key with `badges keys new`, an EC key with --alg ES256", path.display())]
    PemOfAnother { path: PathBuf, kind: &'static str },
    #[error("{} holds only the public part of a key: signing needs the file that `badges keys new` wrote", .0.display())]
    PublicOnly(PathBuf),
    #[error(transparent)]
    Random(#[from] RandomError),
    #[error("- is no name for a key, which is never written to standard output: name a file")]
    Standard,
}

/// Why a text cannot name a key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KidError {
    #[error("it is that of another key; leave --kid out and the key names itself")]
    AnotherKey,
    #[error(transparent)]
    Did(#[from] DidError),
    #[error("write a DID or https URL with a fragment, such as did:web:hive.example#key-1")]
    NoUrl,
}

/// Makes a key from the system's random numbers.
pub(crate) fn make(kind: KeyKind) -> Result<SecretKey, KeyFileError> {
    loop {
        let mut seed = Zeroizing::new([0; 32]);
        random::fill(seed.as_mut_slice())?;
        // One draw in 2^32 is no scalar of P-256.
        if let Ok(key) = SecretKey::from_seed(kind, &seed) {
            return Ok(key);
        }
    }
}

/// The key under the name that others look it up by.
pub(crate) fn named(secret: SecretKey, kid: Option<&str>) -> Result<LocalSigner, KeyFileError> {
    let refused = |reason| KeyFileError::Kid { kid: kid.unwrap_or_default().to_owned(), reason };
    let Some(kid) = kid else {
        return LocalSigner::did_key(secret).map_err(|reason| {
            refused(KidError::Did(DidError::Key { method: "did:key".to_owned(), error: reason }))
        });
    };
    let has_fragment =
        kid.split_once('#').is_some_and(|(name, fragment)| !name.is_empty() && !fragment.is_empty());
    let known = kid.starts_with("did:") || kid.starts_with("https://");
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    if !kid.bytes().all(plain) || !has_fragment || !known || url::Url::parse(kid).is_err() {
        return Err(refused(KidError::NoUrl));
    }
    match key_in_did_url(kid) {
        Ok(Some(own)) if own.key != secret.public_key() => Err(refused(KidError::AnotherKey)),
        Ok(Some(_)) => Ok(LocalSigner::new(secret, kid)),
        Ok(None) => match document_url(kid) {
            Ok(_) => Ok(LocalSigner::new(secret, kid)),
            Err(reason) => Err(refused(KidError::Did(reason))),
        },
        Err(reason) => Err(refused(KidError::Did(reason))),
    }
}

/// The document that says whose the key is (CID 1.0 §2), and where to publish it; none for a key whose name says
/// it by itself.
pub(crate) fn controller_document(key: &LocalSigner) -> Option<(String, Object<'static>)> {
    let method = key.verification_method();
    let url = document_url(key.controller()).ok()?;
    let text = |text: &str| Json::String(Cow::Owned(text.to_owned()));
    let mut entry = Object::new();
    entry.set("id", text(method));
    entry.set("type", text("Multikey"));
    entry.set("controller", text(key.controller()));
    entry.set("publicKeyMultibase", text(&key.public_key().to_multikey()?));
    let contexts = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"];
    let mut document = Object::new();
    document.set("@context", Json::Array(contexts.map(text).to_vec()));
    document.set("id", text(key.controller()));
    document.set("verificationMethod", Json::Array(vec![Json::Object(entry)]));
    document.set("assertionMethod", Json::Array(vec![text(method)]));
    Some((url, document))
}

/// Writes a key file that must not exist; nobody but its owner may read it.
pub(crate) fn write(path: &Path, key: &LocalSigner, kid: Option<&str>) -> Result<(), KeyFileError> {
    if files::is_standard(path) {
        return Err(KeyFileError::Standard);
    }
    let jwk = key.secret_key().to_jwk();
    let mut text = Zeroizing::new(String::with_capacity(jwk.len() + kid.map_or(0, str::len) * 6 + 16));
    text.push_str(jwk.trim_end_matches('}'));
    if let Some(kid) = kid {
        text.push_str(",\"kid\":");
        text.push_str(&json::canonical(&Json::String(kid.into())));
    }
    text.push_str("}\n");
    Ok(files::write_new(path, text.as_bytes(), Readers::Owner)?)
}

/// Whether a secret key stands in this file, which then is never written over.
pub(crate) fn is_key(path: &Path) -> bool {
    // Nobody may ever fill a pipe.
    let text = if path.is_file() { files::read(path, LONGEST).ok() } else { None };
    let Some(text) = text.map(Zeroizing::new) else { return false };
    let pem = text.trim_ascii_start().starts_with(b"-----BEGIN");
    let jwk = || json::read(&text, &Limits::default()).is_ok_and(|json| SecretKey::from_jwk(&json).is_ok());
    pem || jwk()
}

/// Reads a key file; one that others may read is used with a warning.
pub(crate) fn read(path: &Path) -> Result<LocalSigner, KeyFileError> {
    let text = Zeroizing::new(files::read(path, LONGEST)?);
    warn_if_open(path);
    if text.trim_ascii_start().starts_with(b"-----BEGIN") {
        return Err(KeyFileError::Pem(path.to_owned()));
    }
    let jwk = json::read(&text, &Limits::default())
        .map_err(|reason| KeyFileError::NotJson { path: path.to_owned(), reason })?;
    let object = jwk.as_object();
    if object.is_some_and(|jwk| jwk.get("kty").is_some() && jwk.get("d").is_none()) {
        return Err(KeyFileError::PublicOnly(path.to_owned()));
    }
    let secret =
        SecretKey::from_jwk(&jwk).map_err(|reason| KeyFileError::Key { path: path.to_owned(), reason })?;
    match object.and_then(|jwk| jwk.get("kid")) {
        None => named(secret, None),
        // What is no text is no name either, and must not turn the key into a did:key without a word.
        Some(kid) => named(secret, Some(kid.as_str().unwrap_or_default())),
    }
}

/// Reads an Ed25519 key in PKCS#8.
pub(crate) fn read_pem(path: &Path) -> Result<SecretKey, KeyFileError> {
    let text = Zeroizing::new(files::read(path, LONGEST)?);
    // What is not UTF-8 is no PEM: the empty text gets the same answer.
    let text = str::from_utf8(&text).unwrap_or_default();
    SecretKey::from_pkcs8_pem(text).map_err(|reason| match another(text) {
        Some(kind) => KeyFileError::PemOfAnother { path: path.to_owned(), kind },
        None => KeyFileError::Key { path: path.to_owned(), reason },
    })
}

/// What a PEM holds that is no Ed25519 key in PKCS#8, as far as its letters tell.
fn another(pem: &str) -> Option<&'static str> {
    const KINDS: [(&str, &str); 8] = [
        ("BEGIN EC P", "an EC key"),
        ("BEGIN RSA PRIVATE KEY", "an RSA key"),
        ("BEGIN OPENSSH", "a key of OpenSSH"),
        ("BEGIN PUBLIC KEY", "a public key"),
        ("BEGIN CERTIFICATE", "a certificate"),
        // The algorithm of PKCS#8 (RFC 5208 §5): id-ecPublicKey, rsaEncryption and X25519, in base64.
        ("GByqGSM49AgE", "an EC key"),
        ("BgkqhkiG9w0BAQEF", "an RSA key"),
        ("MC4CAQAwBQYDK2Vu", "an X25519 key, which cannot sign"),
    ];
    KINDS.into_iter().find(|(mark, _)| pem.contains(mark)).map(|(_, kind)| kind)
}

#[cfg(unix)]
fn warn_if_open(path: &Path) {
    let mode = path.metadata().map_or(0, |about| std::os::unix::fs::MetadataExt::mode(&about));
    if !files::is_standard(path) && mode & 0o077 != 0 {
        let path = path.display();
        complain(format!("others on this machine can read the key {path}: close it with `chmod 600 {path}`"));
    }
}

#[cfg(not(unix))]
fn warn_if_open(_: &Path) {}
