//! PostgreSQL killed under load: the servers say so, wait for it, and go on by themselves.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::json;

use super::{NO_QUOTA, a_while, ledger::Ledger, rounds, soon, under_load};
use crate::{
    harness::{self, Service},
    process::Process,
};

/// A PostgreSQL of its own, which can be killed.
pub(super) struct Cluster {
    script: Child,
    pub(super) url: String,
    data: PathBuf,
}

impl Cluster {
    /// None, with a notice, where PostgreSQL is not what is tried.
    fn start() -> Option<Self> {
        if std::env::var_os("BADGES_TEST_POSTGRESQL").is_none() {
            println!("notice: the end of PostgreSQL is tried on PostgreSQL");
            return None;
        }
        Some(Self::start_within(&std::env::temp_dir()))
    }

    /// With its data below this folder.
    pub(super) fn start_within(folder: &Path) -> Self {
        let told = "echo \"$BADGES_TEST_POSTGRESQL\"; echo \"$BADGES_TEST_POSTGRESQL_DATA\"; cat >/dev/null";
        let mut script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/service/postgresql"))
            .args(["sh", "-c", told])
            .env("BADGES_POSTGRESQL_WITHIN", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(script.stdout.take().unwrap()).lines();
        let mut line = || lines.next().unwrap().unwrap();
        let (url, data) = (line(), PathBuf::from(line()));
        Self { script, url, data }
    }

    /// SIGKILL to the first of its processes, which the others notice, or to all of them at once.
    fn kill(&self, all: bool) {
        let file = fs::read_to_string(self.data.join("postmaster.pid")).unwrap();
        let first = file.lines().next().unwrap().trim().to_owned();
        let mut those = vec![first.clone()];
        if all {
            those.extend(children(&first));
        }
        Command::new("kill").arg("-9").args(&those).stderr(Stdio::null()).status().unwrap();
    }

    /// Starts it again on its data; the last of the killed processes may take a moment to end.
    fn start_again(&self) -> bool {
        let start = self.data.with_file_name("start");
        soon(|| {
            let mut command = Command::new(&start);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.status().unwrap().success()
        })
    }

    fn sql(&self, database: &str, statement: &str) {
        let url = format!("{}/{database}", self.url);
        assert!(Command::new("psql").args([&url, "-qc", statement]).status().unwrap().success());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Its end of input ends the command, and the script clears up.
        drop(self.script.stdin.take());
        self.script.wait().ok();
    }
}

fn children(parent: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        // PID (NAME) STATE PARENT …, and a name may hold anything.
        let behind = stat.rsplit_once(')').map_or("", |(_, behind)| behind);
        if behind.split_whitespace().nth(1) == Some(parent) {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

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
    let Some(cluster) = Cluster::start() else { return };
    assert_eq!(kills(&cluster, rounds(), ""), Vec::<String>::new());
}

#[test]
fn the_checker_sees_a_database_that_keeps_a_table_in_memory_alone() {
    let Some(cluster) = Cluster::start() else { return };
    let wrong = kills(&cluster, 1, "ALTER TABLE credentials SET UNLOGGED");
    assert!(wrong.iter().any(|line| line.contains("is answered with")), "{wrong:?}");
}
