//! One key in a document: a verification method (CID 1.0 §2.2).

use crate::{
    json::{Json, Object, shortened},
    key::{KeyError, KeyKind, PublicKey},
    time::Timestamp,
};

use super::DidError;

/// A verification method as it stands in a document.
#[derive(Clone, Copy, Debug)]
pub struct Method<'d> {
    id: &'d str,
    object: &'d Object<'d>,
}

const SECRETS: [&str; 5] =
    ["privateKeyBase58", "privateKeyJwk", "privateKeyMultibase", "secretKeyMultibase", "secretKeyJwk"];
const MATERIAL: [&str; 3] = ["publicKeyBase58", "publicKeyJwk", "publicKeyMultibase"];

impl<'d> Method<'d> {
    pub(super) fn parse(value: &'d Json<'_>) -> Result<Self, DidError> {
        let object = value
            .as_object()
            .ok_or_else(|| DidError::malformed("verificationMethod", format!("is {}", value.kind())))?;
        let id = object
            .text("id")
            .ok_or_else(|| DidError::malformed("verificationMethod", "has no id that is a text"))?;
        Ok(Self { id, object })
    }

    /// The method's id as it is written, perhaps relative.
    pub fn id(&self) -> &'d str {
        self.id
    }

    /// Who controls the key, as far as the method says so.
    pub fn controller(&self) -> Option<&'d str> {
        self.object.text("controller")
    }

    /// The key, if it may be used at this time.
    ///
    /// # Errors
    ///
    /// [`DidError`]: `Revoked`, `Expired`, `Time`, `Unsupported` for another type of method, `Key` for a key
    /// that we do not use, `Malformed` if there is none or more than one in the method.
    pub fn key(&self, at: Timestamp) -> Result<PublicKey, DidError> {
        if let Some(revoked) = self.time("revoked")?.filter(|revoked| *revoked <= at) {
            return Err(DidError::Revoked(revoked));
        }
        if let Some(expires) = self.time("expires")?.filter(|expires| *expires <= at) {
            return Err(DidError::Expired(expires));
        }
        if let Some(secret) = SECRETS.iter().find(|name| self.object.get(name).is_some()) {
            return Err(DidError::key(self.id)(KeyError::PrivateMember((*secret).to_owned())));
        }
        if MATERIAL.iter().filter(|name| self.object.get(name).is_some()).count() != 1 {
            return Err(DidError::malformed(self.id, "a method has exactly one of the publicKey members"));
        }
        self.read()
    }

    fn read(&self) -> Result<PublicKey, DidError> {
        let kinds: Vec<_> = self.object.types().take(2).collect();
        let &[kind] = kinds.as_slice() else {
            return Err(DidError::malformed(self.id, "a method has one type"));
        };
        let key = match kind {
            "Multikey" | "EcdsaSecp256r1VerificationKey2019" | "Ed25519VerificationKey2020" => {
                PublicKey::from_multikey(self.text("publicKeyMultibase")?)
            }
            "JsonWebKey" | "JsonWebKey2020" => match self.object.get("publicKeyJwk") {
                Some(jwk) => PublicKey::from_jwk(jwk),
                None => return Err(DidError::malformed(self.id, "has no publicKeyJwk")),
            },
            "Ed25519VerificationKey2018" => PublicKey::from_ed25519_base58(self.text("publicKeyBase58")?),
            other => {
                return Err(DidError::Unsupported(format!("a key of type {:?}", shortened(other))));
            }
        };
        let key = key.map_err(DidError::key(self.id))?;
        let expected = match kind {
            "Ed25519VerificationKey2020" | "Ed25519VerificationKey2018" => Some(KeyKind::Ed25519),
            "EcdsaSecp256r1VerificationKey2019" => Some(KeyKind::P256),
            _ => None,
        };
        if expected.is_some_and(|expected| expected != key.kind()) {
            return Err(DidError::malformed(self.id, format!("a key of type {kind} is not {}", key.kind())));
        }
        Ok(key)
    }

    fn text(&self, name: &str) -> Result<&'d str, DidError> {
        self.object
            .text(name)
            .ok_or_else(|| DidError::malformed(self.id, format!("has no {name} that is a text")))
    }

    fn time(&self, name: &str) -> Result<Option<Timestamp>, DidError> {
        match self.object.get(name) {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.parse()?)),
            Some(other) => Err(DidError::malformed(self.id, format!("{name} is {}", other.kind()))),
        }
    }
}
