//! `badges issue`: from a template and recipients to files that anybody can verify.

use std::fs;

use serde_json::{Value, json};

use crate::place::{PNG, Place, TEMPLATE};

#[test]
fn every_proof_and_form_is_believed_by_the_verifier() {
    let place = Place::furnished("issue-forms");
    place.run("keys new es256.json --alg ES256").done();
    let cases = [
        ("--proof rdfc", "json", "DataIntegrityProof"),
        ("--proof jcs", "json", "eddsa-jcs-2022"),
        ("--proof jwt", "jwt", ""),
        ("--format jwt", "jwt", ""),
        ("--format jwt --key es256.json", "jwt", ""),
        ("--key es256.json", "json", "ecdsa-rdfc-2019"),
        ("--image plain.png", "png", ""),
        ("--image plain.svg --format svg", "svg", ""),
        ("--image plain.png --format png --proof jwt", "png", ""),
        ("--image plain.svg --proof jcs", "svg", "eddsa-jcs-2022"),
    ];

    for (at, (arguments, ending, inside)) in cases.into_iter().enumerate() {
        let file = place.issue(&format!("{arguments} --to did:example:ada --out out{at}"));

        let report = place.verify(&format!("{file} --recipient did:example:ada"));
        assert_eq!(report["verdict"], "valid", "{arguments}: {report:#}");
        assert_eq!(report["bound"], "did");
        assert!(file.ends_with(&format!(".{ending}")), "{arguments}: {file}");
        if ending == "json" {
            assert!(place.text(&file).contains(inside), "{arguments}");
        }
    }
}

#[test]
fn the_recipient_is_hashed_and_can_still_be_asked_for() {
    let place = Place::furnished("issue-hash");
    place.write("list.csv", "email,name\nada@example.org,Ada Lovelace\nada@example.com,Ada Lovelace\n");

    let run =
        place.run("issue --key key.json --template template.toml --csv list.csv --out out --json").done();

    let files: Vec<_> = run.answers().iter().map(|row| row["file"].as_str().unwrap().to_owned()).collect();
    let text = place.text(&files[0]);
    assert!(!text.contains("ada@example.org") && !text.contains("Lovelace"), "{text}");
    let badge: Value = serde_json::from_str(&text).unwrap();
    let other: Value = serde_json::from_str(&place.text(&files[1])).unwrap();
    let identities = badge["credentialSubject"]["identifier"].as_array().unwrap();
    assert_eq!(identities.len(), 2);
    for (at, identity) in identities.iter().enumerate() {
        assert_eq!(identity["hashed"], true);
        assert_eq!(identity["salt"].as_str().unwrap().len(), 32, "128 bits");
        assert_ne!(identity["salt"], other["credentialSubject"]["identifier"][at]["salt"]);
    }
    let ask =
        |recipient: &str| place.verify(&format!("{} --recipient {recipient}", files[0]))["code"].clone();
    assert_eq!(ask("ada@example.org"), "valid");
    assert_eq!(ask("emailAddress:ada@example.org"), "valid");
    assert_eq!(ask("eve@example.org"), "recipient_mismatch");
}

#[test]
fn a_failing_row_stops_no_other_and_is_reported_with_its_line() {
    let place = Place::furnished("issue-rows");
    place.write(
        "list.csv",
        "email,id,valid_from,valid_until,evidence,narrative\n\
         ada@example.org,,,2031-01-31,https://hive.example/rocket,Flew twice.\n\
         nobody,,,,,\n\
         ,did:example:bob,2026-01-01T00:00:00+01:00,,A film of the start.,\n\
         cy@example.org,,2030-01-01,2029-01-01,,\n\
         dee@example.org,,,,,\n",
    );

    let arguments = "issue --key key.json --template template.toml --csv list.csv --out out";
    let run = place.run(arguments);

    assert_eq!(run.code, 1, "{run:#?}");
    assert!(run.err.contains("line 3: \"nobody\" is not an e-mail address"), "{run:#?}");
    assert!(run.err.contains("line 5: ") && run.err.contains("validUntil"), "{run:#?}");
    assert!(run.out.contains("3 badges issued to out, 2 not"), "{run:#?}");
    let names = place.names("out");
    assert_eq!(names.len(), 3, "{names:?}");
    let ada = names.iter().find(|name| name.starts_with("ada-example-org-")).unwrap();
    let badge: Value = serde_json::from_str(&place.text(&format!("out/{ada}"))).unwrap();
    assert_eq!(badge["validUntil"], "2031-01-31T23:59:59Z");
    assert_eq!(badge["evidence"], json!([{"id": "https://hive.example/rocket", "type": ["Evidence"]}]));
    assert_eq!(badge["credentialSubject"]["narrative"], "Flew twice.");
    let bob = names.iter().find(|name| name.starts_with("did-example-bob-")).unwrap();
    let badge: Value = serde_json::from_str(&place.text(&format!("out/{bob}"))).unwrap();
    assert_eq!(badge["validFrom"], "2025-12-31T23:00:00Z");
    assert_eq!(badge["evidence"][0]["narrative"], "A film of the start.");

    let again = place.run(&format!("{arguments} --json"));
    assert_eq!(again.code, 1, "nobody gets a second badge by accident: {again:#?}");
    assert_eq!(again.answers().len(), 5);
    let outcomes: Vec<_> = again.answers().iter().map(|row| row["outcome"].clone()).collect();
    assert_eq!(outcomes, ["exists", "refused", "exists", "refused", "exists"], "{again:#?}");
    assert_eq!(place.names("out"), names);
}

