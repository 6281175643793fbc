//! What the world sees: every form of an award verifies, and a revoked one is seen as revoked everywhere.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use crate::harness::{Answer, Service};

/// The default public address: what is signed names it, whatever port a test listens on.
const PUBLIC: &str = "http://127.0.0.1:8080";

/// Fetches what is public, writes it beside an index as `badges verify --documents` reads it, and verifies.
pub(crate) fn verdict(service: &Service, name: &str, file: &[u8], lists: &[String]) -> Value {
    let folder = service.folder().join("published");
    fs::create_dir_all(&folder).unwrap();
    let mut index = serde_json::Map::new();
    for (number, list) in lists.iter().enumerate() {
        let path = list.strip_prefix(PUBLIC).unwrap();
        let fetched = service.get(path).expect(200);
        assert_eq!(fetched.header("Cache-Control"), "public, max-age=300");
        fs::write(folder.join(format!("{number}.json")), fetched.body).unwrap();
        index.insert(list.clone(), format!("{number}.json").into());
    }
    fs::write(folder.join("index.json"), Value::Object(index).to_string()).unwrap();
    let badge: PathBuf = service.folder().join(name);
    fs::write(&badge, file).unwrap();
    let documents = folder.to_str().unwrap();
    let output = service.command(&[
        "--json",
        "verify",
        badge.to_str().unwrap(),
        "--documents",
        documents,
        "--at",
        "2026-06-21T12:00:00Z",
        "--recipient",
        "Ada@example.org",
    ]);
    let text = String::from_utf8(output.stdout).unwrap();
    serde_json::from_str(text.lines().next().expect("one line for each badge")).unwrap()
}

pub(crate) fn lists(credential: &Answer) -> Vec<String> {
    let status = credential.json()["credentialStatus"].take();
    let entries = status.as_array().unwrap();
    entries.iter().map(|entry| entry["statusListCredential"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_form_of_an_award_verifies() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let award = service.award(&badge, "Ada@example.org");
    let path = award["url"].as_str().unwrap().strip_prefix(PUBLIC).unwrap().to_owned();

    let json = service.get(&format!("{path}/credential.json")).expect(200);
    let jwt = service.get(&format!("{path}/credential.jwt")).expect(200);
    let picture = service.get(&format!("{path}/badge")).expect(200);

    let lists = lists(&json);
    assert_eq!(lists.len(), 2);
    for (name, answer, kind) in [
        ("ada.json", &json, "application/vc"),
        ("ada.jwt", &jwt, "application/jwt"),
        ("ada.png", &picture, "image/png"),
    ] {
        assert_eq!(answer.header("Content-Type"), kind);
        let verdict = verdict(&service, name, &answer.body, &lists);
        assert_eq!(verdict["verdict"], "valid", "{name}: {verdict}");
    }
    // A token is signed once and stays.
    assert_eq!(service.get(&format!("{path}/credential.jwt")).body, jwt.body);
}

#[test]
fn the_form_is_negotiated_and_a_known_copy_is_not_sent_again() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let award = service.award(&badge, "ada@example.org");
    let path = award["url"].as_str().unwrap().strip_prefix(PUBLIC).unwrap().to_owned();
    let get = |headers: &[(&str, &str)]| service.call("GET", &path, headers, None);

    let credential = get(&[("Accept", "application/vc")]).expect(200);

    assert_eq!(get(&[("Accept", "application/jwt")]).header("Content-Type"), "application/jwt");
    assert_eq!(get(&[("Accept", "image/png, */*;q=0.1")]).header("Content-Type"), "image/png");
    assert_eq!(credential.header("Vary"), "Accept");
    let tag = credential.header("ETag").to_owned();
    assert!(get(&[("Accept", "application/vc"), ("If-None-Match", &tag)]).expect(304).body.is_empty());
}

#[test]
fn a_revoked_award_is_gone_in_every_form_and_revoked_in_its_list() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let award = service.award(&badge, "Ada@example.org");
    let id = award["id"].as_str().unwrap();
    let path = format!("/awards/{id}");
    let kept = service.get(&format!("{path}/credential.json")).expect(200);
    let step = |step: &str, reason: &str| {
        service.post_as(&service.owner(), &format!("/api/v1/awards/{id}/{step}"), &json!({"reason": reason}))
    };

    step("suspend", "under review").expect(200);
    let suspended = verdict(&service, "ada.json", &kept.body, &lists(&kept));
    step("reinstate", "all is well").expect(200);
    let reinstated = verdict(&service, "ada.json", &kept.body, &lists(&kept));
    assert_eq!(step("reinstate", "again").expect(409).json()["code"], "state");
    assert_eq!(step("revoke", " ").expect(422).json()["errors"][0]["path"], "reason");
    step("revoke", "given by mistake").expect(200);
    let revoked = verdict(&service, "ada.json", &kept.body, &lists(&kept));

    assert_eq!(suspended["verdict"], "suspended", "{suspended}");
    assert_eq!(reinstated["verdict"], "valid", "{reinstated}");
    assert_eq!(revoked["verdict"], "revoked", "{revoked}");
    for form in ["", "/credential.json", "/credential.jwt", "/badge"] {
        let gone = service.get(&format!("{path}{form}")).expect(410).json();
        assert!(gone["detail"].as_str().unwrap().ends_with("given by mistake"), "{gone}");
    }
    service.get("/awards/awd_00000000000000000000000000").expect(404);
    service.get("/awards/astronaut").expect(404);
}

#[test]
fn a_published_version_and_its_image_stay_where_they_are() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let first = service.get(&format!("/badges/{badge}/versions/1")).expect(200);
    let mut content = service.get_as(&service.owner(), &format!("/api/v1/badges/{badge}")).json()["versions"]
        [0]["content"]
        .take();
    let image = first.json()["image"]["id"].as_str().unwrap().strip_prefix(PUBLIC).unwrap().to_owned();

    content["name"] = "Astronaut of the first class".into();
    let hash = image.rsplit('/').next().unwrap();
    let draft = json!({"content": content, "image": hash});
    service.send_as(&service.owner(), "PUT", &format!("/api/v1/badges/{badge}/draft"), &draft).expect(200);
    service.post_as(&service.owner(), &format!("/api/v1/badges/{badge}/publish"), &json!({})).expect(200);

    assert_eq!(service.get(&format!("/badges/{badge}/versions/1")).body, first.body);
    assert_eq!(service.get(&format!("/badges/{badge}")).json()["name"], "Astronaut of the first class");
    let shown = service.get(&image).expect(200);
    assert_eq!(shown.header("Cache-Control"), "public, max-age=31536000, immutable");
    assert!(shown.header("Content-Security-Policy").starts_with("sandbox"));
}

#[test]
fn a_restart_changes_nothing_for_the_world() {
    let mut service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let award = service.award(&badge, "ada@example.org");
    let path = format!("/awards/{}/credential.json", award["id"].as_str().unwrap());
    let before = service.get(&path).expect(200);

    service.restart();

    assert_eq!(service.get(&path).expect(200).body, before.body);
    let again = service.award(&badge, "grace@example.org");
    let credential = service.get(&format!("/awards/{}/credential.json", again["id"].as_str().unwrap()));
    assert_eq!(lists(&credential), lists(&before));
}
