//! Badges checked and signed.
//!
//! What is signed has passed every check of the verifier but the signature, on the very dataset that is then
//! hashed and signed; there is no throw-away signature.

use serde::Serialize;

use crate::{
    did::key_in_did_url,
    json::{Json, JsonError, Limits, Object, read},
    jsonld::{Contexts, JsonLdError},
    key::{KeyKind, Signer, SignerError},
    model::{DocumentKind, kind_of},
    proof::{
        integrity::{self, IntegrityError, ProofOptions, Suite},
        jws::{self, HeaderToWrite},
    },
    time::Timestamp,
    verify::{Finding, lint, lint_contexts},
};

/// How a credential is secured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProofKind {
    /// An embedded proof over the dataset: `eddsa-rdfc-2022`, or `ecdsa-rdfc-2019` for a key that is not Ed25519.
    #[default]
    Rdfc,
    /// An embedded proof over the JSON: `eddsa-jcs-2022`, or `ecdsa-jcs-2019` for a key that is not Ed25519.
    Jcs,
    /// A compact JWS around the credential (OB 3.0 §8.2.3).
    Jwt,
}

/// Why a credential was not signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The credential already carries a proof.
    #[error("the credential carries a proof already: sign it without one")]
    AlreadySigned,
    /// The proof cannot be made.
    #[error("{reason}{}", remedy(.0), reason = .0)]
    Integrity(#[from] IntegrityError),
    /// The credential is no JSON for signing.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The issuer is a key itself, and it is not the one that would sign.
    #[error(
        "the issuer {issuer} is a key, and it is not the one that signs: use its key, or name {signer} as issuer"
    )]
    KeyOfAnother {
        /// The issuer in the credential.
        issuer: String,
        /// The DID of the key that would sign.
        signer: String,
    },
    /// A verifier would refuse the credential; the findings say where and why.
    #[error("a verifier would refuse it: {}", first(.0))]
    Lint(Vec<Finding>),
    /// The credential cannot be written as JSON.
    #[error("the credential cannot be written as JSON: {0}")]
    Print(#[from] serde_json::Error),
    /// A token names the recipient by `id`, and the credential has none (OB 3.0 §8.2.3.2).
    #[error("a token needs the recipient's id, such as a DID: give one, or choose an embedded proof")]
    RecipientWithoutId,
    /// The signer did not sign the token.
    #[error(transparent)]
    Signer(#[from] SignerError),
}

/// What an issuer can do, who may still change the document.
fn remedy(error: &IntegrityError) -> &'static str {
    match error {
        IntegrityError::JsonLd(JsonLdError::Dropped { .. }) => {
            ": add the context that defines it to @context, or strike it"
        }
        IntegrityError::JsonLd(JsonLdError::ContextUnknown { .. }) => {
            ", so verifiers would refuse it: name one that they know, and strike what only this one defines"
        }
        _ => "",
    }
}

fn first(findings: &[Finding]) -> String {
    let text = findings.first().map(|finding| format!("{}: {}", finding.path, finding.message));
    let more = findings.len().saturating_sub(1);
    let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
    text.unwrap_or_default() + &more
}

/// Checks a credential and signs it: a badge, an endorsement or a status list.
///
/// Gives JSON with an embedded proof, or a compact JWS for [`ProofKind::Jwt`]. `created` is written into an
/// embedded proof.
///
/// # Errors
///
/// [`IssueError::Lint`] with all that a verifier would refuse in the document, [`IssueError::Integrity`] with the
/// first that it would refuse in the dataset; the other variants where there is no document to look at, or the
/// signer does not sign.
pub fn sign(
    credential: &impl Serialize,
    kind: ProofKind,
    created: Timestamp,
    signer: &dyn Signer,
    contexts: &Contexts,
) -> Result<String, IssueError> {
    sign_text(&serde_json::to_string(credential)?, kind, created, signer, contexts)
}

/// As [`sign`], for a credential that is at hand as JSON text.
///
/// # Errors
///
/// As [`sign`].
pub fn sign_text(
    text: &str,
    kind: ProofKind,
    created: Timestamp,
    signer: &dyn Signer,
    contexts: &Contexts,
) -> Result<String, IssueError> {
    let text = text.trim();
    let json = read(text.as_bytes(), &Limits::default())?;
    let object = json.as_object().ok_or(JsonError::Syntax("a credential is an object".to_owned()))?;
    if object.get("proof").is_some() {
        return Err(IssueError::AlreadySigned);
    }
    let mut findings = lint(object, contexts);
    if kind == ProofKind::Jcs {
        findings.extend(lint_contexts(object, contexts));
    }
    if !findings.is_empty() {
        return Err(IssueError::Lint(findings));
    }
    own_key(object, signer)?;
    match kind {
        ProofKind::Jwt => token(object, signer),
        ProofKind::Rdfc | ProofKind::Jcs => {
            let suite = suite(kind, signer);
            let options = ProofOptions { created: Some(created), suite };
            let proof = integrity::sign(object, &options, signer, contexts)?;
            let open = text.strip_suffix('}').unwrap_or(text).trim_end();
            Ok([open, ",\"proof\":", &proof, "}"].concat())
        }
    }
}

