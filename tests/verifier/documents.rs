//! What is read of an answer: its bounds in bytes and in time, and whose certificate counts.

use std::sync::Arc;

use badges_server::verifier::{FetchError, Wanted};

use crate::web::{Page, Running, Web};

#[test]
fn a_body_is_read_to_its_limit_and_no_further() {
    let running = Arc::new(Web::default()).serve(&["hive.example"]);
    let longest = Wanted::Document.limit();
    running.web.put("https://hive.example/fits", Page::text(vec![b' '; longest]));
    running.web.put("https://hive.example/longer", Page::text(vec![b' '; longest + 1]));
    running.web.put("https://hive.example/endless", Page::Endless);
    let too_long = |url: &str, wanted: Wanted| match running.fetch(url, wanted) {
        Err(FetchError::TooLong { limit, .. }) => limit == wanted.limit(),
        _ => false,
    };

    assert_eq!(running.document("https://hive.example/fits").unwrap().body.len(), longest);
    assert!(too_long("https://hive.example/longer", Wanted::Document));
    assert!(too_long("https://hive.example/endless", Wanted::Document));
    assert_eq!(running.fetch("https://hive.example/longer", Wanted::Badge).unwrap().body.len(), longest + 1);
    assert!(
        too_long("https://hive.example/longer", Wanted::Document),
        "a badge may be longer than a document"
    );
}

#[test]
fn whoever_is_slow_is_left() {
    let running = Arc::new(Web::default()).serve_impatiently(&["hive.example"]);
    running.web.put("https://hive.example/silent", Page::Silent);
    running.web.put("https://hive.example/dripping", Page::Dripping);

    for url in ["https://hive.example/silent", "https://hive.example/dripping"] {
        assert!(matches!(running.document(url), Err(FetchError::Slow { .. })), "{url}");
    }
}

#[test]
fn what_is_not_there_is_told_from_what_is_gone() {
    let running = Arc::new(Web::default()).serve(&["hive.example"]);
    running.web.put("https://hive.example/gone", Page::Plain(410, String::new(), b"{}".to_vec()));
    let status = |url: &str| match running.document(url) {
        Err(FetchError::Status { status, .. }) => status,
        other => panic!("{other:?}"),
    };

    assert_eq!(status("https://hive.example/never"), 404);
    running.web.put("https://hive.example/broken", Page::status(500));
    assert_eq!(status("https://hive.example/broken"), 500);
    assert!(running.document("https://hive.example/gone").unwrap().gone);
}

#[test]
fn only_a_certificate_for_that_name_by_a_known_authority_counts() {
    let check = |running: &Running, url: &str, known: bool| {
        running.web.put(url, Page::text("{}"));
        match running.document(url) {
            Ok(_) => assert!(known, "{url}"),
            Err(FetchError::Failed { reason, .. }) => {
                assert!(!known && reason.contains("certificate"), "{reason}")
            }
            Err(error) => panic!("{url}: {error}"),
        }
    };
    let ours = Arc::new(Web::default()).serve(&["hive.example"]);
    let strangers = Arc::new(Web::default()).serve_by_strangers(&["hive.example"]);

    check(&ours, "https://hive.example/", true);
    check(&ours, "https://other.example/", false);
    check(&strangers, "https://hive.example/", false);
}
