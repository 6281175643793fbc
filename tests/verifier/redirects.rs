//! Where an answer sends on to, names whose addresses change, and documents that come from elsewhere.

use std::{net::IpAddr, sync::Arc};

use badges_server::verifier::{FetchError, Wanted};

use crate::web::{Page, Running, SERVED, Web};

const HOSTS: [&str; 4] = ["hive.example", "www.hive.example", "moved.example", "trap.example"];

fn running() -> Running {
    let running = Arc::new(Web::default()).serve(&HOSTS);
    running.web.name("trap.example", &[&["127.0.0.2".parse().unwrap()]]);
    running
}

#[test]
fn no_redirect_leads_into_private_space() {
    let check = |location: &str, refused: fn(&FetchError) -> bool| {
        let running = running();
        running.web.put("https://hive.example/a", Page::to(location));

        for wanted in [Wanted::Badge, Wanted::Document] {
            let error = running.fetch("https://hive.example/a", wanted).unwrap_err();

            let left = wanted == Wanted::Document && matches!(error, FetchError::Elsewhere { .. });
            assert!(left || refused(&error), "{location}: {error}");
        }
        assert_eq!(running.web.trapped(), 0, "{location}");
    };

    check("https://trap.example/", |error| matches!(error, FetchError::NotPublicName(_)));
    check("https://10.0.0.1/", |error| matches!(error, FetchError::NotPublic { .. }));
    check("https://2130706434/", |error| matches!(error, FetchError::NotPublic { .. }));
    check("https://[::1]/", |error| matches!(error, FetchError::NotPublic { .. }));
    check("https://[::ffff:169.254.169.254]/", |error| matches!(error, FetchError::NotPublic { .. }));
    check("//169.254.169.254/latest", |error| matches!(error, FetchError::NotPublic { .. }));
    check("\\\\10.0.0.1\\share", |error| matches!(error, FetchError::NotPublic { .. }));
    check("http://hive.example/a", |error| matches!(error, FetchError::Scheme(_)));
    check("file:///etc/passwd", |error| matches!(error, FetchError::Scheme(_)));
    check("gopher://trap.example:70/", |error| matches!(error, FetchError::Scheme(_)));
    check("https://hive.example:8443/", |error| matches!(error, FetchError::Port { port: 8443, .. }));
    check("https://a:b@hive.example/", |error| matches!(error, FetchError::Credentials(_)));
    check("/a", |error| matches!(error, FetchError::Redirects(_)));
}

#[test]
fn three_redirects_are_followed_and_a_fourth_is_not() {
    let running = running();
    for at in 0..5 {
        running.web.put(&format!("https://hive.example/{at}"), Page::to(&format!("/{}", at + 1)));
    }
    running.web.put("https://hive.example/5", Page::text("{}"));

    assert_eq!(running.document("https://hive.example/2").unwrap().address.path(), "/5");
    assert!(matches!(running.document("https://hive.example/1"), Err(FetchError::Redirects(_))));
}

#[test]
fn a_document_comes_from_its_own_host_and_a_badge_from_wherever_it_leads() {
    let running = running();
    running.web.put("https://moved.example/a", Page::text("{}"));
    running.web.put("https://www.hive.example/a", Page::text("{}"));
    running.web.put("https://hive.example/out?to=moved", Page::to("https://moved.example/a"));
    running.web.put("https://hive.example/a", Page::to("https://www.hive.example/a"));
    let out = "https://hive.example/out?to=moved";
    let elsewhere = || matches!(running.document(out), Err(FetchError::Elsewhere { .. }));

    assert!(elsewhere());
    assert_eq!(running.fetch(out, Wanted::Badge).unwrap().body, b"{}");
    assert!(elsewhere(), "what was fetched as a badge does not become a document");
    assert_eq!(running.document("https://hive.example/a").unwrap().body, b"{}");
}

#[test]
fn a_name_whose_address_changes_is_looked_at_each_time() {
    let trap: IpAddr = "127.0.0.3".parse().unwrap();
    let metadata: IpAddr = "169.254.169.254".parse().unwrap();
    let running = running();
    running.web.put("https://hive.example/a", Page::text("{}"));
    running.web.put("https://hive.example/b", Page::text("{}"));
    running.web.put("https://hive.example/c", Page::text("{}"));
    running.web.name("hive.example", &[&[SERVED], &[trap], &[SERVED, trap], &[trap, SERVED], &[metadata]]);
    let refused = |url: &str| matches!(running.document(url), Err(FetchError::NotPublicName(_)));

    assert!(running.document("https://hive.example/a").is_ok());
    assert!(refused("https://hive.example/b"), "the second answer of the name server is not public");
    assert!(refused("https://hive.example/c"), "one public address does not excuse another");
    assert!(refused("https://hive.example/d"));
    assert!(refused("https://hive.example/e"));
    assert_eq!(running.web.asked(), ["https://hive.example/a"]);
    assert_eq!(running.web.trapped(), 0);
}
