//! `badges status`: lists that are made, changed, read and believed.

use std::{fs, thread, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::place::{Place, TEMPLATE};

const LIST: &str = "https://hive.example/status/1";

#[test]
fn a_list_in_a_token_is_read_and_not_changed() {
    let place = Place::furnished("status-token");
    place.run(&format!("status new --key key.json --id {LIST} -o list.json")).done();
    place.run("status set list.json 7 1 --key key.json").done();
    let mut list: serde_json::Value = serde_json::from_str(&place.text("list.json")).unwrap();
    list.as_object_mut().unwrap().remove("proof");
    let token = |payload: &serde_json::Value| {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}\n", part(r#"{"alg":"EdDSA"}"#), part(&payload.to_string()), part("signature"))
    };
    place.write("list.jwt", token(&list));
    place.write("old.jwt", token(&serde_json::json!({"iss": "a", "vc": list})));
    place.write("around.json", {
        let mut around: serde_json::Value = serde_json::from_str(&place.text("list.json")).unwrap();
        around["vc"] = serde_json::json!({});
        around.to_string()
    });
    place.write("torn.jwt", "eyJhbGciOiJFZERTQSJ9.e30");

    for list in ["list.jwt", "old.jwt", "around.json"] {
        let value =
            |at: u64| place.run(&format!("status get {list} {at} --json")).done().answers()[0].clone();
        assert_eq!((&value(7)["value"], &value(8)["value"]), (&1.into(), &0.into()), "{list}");
        assert_eq!(value(7)["list"], LIST);
    }
    place.run("status get torn.jwt 7").failed(2, &["torn.jwt is not a status list", "three parts"]);
    place.run("status set list.jwt 8 1 --key key.json").failed(2, &["it is a JWT"]);
    assert!(!place.path("list.jwt.taken").exists());
}

