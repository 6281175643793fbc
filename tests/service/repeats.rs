//! What a program asks for twice under one `Idempotency-Key` is done once, and secrets are shown once.

use std::{collections::BTreeSet, iter, thread};

use serde_json::{Value, json};

use crate::{
    accounts::at_present,
    harness::{Answer, Service},
    process::Process,
};

/// Sends what a program makes something with.
fn send(service: &Service, key: &str, path: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {}", service.owner());
    let headers =
        [("Authorization", bearer.as_str()), ("Content-Type", "application/json"), ("Idempotency-Key", key)];
    service.call("POST", path, &headers, Some(body.to_string().into_bytes()))
}

#[test]
fn whatever_is_made_twice_under_a_key_is_made_once() {
    let service = Service::start_with(&[("BADGES_PUBLIC_URL", "https://badges.example.org")]);
    let (badge, root) = (service.badge("astronaut", &json!({})), service.organisation.clone());
    let award = service.award(&badge, "ada@example.org");
    let award = format!("/api/v1/awards/{}", award["id"].as_str().unwrap());
    let content = json!({"name": "B", "description": "b", "criteria": {"narrative": "c"}});
    let codes = format!("/api/v1/badges/{badge}/claim-codes");
    let (keys, roles) = (format!("/api/v1/issuers/{root}/keys"), format!("/api/v1/issuers/{root}/roles"));
    let count = |path: &str| {
        let all = service.get_as(&service.owner(), path).expect(200).json();
        all["items"].as_array().or(all["keys"].as_array()).unwrap().len()
    };

    let node = |slug: &str| json!({"parent": root, "kind": "issuer", "slug": slug, "name": "Hive"});
    let draft = |slug: &str| json!({"issuer": root, "slug": slug, "content": content});
    let token = |name: &str| json!({"name": name, "scopes": ["awards:read"]});
    let role = |email: &str| json!({"email": email, "role": "mentor"});

    for (path, body, other) in [
        ("/api/v1/issuers", node("hive"), node("another")),
        ("/api/v1/badges", draft("pilot"), draft("another")),
        (codes.as_str(), json!({"label": "Fair"}), json!({"label": "Another"})),
        (keys.as_str(), json!({}), json!(null)),
        ("/api/v1/tokens", token("CRM"), token("Another")),
        (roles.as_str(), role("grace@example.org"), role("leo@example.org")),
    ] {
        let before = count(path);
        let first = send(&service, path, path, &body).expect(201);
        let again = send(&service, path, path, &body).expect(201);
        assert_eq!(count(path), before + 1, "{path}");
        assert_eq!(first.headers.get("Location"), again.headers.get("Location"), "{path}");
        let (mut first, again) = (first.json(), again.json());
        let shown_once: &[&str] = if path == codes { &["code", "url"] } else { &["token"] };
        for secret in shown_once {
            assert!(again[secret].is_null(), "{path}: {again}");
            first.as_object_mut().unwrap().remove(*secret);
        }
        assert_eq!(first, again, "{path}");
        if path != keys {
            let reused = send(&service, path, path, &other).expect(422).json();
            assert_eq!(reused["code"], "idempotency_key_reused", "{path}");
        }
    }
    let revoked = json!({"reason": "By mistake."});
    let revoke = format!("{award}/revoke");
    let (first, again) = (send(&service, "k", &revoke, &revoked), send(&service, "k", &revoke, &revoked));
    assert_eq!((first.expect(200).body, again.status), (again.body.clone(), 200));
    send(&service, "l", &revoke, &revoked).expect(409);
}

#[test]
fn a_refusal_stays_the_same_under_its_key_and_no_longer_than_that() {
    let service = Service::start();
    let root = service.organisation.clone();
    let hive = json!({"parent": root, "kind": "issuer", "slug": "hive", "name": "Hive"});
    let made = send(&service, "a", "/api/v1/issuers", &hive).expect(201).json();
    let twice = json!({"parent": made["id"], "kind": "programme", "slug": "hive", "name": "Hive too"});

    let refused = send(&service, "b", "/api/v1/issuers", &twice).expect(422);
    let again = send(&service, "b", "/api/v1/issuers", &twice).expect(422);
    let mended = json!({"parent": made["id"], "kind": "programme", "slug": "hive-too", "name": "Hive too"});
    let other = send(&service, "b", "/api/v1/issuers", &mended).expect(422).json();
    send(&service, "c", "/api/v1/issuers", &mended).expect(201);

    assert_eq!(
        (refused.body, refused.headers.get("Content-Type")),
        (again.body, again.headers.get("Content-Type"))
    );
    assert_eq!(other["code"], "idempotency_key_reused");
}

