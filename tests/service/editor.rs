//! The editor of badges: what a program can say of a badge, a person can say with a form.

use serde_json::json;

use crate::{
    accounts::Browser,
    harness::Service,
    makers::{desk, place},
};

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

    assert_eq!(made, "/badges/rocket-builder/edit");
    let editor = browser.get(&made).expect(200).text();
    assert!(editor.contains("value=\"2 years\"") && editor.contains("Publish this version"), "{editor}");
    let preview = browser.get("/badges/rocket-builder/preview").expect(200).text();
    assert!(preview.contains("Rocket &#60;Builder&#62;") && preview.contains("At least 2 of:"));
    service.get("/badges/rocket-builder").expect(404);
    let typed = fields.iter().map(|&(name, value)| match name {
        "consumer_description" => (name, "Builds rockets that come back."),
        _ => (name, value),
    });
    let typed: Vec<_> = typed.chain([("save", "publish")]).collect();
    let published = browser.submit(&made, &made, &typed).expect(303);
    assert_eq!(place(&published), "/badges/rocket-builder/edit");
    let achievement = service.get("/badges/rocket-builder").expect(200).json();
    assert_eq!(achievement["description"], "Builds rockets that come back.");
    assert!(achievement["criteria"]["narrative"].as_str().unwrap().contains("- Build one (required)"));
    let image = achievement["image"]["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    assert_eq!(service.get(&format!("/images/{image}")).expect(200).header("Content-Type"), "image/png");
    let archived = browser.submit(&made, "/badges/rocket-builder/archive", &[]).expect(303);
    assert_eq!(place(&archived), "/badges/rocket-builder/edit");
    // Who was still writing keeps the text.
    let late = browser.submit(&made, &made, &typed).expect(409).text();
    assert!(
        late.contains("Builds rockets that come back.") && late.contains("is archived: take it out"),
        "{late}"
    );
}

#[test]
fn what_a_badge_lets_its_holders_do_is_narrowed_with_a_form() {
    let service = Service::start();
    let (owner, root) = (service.owner(), service.organisation.clone());
    let (low, mentor) = (service.badge("astronaut", &json!({})), service.badge("mentor", &json!({})));
    service
        .send_as(&owner, "PATCH", &format!("/api/v1/issuers/{root}"), &json!({"slug": "hive"}))
        .expect(200);
    let mut browser = desk(&service);
    let path = "/badges/mentor/edit";
    let fields = |over: &'static str| {
        let mut fields = vec![("name", "Mentor"), ("slug", "mentor"), ("visibility", "link")];
        fields.extend([("issuer", root.as_str()), ("rights_level", "2"), ("rights_over", over)]);
        fields
    };
    let stored = || service.get_as(&owner, &format!("/api/v1/badges/{mentor}")).expect(200).json();

    let refused =
        browser.submit(path, path, &fields("/badges/astronaut\r\n/badges/nothing")).expect(422).text();
    browser.submit(path, path, &fields("https://badges.example.org/badges/astronaut/\r\nhive")).expect(303);
    let (over, editor) = (stored()["rights_over"].clone(), browser.get(path).expect(200).text());
    let html = ("Accept", "text/html");
    let known = [html, ("Cookie", browser.cookie.as_str())];
    let page = service.call("GET", "/badges/mentor", &known, None).expect(200).text();
    let public = service.call("GET", "/badges/mentor", &[html], None).expect(200).text();

    assert!(refused.contains("There is nothing at the address nothing"), "{refused}");
    assert!(
        refused.contains("href=\"#badge-rights_over\"") && refused.contains("/badges/nothing</textarea>")
    );
    assert_eq!(over, json!([low, root]));
    assert!(editor.contains("/badges/astronaut\n/issuers/hive</textarea>"), "{editor}");
    let said = "award badges below level 2, but only <a href=\"/badges/astronaut\">";
    assert!(page.contains(said) && page.contains("what stands in <a href=\"/issuers/hive\">"), "{page}");
    assert!(!public.contains("below level"), "{public}");
    // Who designs badges and gives no roles saves the rest with the rights as they are, and no others.
    let role = [("email", "grace@example.org"), ("role", "designer"), ("issuer", root.as_str())];
    browser.submit("/people", "/people", &role).expect(303);
    let mut designer = Browser::new(&service);
    designer.sign_in("grace@example.org");
    designer.submit(path, path, &fields("/issuers/hive\r\n/badges/astronaut")).expect(303);
    let refused = designer.submit(path, path, &fields("")).expect(422).text();
    assert!(refused.contains("“Only these of them” must stay as it was"), "{refused}");
    browser.submit(path, path, &fields("")).expect(303);
    assert!(stored()["rights_over"].is_null());
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
    let upload = browser.upload(
        "/badges/astronaut/edit",
        "/badges/astronaut/edit",
        &[("name", "Astronaut")],
        ("image", b"<svg/>"),
    );

    assert!(editor.contains("value=\"cosmonaut\"") && editor.contains("Published on"));
    assert_eq!(drawn.header("Content-Type"), "image/svg+xml");
    assert!(!drawn.text().contains("script") && drawn.header("Cache-Control").starts_with("public"));
    let refused = upload.expect(422).text();
    assert!(refused.contains("namespace http://www.w3.org/2000/svg: save it as plain SVG"), "{refused}");
    Browser::new(&service).post("/badges/astronaut/edit", &[], &[]).expect(401);
}
