//! The pages of people who sign in: the way there, what the menu offers, and what is one's own.

use serde_json::json;

use crate::{
    accounts::{Browser, at_present},
    harness::Service,
};

const HTML: &[(&str, &str)] = &[("Accept", "text/html,*/*;q=0.8")];

/// Gives a role over the organisation.
fn give(service: &Service, email: &str, role: &str) {
    let path = format!("/api/v1/issuers/{}/roles", service.organisation);
    service.post_as(&service.owner(), &path, &json!({"email": email, "role": role})).expect(201);
}

fn signed_in<'a>(service: &'a Service, address: &str) -> Browser<'a> {
    let mut browser = Browser::new(service);
    browser.sign_in(address);
    browser
}

#[test]
fn a_page_that_answered_a_form_is_loaded_again_where_it_came_from() {
    let service = Service::start();
    at_present(&service);
    let award = service.award(&service.badge("astronaut", &json!({})), "ada@example.org");
    let award = format!("/awards/{}", award["id"].as_str().unwrap());

    for (of_form, page) in
        [(format!("{award}/revoke"), award.as_str()), ("/me/sessions/ses_1/end".to_owned(), "/me")]
    {
        let again = service.call("GET", &of_form, HTML, None).expect(303);
        assert_eq!(again.header("Location"), page);
        assert_eq!(service.call("GET", &of_form, &[], None).expect(405).header("Allow"), "POST");
    }
    service.call("DELETE", &format!("{award}/revoke"), HTML, None).expect(405);
}

#[test]
fn who_is_not_signed_in_signs_in_and_sees_what_they_wanted() {
    let service = Service::start();
    at_present(&service);
    let mut browser = Browser::new(&service);

    let asked = service.call("GET", "/me/tokens?x=1", HTML, None).expect(303);
    assert_eq!(asked.header("Location"), "/sign-in?next=%2Fme%2Ftokens%3Fx%3D1");
    let page = service.call("GET", asked.header("Location"), HTML, None).expect(200).text();
    assert!(page.contains("name=\"next\" value=\"/me/tokens?x=1\""), "{page}");
    // A form is not sent twice.
    service.call("POST", "/me/tokens", HTML, None).expect(401);

    let fields = [("email", "owner@example.org"), ("next", "/me/tokens?x=1")];
    browser.submit("/sign-in", "/sign-in", &fields).expect(200);
    let link = crate::accounts::link(&service, "owner@example.org");
    let answer = browser.submit(&link, &link, &[]).expect(303);
    assert_eq!(answer.header("Location"), "/me/tokens?x=1");

    let fields = [("email", "owner@example.org"), ("next", "/me;Domain=example.org")];
    let asked = Browser::new(&service).submit("/sign-in", "/sign-in", &fields).expect(200);
    assert!(asked.header("Set-Cookie").contains("=%2Fme%3BDomain%3D"), "{}", asked.header("Set-Cookie"));

    for next in ["//evil.example", "/\\evil.example", "https://evil.example/", "/sign-in"] {
        let mut browser = Browser::new(&service);
        let fields = [("email", "owner@example.org"), ("next", next)];
        browser.submit("/sign-in", "/sign-in", &fields);
        assert_eq!(browser.cookie, "", "{next}");
        // Whoever puts the cookie there, it leads nowhere else.
        browser.cookie = format!("badges_next={next}");
        let link = crate::accounts::link(&service, "owner@example.org");
        assert_eq!(browser.submit(&link, &link, &[]).expect(303).header("Location"), "/me", "{next}");
    }
}

