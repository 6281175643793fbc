//! A mail server that others wrote, with a folder of what it took.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::certificates::certify;

/// aiosmtpd, in a process of its own; it ends with the test.
pub(crate) struct MailServer {
    child: Option<Child>,
    folder: PathBuf,
    options: Value,
    port: u16,
}

/// One mail, as the `email` package of Python reads it.
#[derive(Clone, Debug)]
pub(crate) struct Mail(pub(crate) Value);

impl MailServer {
    /// None, with a notice, where `tests/service/mailserver` has not installed it.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(json!({}))
    }

    /// With a certificate from an authority of its own, a user and a password.
    pub(crate) fn guarded() -> Option<Self> {
        Self::start_with(
            json!({"user": "badges@example.org", "password": "s3cret", "certificate": "", "key": ""}),
        )
    }

    fn start_with(mut options: Value) -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        if !python().exists() {
            println!("notice: delivery was not tried: run tests/service/mailserver first");
            return None;
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("badges-mail-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        if options.get("certificate").is_some() {
            certify(&folder, &["localhost", "127.0.0.1"]);
            options["certificate"] = json!(folder.join("certificate.pem"));
            options["key"] = json!(folder.join("key.pem"));
        }
        let mut server = Self { child: None, folder, options, port: 0 };
        server.up();
        Some(server)
    }

    /// Starts it again, at the same port.
    pub(crate) fn up(&mut self) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/service/mail/server.py");
        self.options["port"] = json!(self.port);
        let mut command = Command::new(python());
        command.arg(script).arg(&self.folder).arg(self.options.to_string());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        self.port = line.trim().parse().unwrap();
        self.child = Some(child);
    }

    /// Ends it; what it took stays.
    pub(crate) fn down(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().ok();
            child.wait().ok();
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// A file beside what it took.
    pub(crate) fn file(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// From now on this is answered to these addresses.
    pub(crate) fn answers(&self, answers: &Value) {
        fs::write(self.folder.join("answers.json"), answers.to_string()).unwrap();
    }

    /// Whether a mail that was taken stays without its confirmation.
    pub(crate) fn hold(&self, held: bool) {
        let file = self.folder.join("hold");
        if held { fs::write(file, "").unwrap() } else { fs::remove_file(file).unwrap() }
    }

    /// What it took, in that order.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        let mut files: Vec<_> =
            fs::read_dir(self.folder.join("mails")).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        let mail = |file: &PathBuf| Mail(serde_json::from_slice(&fs::read(file).unwrap()).unwrap());
        files.iter().map(mail).collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.down();
        fs::remove_dir_all(&self.folder).ok();
    }
}

impl Mail {
    /// All headers of a name.
    pub(crate) fn headers(&self, name: &str) -> Vec<&str> {
        let all = self.0["headers"].as_array().unwrap().iter();
        all.filter(|pair| pair[0].as_str().unwrap().eq_ignore_ascii_case(name))
            .map(|pair| pair[1].as_str().unwrap())
            .collect()
    }

    /// The only header of a name.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        match self.headers(name).as_slice() {
            [only] => only,
            other => panic!("{name}: {other:?}"),
        }
    }

    /// The name and the content of the only part of a type.
    #[track_caller]
    pub(crate) fn part(&self, kind: &str) -> (Option<&str>, Vec<u8>) {
        let all = self.0["parts"].as_array().unwrap();
        let parts: Vec<_> = all.iter().filter(|part| part["type"] == kind).collect();
        let [part] = parts.as_slice() else { panic!("{kind}: {all:?}") };
        (part["name"].as_str(), BASE64_STANDARD.decode(part["bytes"].as_str().unwrap()).unwrap())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.part("text/plain").1).unwrap().replace("\r\n", "\n")
    }

    pub(crate) fn html(&self) -> String {
        String::from_utf8(self.part("text/html").1).unwrap()
    }

    /// The first address in its text that holds this, without scheme and host.
    #[track_caller]
    pub(crate) fn link(&self, part: &str) -> String {
        let text = self.text();
        let found = text.split_whitespace().find(|word| word.starts_with("http") && word.contains(part));
        let found = found.unwrap_or_else(|| panic!("no {part} in {text}"));
        found.split_once("//").unwrap().1.split_once('/').map(|(_, path)| format!("/{path}")).unwrap()
    }
}

fn python() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    target.join("mail/bin/python")
}
