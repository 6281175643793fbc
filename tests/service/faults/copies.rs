//! Copies and their return, killed halfway: nothing half passes for whole.

use std::{
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, SystemTime},
};

use serde_json::json;

use super::rounds;
use crate::{
    harness::{Service, record},
    upkeep::{Elsewhere, findings},
};

/// Runs a command and kills it after this part of the time that it takes.
fn cut_short(mut command: Command, whole: Duration, part: f64) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    thread::sleep(whole.mul_f64(part));
    child.kill().ok();
    child.wait().unwrap();
}

fn timed(mut command: Command) -> Duration {
    let start = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let done = command.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    SystemTime::UNIX_EPOCH.elapsed().unwrap() - start
}

fn backup(service: &Service, file: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_badges"));
    command.args(["--json", "backup", file]).envs(service.environment().iter().cloned());
    command
}

/// What is wrong with an installation elsewhere.
fn ill(elsewhere: &Elsewhere<'_>) -> Vec<String> {
    let found = findings(&elsewhere.run(&["--json", "doctor"], &[]));
    found.into_iter().filter(|(_, health, _)| health == "ill").map(|(_, _, said)| said).collect()
}

#[test]
fn a_copy_that_is_killed_halfway_is_whole_or_not_there() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    for number in 0..60 {
        service.award(&badge, &format!("learner{number}@example.org"));
    }
    let path = |name: &str| service.folder().join(name).display().to_string();
    let copy = path("whole.backup");
    let whole = timed(backup(&service, &copy));

    let mut there = 0;
    for round in 0..rounds() {
        let file = path(&format!("{round}.backup"));
        let part = (round as f64 + 0.5) / rounds() as f64 * 1.2;
        cut_short(backup(&service, &file), whole, part);
        if Path::new(&file).exists() {
            there += 1;
            let elsewhere = Elsewhere::new(&service, &format!("from{round}"));
            record(&elsewhere.run(&["--json", "restore", &file], &[]));
            assert_eq!(ill(&elsewhere), Vec::<String>::new());
        } else {
            // What the killed one left stands in nobody's way.
            record(&backup(&service, &file).output().unwrap());
        }
    }
    println!("faults: {} copies killed, {there} of them after they were whole", rounds());
}

#[test]
fn a_return_that_is_killed_halfway_is_whole_or_can_be_done_again() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    for number in 0..60 {
        service.award(&badge, &format!("learner{number}@example.org"));
    }
    let copy = service.folder().join("whole.backup").display().to_string();
    record(&service.command(&["--json", "backup", &copy]));
    let first = Elsewhere::new(&service, "first");
    let whole = timed(first.command(&["--json", "restore", &copy], &[]));

    let mut there = 0;
    for round in 0..rounds() {
        let elsewhere = Elsewhere::new(&service, &format!("back{round}"));
        let part = (round as f64 + 0.5) / rounds() as f64 * 1.2;
        cut_short(elsewhere.command(&["--json", "restore", &copy], &[]), whole, part);
        elsewhere.wait_until_left_alone();
        let again = elsewhere.run(&["--json", "restore", &copy], &[]);
        if !again.status.success() {
            // There is an installation already, all of it.
            there += 1;
        }
        assert_eq!(ill(&elsewhere), Vec::<String>::new(), "{}", String::from_utf8_lossy(&again.stdout));
    }
    println!("faults: {} returns killed, {there} of them after they were whole", rounds());
}
