//! The pages that everybody sees: each is one page with its policy, and says what is stored as text.

use serde_json::json;

use crate::{
    accounts::{Browser, at_present},
    harness::{Answer, Service},
};

const HTML: &[(&str, &str)] = &[("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")];

fn page(service: &Service, path: &str, status: u16) -> String {
    checked(service.call("GET", path, HTML, None).expect(status))
}

/// Holds what every page must keep to.
#[track_caller]
fn checked(answer: Answer) -> String {
    assert_eq!(answer.header("Content-Type"), "text/html; charset=utf-8");
    let policy = answer.header("Content-Security-Policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{policy}");
    let html = answer.text();
    assert_eq!(html.matches("<h1").count(), 1, "{html}");
    assert!(!html.contains("<script>") && !html.contains("onerror=alert(1)>"), "{html}");
    assert!(!html.contains(" style=") && !html.contains("<style"), "{html}");
    html
}

fn named(service: &Service, slug: &str, name: &str) -> String {
    let id = service.badge(slug, &json!({"track": "build"}));
    let owner = service.owner();
    let mut draft = service.get_as(&owner, &format!("/api/v1/badges/{id}")).json()["versions"][0].take();
    draft["content"]["name"] = name.into();
    draft["content"]["criteria"]["narrative"] = "Build a **rocket**.\n\n<img src=x onerror=alert(1)>".into();
    let draft = json!({"content": draft["content"], "image": draft["image"]});
    service.send_as(&owner, "PUT", &format!("/api/v1/badges/{id}/draft"), &draft).expect(200);
    service.post_as(&owner, &format!("/api/v1/badges/{id}/publish"), &json!({})).expect(200);
    id
}

#[test]
fn an_award_has_a_page_that_says_what_is_so() {
    let service = Service::start();
    let badge = named(&service, "astronaut", "Astronaut <script>alert(1)</script>");
    let award = service.award(&badge, "ada@example.org");
    let id = award["id"].as_str().unwrap();
    let path = format!("/awards/{id}");
    let step = |step: &str| {
        let reason = json!({"reason": "given by <b>mistake</b>"});
        service.post_as(&service.owner(), &format!("/api/v1/awards/{id}/{step}"), &reason).expect(200);
    };

    let valid = page(&service, &path, 200);
    step("suspend");
    let suspended = page(&service, &path, 200);
    step("revoke");
    let revoked = page(&service, &path, 410);

    assert!(valid.contains("This badge is genuine. Hive Chicago awarded it on 21 June 2026"), "{valid}");
    assert!(valid.contains("<strong>rocket</strong>") && valid.contains("content=\"noindex\""));
    assert!(valid.contains("property=\"og:image\"") && valid.contains(&format!("{path}/credential.jwt")));
    assert!(!valid.contains("ada@example.org"));
    assert!(suspended.contains("has suspended this badge for now"));
    assert!(revoked.contains("revoked this badge on 21 June 2026"));
    assert!(revoked.contains("given by &#60;b&#62;mistake"), "{revoked}");
    assert!(page(&service, "/awards/awd_00000000000000000000000000", 404).contains("There is nothing here"));
    assert_eq!(service.get(&path).expect(410).header("Content-Type"), "application/problem+json");
}

#[test]
fn the_catalogue_finds_badges_and_an_earlier_slug_leads_on() {
    let service = Service::start();
    let empty = page(&service, "/", 200);
    let id = named(&service, "astronaut", "Astronaut <script>alert(1)</script>");
    service.badge("gardener", &json!({"track": "learn"}));
    let slug = json!({"slug": "cosmonaut"});
    service.send_as(&service.owner(), "PATCH", &format!("/api/v1/badges/{id}"), &slug).expect(200);

    let home = page(&service, "/", 200);
    let tree = page(&service, "/badges", 200);
    let found = page(&service, "/badges?q=ASTRO", 200);
    let track = page(&service, "/badges?track=learn", 200);
    let badge = page(&service, "/badges/cosmonaut", 200);
    let moved = service.call("GET", "/badges/astronaut", HTML, None).expect(308);

    assert!(empty.contains("No badge is published yet"));
    assert!(home.contains("Hive Chicago") && home.contains("href=\"/badges/cosmonaut\""));
    assert!(tree.contains("Hive Chicago") && tree.contains("Badge gardener"));
    assert!(found.contains("/badges/cosmonaut") && !found.contains("/badges/gardener"));
    assert!(track.contains("/badges/gardener") && !track.contains("/badges/cosmonaut"));
    assert!(badge.contains("Astronaut &#60;script&#62;") && badge.contains("<strong>rocket</strong>"));
    assert_eq!(moved.header("Location"), "/badges/cosmonaut");
    assert!(page(&service, &format!("/badges/{id}/versions/1"), 200).contains("See version 2"));
    assert_eq!(service.get("/badges/cosmonaut").header("Content-Type"), "application/ld+json");
    let issuer = page(&service, &format!("/issuers/{}", service.organisation), 200);
    assert!(issuer.contains("Organisation") && issuer.contains("/badges/gardener"));
    assert!(page(&service, "/badges/nothing-here", 404).contains("There is nothing here"));
}

