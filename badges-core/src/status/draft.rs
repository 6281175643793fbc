//! A list credential before it is signed.

use super::{Bitstring, ListKind, Purpose, StatusError, StatusList};
use crate::{
    json::{Json, Object},
    time::Timestamp,
};

/// What a new `BitstringStatusListCredential` says; the credential is then signed like any other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListDraft {
    /// The URL under which the list will be served, and to which entries refer.
    pub id: String,
    /// The id of the issuer: the issuer of the badges, or one whom verifiers are told to trust.
    pub issuer: String,
    /// What the bits mean, at least one purpose.
    pub purposes: Vec<Purpose>,
    /// From when the list holds.
    pub valid_from: Option<Timestamp>,
    /// Until when it holds; afterwards no copy of it can be used to hide a revocation.
    pub valid_until: Option<Timestamp>,
    /// For how many milliseconds a copy may be kept.
    pub ttl: Option<u64>,
}

impl ListDraft {
    /// The credential without a proof.
    ///
    /// # Errors
    ///
    /// If there is no purpose, or `id` or `issuer` is empty.
    pub fn credential(&self, bits: &Bitstring) -> Result<Object<'static>, StatusError> {
        for (member, empty) in [
            ("id", self.id.is_empty()),
            ("issuer", self.issuer.is_empty()),
            ("credentialSubject.statusPurpose", self.purposes.is_empty()),
        ] {
            if empty {
                return Err(StatusError::malformed(member, "it is missing"));
            }
        }
        let text = |text: &str| Json::String(text.to_owned().into());
        let mut subject = Object::new();
        subject.set("id", text(&format!("{}#list", self.id)));
        subject.set("type", text("BitstringStatusList"));
        subject.set(
            "statusPurpose",
            match self.purposes.as_slice() {
                [one] => text(one.as_str()),
                several => Json::Array(several.iter().map(|purpose| text(purpose.as_str())).collect()),
            },
        );
        if let Some(ttl) = self.ttl {
            subject.set("ttl", Json::Number(ttl as f64));
        }
        subject.set("encodedList", Json::String(bits.encode().into()));

        let mut credential = Object::new();
        credential.set("@context", Json::Array(vec![text("https://www.w3.org/ns/credentials/v2")]));
        credential.set("id", text(&self.id));
        credential.set(
            "type",
            Json::Array(vec![text("VerifiableCredential"), text("BitstringStatusListCredential")]),
        );
        credential.set("issuer", text(&self.issuer));
        for (name, time) in [("validFrom", self.valid_from), ("validUntil", self.valid_until)] {
            if let Some(time) = time {
                credential.set(name, text(&time.to_string()));
            }
        }
        credential.set("credentialSubject", Json::Object(subject));
        Ok(credential)
    }
}

impl StatusList<'_> {
    /// The same list credential with other bits, and without its proof, which holds no longer.
    ///
    /// # Errors
    ///
    /// If the credential is not a `BitstringStatusListCredential`: the older kind is read only.
    pub fn with_bits(credential: &Object<'_>, bits: &Bitstring) -> Result<Object<'static>, StatusError> {
        let kind = StatusList::read(credential)?.kind;
        if kind == ListKind::StatusList2021 {
            return Err(StatusError::Unsupported { kind: "StatusList2021Credential".to_owned() });
        }
        let mut changed = Object::new();
        for (name, value) in credential.iter().filter(|(name, _)| *name != "proof") {
            changed.set(name.to_owned(), value.clone().into_owned());
        }
        if let Some(Json::Object(mut subject)) = changed.remove("credentialSubject") {
            subject.set("encodedList", Json::String(bits.encode().into()));
            changed.set("credentialSubject", Json::Object(subject));
        }
        Ok(changed)
    }
}
