//! The hierarchy and its keys at work: branches move and are archived, and keys fall into other hands.

use serde_json::json;

use crate::{
    accounts::Browser,
    harness::Service,
    makers::{desk, place, unpacked},
};

#[test]
fn a_branch_is_renamed_moved_and_archived_with_forms_and_no_address_breaks() {
    let service = Service::start();
    let mut browser = desk(&service);
    let root = service.organisation.clone();
    let tree = format!("/hierarchy?node={root}");
    let act = |browser: &mut Browser<'_>, node: &str, verb: &str, fields: &[(&str, &str)]| {
        browser.submit(&tree, &format!("/hierarchy/{node}{verb}"), fields)
    };
    let made =
        |answer: crate::harness::Answer| place(&answer.expect(303)).split('=').nth(1).unwrap().to_owned();

    let hive = made(act(&mut browser, &root, "/add", &[("name", "Hive"), ("kind", "programme")]));
    let web = made(act(&mut browser, &root, "/add", &[("name", "Web & more"), ("kind", "issuer")]));
    let said = [("name", "Hive"), ("slug", "hive-chicago"), ("url", "no address"), ("description", "Meets.")];
    let refused = act(&mut browser, &hive, "", &said).expect(422).text();
    assert!(refused.contains("“no address” is no web address") && refused.contains("Meets."), "{refused}");
    let said = [("name", "Hive"), ("slug", "the-hive"), ("description", "Meets.")];
    act(&mut browser, &hive, "", &said).expect(303);
    act(
        &mut browser,
        &root,
        "",
        &[("name", "Hive Chicago"), ("slug", "hive-chicago"), ("url", "https://example.org")],
    );
    act(&mut browser, &hive, "/move", &[("parent", hive.as_str())]).expect(422);
    act(&mut browser, &hive, "/move", &[("parent", web.as_str())]).expect(303);

    let page = browser.get(&format!("/hierarchy?node={hive}")).expect(200).text();
    assert!(page.contains("Empty takes what Hive Chicago says: https://example.org"), "{page}");
    let moved = service.call("GET", "/issuers/hive", &[("Accept", "text/html")], None).expect(308);
    assert_eq!(moved.header("Location"), "/issuers/the-hive");
    let node = service.get_as(&service.owner(), &format!("/api/v1/issuers/{hive}")).expect(200).json();
    assert_eq!((&node["parent"], &node["description"]), (&json!(web), &json!("Meets.")));
    let badge = service.badge("astronaut", &json!({"issuer": hive, "also_in": [root]}));
    act(&mut browser, &web, "/archive", &[]).expect(303);
    let request = json!({"badge": badge, "email": "ada@example.org"});
    let archived = service.post_as(&service.owner(), "/api/v1/awards", &request).expect(409).json();
    assert_eq!(archived["code"], "archived");
    act(&mut browser, &web, "/restore", &[]).expect(303);
    service.award(&badge, "ada@example.org");
}

