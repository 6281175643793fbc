//! `badges verify`: verdicts, exit codes and words.

use badges_core::{
    key::{KeyKind, LocalSigner, SecretKey, Signer as _},
    proof::jws::{HeaderToWrite, sign},
};
use serde_json::{Value, json};

use crate::place::{Place, TEMPLATE};

fn flipped(text: &str) -> String {
    text.replace("Astronaut", "Astronomer")
}

#[test]
fn people_read_one_sentence_first_then_the_checks() {
    let place = Place::furnished("verify-words");
    let file = place.issue("--to ada@example.org --out out");
    let issuer = place.run("keys show key.json --json").done().answers()[0]["issuer"].clone();
    place.write("trust.json", json!({"issuers": [{"id": issuer}]}).to_string());

    let run = place.run(&format!("verify {file}")).done();
    let trusted = place.run(&format!("verify {file} --trust trust.json --require-trust")).done();

    let lines: Vec<_> = run.out.lines().collect();
    assert_eq!(lines[0], format!("{file}: valid"));
    assert!(
        lines[1]
            .starts_with("This badge is genuine. The issuer who goes by the name \"Hive Chicago\" (did:key:")
    );
    assert!(lines[1].contains("awarded \"Astronaut\" on "), "{}", lines[1]);
    let checks: Vec<_> = lines[2..].iter().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(checks, ["structure", "proof[0]", "binding", "trust", "time", "recipient", "schema"]);
    assert!(
        trusted.out.contains("This badge is genuine. Hive Chicago awarded \"Astronaut\" on "),
        "{trusted:#?}"
    );
    assert!(!run.out.contains('\x1b'), "no colours where nobody looks");
}

#[test]
fn what_is_no_badge_is_told_so_in_plain_words() {
    let place = Place::furnished("verify-no-badge");
    place.write("class.csv", "email,name\nada@example.org,Ada\n");
    place.write("prose.txt", "https://hive.example is where we award badges.\nCome and see.\n");
    place.write("note.txt", "remember the milk");

    for file in ["class.csv", "template.toml", "prose.txt", "note.txt"] {
        let report = place.verify(file);
        assert_eq!(report["code"], "malformed", "{file}: {report:#}");
        let said = place.run(&format!("verify {file}")).out;
        assert!(said.contains("neither JSON, nor a token of three parts, nor a picture"), "{said}");
    }
}

#[test]
fn an_end_and_an_achievement_are_told() {
    let place = Place::furnished("verify-until");
    place.write("template.toml", format!("validUntil = 2031-12-31\n{}", TEMPLATE));
    let file = place.issue("--to ada@example.org --out out");

    let report = place.verify(&file);

    assert_eq!(report["validUntil"], "2031-12-31T23:59:59Z");
    assert_eq!(report["achievement"], "https://hive.example/badges/astronaut");
    assert!(report["validFrom"].is_string());
    let words = place.run(&format!("verify {file}")).done();
    assert!(words.out.contains("It is valid until 31 December 2031."), "{words:#?}");
}

#[test]
fn a_changed_badge_is_never_believed() {
    let place = Place::furnished("verify-changed");
    for (at, proof) in ["rdfc", "jcs", "jwt"].into_iter().enumerate() {
        let file = place.issue(&format!("--proof {proof} --to did:example:ada --out out{at}"));
        let text = place.text(&file);
        let changed = match proof {
            "jwt" => {
                let (header, payload) = text.split_once('.').unwrap();
                let letter = if payload[40..].starts_with('A') { "B" } else { "A" };
                format!("{header}.{}{letter}{}", &payload[..40], &payload[41..])
            }
            _ => flipped(&text),
        };
        place.write(&file, changed);

        let report = place.verify(&file);

        assert_eq!(report["verdict"], "invalid", "{proof}: {report:#}");
    }
}

