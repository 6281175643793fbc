//! Awards as hosted Open Badges 2.0: what stands at three addresses is a badge, where its maker wants that and as long
//! as the award stands.

use std::{fs, path::Path};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::{harness::Service, judges};

/// The default public address: what is hosted names it, whatever port a test listens on.
const PUBLIC: &str = "http://127.0.0.1:8080";

fn start() -> Service {
    let service = Service::start();
    let organisation = format!("/api/v1/issuers/{}", service.organisation);
    let email = json!({"email": "hello@hive.example"});
    service.send_as(&service.owner(), "PATCH", &organisation, &email).expect(200);
    service
}

fn path(address: &Value) -> String {
    address.as_str().unwrap().strip_prefix(PUBLIC).unwrap().to_owned()
}

/// What `badges verify` says of a file, given what stands at the addresses that an Assertion names.
fn verdict(service: &Service, name: &str, file: &[u8], hosted: &[&str], recipient: &str) -> Value {
    let folder = service.folder().join("hosted");
    fs::create_dir_all(&folder).unwrap();
    let mut index = serde_json::Map::new();
    for (number, path) in hosted.iter().enumerate() {
        fs::write(folder.join(format!("{number}.json")), service.get(path).body).unwrap();
        index.insert(format!("{PUBLIC}{path}"), format!("{number}.json").into());
    }
    fs::write(folder.join("index.json"), Value::Object(index).to_string()).unwrap();
    let badge = service.folder().join(name);
    fs::write(&badge, file).unwrap();
    let (badge, documents) = (badge.to_str().unwrap(), folder.to_str().unwrap());
    let at = "2026-06-21T12:00:00Z";
    let arguments =
        ["--json", "verify", badge, "--documents", documents, "--at", at, "--recipient", recipient];
    let output = service.command(&arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    serde_json::from_str(text.lines().next().expect("one line for each badge")).unwrap()
}

#[test]
fn what_is_hosted_verifies_as_open_badges_2() {
    let service = start();
    let badge = service.badge("astronaut", &json!({"hosted_ob2": true}));
    let award = service.award(&badge, "Ada@example.org")["id"].as_str().unwrap().to_owned();

    let own = format!("/awards/{award}/assertion.json");
    let assertion = service.get(&own).expect(200);
    let class = path(&assertion.json()["badge"]);
    let profile = path(&service.get(&class).expect(200).json()["issuer"]);
    let picture = service.get(&path(&assertion.json()["image"])).expect(200);

    assert_eq!(assertion.header("Content-Type"), "application/ld+json");
    assert_eq!(assertion.header("Access-Control-Allow-Origin"), "*");
    let tag = assertion.header("ETag").to_owned();
    assert_eq!(service.call("GET", &own, &[("If-None-Match", &tag)], None).status, 304);
    assert!(!assertion.text().contains("example.org"), "the address stands there as a hash alone");
    let hosted = [own.as_str(), &class, &profile];
    for (name, file) in [("ada.json", &assertion.body), ("ada.png", &picture.body)] {
        let found = verdict(&service, name, file, &hosted, "Ada@example.org");
        assert_eq!(found["verdict"], "valid", "{name}: {found}");
        let found = verdict(&service, name, file, &hosted, "eve@example.org");
        assert_eq!(found["verdict"], "invalid", "{name}: {found}");
    }
    let page = service.call("GET", &format!("/awards/{award}"), &[("Accept", "text/html")], None);
    assert!(page.expect(200).text().contains(&own));
    let asked = json!({"credential": assertion.json()});
    let own = service.post_as(&service.owner(), "/api/v1/verify?offline=true", &asked).expect(200).json();
    assert_eq!(own["verdict"], "valid", "our own verifier looks in the database: {own}");
}

#[test]
fn nothing_is_hosted_but_what_its_badge_gives_out_and_everybody_may_see() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let award = service.award(&badge, "ada@example.org")["id"].as_str().unwrap().to_owned();
    let request = json!({"badge": badge, "email": "grace@example.org", "visibility": "private"});
    let private = service.post_as(&service.owner(), "/api/v1/awards", &request).expect(201).json();
    let private = private["awards"][0]["id"].as_str().unwrap().to_owned();
    let class = format!("/badges/{badge}/versions/1/class.json");
    let addresses =
        |award: &str| ["assertion.json", "assertion-badge"].map(|end| format!("/awards/{award}/{end}"));
    let set = |change: Value| {
        service.send_as(&service.owner(), "PATCH", &format!("/api/v1/badges/{badge}"), &change)
    };
    let answers = |status: u16| {
        for address in addresses(&award).iter().chain([&class]) {
            service.get(address).expect(status);
        }
        addresses(&private).iter().for_each(|address| drop(service.get(address).expect(404)));
    };

    answers(404);
    let refused = set(json!({"hosted_ob2": true})).expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "issuer_email", "{refused}");
    let organisation = format!("/api/v1/issuers/{}", service.organisation);
    let email = json!({"email": "hello@hive.example"});
    service.send_as(&service.owner(), "PATCH", &organisation, &email).expect(200);
    set(json!({"hosted_ob2": true})).expect(200);
    answers(200);
    let before = service.get(&addresses(&award)[0]).text();

    let node = json!({"parent": service.organisation, "kind": "programme", "slug": "space", "name": "Space"});
    let node = service.post_as(&service.owner(), "/api/v1/issuers", &node).expect(201).json()["id"].take();
    set(json!({"issuer": node})).expect(200);
    assert_eq!(service.get(&addresses(&award)[0]).text(), before, "moving changes no address");
    let did = json!({"badge": badge, "recipients": [{"did": "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"}]});
    let did = service.post_as(&service.owner(), "/api/v1/awards", &did).expect(201).json();
    service.get(&addresses(did["awards"][0]["id"].as_str().unwrap())[0]).expect(404);
    set(json!({"hosted_ob2": false})).expect(200);
    answers(404);
}