#[test]
fn a_badge_that_comes_under_another_issuer_gets_a_version_that_this_one_signs() {
    let service = Service::start();
    let (owner, root) = (service.owner(), service.organisation.clone());
    let add = |kind: &str, slug: &str| {
        let node = json!({"parent": root, "kind": kind, "slug": slug, "name": slug});
        service.post_as(&owner, "/api/v1/issuers", &node).expect(201).json()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (hive, web) = (add("issuer", "hive"), add("programme", "web"));
    let badge = service.badge("astronaut", &json!({"issuer": web}));
    let path = format!("/api/v1/badges/{badge}");
    let read = || service.get_as(&owner, &path).expect(200).json();
    let content = read()["versions"][0]["content"].clone();
    let mut draft = content.clone();
    draft["description"] = json!("Not finished yet.");
    service.send_as(&owner, "PUT", &format!("{path}/draft"), &json!({"content": draft})).expect(200);
    let first = service.award(&badge, "ada@example.org");

    let mut browser = desk(&service);
    let tree = format!("/hierarchy?node={web}");
    let mut to = |parent: &str| {
        browser.submit(&tree, &format!("/hierarchy/{web}/move"), &[("parent", parent)]).expect(303);
        browser.visit(&tree).expect(200).text()
    };
    let (moved, stayed) = (to(&hive), to(&hive));

    assert!(
        moved.contains("One badge got a new version") && stayed.contains("stands there already"),
        "{moved}"
    );
    let versions = read()["versions"].clone();
    let said: Vec<_> =
        versions.as_array().unwrap().iter().map(|one| (&one["content"], one["number"].as_i64())).collect();
    assert_eq!(said, [(&draft, Some(3)), (&content, Some(2)), (&content, Some(1))]);
    let page = |path: &str| service.call("GET", path, &[("Accept", "text/html")], None).expect(200).text();
    let facts =
        |page: &str| page.split("Awarded by").nth(1).unwrap().split("</dd>").next().unwrap().to_owned();
    assert!(facts(&page("/badges/astronaut")).contains(">hive<"));
    assert!(!facts(&page(&format!("/badges/{badge}/versions/1"))).contains(">hive<"));
    assert!(!facts(&page(&format!("/awards/{}", first["id"].as_str().unwrap()))).contains(">hive<"));
    let second = service.award(&badge, "grace@example.org");
    assert!(facts(&page(&format!("/awards/{}", second["id"].as_str().unwrap()))).contains(">hive<"));
    // Alone it moves in the same way.
    service.send_as(&owner, "PATCH", &path, &json!({"issuer": root})).expect(200);
    assert_eq!(read()["versions"].as_array().unwrap().len(), 4);
}

#[test]
fn a_key_in_wrong_hands_is_revoked_and_its_badges_are_awarded_anew() {
    let service = Service::start_with(&[("BADGES_PUBLIC_URL", "https://badges.example.org")]);
    let badge = service.badge("astronaut", &json!({"unique": true}));
    let old = service.award(&badge, "ada@example.org");
    let (owner, root) = (service.owner(), service.organisation.clone());
    let keys = format!("/api/v1/issuers/{root}/keys");
    let key = service.get_as(&owner, &keys).expect(200).json()["keys"][0]["id"].as_str().unwrap().to_owned();

    let holds = service.post_as(&owner, &format!("{keys}/{key}/reissue"), &json!({})).expect(409).json();
    let rotated = service.post_as(&owner, &keys, &json!({})).expect(201).json();
    let ahead = json!({"compromised_at": "2100-01-01T00:00:00Z"});
    let refused = service.post_as(&owner, &format!("{keys}/{key}/revoke"), &ahead).expect(422).json();
    assert_eq!(refused["errors"][0]["path"], "compromised_at", "{refused}");
    let since = json!({"compromised_at": "2026-06-20T00:00:00Z"});
    service.post_as(&owner, &format!("{keys}/{key}/revoke"), &since).expect(200);
    let id = old["id"].as_str().unwrap();
    let page = service.call("GET", &format!("/awards/{id}"), &[("Accept", "text/html")], None).text();
    assert!(page.contains("in other hands since 20 June 2026") && !page.contains("is genuine"), "{page}");
    let before = service.get_as(&owner, &format!("{keys}/{key}/awards")).expect(200).json();
    let done = service.post_as(&owner, &format!("{keys}/{key}/reissue"), &json!({})).expect(200).json();

    assert_eq!((&holds["code"], rotated["keys"].as_array().unwrap().len()), (&json!("key_holds"), 2));
    assert_eq!((&before["left"], &done["reissued"], &done["left"]), (&json!(1), &json!(1), &json!(0)));
    let replaced = service.get_as(&owner, &format!("/api/v1/awards/{id}")).expect(200).json();
    assert_eq!(replaced["state"], "superseded");
    let bundle = service.get(&format!("/awards/{}/badge.zip", replaced["superseded_by"].as_str().unwrap()));
    let verdict = unpacked(&service, &bundle.expect(200).body);
    assert_eq!(verdict["verdict"], "valid", "{verdict}");
    // Who works there sees it on the list as well.
    let all = service.get_as(&owner, &keys).expect(200).json()["keys"].take();
    let signs = all.as_array().unwrap().iter().find(|key| key["signs"] == true).unwrap()["id"].clone();
    let page = format!("/issuers/{root}/keys");
    let form = format!("{page}/{}/revoke", signs.as_str().unwrap());
    let mut browser = desk(&service);
    let refused = browser.submit("/keys", &form, &[("since", "2100-01-01")]).expect(422).text();
    assert!(refused.contains("Lies ahead") && refused.contains("value=\"2100-01-01\""), "{refused}");
    let refused = browser.submit("/keys", &form, &[("since", "soon")]).expect(422).text();
    assert!(refused.contains("is not a time"), "{refused}");
    browser.submit("/keys", &form, &[("since", "")]).expect(303);
    let list = browser.get("/awards").expect(200).text();
    assert!(list.contains("Key compromised") && list.contains("Replaced"), "{list}");
}

#[test]
fn a_key_that_is_a_name_is_not_rotated() {
    let service = Service::start();
    let keys = format!("/api/v1/issuers/{}/keys", service.organisation);
    let mut browser = desk(&service);

    let refused = service.post_as(&service.owner(), &keys, &json!({})).expect(409).json();
    let page = browser.get("/keys").expect(200).text();

    assert_eq!(refused["code"], "own_name");
    assert!(page.contains("did:key:z") && page.contains("another key would be another issuer"), "{page}");
    let one = format!("/issuers/{}/keys", service.organisation);
    browser.submit("/keys", &one, &[]).expect(409);
}
