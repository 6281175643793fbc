//! Signing in, roles and tokens.

use serde_json::json;

use crate::harness::{Answer, Service, call, record};

/// A browser: it keeps cookies.
pub(crate) struct Browser<'a> {
    service: &'a Service,
    pub(crate) cookie: String,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(service: &'a Service) -> Self {
        Self { service, cookie: String::new() }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        let cookie = self.cookie.clone();
        self.service.call("GET", path, &[("Cookie", &cookie)], None)
    }

    /// Posts the form of a page, with the proof that stands in it.
    pub(crate) fn submit(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let proof = self.proof(page);
        let fields: Vec<_> = fields.iter().copied().chain([("csrf", proof.as_str())]).collect();
        self.post(path, &fields, &[("Sec-Fetch-Site", "same-origin")])
    }

    /// The proof that a form of this page carries.
    pub(crate) fn proof(&self, page: &str) -> String {
        let text = self.get(page).text();
        between(&text, "name=\"csrf\" value=\"", "\"").unwrap_or_default().to_owned()
    }

    /// Posts the form of a page with a file in it.
    pub(crate) fn upload(
        &mut self,
        page: &str,
        path: &str,
        fields: &[(&str, &str)],
        file: (&str, &[u8]),
    ) -> Answer {
        let proof = self.proof(page);
        let mut body = Vec::new();
        for (name, value) in fields.iter().copied().chain([("csrf", proof.as_str())]) {
            let part =
                format!("--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let (name, bytes) = file;
        let head = format!(
            "--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"file\"\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--b0undary--\r\n");
        let headers = [
            ("Content-Type", "multipart/form-data; boundary=b0undary"),
            ("Cookie", self.cookie.as_str()),
            ("Sec-Fetch-Site", "same-origin"),
        ];
        self.service.call("POST", path, &headers, Some(body))
    }

    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let cookie = self.cookie.clone();
        let mut all =
            vec![("Content-Type", "application/x-www-form-urlencoded"), ("Cookie", cookie.as_str())];
        all.extend(headers);
        let answer = self.service.call("POST", path, &all, Some(body.into_bytes()));
        self.keep(&answer);
        answer
    }

    /// Reads a page, and keeps the cookies that come with it.
    pub(crate) fn visit(&mut self, path: &str) -> Answer {
        let answer = self.get(path);
        self.keep(&answer);
        answer
    }

    fn keep(&mut self, answer: &Answer) {
        for set in answer.headers.get_all("Set-Cookie") {
            let set = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = set.split_once('=').unwrap();
            let others = self.cookie.split("; ").filter(|kept| kept.split('=').next() != Some(name));
            let own = (!value.is_empty()).then_some(set);
            self.cookie = others.filter(|kept| !kept.is_empty()).chain(own).collect::<Vec<_>>().join("; ");
        }
    }

    /// Signs in with a link that the operator makes.
    pub(crate) fn sign_in(&mut self, address: &str) {
        let link = link(self.service, address);
        self.submit(&link, &link, &[]).expect(303);
    }
}

/// A link to sign in with, without the scheme and host.
pub(crate) fn link(service: &Service, address: &str) -> String {
    let made = record(&service.command(&["--json", "sign-in-link", address]));
    let link = made["link"].as_str().unwrap();
    link.split_once("//").unwrap().1.split_once('/').map(|(_, path)| format!("/{path}")).unwrap()
}

fn between<'a>(text: &'a str, before: &str, behind: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(behind).map(|(found, _)| found)
}

/// Moves a service's held clock to that of the command, which goes by the system's.
pub(crate) fn at_present(service: &Service) {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let noon = u64::try_from(crate::harness::NOON.microseconds()).unwrap();
    service.clock.advance(now.saturating_sub(std::time::Duration::from_micros(noon)));
}

