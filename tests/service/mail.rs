//! Mail as it arrives: read by a mail server that others wrote, with a badge that verifies and links that act once.

pub(crate) mod server;
mod trouble;

use std::time::Duration;

use serde_json::{Value, json};

use self::server::{Mail, MailServer};
use crate::{
    accounts::{Browser, wait_for},
    harness::Service,
    public,
};

/// A service whose mail goes to this server.
pub(crate) fn delivering(server: &MailServer) -> Service {
    Service::start_with(&[("BADGES_SMTP_URL", &server.url())])
}

/// All messages, the newest first.
fn messages(service: &Service) -> Vec<Value> {
    let found = service.get_as(&service.owner(), "/api/v1/outbox?limit=200").expect(200).json();
    found["items"].as_array().unwrap().clone()
}

/// All messages, once so many of them are in this state.
pub(crate) fn in_state(service: &Service, state: &str, count: usize) -> Vec<Value> {
    wait_for(|| {
        let all = messages(service);
        (all.iter().filter(|message| message["state"] == state).count() == count).then_some(all)
    })
}

#[track_caller]
pub(crate) fn only(server: &MailServer) -> Mail {
    match server.mails().as_slice() {
        [only] => only.clone(),
        other => panic!("{other:?}"),
    }
}

/// A badge of this name that can be awarded.
fn badge_called(service: &Service, slug: &str, name: &str) -> String {
    let id = service.badge(slug, &json!({}));
    let content = json!({
        "name": name,
        "description": "Knows how to leave the planet.",
        "criteria": {"narrative": "Build a rocket and fly it."},
        "image_caption": "An astronaut above the Earth",
    });
    let owner = service.owner();
    let draft = format!("/api/v1/badges/{id}/draft");
    let image =
        service.get_as(&owner, &format!("/api/v1/badges/{id}")).expect(200).json()["versions"][0]["image"]
            .take();
    service.send_as(&owner, "PUT", &draft, &json!({"content": content, "image": image})).expect(200);
    service.post_as(&owner, &format!("/api/v1/badges/{id}/publish"), &json!({})).expect(200);
    id
}

#[test]
fn an_award_arrives_with_a_badge_that_verifies_and_links_that_open() {
    let Some(server) = MailServer::start() else { return };
    let service = delivering(&server);
    let award = service.award(&service.badge("astronaut", &json!({})), "Ada@example.org");
    in_state(&service, "done", 1);

    let mail = only(&server);
    assert_eq!(mail.0["receivers"], json!(["Ada@example.org"]));
    assert_eq!(mail.header("To"), "Ada@example.org");
    assert_eq!(mail.header("Subject"), "You earned Badge astronaut");
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    let path = mail.link("/awards/");
    assert!(award["url"].as_str().unwrap().ends_with(&path));
    assert!(service.get(&path).expect(200).text().contains("Badge astronaut"));
    let (name, file) = mail.part("image/png");
    assert_eq!(
        (name, &file),
        (Some("astronaut.png"), &service.get(&format!("{path}/badge")).expect(200).body)
    );
    let credential = service.get(&format!("{path}/credential.json")).expect(200);
    let verdict = public::verdict(&service, "mailed.png", &file, &public::lists(&credential));
    assert_eq!(verdict["verdict"], "valid", "{verdict}");

    let link = mail.link("/claim/award/");
    assert!(mail.html().contains(&link) && mail.html().contains(&path), "{}", mail.html());
    let mut browser = Browser::new(&service);
    assert!(browser.get(&link).expect(200).text().contains("Ada@example.org"));
    assert_eq!(browser.submit(&link, &link, &[]).expect(303).header("Location"), path);
    browser.get("/me").expect(200);
    Browser::new(&service).submit(&link, &link, &[]).expect(410);
    let shown = format!("/api/v1/awards/{}", award["id"].as_str().unwrap());
    let claimed = service.get_as(&service.owner(), &shown).expect(200).json();
    assert_eq!(claimed["claimed_at"], "2026-06-21T12:00:00Z");
}

#[test]
fn a_link_to_sign_in_arrives_and_works_once() {
    let Some(server) = MailServer::start() else { return };
    let service = delivering(&server);
    let mut browser = Browser::new(&service);
    browser.submit("/sign-in", "/sign-in", &[("email", "owner@example.org")]).expect(200);
    in_state(&service, "done", 1);

    let link = only(&server).link("/sign-in/");
    assert!(browser.get(&link).expect(200).text().contains("owner@example.org"));
    browser.submit(&link, &link, &[]).expect(303);
    browser.get("/me").expect(200);

    Browser::new(&service).submit(&link, &link, &[]).expect(410);
}

