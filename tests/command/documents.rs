//! `--documents`: what a folder of fetched documents may hold, and what it never reaches.

use serde_json::json;

use crate::place::{Place, TEMPLATE};

const URL: &str = "https://hive.example/.well-known/did.json";
const BY_NAME: &str = "https%3A%2F%2Fhive.example%2F.well-known%2Fdid.json";

/// A badge of an issuer on the web, and the issuer's document outside of the folder `docs`.
fn web(name: &str) -> (Place, String) {
    let place = Place::new(name);
    place.write("template.toml", TEMPLATE);
    place.run("keys new key.json --kid did:web:hive.example#key-1").done();
    let shown = place.run("keys show key.json --json").done().answers()[0].clone();
    place.write("did.json", shown["publish"]["document"].to_string());
    let file = place.issue("--to did:example:ada --out out");
    (place, file)
}

#[test]
fn an_index_stays_in_its_folder() {
    let (place, file) = web("documents-index");
    place.write("docs/deep/did.json", place.text("did.json"));
    let outside = place.path("did.json").display().to_string();

    for good in ["deep/did.json", "./deep/did.json", "deep/../deep/did.json"] {
        place.write("docs/index.json", json!({URL: good}).to_string());
        assert_eq!(place.verify(&format!("{file} --documents docs"))["verdict"], "valid", "{good}");
    }
    for bad in ["../did.json", "deep/../../did.json", "../docs/../did.json", "../absent.json"] {
        place.write("docs/index.json", json!({URL: bad}).to_string());
        let run = place.run(&format!("verify {file} --documents docs"));
        run.failed(2, &["docs/index.json", bad, URL, "leads out of the folder"]);
    }
    place.write("docs/index.json", json!({URL: outside}).to_string());
    place.run(&format!("verify {file} --documents docs")).failed(2, &["seen from that folder"]);
    place.write("docs/index.json", json!({URL: "deep"}).to_string());
    place.run(&format!("verify {file} --documents docs")).failed(2, &["there is no file"]);
    place.write("docs/index.json", format!("{{{}}}", " ".repeat(1 << 20)));
    place.run(&format!("verify {file} --documents docs")).failed(2, &["docs/index.json", "1048576"]);
}

#[cfg(unix)]
#[test]
fn a_link_counts_only_within_the_folder() {
    use std::os::unix::fs::symlink;

    let (place, file) = web("documents-links");
    place.write("docs/deep/did.json", place.text("did.json"));
    symlink("deep/did.json", place.path("docs/near.json")).unwrap();
    symlink("../did.json", place.path("docs/far.json")).unwrap();
    symlink("..", place.path("docs/up")).unwrap();
    symlink("docs", place.path("linked")).unwrap();
    let with = |index: &str| place.write("docs/index.json", json!({URL: index}).to_string());

    with("near.json");
    assert_eq!(place.verify(&format!("{file} --documents docs"))["verdict"], "valid");
    assert_eq!(place.verify(&format!("{file} --documents linked"))["verdict"], "valid");
    for bad in ["far.json", "up/did.json"] {
        with(bad);
        place.run(&format!("verify {file} --documents docs")).failed(2, &[bad, "leads out of the folder"]);
    }
    std::fs::remove_file(place.path("docs/index.json")).unwrap();
    symlink("../did.json", place.path("docs").join(BY_NAME)).unwrap();
    assert_eq!(place.verify(&format!("{file} --documents docs"))["code"], "document_missing");
    place.write("index.json", json!({URL: "did.json"}).to_string());
    symlink("../index.json", place.path("docs/index.json")).unwrap();
    place.run(&format!("verify {file} --documents docs")).failed(2, &["docs/index.json is no file of that"]);
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_no_documents() {
    let (place, file) = web("documents-pipes");
    let pipe = |name: &str| {
        assert!(std::process::Command::new("mkfifo").arg(place.path(name)).status().unwrap().success());
    };
    place.write("named/nothing.txt", "");
    place.write("listed/index.json", json!({URL: "did.json"}).to_string());
    place.write("index/nothing.txt", "");
    pipe(&format!("named/{BY_NAME}"));
    pipe("listed/did.json");
    pipe("index/index.json");
    pipe("list.json.taken");
    std::os::unix::fs::symlink("/dev/zero", place.path("named/index.json")).unwrap();

    place.run(&format!("verify {file} --documents named")).failed(2, &["named/index.json is no file"]);
    std::fs::remove_file(place.path("named/index.json")).unwrap();
    assert_eq!(place.verify(&format!("{file} --documents named"))["code"], "document_missing");
    place.run(&format!("verify {file} --documents listed")).failed(2, &["there is no file listed/did.json"]);
    place.run(&format!("verify {file} --documents index")).failed(2, &["index/index.json is no file"]);
    place.run("status new --key key.json --id https://hive.example/1 -o list.json").done();
    for dry in ["--dry-run", ""] {
        let issue = "issue --key key.json --template template.toml --to did:example:bob --out o";
        place.run(&format!("{issue} --status list.json {dry}")).failed(2, &["list.json.taken", "no file"]);
    }
}

#[test]
fn a_missing_document_is_said_to_have_been_looked_for() {
    let (place, file) = web("documents-missing");
    place.write("empty/nothing.txt", "");

    let without = place.run(&format!("verify {file}"));
    let with = place.run(&format!("verify {file} --documents empty"));

    assert!(
        without.out.contains("name its folder with --documents (see `badges help verify`)"),
        "{without:#?}"
    );
    assert!(with.out.contains("empty has neither an entry for it in index.json nor a file"), "{with:#?}");
    assert!(with.out.contains(BY_NAME) && !with.out.contains("--documents"), "{with:#?}");
}

#[test]
fn inspect_looks_keys_up_in_documents() {
    let (place, file) = web("documents-inspect");
    let token = place.issue("--to did:example:ada --proof jwt --out tokens");
    place.write(&format!("docs/{BY_NAME}"), place.text("did.json"));
    place.write(&format!("other/{BY_NAME}"), place.text("did.json").replace("#key-1", "#key-2"));
    place.write(&format!("torn/{BY_NAME}"), "{");
    let answer = |file: &str, folder: &str| {
        let run = place.run(&format!("inspect {file} {folder} --json")).done();
        run.answers()[0]["answer"].as_str().unwrap().to_owned()
    };

    for file in [&file, &token] {
        assert_eq!(answer(file, "--documents docs"), "it holds, whoever's the key may be");
        let without = answer(file, "");
        assert!(without.starts_with("not known:") && without.contains(URL), "{without}");
        assert!(without.contains("--documents"), "{without}");
        assert!(answer(file, "--documents other").contains("has no key"));
        assert!(answer(file, "--documents torn").contains("is not JSON"));
    }
    let key =
        place.run(&format!("inspect {file} --documents docs --json")).done().answers()[0]["key"].clone();
    assert!(place.text("did.json").contains(key.as_str().unwrap()));
    place.run(&format!("inspect {file} --documents absent")).failed(2, &["absent is not a folder"]);
}