#[test]
fn a_link_signs_in_once_and_in_its_time() {
    let service = Service::start();
    at_present(&service);
    let mut browser = Browser::new(&service);
    let path = link(&service, "owner@example.org");

    assert!(browser.get(&path).expect(200).text().contains("owner@example.org"));
    let answer = browser.submit(&path, &path, &[]).expect(303);
    let cookie = answer.header("Set-Cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    browser.get("/me").expect(200);
    // The second of two clicks leads on; another browser gets nowhere.
    assert_eq!(browser.submit("/me", &path, &[]).expect(303).header("Location"), "/me");
    Browser::new(&service).submit(&path, &path, &[]).expect(410);

    let late = link(&service, "owner@example.org");
    service.clock.advance(std::time::Duration::from_secs(16 * 60));
    Browser::new(&service).submit(&late, &late, &[]).expect(410);
}

#[test]
fn signing_in_changes_the_cookie_and_signing_out_ends_it() {
    let service = Service::start();
    at_present(&service);
    let mut browser = Browser::new(&service);
    browser.sign_in("owner@example.org");
    let first = browser.cookie.clone();

    browser.sign_in("owner@example.org");
    let second = browser.cookie.clone();
    assert_ne!(first, second);
    browser.cookie = first;
    browser.get("/me").expect(401);

    browser.cookie = second.clone();
    browser.submit("/me", "/sign-out", &[]).expect(303);
    browser.cookie = second;
    browser.get("/me").expect(401);
}

#[test]
fn nobody_learns_whether_an_address_is_known() {
    let service = Service::start();
    let ask = |address: &str| {
        let answer = Browser::new(&service).submit("/sign-in", "/sign-in", &[("email", address)]);
        (answer.status, answer.text().replace(address, "ADDRESS"))
    };

    let known = ask("owner@example.org");
    let unknown = ask("nobody@example.org");

    assert_eq!(known, unknown);
    assert_eq!(ask("not an address").0, 422);
    let owner = service.owner();
    let messages = wait_for(|| {
        let found = service.get_as(&owner, "/api/v1/outbox").expect(200).json();
        found["items"].as_array().filter(|items| !items.is_empty()).cloned()
    });
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["state"], "kept");
    let id = messages[0]["id"].as_str().unwrap();
    let shown = service.get_as(&owner, &format!("/api/v1/outbox/{id}")).expect(200).json();
    let text = shown["letter"]["text"].as_str().unwrap();
    assert!(text.contains("(made when the message leaves)") && !text.contains("/sign-in/"), "{text}");
    let retried = service.post_as(&owner, &format!("/api/v1/outbox/{id}/retry"), &json!({}));
    assert_eq!(retried.expect(409).json()["code"], "no_mail_server");
}

#[test]
fn who_tries_too_often_waits() {
    let service = Service::start();
    let ask = |address: &str| Browser::new(&service).submit("/sign-in", "/sign-in", &[("email", address)]);

    for number in 0..10 {
        ask(&format!("{number}@example.org")).expect(200);
    }
    let refused = ask("10@example.org").expect(429);
    assert!(refused.header("Retry-After").parse::<u32>().unwrap() <= 7);

    service.clock.advance(std::time::Duration::from_secs(7));
    ask("10@example.org").expect(200);
}

#[test]
fn a_form_from_elsewhere_does_nothing() {
    let service = Service::start();
    at_present(&service);
    let mut browser = Browser::new(&service);
    browser.sign_in("owner@example.org");
    let ours = ("Sec-Fetch-Site", "same-origin");

    for headers in [
        &[("Sec-Fetch-Site", "cross-site")][..],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Origin", "https://evil.example")],
        &[("Origin", "null")],
        // From our page, as it says, and without the proof.
        &[ours],
    ] {
        browser.post("/sign-out", &[], headers).expect(403);
    }
    let html = ("Accept", "text/html");
    let older = browser.post("/sign-out", &[("csrf", "wrong")], &[ours, html]).expect(403).text();
    assert!(older.contains("This form is from an older page") && !older.contains("Your role"), "{older}");
    browser.get("/me").expect(200);
    // No page can use the API: a cookie counts for nothing there.
    browser.get("/api/v1/tokens").expect(401);
}

