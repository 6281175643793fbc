//! Awards whose time comes while servers are killed: each is issued once, by whoever is left.

use std::{collections::BTreeMap, thread, time::Duration};

use badges_core::{did::MemoryDocuments, jsonld::Contexts};
use serde_json::json;

use super::{
    NO_QUOTA,
    ledger::{Entry, Ledger, listed, unbelieved},
};
use crate::{
    accounts::{at_present, wait_for},
    harness::Service,
    process::Process,
};

const AWARDS: usize = 120;

#[test]
fn awards_that_are_due_while_a_server_is_killed_are_issued_once() {
    let service = Service::start_with(&[NO_QUOTA]);
    let badge = service.badge("astronaut", &json!({"undo_seconds": 8}));
    // Their clock is the system's; that of the harness stands long before, and only looks after what is left.
    let (first, second) = (Process::start(&service), Process::start(&service));
    let (ledger, token) = (Ledger::default(), service.owner());
    for number in 0..AWARDS {
        let base = if number % 2 == 0 { &first.base } else { &second.base };
        let entry = ledger.ask(base, &token, &badge, &format!("learner{number}x@example.org"), None);
        assert!(matches!(entry, Some(Entry::Acknowledged(_))), "{entry:?}");
    }
    let states = |base: &str| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for award in listed(&service, base, &badge) {
            *counts.entry(award["state"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        counts
    };
    let issued = |base: &str| states(base).get("issued").copied().unwrap_or_default();

    // One ends in the middle of its share, the other a little later.
    wait_for(|| (issued(&second.base) > 0).then_some(()));
    first.kill();
    thread::sleep(Duration::from_millis(30));
    let before = issued(&service.base);
    second.kill();
    at_present(&service);
    service.clock.advance(Duration::from_secs(120));
    wait_for(|| (issued(&service.base) == AWARDS).then_some(()));

    println!("faults: awards that are due: {before} of {AWARDS} issued when the servers were gone");
    let (contexts, mut lists) = (Contexts::new(), MemoryDocuments::new());
    for award in listed(&service, &service.base, &badge) {
        let id = award["id"].as_str().unwrap();
        assert_eq!(unbelieved(&service.base, id, &contexts, &mut lists), None);
        let audit = service.get_as(&token, &format!("/api/v1/audit?object={id}")).expect(200).json();
        let events = audit["items"].as_array().unwrap();
        let issues = events.iter().filter(|event| event["action"] == "issue_award").count();
        assert_eq!(issues, 1, "{events:?}");
    }
    let messages = service.get_as(&token, "/api/v1/outbox?limit=200").expect(200).json();
    let told = messages["items"].as_array().unwrap().iter().filter(|message| message["template"] == "award");
    assert_eq!(told.count(), AWARDS);
}
