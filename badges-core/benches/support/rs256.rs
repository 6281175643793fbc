//! RSA signatures, which others make and we only verify, beside the bare signature.
//!
//! The badges stand in `rs256.json`, signed once with a key that nobody kept.

use std::hint::black_box;

use badges_core::{
    did::MemoryDocuments,
    key::PublicKey,
    proof::jws::Compact,
    verify::{Options, Verdict, inspect},
};
use serde_json::Value;

use crate::{operations::Operation, workload::Workload};

/// A token of OB 3.0, and a signed assertion of OB 2.0 whose documents are at hand.
pub(crate) fn operations(work: &Workload) -> Vec<Operation<'_>> {
    let file: Value = serde_json::from_str(include_str!("rs256.json")).unwrap();
    vec![
        verify(work, &file, "verify-jwt-rs256", "jwt", Some(1.8)),
        verify(work, &file, "verify-ob2-rs256", "assertion", None),
    ]
}

fn verify<'w>(
    work: &'w Workload,
    file: &Value,
    name: &'static str,
    member: &str,
    goal: Option<f64>,
) -> Operation<'w> {
    let badge = file[member].as_str().unwrap().to_owned();
    let mut documents = MemoryDocuments::new();
    for document in file["documents"].as_array().unwrap() {
        documents.insert(document["id"].as_str().unwrap(), document.to_string());
    }
    let pem = file["documents"][2]["publicKeyPem"].as_str().unwrap().to_owned();
    let token = badge.clone();
    Operation {
        name,
        goal,
        limit_name: "parse the JWS, decode key, verify RSA 2048",
        ours: Box::new(move || {
            let options = Options::new(work.now, &work.contexts, &documents);
            assert_eq!(inspect(black_box(badge.as_bytes()), &options).verdict, Verdict::Valid);
        }),
        limit: Box::new(move || {
            let key = PublicKey::from_pem(black_box(&pem)).unwrap();
            Compact::parse(black_box(&token)).unwrap().verify(&key).unwrap();
        }),
    }
}
