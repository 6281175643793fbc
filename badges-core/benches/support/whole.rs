//! Whole processes and whole folders: a thousand files, a cold start, documents made to be slow.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use badges_core::{
    did::MemoryDocuments,
    issue::{ProofKind, sign_text},
    jsonld::Contexts,
    verify::{Options, inspect},
};

use crate::{
    credentials::{judge, raw_verify},
    hostile,
    operations::Operation,
    pairs,
    workload::Workload,
};

const FILES: usize = 1000;

/// What is timed as a whole and not counted in instructions.
pub(crate) fn operations(work: &Workload) -> [Operation<'_>; 2] {
    [thousand_files(work), cold_start(work)]
}

fn thousand_files(work: &Workload) -> Operation<'_> {
    let folder = scratch().join("thousand");
    fs::create_dir_all(&folder).unwrap();
    let files: Vec<_> = (0..FILES).map(|number| folder.join(format!("{number}.json"))).collect();
    for (number, file) in files.iter().enumerate() {
        let badge = work.unsigned.replacen("urn:uuid:", &format!("urn:uuid:{number:04}"), 1);
        let signed = sign_text(&badge, ProofKind::Rdfc, work.now, &work.signer, &work.contexts).unwrap();
        fs::write(file, signed).unwrap();
    }
    let raw = raw_verify(64);
    let again = files.clone();
    Operation {
        name: "verify-1000-files",
        goal: Some(2.0),
        limit_name: "read each, decode key, verify_strict",
        ours: Box::new(move || files.iter().for_each(|file| judge(work, &fs::read_to_string(file).unwrap()))),
        limit: Box::new(move || {
            again.iter().for_each(|file| {
                assert!(!fs::read_to_string(file).unwrap().is_empty());
                raw();
            });
        }),
    }
}

/// A process that judges one badge, beside one that does nothing; the goal is 3 ms for the first.
fn cold_start(work: &Workload) -> Operation<'_> {
    let file = scratch().join("one.json");
    fs::write(&file, work.signed(ProofKind::Rdfc)).unwrap();
    Operation {
        name: "cold-start",
        goal: None,
        limit_name: "a process that does nothing",
        ours: Box::new(move || drop(run(&["judge", file.to_str().unwrap()]))),
        limit: Box::new(|| drop(run(&["nothing"]))),
    }
}

/// Judges a file and prints the verdict and the most memory that the process had, in KiB.
pub(crate) fn judge_file(file: &str) {
    let (contexts, documents) = (Contexts::new(), MemoryDocuments::new());
    let now = "2026-11-21T00:00:00Z".parse().unwrap();
    let report = inspect(&fs::read(file).unwrap(), &Options::new(now, &contexts, &documents));
    println!("{} {} {}", peak_kib(), report.verdict.as_str(), report.code.as_str());
}

/// The most memory that this process had, in KiB; nothing where the system does not tell.
pub(crate) fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

/// Prints what the worst documents cost: goals are 20 ms and 16 MiB.
pub(crate) fn report_hostile(work: &Workload) {
    println!("\n| hostile document | KiB | ms | MiB | verdict |\n|---|---:|---:|---:|---|");
    let idle = run(&["nothing"]).trim().parse::<u64>().unwrap();
    for (name, text) in hostile::documents(&work.contexts) {
        let file = scratch().join("hostile.json");
        fs::write(&file, &text).unwrap();
        let documents = MemoryDocuments::new();
        let options = Options::new(work.now, &work.contexts, &documents);
        let best = pairs::best(5, &|| drop(inspect(text.as_bytes(), &options)));
        let answer = run(&["judge", file.to_str().unwrap()]);
        let (peak, verdict) = answer.trim().split_once(' ').unwrap();
        let memory = peak.parse::<u64>().unwrap().saturating_sub(idle) as f64 / 1024.0;
        println!("| {name} | {} | {:.2} | {memory:.1} | {verdict} |", text.len() / 1024, best / 1e6);
    }
}

fn run(arguments: &[&str]) -> String {
    let program = std::env::current_exe().unwrap();
    String::from_utf8(Command::new(program).args(arguments).output().unwrap().stdout).unwrap()
}

fn scratch() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).to_owned()
}
