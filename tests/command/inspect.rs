//! `badges inspect`: the values on the way to a signature.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::place::Place;

#[test]
fn every_step_of_a_proof_is_shown() {
    let place = Place::furnished("inspect");
    place.run("keys new es256.json --alg ES256").done();
    let embedded = [
        "suite",
        "key",
        "canonical_proof",
        "canonical_document",
        "proof_hash",
        "document_hash",
        "hash_data",
        "signature",
    ];
    let token = ["algorithm", "kid", "key", "payload", "signing_input", "signature"];
    let cases: [(&str, &[&str]); 4] = [
        ("--proof rdfc", &embedded),
        ("--proof jcs --image plain.png", &embedded),
        ("--key es256.json", &embedded),
        ("--proof jwt", &token),
    ];

    for (at, (arguments, members)) in cases.into_iter().enumerate() {
        let file = place.issue(&format!("{arguments} --to did:example:ada --out out{at}"));

        let run = place.run(&format!("inspect {file} --json")).done();
        let words = place.run(&format!("inspect {file}")).done();

        let values = &run.answers()[0];
        for member in members {
            assert!(values[member].as_str().is_some_and(|value| !value.is_empty()), "{arguments}: {member}");
            assert!(words.out.contains(&member.replace('_', " ")), "{arguments}: {member}");
        }
        assert!(values["answer"].as_str().unwrap().starts_with("it holds"), "{arguments}: {values:#}");
    }
}

#[test]
fn what_was_added_after_signing_is_seen_whatever_its_name() {
    let place = Place::furnished("inspect-added");
    let file = place.issue("--proof jcs --to did:example:ada --out out");
    let text = place.text(&file);
    let answer = |added: &str| {
        place.write("added.json", text.replacen('{', &format!("{{{added}"), 1));
        place.run("inspect added.json --json").done().answers()[0]["answer"].as_str().unwrap().to_owned()
    };

    for added in [r#""vc":{"name":"Cosmonaut"},"#, r#""vc":{},"#, r#""vc":1,"#, r#""proven":true,"#] {
        assert!(answer(added).starts_with("it does not hold"), "{added}");
    }
    assert!(answer("").starts_with("it holds"));
}

#[test]
fn the_key_of_a_token_is_found_by_its_issuer_in_both_forms() {
    let place = Place::furnished("inspect-issuer");
    let key = place.run("keys show key.json --json").done().answers()[0].clone();
    let (issuer, multikey) = (key["issuer"].as_str().unwrap(), key["multikey"].as_str().unwrap());
    let part = |json: Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let header = part(json!({"alg": "EdDSA", "kid": format!("#{multikey}")}));
    let signature = URL_SAFE_NO_PAD.encode([1; 64]);

    for payload in [
        json!({"issuer": issuer}),
        json!({"issuer": {"id": issuer}}),
        json!({"vc": {"issuer": issuer}}),
        json!({"vc": {"issuer": {"id": issuer}}}),
        json!({"vc": 1, "issuer": issuer}),
    ] {
        place.write("token.jwt", format!("{header}.{}.{signature}", part(payload.clone())));

        let values = place.run("inspect token.jwt --json").done().answers()[0].clone();

        assert_eq!(values["key"], multikey, "{payload}: {values:#}");
        assert!(values["answer"].as_str().unwrap().starts_with("it does not hold"), "{payload}: {values:#}");
    }
}

#[test]
fn a_changed_badge_shows_that_its_proof_does_not_hold() {
    let place = Place::furnished("inspect-changed");
    let file = place.issue("--to did:example:ada --out out");
    place.write("changed.json", place.text(&file).replace("Astronaut", "Astronomer"));
    place.write(
        "odd.json",
        place.text(&file).replace("\"hashed\"", "\"smashed\"").replace("eddsa-rdfc", "magic"),
    );
    place.write("unsigned.json", "{}");
    place.write("text.json", "hello");

    let run = place.run("inspect changed.json").done();
    let odd = place.run("inspect odd.json");

    assert!(run.out.contains("answer: it does not hold"), "{run:#?}");
    assert_eq!(odd.code, 2, "{odd:#?}");
    assert!(odd.out.contains("stopped: the proof suite \"magic-2022\" is not supported"), "{odd:#?}");
    place.run("inspect unsigned.json").failed(2, &["no proof"]);
    place.run("inspect text.json").failed(2, &["neither JSON"]);
    place.run("inspect absent.json").failed(2, &["there is no file absent.json"]);
    place.run("inspect plain.png").failed(2, &["no badge in the image"]);
}
