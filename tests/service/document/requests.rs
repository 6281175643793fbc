//! What is asked for in a way that cannot be meant is refused, with the field and what to do.

use serde_json::json;

use crate::{
    accounts::{Browser, at_present},
    harness::Service,
};

#[test]
fn what_a_list_is_not_asked_for_is_refused_with_the_name_of_the_field() {
    let service = Service::start();
    at_present(&service);
    service.badge("astronaut", &json!({}));
    let mut browser = Browser::new(&service);
    browser.sign_in("owner@example.org");

    for list in ["awards", "badges", "issuers", "contacts", "batches", "outbox", "audit"] {
        for (query, field) in [("stat=issued", "stat"), ("after=nobody", "after"), ("limit=0", "limit")] {
            let answer =
                service.get_as(&service.owner(), &format!("/api/v1/{list}?{query}")).expect(422).json();
            assert_eq!(answer["errors"][0]["path"], field, "{list}: {answer}");
        }
    }
    for (asked, field, says) in [
        ("/api/v1/awards?stat=issued", "stat", "state, external_id, by, after, limit"),
        ("/api/v1/awards?state=bogus", "state", "issued, revoked"),
        ("/api/v1/awards?by=you", "by", "must be me"),
        ("/api/v1/awards?badge=astronaut", "badge", "bdg_"),
        ("/api/v1/awards?state=issued&state=revoked", "state", "twice"),
        ("/api/v1/awards?limit=5&limit=6", "limit", "twice"),
        ("/api/v1/awards?limit=many", "limit", "from 1 to 200"),
        ("/api/v1/awards.csv?after=awd_1", "after", "is not known"),
        ("/api/v1/contacts?word=ada", "word", "take one of q, after, limit"),
        ("/api/v1/outbox?state=lost", "state", "queued"),
    ] {
        let answer = service.get_as(&service.owner(), asked).expect(422).json();
        let fault = &answer["errors"][0];
        assert_eq!(fault["path"], field, "{asked}: {answer}");
        assert!(fault["message"].as_str().unwrap().contains(says), "{asked}: {answer}");
    }
    let long = "a".repeat(201);
    for list in ["/api/v1/contacts", "/contacts", "/awards", "/badges"] {
        let known =
            [("Authorization", format!("Bearer {}", service.owner())), ("Cookie", browser.cookie.clone())];
        let known = known.each_ref().map(|(name, value)| (*name, value.as_str()));
        let answer = service.call("GET", &format!("{list}?q={long}"), &known, None).expect(422).json();
        assert_eq!(answer["errors"][0]["path"], "q", "{list}: {answer}");
    }
    for page in ["/awards", "/awards.csv"] {
        for query in ["badge=rocket", "state=bogus", "by=you", "after=nobody"] {
            let answer = browser.get(&format!("{page}?{query}")).expect(422).text();
            let (field, _) = query.split_once('=').unwrap();
            assert!(answer.to_lowercase().contains(&format!("{field}: ")), "{page}?{query}: {answer}");
        }
        browser.get(&format!("{page}?badge=astronaut&state=valid&by=me&q=")).expect(200);
    }
    for asked in ["/outbox?state=lost", "/people?issuer=nowhere", "/batches?after=1"] {
        browser.get(asked).expect(422);
    }
}

