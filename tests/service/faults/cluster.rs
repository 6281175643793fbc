//! A PostgreSQL of its own, for what would disturb other tests.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::soon;

/// The server, which can be killed; it ends with its value.
pub(super) struct Cluster {
    script: Child,
    pub(super) url: String,
    pub(super) data: PathBuf,
}

impl Cluster {
    /// None, with a notice, where PostgreSQL is not what is tried.
    pub(super) fn start(what: &str) -> Option<Self> {
        if std::env::var_os("BADGES_TEST_POSTGRESQL").is_none() {
            println!("notice: {what} is tried on PostgreSQL");
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
    pub(super) fn kill(&self, all: bool) {
        let file = fs::read_to_string(self.data.join("postmaster.pid")).unwrap();
        let first = file.lines().next().unwrap().trim().to_owned();
        let mut those = vec![first.clone()];
        if all {
            those.extend(children(&first));
        }
        Command::new("kill").arg("-9").args(&those).stderr(Stdio::null()).status().unwrap();
    }

    /// Starts it again on its data; the last of the killed processes may take a moment to end.
    pub(super) fn start_again(&self) -> bool {
        let start = self.data.with_file_name("start");
        soon(|| {
            let mut command = Command::new(&start);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.status().unwrap().success()
        })
    }

    pub(super) fn sql(&self, database: &str, statement: &str) {
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
