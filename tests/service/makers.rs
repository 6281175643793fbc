//! The pages of those who design and give badges: what a program can do, a person can do with forms.

use serde_json::json;

use crate::{accounts::Browser, harness::Service};

/// A service and a browser in which the owner is signed in.
pub(crate) fn desk(service: &Service) -> Browser<'_> {
    crate::accounts::at_present(service);
    let mut browser = Browser::new(service);
    browser.sign_in("owner@example.org");
    browser
}

/// What an answer leads to.
fn place(answer: &crate::harness::Answer) -> String {
    answer.header("Location").to_owned()
}

#[test]
fn a_badge_is_drawn_described_and_published_with_forms() {
    let service = Service::start();
    let mut browser = desk(&service);
    let page = browser.get("/badges/new").expect(200).text();
    assert!(page.contains("Make a badge") && page.contains(&service.organisation));

    let mut fields = vec![
        ("name", "Rocket <Builder>"),
        ("slug", ""),
        ("issuer", service.organisation.as_str()),
        ("track", "build"),
        ("consumer_description", "Builds rockets that fly."),
        ("source", "drawn"),
        ("caption", "A rocket"),
        ("icon", "rocket"),
        ("level", "2"),
        ("group-1-required", "Build one"),
        ("group-1-items", "Paint it\r\nFly it"),
        ("group-1-needed", "2"),
        ("expires_after", "2 years"),
        ("unique", "yes"),
        ("suspendable", "yes"),
        ("limit", "many"),
    ];
    let refused = browser.submit("/badges/new", "/badges/new", &fields).expect(422).text();
    assert!(refused.contains("“At most this many awards” must be a whole number"), "{refused}");
    assert!(refused.contains("Builds rockets that fly.") && refused.contains("Paint it"));
    fields.retain(|(name, _)| *name != "limit");
    let more = [fields.clone(), vec![("more", "result")]].concat();
    let more = browser.submit("/badges/new", "/badges/new", &more).expect(200).text();
    assert!(more.contains("result-1-name") && more.contains("value=\"Rocket"));
    let made = place(&browser.submit("/badges/new", "/badges/new", &fields).expect(303));

    assert_eq!(made, "/badges/rocket-builder/edit?done=made");
    let editor = browser.get(&made).expect(200).text();
    assert!(editor.contains("value=\"2 years\"") && editor.contains("Publish this version"), "{editor}");
    let preview = browser.get("/badges/rocket-builder/preview").expect(200).text();
    assert!(preview.contains("Rocket &#60;Builder&#62;") && preview.contains("At least 2 of:"));
    service.get("/badges/rocket-builder").expect(404);
    let published = browser.submit(&made, "/badges/rocket-builder/publish", &[]).expect(303);
    assert_eq!(place(&published), "/badges/rocket-builder/edit?done=published");
    let achievement = service.get("/badges/rocket-builder").expect(200).json();
    assert!(achievement["criteria"]["narrative"].as_str().unwrap().contains("- Build one (required)"));
    let image = achievement["image"]["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    assert_eq!(service.get(&format!("/images/{image}")).expect(200).header("Content-Type"), "image/png");
    let archived = browser.submit(&made, "/badges/rocket-builder/archive", &[]).expect(303);
    assert_eq!(place(&archived), "/badges/rocket-builder/edit?done=archived");
}

#[test]
fn an_old_address_of_a_badge_edits_it_and_a_picture_is_looked_at_first() {
    let service = Service::start();
    let mut browser = desk(&service);
    let id = service.badge("astronaut", &json!({}));
    let slug = json!({"slug": "cosmonaut"});
    service.send_as(&service.owner(), "PATCH", &format!("/api/v1/badges/{id}"), &slug).expect(200);

    let editor = browser.get("/badges/astronaut/edit").expect(200).text();
    let drawn = service.get("/artwork.svg?icon=rocket&short_title=%3Cscript%3E&level=9").expect(200);
    let upload = browser.upload("/badges/astronaut/edit", &[("name", "Astronaut")], ("image", b"<svg/>"));

    assert!(editor.contains("value=\"cosmonaut\"") && editor.contains("Published on"));
    assert_eq!(drawn.header("Content-Type"), "image/svg+xml");
    assert!(!drawn.text().contains("script") && drawn.header("Cache-Control").starts_with("public"));
    let refused = upload.expect(422).text();
    assert!(refused.contains("The image is no PNG: save it as PNG"), "{refused}");
    Browser::new(&service).get("/badges/astronaut/edit").expect(401);
}
