//! One method of an address in the OpenAPI document: what it reads, what it answers, and how it refuses.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    body::{MOST_ROWS, ROWS},
    idempotency::LONGEST_KEY,
    problem::kinds::KINDS,
    rights::Action,
    routes::{Body, Given, Object, Route, Shape},
};

/// What the routes for people are marked with.
pub(super) const PAGES: &str = "pages";

/// One method of an address.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Operation {
    operation_id: String,
    summary: &'static str,
    tags: [&'static str; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parameters: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_body: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    security: Vec<BTreeMap<&'static str, [&'static str; 0]>>,
    responses: BTreeMap<String, Value>,
    /// The right that it asks for, and over what.
    #[serde(rename = "x-action")]
    action: Action,
    #[serde(rename = "x-object")]
    object: Object,
}

/// How a status is refused with.
#[derive(Serialize)]
pub(super) struct Refusal {
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<Value>,
    content: Value,
}

impl Operation {
    /// That of a row; what its parameters may be is looked up among the schemas.
    pub(super) fn of(route: &Route, schemas: &BTreeMap<String, Value>) -> Self {
        let scheme = if route.is_api() { "token" } else { "session" };
        let open = route.action == Action::Public;
        Self {
            operation_id: identifier(route),
            summary: route.summary,
            tags: [tag(route)],
            parameters: parameters(route, schemas),
            request_body: route.exchange.body.map(body),
            security: if open { Vec::new() } else { vec![BTreeMap::from([(scheme, [])])] },
            responses: if route.is_api() { responses(route) } else { of_page() },
            action: route.action,
            object: route.object,
        }
    }
}

/// The noun that a route of the API is about.
pub(super) fn tag(route: &Route) -> &'static str {
    if route.is_api() { route.path.split('/').nth(3).unwrap_or_default() } else { PAGES }
}

/// Every status that something is refused with.
pub(super) fn refusals() -> BTreeMap<String, Refusal> {
    let statuses: BTreeSet<u16> = KINDS.iter().map(|kind| kind.status).collect();
    statuses.into_iter().map(|status| (name_of(status), refusal(status))).collect()
}

