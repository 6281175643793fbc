//! RFC 8785: the canonical form of JSON.

use badges_core::json::{Limits, Profile, canonical, number_text, read};

use crate::vectors::Suite;

const ANY: Limits = Limits { bytes: 1 << 20, depth: 64, profile: Profile::Any };

#[test]
fn texts_are_canonical_byte_for_byte() {
    let Some(mut suite) = Suite::open("jcs", "jcs") else { return };

    for case in ["arrays", "french", "structures", "unicode", "values", "weird"] {
        let input = suite.read(format!("input/{case}.json"));
        let expected = suite.text(format!("output/{case}.json"));
        let actual = canonical(&read(&input, &ANY).unwrap());
        let same = actual == expected.trim_end_matches('\n');
        suite.check(case, same.then_some(()).ok_or(actual));
    }
    suite.finish();
}

#[test]
fn numbers_are_written_as_ecmascript_does() {
    let Some(mut suite) = Suite::open("jcs-numbers", "jcs") else { return };

    let lines = suite.text("es6-numbers.csv");
    let wrong: Vec<_> = lines
        .lines()
        .filter(|line| {
            let (bits, text) = line.split_once(',').unwrap();
            let number = f64::from_bits(u64::from_str_radix(bits, 16).unwrap());
            number_text(number).as_deref() != Some(text)
        })
        .collect();
    let count = lines.lines().count();
    suite.check(&format!("{count} numbers"), wrong.is_empty().then_some(()).ok_or(format!("{wrong:?}")));
    suite.finish();
}
