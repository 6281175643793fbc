//! The schema moved under load: the server that is there goes on, and loses nothing that it acknowledges.

use std::process::Command;

use serde_json::json;

use super::{NO_QUOTA, ledger::Ledger, rounds, soon, under_load};
use crate::{
    harness::{self, Service, record},
    process::Process,
};

/// What a version that is not written yet might add: more of what is written most, and something new.
const NEWER: &str = "ALTER TABLE awards ADD COLUMN of_tomorrow TEXT;
    CREATE INDEX awards_of_tomorrow ON awards (organisation_id, of_tomorrow, id);
    CREATE TABLE things_of_tomorrow (award_id TEXT NOT NULL PRIMARY KEY);
    INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000001')";

/// Another program's statements, in one transaction.
fn sql(service: &Service, statements: &str) {
    let script = "import sqlite3, sys
held = sqlite3.connect(sys.argv[1], timeout=30)
held.executescript('BEGIN IMMEDIATE;' + sys.argv[2] + '; COMMIT')";
    let file = service.folder().join("data/badges.db").display().to_string();
    let mut command = match service.postgresql() {
        Some(url) => {
            let mut command = Command::new("psql");
            command.args([&url, "-q1c", statements]);
            command
        }
        None => {
            let mut command = Command::new("python3");
            command.args(["-c", script, &file, statements]);
            command
        }
    };
    let done = command.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn awards_go_on_while_the_schema_moves_and_are_all_there_afterwards() {
    let service = Service::start_with(&[NO_QUOTA]);
    let badge = service.badge("astronaut", &json!({}));
    let ledger = Ledger::default();
    let process = Process::start(&service);
    let mut wrong = Vec::new();
    let mut goes_on = |ledger: &Ledger, when: &str| {
        let before = ledger.acknowledged();
        if !soon(|| ledger.acknowledged() > before + 20) {
            wrong.push(format!("nothing is acknowledged {when}"));
        }
    };

    under_load(&service, &[&process.base], &badge, "moved", &ledger, || {
        for round in 0..rounds() {
            goes_on(&ledger, &format!("before round {round}"));
            let back = record(&service.command(&["--json", "migrate", "--back"]));
            goes_on(&ledger, &format!("with the schema of the version before, round {round}"));
            let forward = record(&service.command(&["--json", "migrate"]));
            assert_eq!(back["changed"], forward["changed"]);
        }
        sql(&service, NEWER);
        goes_on(&ledger, "with the schema of the version after");
    });
    let ready = harness::call(&format!("{}/readyz", process.base), "GET", &[], None).expect(503).json();
    let refused = service.command(&["--json", "serve", "--check"]);
    sql(&service, "DELETE FROM __diesel_schema_migrations WHERE version = '20991231000001'");
    ledger.settle(&process.base, &service.owner(), &badge);

    wrong.extend(ledger.check(&service, &process.base, &badge));
    ledger.sum(&format!("the schema moved under load, {} rounds", rounds()));
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(ready["code"], "schema");
    assert!(
        !refused.status.success()
            && String::from_utf8_lossy(&refused.stdout).contains("run the newer program")
    );
}
