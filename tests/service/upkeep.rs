//! The operator's verbs on an installation: copies, a look through it, a new sealing key, one step back.

use std::{
    fs,
    process::{Command, Output},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    accounts::wait_for,
    harness::{self, Service, record},
};

/// The command on another data folder, with the same sealing key unless another is named.
pub(crate) struct Elsewhere<'a> {
    pub(crate) service: &'a Service,
    pub(crate) folder: String,
    pub(crate) database: Option<String>,
}

impl<'a> Elsewhere<'a> {
    pub(crate) fn new(service: &'a Service, name: &str) -> Self {
        let folder = service.folder().join(name).display().to_string();
        let database = service.postgresql().map(|url| {
            let database = format!("{}_{name}", url.rsplit('/').next().unwrap());
            sql(&url, &format!("CREATE DATABASE {database}"));
            format!("{}/{database}", url.rsplit_once('/').unwrap().0)
        });
        Self { service, folder, database }
    }

    /// On SQLite, whatever the service is on.
    pub(crate) fn sqlite(service: &'a Service, name: &str) -> Self {
        Self { service, folder: service.folder().join(name).display().to_string(), database: None }
    }

    pub(crate) fn run(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
        self.command(arguments, settings).output().unwrap()
    }

    pub(crate) fn command(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
        let mut command = harness::program();
        command.args(arguments).envs(self.service.environment().iter().cloned());
        command.env("BADGES_DATA", &self.folder).env_remove("BADGES_DATABASE").envs(settings.iter().copied());
        if let Some(database) = &self.database {
            command.env("BADGES_DATABASE", database);
        }
        command
    }

    /// Waits for what a killed command has left running in PostgreSQL.
    pub(crate) fn wait_until_left_alone(&self) {
        let Some(url) = &self.database else { return };
        let asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        wait_for(|| {
            let done = Command::new("psql").args([url, "-qtAc", asked]).output().unwrap();
            if done.stdout.trim_ascii() == b"0" {
                return Some(());
            }
            thread::sleep(Duration::from_millis(200));
            None
        });
    }
}

impl Drop for Elsewhere<'_> {
    fn drop(&mut self) {
        if let (Some(url), Some(database)) = (self.service.postgresql(), &self.database) {
            sql(&url, &format!("DROP DATABASE {} WITH (FORCE)", database.rsplit('/').next().unwrap()));
        }
    }
}

fn sql(url: &str, statement: &str) {
    let done = Command::new("psql").args([url, "-qc", statement]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

pub(crate) fn problem(output: &Output) -> String {
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    said["problem"].as_str().unwrap().to_owned()
}

pub(crate) fn findings(output: &Output) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let lines = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines
        .map(|line| serde_json::from_slice(line).unwrap())
        .map(|found: Value| (text(&found["check"]), text(&found["health"]), text(&found["said"])))
        .collect()
}

/// Awards until it is told to stop; gives how many were acknowledged, and what else was answered.
fn load(base: &str, token: &str, badge: &str, stop: &AtomicBool) -> (usize, Vec<u16>) {
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    let (mut taken, mut other) = (0, Vec::new());
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let body = json!({"badge": badge, "email": format!("learner-{number}@example.org")}).to_string();
        match harness::call(&format!("{base}/api/v1/awards"), "POST", &headers, Some(body.into())).status {
            201 => taken += 1,
            status => other.push(status),
        }
    }
    (taken, other)
}

#[test]
fn a_copy_made_under_load_is_whole_and_sends_nothing() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let file = service.folder().join("copy.backup").display().to_string();
    let stop = AtomicBool::new(false);

    let made = thread::scope(|scope| {
        let (base, token) = (service.base.clone(), service.owner());
        let (badge, stop) = (&badge, &stop);
        let load = scope.spawn(move || load(&base, &token, badge, stop));
        thread::sleep(Duration::from_millis(100));
        let made = record(&service.command(&["--json", "backup", &file]));
        stop.store(true, Ordering::SeqCst);
        let (taken, other) = load.join().unwrap();
        assert!(taken > 0 && other.is_empty(), "{taken} awards, {other:?}");
        made
    });
    let elsewhere = Elsewhere::new(&service, "restored");
    let restored = record(&elsewhere.run(&["--json", "restore", &file], &[]));

    assert_eq!((restored["keys"].as_u64(), restored["messages"].as_str()), (Some(1), Some("paused")));
    let found = findings(&elsewhere.run(&["--json", "doctor"], &[]));
    let ill: Vec<_> = found.iter().filter(|(_, health, _)| health == "ill").collect();
    assert!(ill.is_empty(), "{ill:?}");
    let key = fs::read_to_string(service.folder().join("key/seal.key")).unwrap();
    let copy = fs::read(&file).unwrap();
    assert!(!copy.windows(43).any(|bytes| bytes == key.trim().as_bytes()));
    assert!(made["sealed_by"].is_string());
    if service.postgresql().is_none() {
        let left: Vec<_> =
            fs::read_dir(&elsewhere.folder).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert!(left.iter().any(|name| name == "badges.db"), "{left:?}");
        assert!(!left.iter().any(|name| name.to_string_lossy().contains("part")), "{left:?}");
    }
    // Nothing takes the place of what is there.
    assert!(problem(&service.command(&["--json", "backup", &file])).contains("exists already"));
    assert!(!elsewhere.run(&["--json", "restore", &file], &[]).status.success());
}