#[test]
fn a_mended_list_is_issued_again_without_a_word_about_what_is_there() {
    let place = Place::furnished("issue-again");
    place.run("status new --key key.json --id https://hive.example/status/1 -o list.json").done();
    place.write("list.csv", "email\nada@example.org\nbob\n");
    let issue = "issue --key key.json --template template.toml --csv list.csv --status list.json --out out";
    assert_eq!(place.run(issue).code, 1);
    let (names, taken) = (place.names("out"), place.text("list.json.taken"));
    let ada = place.read(&format!("out/{}", names[0]));
    place.write("list.csv", "email\nada@example.org\nbob@example.org\n");

    let dry = place.run(&format!("{issue} --dry-run")).done();
    let run = place.run(&format!("{issue} --json")).done();
    let again = place.run(issue).done();

    assert!(dry.out.contains("1 badge would be issued to out, 1 there already and left as"), "{dry:#?}");
    let rows = run.answers();
    assert_eq!((&rows[0]["outcome"], &rows[1]["outcome"]), (&json!("exists"), &json!("issued")));
    assert!(rows[0]["file"].as_str().unwrap().ends_with(&names[0]) && rows[0]["index"].is_null());
    assert_eq!(place.text("list.json.taken"), format!("{taken}{}\n", rows[1]["index"]), "one more place");
    assert_eq!(place.read(&format!("out/{}", names[0])), ada);
    assert!(again.err.is_empty() && again.out.contains("0 badges issued to out, 2 there"), "{again:#?}");
    assert_eq!(place.text("list.json.taken").lines().count(), 2);
    let one = "issue --key key.json --template template.toml --to ada@example.org --out out";
    assert!(place.run(one).done().out.contains("was there already"));
}

#[test]
fn the_line_of_a_row_is_the_one_that_an_editor_shows() {
    let place = Place::furnished("issue-lines");
    let text = "\u{feff}email,name\n\nada@example.org,\"Ada\nLovelace\"\n\n\nnobody,\nada@example.org,\n";

    for end in ["\n", "\r\n"] {
        place.write("list.csv", text.replace('\n', end));
        let arguments = "issue --key key.json --template template.toml --csv list.csv --dry-run --out out";
        let run = place.run(arguments);

        assert!(run.err.contains("line 7: \"nobody\" is not"), "{run:#?}");
        assert!(run.err.contains("line 8: the recipient stands in line 3 already"), "{run:#?}");
        let lines: Vec<_> = place
            .run(&format!("{arguments} --json"))
            .answers()
            .iter()
            .map(|row| row["line"].clone())
            .collect();
        assert_eq!(lines, [3, 7, 8]);
    }
}

