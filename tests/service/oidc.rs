//! Signing in with other services: what a good one says counts once, and what a bad one says does not.

mod hostile;
mod provider;
mod tokens;

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    accounts::Browser,
    certificates,
    harness::{Answer, Service},
    upkeep::findings,
};
use hostile::{Hostile, Spoilt};

/// A service with a provider that it trusts and one that it does not.
struct World {
    service: Service,
    trusted: Hostile,
    other: Hostile,
}

/// Somebody on the way to a provider.
struct Away<'a> {
    browser: Browser<'a>,
    state: String,
    nonce: String,
    /// Where the browser was sent.
    place: url::Url,
}

impl World {
    fn new() -> Self {
        let (trusted, other) = (Hostile::start(), Hostile::start());
        let service = Service::start_with(&[
            ("BADGES_OIDC_PROVIDERS", "[\"trusted\", \"other\"]"),
            ("BADGES_OIDC_TRUSTED_ISSUER", &trusted.issuer),
            ("BADGES_OIDC_TRUSTED_CLIENT_ID", "badges"),
            ("BADGES_OIDC_TRUSTED_CLIENT_SECRET", "s3cret"),
            ("BADGES_OIDC_TRUSTED_TRUSTED", "true"),
            ("BADGES_OIDC_TRUSTED_NAME", "Our school"),
            ("BADGES_OIDC_TRUSTED_ORGANISATION", "hive-chicago"),
            ("BADGES_OIDC_OTHER_ISSUER", &other.issuer),
            ("BADGES_OIDC_OTHER_CLIENT_ID", "badges"),
        ]);
        Self { service, trusted, other }
    }

    fn leave(&self, provider: &str) -> Away<'_> {
        self.leave_with(Browser::new(&self.service), "/sign-in", &format!("/sign-in/with/{provider}"), "")
    }

    fn leave_with<'a>(&'a self, mut browser: Browser<'a>, page: &str, path: &str, next: &str) -> Away<'a> {
        // One visitor begins ten times, and then once in six seconds.
        self.service.clock.advance(Duration::from_secs(7));
        let answer = browser.submit(page, path, &[("next", next)]).expect(200);
        let place = answer.header("Refresh").strip_prefix("0; url=").unwrap();
        let place: url::Url = place.parse().unwrap();
        let said = |name: &str| {
            place.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned()).unwrap()
        };
        Away { browser, state: said("state"), nonce: said("nonce"), place }
    }

    /// Signs somebody in, or tries to, with a provider that says this of them.
    fn sign_in(&self, provider: &str, subject: &str, claims: Value) -> (Browser<'_>, Answer) {
        let mut away = self.leave(provider);
        let answer = self.come_back(provider, &mut away, subject, claims);
        (away.browser, answer)
    }

    fn come_back(&self, provider: &str, away: &mut Away<'_>, subject: &str, claims: Value) -> Answer {
        let of = if provider == "trusted" { &self.trusted } else { &self.other };
        let good = of.claims(&self.service, &away.nonce, subject);
        of.change(|plan| plan.claims = merged(good, claims));
        away.back(provider, "&code=c0de").expect(303)
    }
}

impl Away<'_> {
    fn back(&mut self, provider: &str, with: &str) -> Answer {
        let path = format!("/sign-in/with/{provider}/back?state={}{with}", self.state);
        self.browser.visit(&path)
    }
}

fn merged(mut whole: Value, with: Value) -> Value {
    for (name, value) in with.as_object().unwrap() {
        whole[name] = value.clone();
    }
    whole
}

/// Nobody was signed in, and the page on which it began says this.
#[track_caller]
fn refused(browser: &mut Browser<'_>, answer: &Answer, words: &str) {
    let place = answer.header("Location");
    assert!(place.starts_with("/sign-in"), "{place}");
    let text = browser.visit(place).text();
    assert!(text.contains(words), "{words:?} is not in {text}");
    browser.get("/me").expect(401);
}

fn verified(address: &str) -> Value {
    json!({"email": address, "email_verified": true})
}

