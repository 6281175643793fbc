//! Bulk awards: a whole list or nothing of it, each row once, whatever comes between.

use std::{fmt::Write as _, thread, time::Duration};

use serde_json::{Value, json};

use crate::harness::{Answer, Service, record};

#[test]
fn a_list_is_awarded_row_by_row_and_each_refusal_has_its_line() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({"unique": true}));
    service.award(&badge, "held@example.org");
    let mut list = "\u{feff}Email;Name;Narrative\r\n\r\nheld@example.org;Held;\r\n".to_owned();
    for number in 0..1_200 {
        write!(list, "p{number}@example.org;\"Person; {number}\";\"Two\r\nlines\"\r\n").unwrap();
    }
    list.push_str("p7@example.org;Again;");

    let sent = send(&service, &service.owner(), &format!("badge={badge}&name=Workshop&mail=false"), &list);

    let batch = sent.expect(202);
    let id = batch.json()["id"].as_str().unwrap().to_owned();
    assert!(batch.header("Location").ends_with(&id));
    let done = ended(&service, &id);
    assert_eq!(
        (&done["state"], &done["total"], &done["awarded"], &done["refused"]),
        (&json!("done"), &json!(1_202), &json!(1_200), &json!(2))
    );
    let refusals = list_of(&service, &format!("/api/v1/batches/{id}/refusals"));
    let lines: Vec<_> = refusals.iter().map(|row| (&row["line"], &row["recipient"])).collect();
    assert_eq!(lines, [(&json!(3), &json!("Held")), (&json!(2_404), &json!("Again"))], "{refusals:?}");
    let awards = list_of(&service, &format!("/api/v1/awards?badge={badge}&limit=200"));
    assert_eq!(awards.len(), 1_201);
    let id = awards[0]["id"].as_str().unwrap();
    let credential =
        service.call("GET", &format!("/awards/{id}"), &[("Accept", "application/vc")], None).expect(200);
    assert!(credential.text().contains("\"narrative\":\"Two\\nlines\""), "{}", credential.text());
}

#[test]
fn one_bad_line_refuses_the_list_and_leaves_nothing_behind() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let mut list = "email,name\n".to_owned();
    for number in 0..700 {
        writeln!(list, "p{number}@example.org,Person").unwrap();
    }
    list.push_str("nobody,Nobody\nada@example.org\n");

    let problem = send(&service, &service.owner(), &format!("badge={badge}"), &list).expect(422).json();

    let paths: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
    assert_eq!(paths, ["line 702", "line 703"]);
    assert_eq!(list_of(&service, "/api/v1/batches"), Vec::<Value>::new());
    for (list, says) in [
        ("", "names no recipient"),
        ("email\n", "names no recipient"),
        ("shoe,email\n43,a@example.org\n", "\\\"shoe\\\" is not known"),
        ("email,name\na@example.org,\"A\nb@example.org,B\n", "line 2 is not closed"),
        ("email,name\na@example.org,A\0B\n", "line 2"),
        ("email,valid_from\na@example.org,2020-01-01\n", "leave valid_from out"),
    ] {
        let answer = send(&service, &service.owner(), &format!("badge={badge}"), list).expect(422).text();
        assert!(answer.contains(says), "{list:?}: {answer}");
    }
    assert_eq!(list_of(&service, "/api/v1/awards"), Vec::<Value>::new());
}

#[test]
fn a_list_beyond_the_quota_is_refused_whole_with_the_number_left() {
    let service = Service::start_with(&[
        ("BADGES_QUOTAS_AWARDS_ADMINISTRATOR", "10"),
        ("BADGES_QUOTAS_AWARDS_BULK", "10"),
    ]);
    let badge = service.badge("astronaut", &json!({}));
    service.award(&badge, "ada@example.org");
    let list = format!("email\n{}", (0..10).map(|n| format!("p{n}@example.org\n")).collect::<String>());

    let problem = send(&service, &service.owner(), &format!("badge={badge}"), &list).expect(429);

    assert!(problem.text().contains("9 are left"), "{}", problem.text());
    assert_eq!(list_of(&service, "/api/v1/awards").len(), 1);
    let fits = list.replace("p9@example.org\n", "");
    send(&service, &service.owner(), &format!("badge={badge}"), &fits).expect(202);
}

