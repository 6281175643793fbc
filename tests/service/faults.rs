//! What is killed, cut off and filled up under load: what was acknowledged is there once, what was refused is not.
//!
//! `BADGES_FAULT_ROUNDS` says how often; `tests/service/storms` runs all of it on both databases.

mod cluster;
mod copies;
mod database;
mod disk;
mod due;
#[cfg(feature = "postgresql-tls")]
mod encrypted;
mod ledger;
mod power;
mod schema;

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use serde_json::json;

use self::ledger::{Entry, Ledger};
use crate::{harness::Service, process::Process};

/// Nobody runs into the quota of a day.
const NO_QUOTA: (&str, &str) = ("BADGES_QUOTAS_AWARDS_ADMINISTRATOR", "1000000");

fn rounds() -> usize {
    std::env::var("BADGES_FAULT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(10)
}

/// Not the same in any two rounds: some end before the first commit, some in the middle of many.
fn a_while(round: usize) -> Duration {
    Duration::from_millis(5 + 37 * (round as u64 * 7919 % 11))
}

/// Whether it comes true within half a minute.
fn soon(mut is_so: impl FnMut() -> bool) -> bool {
    for _ in 0..600 {
        if is_so() {
            return true;
        }
        thread::sleep(Duration::from_millis(50));
    }
    false
}

/// Eight clients at these servers, while something is done to them.
fn under_load(
    service: &Service,
    bases: &[&str],
    badge: &str,
    names: &str,
    ledger: &Ledger,
    trouble: impl FnOnce(),
) {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for worker in 0..8 {
            let (base, token, stop) = (bases[worker % bases.len()], service.owner(), &stop);
            scope.spawn(move || ledger.work(base, &token, badge, &format!("{names}-worker{worker}"), stop));
        }
        trouble();
        stop.store(true, Ordering::SeqCst);
    });
}

/// Rounds of load on several servers, each round ended by a kill of all of them, one a little after the other; then
/// what is wrong between the ledger and the database.
fn storm(servers: usize) -> Vec<String> {
    let service = Service::start_with(&[NO_QUOTA]);
    let badge = service.badge("astronaut", &json!({}));
    let ledger = Ledger::default();

    for round in 0..rounds() {
        let processes: Vec<_> = (0..servers).map(|_| Process::start(&service)).collect();
        let bases: Vec<_> = processes.iter().map(|process| process.base.clone()).collect();
        let bases: Vec<_> = bases.iter().map(String::as_str).collect();
        under_load(&service, &bases, &badge, &format!("round{round}"), &ledger, || {
            let before = ledger.acknowledged();
            for process in processes {
                // Every second round goes on at least until something would be lost.
                if round % 2 == 1 {
                    soon(|| ledger.acknowledged() > before);
                }
                thread::sleep(a_while(round));
                process.kill();
            }
        });
    }
    let process = Process::start(&service);
    ledger.settle(&process.base, &service.owner(), &badge);

    let mut wrong = ledger.check(&service, &process.base, &badge);
    ledger.sum(&format!("{servers} servers killed, {} rounds", rounds()));
    if ledger.entries.lock().unwrap().len() <= rounds() {
        wrong.push("the load did not begin".to_owned());
    }
    wrong
}

#[test]
fn a_killed_server_loses_nothing_that_it_acknowledged() {
    assert_eq!(storm(1), Vec::<String>::new());
}

#[test]
fn servers_that_share_a_database_and_are_killed_lose_nothing_that_they_acknowledged() {
    if std::env::var_os("BADGES_TEST_POSTGRESQL").is_none() {
        println!("notice: an SQLite file has one server: sharing is tried on PostgreSQL");
        return;
    }
    assert_eq!(storm(2), Vec::<String>::new());
}

#[test]
fn the_checker_sees_a_client_without_keys_and_an_award_that_is_gone() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let ledger = Ledger::default();

    // The first answer is lost, and the client asks again as if nothing had happened.
    for _ in 0..2 {
        let entry = ledger.ask(&service.base, &service.owner(), &badge, "ada@example.org", None).unwrap();
        ledger.entries.lock().unwrap().insert("ada@example.org".to_owned(), entry);
    }
    let twice = ledger.check(&service, &service.base, &badge);
    let gone = Entry::Acknowledged("awd_00000000000000000000000000".to_owned());
    ledger.entries.lock().unwrap().insert("grace@example.org".to_owned(), gone);
    let lost = ledger.check(&service, &service.base, &badge);

    assert!(twice.iter().any(|line| line.ends_with("are of one person")), "{twice:?}");
    assert!(lost.iter().any(|line| line.ends_with("was acknowledged and is gone")), "{lost:?}");
}
