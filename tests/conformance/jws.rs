//! Compact JWS: Wycheproof's attacks on the form, and ours on the header.

use std::collections::BTreeMap;

use badges_core::{
    did::{Jwks, key_in_did_url},
    json::{Limits, read},
    key::{KeyError, PublicKey},
    proof::jws::{Compact, JwsError},
};
use serde_json::Value;

use crate::vectors::{Suite, say};

#[test]
fn wycheproof_signatures_get_the_answer_of_the_suite() {
    wycheproof("wycheproof-jws", "json_web_signature_test.json");
}

#[test]
fn wycheproof_keys_get_the_answer_of_the_suite() {
    wycheproof("wycheproof-jwk", "json_web_key_test.json");
}

#[test]
fn wycheproof_mixtures_get_the_answer_of_the_suite() {
    wycheproof("wycheproof-jose", "json_web_crypto_test.json");
}

/// What is invalid must be refused. What is valid must hold, unless a rule of ours refuses its kind as a whole;
/// each rule is counted, and a case under a rule must be refused in the way that the rule says.
fn wycheproof(name: &str, file: &str) {
    let Some(mut suite) = Suite::open(name, "badinput/wycheproof") else { return };

    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for group in suite.json(file)["testGroups"].as_array().unwrap() {
        let key = if group["public"].is_object() { &group["public"] } else { &group["private"] };
        for case in group["tests"].as_array().unwrap() {
            let Some(jws) = case["jws"].as_str() else {
                *rules.entry("JWE: not read").or_default() += 1;
                continue;
            };
            let answer = verify(jws, key);
            let right = match (case["result"] == "valid", rule(jws, key)) {
                (false, _) => answer.is_err(),
                (true, None) => answer.is_ok(),
                (true, Some((rule, refusal))) => {
                    *rules.entry(rule).or_default() += 1;
                    answer.as_ref().is_err_and(refusal)
                }
            };
            let wrong = format!("{}: {}, but {answer:?}", case["comment"], case["result"]);
            suite.check(&case["tcId"].to_string(), right.then_some(()).ok_or(wrong));
        }
    }
    for (rule, count) in rules {
        say(&format!("vectors: {name}: {count} by the rule {rule:?}"));
    }
    suite.finish();
}

type Refusal = fn(&JwsError) -> bool;

/// The rule that refuses a valid case of a kind that we do not have.
fn rule(jws: &str, key: &Value) -> Option<(&'static str, Refusal)> {
    let one = if key["keys"].is_array() { &key["keys"][0] } else { key };
    if one["kty"] == "oct" {
        let refusal: Refusal = |error| {
            let forbidden = |name: &String| name.starts_with("HS");
            matches!(error, JwsError::AlgorithmForbidden(name) if forbidden(name))
                || matches!(error, JwsError::Base64(_))
        };
        return Some(("HS256 and its like: forbidden", refusal));
    }
    match Compact::parse(jws).err()? {
        JwsError::AlgorithmUnsupported(_) => Some(("PS, RS384, RS512 and ES512: unsupported", |error| {
            matches!(error, JwsError::AlgorithmUnsupported(_) | JwsError::Key(KeyError::Unsupported(_)))
        })),
        _ => None,
    }
}

/// Verifies as a host does that has chosen a key, or a set of keys in which `kid` chooses.
fn verify(jws: &str, key: &Value) -> Result<(), JwsError> {
    let jws = Compact::parse(jws)?;
    let text = key.to_string();
    let json = read(text.as_bytes(), &Limits::default()).unwrap();
    let key = match (key["keys"].is_array(), &jws.header().kid) {
        (true, Some(kid)) => {
            let set = Jwks::parse(&json).unwrap();
            set.by_kid(kid).map_err(|error| JwsError::Header(error.to_string()))?
        }
        _ => PublicKey::from_jwk(&json).map_err(JwsError::Key)?,
    };
    jws.verify(&key)
}

#[test]
fn attacks_on_the_header_are_told_apart() {
    let Some(mut suite) = Suite::open("attacks-jwt-form", "attacks-jwt") else { return };

    for case in suite.json("expected.json")["cases"].as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        let bytes = suite.read(file);
        let answer = match std::str::from_utf8(&bytes) {
            Ok(text) => verify_as_it_says(text.trim_end_matches('\n')),
            Err(error) => panic!("{file}: {error}"),
        };
        let right = match (file, &answer) {
            ("11-alg-NoNe.jwt", Err(JwsError::AlgorithmForbidden(name))) => name == "NoNe",
            ("13-alg-missing.jwt", Err(JwsError::Header(_))) => true,
            ("15-signature-empty.jwt" | "67-empty.jwt", Err(JwsError::NotCompact(_))) => true,
            ("17-five-segments.jwt" | "51-json-serialization.json", Err(JwsError::NotCompact(_))) => true,
            ("19-b64-false.jwt", Err(JwsError::Critical(_))) => true,
            ("47-base64-padding.jwt" | "49-newline-inside.jwt", Err(JwsError::Base64(_))) => true,
            ("53-es256-der-signature.jwt", Err(JwsError::Signature(_))) => true,
            ("55-eddsa-alg-with-ec-key.jwt", Err(JwsError::AlgorithmMismatch { .. })) => true,
            ("25-jku-x5u.jwt", Ok(others)) => others == &["jku", "x5u"],
            // Where the attack is in the payload or in whose key it is, the signature itself holds.
            (_, Ok(others)) => others.is_empty() && !REFUSED.contains(&file),
            _ => false,
        };
        suite.check(file, right.then_some(()).ok_or(format!("{answer:?}")));
    }
    suite.finish();
}

const REFUSED: [&str; 11] = [
    "11-alg-NoNe.jwt",
    "13-alg-missing.jwt",
    "15-signature-empty.jwt",
    "17-five-segments.jwt",
    "19-b64-false.jwt",
    "47-base64-padding.jwt",
    "49-newline-inside.jwt",
    "51-json-serialization.json",
    "53-es256-der-signature.jwt",
    "55-eddsa-alg-with-ec-key.jwt",
    "67-empty.jwt",
];

/// Verifies with the key that the token itself names, as one must not stop at.
fn verify_as_it_says(text: &str) -> Result<Vec<String>, JwsError> {
    let jws = Compact::parse(text)?;
    let header = jws.header();
    let key = match (&header.jwk, &header.kid) {
        (Some(key), _) => Some(key.clone()),
        (None, Some(kid)) => key_in_did_url(kid).unwrap().map(|found| found.key),
        (None, None) => panic!("no key in {header:?}"),
    };
    if let Some(key) = key {
        jws.verify(&key)?;
    }
    Ok(header.others.clone())
}

#[test]
fn open_badges_2_tokens_hold_under_the_pem_key_of_their_issuer() {
    let Some(mut suite) = Suite::open("1edtech-ob2-jws", "1edtech-public-validator/ob20") else { return };

    for (file, own) in [("simple.jwt", 1), ("simple-not-revoked.jwt", 2), ("simple-revoked.jwt", 3)] {
        let text = suite.text(file);
        let jws = Compact::parse(text.trim_ascii()).unwrap();
        let holds: Vec<_> = (1..=3)
            .filter(|number| {
                let document = suite.json(format!("assets/key{number}.json"));
                let key = PublicKey::from_pem(document["publicKeyPem"].as_str().unwrap()).unwrap();
                jws.verify(&key).is_ok()
            })
            .collect();
        suite.check(file, (holds == [own]).then_some(()).ok_or(format!("holds under {holds:?}")));
    }
    suite.finish();
}
