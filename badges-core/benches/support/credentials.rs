//! Verifying and signing beside the bare signature.

use std::hint::black_box;

use badges_core::{
    did::MemoryDocuments,
    issue::{self, ProofKind},
    json::{Limits, read},
    jsonld::Budget,
    key::{KeyKind, LocalSigner, SecretKey},
    verify::{Options, Verdict, inspect},
};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};

use crate::{operations::Operation, workload::Workload};

/// From the bytes of a badge to its full verdict, from a credential to its proof, and canonicalising alone.
pub(crate) fn operations(work: &Workload) -> Vec<Operation<'_>> {
    vec![
        verify(work, "verify-rdfc", ProofKind::Rdfc, 2.0),
        verify(work, "verify-jcs", ProofKind::Jcs, 1.6),
        verify(work, "verify-jwt", ProofKind::Jwt, 1.4),
        verify_es256(work),
        sign(work, "sign-rdfc", ProofKind::Rdfc, Some(2.5)),
        sign(work, "sign-jcs", ProofKind::Jcs, None),
        sign(work, "sign-jwt", ProofKind::Jwt, None),
        canonicalize(work),
    ]
}

fn verify<'w>(work: &'w Workload, name: &'static str, kind: ProofKind, goal: f64) -> Operation<'w> {
    let signed = work.signed(kind);
    // An embedded proof signs two hashes, a token signs its text.
    let length = if kind == ProofKind::Jwt { signed.len() } else { 64 };
    Operation {
        name,
        goal: Some(goal),
        limit_name: "decode key, verify_strict over as much text",
        ours: Box::new(move || judge(work, &signed)),
        limit: raw_verify(length),
    }
}

fn verify_es256(work: &Workload) -> Operation<'_> {
    let secret = || SecretKey::from_seed(KeyKind::P256, &[7; 32]).unwrap();
    let signer = LocalSigner::did_key(secret()).unwrap();
    let badge = work.unsigned.replace(work.signer.controller(), signer.controller());
    let token = issue::sign_text(&badge, ProofKind::Jwt, work.now, &signer, &work.contexts).unwrap();
    let message = vec![7; token.len()];
    let (key, signature) = (secret().public_key(), secret().sign(&message));
    Operation {
        name: "verify-jwt-es256",
        goal: None,
        limit_name: "verify P-256 over as much text",
        ours: Box::new(move || judge(work, &token)),
        limit: Box::new(move || key.verify(black_box(&message), &signature).unwrap()),
    }
}

/// Judges a badge that must be valid.
pub(crate) fn judge(work: &Workload, badge: &str) {
    let documents = MemoryDocuments::new();
    let report = inspect(black_box(badge.as_bytes()), &Options::new(work.now, &work.contexts, &documents));
    assert_eq!(black_box(report).verdict, Verdict::Valid);
}

/// The least that a signature over this many bytes costs.
pub(crate) fn raw_verify(length: usize) -> Box<dyn Fn()> {
    let secret = SigningKey::from_bytes(&[7; 32]);
    let (key, message) = (secret.verifying_key().to_bytes(), vec![7; length]);
    let signature = secret.sign(&message);
    Box::new(move || {
        let key = VerifyingKey::from_bytes(black_box(&key)).unwrap();
        key.verify_strict(black_box(&message), &signature).unwrap();
    })
}

fn sign<'w>(work: &'w Workload, name: &'static str, kind: ProofKind, goal: Option<f64>) -> Operation<'w> {
    let secret = SigningKey::from_bytes(&[7; 32]);
    Operation {
        name,
        goal,
        limit_name: "sign 64 bytes",
        ours: Box::new(move || {
            let text = black_box(&work.unsigned);
            black_box(issue::sign_text(text, kind, work.now, &work.signer, &work.contexts).unwrap());
        }),
        limit: Box::new(move || {
            black_box(secret.sign(black_box(&[7; 64])));
        }),
    }
}

fn canonicalize(work: &Workload) -> Operation<'_> {
    let text = work.unsigned.as_bytes();
    let json = read(text, &Limits::default()).unwrap().into_owned();
    Operation {
        name: "canonicalize",
        goal: None,
        limit_name: "read the JSON",
        ours: Box::new(move || {
            let object = black_box(&json).as_object().unwrap();
            let context = object.get("@context").unwrap();
            black_box(work.contexts.canonicalize(object, &[], context, &Budget::default()).unwrap());
        }),
        limit: Box::new(move || {
            black_box(read(black_box(text), &Limits::default()).unwrap());
        }),
    }
}