#[test]
fn what_stands_in_the_way_of_a_row_from_outside_is_no_refusal() {
    let place = Place::furnished("issue-failed");
    place.write("one.csv", "email\nada@example.org\n");
    place.write("two.csv", "email\nada@example.org\nbob@example.org\n");
    place.write("three.csv", "email\nada@example.org\nbob@example.org\nnobody\n");
    let issue =
        |arguments: &str| place.run(&format!("issue --key key.json --template template.toml {arguments}"));
    issue("--csv one.csv --out elsewhere").done();
    let part = format!("out/.{}.part", place.names("elsewhere")[0]);
    place.write(&part, "being written");
    let other = fs::File::options().write(true).open(place.path(&part)).unwrap();
    other.lock().unwrap();

    let busy = issue("--csv two.csv --out out --json");
    let mixed = issue("--csv three.csv --out out");
    drop(other);
    fs::remove_file(place.path(&part)).unwrap();
    fs::create_dir(place.path(&part)).unwrap();
    let unwritable = issue("--csv one.csv --out out");
    fs::remove_dir(place.path(&part)).unwrap();

    assert_eq!(busy.code, 2, "{busy:#?}");
    let outcomes: Vec<_> = busy.answers().iter().map(|row| row["outcome"].clone()).collect();
    assert_eq!(outcomes, ["failed", "issued"]);
    assert!(
        busy.answers()[0]["message"].as_str().unwrap().starts_with("another run is just writing out/ada")
    );
    assert!(
        mixed.out.contains("0 badges issued to out, 1 there already and left as they were, 1 not: mend"),
        "{mixed:#?}"
    );
    assert!(mixed.out.contains(", 1 failed: clear what stood in the way"), "{mixed:#?}");
    mixed.failed(1, &["line 2: another run", "line 4: \"nobody\""]);
    assert!(unwritable.out.contains("0 badges issued to out, 1 failed"), "{unwritable:#?}");
    unwritable.failed(2, &["line 2: ", "cannot be written", "in the way"]);
    issue("--csv one.csv --out out").done();
}

#[test]
fn a_dry_run_writes_nothing() {
    let place = Place::furnished("issue-dry");
    place.run("status new --key key.json --id https://hive.example/status/1 -o list.json").done();
    place.write("people.csv", "email\nada@example.org\nbob\n");
    let before = place.names(".");

    let run = place.run(
        "issue --key key.json --template template.toml --csv people.csv --status list.json --dry-run --out out",
    );

    assert_eq!(run.code, 1, "{run:#?}");
    assert!(run.out.contains("1 badge would be issued to out, 1 not"), "{run:#?}");
    assert!(run.err.contains("line 3"), "{run:#?}");
    assert_eq!(place.names("."), before);
}

#[test]
fn an_issuer_on_the_web_needs_its_published_key_to_be_believed() {
    let place = Place::new("issue-web");
    place.write("template.toml", TEMPLATE);
    place.run("keys new key.json --kid did:web:hive.example#key-1").done();
    let shown = place.run("keys show key.json --json").done();
    let publish = &shown.answers()[0]["publish"];
    place.write("docs/index.json", json!({publish["at"].as_str().unwrap(): "did.json"}).to_string());
    place.write("docs/did.json", publish["document"].to_string());

    for arguments in ["--proof rdfc", "--proof jwt"] {
        let file = place.issue(&format!("{arguments} --to did:example:ada --out {}", &arguments[8..]));

        assert_eq!(place.verify(&file)["code"], "document_missing");
        let report = place.verify(&format!("{file} --documents docs"));
        assert_eq!((&report["verdict"], &report["bound"]), (&json!("valid"), &json!("controller_document")));
    }
}

#[test]
fn a_long_list_is_issued_and_verified_whole() {
    let place = Place::furnished("issue-many");
    place.run("status new --key key.json --id https://hive.example/status/1 -o list.json").done();
    let rows: String = (0..300).map(|at| format!("person{at}@example.org,Same Name\n")).collect();
    place.write("people.csv", format!("email,name\n{rows}"));

    place
        .run("issue --key key.json --template template.toml --csv people.csv --status list.json --out out")
        .done();

    assert_eq!(place.names("out").len(), 300);
    let taken = place.text("list.json.taken");
    let mut places: Vec<u32> = taken.lines().map(|line| line.parse().unwrap()).collect();
    assert!(!places.is_sorted(), "the order of the places must not tell the order of the people");
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), 300);
    place.write("docs/https%3A%2F%2Fhive.example%2Fstatus%2F1", place.read("list.json"));
    let run = place.run("verify out --documents docs --json").done();
    let answers = run.answers();
    let files: Vec<_> = answers.iter().map(|answer| answer["file"].as_str().unwrap()).collect();
    assert!(files.is_sorted() && files.len() == 300, "many files keep their order");
}

#[test]
fn a_column_that_is_probably_meant_is_named() {
    let place = Place::furnished("issue-column");
    place.write("mail.csv", "E-mail\na@example.org\n");

    let run = place.run("issue --key key.json --template template.toml --csv mail.csv --out out");

    run.failed(2, &["\"E-mail\" is not known (did you mean email?)"]);
}

