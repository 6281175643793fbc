//! How a key is written, so that it is found in a document without decoding all keys there.

use crate::{
    json::{Json, Object},
    key::{PublicKey, base58},
};

/// All texts that stand for one key. Each form has one text for each key, so comparing texts compares keys.
pub(super) struct Spelling {
    multikey: Option<String>,
    jwk: Object<'static>,
    ed25519: Option<String>,
}

impl Spelling {
    pub(super) fn of(key: &PublicKey) -> Self {
        let multikey = key.to_multikey();
        // A Multikey is two bytes that tell the kind, then the key.
        let bytes = multikey.as_deref().and_then(|text| base58::decode(text.strip_prefix('z')?));
        let ed25519 = bytes.and_then(|bytes| Some(base58::encode(bytes.get(2..)?)));
        Self { multikey, jwk: key.to_jwk(), ed25519 }
    }

    /// Whether a method writes this key.
    pub(super) fn stands_in(&self, method: &Object<'_>) -> bool {
        let text = |name| method.text(name);
        let jwk = method.get("publicKeyJwk").and_then(Json::as_object);
        text("publicKeyMultibase").is_some_and(|text| self.multikey.as_deref() == Some(text))
            || text("publicKeyBase58").is_some_and(|text| self.ed25519.as_deref() == Some(text))
            || jwk.is_some_and(|jwk| is_jwk(&self.jwk, jwk))
    }
}

/// Whether a JWK is the key that this one is.
pub(super) fn is_jwk(sought: &Object<'_>, jwk: &Object<'_>) -> bool {
    sought.iter().all(|(name, value)| jwk.get(name) == Some(value))
}
