//! Open Badges before 3.0: the classes of 2.0, and the upgrades from 0.5, 1.0 and 1.1.

use std::fs;

use badges_core::{
    json::{Limits, read},
    model::{DocumentKind, Severity, check_badge, kind_of, ob2},
};
use serde_json::{Value, json};

use crate::vectors::Suite;

/// What minds a document of any edition, once it is brought to 2.0.
fn objections(document: &Value, location: &str) -> Vec<String> {
    let text = document.to_string();
    let tree = match read(text.as_bytes(), &Limits::default()) {
        Ok(tree) => tree,
        Err(error) => return vec![error.to_string()],
    };
    let object = tree.as_object().unwrap();
    if let DocumentKind::Badge(_) = kind_of(object) {
        return check_badge(object).iter().map(ToString::to_string).collect();
    }
    match ob2::upgrade(object, Some(location)) {
        Err(error) => vec![error.to_string()],
        Ok(upgraded) => ob2::check_ob2(&upgraded.document, upgraded.class, upgraded.edition)
            .into_iter()
            .filter(|violation| violation.severity == Severity::Always)
            .map(|violation| violation.to_string())
            .collect(),
    }
}

fn outcome(valid: bool, objections: &[String]) -> Result<(), String> {
    match (valid, objections) {
        (true, []) | (false, [_, ..]) => Ok(()),
        (true, objections) => Err(objections.join("; ")),
        (false, []) => Err("accepted".to_owned()),
    }
}

#[test]
fn components_of_the_validator_are_valid_in_2_0_after_their_upgrade() {
    let Some(mut suite) = Suite::open("ob2-validator-core", "1edtech-validator-core") else { return };

    for entry in fs::read_dir(&suite.folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".json") && !name.starts_with("openbadges_context") {
            let valid = name != "1_0_assertion_with_errors.json";
            let objections = objections(&suite.json(&name), "https://example.org/where/it/was");
            suite.check(&name, outcome(valid, &objections));
        }
    }
    suite.finish();
}

#[test]
fn examples_of_the_specification_are_valid_in_their_classes() {
    let Some(mut suite) = Suite::open("ob2-examples", "1edtech-ob2-spec/examples") else { return };
    let assertion = example(&suite, "00-");
    let badge = json!({
        "@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass",
        "id": "https://example.org/robotics-badge.json", "name": "Awesome Robotics Badge",
        "description": "For robots", "image": "https://example.org/robotics-badge.png",
        "criteria": "https://example.org/robotics-badge.html", "issuer": "https://example.org/organization.json"
    });

    for name in names(&suite) {
        let mut document = suite.json(&name);
        // Some examples show only the members that their chapter is about; the rest comes from a whole one.
        let (excerpt, number) = (document.get("type").is_none(), &name[..2]);
        if excerpt && document.get("revoked").is_none() {
            let whole = if ["08", "09", "10", "11"].contains(&number) { &assertion } else { &badge };
            for (name, value) in whole.as_object().unwrap() {
                document.as_object_mut().unwrap().entry(name.clone()).or_insert(value.clone());
            }
        }
        let header = document.get("alg").is_some();
        let objections = objections(&document, "https://example.org/");
        let outcome = if header { Err("not a document".to_owned()) } else { outcome(true, &objections) };
        suite.check(&name, outcome);
    }
    suite.finish();
}

fn names(suite: &Suite) -> Vec<String> {
    let entries = fs::read_dir(&suite.folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn example(suite: &Suite, prefix: &str) -> Value {
    suite.json(names(suite).into_iter().find(|name| name.starts_with(prefix)).unwrap())
}

#[test]
fn values_that_the_first_validator_took_or_refused_are_taken_or_refused() {
    let Some(mut suite) = Suite::open("ob1-values", "mozilla-openbadges-validator") else { return };

    for (group, cases) in suite.json("test-data.json").as_object().unwrap() {
        for (kind, valid) in [("good", true), ("bad", false)] {
            for (at, value) in cases[kind].as_array().unwrap().iter().enumerate() {
                let document = with_value(group, value);
                let objections = objections(&document, "https://example.org/found");
                suite.check(&format!("{group} {kind} {at}"), outcome(valid, &objections));
            }
        }
    }
    suite.finish();
}

/// A document of the edition in which values of this group occur, with the value in its place.
fn with_value(group: &str, value: &Value) -> Value {
    let mut oldest = json!({
        "recipient": "ada@example.org", "issued_on": "2011-06-01",
        "badge": {
            "version": "0.5.0", "name": "Comets", "image": "/comet.png", "description": "Found a comet",
            "criteria": "/comets", "issuer": { "origin": "https://example.org", "name": "Observatory" }
        }
    });
    let mut badge = json!({
        "name": "Comets", "description": "Found a comet", "image": "https://example.org/comet.png",
        "criteria": "https://example.org/comets", "issuer": "https://example.org/issuer"
    });
    let mut issuer = json!({ "name": "Observatory", "url": "https://example.org" });
    let mut assertion = json!({
        "uid": "1", "badge": "https://example.org/badge", "issuedOn": "2015-04-30",
        "recipient": { "identity": "ada@example.org", "hashed": false, "type": "email" },
        "verify": { "type": "hosted", "url": "https://example.org/assertion" }
    });
    let (document, place) = match group {
        "STRINGS" => (&mut badge, "/name"),
        "TAGLIST" => (&mut badge, "/tags"),
        "ALIGNMENTS" => (&mut badge, "/alignment"),
        "IMAGE_DATA_URLS" => (&mut badge, "/image"),
        "EMAILS" => (&mut issuer, "/email"),
        "ABSOLUTE_URLS" => (&mut issuer, "/url"),
        "URLS" => (&mut oldest, "/badge/criteria"),
        "ORIGINS" => (&mut oldest, "/badge/issuer/origin"),
        "VERSIONS" => (&mut oldest, "/badge/version"),
        "TIMES" | "ISO8601" => (&mut oldest, "/issued_on"),
        "HASHES" => (&mut assertion, "/recipient/identity"),
        "IDENTITY_TYPES" => (&mut assertion, "/recipient/type"),
        "BOOLEANS" => (&mut assertion, "/recipient/hashed"),
        "VERIFY_TYPES" => (&mut assertion, "/verify/type"),
        "OBJECTS" => (&mut assertion, "/evidence"),
        unknown => panic!("no place for values of {unknown}"),
    };
    let (parent, name) = place.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[name] = value.clone();
    match group {
        "HASHES" => document["recipient"]["hashed"] = json!(true),
        "BOOLEANS" if value.as_str().is_some_and(|own| own.eq_ignore_ascii_case("true")) || value == true => {
            document["recipient"]["identity"] = json!(format!("sha256${}", "0".repeat(64)));
        }
        "VERIFY_TYPES" if value.as_str().is_some_and(|own| own.eq_ignore_ascii_case("signed")) => {
            document["verify"]["url"] = json!("https://example.org/key");
        }
        _ => {}
    }
    document.clone()
}
