//! What is accepted here has the dataset that a general processor finds: seeded mutations of real documents.
//!
//! The other processor, oxjsonld, has faults of its own, which [`known_fault`] names one by one.

mod mutate;

use std::{collections::HashMap, fs, io::Write as _, sync::Arc};

use badges_core::{
    json::{self, Json, Limits},
    jsonld::{Budget, Contexts, HashAlgorithm, canonicalize_nquads},
};
use mutate::{Random, Stock, mutated};
use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use serde_json::Value;

/// Context documents by their URL.
type Officials = HashMap<String, Vec<u8>>;

const SEED: u64 = 987_654_321;
const MUTATIONS: usize = 25_000;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vectors");

/// The budget must not decide here.
fn budget() -> Budget {
    Budget::new(1_000_000, 8 << 20, 256)
}

#[test]
fn what_is_accepted_is_what_a_general_processor_finds() {
    let Some((documents, official)) = read() else {
        eprintln!("vectors: differential: SKIPPED, there is no folder ../shared/vectors");
        return;
    };
    let contexts_of_others: Vec<Value> =
        official.values().map(|text| serde_json::from_slice(text).unwrap()).collect();
    let stock = Stock::of(&documents, contexts_of_others.iter());
    let official = Arc::new(official);
    let contexts = Contexts::new();
    let mut random = Random(SEED);
    let (mut equal, mut refused, mut faults, mut different) = (0, 0, 0, Vec::new());
    for _ in 0..MUTATIONS {
        let document = mutated(&mut random, &documents, &stock);
        let text = document.to_string();
        let Ok(ours) = canonicalize(&contexts, &text) else {
            refused += 1;
            continue;
        };
        if theirs(&official, &text).is_some_and(|theirs| theirs == ours) {
            equal += 1;
        } else if known_fault(&document) {
            faults += 1;
        } else {
            different.push(text);
        }
    }
    // Past the capture of the test runner.
    let counts = format!(
        "{equal} equal, {refused} refused, {faults} known faults of oxjsonld, {} different",
        different.len()
    );
    writeln!(std::io::stderr(), "counts: differential, seed {SEED}: {MUTATIONS} documents: {counts}")
        .unwrap();
    assert!(different.is_empty(), "the first:\n{}", different[0]);
    assert!(equal > MUTATIONS / 10, "too few are accepted to tell");
}

/// Faults of oxjsonld 0.2.7.
///
/// It drops members of an object with two scoped types whose names are not in order; it prints doubles with 17
/// digits, where `xsd:double` has 15 after the point.
fn known_fault(value: &Value) -> bool {
    let inside = match value {
        Value::Array(items) => items.iter().any(known_fault),
        Value::Object(members) => members.values().any(known_fault),
        Value::Number(number) => number.as_f64().is_some_and(|number| number.fract() != 0.0),
        _ => false,
    };
    inside || value["type"].as_array().is_some_and(|types| !types.is_sorted_by_key(|name| name.as_str()))
}

/// The documents to start from, and the official contexts by their URL.
fn read() -> Option<(Vec<Value>, Officials)> {
    let mut files: Vec<_> = fs::read_dir(format!("{VECTORS}/1edtech-ob30-spec/examples"))
        .ok()?
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.push(format!("{VECTORS}/workload/unsigned.json").into());
    let documents = files.iter().filter_map(|file| serde_json::from_slice(&fs::read(file).unwrap()).ok());
    let documents = documents.filter(|document: &Value| document["@context"].is_array()).collect();
    let index: Value =
        serde_json::from_slice(&fs::read(format!("{VECTORS}/contexts/index.json")).unwrap()).unwrap();
    let official = index.as_array().unwrap().iter().map(|entry| {
        let file = entry["file"].as_str().unwrap();
        (entry["url"].as_str().unwrap().to_owned(), fs::read(format!("{VECTORS}/contexts/{file}")).unwrap())
    });
    Some((documents, official.collect()))
}

fn canonicalize(contexts: &Contexts, text: &str) -> Result<String, String> {
    let document = json::read(text.as_bytes(), &Limits::default()).map_err(|error| error.to_string())?;
    let object = document.as_object().ok_or("no object")?;
    let context = object.get("@context").unwrap_or(&Json::Null);
    contexts.canonicalize(object, &[], context, &budget()).map_err(|error| error.to_string())
}

fn theirs(official: &Arc<Officials>, text: &str) -> Option<String> {
    let official = Arc::clone(official);
    let parser = JsonLdParser::new().for_slice(text.as_bytes()).with_load_document_callback(move |url, _| {
        let document = official.get(url).ok_or("unknown")?.clone();
        Ok(JsonLdRemoteDocument { document, document_url: url.to_owned() })
    });
    let quads: Vec<String> =
        parser.map(|quad| quad.map(|quad| format!("{quad} .\n"))).collect::<Result<_, _>>().ok()?;
    canonicalize_nquads(&quads.concat(), HashAlgorithm::Sha256, &budget())
        .ok()
        .map(|canonical| canonical.text)
}