#[test]
fn what_was_counted_and_never_awarded_may_be_awarded_after_all() {
    let quota = [("BADGES_QUOTAS_AWARDS_ADMINISTRATOR", "4"), ("BADGES_QUOTAS_AWARDS_BULK", "4")];
    let waits = [quota[0], quota[1], ("BADGES_AWARDS_BATCHES", "false")];
    let list = "email\na@example.org\nb@example.org\nc@example.org\n";
    let award = |service: &Service, badge: &str, email: &str| {
        service.post_as(&service.owner(), "/api/v1/awards", &json!({"badge": badge, "email": email})).status
    };

    let service = Service::start_with(&waits);
    let badge = service.badge("astronaut", &json!({}));
    let sent = send(&service, &service.owner(), &format!("badge={badge}"), list).expect(202).json();
    assert_eq!(["d", "e"].map(|name| award(&service, &badge, &format!("{name}@example.org"))), [201, 429]);
    let cancel = format!("/api/v1/batches/{}/cancel", sent["id"].as_str().unwrap());
    service.post_as(&service.owner(), &cancel, &json!({})).expect(200);
    service.post_as(&service.owner(), &cancel, &json!({})).expect(409);
    let after = ["e", "f", "g", "h"].map(|name| award(&service, &badge, &format!("{name}@example.org")));
    assert_eq!(after, [201, 201, 201, 429]);

    let service = Service::start_with(&quota);
    let badge = service.badge("astronaut", &json!({"unique": true}));
    service.award(&badge, "a@example.org");
    let sent = send(&service, &service.owner(), &format!("badge={badge}"), list).expect(202).json();
    assert_eq!(ended(&service, sent["id"].as_str().unwrap())["refused"], 1);
    assert_eq!(["d", "e"].map(|name| award(&service, &badge, &format!("{name}@example.org"))), [201, 429]);
}

#[test]
fn a_list_that_comes_again_under_its_key_is_awarded_once() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let bearer = format!("Bearer {}", service.owner());
    let path = format!("/api/v1/batches?badge={badge}");
    let send = |key: &str, headers: &[(&str, &str)], list: &str| {
        let own = [("Authorization", bearer.as_str()), ("Idempotency-Key", key)];
        service.call("POST", &path, &[&own[..], headers].concat(), Some(list.as_bytes().to_vec()))
    };
    let csv = [("Content-Type", "text/csv; charset=utf-8")];

    let first = send("workshop", &csv, "email\na@example.org\n").expect(202);
    let again = send("workshop", &csv, "email\na@example.org\n").expect(202);
    let other = send("workshop", &csv, "email\nb@example.org\n").expect(422).json();

    assert_eq!(first.body, again.body);
    assert_eq!(first.header("Location"), again.header("Location"));
    assert_eq!(other["code"], "idempotency_key_reused");
    send(&"k".repeat(256), &csv, "email\na@example.org\n").expect(400);
    for wrong in [
        ("Content-Type", "application/pdf"),
        ("Content-Type", "text/csv; charset=utf-16"),
        ("Content-Encoding", "gzip"),
    ] {
        let refused = send("another", &[wrong], "email\na@example.org\n").expect(415).json();
        assert!(refused["detail"].as_str().unwrap().contains("send"), "{refused}");
    }
    assert_eq!(list_of(&service, "/api/v1/batches").len(), 1);
}

