//! `badges verify --online`, as far as it goes without a network: what it refuses, and what it need not ask for.
//! `tests/verifier` holds the rest.

use serde_json::json;

use crate::place::{Place, TEMPLATE};

#[test]
fn an_address_that_is_not_public_is_refused_in_words() {
    let place = Place::new("online-refused");

    for (address, said) in [
        ("https://10.0.0.1/badge.json", "10.0.0.1 is an address of a private network: only public addresses"),
        ("https://[::1]/badge.json", "[::1] is an address of the machine itself: only public addresses"),
        ("https://hive.example:8443/badge.json", "hive.example is named with port 8443: only port 443"),
        ("http://hive.example/badge.json", "is not an https address: only https is fetched"),
    ] {
        let run = place.run(&format!("verify --online {address}"));
        let report = place.verify(&format!("--online {address}"));

        assert!(run.err.contains(said), "{run:#?}");
        assert_eq!((&report["verdict"], &report["code"]), (&json!("undecided"), &json!("unreadable")));
        assert_eq!(report["file"], address);
    }
    place.run("verify https://hive.example/badge.json").failed(2, &["add --online to fetch it"]);
}

#[test]
fn what_is_at_hand_is_not_fetched() {
    let place = Place::new("online-at-hand");
    place.write("template.toml", TEMPLATE);
    place.run("keys new key.json --kid did:web:hive.example#key-1").done();
    let shown = place.run("keys show key.json --json").done().answers()[0].clone();
    place.write("docs/did.json", shown["publish"]["document"].to_string());
    place.write(
        "docs/index.json",
        json!({"https://hive.example/.well-known/did.json": "did.json"}).to_string(),
    );
    let file = place.issue("--to did:example:ada --out out");

    let report = place.verify(&format!("{file} --online --documents docs"));

    assert_eq!(report["verdict"], "valid", "{report:#}");
    assert!(report["documents"].is_null());
    assert!(report["sentence"].as_str().unwrap().starts_with("This badge is genuine."));
}
