//! The OpenAPI document: whole, well formed, and saying of each route of the API what it reads and answers.

mod limits;
mod requests;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::Service;

/// What is asked for by its address alone.
const BODILESS: [&str; 11] = [
    "/begin",
    "/link",
    "/publish",
    "/close",
    "/open",
    "/retry",
    "/discard",
    "/keys",
    "/resend",
    "/reissue",
    "/batches/{batch}/cancel",
];

/// What may come twice without a key, or shows a secret that is not kept.
const UNKEYED: [&str; 5] = [
    "/api/v1/batches/{batch}/begin",
    "/api/v1/claims",
    "/api/v1/issuers/{issuer}/keys/{key}/reissue",
    "/api/v1/outbox/{message}/link",
    "/api/v1/verify",
];

#[test]
fn every_route_of_the_api_says_what_it_reads_and_answers() {
    let service = Service::start();
    let document = service.get("/api/v1/openapi.json").expect(200).json();
    let mut silent = Vec::new();
    let mut identifiers = BTreeSet::new();

    assert_eq!(document["openapi"], "3.1.0");
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(identifiers.insert(id.to_owned()), "{id} stands twice");
            let named: BTreeSet<&str> = parameters(operation, "path");
            let written: BTreeSet<&str> =
                path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
            assert_eq!(named, written, "{method} {path}");
            if path.starts_with("/api/") {
                silent.extend(missing(method, path, operation));
            } else {
                assert_eq!(operation["tags"][0], "pages", "{method} {path}");
            }
        }
    }

    assert!(silent.is_empty(), "say it in the table of the route: {silent:#?}");
    let heedless: Vec<_> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(path, methods)| path.starts_with("/api/") && methods["post"].is_object())
        .filter(|(_, methods)| !parameters(&methods["post"], "header").contains("Idempotency-Key"))
        .map(|(path, _)| path.as_str())
        .collect();
    assert_eq!(heedless, UNKEYED, "specs/idempotency.md says why");
}

#[test]
fn every_reference_of_the_document_leads_somewhere() {
    let service = Service::start();
    let document = service.get("/api/v1/openapi.json").expect(200).json();
    let mut references = BTreeSet::new();
    collect(&document, &mut references);

    let dangling: Vec<_> = references
        .iter()
        .filter(|reference| document.pointer(reference.strip_prefix('#').unwrap()).is_none())
        .collect();
    assert!(dangling.is_empty(), "{dangling:?}");
    assert!(references.contains("#/components/schemas/NewAward"), "{references:?}");
    let types = ["array", "boolean", "integer", "null", "number", "object", "string"];
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let kind = &schema["type"];
        let known = |kind: &Value| types.iter().any(|known| kind == known);
        assert!(
            known(kind)
                || kind.as_array().is_some_and(|kinds| kinds.iter().all(known))
                || schema["oneOf"].is_array(),
            "{name}: {schema}"
        );
    }
}

/// What the document does not say of a route.
fn missing(method: &str, path: &str, operation: &Value) -> Vec<String> {
    let mut missing = Vec::new();
    let reads = matches!(method, "post" | "put" | "patch");
    let bodiless = BODILESS.iter().any(|end| path.ends_with(end));
    let described = |content: &Value| {
        content
            .as_object()
            .is_some_and(|kinds| !kinds.is_empty() && kinds.values().all(|kind| kind["schema"].is_object()))
    };
    if reads && !bodiless && !described(&operation["requestBody"]["content"]) {
        missing.push(format!("{method} {path}: what it reads"));
    }
    let answers = operation["responses"].as_object().unwrap();
    let done: Vec<_> = answers.iter().filter(|(status, _)| status.starts_with('2')).collect();
    if done.is_empty() {
        missing.push(format!("{method} {path}: what it answers"));
    }
    for (status, answer) in done {
        if status != "204" && !described(&answer["content"]) {
            missing.push(format!("{method} {path}: what its {status} says"));
        }
    }
    if operation["x-action"] != "Public" && !(answers.contains_key("401") && answers.contains_key("403")) {
        missing.push(format!("{method} {path}: how strangers are refused"));
    }
    missing
}

fn parameters<'d>(operation: &'d Value, place: &str) -> BTreeSet<&'d str> {
    let all = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
    all.iter().filter(|one| one["in"] == place).map(|one| one["name"].as_str().unwrap()).collect()
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|inner| collect(inner, found));
        }
        Value::Array(all) => all.iter().for_each(|inner| collect(inner, found)),
        _ => {}
    }
}