#[test]
fn nothing_is_restored_with_another_key_or_from_a_damaged_copy() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    service.award(&badge, "ada@example.org");
    let file = service.folder().join("copy.backup").display().to_string();
    record(&service.command(&["--json", "backup", &file]));
    let elsewhere = Elsewhere::new(&service, "restored");
    let other = service.folder().join("other.key").display().to_string();
    let made = Elsewhere::new(&service, "other");
    let init = ["--json", "init", "--organisation", "Other", "--owner", "o@example.org"];
    record(&made.run(&init, &[("BADGES_KEY_FILE", &other)]));

    if service.postgresql().is_none() {
        let wrong = elsewhere.run(&["--json", "restore", &file], &[("BADGES_KEY_FILE", &other)]);
        assert!(problem(&wrong).contains("bring back the file of that key"));
    }
    let mut bytes = fs::read(&file).unwrap();
    let half = bytes.len() / 2;
    bytes.truncate(half);
    let damaged = service.folder().join("damaged.backup").display().to_string();
    fs::write(&damaged, &bytes).unwrap();
    assert!(!elsewhere.run(&["--json", "restore", &damaged], &[]).status.success());

    record(&elsewhere.run(&["--json", "restore", &file], &[]));
}

#[test]
fn the_doctor_names_what_is_wrong() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    service.award(&badge, "ada@example.org");
    let well = findings(&service.command(&["--json", "doctor"]));
    assert!(well.iter().all(|(_, health, _)| health != "ill"), "{well:?}");

    fs::remove_file(service.folder().join("key/seal.key")).unwrap();
    let output = service.command(&["--json", "doctor"]);

    assert_eq!(output.status.code(), Some(1));
    let ill: Vec<_> = findings(&output).into_iter().filter(|(_, health, _)| health == "ill").collect();
    let checks: Vec<_> = ill.iter().map(|(check, ..)| check.as_str()).collect();
    assert_eq!(checks, ["sealing key", "keys"], "{ill:?}");
}

#[test]
fn keys_are_sealed_anew_and_an_interrupted_run_is_finished() {
    let mut service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let key = service.folder().join("key/seal.key");
    let before = fs::read_to_string(&key).unwrap();

    let done = record(&service.command(&["--json", "keys", "reseal"]));

    assert_eq!(done["keys"], 1);
    assert_ne!(fs::read_to_string(&key).unwrap(), before);
    service.restart();
    service.award(&badge, "ada@example.org");
    // Killed between the commit and the change of names: the database is ahead of the files.
    let new = fs::read_to_string(&key).unwrap();
    fs::rename(&key, key.with_file_name("seal.key.new")).unwrap();
    fs::rename(done["earlier"].as_str().unwrap(), &key).unwrap();
    assert!(problem(&service.command(&["--json", "serve", "--check"])).contains("keys reseal"));
    let finished = record(&service.command(&["--json", "keys", "reseal"]));
    assert_eq!(finished["sealed_by"], done["sealed_by"]);
    assert_eq!(fs::read_to_string(&key).unwrap(), new);
    record(&service.command(&["--json", "serve", "--check"]));
}

#[test]
fn the_schema_goes_one_step_back_and_forward_with_all_awards() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let ids: Vec<_> =
        (0..20).map(|n| service.award(&badge, &format!("l{n}@example.org"))["id"].clone()).collect();

    for _ in 0..2 {
        let back = record(&service.command(&["--json", "migrate", "--back"]));
        let forward = record(&service.command(&["--json", "migrate"]));
        assert_eq!((back["changed"].as_array().unwrap().len(), &back["changed"]), (1, &forward["changed"]));
    }

    for id in ids {
        service.get(&format!("/awards/{}/credential.json", id.as_str().unwrap())).expect(200);
    }
    service.award(&badge, "after@example.org");
    let found = findings(&service.command(&["--json", "doctor"]));
    assert!(found.iter().all(|(_, health, _)| health != "ill"), "{found:?}");
}

#[test]
fn the_command_awards_a_badge_that_verifies() {
    let service = Service::start();
    service.badge("astronaut", &json!({}));

    let given =
        record(&service.command(&["--json", "award", "--badge", "astronaut", "--to", "ada@example.org"]));
    let unknown = service.command(&["--json", "award", "--badge", "cosmonaut", "--to", "ada@example.org"]);

    assert_eq!(given["state"], "issued");
    let id = given["id"].as_str().unwrap();
    assert_eq!(service.get(&format!("/awards/{id}/credential.json")).status, 200);
    assert!(problem(&unknown).contains("there is no badge cosmonaut"));
}

#[test]
fn settings_with_which_no_service_works_are_named_before_it_starts() {
    let service = Service::start();
    let check = |settings: &[(&str, &str)]| {
        let mut command = harness::program();
        command.args(["--json", "serve", "--check"]).envs(service.environment().iter().cloned());
        command.envs(settings.iter().copied()).output().unwrap()
    };
    let mail = ("BADGES_SMTP_URL", "smtps://badges@mail.example");

    for (settings, says) in [
        (vec![("BADGES_READERS", "0")], "readers: must be"),
        (vec![("BADGES_SMTP_URL", "mail.example")], "smtp.url: must be"),
        (
            vec![mail, ("BADGES_SMTP_PASSWORD_FILE", "/dev/zero")],
            "smtp.password_file: /dev/zero cannot be read (it is longer",
        ),
        (vec![mail, ("BADGES_SMTP_AUTHORITY_FILE", "/dev/zero")], "smtp.authority_file: /dev/zero"),
    ] {
        let said = problem(&check(&settings));
        assert!(said.contains(says), "{said}");
    }
    let ready = record(&check(&[("BADGES_PUBLIC_ULR", "https://badges.example")]));
    assert!(ready["look_at"][0].as_str().unwrap().contains("did you mean BADGES_PUBLIC_URL?"), "{ready}");
}
