//! The hierarchy over HTTP, for programs.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use serde::{Deserialize, Serialize};

use super::{
    IssuerError, Kind, Node, Signers,
    keys::{self, PublishedKey},
    tree::{self, Change, NewNode},
};
use crate::{
    auth::{Access, place_of_issuer},
    body::{Json, Page},
    clock::{Clock, Moment},
    db::{Db, Event},
    ids::{IssuerId, KeyId},
    problem::Problem,
    routes::{Route, route},
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/api/v1/issuers", ViewHierarchy over Scoped, list_issuers, "The hierarchy, from the root down"),
    route!(POST "/api/v1/issuers", EditHierarchy over Body, add_issuer, "Add an issuer or a programme"),
    route!(GET "/api/v1/issuers/{issuer}", ViewHierarchy over Issuer, show_issuer, "One node"),
    route!(PATCH "/api/v1/issuers/{issuer}", EditHierarchy over Issuer, change_issuer, "Change what a node says"),
    route!(POST "/api/v1/issuers/{issuer}/move", EditHierarchy over Issuer, move_issuer, "Move a branch"),
    route!(GET "/api/v1/issuers/{issuer}/keys", ViewHierarchy over Issuer, list_keys, "The keys of a node"),
    route!(POST "/api/v1/issuers/{issuer}/keys", ManageKeys over Issuer, rotate_key, "Make a new signing key"),
    route!(POST "/api/v1/issuers/{issuer}/keys/{key}/revoke", ManageKeys over Issuer, revoke_key, "Revoke a key that is compromised"),
];

/// A node as the API shows it.
#[derive(Debug, Serialize)]
struct IssuerResponse {
    id: IssuerId,
    kind: Kind,
    parent: Option<IssuerId>,
    slug: String,
    name: String,
    description: Option<String>,
    url: Option<String>,
    email: Option<String>,
    archived: bool,
    version: i32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuerRequest {
    parent: IssuerId,
    kind: Kind,
    slug: String,
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    email: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveRequest {
    parent: IssuerId,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RevokeKeyRequest {
    /// From when what it signed cannot be trusted.
    compromised_at: String,
}

impl From<Node> for IssuerResponse {
    fn from(node: Node) -> Self {
        let kind = node.kind();
        let Node { id, parent_id, slug, name, description, url, email, archived_at, version, .. } = node;
        let archived = archived_at.is_some();
        Self { id, kind, parent: parent_id, slug, name, description, url, email, archived, version }
    }
}

async fn list_issuers(access: Access, db: Data<Db>, page: Page) -> Result<HttpResponse, Problem> {
    let organisation = access.actor()?.organisation;
    let after = page.after.clone();
    let rows = db.read(move |conn| tree::list(conn, organisation, after.as_deref(), page.limit + 1)).await?;
    let ends = |node: &Node| node.path.clone();
    Ok(page.answer(rows, ends, IssuerResponse::from))
}

async fn add_issuer(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    signers: Data<Signers>,
    request: Json<IssuerRequest>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (access.actor()?.name_for_audit(), clock.now());
    let IssuerRequest { parent, kind, slug, name, description, url, email } = request.value;
    let place = db.read(move |conn| place_of_issuer(conn, parent)).await?;
    access.permit_found(place)?;
    let new = NewNode { parent: Some(parent), kind, slug, name, description, url, email };
    let node = db
        .write(move |conn, trail| {
            let node = tree::add(conn, new, now)?;
            if kind.signs() {
                signers.make(conn, node.id, now)?;
            }
            trail.note(event(&node, actor, "add_issuer", now));
            Ok::<_, IssuerError>(node)
        })
        .await?;
    let location = format!("/api/v1/issuers/{}", node.id);
    Ok(HttpResponse::Created().insert_header(("Location", location)).json(IssuerResponse::from(node)))
}

async fn show_issuer(db: Data<Db>, issuer: Path<IssuerId>) -> Result<HttpResponse, Problem> {
    let node = db.read(move |conn| tree::find(conn, issuer.into_inner())).await?;
    Ok(HttpResponse::Ok().json(IssuerResponse::from(node.ok_or_else(Problem::not_found)?)))
}

async fn change_issuer(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    issuer: Path<IssuerId>,
    request: Json<Change>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (access.actor()?.name_for_audit(), clock.now());
    let node = db
        .write(move |conn, trail| {
            let node = tree::change(conn, issuer.into_inner(), request.value, now)?;
            trail.note(event(&node, actor, "change_issuer", now));
            Ok::<_, IssuerError>(node)
        })
        .await?;
    Ok(HttpResponse::Ok().json(IssuerResponse::from(node)))
}

async fn move_issuer(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    issuer: Path<IssuerId>,
    request: Json<MoveRequest>,
) -> Result<HttpResponse, Problem> {
    let (actor, now, parent) = (access.actor()?.name_for_audit(), clock.now(), request.value.parent);
    let place = db.read(move |conn| place_of_issuer(conn, parent)).await?;
    access.permit_found(place)?;
    let node = db
        .write(move |conn, trail| {
            let node = tree::move_branch(conn, issuer.into_inner(), parent)?;
            trail.note(event(&node, actor, "move_issuer", now));
            Ok::<_, IssuerError>(node)
        })
        .await?;
    Ok(HttpResponse::Ok().json(IssuerResponse::from(node)))
}

async fn list_keys(db: Data<Db>, issuer: Path<IssuerId>) -> Result<HttpResponse, Problem> {
    let keys = db.read(move |conn| keys::published(conn, issuer.into_inner())).await?;
    Ok(HttpResponse::Ok().json(Keys { keys }))
}

#[derive(Serialize)]
struct Keys {
    keys: Vec<PublishedKey>,
}

async fn rotate_key(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    signers: Data<Signers>,
    issuer: Path<IssuerId>,
) -> Result<HttpResponse, Problem> {
    let (actor, now, issuer) = (access.actor()?.name_for_audit(), clock.now(), issuer.into_inner());
    let keys = db
        .write(move |conn, trail| {
            let node = tree::find(conn, issuer)?.ok_or(IssuerError::NoNode)?;
            if !node.kind().signs() {
                return Err(IssuerError::Unsigning);
            }
            signers.make(conn, issuer, now)?;
            trail.note(event(&node, actor, "rotate_key", now));
            Ok(keys::published(conn, issuer)?)
        })
        .await?;
    Ok(HttpResponse::Created().json(Keys { keys }))
}

async fn revoke_key(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    signers: Data<Signers>,
    path: Path<(IssuerId, KeyId)>,
    request: Json<RevokeKeyRequest>,
) -> Result<HttpResponse, Problem> {
    let (actor, now, (issuer, key)) = (access.actor()?.name_for_audit(), clock.now(), path.into_inner());
    let since: badges_core::time::Timestamp = request.value.compromised_at.parse().map_err(|_| {
        Problem::field("compromised_at", "time", "is no time: write one such as 2026-06-30T12:00:00Z")
    })?;
    let keys = db
        .write(move |conn, trail| {
            let node = tree::find(conn, issuer)?.ok_or(IssuerError::NoNode)?;
            keys::revoke(conn, &signers, issuer, key, Moment::from(since), now)?;
            trail.note(event(&node, actor, "revoke_key", now));
            Ok::<_, IssuerError>(keys::published(conn, issuer)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Keys { keys }))
}

fn event(node: &Node, actor: String, action: &'static str, at: Moment) -> Event {
    let (organisation, object) = (Some(node.organisation_id), node.id.to_string());
    Event { organisation, actor, action, object, detail: String::new(), at }
}