#[test]
fn what_pages_load_is_there_and_a_problem_is_a_page_for_people_alone() {
    let service = Service::start();
    let home = page(&service, "/", 200);
    let style = home.split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap();

    let asset = service.get(style).expect(200);

    assert_eq!(asset.header("Content-Type"), "text/css; charset=utf-8");
    assert_eq!(asset.header("Cache-Control"), "public, max-age=31536000, immutable");
    assert!(page(&service, "/nowhere", 404).contains("There is nothing here"));
    at_present(&service);
    let mut browser = Browser::new(&service);
    browser.sign_in("owner@example.org");
    let headers = [HTML[0], ("Cookie", browser.cookie.as_str())];
    let known = service.call("GET", "/nowhere", &headers, None).expect(404).text();
    assert!(known.contains("Sign out") && !known.contains("Sign in"), "{known}");
    page(&service, "/assets/site.css", 404);
    let problem = service.call("GET", "/api/v1/awards", HTML, None).expect(401);
    assert_eq!(problem.header("Content-Type"), "application/problem+json");
    assert_eq!(service.get("/nowhere").expect(404).header("Content-Type"), "application/problem+json");
}

/// A form with a file, as browsers send it.
fn form(service: &Service, fields: &[(&str, &str, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, file, bytes) in fields {
        body.extend_from_slice(b"--b0undary\r\nContent-Disposition: form-data; ");
        let file = if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"") };
        body.extend_from_slice(format!("name=\"{name}\"{file}\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b0undary--\r\n");
    let headers = [("Content-Type", "multipart/form-data; boundary=b0undary"), HTML[0]];
    service.call("POST", "/verify", &headers, Some(body))
}

#[test]
fn our_own_badges_are_verified_without_the_network() {
    let service = Service::start();
    let badge = named(&service, "astronaut", "Astronaut <script>alert(1)</script>");
    let award = service.award(&badge, "ada@example.org");
    let id = award["id"].as_str().unwrap();
    let picture = service.get(&format!("/awards/{id}/badge")).expect(200).body;
    let text = service.get(&format!("/awards/{id}/credential.json")).expect(200).body;
    let verdict = |kind: &str, body: &[u8]| {
        let headers = [("Content-Type", kind)];
        service.call("POST", "/api/v1/verify?offline=true", &headers, Some(body.to_vec()))
    };

    let as_file = checked(form(&service, &[("url", "", b""), ("file", "ada.png", &picture)]).expect(200));
    let as_text = checked(form(&service, &[("text", "", &text)]).expect(200));
    let as_address = page(&service, &format!("/verify?url={}", award["url"].as_str().unwrap()), 200);
    let envelope = json!({"credential": String::from_utf8(text.clone()).unwrap()});

    for html in [as_file, as_text, as_address] {
        assert!(html.contains("This badge is genuine."), "{html}");
    }
    assert_eq!(verdict("application/json", envelope.to_string().as_bytes()).json()["verdict"], "valid");
    assert_eq!(verdict("application/vc", &text).json()["verdict"], "valid");
    assert_eq!(verdict("image/png", &picture).json()["verdict"], "valid");
    let reason = json!({"reason": "by mistake"});
    service.post_as(&service.owner(), &format!("/api/v1/awards/{id}/revoke"), &reason).expect(200);
    assert_eq!(verdict("application/vc", &text).json()["verdict"], "revoked");
}

#[test]
fn what_cannot_be_verified_is_said_beside_its_field() {
    let service = Service::start();

    let empty = checked(form(&service, &[("url", "", b"")]).expect(422));
    let inside = page(&service, "/verify?url=https://127.0.0.1/badge.json", 422);
    let forged = checked(form(&service, &[("text", "", b"{\"name\": \"<script>\"}")]).expect(200));

    page(&service, "/verify", 200);
    assert!(empty.contains("Choose a file, or give an address or a text."));
    assert!(inside.contains("an address of the machine itself"), "{inside}");
    assert!(forged.contains("This is not a badge"), "{forged}");
    let large = vec![b' '; (4 << 20) + (70 << 10)];
    let refused = service.call("POST", "/api/v1/verify", &[("Content-Type", "application/vc")], Some(large));
    assert_eq!(refused.expect(413).json()["code"], "too_large");
}