fn suite(kind: ProofKind, signer: &dyn Signer) -> Suite {
    match (kind, signer.public_key().kind()) {
        (ProofKind::Jcs, KeyKind::Ed25519) => Suite::EddsaJcs2022,
        (ProofKind::Jcs, _) => Suite::EcdsaJcs2019,
        (_, KeyKind::Ed25519) => Suite::EddsaRdfc2022,
        _ => Suite::EcdsaRdfc2019,
    }
}

/// A badge of a self-contained issuer signed by another key would never verify.
fn own_key(object: &Object<'_>, signer: &dyn Signer) -> Result<(), IssueError> {
    let issuer = object.get("issuer").and_then(Json::id).unwrap_or_default();
    let controller = signer.verification_method().split('#').next().unwrap_or_default();
    if controller == issuer {
        return Ok(());
    }
    match key_in_did_url(issuer) {
        Ok(Some(own)) if own.key != *signer.public_key() => {
            Err(IssueError::KeyOfAnother { issuer: issuer.to_owned(), signer: controller.to_owned() })
        }
        _ => Ok(()),
    }
}

/// Puts the claims before the credential (OB 3.0 §8.2.3.2; credentials of VC 2.0 stand at the top).
fn token(credential: &Object<'_>, signer: &dyn Signer) -> Result<String, IssueError> {
    let subject = credential.get("credentialSubject").and_then(Json::as_object);
    let subject_id = subject.and_then(|subject| subject.text("id"));
    if subject_id.is_none() && !matches!(kind_of(credential), DocumentKind::StatusList(_)) {
        return Err(IssueError::RecipientWithoutId);
    }
    let seconds = |name| {
        let point: Option<Timestamp> = credential.text(name).and_then(|text| text.parse().ok());
        point.map(|point| Json::Number(point.unix_seconds() as f64))
    };
    let text = |text: Option<&str>| text.map(|text| Json::String(text.to_owned().into()));
    let claims = [
        ("iss", text(credential.get("issuer").and_then(Json::id))),
        ("jti", text(credential.text("id"))),
        ("sub", text(subject_id)),
        ("nbf", seconds("validFrom")),
        ("exp", seconds("validUntil")),
    ];
    let mut payload = Object::new();
    for (claim, value) in claims {
        if let Some(value) = value {
            payload.set(claim, value);
        }
    }
    for (name, value) in credential.iter() {
        payload.set(name.to_owned(), value.clone());
    }
    let payload = serde_json::to_vec(&payload)?;
    let header = HeaderToWrite {
        kid: Some(signer.verification_method()),
        typ: Some("JWT"),
        ..HeaderToWrite::default()
    };
    Ok(jws::sign(&payload, &header, signer)?)
}

#[cfg(test)]
mod tests {
    use super::{IssueError, ProofKind, sign};
    use crate::{
        jsonld::Contexts,
        key::{KeyKind, LocalSigner, PublicKey, SecretKey, Signer, SignerError},
        model::{Achievement, Criteria, OpenBadgeCredential, Profile, Recipient},
    };

    const NOW: &str = "2026-11-21T10:00:00Z";

    fn badge(issuer: &str) -> OpenBadgeCredential {
        let criteria = Criteria::narrative("Built a rocket.");
        let achievement =
            Achievement::new("urn:uuid:2".parse().unwrap(), "Astronaut".into(), "Flew.".into(), criteria);
        let recipient = Recipient::id("urn:uuid:3".parse().unwrap());
        let (id, issuer) = ("urn:uuid:1".parse().unwrap(), Profile::new(issuer.parse().unwrap()));
        OpenBadgeCredential::builder(id, issuer, recipient, achievement, NOW.parse().unwrap())
            .build()
            .unwrap()
    }

    #[test]
    fn a_context_that_verifiers_do_not_know_is_not_signed() {
        let signer = LocalSigner::did_key(SecretKey::from_seed(KeyKind::Ed25519, &[7; 32]).unwrap()).unwrap();
        let mut badge = badge(signer.controller());
        badge.context.add("https://unknown.example/context");

        let refused = |kind| sign(&badge, kind, NOW.parse().unwrap(), &signer, &Contexts::new()).unwrap_err();

        let error = refused(ProofKind::Rdfc);
        assert!(matches!(error, IssueError::Integrity(_)));
        assert!(error.to_string().ends_with("strike what only this one defines"), "{error}");
        assert!(matches!(refused(ProofKind::Jcs), IssueError::Lint(_)));
    }

    /// Gives what OpenSSL and many a KMS give for ECDSA.
    struct Der(LocalSigner);

    impl Signer for Der {
        fn public_key(&self) -> &PublicKey {
            self.0.public_key()
        }

        fn verification_method(&self) -> &str {
            self.0.verification_method()
        }

        fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
            Ok([&[0x30, 0x44, 2, 0x20], self.0.sign(message)?.as_slice()].concat())
        }
    }

    #[test]
    fn a_signature_in_another_form_is_not_written() {
        let secret = SecretKey::from_seed(KeyKind::Ed25519, &[7; 32]).unwrap();
        let signer = Der(LocalSigner::did_key(secret).unwrap());
        let badge = badge(signer.0.controller());

        for kind in [ProofKind::Rdfc, ProofKind::Jcs, ProofKind::Jwt] {
            let error = sign(&badge, kind, NOW.parse().unwrap(), &signer, &Contexts::new()).unwrap_err();
            assert!(error.to_string().contains("68 bytes where its key's signatures have 64"), "{error}");
        }
    }
}
