//! The pages on which staff look after roles and messages, and what the verifier says of our own badges.

use serde_json::json;

use crate::{
    accounts::{Browser, at_present},
    harness::Service,
};

fn signed_in<'a>(service: &'a Service, address: &str) -> Browser<'a> {
    let mut browser = Browser::new(service);
    browser.sign_in(address);
    browser
}

#[test]
fn roles_are_given_and_taken_on_the_page_and_the_last_owner_stays() {
    let service = Service::start();
    at_present(&service);
    let mut browser = signed_in(&service, "owner@example.org");
    let give = |browser: &mut Browser, email: &str, role: &str| {
        let fields = [("email", email), ("role", role), ("issuer", service.organisation.as_str())];
        browser.submit("/people", "/people", &fields)
    };

    let refused = give(&mut browser, "ada", "mentor").expect(422).text();
    assert!(refused.contains("value=\"ada\"") && refused.contains("The address is no e-mail"), "{refused}");
    give(&mut browser, "ada@example.org", "administrator").expect(303);
    let page = browser.get("/people").expect(200).text();
    assert!(page.contains("ada@example.org has the role administrator now"), "{page}");
    let removals: Vec<&str> =
        page.split("action=\"/people/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(removals.len(), 2, "{page}");

    // The administrator cannot make an owner, nor take the owner's role away.
    let mut ada = signed_in(&service, "ada@example.org");
    assert!(give(&mut ada, "x@example.org", "owner").expect(422).text().contains("a right that they lack"));
    let mut ada = signed_in(&service, "ada@example.org");
    ada.submit("/people", &format!("/people/{}", removals[0]), &[]).expect(303);
    assert!(ada.get("/people").expect(200).text().contains("Nobody gives or takes a right that they lack"));

    browser.submit("/people", &format!("/people/{}", removals[0]), &[]).expect(303);
    assert!(browser.get("/people").expect(200).text().contains("this is the last one"));
    browser.submit("/people", &format!("/people/{}", removals[1]), &[]).expect(303);
    ada.get("/people").expect(403);
}

#[test]
fn a_kept_message_is_read_handed_on_and_called_back() {
    let service = Service::start();
    at_present(&service);
    service.award(&service.badge("astronaut", &json!({})), "ada@example.org");
    let mut browser = signed_in(&service, "owner@example.org");

    let list = browser.get("/outbox?state=kept").expect(200).text();
    assert!(list.contains("The badge Badge astronaut") && list.contains("ada@example.org"), "{list}");
    assert!(browser.get("/outbox?state=dead").expect(200).text().contains("No message in this state"));
    let id = list.split("href=\"/outbox/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/outbox/{id}");
    let page = browser.get(&path).expect(200).text();
    assert!(page.contains("(made when the message leaves)") && !page.contains("/claim/award/"), "{page}");
    let minted = browser.submit(&path, &format!("{path}/link"), &[]).expect(200).text();
    assert!(minted.contains("/claim/award/") && minted.contains("acts for"), "{minted}");

    browser.submit(&path, &format!("{path}/discard"), &[]).expect(303);
    assert!(browser.get(&path).expect(200).text().contains("Called back"));
    let owner = service.owner();
    let again = service.post_as(&owner, &format!("/api/v1/outbox/{id}/discard"), &json!({}));
    assert_eq!(again.expect(409).json()["code"], "not_discarded");
}

#[test]
fn the_verifier_knows_its_own_issuers_and_lets_strangers_wait() {
    let service = Service::start();
    let award = service.award(&service.badge("astronaut", &json!({})), "ada@example.org");
    let id = award["id"].as_str().unwrap();
    let text = service.get(&format!("/awards/{id}/credential.json")).expect(200).body;
    let verify = |headers: &[(&str, &str)]| {
        let headers: Vec<_> = headers.iter().copied().chain([("Content-Type", "application/vc")]).collect();
        service.call("POST", "/api/v1/verify", &headers, Some(text.clone()))
    };

    let report = verify(&[]).expect(200).json();
    let trust = report["checks"].as_array().unwrap().iter().find(|check| check["check"] == "trust").unwrap();
    assert_eq!(trust["outcome"], "passed", "{report}");
    let answers: Vec<_> = (0..60).map(|_| verify(&[])).collect();
    let refused = answers.last().unwrap();
    assert_eq!((refused.status, refused.header("Retry-After")), (429, "2"));
    // Who brings a token is known.
    verify(&[("Authorization", &format!("Bearer {}", service.owner()))]).expect(200);
    service.clock.advance(std::time::Duration::from_secs(2));
    verify(&[]).expect(200);
}

#[test]
fn the_log_tells_who_did_what_and_finds_it_again() {
    let service = Service::start();
    at_present(&service);
    let owner = service.owner();
    let badge = service.badge("astronaut", &json!({}));
    let award = service.award(&badge, "ada@example.org");
    let id = award["id"].as_str().unwrap();
    let items = |query: &str| {
        let found = service.get_as(&owner, &format!("/api/v1/audit?{query}")).expect(200).json();
        let words =
            found["items"].as_array().unwrap().iter().map(|item| item["action"].as_str().unwrap().to_owned());
        words.collect::<Vec<_>>().join(" ")
    };

    assert_eq!(items(&format!("object={id}")), "award");
    assert_eq!(items("action=publish_badge"), "publish_badge");
    assert_eq!(items("action=publish_badge&until=2001-01-01"), "");
    let all = items("");
    assert!(all.starts_with("award publish_badge add_badge"), "{all}");
    // In parts of one it is the same.
    let (mut parts, mut after) = (Vec::new(), String::new());
    loop {
        let part = service.get_as(&owner, &format!("/api/v1/audit?limit=1{after}")).expect(200).json();
        parts.extend(
            part["items"].as_array().unwrap().iter().map(|item| item["action"].as_str().unwrap().to_owned()),
        );
        let Some(next) = part["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(parts.join(" "), all);
    let fault = |query: &str| service.get_as(&owner, &format!("/api/v1/audit?{query}")).expect(422);
    assert_eq!(fault("since=yesterday").json()["errors"][0]["path"], "since");
    assert_eq!(fault("after=x").json()["errors"][0]["path"], "after");
    let chain = service.get_as(&owner, "/api/v1/audit/chain").expect(200).json();
    assert_eq!((&chain["broken_at"], &chain["checked_from"]), (&json!(null), &json!(1)));

    let browser = signed_in(&service, "owner@example.org");
    let page = browser.get("/audit").expect(200).text();
    assert!(page.contains("awarded a badge") && page.contains("Badge astronaut"), "{page}");
    assert!(page.contains("The chain holds from link 1"), "{page}");
    assert!(browser.get("/audit?action=take_role").expect(200).text().contains("Nothing found"));
}

#[test]
fn a_programme_sees_neither_the_log_nor_the_settings_of_the_whole() {
    let service = Service::start();
    at_present(&service);
    let owner = service.owner();
    let node = json!({"parent": service.organisation, "kind": "programme", "slug": "hive", "name": "Hive"});
    let node = service.post_as(&owner, "/api/v1/issuers", &node).expect(201).json();
    let role = json!({"email": "admin@example.org", "role": "administrator"});
    let path = format!("/api/v1/issuers/{}/roles", node["id"].as_str().unwrap());
    service.post_as(&owner, &path, &role).expect(201);
    let admin = signed_in(&service, "admin@example.org");

    admin.get("/audit").expect(403);
    admin.get("/settings").expect(403);
    admin.get("/people").expect(200);
    let text = admin.get("/me").expect(200).text();
    assert!(!text.contains("href=\"/audit\"") && text.contains("href=\"/outbox\""));
}

#[test]
fn the_settings_hide_what_is_secret_and_the_documentation_is_whole() {
    let service = Service::start_with(&[("BADGES_SMTP_URL", "smtp://badges:s3cret@127.0.0.1:1025")]);
    at_present(&service);
    let browser = signed_in(&service, "owner@example.org");

    let settings = browser.get("/settings").expect(200).text();
    assert!(settings.contains("badges:hidden@127.0.0.1") && !settings.contains("s3cret"), "{settings}");
    let api = browser.get("/docs/api").expect(200).text();
    assert!(api.contains("/api/v1/contacts/{contact}") && api.contains("For owner or steward."), "{api}");
    let problems = browser.get("/docs/problems").expect(200).text();
    assert!(problems.contains("id=\"last_owner\"") && problems.contains("id=\"unauthorised\""));
}