#[test]
fn what_a_request_carries_is_refused_where_it_is_wrong_and_by_the_limit_that_is_set() {
    let service = Service::start();
    let (owner, badge) = (service.owner(), service.badge("astronaut", &json!({})));
    let bearer = format!("Bearer {owner}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    let send = |body: String| service.call("POST", "/api/v1/awards", &headers, Some(body.into_bytes()));
    let award = json!({"badge": badge, "email": "ada@example.org"}).to_string();

    send(format!("{award}{}", " ".repeat(600_000))).expect(201);
    let large = send(format!("{award}{}", " ".repeat(1_100_000))).expect(413).json();
    assert_eq!(large["code"], "too_large");
    for (body, field, says) in [
        ("null".to_owned(), "body", "is null, and must be an object"),
        (format!("[\"{badge}\", \"ada@example.org\"]"), "body", "is a list"),
        (
            json!({"badge": badge, "email": "a@example.org", "expires_at": "0000-01-01T00:00:00Z"})
                .to_string(),
            "expires_at",
            "over before",
        ),
        (
            json!({"badge": badge, "email": "a@example.org", "evidence": [{}]}).to_string(),
            "evidence[0]",
            "says nothing",
        ),
        (award.replace("email", "address"), "address", "is not known"),
        (json!({"badge": badge, "recipients": [{"email": 5}]}).to_string(), "recipients[0].email", "a text"),
        (
            json!({"badge": badge, "recipients": [{"mail": ""}]}).to_string(),
            "recipients[0].mail",
            "email, did",
        ),
        (json!({"badge": badge, "mail": "yes"}).to_string(), "mail", "true or false"),
        (json!({"email": "ada@example.org"}).to_string(), "badge", "is missing"),
    ] {
        let answer = send(body.clone()).expect(422).json();
        let fault = &answer["errors"][0];
        assert_eq!(fault["path"], field, "{body}: {answer}");
        assert!(fault["message"].as_str().unwrap().contains(says), "{body}: {answer}");
    }
    let put = service.send_as(&owner, "PUT", "/api/v1/awards", &json!({})).expect(405);
    assert_eq!((put.header("Allow"), &put.json()["code"]), ("GET, HEAD, POST", &json!("method_not_allowed")));
    for path in ["/", "/badges/astronaut", "/api/v1/badges"] {
        let get = service.call("GET", path, &headers[..1], None).expect(200);
        let head = service.call("HEAD", path, &headers[..1], None).expect(200);
        assert_eq!((head.header("Content-Type"), head.body.len()), (get.header("Content-Type"), 0), "{path}");
    }
    let packed = [headers[0], headers[1], ("Content-Encoding", "br")];
    service.call("POST", "/api/v1/awards", &packed, Some(award.into_bytes())).expect(415);
}

#[test]
fn a_list_in_the_place_of_an_object_is_refused_wherever_it_stands() {
    let service = Service::start();
    let (owner, badge) = (service.owner(), service.badge("astronaut", &json!({})));
    let content = json!({"name": "B", "description": "b", "criteria": ["Fly."]});
    let criteria = json!({"narrative": "c", "groups": [{"needed": 1, "criteria": [["Fly.", true]]}]});

    for (method, path, request, field) in [
        ("POST", "/awards", json!([badge, "ada@example.org"]), "body"),
        ("POST", "/awards", json!({"badge": badge, "recipients": [["ada@example.org"]]}), "recipients[0]"),
        (
            "POST",
            "/awards",
            json!({"badge": badge, "email": "a@example.org", "evidence": [["https://a.example"]]}),
            "evidence[0]",
        ),
        (
            "POST",
            "/badges",
            json!({"issuer": service.organisation, "slug": "pilot", "content": content}),
            "content.criteria",
        ),
        (
            "PUT",
            &format!("/badges/{badge}/draft"),
            json!({"content": {"name": "B", "description": "b", "criteria": criteria}}),
            "content.criteria.groups[0].criteria[0]",
        ),
    ] {
        let answer = service.send_as(&owner, method, &format!("/api/v1{path}"), &request).expect(422).json();
        let fault = &answer["errors"][0];
        assert_eq!(fault["path"], field, "{answer}");
        assert_eq!(fault["message"], "is a list, and must be an object in braces", "{answer}");
    }
}

#[test]
fn what_is_wrong_with_a_new_badge_is_named_as_it_stands_in_the_request() {
    let service = Service::start();
    let content = json!({"name": "é".repeat(201), "description": "b", "criteria": {"narrative": "c"}});
    for (settings, field) in [(json!({}), "content.name"), (json!({"limit": -1}), "settings.limit")] {
        let request = json!({
            "issuer": service.organisation, "slug": "pilot", "settings": settings, "content": content,
        });
        let answer = service.post_as(&service.owner(), "/api/v1/badges", &request).expect(422).json();
        assert_eq!(answer["errors"][0]["path"], field, "{answer}");
    }
}

#[test]
fn what_is_too_long_or_cannot_be_seen_is_refused_with_its_limit() {
    let service = Service::start();
    let (owner, organisation) = (service.owner(), service.organisation.clone());
    let badge = service.badge("astronaut", &json!({}));
    let email = "ada@example.org";
    let long = |count: usize| "é".repeat(count);
    let content =
        json!({"name": "B", "description": "b", "criteria": {"narrative": "c"}, "tags": [long(201)]});

    for (path, request, field, says) in [
        ("/awards", json!({"badge": badge, "email": email, "name": long(201)}), "name", "200"),
        (
            "/awards",
            json!({"badge": badge, "email": email, "name": "\u{200b}\u{202e} "}),
            "name",
            "is missing",
        ),
        ("/awards", json!({"badge": badge, "email": email, "note": long(5_001)}), "note", "5000"),
        (
            "/awards",
            json!({"badge": badge, "recipients": [{"did": "did:key:zzz"}]}),
            "recipients[0].did",
            "no key",
        ),
        (
            "/awards",
            json!({"badge": badge, "email": email, "evidence": [{"narrative": long(5_001)}]}),
            "evidence[0].narrative",
            "5000",
        ),
        (
            "/awards",
            json!({"badge": badge, "email": email, "evidence": [{"url": format!("https://a.example/{}", long(2_000))}]}),
            "evidence[0].url",
            "2000",
        ),
        (
            "/awards",
            json!({"badge": badge, "email": email, "evidence": vec![json!({"narrative": "x"}); 11]}),
            "evidence",
            "10",
        ),
        (
            "/issuers",
            json!({"parent": organisation, "kind": "issuer", "slug": "school", "name": "\u{3164}"}),
            "name",
            "is missing",
        ),
        (
            "/badges",
            json!({"issuer": organisation, "slug": "pilot", "content": content}),
            "content.tags[0]",
            "200",
        ),
    ] {
        let answer = service.post_as(&owner, &format!("/api/v1{path}"), &request).expect(422).json();
        let fault = &answer["errors"][0];
        assert_eq!(fault["path"], field, "{answer}");
        assert!(fault["message"].as_str().unwrap().contains(says), "{answer}");
    }
    assert_eq!(service.get_as(&owner, "/api/v1/awards").json()["items"], json!([]));
}

#[test]
fn lists_are_held_to_the_same_limits() {
    let service = Service::start();
    let (owner, badge) = (service.owner(), service.badge("astronaut", &json!({})));
    let (email, long) = ("ada@example.org", |count: usize| "é".repeat(count));
    let bearer = format!("Bearer {owner}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "text/csv")];
    let send = |query: &str, list: String| {
        let path = format!("/api/v1/batches?badge={badge}&{query}");
        service.call("POST", &path, &headers, Some(list.into_bytes())).expect(422).json()
    };
    for (list, says) in [
        ("id\ndid:key:zzz\n".to_owned(), "holds no key"),
        (format!("email,name\n{email},{}\n", long(201)), "name is longer than 200"),
        (format!("email,name\n{email},\u{200b}\n"), "name is missing"),
        (format!("email,valid_until\n{email},2001-01-01\n"), "over already"),
        (format!("email,narrative\n{email},{}\n", long(5_001)), "narrative is longer than 5000"),
    ] {
        let answer = send("", list);
        assert_eq!(answer["errors"][0]["path"], "line 2", "{answer}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains(says), "{answer}");
    }
    assert_eq!(send("name=%20", "email\n".to_owned())["errors"][0]["path"], "name");
    let shown = send("", format!("email,{}\n", long(10_000)));
    assert!(shown["detail"].as_str().unwrap().len() < 1_000, "what is wrong is not repeated whole");
    assert_eq!(service.get_as(&owner, "/api/v1/awards").json()["items"], json!([]));
}

#[test]
fn a_list_in_two_places_is_refused_and_a_second_begin_finds_it_going() {
    let service = Service::start();
    at_present(&service);
    service.badge("astronaut", &json!({}));
    let mut browser = Browser::new(&service);
    browser.sign_in("owner@example.org");
    let fields = [("badge", "astronaut"), ("rows", "email\nada@example.org\n"), ("name", "Maker Party")];

    let file = ("list", b"email\ngrace@example.org\n".as_slice());
    let both = browser.upload("/batches/new", "/batches/new", &fields, file).expect(422).text();
    assert!(both.contains("a file and rows") && both.contains("Maker Party"), "{both}");
    assert!(both.contains("ada@example.org"), "what was typed is kept");

    let place = browser.submit("/batches/new", "/batches/new", &fields).expect(303);
    let place = place.header("Location").to_owned();
    let begin = format!("{place}/begin");
    browser.submit(&place, &begin, &[]).expect(303);
    browser.submit("/batches/new", &begin, &[]).expect(303);
    let said = browser.get(&place).expect(200).text();
    assert!(said.contains("going already") || said.contains("awarded already"), "{said}");
}
