//! From document and proof to the bytes that are signed.

use std::{borrow::Cow, cell::OnceCell};

use sha2::{Digest, Sha256, Sha384};

use super::{IntegrityError, Suite, members::previous};
use crate::{
    json::{Json, Object, canonical_members},
    jsonld::{Budget, Contexts, HashAlgorithm, JsonLdError},
    key::KeyKind,
};

/// A document whose canonical forms are computed once, however many proofs it carries.
pub struct Document<'d, 'a> {
    object: &'d Object<'a>,
    contexts: &'d Contexts,
    budget: &'d Budget,
    dataset: OnceCell<Result<Form, JsonLdError>>,
    json: OnceCell<Form>,
}

/// A canonical form and its SHA-256.
#[derive(Clone, Debug)]
struct Form {
    text: String,
    sha256: [u8; 32],
}

impl Form {
    fn new(text: String) -> Self {
        let sha256 = Sha256::digest(&text).into();
        Self { text, sha256 }
    }
}

/// What is signed, and each step on the way to it.
#[derive(Clone, Debug)]
pub struct HashData {
    /// The canonical form of the proof without its signature.
    pub canonical_proof: String,
    /// The canonical form of the document without its proof.
    pub canonical_document: String,
    bytes: Vec<u8>,
}

impl HashData {
    /// The hash of the proof, then the hash of the document: what is signed.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The hash of the canonical proof.
    pub fn proof_hash(&self) -> &[u8] {
        self.bytes.get(..self.bytes.len() / 2).unwrap_or_default()
    }

    /// The hash of the canonical document.
    pub fn document_hash(&self) -> &[u8] {
        self.bytes.get(self.bytes.len() / 2..).unwrap_or_default()
    }
}

impl<'d, 'a> Document<'d, 'a> {
    /// A document, with its proofs or without, the contexts that it may name, and the work that it may cause.
    pub fn new(object: &'d Object<'a>, contexts: &'d Contexts, budget: &'d Budget) -> Self {
        Self { object, contexts, budget, dataset: OnceCell::new(), json: OnceCell::new() }
    }

    /// The document as it was given.
    pub fn object(&self) -> &'d Object<'a> {
        self.object
    }

    /// Transforms and hashes the document and a proof of it (EdDSA Cryptosuites §3.2.3 to §3.2.5 and §3.3.3 to
    /// §3.3.5, ECDSA Cryptosuites likewise).
    ///
    /// # Errors
    ///
    /// [`IntegrityError::KeyKind`] for a key that the suite does not use; [`IntegrityError::ContextOfProof`],
    /// [`IntegrityError::PreviousProof`] and [`IntegrityError::JsonLd`] where there is no canonical form.
    pub fn hash_data(
        &self,
        proof: &Object<'_>,
        suite: Suite,
        key: KeyKind,
    ) -> Result<HashData, IntegrityError> {
        let (proof, document) = self.forms(proof, suite, key)?;
        let bytes = hashes(&proof, &document, key);
        let canonical_document = document.into_owned().text;
        Ok(HashData { canonical_proof: proof.text, canonical_document, bytes })
    }

    /// The bytes that are signed, without the steps on the way.
    pub(super) fn signed_bytes(
        &self,
        proof: &Object<'_>,
        suite: Suite,
        key: KeyKind,
    ) -> Result<Vec<u8>, IntegrityError> {
        let (proof, document) = self.forms(proof, suite, key)?;
        Ok(hashes(&proof, &document, key))
    }

