//! The canonical form does not depend on what a graph does not hold.

use std::borrow::Cow;

use badges_core::{
    json::{self, Json, Limits, Object},
    jsonld::{Budget, Contexts, HashAlgorithm, canonicalize_nquads},
};
use proptest::prelude::*;

use crate::vectors::Suite;

/// Reorders the members of every object, and the items of sets, by a number.
fn reordered<'a>(value: &Json<'a>, name: &str, seed: u64) -> Json<'a> {
    let turn = |at: usize, len: usize| {
        (at as u64).wrapping_mul(2 * (seed % 1000) + 1).wrapping_add(seed) % len.max(1) as u64
    };
    match value {
        Json::Object(object) => {
            let mut members: Vec<_> = object.iter().enumerate().collect();
            members.sort_by_key(|(at, _)| turn(*at, object.len()));
            let mut out = Object::new();
            for (_, (name, value)) in members {
                out.set(Cow::Owned(name.to_owned()), reordered(value, name, seed));
            }
            Json::Object(out)
        }
        Json::Array(items) if !matches!(name, "@context" | "allowedValue") => {
            let mut items: Vec<_> =
                items.iter().map(|item| reordered(item, name, seed)).enumerate().collect();
            let len = items.len();
            items.sort_by_key(|(at, _)| turn(*at, len));
            Json::Array(items.into_iter().map(|(_, item)| item).collect())
        }
        other => other.clone(),
    }
}

fn canonical(value: &Json<'_>) -> String {
    let object = value.as_object().unwrap();
    let context = object.get("@context").unwrap();
    Contexts::new().canonicalize(object, &["proof"], context, &Budget::default()).unwrap()
}

#[test]
fn the_order_of_members_and_sets_says_nothing() {
    let Some(suite) = Suite::open("invariance", "1edtech-ob30-spec/examples") else { return };
    let files = [
        "fullOpenBadge--complete-openbadgecredential.json",
        "skillAssertionCase--skill-assertion-case.json",
        "linked-data-proof-ob--signed-credential.json",
    ];
    let texts = files.map(|file| suite.read(file));

    proptest!(ProptestConfig::with_cases(64), |(seed: u64, file in 0..files.len())| {
        let value = json::read(&texts[file], &Limits::default()).unwrap();

        prop_assert_eq!(canonical(&reordered(&value, "", seed)), canonical(&value));
    });
}

proptest! {
    #[test]
    fn the_labels_of_blank_nodes_say_nothing(
        edges in prop::collection::vec((0usize..6, 0usize..3, 0usize..6), 1..12),
        shift in 0usize..6,
    ) {
        let write = |label: &dyn Fn(usize) -> usize, reverse: bool| {
            let line = |(from, by, to): &(usize, usize, usize)| {
                format!("_:n{} <urn:p:{by}> _:n{} .\n", label(*from), label(*to))
            };
            let lines = edges.iter().map(line);
            if reverse { lines.rev().collect::<String>() } else { lines.collect() }
        };
        let budget = Budget::new(10_000_000, 2 << 20, 256);
        let canonical = |text: &str| canonicalize_nquads(text, HashAlgorithm::Sha256, &budget).unwrap().text;

        let plain = canonical(&write(&|node| node, false));
        let other = canonical(&write(&|node| 100 + (5 * node + shift) % 6, true));

        prop_assert_eq!(&plain, &other);
        prop_assert_eq!(canonical(&plain), plain);
    }
}
