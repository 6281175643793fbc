//! did:key: every key of the method's vectors, read, written and found in its document.

use badges_core::{
    did::{ControllerDocument, DidError, did_key, key_in_did_url},
    json::{Limits, read},
    key::{KeyError, KeyKind, SecretKey},
};
use serde_json::Value;

use crate::{bytes::hex, vectors::Suite};

#[test]
fn keys_that_we_use_are_read_written_and_found_in_their_document() {
    let Some(mut suite) = Suite::open("did-key", "did-key") else { return };

    for file in ["ed25519-x25519.json", "nist-curves.json"] {
        for (did, case) in suite.json(file).as_object().unwrap() {
            let outcome = match did {
                did if did.starts_with("did:key:z2J9") => unsupported(did, "P-521"),
                did => supported(did, case),
            };
            suite.check(did, outcome);
        }
    }
    suite.finish();
}

#[test]
fn other_kinds_of_key_are_unsupported_by_name() {
    let Some(mut suite) = Suite::open("did-key-other", "did-key") else { return };

    for (file, name) in [
        ("secp256k1.json", "secp256k1"),
        ("x25519.json", "X25519"),
        ("rsa.json", "RSA (as Multikey)"),
        ("bls12381.json", "BLS12-381 G2"),
    ] {
        let cases = suite.json(file);
        let cases = if cases["didDocument"].is_object() { &cases["didDocument"] } else { &cases };
        for did in cases.as_object().unwrap().keys() {
            let name = if did.starts_with("did:key:z5Tc") { "BLS12-381 G1 and G2" } else { name };
            suite.check(did, unsupported(did, name));
        }
    }
    suite.finish();
}

fn unsupported(did: &str, kind: &str) -> Result<(), String> {
    match key_in_did_url(did) {
        Err(DidError::Key { error: KeyError::Unsupported(name), .. }) if name == kind => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

fn supported(did: &str, case: &Value) -> Result<(), String> {
    let wrong = |error: DidError| error.to_string();
    let multikey = did.strip_prefix("did:key:").unwrap();
    let method = format!("{did}#{multikey}");
    let key = key_in_did_url(&method).map_err(wrong)?.unwrap().key;
    if did_key(&key).as_deref() != Some(did) {
        return Err(format!("written as {:?}", did_key(&key)));
    }
    let document = case["didDocument"].to_string();
    let document = read(document.as_bytes(), &Limits::default()).unwrap();
    let document = ControllerDocument::parse(&document).map_err(wrong)?;
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    let listed = case["didDocument"]["verificationMethod"][0]["id"].as_str().unwrap();
    let listed = if listed.starts_with('#') { format!("{did}{listed}") } else { listed.to_owned() };
    match document.assertion_key(&listed, at) {
        Ok(found) if found == key => {}
        // A type that was never more than a draft.
        Err(DidError::Unsupported(name)) if name == "a key of type \"P256Key2021\"" => {}
        other => return Err(format!("the document gives {other:?}")),
    }
    if let Some(seed) = case["seed"].as_str() {
        let secret = SecretKey::from_seed(KeyKind::Ed25519, hex(seed).as_slice().try_into().unwrap());
        if secret.unwrap().public_key() != key {
            return Err("the seed gives another key".to_owned());
        }
    }
    Ok(())
}