#[test]
fn names_of_any_script_are_read_as_they_were_written() {
    let Some(server) = MailServer::start() else { return };
    let service = delivering(&server);
    let badge = badge_called(&service, "star", "Größter Stern ✦ 星");
    let request = json!({"badge": badge, "email": "zoe@example.org", "name": "Zoë Łukasiewicz, 李"});
    service.post_as(&service.owner(), "/api/v1/awards", &request).expect(201);
    in_state(&service, "done", 1);

    let mail = only(&server);
    assert_eq!(mail.header("Subject"), "You earned Größter Stern ✦ 星");
    assert_eq!(mail.header("To"), "\"Zoë Łukasiewicz, 李\" <zoe@example.org>");
    assert!(mail.text().contains("Zoë Łukasiewicz, 李") && mail.html().contains("Größter Stern ✦ 星"));
    // RFC 2047: what is on the wire is plain, so that no mail server on the way breaks it.
    assert_eq!(mail.0["ascii"], true);
}

#[test]
fn no_name_and_no_title_makes_a_header_of_its_own() {
    let Some(server) = MailServer::start() else { return };
    let service = delivering(&server);
    let badge = badge_called(&service, "star", "Star, X-Title: 1");
    for (number, (name, status)) in [
        ("Ada\r\nBcc: all@example.org", 422),
        ("Ada\nX-Name: 1", 422),
        ("Ada\r\n\r\nHello", 422),
        ("\"Ada\" <x@example.org>, Bob", 201),
        ("Ada, Bcc: all@example.org; X-Name: 1", 201),
    ]
    .into_iter()
    .enumerate()
    {
        let request = json!({"badge": badge, "email": format!("{number}@example.org"), "name": name});
        service.post_as(&service.owner(), "/api/v1/awards", &request).expect(status);
    }
    in_state(&service, "done", 2);

    for mail in server.mails() {
        assert_eq!(mail.0["receivers"].as_array().unwrap().len(), 1, "{mail:?}");
        for injected in ["Bcc", "X-Name", "X-Title"] {
            assert!(mail.headers(injected).is_empty(), "{mail:?}");
        }
        assert!(mail.header("Subject").starts_with("You earned Star"));
        mail.part("image/png");
    }
}

#[test]
fn an_address_gets_so_many_mails_a_day_and_the_rest_tomorrow() {
    let Some(server) = MailServer::start() else { return };
    let settings = [("BADGES_SMTP_URL", server.url()), ("BADGES_QUOTAS_MAILS_ADDRESS", "2".to_owned())];
    let service = Service::start_with(&settings.each_ref().map(|(name, value)| (*name, value.as_str())));
    for slug in ["moon", "mars", "venus"] {
        service.award(&service.badge(slug, &json!({})), "ada@example.org");
    }
    service.award(&service.badge("sun", &json!({})), "grace@example.org");
    in_state(&service, "done", 3);

    let waits = wait_for(|| messages(&service).into_iter().find(|message| !message["last_error"].is_null()));
    assert_eq!((&waits["state"], &waits["attempts"]), (&json!("queued"), &json!(0)));
    assert_eq!(waits["next_at"], "2026-06-22T00:00:00Z");
    assert!(waits["last_error"].as_str().unwrap().contains("had its 2 mails of the day"), "{waits}");
    // Who waits at a page does not wait until tomorrow.
    Browser::new(&service).submit("/sign-in", "/sign-in", &[("email", "ada@example.org")]).expect(200);
    in_state(&service, "done", 4);

    service.clock.advance(Duration::from_secs(12 * 3_600));
    in_state(&service, "done", 5);
    assert_eq!(server.mails().len(), 5);
}

#[test]
fn an_organisation_sends_so_many_mails_a_day_and_the_rest_tomorrow() {
    let Some(server) = MailServer::start() else { return };
    let settings = [("BADGES_SMTP_URL", server.url()), ("BADGES_QUOTAS_MAILS_ORGANISATION", "5".to_owned())];
    let service = Service::start_with(&settings.each_ref().map(|(name, value)| (*name, value.as_str())));
    let badge = service.badge("astronaut", &json!({}));
    for number in 0..20 {
        service.award(&badge, &format!("learner{number}@example.org"));
    }
    wait_for(|| {
        let all = messages(&service);
        all.iter().all(|message| message["state"] == "done" || !message["last_error"].is_null()).then_some(())
    });
    assert_eq!(server.mails().len(), 5);

    for more in [10, 15, 20] {
        service.clock.advance(Duration::from_secs(86_400));
        in_state(&service, "done", more);
    }
    assert_eq!(server.mails().len(), 20);
}

#[test]
fn a_link_for_one_address_is_asked_for_so_often_whether_it_is_known_or_not() {
    let service = Service::start();
    let ask = |address: &str| Browser::new(&service).submit("/sign-in", "/sign-in", &[("email", address)]);

    for address in ["owner@example.org", "nobody@example.org"] {
        for _ in 0..5 {
            ask(address).expect(200);
        }
        let refused = ask(address).expect(429);
        assert_eq!(refused.header("Retry-After"), "721");
        // The visitor may ask again, with another address.
        service.clock.advance(Duration::from_secs(60));
    }

    assert_eq!(wait_for(|| Some(messages(&service)).filter(|all| all.len() == 5)).len(), 5);
    service.clock.advance(Duration::from_secs(720));
    ask("owner@example.org").expect(200);
}
