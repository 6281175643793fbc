//! What is remembered, for how long, and how often a host is really asked.

use std::sync::Arc;

use badges_server::verifier::{FetchError, Wanted};
use tokio::task::JoinSet;

use crate::web::{Page, Running, Web, later, now, run};

const URL: &str = "https://hive.example/a";

fn asked_again_after(headers: &str, seconds: i64) -> bool {
    let running = Arc::new(Web::default()).serve(&["hive.example"]);
    running.web.put(URL, Page::with(headers, "{}"));
    run(async {
        running.fetcher.fetch(URL, Wanted::Document, now()).await.unwrap();
        running.fetcher.fetch(URL, Wanted::Document, later(seconds)).await.unwrap();
    });
    running.web.asked().len() == 2
}

#[test]
fn a_publisher_says_how_long_within_bounds() {
    let check = |headers: &str, kept: i64| {
        assert!(!asked_again_after(headers, kept - 1), "{headers}: kept for {kept} seconds");
        assert!(asked_again_after(headers, kept), "{headers}: no longer than {kept} seconds");
    };

    check("Server: x", 300);
    check("Cache-Control: max-age=60", 60);
    check("Cache-Control: public, Max-Age=\"60\"", 60);
    check("Cache-Control: max-age=60, s-maxage=90", 90);
    check("Cache-Control: max-age=60\r\nAge: 20", 40);
    check("Cache-Control: max-age=99999999999999", 86_400);
    check("Cache-Control: max-age=60, no-cache", 10);
    check("Cache-Control: no-store", 10);
    check("Cache-Control: max-age=-1", 10);
}

#[test]
fn a_clock_that_is_set_back_keeps_nothing_for_longer() {
    assert!(!asked_again_after("Cache-Control: max-age=86400", 0));
    assert!(asked_again_after("Cache-Control: max-age=86400", -3600));
}

#[test]
fn what_is_not_there_is_asked_for_once_a_minute() {
    let running = Arc::new(Web::default()).serve(&["hive.example"]);
    running.web.put(URL, Page::status(404));

    run(async {
        for seconds in [0, 1, 59, 60, 61] {
            let answer = running.fetcher.fetch(URL, Wanted::Document, later(seconds)).await;
            assert!(matches!(answer, Err(FetchError::Status { status: 404, .. })));
        }
    });

    assert_eq!(running.web.asked().len(), 2);
}

#[test]
fn a_thousand_who_ask_at_once_make_one_question() {
    let check = |page: Page| {
        let running = Arc::new(Web::default()).serve(&["hive.example"]);
        running.web.put(URL, page);
        let Running { web, fetcher } = running;
        let fetcher = Arc::new(fetcher);

        let answers = run(async {
            let mut asking = JoinSet::new();
            for _ in 0..1000 {
                let fetcher = Arc::clone(&fetcher);
                asking.spawn(async move { fetcher.fetch(URL, Wanted::Document, now()).await });
            }
            asking.join_all().await
        });

        assert!(answers.iter().all(|answer| answer == &answers[0]));
        assert_eq!(web.asked(), [URL]);
    };

    check(Page::text("{}"));
    check(Page::status(404));
}

#[test]
fn whoever_goes_away_leaves_the_others_their_answer() {
    let running = Arc::new(Web::default()).serve(&["hive.example"]);
    running.web.put(URL, Page::Silent);
    let Running { web, fetcher } = running;
    let fetcher = Arc::new(fetcher);

    let answer = run(async {
        let first = tokio::spawn({
            let fetcher = Arc::clone(&fetcher);
            async move { fetcher.fetch(URL, Wanted::Document, now()).await }
        });
        while web.asked().is_empty() {
            tokio::task::yield_now().await;
        }
        web.put(URL, Page::text("{}"));
        first.abort();
        fetcher.fetch(URL, Wanted::Document, now()).await
    });

    assert_eq!(answer.unwrap().body, b"{}");
}

#[test]
fn memory_has_an_end() {
    let running = Arc::new(Web::default()).serve(&["hive.example"]);
    let url = |at: usize| format!("https://hive.example/{at}");
    for at in 0..70 {
        let headers = format!("Cache-Control: max-age={}", 1000 + at);
        running.web.put(&url(at), Page::with(&headers, vec![b' '; Wanted::Document.limit()]));
    }

    run(async {
        for at in (0..70).chain([69, 0]) {
            running.fetcher.fetch(&url(at), Wanted::Document, now()).await.unwrap();
        }
    });

    let asked = running.web.asked();
    assert_eq!(asked.len(), 71, "the last is still known, and the first, which counted least long, is not");
    assert_eq!(asked.last(), Some(&url(0)));
}
