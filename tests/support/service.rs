//! A service in this process, with a held clock and named actors; on SQLite, or on the PostgreSQL that
//! `BADGES_TEST_POSTGRESQL` names.

use std::{
    cell::RefCell,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
};

use badges_server::{
    clock::{Clock, Moment},
    config::Config,
    service::Service as Running,
};
use serde_json::{Value, json};

/// 2026-06-21 12:00:00 UTC: before the commands that a test runs, which go by the system's clock.
pub(crate) const NOON: Moment = Moment::from_microseconds(1_782_043_200_000_000);

/// A running service, alone with its database.
pub(crate) struct Service {
    pub(crate) clock: Clock,
    pub(crate) base: String,
    /// The operator's listener.
    pub(crate) administration: String,
    pub(crate) organisation: String,
    folder: PathBuf,
    environment: Vec<(String, String)>,
    owner: RefCell<String>,
    stop: Box<dyn Fn()>,
    thread: Option<thread::JoinHandle<()>>,
    database: Option<String>,
}

/// An answer over HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The answer, if it is the one that was hoped for.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self
    }
}

impl Service {
    /// Starts one whose clock stands at noon.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// With further settings, as variables of the environment.
    pub(crate) fn start_with(settings: &[(&str, &str)]) -> Self {
        Self::start_on(std::env::var("BADGES_TEST_POSTGRESQL").ok(), settings)
    }

    /// On this server of PostgreSQL, or on SQLite.
    pub(crate) fn start_on(server: Option<String>, settings: &[(&str, &str)]) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("badges_test_{}_{number}", std::process::id());
        let folder = std::env::temp_dir().join(&name);
        fs::create_dir_all(&folder).unwrap();
        let mut environment = vec![
            ("BADGES_LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
            ("BADGES_ADMINISTRATION".to_owned(), "127.0.0.1:0".to_owned()),
            ("BADGES_LOG_LEVEL".to_owned(), "error".to_owned()),
            ("BADGES_DATA".to_owned(), folder.join("data").display().to_string()),
            ("BADGES_KEY_FILE".to_owned(), folder.join("key/seal.key").display().to_string()),
        ];
        if let Some(server) = &server {
            psql(server, &format!("CREATE DATABASE {name}"));
            environment.push(("BADGES_DATABASE".to_owned(), format!("{server}/{name}")));
        }
        environment.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let init = command(
            &environment,
            &["--json", "init", "--organisation", "Hive Chicago", "--owner", "owner@example.org"],
        );
        let organisation = record(&init)["organisation"].as_str().unwrap().to_owned();
        let clock = Clock::held(NOON);
        let Started { base, administration, stop, thread } = run(&environment, &clock);
        let service = Self {
            clock,
            base,
            administration,
            organisation,
            folder,
            environment,
            owner: RefCell::new(String::new()),
            stop,
            thread: Some(thread),
            database: server,
        };
        let token = service.command(&["--json", "token", "--for", "owner@example.org", "--scope", "admin"]);
        service.owner.replace(record(&token)["token"].as_str().unwrap().to_owned());
        service
    }

    /// The command, in the same installation.
    pub(crate) fn command(&self, arguments: &[&str]) -> Output {
        command(&self.environment, arguments)
    }

    /// The settings of the installation, for a server in another process.
    pub(crate) fn environment(&self) -> &[(String, String)] {
        &self.environment
    }

    /// Where the installation's files are.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The database on PostgreSQL, if that is where the data is.
    pub(crate) fn postgresql(&self) -> Option<String> {
        let name = self.folder.file_name()?.to_str()?;
        self.database.as_ref().map(|server| format!("{server}/{name}"))
    }