#[test]
fn what_does_not_count_now_is_gone_in_the_words_of_open_badges_2() {
    let service = start();
    let badge = service.badge("astronaut", &json!({"hosted_ob2": true}));
    let award = service.award(&badge, "Ada@example.org")["id"].as_str().unwrap().to_owned();
    let own = format!("/awards/{award}/assertion.json");
    let kept = service.get(&own).expect(200);
    let class = path(&kept.json()["badge"]);
    let profile = path(&service.get(&class).json()["issuer"]);
    let step = |step: &str| {
        let (address, why) =
            (format!("/api/v1/awards/{award}/{step}"), json!({"reason": "a question is open"}));
        service.post_as(&service.owner(), &address, &why).expect(200);
    };
    let check = |state: &str, reason: &str, words: &str| {
        step(state);
        let gone = service.get(&own).expect(410);
        assert_eq!(gone.header("Cache-Control"), "public, max-age=60, stale-while-revalidate=60");
        assert_eq!(
            (&gone.json()["revoked"], &gone.json()["revocationReason"]),
            (&json!(true), &json!(reason))
        );
        service.get(&format!("/awards/{award}/assertion-badge")).expect(410);
        let found = verdict(&service, "ada.json", &kept.body, &[&own, &class, &profile], "Ada@example.org");
        assert_eq!(found["verdict"], words, "{found}");
    };

    check("suspend", "suspended for now: a question is open", "revoked");
    step("reinstate");
    assert_eq!(service.get(&own).expect(200).body, kept.body);
    check("revoke", "a question is open", "revoked");
}

