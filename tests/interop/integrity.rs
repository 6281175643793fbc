//! Data Integrity: what we sign, others verify; what they sign, we verify; and nobody accepts a change.

use badges_core::{
    did::MemoryDocuments,
    issue::{self, ProofKind},
    jsonld::Contexts,
    key::{KeyKind, LocalSigner, SecretKey},
    verify::{Options, Verdict, inspect},
};
use serde_json::{Value, json};

use crate::{
    badges::{Dice, badge},
    judge::{Judge, say},
};

const COUNT: usize = 200;
const NOW: &str = "2026-11-21T00:00:00Z";

#[test]
fn digital_bazaar_verifies_our_eddsa_rdfc_2022() {
    they_verify("eddsa-rdfc-2022", ProofKind::Rdfc, 101);
}

#[test]
fn digital_bazaar_verifies_our_eddsa_jcs_2022() {
    they_verify("eddsa-jcs-2022", ProofKind::Jcs, 102);
}

#[test]
fn we_verify_the_eddsa_rdfc_2022_of_digital_bazaar() {
    we_verify("eddsa-rdfc-2022", 103);
}

#[test]
fn we_verify_the_eddsa_jcs_2022_of_digital_bazaar() {
    we_verify("eddsa-jcs-2022", 104);
}

#[test]
fn the_verifier_of_the_consortium_believes_us() {
    let Some(judge) = Judge::open("verifier_core.mjs") else { return };
    let signed = signed(&mut Dice::thrown(105, "verifier-core"), ProofKind::Rdfc, &|_| true);

    let questions: Vec<_> = signed.iter().map(|badge| json!({"credential": badge})).collect();
    let answers = judge.ask(&questions);

    for (badge, answer) in signed.iter().zip(answers) {
        // It knows a schema for one of the two names of the type.
        let schema = badge["type"][1] == "OpenBadgeCredential";
        let all = (&answer["signature"], &answer["expiration"], answer["schema"]["valid"] == json!(true));
        assert_eq!(all, (&json!(true), &json!(true), schema), "{answer}\n{badge}");
    }
    say(&format!("judges: verifier-core believed {COUNT} of ours"));
}

#[test]
fn openbadgeslib_believes_us() {
    let Some(judge) = Judge::open("judges.py") else { return };
    // PyLD, on which it stands, leaves control characters unescaped in canonical N-Quads, and takes a whole
    // number that is spelled 1.0 for a double; jsonld.js agrees with us on both.
    let common =
        |badge: &str| !badge.contains("\\u00") && !badge.contains('\u{7f}') && !badge.contains(".0,");
    let mut dice = Dice::thrown(106, "openbadgeslib, eddsa-rdfc-2022");
    let signed = signed(&mut dice, ProofKind::Rdfc, &common);
    let ask = |badge: &Value| json!({"action": "openbadgeslib_verify", "issuer": badge["issuer"]["id"], "text": badge.to_string()});

    let answers = judge.ask(&signed.iter().map(ask).collect::<Vec<_>>());

    for (badge, answer) in signed.iter().zip(answers) {
        assert_eq!(answer["verified"], json!(true), "{answer}\n{badge}");
    }
    say(&format!("judges: openbadgeslib believed {COUNT} of ours"));
}

fn they_verify(suite: &str, kind: ProofKind, seed: u64) {
    let Some(judge) = Judge::open("data_integrity.mjs") else { return };
    let mut dice = Dice::thrown(seed, &format!("we sign {suite}"));
    let signed = signed(&mut dice, kind, &|_| true);
    let changed: Vec<_> = signed.iter().step_by(10).map(|badge| changed(badge, &mut dice)).collect();

    let ask = |badge: &Value| json!({"suite": suite, "credential": badge});
    let answers = judge.ask(&signed.iter().chain(&changed).map(ask).collect::<Vec<_>>());

    for (at, answer) in answers.iter().enumerate() {
        assert_eq!(answer["verified"] == json!(true), at < COUNT, "badge {at}: {answer}");
    }
    say(&format!(
        "judges: @digitalbazaar/vc verified {COUNT} of ours ({suite}) and refused {} changed",
        changed.len()
    ));
}

fn we_verify(suite: &str, seed: u64) {
    let Some(judge) = Judge::open("data_integrity.mjs") else { return };
    let mut dice = Dice::thrown(seed, &format!("they sign {suite}"));
    let ask = |number: usize| {
        let badge = badge(&mut dice, "did:example:set-by-the-judge", number.is_multiple_of(2));
        json!({"suite": suite, "credential": badge, "seed": format!("{number:064x}")})
    };
    let answers = judge.ask(&(0..COUNT).map(ask).collect::<Vec<_>>());

    for (number, answer) in answers.iter().enumerate() {
        let badge = &answer["credential"];
        assert_eq!(verdict(&badge.to_string()), Verdict::Valid, "badge {number}: {answer}");
        let changed = changed(badge, &mut dice).to_string();
        assert_eq!(verdict(&changed), Verdict::Invalid, "badge {number}: {changed}");
    }
    say(&format!("judges: we verified {COUNT} of @digitalbazaar/vc ({suite}) and refused as many changed"));
}

fn signed(dice: &mut Dice, kind: ProofKind, keep: &dyn Fn(&str) -> bool) -> Vec<Value> {
    let contexts = Contexts::new();
    let sign = |number: usize| {
        let signer = signer(number as u8, KeyKind::Ed25519);
        let badge = loop {
            let badge = badge(dice, signer.controller(), number.is_multiple_of(2)).to_string();
            if keep(&badge) {
                break badge;
            }
        };
        let text = issue::sign_text(&badge, kind, NOW.parse().unwrap(), &signer, &contexts);
        let text = text.unwrap_or_else(|error| panic!("badge {number}: {error}\n{badge}"));
        assert_eq!(verdict(&text), Verdict::Valid, "we believe our own");
        serde_json::from_str(&text).unwrap()
    };
    (0..COUNT).map(sign).collect()
}

/// The badge with another name for what was achieved, or without it.
fn changed(badge: &Value, dice: &mut Dice) -> Value {
    let mut changed = badge.clone();
    match dice.below(3) {
        0 => changed["credentialSubject"]["achievement"]["name"] = json!("Another"),
        1 => changed["issuer"]["name"] = json!("Somebody else"),
        _ => changed["validFrom"] = json!("2020-01-01T00:00:00Z"),
    }
    changed
}

pub fn signer(seed: u8, kind: KeyKind) -> LocalSigner {
    LocalSigner::did_key(SecretKey::from_seed(kind, &[seed.max(1); 32]).unwrap()).unwrap()
}

pub fn verdict(text: &str) -> Verdict {
    let (contexts, documents) = (Contexts::new(), MemoryDocuments::new());
    inspect(text.as_bytes(), &Options::new(NOW.parse().unwrap(), &contexts, &documents)).verdict
}
