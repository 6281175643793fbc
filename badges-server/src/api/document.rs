//! The OpenAPI 3.1 document, from the tables of routes.

mod operation;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};

use self::operation::{Operation, Refusal, refusals};
use super::TABLES;
use crate::{
    ids,
    problem::Problem,
    routes::{Body, Exchange, Given, Named, Shape},
};

/// The whole.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    openapi: &'static str,
    info: Info,
    servers: [Server<'a>; 1],
    tags: Vec<Tag>,
    components: Components,
    paths: BTreeMap<&'static str, BTreeMap<String, Operation>>,
}

#[derive(Serialize)]
struct Info {
    title: &'static str,
    version: &'static str,
    description: &'static str,
}

#[derive(Serialize)]
struct Server<'a> {
    url: &'a str,
}

#[derive(Serialize)]
struct Tag {
    name: &'static str,
    description: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Components {
    schemas: BTreeMap<String, Value>,
    responses: BTreeMap<String, Refusal>,
    security_schemes: BTreeMap<&'static str, Scheme>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase", tag = "type")]
enum Scheme {
    /// What pages know their visitors by.
    ApiKey {
        #[serde(rename = "in")]
        place: &'static str,
        name: &'static str,
    },
    Http {
        scheme: &'static str,
    },
}

/// The document of a service at an address.
pub(super) fn of(base: &str) -> Document<'_> {
    let routes = || TABLES.iter().copied().flatten();
    let mut schemas = schemas();
    let mut paths: BTreeMap<&'static str, BTreeMap<String, Operation>> = BTreeMap::new();
    for route in routes() {
        let methods = paths.entry(route.path).or_default();
        methods.insert(route.method.as_str().to_lowercase(), Operation::of(route, &schemas));
    }
    // Some identifiers stay inside.
    let text =
        [serde_json::to_string(&paths), serde_json::to_string(&schemas)].map(Result::unwrap_or_default);
    schemas.retain(|name, _| {
        let reference = format!("schemas/{name}\"");
        name == "Problem" || text.iter().any(|text| text.contains(&reference))
    });
    let mut tags: Vec<&'static str> = routes().map(operation::tag).collect();
    tags.sort_unstable();
    tags.dedup();
    let about = |name| if name == operation::PAGES { "For people at a browser." } else { "For programs." };
    Document {
        openapi: "3.1.0",
        info: Info {
            title: "Badges",
            version: env!("CARGO_PKG_VERSION"),
            description: "Everything that the pages do, for programs. What is refused is explained as \
                          RFC 9457 says; /docs/problems tells what each code means and what to do.",
        },
        servers: [Server { url: base }],
        tags: tags.into_iter().map(|name| Tag { name, description: about(name) }).collect(),
        components: Components {
            schemas,
            responses: refusals(),
            security_schemes: BTreeMap::from([
                ("session", Scheme::ApiKey { place: "cookie", name: "__Host-session" }),
                ("token", Scheme::Http { scheme: "bearer" }),
            ]),
        },
        paths,
    }
}

/// Each schema by its name: those of the exchanges, with all that they refer to, and the identifiers.
fn schemas() -> BTreeMap<String, Value> {
    let mut all = Shape::of::<Problem>().all();
    all.extend(ids::schemas());
    for route in TABLES.iter().copied().flatten() {
        all.extend(shapes(&route.exchange).flat_map(Shape::all));
    }
    all.into_iter().map(written).collect()
}

fn shapes(exchange: &Exchange) -> impl Iterator<Item = Shape> {
    let body = exchange.body.and_then(|body| match body {
        Body::Json(shape) | Body::Either(shape, _) => Some(shape),
        Body::Bytes(_) => None,
    });
    let answers = exchange.answers.into_iter().flatten().filter_map(|(_, given)| match given {
        Given::All(shape) | Given::One(shape) | Given::Part(shape) => Some(shape),
        Given::File(_) | Given::Nothing | Given::Standard => None,
    });
    body.into_iter().chain(answers)
}

/// As JSON. What ends with `_at` is a time everywhere.
fn written((name, schema): Named) -> (String, Value) {
    let mut schema = value(&schema);
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for (_, property) in properties.iter_mut().filter(|(name, _)| name.ends_with("_at")) {
            let kinds = property.get("type").map(Value::to_string).unwrap_or_default();
            if let Some(property) = property.as_object_mut().filter(|_| kinds.contains("string")) {
                property.insert("format".to_owned(), "date-time".into());
            }
        }
    }
    (name, schema)
}

fn value(schema: &RefOr<Schema>) -> Value {
    serde_json::to_value(schema).unwrap_or_default()
}
