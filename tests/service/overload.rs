//! More than there is room for: refused at once with the time to come back, and over as soon as its cause is.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::json;

use crate::harness::{self, Service};

const HOLD: &str = "import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute('BEGIN IMMEDIATE')
print('held', flush=True)
sys.stdin.read()";

/// Another program that keeps the service from writing, until it is dropped.
struct Held(Child);

impl Held {
    fn writer(service: &Service) -> Self {
        let mut command = match service.postgresql() {
            Some(url) => {
                let mut psql = Command::new("psql");
                psql.args([&url, "-q"]);
                psql
            }
            None => {
                let mut python = Command::new("python3");
                python.args(["-c", HOLD]).arg(service.folder().join("data/badges.db"));
                python
            }
        };
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        if service.postgresql().is_some() {
            let input = child.stdin.as_mut().unwrap();
            input.write_all(b"BEGIN;\nLOCK TABLE awards IN EXCLUSIVE MODE;\n\\echo held\n").unwrap();
        }
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "held");
        Self(child)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        self.0.wait().ok();
    }
}

#[test]
fn writes_beyond_those_that_may_wait_are_refused_and_soon_taken_again() {
    let service = Service::start_with(&[("BADGES_WAITING_WRITES", "4")]);
    let badge = service.badge("astronaut", &json!({}));
    service.award(&badge, "first@example.org");
    let (base, bearer) = (service.base.clone(), format!("Bearer {}", service.owner()));
    let ask = |email: String| {
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let body = json!({"badge": badge, "email": email}).to_string().into_bytes();
        harness::call(&format!("{base}/api/v1/awards"), "POST", &headers, Some(body))
    };

    let held = Held::writer(&service);
    let answers: Vec<_> = thread::scope(|scope| {
        let (ask, clients) = (&ask, 0..24);
        let clients: Vec<_> =
            clients.map(|n| scope.spawn(move || ask(format!("client-{n}@example.org")))).collect();
        // Reading goes on.
        thread::sleep(Duration::from_millis(300));
        service.get(&format!("/badges/{badge}")).expect(200);
        assert_eq!(service.get("/healthz").status, 200);
        drop(held);
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 503).collect();
    let taken = answers.iter().filter(|answer| answer.status == 201).count();

    assert_eq!(taken + refused.len(), answers.len());
    assert!(!refused.is_empty() && taken > 0, "{taken} of {} were taken", answers.len());
    assert!(refused.iter().all(|answer| answer.header("Retry-After") == "1"));
    // It is over as soon as the writer is free.
    assert_eq!(ask("after@example.org".to_owned()).status, 201);
    let stored = service.get_as(&service.owner(), &format!("/api/v1/awards?badge={badge}&limit=100"));
    assert_eq!(stored.expect(200).json()["items"].as_array().unwrap().len(), taken + 2);
}

#[test]
fn requests_beyond_those_that_may_be_under_way_are_sent_away_but_for_health() {
    let service = Service::start_with(&[("BADGES_REQUESTS", "2"), ("BADGES_WORKERS", "1")]);
    let address = service.base.trim_start_matches("http://").to_owned();
    // Two requests whose bodies never come are under way.
    let slow: Vec<_> = (0..2)
        .map(|_| {
            let mut stream = TcpStream::connect(&address).unwrap();
            let head = "POST /api/v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                        Content-Length: 10\r\n\r\n";
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    let refused = (0..100).find_map(|_| {
        thread::sleep(Duration::from_millis(20));
        Some(service.get("/badges")).filter(|answer| answer.status == 503)
    });

    let refused = refused.expect("there is no room");
    assert_eq!((refused.header("Retry-After"), refused.json()["code"].as_str()), ("1", Some("busy")));
    service.get("/healthz").expect(200);
    service.get("/readyz").expect(200);

    drop(slow);
    let again = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(20));
        service.get("/badges").status == 200
    });
    assert!(again, "there is room again");
}

#[test]
fn who_is_too_slow_is_told_so() {
    let service = Service::start_with(&[("BADGES_PATIENCE", "1")]);
    let bearer = format!("Authorization: Bearer {}\r\n", service.owner());
    let badge = service.badge("astronaut", &serde_json::json!({}));
    let starts = [
        "GET /badges HTTP/1.1\r\nHost: x\r\n".to_owned(),
        format!(
            "POST /api/v1/awards HTTP/1.1\r\nHost: x\r\n{bearer}Content-Type: application/json\r\n\
             Content-Length: 10\r\n\r\n{{"
        ),
        format!(
            "POST /api/v1/batches?badge={badge} HTTP/1.1\r\nHost: x\r\n{bearer}Content-Type: text/csv\r\n\
             Content-Length: 1000\r\n\r\nemail\n"
        ),
    ];

    for start in starts {
        let mut stream = TcpStream::connect(service.base.trim_start_matches("http://")).unwrap();
        stream.write_all(start.as_bytes()).unwrap();
        let mut answer = vec![0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(String::from_utf8(answer).unwrap(), "HTTP/1.1 408", "{start}");
    }
}
