//! All that the service answers, and the OpenAPI document that tells programs so.

mod document;
mod fields;
mod pages;

use actix_web::{HttpRequest, HttpResponse, web::Data};

use crate::{
    accounts, awards, badges, batches,
    caching::{self, Freshness},
    catalogue, claims,
    config::Config,
    contacts, issuers, ops, outbox,
    problem::Problem,
    routes::{Route, route},
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
    badges::moving::ROUTES,
    catalogue::ROUTES,
    awards::routes::ROUTES,
    awards::export::ROUTES,
    awards::giving::ROUTES,
    awards::pages::ROUTES,
    awards::public::ROUTES,
    awards::hosted::ROUTES,
    awards::bundle::ROUTES,
    awards::reissue::ROUTES,
    batches::routes::ROUTES,
    batches::pages::ROUTES,
    batches::refusals::ROUTES,
    contacts::routes::ROUTES,
    outbox::routes::ROUTES,
    accounts::routes::ROUTES,
    accounts::browsers::ROUTES,
    accounts::pages::ROUTES,
    accounts::provider_pages::ROUTES,
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
    route!(GET "/api/v1/openapi.json", Public over None, show_document, "This document", .gives_standard()),
    route!(GET "/docs/api", Public over None, pages::show_api, "The API as a page"),
    route!(GET "/docs/problems", Public over None, pages::show_problems, "What each problem means and what to do"),
];

async fn show_document(request: HttpRequest, config: Data<Config>) -> Result<HttpResponse, Problem> {
    let bytes = serde_json::to_vec(&document::of(config.base())).unwrap_or_default();
    Ok(caching::answer(&request, "application/json", bytes, Freshness::Short, &[]))
}
