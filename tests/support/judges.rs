//! Programs that others wrote and that judge what the service gives out: one question a line, one answer a line.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

/// Whether a judge that cannot be asked is a failure.
pub(crate) fn required() -> bool {
    std::env::var("BADGES_JUDGES").is_ok_and(|wanted| wanted == "required")
}

/// Asks the script of a folder of tests/service, in the environment that its `install` made; none, with a notice,
/// where that is absent or judges are turned off.
pub(crate) fn ask(folder: &str, environment: &str, questions: &[Value]) -> Option<Vec<Value>> {
    let wanted = std::env::var("BADGES_JUDGES").unwrap_or_default();
    let python = Path::new(env!("CARGO_TARGET_TMPDIR")).join("..").join(environment).join("bin/python");
    if wanted == "off" || !python.exists() {
        assert!(!required(), "not installed; tests/service/{folder}/install does it");
        eprintln!("notice: {environment}: SKIPPED, turned off or not installed");
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../tests/service/{folder}/judge.py"));
    let mut process = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines: String = questions.iter().map(|question| format!("{question}\n")).collect();
    process.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    let answers: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), questions.len(), "{environment} answers each line");
    Some(answers)
}
