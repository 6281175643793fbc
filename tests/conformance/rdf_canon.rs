//! RDFC-1.0: the canonical form of datasets.

use std::collections::BTreeMap;

use badges_core::jsonld::{Budget, CanonicalQuads, HashAlgorithm, JsonLdError, canonicalize_nquads};
use serde_json::Value;

use crate::vectors::Suite;

#[test]
fn datasets_are_canonical_byte_for_byte() {
    let Some(mut suite) = Suite::open("rdf-canon", "w3c-rdf-canon") else { return };

    let manifest = suite.json("manifest.jsonld");
    for entry in manifest["entries"].as_array().unwrap() {
        let text = |name: &str| entry[name].as_str().unwrap_or_default();
        let outcome = judge(&suite, text("type"), entry);
        suite.check(text("id"), outcome);
    }
    suite.finish();
}

fn judge(suite: &Suite, kind: &str, entry: &Value) -> Result<(), String> {
    let algorithm = match entry["hashAlgorithm"].as_str() {
        Some("SHA384") => HashAlgorithm::Sha384,
        Some(other) => return Err(format!("an unknown hash {other}")),
        None => HashAlgorithm::Sha256,
    };
    let input = suite.text(entry["action"].as_str().unwrap());
    let actual = canonicalize_nquads(&input, algorithm, &Budget::default());
    let result = entry["result"].as_str().map(|file| suite.text(file));
    match (kind, actual, result) {
        ("rdfc:RDFC10EvalTest", Ok(CanonicalQuads { text, .. }), Some(expected)) => {
            (text == expected).then_some(()).ok_or(text)
        }
        ("rdfc:RDFC10MapTest", Ok(CanonicalQuads { labels, .. }), Some(expected)) => {
            let expected: BTreeMap<String, String> = serde_json::from_str(&expected).unwrap();
            let actual: BTreeMap<String, String> = labels.into_iter().collect();
            (actual == expected).then_some(()).ok_or(format!("{actual:?}"))
        }
        ("rdfc:RDFC10NegativeEvalTest", Err(JsonLdError::TooComplex), _) => Ok(()),
        (_, actual, _) => Err(format!("{kind}: {actual:?}")),
    }
}

#[test]
fn a_poison_graph_ends_in_an_error() {
    let Some(mut suite) = Suite::open("rdfc10-poison", "badinput/rdfc10-poison") else { return };

    for case in ["test044", "test045", "test046", "test074"] {
        let input = suite.text(format!("{case}-in.nq"));
        let actual = canonicalize_nquads(&input, HashAlgorithm::Sha256, &Budget::default());
        let outcome = match (case, actual) {
            ("test074", Err(JsonLdError::TooComplex)) => Ok(()),
            (_, Ok(actual)) if case != "test074" => {
                let expected = suite.text(format!("{case}-rdfc10.nq"));
                (actual.text == expected).then_some(()).ok_or(actual.text)
            }
            (_, actual) => Err(format!("{actual:?}")),
        };
        suite.check(case, outcome);
    }
    suite.finish();
}
