//! Wycheproof: signatures over bytes. Those in JWS stand in `jws`.

use badges_core::{
    json::{Limits, read},
    key::{KeyError, KeyKind, PublicKey},
};
use serde_json::Value;

use crate::{bytes::hex, vectors::Suite};

pub(crate) fn jwk(jwk: &Value) -> Result<PublicKey, KeyError> {
    let text = jwk.to_string();
    PublicKey::from_jwk(&read(text.as_bytes(), &Limits::default()).unwrap())
}

/// How a file writes its signatures, and so what we must answer.
pub(crate) enum Form {
    /// As a JWS holds them: the result in the file is ours, and "acceptable" is refused.
    Jws,
    /// Otherwise, so each is refused.
    Foreign,
}

/// Every signature of a file under the group's key, which is read from each form that the group gives.
pub(crate) fn signatures(name: &str, file: &str, kind: KeyKind, form: Form) {
    let Some(mut suite) = Suite::open(name, "badinput/wycheproof") else { return };

    for group in suite.json(file)["testGroups"].as_array().unwrap() {
        let key = group_key(group, &form);
        for case in group["tests"].as_array().unwrap() {
            let message = hex(case["msg"].as_str().unwrap());
            let signature = hex(case["sig"].as_str().unwrap());
            let expected = matches!(form, Form::Jws) && case["result"] == "valid";
            let holds = key.as_ref().is_ok_and(|key| key.verify(&message, &signature).is_ok());
            let wrong = format!("{}: holds: {holds}, the key: {key:?}", case["comment"]);
            let key_fits = key.as_ref().is_ok_and(|key| key.kind() == kind);
            suite
                .check(&case["tcId"].to_string(), (holds == expected && key_fits).then_some(()).ok_or(wrong));
        }
    }
    suite.finish();
}

/// The key as PEM; where the group also gives a JWK for our use of it, both must be the same key.
fn group_key(group: &Value, form: &Form) -> Result<PublicKey, KeyError> {
    let pem = PublicKey::from_pem(group["publicKeyPem"].as_str().unwrap())?;
    for member in ["publicKeyJwk", "keyJwk"] {
        if group[member].is_object() && matches!(form, Form::Jws) {
            assert_eq!(jwk(&group[member])?, pem);
        }
    }
    assert_eq!(jwk(&serde_json::to_value(pem.to_jwk()).unwrap())?, pem);
    if let Some(multikey) = pem.to_multikey() {
        assert_eq!(PublicKey::from_multikey(&multikey)?, pem);
    }
    Ok(pem)
}

#[test]
fn ed25519_signatures_get_the_answer_of_the_suite() {
    signatures("wycheproof-ed25519", "ed25519_test.json", KeyKind::Ed25519, Form::Jws);
}

#[test]
fn keys_of_other_curves_are_unsupported_by_name() {
    let Some(mut suite) = Suite::open("wycheproof-other-keys", "badinput/wycheproof") else { return };

    for group in suite.json("ecdsa_secp256k1_sha256_p1363_test.json")["testGroups"].as_array().unwrap() {
        let answer = match &group["publicKeyJwk"] {
            Value::Null => PublicKey::from_pem(group["publicKeyPem"].as_str().unwrap()),
            key => jwk(key),
        };
        let name = format!("secp256k1 {}", group["tests"][0]["tcId"]);
        let right = answer == Err(KeyError::Unsupported("secp256k1".to_owned()));
        suite.check(&name, right.then_some(()).ok_or(format!("{answer:?}")));
    }
    for group in suite.json("x25519_jwk_test.json")["testGroups"].as_array().unwrap() {
        for case in group["tests"].as_array().unwrap() {
            let answer = jwk(&case["public"]);
            let right = match &answer {
                Err(KeyError::Unsupported(name)) => name == "X25519" || case["result"] != "valid",
                Err(_) => case["result"] != "valid",
                // Two cases offer good keys of other curves.
                Ok(key) => case["public"]["crv"] == key.kind().to_string(),
            };
            let name = format!("x25519 {}", case["tcId"]);
            suite.check(&name, right.then_some(()).ok_or(format!("{answer:?}")));
        }
    }
    suite.finish();
}
