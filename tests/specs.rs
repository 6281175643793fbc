//! `specs/` says what the code does.

#[path = "tidy/source.rs"]
#[expect(dead_code, reason = "only the files are looked at")]
mod source;

use std::collections::{BTreeMap, BTreeSet};

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

#[test]
fn every_action_that_is_noted_stands_in_the_audit_specification() {
    let text = include_str!("../specs/audit.md");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let written: BTreeSet<&str> = rows.map(|(action, _)| action).collect();

    let files = source::rust_files("badges-server/src");
    let noting = files.iter().filter(|file| {
        ["trail.note(", "-> Event"].iter().any(|sign| file.without_tests().contains(sign))
            && !["accounts/audit/", "/gallery", "/views", "/web/"].iter().any(|part| file.name.contains(part))
    });
    let mut noted = BTreeSet::new();
    for file in noting {
        for line in file.without_tests().lines() {
            let names =
                ["trail.note(", "event(", "note(trail", "action: "].iter().any(|sign| line.contains(sign));
            for word in line.split('"').skip(1).step_by(2).filter(|word| is_word(word)) {
                if names || written.contains(word) {
                    noted.insert(word.to_owned());
                }
            }
        }
    }
    assert_eq!(noted.iter().map(String::as_str).collect::<BTreeSet<_>>(), written);
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}