    /// A token of the owner with all scopes.
    pub(crate) fn owner(&self) -> String {
        self.owner.borrow().clone()
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &[], None)
    }

    pub(crate) fn get_as(&self, token: &str, path: &str) -> Answer {
        self.call("GET", path, &[("Authorization", &format!("Bearer {token}"))], None)
    }

    pub(crate) fn post_as(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.send_as(token, "POST", path, body)
    }

    pub(crate) fn send_as(&self, token: &str, method: &str, path: &str, body: &Value) -> Answer {
        let headers =
            [("Authorization", format!("Bearer {token}")), ("Content-Type", "application/json".into())];
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.call(method, path, &headers, Some(body.to_string().into_bytes()))
    }

    /// Any request.
    pub(crate) fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Answer {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        call(&url, method, headers, body)
    }

    /// A badge of the organisation that can be awarded; gives its identifier.
    pub(crate) fn badge(&self, slug: &str, settings: &Value) -> String {
        self.badge_with(&self.organisation, slug, settings)
    }

    /// A badge of a node below the organisation.
    pub(crate) fn badge_of(&self, node: &str, slug: &str) -> String {
        self.badge_with(node, slug, &json!({}))
    }

    /// A picture for a badge.
    pub(crate) fn upload(&self, kind: &str, bytes: &[u8]) -> Answer {
        let token = format!("Bearer {}", self.owner());
        let headers = [("Authorization", token.as_str()), ("Content-Type", kind)];
        self.call("POST", "/api/v1/images", &headers, Some(bytes.to_vec()))
    }

    fn badge_with(&self, issuer: &str, slug: &str, settings: &Value) -> String {
        let owner = self.owner();
        let image = self.upload("image/png", include_bytes!("../../examples/astronaut.png"));
        let content = json!({
            "name": format!("Badge {slug}"),
            "description": "Knows how to leave the planet.",
            "criteria": {"narrative": "Build a rocket and fly it."},
            "image_caption": "An astronaut above the Earth",
        });
        let request = json!({
            "issuer": issuer,
            "slug": slug,
            "settings": settings,
            "content": content,
            "image": image.expect(201).json()["hash"],
        });
        let badge = self.post_as(&owner, "/api/v1/badges", &request).expect(201).json();
        let id = badge["id"].as_str().unwrap().to_owned();
        self.post_as(&owner, &format!("/api/v1/badges/{id}/publish"), &json!({})).expect(200);
        id
    }

    /// Awards a badge as the owner; gives what was answered for it.
    pub(crate) fn award(&self, badge: &str, email: &str) -> Value {
        let request = json!({"badge": badge, "email": email});
        self.post_as(&self.owner(), "/api/v1/awards", &request).expect(201).json()["awards"][0].take()
    }

    /// Stops it and starts it again on another database.
    pub(crate) fn restart_on(&mut self, database: &str) {
        self.environment.push(("BADGES_DATABASE".to_owned(), database.to_owned()));
        self.restart();
    }

    /// Stops it; its data stays, for servers in other processes.
    pub(crate) fn stop(&mut self) {
        (self.stop)();
        self.thread.take().unwrap().join().unwrap();
    }

    /// Stops it and starts it again on the same data.
    pub(crate) fn restart(&mut self) {
        self.stop();
        let started = run(&self.environment, &self.clock);
        (self.base, self.administration) = (started.base, started.administration);
        (self.stop, self.thread) = (started.stop, Some(started.thread));
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        (self.stop)();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
        fs::remove_dir_all(&self.folder).ok();
        if let Some(server) = &self.database {
            let name = self.folder.file_name().unwrap().to_str().unwrap();
            psql(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

/// One request; an answer of any status is an answer.
pub(crate) fn call(url: &str, method: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> Answer {
    try_call(url, method, headers, body).unwrap_or_else(|| panic!("no answer to {method} {url}"))
}

/// One request; none where no whole answer came.
pub(crate) fn try_call(
    url: &str,
    method: &str,
    headers: &[(&str, &str)],
    body: Option<Vec<u8>>,
) -> Option<Answer> {
    thread_local! {
        static AGENT: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .build()
            .into();
    }
    let agent = AGENT.with(Clone::clone);
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answered = match body {
        Some(body) => agent.run(request.body(body).unwrap()),
        None => agent.run(request.body(()).unwrap()),
    };
    let mut answer = answered.ok()?;
    let body = answer.body_mut().with_config().limit(64 << 20).read_to_vec().ok()?;
    Some(Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), body })
}

/// What a command printed with `--json`.
pub(crate) fn record(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn command(environment: &[(String, String)], arguments: &[&str]) -> Output {
    program().args(arguments).envs(environment.iter().cloned()).output().unwrap()
}

/// The command, which knows no settings but those that a test gives it.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_badges"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("BADGES_")) {
        command.env_remove(name);
    }
    command
}

struct Started {
    base: String,
    administration: String,
    stop: Box<dyn Fn()>,
    thread: thread::JoinHandle<()>,
}

fn run(environment: &[(String, String)], clock: &Clock) -> Started {
    let said = |name: &str| {
        environment.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    };
    let config = Config::read(None, said).unwrap();
    let (tell, told) = mpsc::channel();
    let clock = clock.clone();
    let thread = thread::spawn(move || {
        Running::block(config, clock, |service| {
            let administration = service.administration.map_or(String::new(), |at| format!("http://{at}"));
            tell.send((format!("http://{}", service.address), administration, service.handle())).unwrap();
        })
        .unwrap();
    });
    let (base, administration, handle) = told.recv().expect("the service starts");
    let stop = Box::new(move || {
        // The answer comes from the thread that is about to end.
        drop(handle.stop(false));
    });
    Started { base, administration, stop, thread }
}

fn psql(server: &str, sql: &str) {
    let done = Command::new("psql").args([&format!("{server}/postgres"), "-qc", sql]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
