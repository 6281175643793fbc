//! Reads a context document that is JSON: those of a host, and the official files when tables are made of them.

use std::sync::Arc;

use super::local::{Container, Definition, Local, Prefix, Scope, Step, Target, delimited};
use crate::json::{Json, Object};

/// Why a context was not read.
#[derive(Debug)]
pub(super) enum Fault {
    Malformed(String),
    Unsupported(String),
}

/// Reads the value of an `@context`; `ids` counts the contexts read so far.
pub(super) fn read(value: &Json<'_>, ids: &mut u32) -> Result<Arc<Local>, Fault> {
    let id = *ids;
    *ids += 1;
    let one = std::slice::from_ref(value);
    let items = value.as_array().unwrap_or(one);
    let steps = items.iter().map(|item| step(item, ids)).collect::<Result<_, _>>()?;
    Ok(Arc::new(Local { id, steps }))
}

fn step(value: &Json<'_>, ids: &mut u32) -> Result<Step, Fault> {
    match value {
        Json::Null => Ok(Step::Null),
        Json::String(url) => Ok(Step::Url(url.to_string())),
        Json::Object(object) => scope(object, ids).map(Step::Scope),
        _ => Err(malformed("a context is neither a URL nor an object")),
    }
}

fn scope(object: &Object<'_>, ids: &mut u32) -> Result<Scope, Fault> {
    let mut scope = Scope::default();
    let mut protected = false;
    for (name, value) in object.iter() {
        match (name, value) {
            ("@version", Json::Number(version)) if *version == 1.1 => {}
            ("@protected", Json::Boolean(value)) => protected = *value,
            ("@propagate", Json::Boolean(value)) => scope.propagate = Some(*value),
            ("@vocab", Json::Null) => scope.vocab = Some(None),
            ("@vocab", Json::String(iri)) => scope.vocab = Some(Some(iri.to_string())),
            ("@language", Json::Null) => scope.language = Some(None),
            ("@language", Json::String(tag)) => scope.language = Some(Some(tag.to_string())),
            ("@version" | "@protected" | "@propagate" | "@vocab" | "@language", _) => {
                return Err(malformed(&format!("the value of {name} is not one that it may have")));
            }
            (keyword, _) if keyword.starts_with('@') => {
                return Err(Fault::Unsupported(format!("{keyword} in a context")));
            }
            _ => {}
        }
    }
    let terms = object.iter().filter(|(name, _)| !name.starts_with('@'));
    for (name, value) in terms {
        if name.is_empty() || name.contains([':', '/']) {
            return Err(Fault::Unsupported(format!("a term like {name:?}")));
        }
        scope.terms.push((name.to_owned(), definition(name, value, protected, ids)?));
    }
    scope.terms.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
    Ok(scope)
}

fn definition(name: &str, value: &Json<'_>, protected: bool, ids: &mut u32) -> Result<Definition, Fault> {
    let mut term = Definition { protected, ..Definition::default() };
    let object = match value {
        Json::Null => return Ok(Definition { target: Target::Null, ..term }),
        Json::String(id) => {
            // Most simple terms cannot be prefixes, and then it does not matter that they are simple.
            let simple = delimited(id) || !id.contains(':') && !id.starts_with('@');
            term.prefix = if simple { Prefix::IfDelimited } else { Prefix::No };
            term.target = target(name, id);
            return Ok(term);
        }
        Json::Object(object) => object,
        _ => return Err(malformed(&format!("the term {name:?} is neither a text nor an object"))),
    };
    for (keyword, value) in object.iter() {
        match (keyword, value) {
            ("@id", Json::Null) => term.target = Target::Null,
            ("@id", Json::String(id)) => term.target = target(name, id),
            ("@reverse", Json::String(id)) if object.get("@id").is_none() => {
                term.target = target(name, id);
                term.reverse = true;
            }
            ("@type", Json::String(coercion)) => term.coercion = Some(coercion.to_string()),
            ("@container", value) => term.container = container(value)?,
            ("@protected", Json::Boolean(value)) => term.protected = *value,
            ("@prefix", Json::Boolean(value)) => {
                term.prefix = if *value { Prefix::Yes } else { Prefix::No };
            }
            ("@language", Json::Null) => term.language = Some(None),
            ("@language", Json::String(tag)) => term.language = Some(Some(tag.to_string())),
            ("@context", value) => term.scope = Some(read(value, ids)?),
            ("@index" | "@nest" | "@direction", _) => {
                return Err(Fault::Unsupported(format!("{keyword} in a term")));
            }
            _ => return Err(malformed(&format!("the term {name:?} has an odd {keyword:?}"))),
        }
    }
    if term.reverse && (term.container.list || term.container.graph || term.scope.is_some()) {
        return Err(Fault::Unsupported("@reverse with a container or a context".to_owned()));
    }
    Ok(term)
}

/// A term whose `@id` is the term itself has none (JSON-LD 1.1 API §4.2.2 step 14).
fn target(name: &str, id: &str) -> Target {
    if id == name { Target::Implied } else { Target::Text(id.to_owned()) }
}

fn container(value: &Json<'_>) -> Result<Container, Fault> {
    let mut container = Container::default();
    for item in value.one_or_many() {
        match item.as_str() {
            Some("@set") => container.set = true,
            Some("@list") => container.list = true,
            Some("@graph") => container.graph = true,
            Some(other) if other.starts_with('@') => {
                return Err(Fault::Unsupported(format!("the container {other}")));
            }
            _ => return Err(malformed("a container is no keyword")),
        }
    }
    if container.list && (container.set || container.graph) {
        return Err(malformed("a list is no other container at the same time"));
    }
    Ok(container)
}

fn malformed(message: &str) -> Fault {
    Fault::Malformed(message.to_owned())
}
