//! `badges inspect`: the values on the way to a signature.

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
