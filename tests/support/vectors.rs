//! Other people's test data, read where it lies beside the project.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

/// One suite of cases; every case is checked by name, and [`Suite::finish`] judges the whole.
pub struct Suite {
    name: String,
    pub folder: PathBuf,
    exceptions: BTreeMap<String, String>,
    ran: BTreeSet<String>,
    excepted: usize,
    failures: Vec<String>,
}

impl Suite {
    /// Opens `../shared/vectors/{folder}` under the name by which `specs/exceptions.toml` knows the suite;
    /// none, with a notice, where the data is absent.
    pub fn open(name: &str, folder: &str) -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = root.join("../shared/vectors").join(folder);
        if !path.is_dir() {
            say(&format!("vectors: {name}: SKIPPED, there is no folder ../shared/vectors/{folder}"));
            return None;
        }
        let exceptions = fs::read_to_string(root.join("specs/exceptions.toml")).unwrap();
        let mut exceptions: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(&exceptions).unwrap();
        Some(Self {
            name: name.to_owned(),
            folder: path,
            exceptions: exceptions.remove(name).unwrap_or_default(),
            ran: BTreeSet::new(),
            excepted: 0,
            failures: Vec::new(),
        })
    }

    pub fn read(&self, file: impl AsRef<Path>) -> Vec<u8> {
        let path = self.folder.join(file);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub fn text(&self, file: impl AsRef<Path>) -> String {
        String::from_utf8(self.read(file)).unwrap()
    }

    pub fn json(&self, file: impl AsRef<Path>) -> serde_json::Value {
        serde_json::from_slice(&self.read(file)).unwrap()
    }

    /// Takes the outcome of one case: `Err` says how the answer differs from the suite's.
    pub fn check(&mut self, case: &str, outcome: Result<(), String>) {
        assert!(self.ran.insert(case.to_owned()), "{}: {case} ran twice", self.name);
        match (outcome, self.exceptions.contains_key(case)) {
            (Ok(()), false) => {}
            (Err(_), true) => self.excepted += 1,
            (Ok(()), true) => self.failures.push(format!("{case}: succeeds, so strike its exception")),
            (Err(reason), false) => self.failures.push(format!("{case}: {reason}")),
        }
    }

    /// Prints how many cases ran, and fails if one answered otherwise than it must.
    pub fn finish(self) {
        let stale = self.exceptions.keys().filter(|case| !self.ran.contains(*case));
        let failures: Vec<_> = self
            .failures
            .into_iter()
            .chain(stale.map(|case| format!("{case}: excepted, but there is no such case")))
            .collect();
        say(&format!("vectors: {}: {} ran, {} of them excepted", self.name, self.ran.len(), self.excepted));
        assert!(failures.is_empty(), "{}: {} failed\n{}", self.name, failures.len(), failures.join("\n"));
        assert!(!self.ran.is_empty(), "{}: no case ran", self.name);
    }
}

/// Writes past the capture of the test runner, so that the counts are seen when all passes.
pub fn say(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}
