//! `badges keys`: made, imported, shown, and never seen.

use std::{fs, os::unix::fs::PermissionsExt as _};

use crate::place::Place;

#[test]
fn a_new_key_is_its_owners_alone_and_never_shown() {
    let place = Place::new("keys-new");

    for (algorithm, kind, did) in [
        ("EdDSA", "Ed25519", "did:key:z6Mk"),
        ("ES256", "P-256", "did:key:zDn"),
        ("es256", "P-256", "did:key:zDn"),
    ] {
        let file = format!("{algorithm}.json");
        let new = place.run(&format!("keys new {file} --alg {algorithm}")).done();
        let shown = place.run(&format!("keys show {file}")).done();
        let json = place.run(&format!("keys show {file} --json")).done();

        let jwk: serde_json::Value = serde_json::from_slice(&place.read(&file)).unwrap();
        let secret = jwk["d"].as_str().unwrap();
        assert_eq!(secret.len(), 43);
        assert_eq!(jwk["crv"], kind);
        for run in [&new, &shown, &json] {
            assert!(run.out.contains(did), "{run:?}");
            assert!(!run.out.contains(secret) && !run.err.contains(secret), "{run:?}");
        }
        assert_eq!(json.answers()[0]["jwk"]["x"], jwk["x"]);
        let mode = fs::metadata(place.path(&file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }

    assert_eq!(place.names("."), ["ES256.json", "EdDSA.json", "es256.json"], "nothing else is left behind");
}

#[test]
fn no_key_is_ever_written_over() {
    let place = Place::new("keys-over");
    place.run("keys new key.json").done();
    let before = place.text("key.json");

    place.run("keys new key.json").failed(2, &["key.json exists already"]);
    place
        .run("status new --key key.json --id https://hive.example/1 --force -o key.json")
        .failed(2, &["key.json exists already"]);
    place.run("keys new -").failed(2, &["name a file"]);

    assert_eq!(place.text("key.json"), before);
    assert_eq!(place.names("."), ["key.json"]);
}

#[test]
fn a_name_that_no_url_can_have_names_no_key() {
    let place = Place::new("keys-names");
    place.run("keys new key.json").done();
    let nameless = place.text("key.json");
    let with = |kid: &str| place.write("named.json", nameless.replace("{", &format!("{{\"kid\":{kid},")));

    for kid in ["5", "null", "\"did:web:hive.example#k\\n\"", "\"https://hive.example/#<k>\""] {
        with(kid);
        place.run("keys show named.json").failed(2, &["cannot be the name of the key"]);
    }
    with("\"did:web:hive.example#k\"");
    place.run("keys show named.json").done();
}

#[test]
fn a_key_of_openssl_is_imported() {
    // The example key of RFC 8410, section 10.3.
    let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
        -----END PRIVATE KEY-----\n";
    let place = Place::new("keys-import");
    place.write("key.pem", pem);

    place.run("keys import key.pem key.json").done();

    let jwk: serde_json::Value = serde_json::from_slice(&place.read("key.json")).unwrap();
    assert_eq!(jwk["x"], "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE");
}

#[test]
fn a_key_that_is_published_elsewhere_says_what_to_publish() {
    let place = Place::new("keys-kid");

    place.run("keys new key.json --kid did:web:hive.example:badges#key-1").done();
    let shown = place.run("keys show key.json --json").done();

    let shown = &shown.answers()[0];
    assert_eq!(shown["issuer"], "did:web:hive.example:badges");
    assert_eq!(shown["publish"]["at"], "https://hive.example/badges/did.json");
    let document = &shown["publish"]["document"];
    assert_eq!(document["assertionMethod"][0], "did:web:hive.example:badges#key-1");
    assert_eq!(document["verificationMethod"][0]["publicKeyMultibase"], shown["multikey"]);
}

#[test]
fn what_is_no_key_is_refused_with_a_remedy() {
    let place = Place::new("keys-bad");
    place.run("keys new good.json").done();
    let mut jwk: serde_json::Value = serde_json::from_slice(&place.read("good.json")).unwrap();
    jwk["d"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into();
    place.write("torn.json", jwk.to_string());
    jwk.as_object_mut().unwrap().remove("d");
    place.write("public.json", jwk.to_string());
    place.write("text.json", "my secret");
    place.write("rsa.json", r#"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"}"#);
    place.write("key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    place.write(
        "ec.pem",
        "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----\n",
    );
    place.write("sec1.pem", "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n");
    place.write("binary", [0, 159, 146, 150]);

    place.run("keys show absent.json").failed(2, &["there is no file absent.json"]);
    place.run("keys show .").failed(2, &["folder"]);
    place.run("keys show torn.json").failed(2, &["torn.json", "badges keys new"]);
    place.run("keys show public.json").failed(2, &["only the public part"]);
    place.run("keys show text.json").failed(2, &["not a key file"]);
    place.run("keys show rsa.json").failed(2, &["RSA", "badges keys new"]);
    place.run("keys show key.pem").failed(2, &["badges keys import"]);
    place.run("keys show binary").failed(2, &["not a key file"]);
    place.run("keys import good.json new.json").failed(2, &["PKCS#8"]);
    place.run("keys import ec.pem new.json").failed(2, &["ec.pem holds an EC key", "Ed25519", "--alg ES256"]);
    place.run("keys import sec1.pem new.json").failed(2, &["sec1.pem holds an EC key"]);
    place.run("keys import binary new.json").failed(2, &["PKCS#8"]);
    place.run("keys new new.json --kid hive").failed(2, &["\"hive\"", "fragment"]);
    place
        .run("keys new new.json --kid did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp#z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp")
        .failed(2, &["--kid"]);
    place.run("keys new absent/new.json").failed(2, &["cannot be written"]);
}

#[test]
fn a_key_that_others_may_read_is_used_with_a_warning() {
    let place = Place::new("keys-open");
    place.run("keys new key.json").done();
    fs::set_permissions(place.path("key.json"), fs::Permissions::from_mode(0o644)).unwrap();

    let run = place.run("keys show key.json").done();

    assert!(run.err.contains("chmod 600 key.json"), "{run:?}");
}
