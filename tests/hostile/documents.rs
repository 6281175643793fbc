//! Documents that lie about keys.

use badges_core::{
    did::{ControllerDocument, DidError, Jwks, KeyDocument},
    json::{Limits, read},
    key::{KeyError, KeyKind, PublicKey, SecretKey},
};
use serde_json::{Value, json};

use crate::cases::{Cases, refused};

const DID: &str = "did:web:issuer.example";
const KEY_1: &str = "did:web:issuer.example#key-1";

fn key() -> PublicKey {
    SecretKey::from_seed(KeyKind::Ed25519, &[1; 32]).unwrap().public_key()
}

fn other_key() -> PublicKey {
    SecretKey::from_seed(KeyKind::Ed25519, &[2; 32]).unwrap().public_key()
}

/// A document that is right, with one place changed.
fn controller(change: impl FnOnce(&mut Value)) -> Result<PublicKey, DidError> {
    let mut document = json!({
        "@context": "https://www.w3.org/ns/did/v1",
        "id": DID,
        "verificationMethod": [{
            "id": KEY_1, "type": "Multikey", "controller": DID, "publicKeyMultibase": key().to_multikey().unwrap(),
        }],
        "authentication": ["#key-1"],
        "assertionMethod": ["#key-1"],
    });
    change(&mut document);
    ask(&document, KEY_1)
}

fn ask(document: &Value, name: &str) -> Result<PublicKey, DidError> {
    let text = document.to_string();
    let json = read(text.as_bytes(), &Limits::default()).unwrap();
    ControllerDocument::parse(&json)?.assertion_key(name, "2026-01-01T00:00:00Z".parse().unwrap())
}

#[test]
fn documents_that_do_not_vouch_for_the_key_are_refused() {
    let mut cases = Cases::new("controller documents");
    assert_eq!(controller(|_| {}), Ok(key()));
    let mut refuse = |name: &str, change: &dyn Fn(&mut Value), deserved: fn(&DidError) -> bool| {
        cases.run(
            name,
            || controller(|document| change(document)),
            |answer| answer.as_ref().is_err_and(deserved),
        );
    };
    let malformed = |error: &DidError| matches!(error, DidError::Malformed { .. });
    let set = |at: &'static str, value: Value| {
        move |document: &mut Value| {
            let (parent, name) = at.rsplit_once('/').unwrap();
            document.pointer_mut(parent).unwrap()[name] = value.clone();
        }
    };

    refuse("another id", &set("/id", json!("did:web:other.example")), |error| {
        matches!(error, DidError::DocumentId { .. })
    });
    refuse("an id with a slash", &set("/id", json!("did:web:issuer.example/")), |error| {
        matches!(error, DidError::DocumentId { .. })
    });
    refuse("an id that is a number", &set("/id", json!(7)), malformed);
    refuse("no id", &|document| *document = json!({}), malformed);
    refuse("an array", &|document| *document = json!([document.clone()]), malformed);
    refuse(
        "the controller is another",
        &set("/verificationMethod/0/controller", json!("did:web:other.example")),
        |error| matches!(error, DidError::Controller { .. }),
    );
    refuse("the controller is a list", &set("/verificationMethod/0/controller", json!([DID])), |error| {
        matches!(error, DidError::Controller { .. })
    });
    refuse("not for assertions", &set("/assertionMethod", json!([])), |error| {
        matches!(error, DidError::NotListed(_))
    });
    refuse("assertions by another key", &set("/assertionMethod", json!(["#key-2"])), |error| {
        matches!(error, DidError::NotListed(_))
    });
    refuse("assertions by the bare document", &set("/assertionMethod", json!([DID])), |error| {
        matches!(error, DidError::NotListed(_))
    });
    refuse("assertions by a fragment without mark", &set("/assertionMethod", json!(["key-1"])), |error| {
        matches!(error, DidError::NotListed(_))
    });
    refuse(
        "only for authentication",
        &|document| {
            let taken = document["verificationMethod"].take();
            document["authentication"] = taken;
            document["verificationMethod"] = json!([]);
        },
        |error| matches!(error, DidError::MethodMissing(_)),
    );
    refuse("another name", &set("/verificationMethod/0/id", json!("#key-2")), |error| {
        matches!(error, DidError::MethodMissing(_))
    });
    refuse("the name in capitals", &set("/verificationMethod/0/id", json!("#KEY-1")), |error| {
        matches!(error, DidError::MethodMissing(_))
    });
    refuse(
        "two methods of one name",
        &|document| {
            let mut second = document["verificationMethod"][0].clone();
            second["publicKeyMultibase"] = json!(other_key().to_multikey());
            document["verificationMethod"].as_array_mut().unwrap().push(second);
        },
        |error| matches!(error, DidError::Ambiguous(_)),
    );
    refuse(
        "a second method under the short name",
        &|document| {
            let mut second = document["verificationMethod"][0].clone();
            second["id"] = json!("#key-1");
            document["assertionMethod"] = json!([second]);
        },
        |error| matches!(error, DidError::Ambiguous(_)),
    );
    refuse(
        "300 methods",
        &|document| {
            document["verificationMethod"] = json!(vec![document["verificationMethod"][0].clone(); 300]);
        },
        |error| matches!(error, DidError::TooMany(_)),
    );
    refuse("300 assertions", &set("/assertionMethod", json!(vec!["#key-2"; 300])), |error| {
        matches!(error, DidError::TooMany(_))
    });
    refuse("a method that is a text", &set("/verificationMethod", json!(KEY_1)), malformed);
    refuse("a method without a name", &set("/verificationMethod", json!([{}])), malformed);
    refuse("revoked before", &set("/verificationMethod/0/revoked", json!("2025-12-31T23:59:59Z")), |error| {
        matches!(error, DidError::Revoked(_))
    });
    refuse("revoked now", &set("/verificationMethod/0/revoked", json!("2026-01-01T00:00:00Z")), |error| {
        matches!(error, DidError::Revoked(_))
    });
    refuse(
        "revoked without an offset",
        &set("/verificationMethod/0/revoked", json!("2030-01-01T00:00:00")),
        |error| matches!(error, DidError::Time(_)),
    );
    refuse("revoked true", &set("/verificationMethod/0/revoked", json!(true)), malformed);
    refuse("expired", &set("/verificationMethod/0/expires", json!("2026-01-01T00:00:00Z")), |error| {
        matches!(error, DidError::Expired(_))
    });
    refuse("expires at no time", &set("/verificationMethod/0/expires", json!("never")), |error| {
        matches!(error, DidError::Time(_))
    });
    refuse(
        "the secret is published",
        &set("/verificationMethod/0/secretKeyMultibase", json!("z")),
        |error| matches!(error, DidError::Key { error: KeyError::PrivateMember(_), .. }),
    );
    refuse("two keys in one method", &set("/verificationMethod/0/publicKeyJwk", json!({})), malformed);
    refuse("two types", &set("/verificationMethod/0/type", json!(["Multikey", "JsonWebKey"])), malformed);
    refuse("no type", &set("/verificationMethod/0/type", json!(null)), malformed);
    refuse("the type of another form", &set("/verificationMethod/0/type", json!("JsonWebKey")), malformed);
    for kind in [
        "X25519KeyAgreementKey2020",
        "EcdsaSecp256k1VerificationKey2019",
        "multikey",
        "RsaVerificationKey2018",
    ] {
        refuse(kind, &set("/verificationMethod/0/type", json!(kind)), |error| {
            matches!(error, DidError::Unsupported(_))
        });
    }
    refuse(
        "a P-256 key as Ed25519VerificationKey2020",
        &|document| {
            let key = SecretKey::from_seed(KeyKind::P256, &[1; 32]).unwrap().public_key();
            document["verificationMethod"][0]["type"] = json!("Ed25519VerificationKey2020");
            document["verificationMethod"][0]["publicKeyMultibase"] = json!(key.to_multikey());
        },
        malformed,
    );
    let right = json!({ "id": DID });
    for name in [DID, "did:web:issuer.example#", "#key-1", "", "key-1"] {
        let answer = ask(&right, name);
        refused!(
            cases,
            format!("asked for {name:?}"),
            answer,
            DidError::Malformed { .. } | DidError::DocumentId { .. }
        );
    }
    cases.finish();
}

