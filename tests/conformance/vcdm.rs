//! The W3C suite for VC Data Model 2.0: credentials by their structure.

use std::{fs, path::Path};

use badges_core::{
    json::{Limits, read},
    model::{check_structure, kind_of},
};
use serde_json::{Value, json};

use crate::vectors::Suite;

#[test]
fn credentials_are_accepted_or_refused_as_their_names_say() {
    let Some(mut suite) = Suite::open("vcdm", "w3c-vcdm2-test-suite/input") else { return };

    for case in names(&suite.folder) {
        let mut document = suite.json(format!("{case}.json"));
        if !case.contains("no-issuer-fail") {
            complete(&mut document);
        }
        let text = document.to_string();
        let tree = read(text.as_bytes(), &Limits::default()).unwrap();
        let object = tree.as_object().unwrap();
        let violations = check_structure(object);

        let outcome = match (case.contains("-fail"), violations.is_empty()) {
            _ if case.starts_with("presentation-") => Err(format!("not read: {:?}", kind_of(object))),
            (true, true) => Err("accepted".to_owned()),
            (false, false) => Err(format!("{violations:?}")),
            _ => Ok(()),
        };
        suite.check(&case, outcome);
    }
    suite.finish();
}

/// The suite's own runner puts in the issuer and the dates before it sends a document.
fn complete(document: &mut Value) {
    let object = document.as_object_mut().unwrap();
    match object.get_mut("issuer") {
        None => {
            object.insert("issuer".to_owned(), json!("did:example:issuer"));
        }
        Some(Value::Object(issuer)) if !issuer.contains_key("id") => {
            issuer.insert("id".to_owned(), json!("did:example:issuer"));
        }
        Some(_) => {}
    }
    for name in ["validFrom", "validUntil"] {
        match object.get(name).and_then(Value::as_str) {
            Some("PAST DATE") => object.insert(name.to_owned(), json!("2020-01-01T00:00:00Z")),
            Some("FUTURE DATE") => object.insert(name.to_owned(), json!("2120-01-01T00:00:00Z")),
            _ => None,
        };
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for (prefix, folder) in
        [("", folder.to_owned()), ("names-and-descriptions/", folder.join("names-and-descriptions"))]
    {
        for entry in fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            names.extend(name.strip_suffix(".json").map(|name| format!("{prefix}{name}")));
        }
    }
    names.sort();
    names
}
