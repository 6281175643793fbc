//! Many at the same time: the database is asked for all of them together, and each gets their own answer.

use std::thread;

use serde_json::{Value, json};

use crate::harness::{Answer, Service, call, record};

/// How many mentors there are, each over a programme with one badge.
const MENTORS: usize = 6;

/// How often each does everything.
const ROUNDS: usize = 4;

struct Mentor {
    token: String,
    badge: String,
}

fn mentor(service: &Service, number: usize) -> Mentor {
    let (owner, email) = (service.owner(), format!("mentor{number}@example.org"));
    let slug = format!("programme-{number}");
    let node = json!({"parent": service.organisation, "kind": "programme", "slug": slug, "name": slug});
    let node = service.post_as(&owner, "/api/v1/issuers", &node).expect(201).json();
    let node = node["id"].as_str().unwrap();
    let role = json!({"email": email, "role": "mentor"});
    service.post_as(&owner, &format!("/api/v1/issuers/{node}/roles"), &role).expect(201);
    let made = record(&service.command(&["--json", "token", "--for", &email, "--scope", "admin"]));
    let token = made["token"].as_str().unwrap().to_owned();
    Mentor { token, badge: service.badge_of(node, &format!("badge-{number}")) }
}

fn award(url: &str, token: &str, request: &Value) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    call(url, "POST", &headers, Some(request.to_string().into_bytes()))
}

#[test]
fn each_of_many_who_ask_at_the_same_time_gets_their_own_answer() {
    let service = Service::start();
    let mentors: Vec<Mentor> = (0..MENTORS).map(|number| mentor(&service, number)).collect();
    let url = format!("{}/api/v1/awards", service.base);

    thread::scope(|scope| {
        for (number, mentor) in mentors.iter().enumerate() {
            let (url, other) = (&url, &mentors[(number + 1) % MENTORS]);
            // Some people are known by now, some are new to two mentors at once.
            let named = move |round: usize| format!("learner{}@example.org", (number + round) % MENTORS);
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let name = named(round);
                    let request = json!({"badge": mentor.badge, "email": name, "external_id": name});
                    let given = award(url, &mentor.token, &request).expect(201).json();
                    assert_eq!(given["awards"][0]["badge"], mentor.badge);
                    assert_eq!(given["awards"][0]["external_id"], name);
                }
            });
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let request = json!({"badge": other.badge, "email": named(round)});
                    award(url, &mentor.token, &request).expect(403);
                    award(url, "badges_nobody", &request).expect(401);
                    let unknown = json!({"badge": "bdg_00000000000000000000000000", "email": named(round)});
                    award(url, &mentor.token, &unknown).expect(404);
                }
            });
        }
    });

    for mentor in &mentors {
        let list = service.get_as(&mentor.token, "/api/v1/awards?by=me").expect(200).json();
        let badges: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| &item["badge"]).collect();
        assert_eq!(badges, [&json!(mentor.badge); ROUNDS]);
    }
    let people = service.get_as(&service.owner(), "/api/v1/contacts?q=learner").expect(200).json();
    assert_eq!(people["items"].as_array().unwrap().len(), MENTORS);
}