    /// The canonical forms of the proof and of the document.
    fn forms(
        &self,
        proof: &Object<'_>,
        suite: Suite,
        key: KeyKind,
    ) -> Result<(Form, Cow<'_, Form>), IntegrityError> {
        if !suite.uses(key) {
            return Err(IntegrityError::KeyKind { suite: suite.name(), found: key });
        }
        let chained = chained(self.object, proof)?;
        if suite.signs_json() {
            return self.json_forms(proof, chained.as_ref());
        }
        let hash = if key == KeyKind::P384 { HashAlgorithm::Sha384 } else { HashAlgorithm::Sha256 };
        let context = self.context_for_dataset(proof)?;
        let canonicalize = |object: &Object<'_>, omit: &[&str]| {
            let text = self.contexts.canonicalize_with(hash, object, omit, context, self.budget);
            text.map(Form::new)
        };
        let config = canonicalize(proof, &["proofValue"])?;
        let document = match (&chained, hash) {
            (Some(chained), _) => Cow::Owned(canonicalize(chained, &[])?),
            (None, HashAlgorithm::Sha256) => Cow::Borrowed(self.dataset()?),
            (None, HashAlgorithm::Sha384) => Cow::Owned(canonicalize(self.object, &["proof"])?),
        };
        Ok((config, document))
    }

    /// The suites over RDF read the proof under the document's context (EdDSA Cryptosuites §3.2.5 step 4), so
    /// another one in the proof would say something that is not signed.
    fn context_for_dataset(&self, proof: &Object<'_>) -> Result<&'d Json<'a>, IntegrityError> {
        let context = self.object.get("@context").unwrap_or(&Json::Null);
        match proof.get("@context") {
            Some(own) if own != context => Err(IntegrityError::ContextOfProof),
            _ => Ok(context),
        }
    }

    fn dataset(&self) -> Result<&Form, IntegrityError> {
        let form = self.dataset.get_or_init(|| {
            let context = self.object.get("@context").unwrap_or(&Json::Null);
            self.contexts.canonicalize(self.object, &["proof"], context, self.budget).map(Form::new)
        });
        form.as_ref().map_err(|error| IntegrityError::JsonLd(error.clone()))
    }

    fn json_forms(
        &self,
        proof: &Object<'_>,
        chained: Option<&Object<'_>>,
    ) -> Result<(Form, Cow<'_, Form>), IntegrityError> {
        let context = self.object.get("@context");
        // The signature covers the proof's context in the document's place (EdDSA Cryptosuites §3.3.2).
        let own = proof.get("@context");
        let all = context.map(Json::one_or_many).unwrap_or_default();
        if own.is_some_and(|own| !all.starts_with(own.one_or_many())) {
            return Err(IntegrityError::ContextOfProof);
        }
        let config = canonical_members(proof.iter().filter(|(name, _)| *name != "proofValue"));
        let document = match chained {
            None if own.is_none() || own == context => {
                Cow::Borrowed(self.json.get_or_init(|| json_form(self.object, None, false)))
            }
            None => Cow::Owned(json_form(self.object, own, false)),
            Some(chained) => Cow::Owned(json_form(chained, own, true)),
        };
        Ok((Form::new(config), document))
    }
}

/// The hash of the proof, then that of the document; a P-384 key takes SHA-384 (ECDSA Cryptosuites §3.2.4).
fn hashes(proof: &Form, document: &Form, key: KeyKind) -> Vec<u8> {
    match key {
        KeyKind::P384 => [Sha384::digest(&proof.text), Sha384::digest(&document.text)].concat(),
        _ => [proof.sha256, document.sha256].concat(),
    }
}

fn json_form(object: &Object<'_>, context: Option<&Json<'_>>, with_proof: bool) -> Form {
    let members = object.iter().filter(|(name, _)| with_proof || *name != "proof");
    Form::new(canonical_members(members.map(|(name, value)| match context {
        Some(context) if name == "@context" => (name, context),
        _ => (name, value),
    })))
}

/// A proof that builds on others signs the document with those others in it (VC Data Integrity §4.3, §4.5).
fn chained<'a>(document: &Object<'a>, proof: &Object<'_>) -> Result<Option<Object<'a>>, IntegrityError> {
    if proof.get("previousProof").is_none() {
        return Ok(None);
    }
    let matching: Vec<_> = previous(document, proof)?.into_iter().cloned().collect();
    let mut chained = document.clone();
    chained.set("proof", Json::Array(matching));
    Ok(Some(chained))
}
