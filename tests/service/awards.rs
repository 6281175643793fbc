//! Awards by the API: signed, stored once, refused with a reason.

use std::thread;

use serde_json::{Value, json};

use crate::harness::Service;

#[test]
fn an_award_is_answered_with_its_address() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));

    let award = service.award(&badge, "ada@example.org");

    assert_eq!(award["state"], "issued");
    assert_eq!(award["issued_at"], "2026-06-21T12:00:00Z");
    let id = award["id"].as_str().unwrap();
    let shown = service.get_as(&service.owner(), &format!("/api/v1/awards/{id}")).expect(200).json();
    assert_eq!(shown, award);
}

#[test]
fn an_unknown_badge_leaves_nothing_behind() {
    let service = Service::start();
    let request = json!({"badge": "bdg_00000000000000000000000000", "email": "ada@example.org"});

    let answer = service.post_as(&service.owner(), "/api/v1/awards", &request).expect(404);

    assert_eq!(answer.json()["code"], "not_found");
    assert_eq!(answer.header("Content-Type"), "application/problem+json");
}

#[test]
fn each_field_that_is_wrong_is_named() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let request = json!({
        "badge": badge,
        "recipients": [{"email": "ada@example.org"}, {"email": "nobody"}, {"did": "ada"}],
        "expires_at": "soon",
        "visibility": "everybody",
    });

    let problem = service.post_as(&service.owner(), "/api/v1/awards", &request).expect(422).json();

    let paths: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
    assert_eq!(paths, ["recipients[1].email", "recipients[2].did", "expires_at", "visibility"]);
}

#[test]
fn what_no_text_holds_and_what_is_no_web_address_is_refused() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let owner = service.owner();

    for path in ["/badges/%00", "/issuers/%00", "/images/%00", "/claim/%00"] {
        service.get(path).expect(404);
    }
    for path in ["/api/v1/contacts?q=%00", "/api/v1/audit?object=a%00b"] {
        assert_eq!(service.get_as(&owner, path).expect(400).json()["code"], "query");
    }
    let node = format!("/api/v1/issuers/{}", service.organisation);
    for url in [
        "javascript:alert(1)",
        "https://a.example/a b",
        "https://user:secret@a.example/",
        "https://a.example/%zz",
        "https://a.example/\\",
        "https://a.example/#a#b",
        "https://a.example/{}",
    ] {
        let award = json!({"badge": badge, "email": "ada@example.org", "evidence": [{"url": url}]});
        let problem = service.post_as(&owner, "/api/v1/awards", &award).expect(422).json();
        assert_eq!(problem["errors"][0]["path"], "evidence[0].url", "{url}");
        // Its badges could not be awarded any more.
        let problem = service.send_as(&owner, "PATCH", &node, &json!({"url": url})).expect(422).json();
        assert_eq!(problem["errors"][0]["path"], "url", "{url}");
    }
    service.send_as(&owner, "PATCH", &node, &json!({"url": "https://a.example/ü?a=%C3%BC#b"})).expect(200);
    service.award(&badge, "ada@example.org");
    for name in ["Ada\nBcc: eve@example.org", "Ada\u{1b}[31m", "Ada\u{2028}"] {
        let award = json!({"badge": badge, "email": "ben@example.org", "name": name});
        let problem = service.post_as(&owner, "/api/v1/awards", &award).expect(422).json();
        assert_eq!(problem["errors"][0]["code"], "characters", "{name:?}");
    }
    let node = json!({"parent": service.organisation, "kind": "programme", "slug": "new", "name": "New"});
    let problem = service.post_as(&owner, "/api/v1/issuers", &node).expect(422).json();
    assert_eq!(problem["errors"][0]["path"], "slug");
}

#[test]
fn the_same_request_twice_acts_once() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let (owner, body) = (service.owner(), json!({"badge": badge, "email": "ada@example.org"}));
    let bearer = format!("Bearer {owner}");
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
        ("Idempotency-Key", "workshop-1"),
    ];
    let send =
        |body: &Value| service.call("POST", "/api/v1/awards", &headers, Some(body.to_string().into_bytes()));

    let (first, second) = (send(&body).expect(201), send(&body).expect(201));

    assert_eq!(first.body, second.body);
    let other = json!({"badge": badge, "email": "grace@example.org"});
    assert_eq!(send(&other).expect(422).json()["code"], "idempotency_key_reused");
}

#[test]
fn a_badge_that_is_held_once_is_given_once_by_many_at_the_same_time() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({"unique": true}));
    let (owner, base) = (service.owner(), service.base.clone());

    let clients: Vec<_> = (0..24)
        .map(|_| {
            let (owner, url) = (owner.clone(), format!("{base}/api/v1/awards"));
            let body = json!({"badge": badge, "email": "ada@example.org"}).to_string().into_bytes();
            thread::spawn(move || {
                let bearer = format!("Bearer {owner}");
                let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
                crate::harness::call(&url, "POST", &headers, Some(body)).status
            })
        })
        .collect();
    let mut statuses: Vec<_> = clients.into_iter().map(|client| client.join().unwrap()).collect();
    statuses.sort_unstable();

    assert_eq!(statuses[0], 201);
    assert!(statuses[1..].iter().all(|status| *status == 409), "{statuses:?}");
}

#[test]
fn a_limit_is_not_passed_by_many_at_the_same_time() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({"limit": 5}));
    let (owner, base) = (service.owner(), service.base.clone());

    let clients: Vec<_> = (0..24)
        .map(|number| {
            let (owner, url) = (owner.clone(), format!("{base}/api/v1/awards"));
            let body = json!({"badge": badge, "email": format!("learner{number}@example.org")});
            thread::spawn(move || {
                let bearer = format!("Bearer {owner}");
                let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
                crate::harness::call(&url, "POST", &headers, Some(body.to_string().into_bytes())).status
            })
        })
        .collect();
    let made = clients.into_iter().map(|client| client.join().unwrap());
    let made = made.filter(|status| *status == 201).count();

    assert_eq!(made, 5);
}

#[test]
fn a_version_that_no_award_could_carry_is_not_published() {
    let service = Service::start();
    let owner = service.owner();
    let badge = service.badge("astronaut", &json!({}));
    let artwork = json!({"track": "", "level": "", "colour": "", "icon": "", "title": "", "year": ""});
    let publish = |field: &str, value: Value| {
        let mut content =
            json!({"name": "A", "description": "b", "criteria": {"narrative": "c"}, "image_caption": "d"});
        (content["artwork"], content[field]) = (artwork.clone(), value);
        let draft = format!("/api/v1/badges/{badge}/draft");
        service.send_as(&owner, "PUT", &draft, &json!({"content": content})).expect(200);
        service.post_as(&owner, &format!("/api/v1/badges/{badge}/publish"), &json!({}))
    };

    for (field, value, path) in [
        ("achievement_type", json!("not a term"), "achievement_type"),
        ("results", json!([{"name": "r", "result_type": "Bogus"}]), "results[0].result_type"),
        (
            "alignments",
            json!([{"target_name": "a", "target_url": "https://a.example/x y"}]),
            "alignments[0].target_url",
        ),
    ] {
        let refused = publish(field, value).expect(422).json();
        assert_eq!(refused["errors"][0]["path"], path, "{refused}");
    }
    publish("achievement_type", json!("Badge")).expect(200);
    service.award(&badge, "ada@example.org");
}
