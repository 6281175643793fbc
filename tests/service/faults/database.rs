//! PostgreSQL killed under load: the servers say so, wait for it, and go on by themselves.

use std::{thread, time::Duration};

use serde_json::json;

use super::{NO_QUOTA, a_while, cluster::Cluster, ledger::Ledger, rounds, soon, under_load};
use crate::{
    harness::{self, Service},
    process::Process,
};

fn is_ready(base: &str) -> bool {
    harness::try_call(&format!("{base}/readyz"), "GET", &[], None).is_some_and(|answer| answer.status == 200)
}

fn says_so(base: &str) -> bool {
    harness::try_call(&format!("{base}/readyz"), "GET", &[], None)
        .is_some_and(|answer| answer.status == 503 && !answer.header("Retry-After").is_empty())
}

/// Rounds of load on two servers, in each of which their database is killed and started again; then what is wrong.
fn kills(cluster: &Cluster, rounds: usize, before: &str) -> Vec<String> {
    let service = Service::start_on(Some(cluster.url.clone()), &[NO_QUOTA]);
    let badge = service.badge("astronaut", &json!({}));
    let name = service.postgresql().unwrap().rsplit('/').next().unwrap().to_owned();
    if !before.is_empty() {
        cluster.sql(&name, before);
    }
    let (ledger, mut wrong) = (Ledger::default(), Vec::new());
    let processes = [Process::start(&service), Process::start(&service)];
    let bases = processes.each_ref().map(|process| process.base.as_str());

    under_load(&service, &bases, &badge, "all", &ledger, || {
        for round in 0..rounds {
            let before = ledger.acknowledged();
            if !soon(|| ledger.acknowledged() > before + 20) {
                wrong.push(format!("round {round}: nothing is acknowledged"));
            }
            thread::sleep(a_while(round));
            cluster.kill(round % 2 == 1);
            if !bases.iter().all(|base| soon(|| says_so(base))) {
                wrong.push(format!("round {round}: a server calls itself ready without a database"));
            }
            if !cluster.start_again() {
                wrong.push(format!("round {round}: PostgreSQL does not start again"));
                return;
            }
            if !bases.iter().all(|base| soon(|| is_ready(base))) {
                wrong.push(format!("round {round}: a server does not come back"));
            }
        }
        thread::sleep(Duration::from_millis(200));
    });
    if ledger.statuses.lock().unwrap().contains_key(&0) {
        wrong.push("a server that lives gave no answer".to_owned());
    }
    ledger.settle(bases[0], &service.owner(), &badge);
    wrong.extend(ledger.check(&service, bases[1], &badge));
    ledger.sum(&format!("PostgreSQL killed under 2 servers, {rounds} rounds"));
    wrong
}

#[test]
fn servers_outlive_their_database_and_lose_nothing_that_they_acknowledged() {
    let Some(cluster) = Cluster::start("the end of PostgreSQL") else { return };
    assert_eq!(kills(&cluster, rounds(), ""), Vec::<String>::new());
}

#[test]
fn the_checker_sees_a_database_that_keeps_a_table_in_memory_alone() {
    let Some(cluster) = Cluster::start("the end of PostgreSQL") else { return };
    let wrong = kills(&cluster, 1, "ALTER TABLE credentials SET UNLOGGED");
    assert!(wrong.iter().any(|line| line.contains("is answered with")), "{wrong:?}");
}