#[test]
fn the_first_time_by_a_proved_address_and_then_by_name() {
    let world = World::new();

    let (browser, answer) = world.sign_in("trusted", "u1", verified("owner@example.org"));
    assert_eq!(answer.header("Location"), "/me");
    browser.get("/me").expect(200);
    // The address there may change, and go to somebody else: the account does not go with it.
    let (browser, _) = world.sign_in("trusted", "u1", verified("elsewhere@example.org"));
    browser.get("/people").expect(200);
    let (mut browser, answer) = world.sign_in("trusted", "u2", verified("owner@example.org"));
    refused(&mut browser, &answer, "had your address before");

    let (mut browser, answer) = world.sign_in("trusted", "u3", verified("nobody@example.org"));
    refused(&mut browser, &answer, "Nobody here has the address");
    world.trusted.change(|plan| plan.userinfo = json!({"sub": "u4"}));
    for unproved in [
        json!({}),
        json!({"email": "owner@example.org"}),
        json!({"email": "owner@example.org", "email_verified": false}),
        json!({"email": "owner@example.org", "email_verified": "true"}),
        json!({"email": ["owner@example.org"], "email_verified": true}),
    ] {
        let (mut browser, answer) = world.sign_in("trusted", "u4", unproved);
        refused(&mut browser, &answer, "Nobody here signs in with your account at Our school yet");
    }
    let (mut browser, answer) = world.sign_in("other", "u1", verified("owner@example.org"));
    refused(&mut browser, &answer, "Nobody here signs in with your account at other yet");
}

#[test]
fn what_is_said_beside_the_token_counts_for_the_same_person_only() {
    let world = World::new();
    let say = |userinfo| world.trusted.change(|plan| plan.userinfo = userinfo);

    say(merged(verified("owner@example.org"), json!({"sub": "another"})));
    let (mut browser, answer) = world.sign_in("trusted", "u1", json!({}));
    refused(&mut browser, &answer, "could not be relied on");

    say(merged(verified("owner@example.org"), json!({"sub": "u1"})));
    let (browser, _) = world.sign_in("trusted", "u1", json!({}));
    browser.get("/me").expect(200);
}

#[test]
fn a_provider_that_proves_no_address_is_added_on_ones_own_page() {
    let world = World::new();
    let (browser, _) = world.sign_in("trusted", "u1", verified("owner@example.org"));
    assert!(browser.get("/me").text().contains("Sign in with other as well"));

    let mut away = world.leave_with(browser, "/me", "/me/providers/other", "");
    assert_eq!(world.come_back("other", &mut away, "anna", json!({})).header("Location"), "/me");
    let mut owner = away.browser;
    assert!(owner.visit("/me").text().contains("From now on you can sign in with other as well"));
    let (browser, _) = world.sign_in("other", "anna", json!({}));
    browser.get("/people").expect(200);

    // Who went away signed in and comes back as nobody, links nothing.
    let mut away = world.leave_with(browser, "/me", "/me/providers/other", "");
    let cookies = away.browser.cookie.clone();
    away.browser.cookie =
        cookies.split("; ").filter(|one| !one.starts_with("badges_session")).collect::<Vec<_>>().join("; ");
    let answer = world.come_back("other", &mut away, "eve", json!({}));
    refused(&mut away.browser, &answer, "not waiting for an answer");

    owner.submit("/me", "/me/providers/other/end", &[]).expect(303);
    let (mut browser, answer) = world.sign_in("other", "anna", json!({}));
    refused(&mut browser, &answer, "Nobody here signs in");
    let log = world.service.get_as(&world.service.owner(), "/api/v1/audit").expect(200).text();
    assert!(log.contains("unlink_provider") && log.contains("link_provider"), "{log}");
}

