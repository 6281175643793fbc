//! Awards that are issued later, and what goes when it has served its time.

use std::{thread, time::Duration};

use serde_json::{Value, json};

use crate::harness::Service;

/// The award, once it is in this state; the worker looks twice a second.
fn settled(service: &Service, id: &str, state: &str) -> Value {
    for _ in 0..200 {
        let award = service.get_as(&service.owner(), &format!("/api/v1/awards/{id}")).expect(200).json();
        if award["state"] == state {
            return award;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("{id} does not become {state}");
}

fn schedule(service: &Service, badge: &str, email: &str) -> String {
    let request = json!({"badge": badge, "email": email, "issue_at": "2026-06-21T15:00:00Z"});
    let award = service.post_as(&service.owner(), "/api/v1/awards", &request).expect(201).json();
    assert_eq!(award["awards"][0]["state"], "scheduled");
    award["awards"][0]["id"].as_str().unwrap().to_owned()
}

fn messages(service: &Service) -> usize {
    let found = service.get_as(&service.owner(), "/api/v1/outbox").expect(200).json();
    found["items"].as_array().unwrap().len()
}

#[test]
fn an_award_is_signed_and_told_of_when_its_time_comes() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let id = schedule(&service, &badge, "ada@example.org");
    let before = messages(&service);
    service.get(&format!("/awards/{id}")).expect(404);

    service.clock.advance(Duration::from_secs(3 * 3_600));
    let award = settled(&service, &id, "issued");

    assert_eq!(award["issued_at"], "2026-06-21T15:00:00Z");
    let credential = service.get(&format!("/awards/{id}/credential.json")).expect(200).json();
    assert_eq!(credential["validFrom"], "2026-06-21T15:00:00Z");
    assert_eq!(messages(&service), before + 1);
}

#[test]
fn what_can_be_undone_waits_and_is_called_back_without_a_trace() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({"undo_seconds": 600, "limit": 1, "unique": true}));
    let award = service.award(&badge, "ada@example.org");
    assert_eq!((&award["state"], &award["issued_at"]), (&json!("scheduled"), &json!("2026-06-21T12:10:00Z")));
    let id = award["id"].as_str().unwrap();
    let cancel = format!("/api/v1/awards/{id}/cancel");
    let reason = json!({"reason": "The wrong person"});

    let cancelled = service.post_as(&service.owner(), &cancel, &reason).expect(200).json();

    assert_eq!(cancelled["state"], "cancelled");
    service.post_as(&service.owner(), &cancel, &reason).expect(409);
    // The badge may be given once, and was not.
    let second = service.award(&badge, "ada@example.org");
    service.clock.advance(Duration::from_secs(600));
    settled(&service, second["id"].as_str().unwrap(), "issued");
    settled(&service, id, "cancelled");
    let late = format!("/api/v1/awards/{}/cancel", second["id"].as_str().unwrap());
    service.post_as(&service.owner(), &late, &reason).expect(409);
}

#[test]
fn many_awards_of_one_moment_are_each_issued_once() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let ids: Vec<_> = (0..100).map(|n| schedule(&service, &badge, &format!("l{n}@example.org"))).collect();

    service.clock.advance(Duration::from_secs(4 * 3_600));
    for id in &ids {
        settled(&service, id, "issued");
    }

    let metrics = service.get(&format!("{}/ops/metrics", service.administration)).expect(200).text();
    assert!(metrics.contains("badges_signed_total 100\n") && metrics.contains("badges_awards_scheduled 0\n"));
}

#[test]
fn the_answer_to_a_request_is_kept_for_three_days_and_then_goes() {
    let mut service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let bearer = format!("Bearer {}", service.owner());
    let ask = |service: &Service, email: &str| {
        let body = json!({"badge": badge, "email": email}).to_string().into_bytes();
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
            ("Idempotency-Key", "workshop"),
        ];
        service.call("POST", "/api/v1/awards", &headers, Some(body)).status
    };
    assert_eq!(ask(&service, "ada@example.org"), 201);
    service.restart();
    assert_eq!(ask(&service, "grace@example.org"), 422);

    service.clock.advance(Duration::from_secs(3 * 86_400 + 60));
    service.restart();
    let gone = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(50));
        ask(&service, "grace@example.org") == 201
    });

    assert!(gone);
}
