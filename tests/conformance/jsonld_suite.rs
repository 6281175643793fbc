//! The test suite of JSON-LD 1.1, for what this library does of it: the same answer, or a refusal by name.

use badges_core::{
    json::{self, Json, Limits, Profile},
    jsonld::{Budget, Contexts, HashAlgorithm, JsonLdError, canonicalize_nquads},
};
use serde_json::Value;

use crate::vectors::{Suite, say};

/// At least so many datasets must be found equal, lest the rest be refused for want of trying.
const LEAST_EQUAL: usize = 100;

const LIMITS: Limits = Limits { bytes: 1 << 20, depth: 64, profile: Profile::Any };

fn canonicalize(bytes: &[u8]) -> Result<String, String> {
    let document = json::read(bytes, &LIMITS).map_err(|error| error.to_string())?;
    Contexts::new().canonicalize_freely(&document, &Budget::default()).map_err(|error| error.to_string())
}

/// What an entry asks for that this library does not have at all.
fn unsupported(entry: &Value) -> Option<&'static str> {
    let option = &entry["option"];
    let old = option["specVersion"] == "json-ld-1.0" || option["processingMode"] == "json-ld-1.0";
    let others = ["produceGeneralizedRdf", "rdfDirection", "expandContext"];
    if old {
        return Some("JSON-LD 1.0");
    }
    others.into_iter().find(|name| !option[*name].is_null())
}

#[test]
fn datasets_are_equal_or_refused_by_name() {
    let Some(mut suite) = Suite::open("json-ld-api", "w3c-json-ld-api") else { return };

    let (mut equal, mut refused, mut wrong) = (0, 0, 0);
    let manifest = suite.json("toRdf-manifest.jsonld");
    for entry in manifest["sequence"].as_array().unwrap() {
        let actual = match unsupported(entry) {
            Some(feature) => Err(feature.to_owned()),
            None => canonicalize(&suite.read(entry["input"].as_str().unwrap())),
        };
        let expected = entry["expect"].as_str().map(|file| suite.text(file));
        let kind = entry["@type"].to_string();
        let outcome = match (actual, expected) {
            (Err(feature), _) => {
                refused += 1;
                if feature.is_empty() { Err("a refusal without a name".to_owned()) } else { Ok(()) }
            }
            (Ok(actual), Some(expected)) => {
                let expected = canonicalize_nquads(&expected, HashAlgorithm::Sha256, &Budget::default());
                match expected {
                    Ok(expected) if expected.text == actual => {
                        equal += 1;
                        Ok(())
                    }
                    other => Err(format!("{actual}\ninstead of\n{other:?}")),
                }
            }
            (Ok(_), None) if kind.contains("PositiveSyntaxTest") => {
                equal += 1;
                Ok(())
            }
            (Ok(actual), None) => Err(format!("success instead of {}: {actual}", entry["expectErrorCode"])),
        };
        wrong += usize::from(outcome.is_err());
        suite.check(entry["@id"].as_str().unwrap(), outcome);
    }
    say(&format!("vectors: json-ld-api toRdf: {equal} equal, {refused} refused by name, {wrong} wrong"));
    suite.finish();
    assert!(equal >= LEAST_EQUAL, "only {equal} equal");
}

#[test]
fn what_json_ld_forbids_is_never_taken() {
    let Some(mut suite) = Suite::open("json-ld-negative", "badinput/w3c-jsonld-negative") else { return };

    let index = suite.json("negative-index.json");
    for entry in index.as_array().unwrap() {
        let input = entry["input"].as_str().unwrap();
        // One test is about a document that there is not.
        let input = if suite.folder.join(input).is_file() { suite.read(input) } else { Vec::new() };
        let case = format!("{}{}", entry["manifest"].as_str().unwrap(), entry["id"].as_str().unwrap());
        let mut outcome = as_credential(&input);
        let read = matches!(entry["manifest"].as_str(), Some("expand" | "toRdf"));
        if read && unsupported(entry).is_none() {
            outcome =
                outcome.and_then(|()| canonicalize(&input).err().map(drop).ok_or("taken freely".into()));
        }
        suite.check(&case, outcome);
    }
    suite.finish();
}

fn as_credential(input: &[u8]) -> Result<(), String> {
    let Ok(document) = json::read(input, &LIMITS) else { return Ok(()) };
    let Some(object) = document.as_object() else { return Ok(()) };
    let context = object.get("@context").unwrap_or(&Json::Null);
    let answer: Result<String, JsonLdError> =
        Contexts::new().canonicalize(object, &["proof"], context, &Budget::default());
    answer.err().map(drop).ok_or("taken as a credential".to_owned())
}
