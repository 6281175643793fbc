//! What the operator sees: life, readiness, numbers, one line of the log for each request.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use badges_server::config::Config;
use serde_json::{Value, json};

use crate::harness::{self, Service};

/// A server in a process of its own, whose log is read.
struct Process {
    child: Child,
    base: String,
}

impl Process {
    fn start(service: &Service, settings: &[(&str, &str)]) -> Self {
        let mut child = harness::program()
            .args(["--json", "serve"])
            .envs(service.environment().iter().cloned())
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        Self { child, base: format!("http://{}", said["listen"].as_str().unwrap()) }
    }

    /// SIGTERM, as systemd sends it.
    fn terminate(&self) {
        let done = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(done.success());
    }

    /// Waits for its end; gives its log.
    fn log(mut self) -> String {
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert!(self.child.wait().unwrap().success(), "{log}");
        log
    }
}

#[test]
fn the_settings_are_printed_as_a_file_that_can_be_read() {
    let printed = harness::program().args(["serve", "--settings"]).output().unwrap();
    let file = std::env::temp_dir().join(format!("badges-settings-{}.toml", std::process::id()));
    std::fs::write(&file, printed.stdout).unwrap();

    let read = Config::read(Some(&file), |_| None);

    std::fs::remove_file(&file).unwrap();
    assert_eq!(
        serde_json::to_value(read.unwrap()).unwrap(),
        serde_json::to_value(Config::read(None, |_| None).unwrap()).unwrap()
    );
}

#[test]
fn life_and_readiness_are_told_to_whoever_asks() {
    let service = Service::start();

    for base in [&service.base, &service.administration] {
        assert_eq!(service.get(&format!("{base}/healthz")).expect(200).text(), "alive\n");
        let ready = service.get(&format!("{base}/readyz")).expect(200);
        assert_eq!((ready.text().as_str(), ready.header("Cache-Control")), ("ready\n", "no-store"));
    }
}

#[test]
fn the_numbers_are_the_operators_alone_and_name_nobody() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let award = service.award(&badge, "ada@example.org")["id"].as_str().unwrap().to_owned();
    service.get(&format!("/awards/{award}?utm=ada@example.org")).expect(200);
    service.get("/no/such/page").expect(404);

    service.get("/ops/metrics").expect(404);
    let text = service.get(&format!("{}/ops/metrics", service.administration)).expect(200).text();

    for line in [
        "badges_awards_total 1",
        "badges_signed_total 1",
        r#"badges_requests_total{method="GET",route="/awards/{award}",status="2xx"} 1"#,
        r#"badges_requests_total{method="POST",route="/api/v1/awards",status="2xx"} 1"#,
        r#"badges_requests_total{method="GET",route="other",status="4xx"} 2"#,
        r#"badges_outbox_messages{state="dead"} 0"#,
        "badges_writes_waiting 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    assert!(text.contains("badges_commit_seconds_count") && text.contains("process_resident_memory_bytes"));
    for secret in ["ada", &award, &badge] {
        assert!(!text.contains(secret), "{secret} is in\n{text}");
    }
}

#[test]
fn the_log_has_a_line_for_each_request_and_nothing_of_who_asked() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let award = service.award(&badge, "ada@example.org")["id"].as_str().unwrap().to_owned();
    let process = Process::start(&service, &[("BADGES_LOG_LEVEL", "info"), ("BADGES_LOG_FORMAT", "json")]);

    let path = format!("{}/awards/{award}?who=canary@example.org", process.base);
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let asked = format!("00-{trace}-b7ad6b7169203331-00");
    let headers = [("Cookie", "badges_session=canary"), ("traceparent", &asked)];
    let answer = harness::call(&path, "GET", &headers, None);
    let id = answer.header("X-Request-Id").to_owned();
    process.terminate();
    let log = process.log();

    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let line = lines.map(|line| line["fields"].clone()).find(|fields| fields["id"] == id.as_str()).unwrap();
    assert_eq!(line["route"], "GET /awards/{award}");
    assert_eq!(line["status"], 200);
    assert!(line["microseconds"].is_u64());
    assert_eq!(line["trace"], trace);
    for secret in ["canary", award.as_str()] {
        assert!(!log.contains(secret), "{secret} is in\n{log}");
    }
}

#[test]
fn a_server_that_is_told_to_stop_first_says_so_and_still_answers() {
    let service = Service::start();
    let process = Process::start(&service, &[("BADGES_DRAIN", "2")]);
    let get = |path: &str| harness::call(&format!("{}{path}", process.base), "GET", &[], None);
    assert_eq!(get("/readyz").status, 200);

    process.terminate();
    let refused = (0..50).find_map(|_| {
        thread::sleep(Duration::from_millis(20));
        Some(get("/readyz")).filter(|answer| answer.status == 503)
    });

    assert_eq!(refused.expect("readiness ends").json()["code"], "draining");
    assert_eq!(get("/healthz").status, 200);
    assert_eq!(get("/badges").status, 200);
    process.log();
}
