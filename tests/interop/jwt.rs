//! VC-JWT: jose and PyJWT verify what we sign, and we verify what they sign.

use badges_core::{
    issue::{self, ProofKind},
    jsonld::Contexts,
    key::{KeyKind, LocalSigner, Signer as _},
    verify::Verdict,
};
use serde_json::{Map, Value, json};

use crate::{
    badges::{Dice, badge},
    integrity::{signer, verdict},
    judge::{Judge, say},
};

const COUNT: usize = 200;

#[test]
fn jose_and_we_agree_on_eddsa() {
    agree("jose.mjs", KeyKind::Ed25519, 201);
}

#[test]
fn jose_and_we_agree_on_es256() {
    agree("jose.mjs", KeyKind::P256, 202);
}

#[test]
fn pyjwt_and_we_agree_on_eddsa() {
    agree("judges.py", KeyKind::Ed25519, 203);
}

#[test]
fn pyjwt_and_we_agree_on_es256() {
    agree("judges.py", KeyKind::P256, 204);
}

#[test]
fn openbadgeslib_believes_our_tokens() {
    let Some(judge) = Judge::open("judges.py") else { return };
    let mut dice = Dice::thrown(205, "openbadgeslib, VC-JWT");
    let ask = |number: usize| {
        let signer = signer(number as u8, KeyKind::Ed25519);
        let (_, token) = signed(&mut dice, &signer);
        json!({"action": "openbadgeslib_verify", "issuer": signer.controller(), "text": token})
    };
    let questions: Vec<_> = (0..COUNT).map(ask).collect();

    for (question, answer) in questions.iter().zip(judge.ask(&questions)) {
        assert_eq!(answer["verified"], json!(true), "{answer}\n{question}");
    }
    say(&format!("judges: openbadgeslib believed {COUNT} tokens of ours"));
}

fn agree(script: &str, kind: KeyKind, seed: u64) {
    let Some(judge) = Judge::open(script) else { return };
    let mut dice = Dice::thrown(seed, &format!("{script}, {kind}"));
    let cases: Vec<_> = (0..COUNT)
        .map(|number| {
            let signer = signer(number as u8, kind);
            let (payload, token) = signed(&mut dice, &signer);
            (signer, payload, token)
        })
        .collect();

    let verify = cases
        .iter()
        .map(|(signer, _, token)| json!({"action": "jwt_verify", "token": token, "jwk": public(signer)}));
    let damaged = cases.iter().step_by(10).map(
        |(signer, _, token)| json!({"action": "jwt_verify", "token": broken(token), "jwk": public(signer)}),
    );
    let answers = judge.ask(&verify.chain(damaged).collect::<Vec<_>>());
    for ((_, payload, _), answer) in cases.iter().zip(&answers) {
        assert_eq!(answer["verified"], json!(true), "{answer}");
        assert_eq!(&answer["payload"], payload, "the claims that were signed");
    }
    assert!(answers[COUNT..].iter().all(|answer| answer["error"].is_string()), "a broken token is refused");

    let sign = cases.iter().map(|(signer, payload, _)| {
        let header = json!({"kid": signer.verification_method(), "typ": "JWT"});
        let jwk: Value = serde_json::from_str(&signer.secret_key().to_jwk()).unwrap();
        json!({"action": "jwt_sign", "payload": payload, "header": header, "jwk": jwk})
    });
    for answer in judge.ask(&sign.collect::<Vec<_>>()) {
        let token = answer["token"].as_str().unwrap_or_else(|| panic!("{answer}"));
        assert_eq!(verdict(token), Verdict::Valid, "{token}");
        assert_eq!(verdict(&broken(token)), Verdict::Invalid);
    }
    say(&format!("judges: {script} verified {COUNT} tokens of ours ({kind}), and we {COUNT} of its"));
}

/// A token of ours and its payload as we wrote it.
fn signed(dice: &mut Dice, signer: &LocalSigner) -> (Value, String) {
    let badge = badge(dice, signer.controller(), true).to_string();
    let now = "2026-11-21T00:00:00Z".parse().unwrap();
    let token = issue::sign_text(&badge, ProofKind::Jwt, now, signer, &Contexts::new());
    let token = token.unwrap_or_else(|error| panic!("{error}\n{badge}"));
    assert_eq!(verdict(&token), Verdict::Valid, "we believe our own");
    let payload = badges_core::proof::jws::Compact::parse(&token).unwrap().payload().to_vec();
    (serde_json::from_slice(&payload).unwrap(), token)
}

fn public(signer: &LocalSigner) -> Value {
    let members: Map<String, Value> = signer
        .public_key()
        .to_jwk()
        .iter()
        .map(|(name, value)| (name.to_owned(), json!(value.as_str())))
        .collect();
    Value::Object(members)
}

/// The token with another letter in the middle of its payload.
fn broken(token: &str) -> String {
    let middle = token.find('.').unwrap() + 200;
    let other = if token.as_bytes()[middle] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &token[..middle], &token[middle + 1..])
}