#[test]
fn sets_of_keys_are_refused() {
    let mut cases = Cases::new("key sets");
    let mut own = serde_json::to_value(key().to_jwk()).unwrap();
    own["kid"] = json!("1");
    let ask = |set: Value, kid: &str| {
        let text = set.to_string();
        let json = read(text.as_bytes(), &Limits::default()).unwrap();
        Jwks::parse(&json).and_then(|set| set.by_kid(kid))
    };
    assert_eq!(ask(json!({ "keys": [own] }), "1"), Ok(key()));

    refused!(cases, "no keys", ask(json!({}), "1"), DidError::Malformed { .. });
    refused!(cases, "keys that are an object", ask(json!({ "keys": own }), "1"), DidError::Malformed { .. });
    refused!(cases, "a key that is a text", ask(json!({ "keys": ["1"] }), "1"), DidError::Malformed { .. });
    refused!(cases, "another kid", ask(json!({ "keys": [own] }), "2"), DidError::MethodMissing(_));
    refused!(
        cases,
        "a kid that is a number",
        ask(json!({ "keys": [{ "kid": 1 }] }), "1"),
        DidError::MethodMissing(_)
    );
    refused!(cases, "one kid twice", ask(json!({ "keys": [own, own] }), "1"), DidError::Ambiguous(_));
    refused!(cases, "65 keys", ask(json!({ "keys": vec![own.clone(); 65] }), "1"), DidError::TooMany(_));
    own["d"] = json!("AA");
    refused!(
        cases,
        "a private key",
        ask(json!({ "keys": [own] }), "1"),
        DidError::Key { error: KeyError::PrivateMember(_), .. }
    );
    own.as_object_mut().unwrap().remove("d");
    own["use"] = json!("enc");
    refused!(
        cases,
        "a key for encryption",
        ask(json!({ "keys": [own] }), "1"),
        DidError::Key { error: KeyError::Purpose(_), .. }
    );
    let text = json!({ "keys": [own] }).to_string();
    let json = read(text.as_bytes(), &Limits::default()).unwrap();
    assert!(!Jwks::parse(&json).unwrap().contains(&key()), "a key for encryption vouches for no signature");
    for value in [json!([]), json!("key"), json!({ "id": 7 })] {
        let text = value.to_string();
        let json = read(text.as_bytes(), &Limits::default()).unwrap();
        refused!(
            cases,
            &format!("the document {value}"),
            KeyDocument::parse(&json),
            DidError::Malformed { .. }
        );
    }
    cases.finish();
}
