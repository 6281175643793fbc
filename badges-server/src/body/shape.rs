//! What does not have the shape that was asked for: the field, what was found there, and what to do.

use std::fmt::Display;

use serde_path_to_error::Error;

use crate::{problem::Problem, texts::shortened};

/// What serde found, and where. `besides` are names that are read before those of the type.
pub(super) fn shape(error: &Error<impl Display>, whole: &str, besides: &[&str]) -> Problem {
    let said = error.inner().to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    let place = Some(error.path().to_string()).filter(|place| place != ".");
    let mut names = said.split('`').skip(1).step_by(2);
    let inner = names.next().unwrap_or_default();
    let known = || {
        let own: Vec<_> = names.collect();
        let others = besides.iter().filter(|name| !own.contains(name));
        own.iter().chain(others).copied().collect::<Vec<_>>().join(", ")
    };
    let within = |place: Option<String>| match place {
        None => inner.to_owned(),
        Some(place) if place == inner || place.ends_with(&format!(".{inner}")) => place,
        Some(place) => format!("{place}.{inner}"),
    };
    if said.starts_with("missing field") {
        return Problem::field(within(place), "missing", "is missing: add it");
    }
    if said.starts_with("duplicate field") {
        return Problem::field(within(place), "twice", "stands there twice: say it once");
    }
    let field = place.map_or_else(|| whole.to_owned(), |place| shortened(&place));
    if said.starts_with("unknown field") {
        let message = match known() {
            known if known.is_empty() => "is not known: leave it out".to_owned(),
            known => format!("is not known: leave it out, or take one of {known}"),
        };
        return Problem::field(field, "unknown", message);
    }
    if said.starts_with("unknown variant") {
        return Problem::field(
            field,
            "value",
            format!("is {:?}, and must be one of {}", shortened(inner), known()),
        );
    }
    if said.starts_with("invalid value: integer") {
        return Problem::field(field, "range", "is a number beyond what can be meant here: write another");
    }
    let wrong = said.strip_prefix("invalid type: ").or(said.strip_prefix("invalid value: "));
    if let Some((found, expected)) = wrong.and_then(|rest| rest.rsplit_once(", expected ")) {
        return Problem::field(
            field,
            "type",
            format!("is {}, and must be {}", shortened(met(found)), plainly(expected)),
        );
    }
    Problem::field(field, "type", plainly(said))
}

/// What was found there, in the same words.
fn met(found: &str) -> &str {
    match found {
        "map" => "an object",
        "sequence" => "a list",
        _ => found,
    }
}

/// In words that do not need this language to be known.
fn plainly(said: &str) -> &str {
    match said {
        "a borrowed string" | "a string" => "a text",
        "a boolean" => "true or false",
        "a map" => "an object in braces",
        "a sequence" => "a list in brackets",
        "i32" | "i64" | "u32" | "u64" | "usize" => "a whole number",
        "cannot parse integer from empty string"
        | "invalid digit found in string"
        | "number too large to fit in target type"
        | "number too small to fit in target type" => "must be a whole number",
        // What is read as one of several words, and begins like none.
        "expected value" => "must be a text: one of the values that /docs/api lists",
        "provided string was not `true` or `false`" => "must be true or false",
        _ if said.starts_with("struct ") => "an object in braces",
        _ => said,
    }
}