#[test]
fn a_revoked_badge_is_not_believed_and_can_be_given_back() {
    let place = Place::furnished("status-revoke");
    place.run(&format!("status new --key key.json --id {LIST} -o list.json")).done();
    let file = place.issue("--to did:example:ada --status list.json --out out");
    let badge: serde_json::Value = serde_json::from_str(&place.text(&file)).unwrap();
    let entry = &badge["credentialStatus"][0];
    assert_eq!(entry["type"], "BitstringStatusListEntry");
    assert_eq!(entry["statusListCredential"], LIST);
    let index = entry["statusListIndex"].as_str().unwrap();
    assert_eq!(place.text("list.json.taken"), format!("{index}\n"));
    place.write("index.json", format!(r#"{{"{LIST}":"list.json"}}"#));
    let verdict = || place.verify(&format!("{file} --documents ."))["verdict"].clone();

    assert_eq!(place.verify(&file)["code"], "status_missing");
    assert_eq!(verdict(), "valid");
    let run = place.run(&format!("status set list.json {index} 1 --key key.json")).done();
    assert!(run.out.contains(&format!("{index} is 1 now: revoked")), "{run:#?}");
    assert_eq!(verdict(), "revoked");
    assert_eq!(place.run(&format!("status get list.json {index} --json")).answers()[0]["value"], 1);
    place.run(&format!("status set list.json {index} 0 --key key.json")).done();
    assert_eq!(verdict(), "valid");
    let said = place.run(&format!("status set list.json {file} 1 --key key.json")).done();
    assert!(said.out.contains(&format!("{index} is 1 now: revoked")), "{said:#?}");
    assert_eq!(place.run(&format!("status get list.json {file} --json")).done().answers()[0]["value"], 1);
    place.run(&format!("status set list.json {file} 0 --key key.json")).done();

    let words = place.run(&format!("verify {file} --documents .")).done();
    assert!(words.out.contains("and it has not been revoked"), "{words:#?}");
}

#[test]
fn a_badge_names_its_own_place_and_no_other() {
    let place = Place::furnished("status-badge");
    for (at, name) in ["list", "other"].into_iter().enumerate() {
        let id = format!("https://hive.example/status/{}", at + 1);
        place.run(&format!("status new --key key.json --id {id} -o {name}.json")).done();
    }
    let baked = place.issue("--to did:example:ada --status list.json --image plain.png --out out");
    let token = place.issue("--to did:example:bob --status list.json --proof jwt --out out");
    let other = place.issue("--to did:example:cy --status other.json --out out");
    let plain = place.issue("--to did:example:dee --out out");
    let forged = place.text(&other).replace("hive.example/status/2", "hive.example/status/1");
    place.write("forged.json", forged);

    for file in [&baked, &token] {
        place.run(&format!("status set list.json {file} 1 --key key.json")).done();
        assert_eq!(place.run(&format!("status get list.json {file} --json")).answers()[0]["value"], 1);
    }
    let before = place.read("list.json");
    let set = |file: &str| place.run(&format!("status set list.json {file} 1 --key key.json"));
    set(&other).failed(2, &["it names the list https://hive.example/status/2"]);
    set(&plain).failed(2, &["names no status list", "--status"]);
    set("forged.json").failed(2, &["forged.json names its own place", "give the index"]);
    set("absent.json").failed(2, &["there is no file absent.json"]);
    set("99999999999999999999").failed(2, &["no list is that long"]);
    assert_eq!(place.read("list.json"), before);
}

#[test]
fn suspension_is_a_list_of_its_own() {
    let place = Place::furnished("status-suspend");
    place.run(&format!("status new --key key.json --id {LIST} --purpose suspension -o list.json")).done();
    let file = place.issue("--to did:example:ada --status list.json --out out");
    let index = place.text("list.json.taken").trim().to_owned();
    place.write("index.json", format!(r#"{{"{LIST}":"list.json"}}"#));

    place.run(&format!("status set list.json {index} 1 --key key.json")).done();

    assert_eq!(place.verify(&format!("{file} --documents ."))["verdict"], "suspended");
}

#[test]
fn entries_of_several_bits_are_read_and_set() {
    let place = Place::furnished("status-bits");
    place.run(&format!("status new --key key.json --id {LIST} --size 262144 -o list.json")).done();

    place.run("status set list.json 7 3 --bits 2 --key key.json").done();

    let value = |arguments: &str| {
        place.run(&format!("status get list.json {arguments} --json")).answers()[0]["value"].clone()
    };
    assert_eq!(value("7 --bits 2"), 3);
    assert_eq!(
        (value("13"), value("14"), value("15"), value("16")),
        (0.into(), 1.into(), 1.into(), 0.into())
    );
    assert_eq!(place.text("list.json.taken"), "14\n15\n", "all bits of the entry are taken");
}

#[test]
fn a_list_that_was_replaced_meanwhile_is_looked_at_anew() {
    let place = Place::furnished("status-replaced");
    place.run("keys new other.json").done();
    place.run(&format!("status new --key key.json --id {LIST} -o list.json")).done();
    place.run(&format!("status new --key other.json --id {LIST} -o theirs.json")).done();
    place.write("list.json.taken", "");
    let theirs = place.read("theirs.json");
    let record = fs::File::options().append(true).open(place.path("list.json.taken")).unwrap();
    record.lock().unwrap();

    let run = thread::scope(|scope| {
        let run = scope.spawn(|| place.run("status set list.json 1 1 --key key.json"));
        // Long enough to see the list as it was, mostly; who comes later is refused as well.
        thread::sleep(Duration::from_millis(300));
        fs::rename(place.path("theirs.json"), place.path("list.json")).unwrap();
        drop(record);
        run.join().unwrap()
    });

    run.failed(2, &["list.json is the list of did:key:", "use the key"]);
    assert_eq!(place.read("list.json"), theirs);
    assert_eq!(place.text("list.json.taken"), "");
}

#[test]
fn what_is_no_list_of_ones_own_is_refused_with_a_remedy() {
    let place = Place::furnished("status-bad");
    place.run("keys new other.json").done();
    place.run(&format!("status new --key key.json --id {LIST} -o list.json")).done();
    place.write("changed.json", place.text("list.json").replace("revocation", "suspension"));
    place.write("text.json", "hello");
    place.write("badge.json", "{}");
    place.write("template.toml", TEMPLATE);
    let before = place.read("list.json");

    place.run("status get text.json 1").failed(2, &["not a status list", "badges status new"]);
    place.run("status get badge.json 1").failed(2, &["badge.json"]);
    place.run("status get absent.json 1").failed(2, &["there is no file absent.json"]);
    place
        .run("status get list.json 131072")
        .failed(2, &["131072 is outside of the list, which has 131072 entries"]);
    place.run("status get list.json -1").failed(2, &["-1"]);
    place
        .run("status set list.json 1 2 --key key.json")
        .failed(2, &["value 2 does not fit into an entry of 1 bit"]);
    place.run("status set list.json 131072 1 --key key.json").failed(2, &["131072"]);
    place
        .run("status set list.json 1 1 --key other.json")
        .failed(2, &["the list of did:key:", "use the key"]);
    place.run("status set changed.json 1 1 --key key.json").failed(2, &["changed.json cannot be used"]);
    place.run("status set text.json 1 1 --key key.json").failed(2, &["not a status list"]);
    place.run("status set absent.json 1 1 --key key.json").failed(2, &["there is no file absent.json"]);
    assert!(
        !place.names(".").iter().any(|name| name.starts_with("text.json.") || name.starts_with("absent"))
    );
    place.run(&format!("status new --key key.json --id {LIST} -o list.json")).failed(2, &["exists already"]);
    place
        .run(&format!("status new --key key.json --id {LIST} --size 5 -o o.json"))
        .failed(2, &["131072 are required"]);
    place.run("status new --key key.json --id list -o o.json").failed(2, &["https URL"]);
    place
        .run("issue --key other.json --template template.toml --to a@b.example --status list.json --out out")
        .failed(2, &["it is the list of did:key:"]);
    place
        .run("issue --key key.json --template template.toml --to a@b.example --status changed.json --out out")
        .failed(2, &["changed.json cannot be used"]);
    place.write("list.json.taken", "7\nseven\n");
    place
        .run("issue --key key.json --template template.toml --to a@b.example --status list.json --out out")
        .failed(2, &["list.json.taken", "\"seven\" is not an index"]);
    assert_eq!(place.read("list.json"), before);
    assert!(!place.path("o.json").exists() && !place.path("out").exists());
}
