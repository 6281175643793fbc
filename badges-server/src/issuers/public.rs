//! What the world may fetch of nodes: Profiles, DID documents, key sets, status lists.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use serde::Serialize;

use super::{Signers, documents, hosted, status::StatusLists};
use crate::{
    caching::{self, Freshness},
    clock::Clock,
    config::Config,
    db::Db,
    ids::{IssuerId, StatusListId},
    problem::Problem,
    routes::{Route, route},
};

/// What this capability answers to the world.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/issuers/{issuer}/did.json", Public over None, show_did_document, "The DID document of a node"),
    route!(GET "/issuers/{issuer}/jwks.json", Public over None, show_key_set, "The key set of a node"),
    route!(GET "/issuers/{issuer}/profile.json", Public over None, show_hosted_profile, "The Profile of a node for hosted Open Badges 2.0"),
    route!(GET "/.well-known/jwks.json", Public over None, show_all_keys, "The keys of all nodes"),
    route!(GET "/status/{list}", Public over None, show_status_list, "A status list"),
];

/// The Profile of a node.
pub(crate) async fn profile(
    request: &HttpRequest,
    db: &Db,
    config: &Config,
    signers: Arc<Signers>,
    id: IssuerId,
) -> Result<HttpResponse, Problem> {
    let base = config.base().to_owned();
    let profile = db.look(move |conn| documents::profile(conn, &signers, &base, id)).await?;
    Ok(json(request, "application/ld+json", &profile.ok_or_else(Problem::not_found)?, &["Accept"]))
}

async fn show_did_document(
    request: HttpRequest,
    db: Data<Db>,
    config: Data<Config>,
    signers: Data<Signers>,
    issuer: Path<IssuerId>,
) -> Result<HttpResponse, Problem> {
    let (base, id) = (config.base().to_owned(), issuer.into_inner());
    let document = db.look(move |conn| documents::did_document(conn, &signers, &base, id)).await?;
    Ok(json(&request, "application/did+ld+json", &document.ok_or_else(Problem::not_found)?, &[]))
}

async fn show_hosted_profile(
    request: HttpRequest,
    (db, config): (Data<Db>, Data<Config>),
    issuer: Path<IssuerId>,
) -> Result<HttpResponse, Problem> {
    let (base, id) = (config.base().to_owned(), issuer.into_inner());
    let profile = db.look(move |conn| hosted::profile(conn, &base, id)).await?;
    Ok(json(&request, "application/ld+json", &profile.ok_or_else(Problem::not_found)?, &[]))
}

async fn show_key_set(
    request: HttpRequest,
    db: Data<Db>,
    signers: Data<Signers>,
    issuer: Path<IssuerId>,
) -> Result<HttpResponse, Problem> {
    let id = issuer.into_inner();
    let set = db.look(move |conn| documents::key_set(conn, &signers, Some(id))).await?;
    Ok(json(&request, "application/jwk-set+json", &set, &[]))
}

async fn show_all_keys(
    request: HttpRequest,
    db: Data<Db>,
    signers: Data<Signers>,
) -> Result<HttpResponse, Problem> {
    let set = db.look(move |conn| documents::key_set(conn, &signers, None)).await?;
    Ok(json(&request, "application/jwk-set+json", &set, &[]))
}

async fn show_status_list(
    request: HttpRequest,
    db: Data<Db>,
    clock: Data<Clock>,
    config: Data<Config>,
    signers: Data<Signers>,
    lists: Data<StatusLists>,
    list: Path<StatusListId>,
) -> Result<HttpResponse, Problem> {
    let (base, id, now) = (config.base().to_owned(), list.into_inner(), clock.now());
    let signed = db.read(move |conn| lists.find(conn, &signers, &base, id, now)).await?;
    let signed = signed.ok_or_else(Problem::not_found)?;
    let bytes = signed.text.clone().into_bytes();
    Ok(caching::answer(&request, "application/vc", bytes, Freshness::StatusList, &[]))
}

fn json(request: &HttpRequest, kind: &str, document: &impl Serialize, vary: &[&'static str]) -> HttpResponse {
    let bytes = serde_json::to_vec(document).unwrap_or_default();
    caching::answer(request, kind, bytes, Freshness::Short, vary)
}