fn refusal(status: u16) -> Refusal {
    let kinds = KINDS.iter().filter(|kind| kind.status == status);
    let meanings: Vec<_> = kinds.map(|kind| format!("`{}`: {}", kind.code, kind.meaning)).collect();
    let waits = matches!(status, 429 | 503 | 507);
    let after = json!({"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}});
    Refusal {
        description: meanings.join(" "),
        headers: waits.then_some(after),
        content: json!({"application/problem+json": {"schema": reference("Problem")}}),
    }
}

/// "Not Found" as "NotFound".
fn name_of(status: u16) -> String {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    reason.unwrap_or("Problem").replace(' ', "")
}

fn identifier(route: &Route) -> String {
    let words = route.path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let path: Vec<&str> = words.collect();
    format!("{}_{}", route.method.as_str().to_lowercase(), path.join("_"))
}

fn parameters(route: &Route, schemas: &BTreeMap<String, Value>) -> Vec<Value> {
    let mut all: Vec<Value> = route
        .path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .map(|name| {
            let schema = identified(name, schemas).filter(|_| route.is_api());
            json!({"name": name, "in": "path", "required": true,
                "schema": schema.unwrap_or_else(|| json!({"type": "string"}))})
        })
        .collect();
    if is_list(route) {
        let schema = exchange_end(route);
        all.push(json!({"name": "after", "in": "query", "schema": schema,
            "description": "Where to go on: `next` of the part before."}));
        all.push(json!({"name": "limit", "in": "query",
            "schema": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": ROWS},
            "description": "At most so many."}));
    }
    let asked = route.exchange.query.map(|query| query()).unwrap_or_default();
    for parameter in asked.iter().filter_map(|one| serde_json::to_value(one).ok()) {
        if all.iter().all(|known| known["name"] != parameter["name"]) {
            all.push(parameter);
        }
    }
    if route.exchange.repeats {
        all.push(json!({"name": "Idempotency-Key", "in": "header",
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]*$"},
            "description": "The same request under the same key is done once."}));
    }
    if route.exchange.refusals.contains(&412) {
        all.push(json!({"name": "If-Match", "in": "header", "schema": {"type": "string"},
            "description": "The ETag that was read: refused where somebody changed it since."}));
    }
    all
}

/// What a part of a list ends with.
fn exchange_end(route: &Route) -> Value {
    let end = route.exchange.end.and_then(|end| serde_json::to_value(end()).ok());
    end.unwrap_or_else(|| json!({"type": "string"}))
}

/// The kind of identifier that a variable part of an address is.
fn identified(name: &str, schemas: &BTreeMap<String, Value>) -> Option<Value> {
    let kind = if name == "code" { "claimCode" } else { name };
    let found = schemas
        .keys()
        .find(|known| known.strip_suffix("Id").is_some_and(|known| known.eq_ignore_ascii_case(kind)))?;
    Some(reference(found))
}

fn is_list(route: &Route) -> bool {
    matches!(route.exchange.answers[0], Some((_, Given::Part(_))))
}

fn body(body: Body) -> Value {
    let json = |shape: Shape| ("application/json".to_owned(), json!({"schema": named(shape)}));
    let bytes = |kind: &&str| ((*kind).to_owned(), json!({"schema": {}}));
    let content: serde_json::Map<String, Value> = match body {
        Body::Bytes(kinds) => kinds.iter().map(bytes).collect(),
        Body::Either(shape, kinds) => std::iter::once(json(shape)).chain(kinds.iter().map(bytes)).collect(),
        Body::Json(shape) => std::iter::once(json(shape)).collect(),
    };
    json!({"required": true, "content": content})
}

fn responses(route: &Route) -> BTreeMap<String, Value> {
    let done = route.exchange.answers.into_iter().flatten();
    let mut all: BTreeMap<String, Value> =
        done.map(|(status, given)| (status.to_string(), answer(status, given))).collect();
    for status in refused(route) {
        let reference = format!("#/components/responses/{}", name_of(status));
        all.insert(status.to_string(), json!({"$ref": reference}));
    }
    all
}

fn answer(status: u16, given: Given) -> Value {
    let schema = match given {
        Given::Nothing => return json!({"description": "It is done."}),
        Given::File(kind) => {
            return json!({"description": "The file.", "content": {kind: {"schema": {"type": "string"}}}});
        }
        Given::Standard => json!({"type": "object"}),
        Given::One(shape) => named(shape),
        Given::All(shape) => list(shape, None),
        Given::Part(shape) => list(
            shape,
            Some(json!({"type": ["string", "null"],
            "description": "What to ask for next, as `after`; null at the end."})),
        ),
    };
    let description = match status {
        201 => "It was made.",
        202 => "It has begun.",
        _ => "As it stands now.",
    };
    json!({"description": description, "content": {"application/json": {"schema": schema}}})
}

fn list(shape: Shape, next: Option<Value>) -> Value {
    let items = json!({"type": "array", "items": named(shape)});
    match next {
        None => json!({"type": "object", "required": ["items"], "properties": {"items": items}}),
        Some(next) => json!({"type": "object", "required": ["items", "next"],
            "properties": {"items": items, "next": next}}),
    }
}

/// What the guard, the reading of the request and the handler may answer instead.
fn refused(route: &Route) -> BTreeSet<u16> {
    let mut statuses = BTreeSet::from([503]);
    let exchange = &route.exchange;
    if route.action != Action::Public {
        statuses.extend([401, 403]);
    }
    if route.path.contains('{') || route.object == Object::Body || exchange.query.is_some() {
        statuses.insert(404);
    }
    if exchange.query.is_some() || is_list(route) {
        statuses.extend([400, 422]);
    }
    if exchange.repeats {
        statuses.extend([400, 422]);
    }
    if exchange.body.is_some() {
        statuses.extend([400, 408, 413, 415, 422]);
    }
    if !route.method.is_safe() {
        statuses.extend([409, 507]);
    }
    statuses.extend(exchange.refusals);
    statuses
}

/// Pages answer people: with a page, or by leading on.
fn of_page() -> BTreeMap<String, Value> {
    let answer = |status: &str, description: &str| (status.to_owned(), json!({"description": description}));
    BTreeMap::from([
        answer("2XX", "The page or the file."),
        answer("3XX", "It goes on elsewhere, or nothing has changed."),
        answer("4XX", "What was found, and what to do."),
        answer("503", "Too much at once: try again after Retry-After seconds."),
    ])
}

fn named(shape: Shape) -> Value {
    reference(&(shape.name)())
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}
