//! Tokens: headers, algorithms, parts, signatures.

use badges_core::{
    key::{KeyError, KeyKind, LocalSigner, PublicKey, SecretKey, SignatureError, Signer as _},
    proof::jws::{Compact, HeaderToWrite, JwsError, Part, sign},
};
use serde_json::{Value, json};

use crate::{
    bytes::{base64url, hex},
    cases::{Cases, refused},
};

fn signer(kind: KeyKind) -> LocalSigner {
    LocalSigner::did_key(SecretKey::from_seed(kind, &[1; 32]).unwrap()).unwrap()
}

/// Signs any header, as only an attacker does, and verifies the result with the signer's own key.
fn under(header: &str) -> Result<(), JwsError> {
    let signer = signer(KeyKind::Ed25519);
    let signed = format!("{}.{}", base64url(header), base64url("{}"));
    let token = format!("{signed}.{}", base64url(signer.sign(signed.as_bytes()).unwrap()));
    Compact::parse(&token)?.verify(signer.public_key())
}

fn header(header: Value) -> Result<(), JwsError> {
    under(&header.to_string())
}

#[test]
fn headers_are_refused() {
    let mut cases = Cases::new("jws headers");
    assert_eq!(header(json!({ "alg": "EdDSA" })), Ok(()));
    assert_eq!(header(json!({ "alg": "Ed25519", "x5u": "https://evil.example" })), Ok(()));

    for alg in [
        "none",
        "NONE",
        "None",
        "nOnE",
        "none ",
        "",
        "HS256",
        "HS384",
        "HS512",
        "hs256",
        "dir",
        "A128KW",
        "RSA1_5",
        "eddsa",
        "EDDSA",
        "EdDSA ",
        " EdDSA",
        "rs256",
        "RSA",
        "SHA256withECDSA",
        "ES256KR",
        "Ed25519ph",
        "ECDSA",
    ] {
        refused!(cases, &format!("alg {alg:?}"), header(json!({ "alg": alg })), JwsError::AlgorithmForbidden(name) if name == alg);
    }
    for alg in ["ES256K", "ES512", "PS256", "PS384", "PS512", "RS384", "RS512", "Ed448", "ML-DSA-65"] {
        refused!(cases, &format!("alg {alg}"), header(json!({ "alg": alg })), JwsError::AlgorithmUnsupported(name) if name == alg);
    }
    for alg in ["ES256", "ES384", "RS256"] {
        refused!(
            cases,
            &format!("{alg} with an Ed25519 key"),
            header(json!({ "alg": alg })),
            JwsError::AlgorithmMismatch { .. }
        );
    }
    for alg in [json!(null), json!(7), json!(["EdDSA"]), json!({ "alg": "EdDSA" }), json!(true)] {
        refused!(cases, &format!("alg {alg}"), header(json!({ "alg": alg })), JwsError::Header(_));
    }
    for member in ["kid", "typ", "cty"] {
        for value in [json!(7), json!(["a"]), json!(null)] {
            let name = format!("{member} {value}");
            refused!(cases, &name, header(json!({ "alg": "EdDSA", member: value })), JwsError::Header(_));
        }
    }
    for crit in [json!(["b64"]), json!([]), json!(["exp"]), json!("exp"), json!(null)] {
        refused!(
            cases,
            &format!("crit {crit}"),
            header(json!({ "alg": "EdDSA", "crit": crit })),
            JwsError::Critical("crit")
        );
    }
    for b64 in [json!(false), json!(true), json!("false")] {
        refused!(
            cases,
            &format!("b64 {b64}"),
            header(json!({ "alg": "EdDSA", "b64": b64 })),
            JwsError::Critical("b64")
        );
    }
    refused!(cases, "no alg", header(json!({ "kid": "1" })), JwsError::Header(_));
    refused!(cases, "Alg", header(json!({ "Alg": "EdDSA" })), JwsError::Header(_));
    for (name, text) in [("an array", "[]"), ("a text", r#""EdDSA""#), ("null", "null"), ("a number", "7")] {
        refused!(cases, name, under(text), JwsError::Header(_));
    }
    for (name, text) in [
        ("alg twice", r#"{"alg":"EdDSA","alg":"none"}"#),
        ("alg twice, once escaped", r#"{"alg":"EdDSA","\u0061lg":"none"}"#),
        ("no JSON", "alg: EdDSA"),
        ("cut off", r#"{"alg":"EdDSA""#),
        ("more after it", r#"{"alg":"EdDSA"}{}"#),
        ("a NUL in a text", r#"{"alg":"EdDSA\u0000"}"#),
        ("a comma too many", r#"{"alg":"EdDSA",}"#),
        ("a lone surrogate", r#"{"alg":"EdDSA","kid":"\ud800"}"#),
        ("a mark in front", "\u{FEFF}{\"alg\":\"EdDSA\"}"),
    ] {
        refused!(cases, name, under(text), JwsError::HeaderJson(_));
    }
    let deep = format!(r#"{{"alg":"EdDSA","x":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    refused!(cases, "deep", under(&deep), JwsError::HeaderJson(_));
    refused!(
        cases,
        "a megabyte",
        header(json!({ "alg": "EdDSA", "x": "a".repeat(1 << 20) })),
        JwsError::HeaderJson(_)
    );
    cases.finish();
}

#[test]
fn keys_in_headers_are_refused() {
    let mut cases = Cases::new("jws jwk");
    let own = serde_json::to_value(signer(KeyKind::Ed25519).public_key().to_jwk()).unwrap();
    let jwk = |jwk: Value| header(json!({ "alg": "EdDSA", "jwk": jwk }));
    let with = |name: &str, value: Value| {
        let mut changed = own.clone();
        changed[name] = value;
        jwk(changed)
    };
    assert_eq!(jwk(own.clone()), Ok(()));

    refused!(cases, "the secret key", with("d", json!(base64url([1; 32]))), JwsError::PrivateKeyInJwk(name) if name == "d");
    refused!(cases, "a symmetric key", jwk(json!({ "kty": "oct", "k": "AA" })), JwsError::PrivateKeyInJwk(_));
    refused!(cases, "a key for encryption", with("use", json!("enc")), JwsError::Key(KeyError::Purpose(_)));
    refused!(
        cases,
        "a key for another algorithm",
        with("alg", json!("ES256")),
        JwsError::Key(KeyError::Algorithm { .. })
    );
    refused!(
        cases,
        "a key of another curve",
        with("crv", json!("Ed448")),
        JwsError::Key(KeyError::Unsupported(_))
    );
    refused!(cases, "a text", jwk(json!("key")), JwsError::Key(KeyError::Malformed { .. }));
    refused!(cases, "null", jwk(json!(null)), JwsError::Key(KeyError::Malformed { .. }));
    let identity = base64url(hex("0100000000000000000000000000000000000000000000000000000000000000"));
    refused!(cases, "a point of small order", with("x", json!(identity)), JwsError::Key(KeyError::Weak(_)));
    let small = json!({ "kty": "RSA", "n": base64url([0xC5; 128]), "e": "AQAB" });
    refused!(cases, "RSA with 1024 bits", jwk(small), JwsError::Key(KeyError::Weak(_)));
    // The key that the caller chose decides, not the one in the header.
    let attacker =
        serde_json::to_value(SecretKey::from_seed(KeyKind::Ed25519, &[2; 32]).unwrap().public_key().to_jwk());
    let mine = signer(KeyKind::Ed25519);
    let token = sign(b"{}", &HeaderToWrite { jwk: true, ..HeaderToWrite::default() }, &mine).unwrap();
    let chosen = SecretKey::from_seed(KeyKind::Ed25519, &[2; 32]).unwrap().public_key();
    refused!(
        cases,
        "its own key instead of the chosen one",
        Compact::parse(&token).unwrap().verify(&chosen),
        JwsError::Signature(SignatureError::Mismatch)
    );
    assert_eq!(jwk(attacker.unwrap()), Ok(()), "a foreign jwk changes nothing");
    cases.finish();
}

#[test]
fn forms_are_refused() {
    let mut cases = Cases::new("jws form");
    let token = sign(b"{\"a\":1}", &HeaderToWrite::default(), &signer(KeyKind::Ed25519)).unwrap();
    let parts: Vec<_> = token.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!("{token}") };
    let parse = |text: &str| Compact::parse(text).map(|jws| jws.payload().to_vec());

    for (name, text) in [
        ("empty", String::new()),
        ("no dots", header.to_owned()),
        ("two parts", format!("{header}.{payload}")),
        ("four parts", format!("{token}.")),
        ("five parts", format!("{token}.{payload}.{signature}")),
        ("a dot in front", format!(".{token}")),
        ("only dots", "..".to_owned()),
        ("no header", format!(".{payload}.{signature}")),
        ("no signature", format!("{header}.{payload}.")),
        ("JSON", format!(r#"{{"protected":"{header}","payload":"{payload}","signature":"{signature}"}}"#)),
    ] {
        refused!(cases, name, parse(&text), JwsError::NotCompact(_));
    }
    for (name, odd) in [
        ("padding", "="),
        ("a space", " "),
        ("a line end", "\n"),
        ("a return", "\r\n"),
        ("a plus", "+"),
        ("a slash", "/"),
        ("a NUL", "\0"),
        ("an umlaut", "ä"),
        ("a tilde", "~"),
    ] {
        let in_header = format!("{header}{odd}.{payload}.{signature}");
        refused!(cases, &format!("{name} in the header"), parse(&in_header), JwsError::Base64(Part::Header));
        let in_payload = format!("{header}.{payload}{odd}.{signature}");
        refused!(
            cases,
            &format!("{name} in the payload"),
            parse(&in_payload),
            JwsError::Base64(Part::Payload)
        );
        let in_signature = format!("{header}.{payload}.{signature}{odd}");
        refused!(
            cases,
            &format!("{name} in the signature"),
            parse(&in_signature),
            JwsError::Base64(Part::Signature)
        );
    }
    // 64 bytes leave two characters with four bits unused, 7 bytes two with four.
    let stray = |text: &str| format!("{}{}", &text[..text.len() - 1], "B");
    refused!(
        cases,
        "stray bits in the payload",
        parse(&format!("{header}.{}.{signature}", stray(payload))),
        JwsError::Base64(Part::Payload)
    );
    refused!(
        cases,
        "stray bits in the signature",
        parse(&format!("{header}.{payload}.{}", stray(signature))),
        JwsError::Base64(Part::Signature)
    );
    refused!(cases, "white space in front", parse(&format!(" {token}")), JwsError::Base64(Part::Header));
    cases.finish();
}

#[test]
fn signatures_are_refused() {
    let mut cases = Cases::new("signatures");
    let message = b"message";
    let ed = signer(KeyKind::Ed25519);
    let good = ed.sign(message).unwrap();
    let mut verify =
        |name: &str, key: &PublicKey, signature: &[u8], deserved: fn(&SignatureError) -> bool| {
            cases.run(name, || key.verify(message, signature), |answer| answer.as_ref().is_err_and(deserved));
        };
    let mismatch = |error: &SignatureError| *error == SignatureError::Mismatch;
    let length = |error: &SignatureError| matches!(error, SignatureError::Length { .. });

    let order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut beyond = good.clone();
    let mut carry = 0;
    for (byte, add) in beyond[32..].iter_mut().zip(order) {
        carry += u16::from(*byte) + u16::from(add);
        *byte = carry as u8;
        carry >>= 8;
    }
    verify("Ed25519, S and the order", ed.public_key(), &beyond, mismatch);
    let mut high = good.clone();
    high[63] |= 0xE0;
    verify("Ed25519, S with high bits", ed.public_key(), &high, mismatch);
    verify("Ed25519, all zeros", ed.public_key(), &[0; 64], mismatch);
    let small =
        [&hex("0100000000000000000000000000000000000000000000000000000000000000")[..], &[0; 32]].concat();
    verify("Ed25519, R the identity and S zero", ed.public_key(), &small, mismatch);
    verify("Ed25519, S zero", ed.public_key(), &[&good[..32], &[0; 32]].concat(), mismatch);
    verify("Ed25519, 63 bytes", ed.public_key(), &good[..63], length);
    verify("Ed25519, 65 bytes", ed.public_key(), &[&good[..], &[0]].concat(), length);
    verify("Ed25519, nothing", ed.public_key(), &[], length);

    let ec = signer(KeyKind::P256);
    let good = ec.sign(message).unwrap();
    let order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    let (r, s) = good.split_at(32);
    let one = [&[0; 31][..], &[1]].concat();
    for (name, signature) in [
        ("r and s zero", vec![0; 64]),
        ("r zero", [&[0; 32], s].concat()),
        ("s zero", [r, &[0; 32]].concat()),
        ("r the order", [&order, s].concat()),
        ("s the order", [r, &order].concat()),
        ("r and s the order", [&order[..], &order].concat()),
        ("r and s one", [&one[..], &one].concat()),
        ("r and s all ones", vec![0xFF; 64]),
        ("s before r", [s, r].concat()),
    ] {
        verify(&format!("P-256, {name}"), ec.public_key(), &signature, mismatch);
    }
    let der = [&[0x30, 0x44, 2, 0x20][..], r, &[2, 0x20], s].concat();
    verify("P-256, DER", ec.public_key(), &der, length);
    verify("P-256, r and s of P-384", ec.public_key(), &[7; 96], length);
    verify("P-256, nothing", ec.public_key(), &[], length);
    verify("an Ed25519 signature under P-256", ec.public_key(), &ed.sign(message).unwrap(), mismatch);
    verify("a P-256 signature under Ed25519", ed.public_key(), &good, mismatch);
    cases.finish();
}