#[test]
fn an_answer_counts_once_in_its_time_and_in_the_browser_that_asked() {
    let world = World::new();
    let known = verified("owner@example.org");
    world.sign_in("trusted", "u1", known.clone());
    let stale = "not waiting for an answer";

    let mut away = world.leave("trusted");
    let mut thief = Away { browser: Browser::new(&world.service), ..world.leave("trusted") };
    thief.state = away.state.clone();
    let answer = thief.back("trusted", "&code=c0de");
    refused(&mut thief.browser, &answer, stale);
    // A cookie of another sign-in is no better.
    let mut other = world.leave("trusted");
    other.state = away.state.clone();
    let answer = other.back("trusted", "&code=c0de");
    refused(&mut other.browser, &answer, stale);
    let answer = away.back("other", "&code=c0de");
    refused(&mut away.browser, &answer, stale);

    // What did not come of it does not end what is under way.
    let mut away = world.leave("trusted");
    let state = std::mem::replace(&mut away.state, "junk".to_owned());
    let answer = away.back("trusted", "&code=c0de");
    refused(&mut away.browser, &answer, stale);
    away.state = state;
    let cookie = away.browser.cookie.clone();
    assert_eq!(world.come_back("trusted", &mut away, "u1", known.clone()).header("Location"), "/me");
    let mut again = Away { browser: Browser::new(&world.service), ..away };
    again.browser.cookie = cookie;
    let answer = again.back("trusted", "&code=c0de");
    refused(&mut again.browser, &answer, stale);

    let mut late = world.leave("trusted");
    world.service.clock.advance(Duration::from_secs(16 * 60));
    let answer = world.come_back("trusted", &mut late, "u1", known);
    refused(&mut late.browser, &answer, stale);
}

#[test]
fn what_the_provider_refuses_is_said_in_words() {
    let world = World::new();

    for (code, words) in [
        ("access_denied", "you did not agree"),
        ("temporarily_unavailable", "does not answer at this moment"),
        ("invalid_scope", "did not sign you in"),
        ("%3Cscript%3E", "did not sign you in"),
    ] {
        let mut away = world.leave("trusted");
        let answer = away.back("trusted", &format!("&error={code}&error_description=%3Cscript%3E"));
        refused(&mut away.browser, &answer, words);
    }
    let mut away = world.leave("trusted");
    let answer = away.back("trusted", "");
    refused(&mut away.browser, &answer, "did not sign you in");
}

#[test]
fn an_answer_says_whose_it_is_where_that_was_promised() {
    let world = World::new();
    let promise = "authorization_response_iss_parameter_supported";
    world.trusted.change(|plan| plan.metadata[promise] = json!(true));
    let check = |with: &str, good: bool| {
        let mut away = world.leave("trusted");
        let claims = world.trusted.claims(&world.service, &away.nonce, "u1");
        world.trusted.change(|plan| plan.claims = merged(claims, verified("owner@example.org")));
        let answer = away.back("trusted", &format!("&code=c0de{with}"));
        if good {
            assert_eq!(answer.header("Location"), "/me");
        } else {
            refused(&mut away.browser, &answer, "could not be relied on");
        }
    };

    check("", false);
    check(&format!("&iss={}", world.other.issuer), false);
    check(&format!("&iss={}", world.trusted.issuer), true);
}

#[test]
fn nobody_is_led_elsewhere_afterwards() {
    let world = World::new();
    let after = |next: &str| {
        let path = "/sign-in/with/trusted";
        let mut away = world.leave_with(Browser::new(&world.service), "/sign-in", path, next);
        let known = verified("owner@example.org");
        world.come_back("trusted", &mut away, "u1", known).header("Location").to_owned()
    };

    assert_eq!(after("/people?after=1"), "/people?after=1");
    for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example", "/sign-out"] {
        assert_eq!(after(elsewhere), "/me", "{elsewhere}");
    }
}

#[test]
fn what_is_asked_for_is_what_the_protocol_wants() {
    let world = World::new();

    let away = world.leave("trusted");

    let said: std::collections::BTreeMap<_, _> = away.place.query_pairs().into_owned().collect();
    assert!(away.place.as_str().starts_with(&format!("{}/auth?tenant=1&", world.trusted.issuer)));
    assert_eq!((said["response_type"].as_str(), said["client_id"].as_str()), ("code", "badges"));
    assert_eq!(said["redirect_uri"], "http://127.0.0.1:8080/sign-in/with/trusted/back");
    assert_eq!((said["code_challenge_method"].as_str(), said["code_challenge"].len()), ("S256", 43));
    assert!(said["scope"].split(' ').any(|scope| scope == "openid"));
    assert_ne!(said["state"], said["nonce"]);
    assert!(!away.browser.cookie.contains(&said["state"]) && !away.browser.cookie.contains(&said["nonce"]));
}

