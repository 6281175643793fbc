//! `badges serve --demo` on a machine where a port is taken.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::Path,
    process::Stdio,
};

use serde_json::Value;

use crate::harness::{program, try_call};

/// Starts it on a port that nobody has; what it says, and what the first of its links answers.
fn begun(folder: &Path) -> (String, Value, u16) {
    let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut command = program();
    command.args(["--json", "serve", "--demo"]).env("BADGES_LISTEN", &listen).current_dir(folder);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("it does not start: {line:?}"));
    let link = said["guests"][0]["link"].as_str().unwrap();
    let status = try_call(link, "GET", &[], None).map_or(0, |answer| answer.status);
    child.kill().unwrap();
    child.wait().unwrap();
    (listen, said, status)
}

#[test]
fn a_demonstration_goes_on_at_another_port() {
    let folder = std::env::temp_dir().join(format!("badges-demonstration-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();

    for _ in 0..2 {
        let (listen, said, status) = begun(&folder);
        let link = said["guests"][0]["link"].as_str().unwrap();
        assert!(link.starts_with(&format!("http://{listen}/")) && status == 200, "{listen}: {status} {said}");
    }
    fs::remove_dir_all(folder).unwrap();
}