#[test]
fn each_verdict_has_its_exit_code_and_its_word() {
    let place = Place::furnished("verify-verdicts");
    place.write("out/plain.json", "{}");
    place.write("out/empty.json", "");
    place.write("out/binary.json", [0xff, 0x00]);
    let file = place.issue("--to did:example:ada --out in");
    let short = TEMPLATE.replace("[issuer]", "validFrom = 2020-01-01\nvalidUntil = 2020-12-31\n[issuer]");
    place.write("short.toml", short);
    let run =
        place.run("issue --key key.json --template short.toml --to did:example:ada --out old --json").done();
    let old = run.answers()[0]["file"].as_str().unwrap().to_owned();
    let code = |arguments: &str| place.verify(arguments)["code"].as_str().unwrap().to_owned();

    assert_eq!(code("out/plain.json"), "not_a_badge");
    assert_eq!(code("out/empty.json"), "malformed");
    assert_eq!(code("out/binary.json"), "malformed");
    assert_eq!(code("absent.json"), "unreadable");
    assert_eq!(code("plain.png"), "no_badge_in_image");
    assert_eq!(code(&format!("{file} --recipient did:example:eve")), "recipient_mismatch");
    assert_eq!(code(&format!("{file} --at 2020-01-01")), "not_yet_valid");
    assert_eq!(code(&old), "expired");
    assert_eq!(code(&format!("{old} --at 2020-12-31T23:59:59Z")), "valid");
    assert_eq!(code(&format!("{old} --at 2020-06-01T00:00:00+02:00")), "valid");

    let sentence = |arguments: &str| place.run(&format!("verify {arguments}")).out;
    assert!(sentence(&old).contains("no longer valid: it ended on 31 December 2020."));
    assert!(
        sentence(&format!("{old} --at 2019-01-01")).contains("not valid yet: it begins on 1 January 2020.")
    );
    assert!(sentence("out/plain.json").contains("This is not a badge"));
}

#[test]
fn of_several_files_a_refusal_beats_an_open_question() {
    let place = Place::furnished("verify-several");
    let good = place.issue("--to did:example:ada --out good");
    place.write("bad.json", flipped(&place.text(&good)));
    let codes = |files: &str| place.run(&format!("verify {files}")).code;

    assert_eq!(codes(&format!("{good} good")), 0);
    assert_eq!(codes(&format!("{good} absent.json")), 2);
    assert_eq!(codes(&format!("absent.json bad.json {good}")), 1);
    let run = place.run(&format!("verify {good} absent.json bad.json"));
    assert!(run.out.ends_with("3 files: 1 genuine, 1 not to be relied on, 1 not decided\n"), "{run:#?}");
    assert!(run.err.contains("there is no file absent.json: check the name"), "{run:#?}");
}

#[test]
fn folders_standard_input_and_pictures_are_all_read() {
    let place = Place::furnished("verify-sources");
    let json = place.issue("--to did:example:ada --out out/a");
    place.issue("--to did:example:ada --out out/b --image plain.png");
    place.issue("--to did:example:ada --out out/b/c --proof jwt");
    place.write("out/notes.txt", "not looked at");
    place.write("out/.hidden.json", "{}");
    place.write("empty/notes.txt", "nothing here");

    let run = place.run("verify out --json").done();
    let piped = place.feed("verify - --json", &place.read(&json)).done();

    assert_eq!(run.answers().len(), 3, "{run:#?}");
    assert_eq!(piped.answers()[0]["file"], "-");
    place.run("verify empty").failed(2, &["the folder empty holds no badge", ".json"]);
    assert_eq!(place.run(&format!("verify empty {json}")).code, 2);
}

