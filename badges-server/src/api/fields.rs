//! What a request of the API carries, as people read it: each field in a few words, and how to ask in a shell.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{
    rights::Action,
    routes::{Body, Route, Shape},
    web::api::ApiField,
};

/// How deep an example goes into what a body holds.
const DEEPEST: usize = 4;

/// The fields of the query and of the body; those that must be there come first.
pub(super) fn of(route: &Route) -> Vec<ApiField> {
    let query = route.exchange.query.map(|query| query()).unwrap_or_default();
    let asked = query.iter().filter_map(|one| serde_json::to_value(one).ok()).map(|one| ApiField {
        name: one["name"].as_str().unwrap_or_default().to_owned(),
        kind: format!("{}, in the query", kind(&one["schema"])),
        needed: one["required"] == Value::Bool(true),
        about: said(&one),
    });
    let carried = shape(route).map(carried).unwrap_or_default();
    let mut all: Vec<ApiField> = asked.chain(carried).collect();
    all.sort_by_key(|field| !field.needed);
    all
}

/// How to ask, for a shell.
pub(super) fn example(route: &Route) -> String {
    let method = match route.method.as_str() {
        "GET" => String::new(),
        method => format!(" -X {method}"),
    };
    let token =
        if route.action == Action::Public { "" } else { " \\\n  -H \"Authorization: Bearer $TOKEN\"" };
    let body = match route.exchange.body {
        None => String::new(),
        Some(Body::Bytes(kinds)) => {
            let kind = kinds.first().copied().unwrap_or("application/octet-stream");
            format!(" \\\n  -H \"Content-Type: {kind}\" --data-binary @FILE")
        }
        Some(Body::Json(shape) | Body::Either(shape, _)) => {
            let schemas = written(shape);
            let sample = sample(schemas.get((shape.name)().as_ref()).unwrap_or(&Value::Null), &schemas, 0);
            format!(" \\\n  -H \"Content-Type: application/json\" -d '{sample}'")
        }
    };
    format!("curl{method} \"$BADGES{}\"{token}{body}", route.path)
}

fn shape(route: &Route) -> Option<Shape> {
    match route.exchange.body? {
        Body::Json(shape) | Body::Either(shape, _) => Some(shape),
        Body::Bytes(_) => None,
    }
}

fn written(shape: Shape) -> BTreeMap<String, Value> {
    let value = |schema| serde_json::to_value(schema).unwrap_or_default();
    shape.all().into_iter().map(|(name, schema)| (name, value(schema))).collect()
}

fn carried(shape: Shape) -> Vec<ApiField> {
    let schemas = written(shape);
    let Some(schema) = schemas.get((shape.name)().as_ref()) else { return Vec::new() };
    let needed = needed(schema);
    let properties = schema["properties"].as_object().into_iter().flatten();
    let field = |(name, schema): (&String, &Value)| ApiField {
        name: name.clone(),
        kind: kind(schema),
        needed: needed.contains(&name.as_str()),
        about: said(schema),
    };
    properties.map(field).collect()
}

fn needed(schema: &Value) -> Vec<&str> {
    schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn said(schema: &Value) -> Option<String> {
    schema["description"].as_str().map(|words| words.replace('`', ""))
}

/// "text", "list of Recipient".
fn kind(schema: &Value) -> String {
    if let Some(name) = named_by(schema) {
        return if name.ends_with("Id") { "identifier".to_owned() } else { name.to_owned() };
    }
    if let Some(choices) = choices(schema) {
        return choices.iter().map(kind).filter(|kind| kind != "null").collect::<Vec<_>>().join(" or ");
    }
    let named = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        kind => kind.as_str(),
    };
    match named {
        Some("array") => format!("list of {}", kind(&schema["items"])),
        Some("boolean") => "true or false".to_owned(),
        Some("integer" | "number") => "number".to_owned(),
        Some("string") => "text".to_owned(),
        Some(other) => other.to_owned(),
        None => "anything".to_owned(),
    }
}

fn named_by(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next())
}

fn choices(schema: &Value) -> Option<&Vec<Value>> {
    ["oneOf", "anyOf", "allOf"].into_iter().find_map(|key| schema[key].as_array())
}

/// The least that a schema takes: what must be there, and the first field where nothing must.
fn sample(schema: &Value, schemas: &BTreeMap<String, Value>, depth: usize) -> Value {
    if depth > DEEPEST {
        return Value::Null;
    }
    if let Some(example) = schema.get("example").or_else(|| schema["enum"].get(0)) {
        return example.clone();
    }
    let inside = |schema: &Value| sample(schema, schemas, depth + 1);
    if let Some(name) = named_by(schema) {
        return schemas.get(name).map_or_else(|| "…".into(), inside);
    }
    if let Some(one) = choices(schema).and_then(|all| all.iter().find(|one| kind(one) != "null")) {
        return inside(one);
    }
    if let Some(properties) = schema["properties"].as_object() {
        let needed = needed(schema);
        // A recipient is named in one of several ways, none of which must be there; people know addresses.
        let told = |name: &str| needed.contains(&name) || name == "email";
        let some = properties.keys().any(|name| told(name));
        let all = properties.iter().filter(|(name, _)| told(name) || !some);
        let told = all
            .take(if some { usize::MAX } else { 1 })
            .map(|(name, schema)| (name.clone(), named(name, inside(schema))));
        return told.collect::<Map<_, _>>().into();
    }
    match kind(schema).as_str() {
        "number" => 1.into(),
        "true or false" => true.into(),
        "object" => Map::new().into(),
        list if list.starts_with("list of") => vec![inside(&schema["items"])].into(),
        _ => "…".into(),
    }
}

/// Some texts are known by the name of their field.
fn named(name: &str, sample: Value) -> Value {
    match name {
        _ if !sample.is_string() => sample,
        "email" => "ada@example.org".into(),
        "reason" => "Given to the wrong person".into(),
        _ if name.ends_with("_at") => "2030-01-31T12:00:00Z".into(),
        _ => sample,
    }
}