#[test]
fn the_last_owner_stays() {
    let service = Service::start();
    let owner = service.owner();
    let roles = format!("/api/v1/issuers/{}/roles", service.organisation);
    let own =
        service.get_as(&owner, &roles).expect(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    let delete =
        |token: &str, role: &str| service.send_as(token, "DELETE", &format!("{roles}/{role}"), &json!({}));

    assert_eq!(delete(&owner, &own).expect(409).json()["code"], "last_owner");

    let request = json!({"email": "ada@example.org", "role": "owner"});
    let other =
        service.post_as(&owner, &roles, &request).expect(201).json()["id"].as_str().unwrap().to_owned();
    assert_eq!(service.post_as(&owner, &roles, &request).expect(201).json()["id"], other.as_str());
    // Both go at the same time: one stays.
    let (base, bearer) = (&service.base, format!("Bearer {owner}"));
    let ends: Vec<u16> = std::thread::scope(|scope| {
        let calls = [&own, &other].map(|role| {
            let (url, bearer) = (format!("{base}{roles}/{role}"), bearer.as_str());
            scope.spawn(move || call(&url, "DELETE", &[("Authorization", bearer)], None).status)
        });
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(ends.iter().filter(|status| **status == 204).count(), 1, "{ends:?}");
}

#[test]
fn nobody_gives_a_right_that_they_lack() {
    let service = Service::start();
    let owner = service.owner();
    let roles = format!("/api/v1/issuers/{}/roles", service.organisation);
    let give = |token: &str, email: &str, role: &str| {
        service.post_as(token, &roles, &json!({"email": email, "role": role}))
    };
    let token = |email: &str| {
        let made = record(&service.command(&["--json", "token", "--for", email, "--scope", "admin"]));
        made["token"].as_str().unwrap().to_owned()
    };
    give(&owner, "admin@example.org", "administrator").expect(201);
    give(&owner, "mentor@example.org", "mentor").expect(201);
    let (admin, mentor) = (token("admin@example.org"), token("mentor@example.org"));

    give(&admin, "x@example.org", "mentor").expect(201);
    give(&admin, "x@example.org", "administrator").expect(201);
    for role in ["owner", "steward"] {
        assert_eq!(give(&admin, "x@example.org", role).expect(403).json()["code"], "lacking");
    }
    assert_eq!(give(&mentor, "x@example.org", "mentor").expect(403).json()["code"], "forbidden");
    let held = service.get_as(&owner, &roles).expect(200).json();
    let of_owner = held["items"].as_array().unwrap().iter().find(|role| role["role"] == "owner").unwrap();
    let path = format!("{roles}/{}", of_owner["id"].as_str().unwrap());
    service.send_as(&admin, "DELETE", &path, &json!({})).expect(403);
}

#[test]
fn a_token_does_what_it_was_made_for_until_it_ends() {
    let service = Service::start();
    let owner = service.owner();
    let make = |token: &str, scopes: &[&str], expires: Option<&str>| {
        let mut request = json!({"name": "reports", "scopes": scopes});
        if let Some(expires) = expires {
            request["expires_at"] = json!(expires);
        }
        service.post_as(token, "/api/v1/tokens", &request)
    };

    let made = make(&owner, &["awards:read"], Some("2026-06-22T00:00:00Z")).expect(201).json();
    let token = made["token"].as_str().unwrap().to_owned();
    service.get_as(&token, "/api/v1/outbox").expect(403);
    assert_eq!(make(&token, &["awards:write"], None).expect(422).json()["errors"][0]["code"], "lacking");
    // One that is made with another does not outlive it.
    let child = make(&token, &["awards:read"], None).expect(201).json();
    assert_eq!(child["expires_at"], "2026-06-22T00:00:00Z");
    let listed = service.get_as(&owner, "/api/v1/tokens").expect(200).text();
    assert!(listed.contains("reports") && !listed.contains(&token));

    service
        .send_as(&token, "DELETE", &format!("/api/v1/tokens/{}", made["id"].as_str().unwrap()), &json!({}))
        .expect(204);
    service.get_as(&token, "/api/v1/tokens").expect(401);
    let child = child["token"].as_str().unwrap();
    service.get_as(child, "/api/v1/tokens").expect(200);
    service.clock.advance(std::time::Duration::from_secs(86_400));
    service.get_as(child, "/api/v1/tokens").expect(401);
}

/// What comes soon, from another thread.
pub(crate) fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..600 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    panic!("it did not come");
}
