//! Requests as spans at a collector of OpenTelemetry: what they say, what they do not, and who waits for it.

use std::{
    fs,
    io::Write as _,
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use serde_json::{Value, json};

use crate::{
    certificates,
    harness::{self, Service},
    judges, wire,
};

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// A collector that keeps what it is sent.
struct Collector {
    address: String,
    taken: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Collector {
    /// One that answers each request with the next of these, and with 200 after them; 0 is no answer at all.
    fn start(answers: Vec<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let taken = Arc::new(Mutex::new(Vec::new()));
        let (shared, mut answers) = (Arc::clone(&taken), answers.into_iter());
        thread::spawn(move || {
            let mut held = Vec::new();
            for mut stream in listener.incoming().flatten() {
                let status = answers.next().unwrap_or(200);
                if status == 0 {
                    held.push(stream);
                    continue;
                }
                let Some(request) = request(&mut stream) else { continue };
                if status == 200 {
                    shared.lock().unwrap().push(request);
                }
                let head = "Content-Type: application/json\r\nConnection: close\r\nContent-Length: 2";
                stream.write_all(format!("HTTP/1.1 {status} It\r\n{head}\r\n\r\n{{}}").as_bytes()).ok();
            }
        });
        Self { address, taken }
    }

    fn taken(&self) -> Vec<(String, Value)> {
        self.taken.lock().unwrap().clone()
    }

    /// All spans, by name.
    fn spans(&self) -> Vec<Value> {
        let taken = self.taken();
        let scopes = taken.iter().map(|(_, body)| &body["resourceSpans"][0]["scopeSpans"][0]["spans"]);
        scopes.flat_map(|spans| spans.as_array().unwrap().clone()).collect()
    }

    fn span(&self, name: &str) -> Value {
        let found = self.spans().into_iter().find(|span| span["name"] == name);
        found.unwrap_or_else(|| panic!("{name} is not in {:?}", self.spans()))
    }
}

/// A request line with what it carries.
fn request(stream: &mut TcpStream) -> Option<(String, Value)> {
    let (head, body) = wire::request(stream)?;
    assert!(head.to_lowercase().contains("content-type: application/json"), "{head}");
    Some((head.lines().next()?.to_owned(), serde_json::from_str(&body).unwrap()))
}

fn attribute<'a>(span: &'a Value, name: &str) -> &'a Value {
    let found = span["attributes"].as_array().unwrap().iter().find(|one| one["key"] == name);
    found.map_or(&Value::Null, |one| one["value"].as_object().unwrap().values().next().unwrap())
}

#[test]
fn a_request_is_told_of_without_who_asked_for_what() {
    let collector = Collector::start(Vec::new());
    let mut service = Service::start_with(&[
        ("BADGES_TRACES_ENDPOINT", &collector.address),
        ("BADGES_TRACES_SERVICE", "our badges"),
    ]);
    let badge = service.badge("astronaut", &json!({}));
    let award = service.award(&badge, "ada@example.org")["id"].as_str().unwrap().to_owned();
    let path = format!("/awards/{award}?who=canary@example.org");
    let headers = [("traceparent", PARENT), ("User-Agent", "canary"), ("Cookie", "badges_session=canary")];
    service.call("GET", &path, &headers, None).expect(200);
    service.call("GET", "/no/such/canary", &[], None).expect(404);
    service.call("CANARY", "/badges", &[], None);
    service.get("/healthz").expect(200);

    // Who is told to stop sends what waits.
    service.restart();

    let (line, body) = collector.taken()[0].clone();
    assert_eq!(line, "POST /v1/traces HTTP/1.1");
    assert_eq!(attribute(&body["resourceSpans"][0]["resource"], "service.name"), "our badges");
    let span = collector.span("GET /awards/{award}");
    assert_eq!((&span["traceId"], &span["parentSpanId"]), (&json!(&PARENT[3..35]), &json!(&PARENT[36..52])));
    assert_eq!(attribute(&span, "http.request.method"), "GET");
    assert_eq!(attribute(&span, "http.route"), "/awards/{award}");
    assert_eq!(attribute(&span, "http.response.status_code"), "200");
    assert_eq!((&span["kind"], &span["status"]), (&json!(2), &json!({})));
    let start = harness::NOON.microseconds().to_string() + "000";
    assert_eq!(span["startTimeUnixNano"], start.as_str());
    // What no route answers has no name of its own.
    assert_eq!(attribute(&collector.span("GET"), "http.response.status_code"), "404");
    assert_eq!(attribute(&collector.span("HTTP /badges"), "http.request.method"), "_OTHER");
    assert!(collector.spans().iter().all(|span| span["name"] != "GET /healthz"));
    let all = format!("{:?}", collector.taken());
    for secret in ["canary", "ada@", award.as_str(), badge.as_str(), service.organisation.as_str()] {
        assert!(!all.contains(secret), "{secret} is in {all}");
    }
    judge(&collector.taken());
}

