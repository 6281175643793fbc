//! Expansion under pinned contexts: the graph does not depend on the order of members, and its form is canonical.
#![no_main]

use std::sync::LazyLock;

use badges_core::{
    json::{Json, Limits, Object, read},
    jsonld::{Budget, Contexts, HashAlgorithm, canonicalize_nquads},
};
use libfuzzer_sys::fuzz_target;

static CONTEXTS: LazyLock<Contexts> = LazyLock::new(Contexts::new);

fuzz_target!(|text: &[u8]| {
    let Ok(json) = read(text, &Limits::default()) else { return };
    let Some(object) = json.as_object() else { return };
    let all = Json::String("https://www.w3.org/ns/credentials/v2".into());
    let context = object.get("@context").unwrap_or(&all);
    let budget = Budget::default();
    let Ok(form) = CONTEXTS.canonicalize(object, &["proof"], context, &budget) else { return };

    let other = CONTEXTS.canonicalize(&reversed(object), &["proof"], context, &budget);
    assert_eq!(other.as_ref(), Ok(&form), "the order of members changed the graph");
    let again = canonicalize_nquads(&form, HashAlgorithm::Sha256, &budget).map(|form| form.text);
    assert_eq!(again.as_ref(), Ok(&form), "the canonical form is its own");
});

fn reversed<'a>(object: &Object<'a>) -> Object<'a> {
    let mut turned = Object::new();
    let members: Vec<_> = object.iter().collect();
    for (name, value) in members.into_iter().rev() {
        let value = if name == "@context" { value.clone() } else { turn(value) };
        turned.set(name.to_owned(), value);
    }
    turned
}

fn turn<'a>(value: &Json<'a>) -> Json<'a> {
    match value {
        Json::Object(object) => Json::Object(reversed(object)),
        Json::Array(items) => Json::Array(items.iter().map(turn).collect()),
        other => other.clone(),
    }
}