#[test]
fn a_provider_that_fails_holds_nobody_up() {
    let world = World::new();
    let begin = |provider: &str| {
        let mut browser = Browser::new(&world.service);
        world.service.clock.advance(Duration::from_secs(11));
        let answer = browser.submit("/sign-in", &format!("/sign-in/with/{provider}"), &[("next", "/people")]);
        refused(&mut browser, &answer, "does not answer at this moment");
        assert_eq!(answer.header("Location"), "/sign-in?next=%2Fpeople");
    };

    for spoilt in [Spoilt::Status, Spoilt::Huge, Spoilt::Slow] {
        world.trusted.change(|plan| plan.spoilt = spoilt);
        begin("trusted");
    }
    // Who comes right behind is not held up by what was just tried.
    let before = world.trusted.asked("/.well-known/openid-configuration");
    let mut browser = Browser::new(&world.service);
    let answer = browser.submit("/sign-in", "/sign-in/with/trusted", &[]);
    refused(&mut browser, &answer, "does not answer at this moment");
    assert_eq!(world.trusted.asked("/.well-known/openid-configuration"), before);

    world.trusted.change(|plan| plan.spoilt = Spoilt::No);
    world.service.clock.advance(Duration::from_secs(11));
    let (browser, _) = world.sign_in("trusted", "u1", verified("owner@example.org"));
    browser.get("/me").expect(200);
}

#[test]
fn what_is_wrong_with_a_provider_is_said_before_it_serves() {
    let service = Service::start();
    let check = |settings: &[(&str, &str)], words: &str| {
        let mut command = crate::harness::program();
        command.args(["serve", "--check"]).envs(service.environment().iter().cloned());
        command.env("BADGES_OIDC_PROVIDERS", "[\"school\"]").envs(settings.iter().copied());
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.success(), said.contains(words)), (words.is_empty(), true), "{said}");
    };
    let (issuer, id) = ("BADGES_OIDC_SCHOOL_ISSUER", ("BADGES_OIDC_SCHOOL_CLIENT_ID", "badges"));
    let good = (issuer, "https://login.school.example/realms/all");

    check(&[good, id], "");
    check(&[id], "oidc.school.issuer");
    check(&[(issuer, "http://login.school.example"), id], "https://");
    check(&[good], "oidc.school.client_id");
    let file = ("BADGES_OIDC_SCHOOL_CLIENT_SECRET_FILE", "nowhere/secret");
    check(&[good, id, file], "nowhere/secret");
    check(&[good, id, file, ("BADGES_OIDC_SCHOOL_CLIENT_SECRET", "s3cret")], "leave one of them out");
    check(&[good, id, ("BADGES_OIDC_SCHOOL_ORGANISATION", "nobody")], "oidc.school.organisation");
}

#[test]
fn a_provider_with_an_authority_of_ones_own_is_believed_by_that_alone() {
    let (provider, service) = (Hostile::start(), Service::start());
    let folder = service.folder().join("provider");
    certificates::certify(&folder, &["localhost"]);
    let behind = provider.issuer.strip_prefix("http://").unwrap().parse().unwrap();
    let issuer = format!("https://localhost:{}", certificates::front(&folder, behind));
    provider.change(|plan| {
        let moved = plan.metadata.to_string().replace(&provider.issuer, &issuer);
        plan.metadata = serde_json::from_str(&moved).unwrap();
    });
    let said = |authority: &str| {
        let mut command = crate::harness::program();
        command.args(["--json", "doctor"]).envs(service.environment().iter().cloned());
        command.envs([
            ("BADGES_OIDC_PROVIDERS", "[\"school\"]"),
            ("BADGES_OIDC_SCHOOL_ISSUER", &issuer),
            ("BADGES_OIDC_SCHOOL_CLIENT_ID", "badges"),
            ("BADGES_OIDC_SCHOOL_AUTHORITY_FILE", authority),
        ]);
        let found = findings(&command.output().unwrap());
        let (_, health, said) = found.into_iter().find(|(check, ..)| check == "sign-in").unwrap();
        (health, said)
    };

    let authority = folder.join("authority.pem").display().to_string();
    assert_eq!(said(&authority), ("well".to_owned(), "school answers as it should".to_owned()));
    let (health, words) = said("");
    assert!(health == "unwell" && words.contains("certificate"), "{words}");
    for file in ["/nowhere", &folder.join("key.pem").display().to_string()] {
        let (health, words) = said(file);
        let begins = format!("oidc.school.authority_file: {file} cannot be used");
        assert!(health == "ill" && words.starts_with(&begins), "{words}");
    }
}
