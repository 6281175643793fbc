//! Programs that others wrote, asked over standard input: one request a line, one answer a line.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use serde_json::Value;

/// A judge; [`Judge::open`] finds it where `tests/interop/install` put it.
pub struct Judge {
    program: PathBuf,
    script: PathBuf,
    vectors: PathBuf,
}

impl Judge {
    /// The judge in a script of this folder; none, with a notice, where it is not installed.
    ///
    /// # Panics
    /// If it is absent and `BADGES_JUDGES=required`.
    pub fn open(script: &str) -> Option<Self> {
        let wanted = std::env::var("BADGES_JUDGES").unwrap_or_default();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let installed = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../interop");
        let vectors = root.join("../shared/vectors");
        let python = script.ends_with(".py");
        let ready = if python { installed.join("python/bin/python") } else { installed.join("node_modules") };
        let reason = match () {
            () if wanted == "off" => "turned off",
            () if !vectors.is_dir() => "there is no folder ../shared/vectors",
            () if !ready.exists() => "not installed; tests/interop/install does it",
            () => "",
        };
        if !reason.is_empty() {
            assert_ne!(wanted, "required", "{script}: {reason}");
            say(&format!("judges: {script}: SKIPPED, {reason}"));
            return None;
        }
        let source = root.join("tests/interop").join(script);
        if python {
            return Some(Self { program: ready, script: source, vectors });
        }
        // Node looks for packages in the folders above the script.
        for file in ["documents.mjs", script] {
            fs::copy(root.join("tests/interop").join(file), installed.join(file)).unwrap();
        }
        Some(Self { program: "node".into(), script: installed.join(script), vectors })
    }

    /// Asks all questions at once; the answers have their order.
    pub fn ask(&self, questions: &[Value]) -> Vec<Value> {
        let mut process = Command::new(&self.program)
            .arg(&self.script)
            .env("BADGES_CONTEXTS", self.vectors.join("contexts"))
            .env("BADGES_SCHEMAS", self.vectors.join("1edtech-ob30-spec/schema-published-2026-07-04"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = process.stdin.take().unwrap();
        let lines: String = questions.iter().map(|question| format!("{question}\n")).collect();
        let writer = thread::spawn(move || input.write_all(lines.as_bytes()));
        let output = process.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        assert!(output.status.success(), "{} ended with {}", self.script.display(), output.status);
        let answers: Vec<Value> = String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .filter(|line| line.starts_with(['{', '[']))
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(answers.len(), questions.len(), "{} answers each line", self.script.display());
        answers
    }

    /// A file of the vectors beside the project.
    pub fn vector(&self, file: &str) -> Vec<u8> {
        fs::read(self.vectors.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }
}

/// Writes past the capture of the test runner, so that the counts are seen when all passes.
pub fn say(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}