#[test]
fn a_batch_goes_on_after_a_restart_and_can_be_cancelled() {
    let mut service = Service::start_with(&[("BADGES_QUOTAS_AWARDS_ADMINISTRATOR", "20000")]);
    let badge = service.badge("astronaut", &json!({}));
    let list: String = (0..6_000).map(|n| format!("p{n}@example.org\n")).collect();
    let owner = service.owner();
    let first = send(&service, &owner, &format!("badge={badge}&mail=false"), &format!("email\n{list}"));
    let first = first.expect(202).json()["id"].as_str().unwrap().to_owned();

    service.restart();

    assert_eq!(ended(&service, &first)["awarded"], 6_000);
    let second = send(&service, &owner, &format!("badge={badge}&mail=false"), &format!("email\n{list}"));
    let second = second.expect(202).json()["id"].as_str().unwrap().to_owned();
    let cancelled = service.post_as(&owner, &format!("/api/v1/batches/{second}/cancel"), &json!({}));
    assert_eq!(cancelled.expect(200).json()["state"], "cancelled");
    let decided = service.get_as(&owner, &format!("/api/v1/batches/{second}")).expect(200).json();
    let again = service.post_as(&owner, &format!("/api/v1/batches/{second}/cancel"), &json!({}));
    assert_eq!(again.expect(409).json()["code"], "state");
    let awards = list_of(&service, &format!("/api/v1/awards?badge={badge}&limit=200")).len() as u64;
    assert_eq!(awards, 6_000 + decided["awarded"].as_u64().unwrap());
}

#[test]
fn a_list_of_which_no_more_can_be_awarded_is_stopped_and_says_why() {
    let service = Service::start_with(&[("BADGES_QUOTAS_AWARDS_ADMINISTRATOR", "20000")]);
    let owner = service.owner();
    let roles = format!("/api/v1/issuers/{}/roles", service.organisation);
    let role = json!({"email": "boss@example.org", "role": "administrator"});
    let role = service.post_as(&owner, &roles, &role).expect(201).json()["id"].as_str().unwrap().to_owned();
    let made = service.command(&["--json", "token", "--for", "boss@example.org", "--scope", "admin"]);
    let boss = record(&made)["token"].as_str().unwrap().to_owned();
    let list: String = (0..8_000).map(|n| format!("p{n}@example.org\n")).collect();
    let sent = |token: &str, badge: &str| {
        let query = format!("badge={badge}&mail=false");
        let sent = send(&service, token, &query, &format!("email\n{list}")).expect(202).json();
        sent["id"].as_str().unwrap().to_owned()
    };
    let stopped = |id: &str, why: &str| {
        let batch = ended(&service, id);
        assert_eq!(batch["state"], "cancelled");
        assert!(batch["awarded"].as_u64().unwrap() < 8_000, "{batch}");
        let refusals = list_of(&service, &format!("/api/v1/batches/{id}/refusals"));
        assert!(refusals[0]["reason"].as_str().unwrap().contains(why), "{refusals:?}");
    };

    let taken = sent(&boss, &service.badge("astronaut", &json!({})));
    service.send_as(&owner, "DELETE", &format!("{roles}/{role}"), &json!({})).expect(204);
    stopped(&taken, "may no longer award this badge");

    let badge = service.badge("pilot", &json!({}));
    let archived = sent(&owner, &badge);
    let archive = json!({"archived": true});
    service.send_as(&owner, "PATCH", &format!("/api/v1/badges/{badge}"), &archive).expect(200);
    stopped(&archived, "archived");
}

fn send(service: &Service, token: &str, query: &str, list: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "text/csv")];
    service.call("POST", &format!("/api/v1/batches?{query}"), &headers, Some(list.as_bytes().to_vec()))
}

/// The batch, once nothing of it waits.
fn ended(service: &Service, id: &str) -> Value {
    for _ in 0..600 {
        let batch = service.get_as(&service.owner(), &format!("/api/v1/batches/{id}")).expect(200).json();
        if batch["state"] == "done" || batch["state"] == "cancelled" {
            return batch;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("the batch {id} does not end");
}

/// All parts of a list.
fn list_of(service: &Service, path: &str) -> Vec<Value> {
    let (mut items, mut after) = (Vec::new(), String::new());
    loop {
        let and = if path.contains('?') { '&' } else { '?' };
        let part = service.get_as(&service.owner(), &format!("{path}{and}{after}")).expect(200).json();
        items.extend(part["items"].as_array().unwrap().clone());
        match part["next"].as_str() {
            Some(next) => after = format!("after={next}"),
            None => return items,
        }
    }
}
