//! The judges themselves: each accepts a genuine badge that is not ours, and refuses it changed.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::judge::Judge;

#[test]
fn digital_bazaar_judges() {
    let Some(judge) = Judge::open("data_integrity.mjs") else { return };
    let genuine: Value = serde_json::from_slice(&judge.vector("workload/rdfc.json")).unwrap();
    let mut changed = genuine.clone();
    changed["name"] = json!("Another");

    let answers = judge.ask(&[
        json!({"suite": "eddsa-rdfc-2022", "credential": genuine}),
        json!({"suite": "eddsa-rdfc-2022", "credential": changed}),
    ]);

    assert_eq!(answers[0], json!({"verified": true}));
    assert!(answers[1]["error"].as_str().unwrap().contains("Invalid signature"));
}

#[test]
fn the_consortium_judges() {
    let Some(judge) = Judge::open("verifier_core.mjs") else { return };
    let genuine: Value = serde_json::from_slice(&judge.vector("workload/rdfc.json")).unwrap();
    let mut changed = genuine.clone();
    changed["name"] = json!("Another");

    let answers = judge.ask(&[json!({"credential": genuine}), json!({"credential": changed})]);

    assert_eq!((&answers[0]["signature"], &answers[0]["schema"]["valid"]), (&json!(true), &json!(true)));
    assert_ne!(answers[1]["signature"], json!(true));
}

#[test]
fn jsonld_js_judges() {
    let Some(judge) = Judge::open("canonical.mjs") else { return };
    let document: Value = serde_json::from_slice(&judge.vector("workload/unsigned.json")).unwrap();

    let answers = judge.ask(&[json!({"document": document})]);

    assert_eq!(answers[0]["canonical"].as_str().unwrap().as_bytes(), judge.vector("workload/unsigned.nq"));
}

#[test]
fn python_judges() {
    let Some(judge) = Judge::open("judges.py") else { return };
    let credential = String::from_utf8(judge.vector("workload/rdfc.json")).unwrap();
    let issuer = serde_json::from_str::<Value>(&credential).unwrap()["issuer"]["id"].clone();
    let image = |file: &str| BASE64_STANDARD.encode(judge.vector(file));

    let answers = judge.ask(&[
        json!({"action": "bakery_unbake", "kind": "png", "image": image("workload/baked_ob2.png")}),
        json!({"action": "openbadgeslib_unbake", "kind": "png", "image": image("workload/baked_ob3.png")}),
        json!({"action": "openbadgeslib_verify", "issuer": issuer, "text": credential}),
        json!({"action": "openbadgeslib_verify", "issuer": issuer, "text": credential.replace("Mentor", "Master")}),
    ]);

    assert_eq!(
        answers[0]["text"].as_str().unwrap().as_bytes(),
        judge.vector("workload/ob2.RS256.jws").trim_ascii()
    );
    assert!(answers[1]["text"].as_str().unwrap().contains("OpenBadgeCredential"));
    assert_eq!(answers[2]["verified"], json!(true));
    assert!(answers[3]["error"].is_string());
}
