//! Verifying and signing beside the bare signature.

use std::hint::black_box;

use badges_core::{
    did::MemoryDocuments,
    issue::{self, ProofKind},
    json::{Limits, read},
    jsonld::Budget,
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
        sign(work, "sign-rdfc", ProofKind::Rdfc, Some(2.5)),
        sign(work, "sign-jcs", ProofKind::Jcs, None),
        sign(work, "sign-jwt", ProofKind::Jwt, None),
        canonicalize(work),
    ]
}

fn verify<'w>(work: &'w Workload, name: &'static str, kind: ProofKind, goal: f64) -> Operation<'w> {
    let signed = work.signed(kind);
    let documents = MemoryDocuments::new();
    // An embedded proof signs two hashes, a token signs its text.
    let length = if kind == ProofKind::Jwt { signed.len() } else { 64 };
    Operation {
        name,
        goal: Some(goal),
        limit_name: "decode key, verify_strict over as much text",
        ours: Box::new(move || {
            let options = Options::new(work.now, &work.contexts, &documents);
            let report = inspect(black_box(signed.as_bytes()), &options);
            assert_eq!(black_box(report).verdict, Verdict::Valid);
        }),
        limit: raw_verify(length),
    }
}

fn raw_verify(length: usize) -> Box<dyn Fn()> {
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