#[test]
fn what_cannot_be_meant_is_refused_with_a_remedy() {
    let place = Place::furnished("issue-bad");
    place.run("keys new other.json").done();
    let other = place.run("keys show other.json --json").done().answers()[0]["issuer"].clone();
    place.write("theirs.toml", TEMPLATE.replace("[issuer]", &format!("[issuer]\nid = {other}")));
    place.write("nameless.toml", TEMPLATE.replace("name = \"Astronaut\"", ""));
    place.write("typo.toml", TEMPLATE.replace("description", "desciption"));
    place.write("broken.toml", "[issuer\n");
    place.write("broken.json", "{\"issuer\": }");
    place.write("twice.json", r#"{"name":"a","name":"b"}"#);
    place.write("binary.toml", [0xff, 0xfe]);
    place.write("empty.csv", "");
    place.write("nobody.csv", "email,name\n");
    place.write("shoe.csv", "email,shoe\na@example.org,43\n");
    place.write("other.csv", "name\nAda\n");
    place.write("quote.csv", "email,name\na@example.org,Ada\nb@example.org,\"Bob\nc@example.org,Cy\n");
    place.write("swallow.csv", "email,name\na@example.org,\"Ada\nb@example.org,\"Bob\"\n");
    place.write("ok.csv", "email\na@example.org\n");
    place.write("list.json", "{}");
    place.write("notes.txt", "not a picture");

    let cases: &[(&str, &[&str])] = &[
        ("--template theirs.toml --to a@b.example", &["badges would be those of", "strike issuer.id"]),
        (
            "--template nameless.toml --to a@b.example",
            &["nameless.toml: the template makes no badge: achievement.name", "is missing"],
        ),
        (
            "--template typo.toml --to a@b.example",
            &["typo.toml: achievement.desciption is not known", "description"],
        ),
        ("--template broken.toml --to a@b.example", &["broken.toml: ", "TOML"]),
        ("--template broken.json --to a@b.example", &["JSON"]),
        ("--template twice.json --to a@b.example", &["\"name\" occurs twice"]),
        ("--template binary.toml --to a@b.example", &["UTF-8"]),
        ("--template absent.toml --to a@b.example", &["there is no file absent.toml"]),
        ("--to Ada", &["--to:", "neither an e-mail address nor", "DID"]),
        ("--to ada@@b", &["--to:", "ada@example.org"]),
        ("--csv empty.csv", &["names no recipient"]),
        ("--csv nobody.csv", &["names no recipient"]),
        ("--csv shoe.csv", &["\"shoe\" is not known", "email, id, name, valid_from"]),
        ("--csv other.csv", &["neither a column email nor a column id"]),
        ("--csv quote.csv", &["the quote that opens in line 3 is not closed", "write \""]),
        ("--csv swallow.csv", &["the quote that opens in line 2 is not closed"]),
        ("--csv absent.csv", &["there is no file absent.csv"]),
        ("--csv ok.csv --status list.json", &["badges status new"]),
        ("--csv ok.csv --status absent.json", &["there is no file absent.json"]),
        ("--csv ok.csv --image notes.txt", &["neither a PNG nor an SVG"]),
        ("--csv ok.csv --image plain.png --format svg", &["--format png"]),
        ("--csv ok.csv --format png", &["--image"]),
        ("--csv ok.csv --format json --proof jwt", &["--format jwt"]),
        ("--csv ok.csv --format jwt --proof jcs", &["--proof jwt"]),
        ("--csv ok.csv --image plain.png --format json", &["--format png or svg"]),
        ("--csv ok.csv --key theirs.toml", &["not a key file"]),
        ("--csv ok.csv --key absent.json", &["there is no file absent.json"]),
    ];
    for (arguments, said) in cases {
        let key = if arguments.contains("--key") { "" } else { "--key key.json" };
        let template = if arguments.contains("--template") { "" } else { "--template template.toml" };
        place.run(&format!("issue {key} {template} {arguments} --out out")).failed(2, said);
        assert!(!place.path("out").exists(), "{arguments}");
    }
}

#[test]
fn a_token_for_somebody_without_an_id_is_refused_with_the_remedy() {
    let place = Place::furnished("issue-jwt");
    place.write("people.csv", "email,id\nada@example.org,\nbob@example.org,did:example:bob\n");

    let run =
        place.run("issue --key key.json --template template.toml --csv people.csv --proof jwt --out out");

    assert_eq!(run.code, 1, "{run:#?}");
    assert!(run.err.contains("line 2: ") && run.err.contains("recipient's id"), "{run:#?}");
    assert_eq!(place.names("out").len(), 1);
}

#[test]
fn a_picture_that_cannot_carry_the_badge_is_refused_row_by_row() {
    let place = Place::furnished("issue-image");
    place.write("cut.png", &PNG[..60]);

    let run =
        place.run("issue --key key.json --template template.toml --to a@b.example --image cut.png --out out");

    run.failed(1, &["ends in the middle"]);
    assert!(!place.path("out").exists(), "nobody needs an empty folder");
}
