//! The canonical form of changed badges: jsonld.js in safe mode gives the same, or we refuse.

use badges_core::{
    json::{Limits, read},
    jsonld::{Budget, Contexts},
};
use serde_json::{Value, json};

use crate::{
    badges::{Dice, badge},
    judge::{Judge, say},
};

const COUNT: usize = 1500;

#[test]
fn jsonld_js_gives_the_same_canonical_form() {
    let Some(judge) = Judge::open("canonical.mjs") else { return };
    let mut dice = Dice::thrown(401, "jsonld.js and rdf-canonize");
    let documents: Vec<Value> = (0..COUNT)
        .map(|number| {
            let mut document = badge(&mut dice, "did:example:issuer", number.is_multiple_of(2));
            for _ in 0..dice.below(4) {
                change(&mut document, &mut dice);
            }
            document
        })
        .collect();

    let questions: Vec<_> = documents.iter().map(|document| json!({"document": document})).collect();
    let answers = judge.ask(&questions);

    let contexts = Contexts::new();
    let (mut equal, mut refused) = (0, 0);
    for (document, answer) in documents.iter().zip(answers) {
        match canonical(&document.to_string(), &contexts) {
            Ok(ours) => {
                assert_eq!(answer["canonical"], json!(ours), "{answer}\n{document}");
                equal += 1;
            }
            Err(_) => refused += 1,
        }
    }
    say(&format!("judges: jsonld.js agreed on {equal} changed badges; we refused {refused}"));
    assert!(equal > COUNT / 3, "too few were compared: {equal} of {COUNT}");
}

#[test]
fn what_jsonld_js_reads_and_we_cannot_write_down_is_refused() {
    let contexts = Contexts::new();
    let badge = badge(&mut Dice::thrown(402, "noncharacters"), "did:example:issuer", true);

    for odd in ["\u{fffe}", "\u{ffff}", "\u{1fffe}", "\u{fdd0}"] {
        let mut odd_badge = badge.clone();
        odd_badge["name"] = json!(odd);
        assert!(canonical(&odd_badge.to_string(), &contexts).is_err(), "{odd:?} has no agreed form");
    }
}

fn canonical(text: &str, contexts: &Contexts) -> Result<String, String> {
    let tree = read(text.as_bytes(), &Limits::default()).map_err(|error| error.to_string())?;
    let object = tree.as_object().ok_or("no object")?;
    let context = object.get("@context").ok_or("no context")?;
    contexts.canonicalize(object, &[], context, &Budget::default()).map_err(|error| error.to_string())
}

/// Changes something somewhere; often into what a careless processor drops or misreads.
fn change(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Object(members) if !dice.chance(25) => {
            let names: Vec<_> = members.keys().filter(|name| *name != "@context").cloned().collect();
            match names.is_empty() {
                true => *value = odd(dice),
                false => change(&mut members[dice.pick(&names)], dice),
            }
        }
        Value::Object(members) => {
            let names: Vec<_> = members.keys().filter(|name| *name != "@context").cloned().collect();
            match dice.below(4) {
                0 if !names.is_empty() => drop(members.remove(dice.pick(&names))),
                1 => drop(members.insert((*dice.pick(MEMBERS)).to_owned(), odd(dice))),
                2 if !names.is_empty() => drop(members.insert(dice.pick(&names).clone(), odd(dice))),
                _ => drop(members.insert("id".to_owned(), json!(dice.pick(IDS)))),
            }
        }
        Value::Array(items) if !items.is_empty() && dice.chance(70) => {
            let at = dice.below(items.len());
            change(&mut items[at], dice);
        }
        other => *other = odd(dice),
    }
}

const MEMBERS: &[&str] = &[
    "name",
    "narrative",
    "tag",
    "alignment",
    "evidence",
    "type",
    "image",
    "related",
    "undefinedTerm",
    "@included",
    "holder",
];
const IDS: &[&str] =
    &["urn:x:1", "https://hive.example/badges/astronaut", "relative/path", "_:b0", "", "did:key:zABC"];

fn odd(dice: &mut Dice) -> Value {
    let choices = [
        json!(null),
        json!(true),
        json!(7),
        json!(1.5),
        json!(1e21),
        json!(12_345_678.9),
        json!("plain"),
        json!("tab\tnew line\n\"quote\" \\ \u{8}\u{c}\u{7f}"),
        json!("\u{10ffff}\u{e000}"),
        json!(["b", "a", "b"]),
        json!([]),
        json!([["nested"]]),
        json!({}),
        json!({"id": "urn:x:1"}),
        json!({"@value": "explicit"}),
        json!({"@value": "wort", "@language": "de"}),
        json!({"@value": "x", "@language": "ar", "@direction": "rtl"}),
        json!({"type": "Profile", "name": "another"}),
        json!({"type": ["Related"], "id": "urn:x:2", "version": "1"}),
        json!("2024-01-01T00:00:00Z"),
    ];
    dice.pick(&choices).clone()
}
