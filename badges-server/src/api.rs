//! All that the service answers, and the OpenAPI document that tells programs so.

mod pages;

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde::Serialize;

use crate::{
    accounts, awards, badges, batches,
    caching::{self, Freshness},
    catalogue, claims,
    config::Config,
    contacts, issuers, ops, outbox,
    problem::Problem,
    rights::Action,
    routes::{Object, Route, route},
    verifier, web,
};

/// Every table of routes: what is not here is not answered.
pub(crate) const TABLES: &[&[Route]] = &[
    ROUTES,
    web::assets::ROUTES,
    issuers::routes::ROUTES,
    issuers::public::ROUTES,
    issuers::pages::ROUTES,
    issuers::key_pages::ROUTES,
    badges::routes::ROUTES,
    badges::public::ROUTES,
    badges::pages::ROUTES,
    catalogue::ROUTES,
    awards::routes::ROUTES,
    awards::giving::ROUTES,
    awards::pages::ROUTES,
    awards::public::ROUTES,
    awards::bundle::ROUTES,
    awards::reissue::ROUTES,
    batches::routes::ROUTES,
    contacts::routes::ROUTES,
    outbox::routes::ROUTES,
    accounts::routes::ROUTES,
    accounts::pages::ROUTES,
    accounts::own::ROUTES,
    accounts::staff::ROUTES,
    accounts::audit::ROUTES,
    accounts::settings::ROUTES,
    claims::routes::ROUTES,
    claims::pages::ROUTES,
    claims::public::ROUTES,
    verifier::routes::ROUTES,
    ops::ROUTES,
];

/// What this capability answers.
const ROUTES: &[Route] = &[
    route!(GET "/api/v1/openapi.json", Public over None, show_document, "This document"),
    route!(GET "/docs/api", Public over None, pages::show_api, "The API as a page"),
    route!(GET "/docs/problems", Public over None, pages::show_problems, "What each problem means and what to do"),
];

/// An OpenAPI 3.1 document.
#[derive(Serialize)]
struct Document<'a> {
    openapi: &'static str,
    info: Info,
    servers: [Server<'a>; 1],
    components: Components,
    paths: BTreeMap<&'static str, BTreeMap<String, Operation>>,
}

#[derive(Serialize)]
struct Info {
    title: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Server<'a> {
    url: &'a str,
}

#[derive(Serialize)]
struct Components {
    #[serde(rename = "securitySchemes")]
    security_schemes: BTreeMap<&'static str, Scheme>,
}

#[derive(Serialize)]
struct Scheme {
    #[serde(rename = "type")]
    kind: &'static str,
    scheme: &'static str,
}

/// One method of an address.
#[derive(Serialize)]
struct Operation {
    summary: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parameters: Vec<Parameter>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    security: Vec<BTreeMap<&'static str, [&'static str; 0]>>,
    responses: BTreeMap<&'static str, Answer>,
    /// The right that it asks for, and over what.
    #[serde(rename = "x-action")]
    action: Action,
    #[serde(rename = "x-object")]
    object: Object,
}

#[derive(Serialize)]
struct Parameter {
    name: String,
    #[serde(rename = "in")]
    place: &'static str,
    required: bool,
    schema: TextSchema,
}

#[derive(Serialize)]
struct TextSchema {
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct Answer {
    description: &'static str,
}

async fn show_document(request: HttpRequest, config: Data<Config>) -> Result<HttpResponse, Problem> {
    let bytes = serde_json::to_vec(&document(config.base())).unwrap_or_default();
    Ok(caching::answer(&request, "application/json", bytes, Freshness::Short, &[]))
}

fn document(base: &str) -> Document<'_> {
    let mut paths: BTreeMap<&'static str, BTreeMap<String, Operation>> = BTreeMap::new();
    for route in TABLES.iter().copied().flatten() {
        let methods = paths.entry(route.path).or_default();
        methods.insert(route.method.as_str().to_lowercase(), operation(route));
    }
    let bearer = Scheme { kind: "http", scheme: "bearer" };
    Document {
        openapi: "3.1.0",
        info: Info { title: "Badges", version: env!("CARGO_PKG_VERSION") },
        servers: [Server { url: base }],
        components: Components { security_schemes: BTreeMap::from([("token", bearer)]) },
        paths,
    }
}

fn operation(route: &Route) -> Operation {
    let names = route.path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let parameter = |name: &str| Parameter {
        name: name.to_owned(),
        place: "path",
        required: true,
        schema: TextSchema { kind: "string" },
    };
    let open = route.action == Action::Public;
    let mut responses = BTreeMap::from([("2XX", Answer { description: "it is done" })]);
    responses
        .insert("4XX", Answer { description: "a problem (RFC 9457) that names the field and the remedy" });
    responses.insert("503", Answer { description: "too much at once: try again after Retry-After seconds" });
    Operation {
        summary: route.summary,
        parameters: names.map(parameter).collect(),
        security: if open { Vec::new() } else { vec![BTreeMap::from([("token", [])])] },
        responses,
        action: route.action,
        object: route.object,
    }
}
