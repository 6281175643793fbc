//! Ours beside its limit, timed in turn in one process.
//!
//! `cargo bench -p badges-core --all-features [NAME]` prints the table. `list` and `run NAME TIMES` are for
//! `benches/count`, which counts instructions instead; `judge FILE` and `nothing` are whole processes to measure;
//! `unhashed` prints a badge for `benches/peers`.
#![expect(clippy::unwrap_used, reason = "what fails here fails the bench")]

#[path = "support/credentials.rs"]
mod credentials;
#[path = "support/hostile.rs"]
mod hostile;
#[path = "support/operations.rs"]
mod operations;
#[path = "support/pairs.rs"]
mod pairs;
#[path = "support/rs256.rs"]
mod rs256;
#[path = "support/whole.rs"]
mod whole;
#[path = "support/workload.rs"]
mod workload;

use operations::Operation;
use workload::Workload;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    // These are measured as processes, so they make no workload.
    match arguments.as_slice() {
        ["nothing"] => return println!("{}", whole::peak_kib()),
        ["judge", file] => return whole::judge_file(file),
        _ => {}
    }
    let work = Workload::open();
    let mut operations = credentials::operations(&work);
    operations.extend(rs256::operations(&work));
    operations.extend(operations::operations(&work));
    match arguments.as_slice() {
        ["list"] => operations.iter().for_each(|operation| println!("{}", operation.name)),
        ["unhashed"] => print!("{}", work.unhashed()),
        ["run", name, times] => {
            let operation = operations.iter().find(|operation| operation.name == *name).unwrap();
            (0..times.parse().unwrap()).for_each(|_: u32| (operation.ours)());
        }
        names => {
            operations.extend(whole::operations(&work));
            let name = names.first().copied().unwrap_or_default();
            report(&operations, name);
            if "hostile".contains(name) {
                whole::report_hostile(&work);
            }
        }
    }
}

fn report(operations: &[Operation<'_>], name: &str) {
    println!("| operation | ours, µs | limit, µs | ratio | goal | limit |");
    println!("|---|---:|---:|---:|---:|---|");
    for Operation { name, goal, limit_name, ours, limit } in
        operations.iter().filter(|operation| operation.name.contains(name))
    {
        let pair = pairs::measure(ours, limit);
        let (ours, limit, ratio) = (pair.ours / 1e3, pair.limit / 1e3, pair.ratio);
        let goal = goal
            .map_or_else(String::new, |goal| format!("{goal}{}", if ratio > goal { ", missed" } else { "" }));
        println!("| {name} | {ours:.2} | {limit:.2} | {ratio:.2} | {goal} | {limit_name} |");
    }
}