#[test]
fn what_was_done_is_told_again_though_it_could_not_be_done_any_more() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let asked = json!({"badge": badge, "email": "ada@example.org"});
    let first = send(&service, "a", "/api/v1/awards", &asked).expect(201);
    let path = format!("/api/v1/badges/{badge}");
    service.send_as(&service.owner(), "PATCH", &path, &json!({"archived": true})).expect(200);

    let again = send(&service, "a", "/api/v1/awards", &asked).expect(201);
    let other = send(&service, "b", "/api/v1/awards", &asked).expect(409).json();
    service.send_as(&service.owner(), "PATCH", &path, &json!({"archived": false})).expect(200);
    let kept = send(&service, "b", "/api/v1/awards", &asked).json();

    assert_eq!((first.body, other["code"].as_str()), (again.body, Some("archived")));
    assert_eq!(kept["awards"].as_array().map(Vec::len), None, "{kept}");
}

#[test]
fn many_with_one_key_do_it_once_and_hear_the_same_from_each_server() {
    let service = Service::start();
    // A server months ahead of the other would take its keys for old ones and clear them away.
    at_present(&service);
    let badge = service.badge("astronaut", &json!({}));
    // Servers share a database where it is PostgreSQL.
    let second = service.postgresql().map(|_| Process::start(&service));
    let bases: Vec<_> = iter::once(&service.base).chain(second.iter().map(|server| &server.base)).collect();
    let bearer = format!("Bearer {}", service.owner());
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
        ("Idempotency-Key", "the-same"),
    ];
    let count = |path: &str| {
        let all = service.get_as(&service.owner(), path).expect(200).json();
        all["items"].as_array().unwrap().len()
    };
    let content = json!({"name": "B", "description": "b", "criteria": {"narrative": "c"}});

    for (path, body) in [
        ("/api/v1/badges", json!({"issuer": service.organisation, "slug": "pilot", "content": content})),
        ("/api/v1/awards", json!({"badge": badge, "email": "ada@example.org"})),
        ("/api/v1/tokens", json!({"name": "CRM", "scopes": ["awards:read"]})),
    ] {
        let before = count(path);
        let ask = |base: &str| {
            let body = Some(body.to_string().into_bytes());
            crate::harness::call(&format!("{base}{path}"), "POST", &headers, body)
        };
        let answers: Vec<_> = thread::scope(|scope| {
            let asked: Vec<_> = bases.iter().cycle().take(16).map(|base| scope.spawn(|| ask(base))).collect();
            asked.into_iter().map(|asked| asked.join().unwrap()).collect()
        });

        let told: BTreeSet<_> =
            answers.iter().map(|answer| (answer.status, without_secret(answer))).collect();
        let shown = answers.iter().filter(|answer| answer.json()["token"].is_string()).count();
        assert!(told.len() == 1 && answers[0].status == 201, "{path}: {told:?}");
        assert_eq!((count(path), shown), (before + 1, usize::from(path.ends_with("tokens"))), "{path}");
    }
}

fn without_secret(answer: &Answer) -> String {
    let mut body = answer.json();
    body.as_object_mut().unwrap().remove("token");
    body.to_string()
}

#[test]
fn nothing_that_is_shown_once_is_kept_for_a_key() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    service.award(&badge, "ada@example.org");
    let token = send(&service, "t", "/api/v1/tokens", &json!({"name": "CRM", "scopes": ["awards:read"]}));
    let codes = format!("/api/v1/badges/{badge}/claim-codes");
    let code = send(&service, "c", &codes, &json!({"label": "Fair"})).expect(201).json();
    let token = token.expect(201);

    assert_eq!(token.header("Cache-Control"), "no-store");
    let secrets =
        [token.json()["token"].as_str().unwrap().to_owned(), code["code"].as_str().unwrap().to_owned()];
    if service.postgresql().is_none() {
        let stored: Vec<u8> = std::fs::read_dir(service.folder().join("data"))
            .unwrap()
            .map(|file| file.unwrap().path())
            .filter(|path| path.is_file())
            .flat_map(|path| std::fs::read(path).unwrap())
            .collect();
        for secret in &secrets {
            assert!(
                !stored.windows(secret.len()).any(|part| part == secret.as_bytes()),
                "a secret is stored"
            );
        }
    }
    let messages = service.get_as(&service.owner(), "/api/v1/outbox").expect(200).json();
    let link = format!("/api/v1/outbox/{}/link", messages["items"][0]["id"].as_str().unwrap());
    let refused = send(&service, "m", &link, &json!({})).expect(422).json();
    assert_eq!(refused["code"], "idempotency_key_refused");
}
