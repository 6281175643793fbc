//! `specs/` says what the code does.

use std::collections::BTreeMap;

use badges_core::verify::{Code, Verdict};

#[test]
fn every_code_stands_in_the_specification_with_its_verdict() {
    let text = include_str!("../specs/verdict.md");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let written: BTreeMap<_, _> =
        rows.filter_map(|(code, rest)| Some((code, rest.split_once(" |")?.0))).collect();

    let own = Code::ALL.iter().filter(|code| **code != Code::Valid).map(|code| {
        let verdict = code.verdict();
        (code.as_str(), if verdict == Verdict::Valid { "finding" } else { verdict.as_str() })
    });

    assert_eq!(written, own.collect());
}