#[test]
fn an_issuer_keeps_the_address_that_hosted_badges_name() {
    let service = start();
    let owner = service.owner();
    let organisation = format!("/api/v1/issuers/{}", service.organisation);
    let node = |slug: &str, email: Option<&str>| {
        let request = json!({"parent": service.organisation, "kind": "issuer", "slug": slug, "name": slug, "email": email});
        service.post_as(&owner, "/api/v1/issuers", &request).expect(201).json()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (school, club) = (node("school", Some("school@hive.example")), node("club", None));
    let badge = service.badge_of(&school, "astronaut");
    service
        .send_as(&owner, "PATCH", &format!("/api/v1/badges/{badge}"), &json!({"hosted_ob2": true}))
        .expect(200);
    let change = |node: &str, email: &str| {
        service.send_as(&owner, "PATCH", &format!("/api/v1/issuers/{node}"), &json!({"email": email}))
    };

    change(&service.organisation, "").expect(200);
    let refused = change(&school, "").expect(422).json();

    assert_eq!(refused["errors"][0]["path"], "email");
    assert!(refused["errors"][0]["message"].as_str().unwrap().contains("leaves school without"), "{refused}");
    assert_eq!(
        service.get_as(&owner, &format!("/api/v1/issuers/{school}")).json()["email"],
        "school@hive.example"
    );
    change(&club, "club@hive.example").expect(200);
    change(&club, "").expect(200);
    change(&service.organisation, "hello@hive.example").expect(200);
    change(&school, "").expect(200);
    service.send_as(&owner, "PATCH", &organisation, &json!({"email": ""})).expect(422);
}

/// badgecheck, asked about the address and about the picture.
#[test]
fn the_verifier_of_1edtech_believes_what_is_hosted_as_long_as_it_stands() {
    let contexts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors/contexts");
    let Ok(context) = fs::read(contexts.join("openbadges-v2.json")) else {
        assert!(
            !judges::required(),
            "there is no folder ../shared/vectors, and badgecheck needs a context of it"
        );
        println!("notice: there is no folder ../shared/vectors, and badgecheck needs a context of it");
        return;
    };
    let service = start();
    let badge = service.badge("astronaut", &json!({"hosted_ob2": true}));
    let award = service.award(&badge, "Ada@example.org")["id"].as_str().unwrap().to_owned();
    let own = format!("/awards/{award}/assertion.json");
    let assertion = service.get(&own).expect(200).json();
    let class = service.get(&path(&assertion["badge"])).expect(200).json();
    let picture = path(&assertion["image"]);
    let drawing = class["image"].get("id").unwrap_or(&class["image"]);
    let documents = || {
        let addresses = [&assertion["badge"], &class["issuer"], drawing, &assertion["image"]];
        let mut found = serde_json::Map::new();
        for place in addresses.into_iter().map(path).chain([own.clone()]) {
            let answer = service.get(&place);
            let stands =
                json!([answer.status, answer.header("Content-Type"), BASE64_STANDARD.encode(&answer.body)]);
            found.insert(format!("{PUBLIC}{place}"), stands);
        }
        let context = json!([200, "application/ld+json", BASE64_STANDARD.encode(&context)]);
        found.insert("https://w3id.org/openbadges/v2".to_owned(), context);
        Value::Object(found)
    };
    let of = |email: &str| json!({"id": "_:r", "email": email});
    let before = documents();
    service
        .post_as(&service.owner(), &format!("/api/v1/awards/{award}/revoke"), &json!({"reason": "a mistake"}))
        .expect(200);

    let (address, picture) = (format!("{PUBLIC}{own}"), format!("{PUBLIC}{picture}"));
    let questions = [
        // The address is hashed as its holder writes it, but for the domain.
        json!({"documents": before, "input": address, "recipient": of("Ada@example.org")}),
        json!({"documents": before, "input": picture, "recipient": of("Ada@example.org")}),
        json!({"documents": before, "input": address, "recipient": of("eve@example.org")}),
        json!({"documents": documents(), "input": address}),
    ];
    let Some(answers) = judges::ask("hosted", "badgecheck", &questions) else { return };
    let verdicts: Vec<_> = answers.iter().map(|answer| answer["valid"].as_bool().unwrap()).collect();
    assert_eq!(verdicts, [true, true, false, false], "{answers:#?}");
    eprintln!(
        "judges: badgecheck: a hosted Assertion, its picture, another's, one revoked: as they should be"
    );
}
