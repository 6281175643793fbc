//! Data Integrity proofs (VC Data Integrity 1.0): parsed, checked and made.

mod hashing;
mod members;
mod suite;

pub use hashing::{Document, HashData};
pub use members::Proof;
pub use suite::Suite;

use crate::{
    json::{Json, Object},
    jsonld::{Budget, Contexts, JsonLdError},
    key::{KeyKind, PublicKey, Signer, SignerError, base58, signature},
    model::is_uri,
    time::Timestamp,
};

/// Why a proof does not hold or cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IntegrityError {
    /// `@context` of the proof is not the beginning of the document's (EdDSA Cryptosuites §3.3.2 step 4).
    #[error("the proof's own @context is not the beginning of the document's")]
    ContextOfProof,
    /// The document cannot be brought into its canonical form.
    #[error(transparent)]
    JsonLd(#[from] JsonLdError),
    /// The key is of a kind that the suite does not use.
    #[error("{suite} is not used with {found} keys: the key or the suite is the wrong one")]
    KeyKind {
        /// The suite of the proof.
        suite: &'static str,
        /// The kind of the key that was found.
        found: KeyKind,
    },
    /// A member of the proof is missing or malformed (VC Data Integrity §2.1, §4.4).
    #[error("{member} of the proof {problem}")]
    Member {
        /// The name of the member.
        member: &'static str,
        /// What is wrong with it, as the rest of a sentence.
        problem: &'static str,
    },
    /// A proof that this one builds on is not in the document (VC Data Integrity §2.1.2).
    #[error("the previous proof {0:?} is not in the document")]
    PreviousProof(String),
    /// The signature does not fit document, proof and key.
    #[error("the signature does not fit: document, proof or key were changed")]
    Signature,
    /// The signer did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The suite is known by name only.
    #[error("the proof suite {0:?} is not supported")]
    Unsupported(String),
}

/// What a proof says beside its signature.
#[derive(Clone, Debug)]
pub struct ProofOptions {
    /// When the proof was made, if that is to be said.
    pub created: Option<Timestamp>,
    /// The suite.
    pub suite: Suite,
}

/// Signs a document that carries no proof yet, and gives the proof as JSON text
/// (VC Data Integrity §4.2; purpose `assertionMethod`).
///
/// # Errors
///
/// [`IntegrityError::JsonLd`] where a member would not be protected by the signature,
/// [`IntegrityError::KeyKind`] where the signer's key is not one of the suite,
/// [`IntegrityError::Signer`] where the signer refuses.
pub fn sign(
    document: &Object<'_>,
    options: &ProofOptions,
    signer: &dyn Signer,
    contexts: &Contexts,
) -> Result<String, IntegrityError> {
    let suite = options.suite;
    let mut proof = unsigned(document, options, signer)?;
    let budget = Budget::default();
    let document = Document::new(document, contexts, &budget);
    let signature = signature(signer, &document.signed_bytes(&proof, suite, signer.public_key().kind())?)?;
    let value = format!("z{}", base58::encode(&signature));
    proof.set("proofValue", Json::String(value.into()));
    // Texts and no maps with other keys: serde_json has nothing to refuse here.
    Ok(serde_json::to_string(&proof).unwrap_or_default())
}

/// A proof but for its signature, its members in the order in which they are written.
fn unsigned<'s>(
    document: &Object<'s>,
    options: &ProofOptions,
    signer: &'s dyn Signer,
) -> Result<Object<'s>, IntegrityError> {
    let method = signer.verification_method();
    if !(method.is_ascii() && is_uri(method)) {
        return Err(IntegrityError::Member {
            member: "verificationMethod",
            problem: "is no URL: the signer must name its key by a DID URL or an https URL",
        });
    }
    let text = |text: &'s str| Json::String(text.into());
    let suite = options.suite;
    let members = [
        // The suites over JCS sign the proof's context, the others the document's.
        ("@context", document.get("@context").filter(|_| suite.signs_json()).cloned()),
        ("type", Some(text(suite.kind()))),
        ("cryptosuite", suite.cryptosuite().map(text)),
        ("created", options.created.map(|created| Json::String(created.to_string().into()))),
        ("verificationMethod", Some(text(method))),
        ("proofPurpose", Some(text("assertionMethod"))),
    ];
    let mut proof = Object::new();
    for (name, value) in members {
        if let Some(value) = value {
            proof.set(name, value);
        }
    }
    Ok(proof)
}

/// Whether a proof of a document was made with a key (VC Data Integrity §4.4; the suites' "verify" algorithms).
///
/// Says nothing about whose key it is, and nothing about dates.
///
/// # Errors
///
/// [`IntegrityError::Signature`] where the signature does not fit, and each other variant where the way to the
/// signature ends earlier.
pub fn verify(
    document: &Document<'_, '_>,
    proof: &Proof<'_, '_>,
    key: &PublicKey,
) -> Result<(), IntegrityError> {
    let bytes = document.signed_bytes(proof.object, proof.suite, key.kind())?;
    key.verify(&bytes, &proof.value).map_err(|_| IntegrityError::Signature)
}
