//! `badges endorse`: a statement about somebody's badge.

use badges_core::{
    json::{Limits, read},
    jsonld::Contexts,
    key::{KeyKind, LocalSigner, SecretKey},
    proof::integrity::{ProofOptions, Suite, sign},
};
use serde_json::Value;

use crate::place::Place;

#[test]
fn an_endorsement_names_the_badge_and_is_believed() {
    let place = Place::furnished("endorse");
    place.run("keys new university.json").done();

    for (at, arguments) in ["--proof rdfc", "--proof jwt", "--image plain.png"].into_iter().enumerate() {
        let badge = place.issue(&format!("{arguments} --to did:example:ada --out out{at}"));
        let out = format!("endorsement{at}.json");

        place
            .run(&format!(
                "endorse --key university.json --of {badge} --comment Accepted --name University --out {out}"
            ))
            .done();

        let endorsement: Value = serde_json::from_slice(&place.read(&out)).unwrap();
        assert_eq!(endorsement["credentialSubject"]["endorsementComment"], "Accepted");
        assert!(endorsement["credentialSubject"]["id"].as_str().unwrap().starts_with("urn:uuid:"));
        assert_eq!(endorsement["name"], "Endorsement of Astronaut");
        assert_eq!(place.verify(&out)["verdict"], "valid", "{arguments}");
        let words = place.run(&format!("verify {out}")).done();
        assert!(words.out.contains("This endorsement is genuine."), "{words:#?}");
    }
}

#[test]
fn what_is_not_to_be_relied_on_is_not_endorsed() {
    let place = Place::furnished("endorse-bad");
    let badge = place.issue("--to did:example:ada --out out");
    place.write("changed.json", place.text(&badge).replace("Astronaut", "Astronomer"));
    place.write("text.json", "hello");
    place.write("taken.json", "mine");
    let endorse = |of: &str, out: &str| {
        place.run(&format!("endorse --key key.json --of {of} --comment Good --out {out}"))
    };

    let stranger = LocalSigner::did_key(SecretKey::from_seed(KeyKind::Ed25519, &[9; 32]).unwrap()).unwrap();
    let mut foreign: Value = serde_json::from_str(&place.text(&badge)).unwrap();
    foreign.as_object_mut().unwrap().remove("proof");
    let text = foreign.to_string();
    let tree = read(text.as_bytes(), &Limits::default()).unwrap();
    let options = ProofOptions { created: None, suite: Suite::EddsaRdfc2022 };
    let proof = sign(tree.as_object().unwrap(), &options, &stranger, &Contexts::new()).unwrap();
    foreign["proof"] = serde_json::from_str(&proof).unwrap();
    place.write("foreign.json", foreign.to_string());

    endorse("foreign.json", "o.json").failed(1, &["not to be endorsed", "key_of_another"]);
    endorse("changed.json", "o.json").failed(1, &["not to be endorsed", "proof_failed"]);
    endorse("text.json", "o.json").failed(1, &["not to be endorsed", "malformed"]);
    endorse("absent.json", "o.json").failed(2, &["there is no file absent.json"]);
    endorse("plain.png", "o.json").failed(2, &["no badge in the image"]);
    endorse(&badge, "taken.json").failed(2, &["taken.json exists already"]);
    assert!(!place.path("o.json").exists());
    assert_eq!(place.text("taken.json"), "mine");
}