#[test]
fn the_trust_file_decides_only_where_it_is_asked_to() {
    let place = Place::furnished("verify-trust");
    let file = place.issue("--to did:example:ada --out out");
    let shown = place.run("keys show key.json --json").done().answers()[0].clone();
    place.write("nobody.json", r#"{"issuers":[]}"#);
    place.write(
        "us.json",
        json!({"issuers": [{"id": shown["issuer"], "keys": [shown["multikey"]]}]}).to_string(),
    );
    place.write("typo.json", r#"{"issuers":[{"ID":"did:web:a.example"}]}"#);
    place.write("text.json", "trust me");
    let trust = |report: &Value| {
        let checks = report["checks"].as_array().unwrap();
        checks.iter().find(|check| check["check"] == "trust").unwrap()["outcome"].clone()
    };

    let unasked = place.verify(&file);
    let unlisted = place.verify(&format!("{file} --trust nobody.json"));
    let required = place.verify(&format!("{file} --trust nobody.json --require-trust"));
    let listed = place.verify(&format!("{file} --trust us.json --require-trust"));

    assert_eq!((trust(&unasked), &unasked["verdict"]), (json!("not_asked"), &json!("valid")));
    assert_eq!((trust(&unlisted), &unlisted["verdict"]), (json!("failed"), &json!("valid")));
    assert_eq!((trust(&required), &required["verdict"]), (json!("failed"), &json!("invalid")));
    assert_eq!((trust(&listed), &listed["verdict"]), (json!("passed"), &json!("valid")));
    place.run(&format!("verify {file} --trust typo.json")).failed(2, &["trust file typo.json", "\"ID\""]);
    place.run(&format!("verify {file} --trust text.json")).failed(2, &["trust file text.json", "issuers"]);
    place.run(&format!("verify {file} --trust absent.json")).failed(2, &["there is no file absent.json"]);
}

#[test]
fn documents_are_found_by_index_or_by_name() {
    let place = Place::new("verify-documents");
    place.write("template.toml", TEMPLATE);
    place.run("keys new key.json --kid did:web:hive.example:badges#key-1").done();
    let file = place.issue("--to did:example:ada --out out");
    let document =
        place.run("keys show key.json --json").done().answers()[0]["publish"]["document"].to_string();
    place.write("by-name/https%3A%2F%2Fhive.example%2Fbadges%2Fdid.json", &document);
    place.write("by-index/did/hive.json", &document);
    place.write("by-index/index.json", r#"{"https://hive.example/badges/did.json":"did/hive.json"}"#);
    place.write("torn/index.json", r#"{"https://hive.example/badges/did.json":"#);
    place.write("gone/index.json", r#"{"https://hive.example/badges/did.json":"did.json"}"#);
    place.write("relative/index.json", r#"{"did.json":"did.json"}"#);
    place.write("empty/nothing.txt", "");

    for folder in ["by-name", "by-index"] {
        assert_eq!(place.verify(&format!("{file} --documents {folder}"))["verdict"], "valid", "{folder}");
    }
    assert_eq!(place.verify(&format!("{file} --documents empty"))["code"], "document_missing");
    let failed = |folder: &str, said: &[&str]| {
        place.run(&format!("verify {file} --documents {folder}")).failed(2, said);
    };
    failed("torn", &["torn/index.json is not an index"]);
    failed("gone", &["there is no file gone/did.json"]);
    failed("relative", &["\"did.json\" must be an absolute URL"]);
    failed("absent", &["absent is not a folder"]);
    failed("key.json", &["key.json is not a folder"]);
}

#[test]
fn a_json_line_has_the_members_of_the_contract() {
    let place = Place::furnished("verify-json");
    let file = place.issue("--to did:example:ada --out out");

    let report = place.verify(&file);

    let names: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
    for name in [
        "file",
        "verdict",
        "code",
        "message",
        "checks",
        "findings",
        "generation",
        "issuer",
        "name",
        "recipients",
        "bound",
    ] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    assert_eq!(report["generation"], "3.0");
    assert_eq!(report["name"], "Astronaut");
    assert_eq!(report["recipients"], json!(["did:example:ada"]));
    let order: Vec<_> = report["checks"].as_array().unwrap().iter().map(|check| &check["check"]).collect();
    assert_eq!(order, ["structure", "proof[0]", "binding", "trust", "time", "recipient", "schema"]);
}

#[test]
fn the_sentence_names_the_end_that_counts() {
    let place = Place::furnished("verify-narrowest");
    let signer = LocalSigner::did_key(SecretKey::from_seed(KeyKind::Ed25519, &[9; 32]).unwrap()).unwrap();
    let file = place.issue("--to did:example:ada --out out");
    let mut claims: Value = serde_json::from_str(&place.text(&file)).unwrap();
    let members = claims.as_object_mut().unwrap();
    members.remove("proof");
    members.insert("validFrom".to_owned(), json!("2019-01-01T00:00:00Z"));
    members.insert("validUntil".to_owned(), json!("2099-01-01T00:00:00Z"));
    for (claim, value) in [
        ("iss", json!(signer.controller())),
        ("jti", members["id"].clone()),
        ("sub", json!("did:example:ada")),
        ("nbf", json!(1_546_300_800)),
        ("exp", json!(1_577_836_800)),
    ] {
        members.insert(claim.to_owned(), value);
    }
    claims["issuer"]["id"] = json!(signer.controller());
    let header = HeaderToWrite { kid: Some(signer.verification_method()), ..HeaderToWrite::default() };
    place.write("token.jwt", sign(claims.to_string().as_bytes(), &header, &signer).unwrap());

    let words = place.run("verify token.jwt").out;

    assert!(words.contains("it ended on 1 January 2020"), "{words}");
}