#[test]
fn the_menu_offers_what_a_role_opens() {
    let service = Service::start();
    at_present(&service);
    give(&service, "mentor@example.org", "mentor");
    let offered = |address: &str| {
        let text = signed_in(&service, address).get("/me").expect(200).text();
        let pages =
            ["award", "awards", "hierarchy", "contacts", "people", "keys", "outbox", "audit", "settings"];
        let open = pages.into_iter().filter(|page| text.contains(&format!("<a href=\"/{page}\"")));
        open.collect::<Vec<_>>().join(" ")
    };

    assert_eq!(
        offered("owner@example.org"),
        "award awards hierarchy contacts people keys outbox audit settings"
    );
    assert_eq!(offered("mentor@example.org"), "award awards hierarchy contacts people");
    service.award(&service.badge("astronaut", &json!({})), "ada@example.org");
    assert_eq!(offered("ada@example.org"), "");
}

#[test]
fn a_holder_finds_their_badges_and_ends_the_browsers_that_they_left_open() {
    let service = Service::start();
    at_present(&service);
    service.award(&service.badge("astronaut", &json!({})), "ada@example.org");
    let left = signed_in(&service, "ada@example.org");
    let mut browser = signed_in(&service, "ada@example.org");

    let page = browser.get("/me").expect(200).text();
    assert!(page.contains("Badge astronaut") && page.contains("This browser"), "{page}");
    browser.submit("/me", "/me/sessions/end", &[]).expect(303);

    left.get("/me").expect(401);
    assert!(browser.get("/me").expect(200).text().contains("All other browsers are signed out."));
}

#[test]
fn a_token_made_on_the_page_is_shown_once_and_no_stronger_than_its_owner() {
    let service = Service::start();
    at_present(&service);
    give(&service, "mentor@example.org", "mentor");
    let mut browser = signed_in(&service, "mentor@example.org");

    let refused = browser.submit("/me/tokens", "/me/tokens", &[("name", "Course system")]).expect(422).text();
    assert!(refused.contains("value=\"Course system\"") && refused.contains("Tick what"), "{refused}");
    let strong = [("name", "x"), ("scope-admin", "yes")];
    browser.submit("/me/tokens", "/me/tokens", &strong).expect(422);
    let fields =
        [("name", "Course system"), ("scope-awards:write", "yes"), ("expires", ""), ("form_key", "one")];
    let made = browser.submit("/me/tokens", "/me/tokens", &fields).expect(201).text();
    browser.submit("/me/tokens", "/me/tokens", &fields).expect(303);
    let told = browser.get("/me/tokens").expect(200).text();
    assert!(told.contains("This token was made already") && told.matches("/end\"").count() == 1, "{told}");
    let token = made.split("<code>badges_").nth(1).unwrap().split('<').next().unwrap();
    let token = format!("badges_{token}");

    let tokens = service.get_as(&token, "/api/v1/tokens").expect(200).json();
    let id = tokens["items"][0]["id"].as_str().unwrap();
    let shown = browser.get("/me/tokens").expect(200).text();
    assert!(shown.contains("Course system") && !shown.contains(&token));
    crate::accounts::wait_for(|| (!browser.get("/me/tokens").text().contains("never used")).then_some(()));
    let ended = browser.submit("/me/tokens", &format!("/me/tokens/{id}/end"), &[]).expect(303);
    assert_eq!(ended.header("Location"), "/me/tokens");
    service.get_as(&token, "/api/v1/tokens").expect(401);
}

#[test]
fn a_session_that_is_used_goes_on_and_one_that_is_not_ends() {
    let service = Service::start();
    at_present(&service);
    let day = std::time::Duration::from_secs(86_400);
    let (used, unused) = (signed_in(&service, "owner@example.org"), signed_in(&service, "owner@example.org"));

    for _ in 0..3 {
        service.clock.advance(day * 20);
        let answer = used.get("/me").expect(200);
        assert!(answer.header("Set-Cookie").contains("Max-Age=2592000"), "{:?}", answer.headers);
        assert_eq!(used.get("/me").expect(200).header("Set-Cookie"), "");
        // The note is written beside the answer.
        std::thread::sleep(std::time::Duration::from_millis(300));
    }

    unused.get("/me").expect(401);
    service.clock.advance(day * 31);
    used.get("/me").expect(401);
}