#[test]
fn a_collector_that_fails_is_tried_again_and_then_given_up() {
    let collector = Collector::start(vec![503, 200, 400]);
    let service = Service::start_with(&[("BADGES_TRACES_ENDPOINT", &collector.address)]);
    let number = |name: &str| {
        let text = service.get(&format!("{}/ops/metrics", service.administration)).expect(200).text();
        let line = text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap().to_owned();
        line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()
    };
    let wait = |name: &str| {
        let found = (0..400).map(|_| number(name)).find(|count| {
            thread::sleep(std::time::Duration::from_millis(50));
            *count > 0
        });
        found.expect(name)
    };

    service.get("/badges").expect(200);
    assert!(wait("badges_spans_sent_total") >= 1);
    assert_eq!(number("badges_spans_dropped_total"), 0);
    service.get("/badges").expect(200);
    assert!(wait("badges_spans_dropped_total") >= 1);
}

#[test]
fn a_collector_that_hangs_holds_nobody_up() {
    let collector = Collector::start(vec![0; 100]);
    let mut service = Service::start_with(&[("BADGES_TRACES_ENDPOINT", &collector.address)]);

    for _ in 0..50 {
        service.get("/badges").expect(200);
    }
    service.restart();

    assert_eq!(collector.taken().len(), 0);
    service.get("/badges").expect(200);
}

#[test]
fn a_share_of_requests_is_traced() {
    let collector = Collector::start(Vec::new());
    let (asked, proxy) = ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "127.0.0.1");
    let traced = |settings: &[(&str, &str)]| {
        let endpoint = [("BADGES_TRACES_ENDPOINT", collector.address.as_str())];
        let settings: Vec<_> = endpoint.iter().chain(settings).copied().collect();
        let mut service = Service::start_with(&settings);
        let before = collector.spans().len();
        service.call("GET", "/badges", &[("traceparent", asked)], None).expect(200);
        service.restart();
        collector.spans().len() - before
    };

    assert_eq!(traced(&[("BADGES_TRACES_RATIO", "0.0")]), 0);
    // The proxy before the service has decided; a stranger may not.
    assert_eq!(
        traced(&[("BADGES_TRACES_RATIO", "0.0"), ("BADGES_TRUSTED_PROXIES", &format!("[\"{proxy}\"]"))]),
        1
    );
}

#[test]
fn a_collector_with_an_authority_of_ones_own_is_believed_by_that_alone() {
    let collector = Collector::start(Vec::new());
    let folder = std::env::temp_dir().join(format!("badges-collector-{}", std::process::id()));
    certificates::certify(&folder, &["localhost"]);
    let behind = collector.address.strip_prefix("http://").unwrap().parse().unwrap();
    let endpoint = format!("https://localhost:{}", certificates::front(&folder, behind));
    let authority = folder.join("authority.pem").display().to_string();
    let traced = |authority: &str| {
        let before = collector.spans().len();
        let mut service = Service::start_with(&[
            ("BADGES_TRACES_ENDPOINT", &endpoint),
            ("BADGES_TRACES_AUTHORITY_FILE", authority),
        ]);
        service.get("/badges").expect(200);
        service.restart();
        collector.spans().len() - before
    };

    assert_eq!((traced(&authority), traced("")), (1, 0));
    fs::remove_dir_all(folder).unwrap();
}

/// Asks OpenTelemetry's own classes, where `tests/service/traces/install` put them.
fn judge(taken: &[(String, Value)]) {
    let questions: Vec<_> = taken.iter().map(|(_, body)| body.clone()).collect();
    let Some(answers) = judges::ask("traces", "otlp", &questions) else { return };
    for answer in answers {
        assert_eq!(
            (&answer["whole"], &answer["unknown"], &answer["schemas"]),
            (&json!(true), &json!([]), &json!([]))
        );
        for span in answer["spans"].as_array().unwrap() {
            assert_eq!((&span[1], &span[2]), (&json!(16), &json!(8)), "{span}");
        }
    }
}
