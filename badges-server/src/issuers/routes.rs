//! The hierarchy over HTTP, for programs.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use serde::{Deserialize, Serialize};

use super::{
    IssuerError, Kind, Node, Signers, changes,
    keys::{self, PublishedKey},
    slugs::Slug,
    tree::{self, Change, NewNode},
};
use crate::{
    auth::{Access, place_of_issuer},
    body::{Json, Page, astray},
    clock::{Clock, Moment},
    contacts::EmailOrNothing,
    db::Db,
    idempotency::{Answer, Once},
    ids::{IssuerId, KeyId},
    problem::Problem,
    routes::{Route, route},
    texts::schema::{Line, Paragraph, WebAddressOrNothing},
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/api/v1/issuers", ViewHierarchy over Scoped, list_issuers, "The hierarchy, from the root down", .gives_part::<IssuerResponse>()),
    route!(POST "/api/v1/issuers", EditHierarchy over Body, add_issuer, "Add an issuer or a programme", .json::<IssuerRequest>().gives::<IssuerResponse>(201).repeats()),
    route!(GET "/api/v1/issuers/{issuer}", ViewHierarchy over Issuer, show_issuer, "One node", .gives::<IssuerResponse>(200)),
    route!(PATCH "/api/v1/issuers/{issuer}", EditHierarchy over Issuer, change_issuer, "Change what a node says", .json::<Change>().gives::<IssuerResponse>(200)),
    route!(GET "/api/v1/issuers/{issuer}/keys", ViewHierarchy over Issuer, list_keys, "The keys of a node", .gives::<Keys>(200)),
    route!(POST "/api/v1/issuers/{issuer}/keys", ManageKeys over Issuer, rotate_key, "Make a new signing key", .gives::<Keys>(201).repeats()),
    route!(POST "/api/v1/issuers/{issuer}/keys/{key}/revoke", ManageKeys over Issuer, revoke_key, "Revoke a key that is compromised", .json::<RevokeKeyRequest>().gives::<Keys>(200).repeats()),
];

/// A node as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Issuer)]
pub(crate) struct IssuerResponse {
    id: IssuerId,
    kind: Kind,
    parent: Option<IssuerId>,
    slug: String,
    name: String,
    description: Option<String>,
    url: Option<String>,
    email: Option<String>,
    /// The hash of its own picture, which stands at `/images/{hash}`.
    image: Option<String>,
    archived: bool,
    version: i32,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewIssuer)]
struct IssuerRequest {
    parent: IssuerId,
    kind: Kind,
    #[schema(value_type = Slug)]
    slug: String,
    #[schema(value_type = Line)]
    name: String,
    #[serde(default)]
    #[schema(value_type = Option<Paragraph>)]
    description: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<WebAddressOrNothing>)]
    url: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<EmailOrNothing>)]
    email: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Move)]
pub(crate) struct MoveRequest {
    pub(crate) parent: IssuerId,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = KeyRevocation)]
struct RevokeKeyRequest {
    /// From when what it signed cannot be trusted.
    compromised_at: String,
}

impl From<Node> for IssuerResponse {
    fn from(node: Node) -> Self {
        let kind = node.kind();
        let Node { id, parent_id: parent, slug, name, description, url, email, .. } = node;
        let Node { image_hash: image, archived_at, version, .. } = node;
        let archived = archived_at.is_some();
        Self { id, kind, parent, slug, name, description, url, email, image, archived, version }
    }
}

async fn list_issuers(access: Access, db: Data<Db>, page: Page) -> Result<HttpResponse, Problem> {
    let organisation = access.actor()?.organisation;
    let after = page.after.clone();
    if after.as_deref().is_some_and(|after| !tree::is_path(after)) {
        return Err(astray("is no place in the hierarchy"));
    }
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
    let (actor, now) = (access.actor()?.clone(), clock.now());
    let IssuerRequest { parent, kind, slug, name, description, url, email } = request.value;
    let place = db.read(move |conn| place_of_issuer(conn, parent)).await?;
    access.permit_found(place)?;
    let new = NewNode { parent: Some(parent), kind, slug, name, description, url, email };
    let done = request.once.write(&db, now, move |conn, trail| {
        let node = changes::add(conn, trail, &signers, new, &actor, now)?;
        let location = format!("/api/v1/issuers/{}", node.id);
        Ok::<_, IssuerError>(Answer::json(201, &IssuerResponse::from(node)).at(location))
    });
    done.await
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
    let (actor, now, id) = (access.actor()?.clone(), clock.now(), issuer.into_inner());
    let node =
        db.write(move |conn, trail| changes::change(conn, trail, id, request.value, &actor, now)).await?;
    Ok(HttpResponse::Ok().json(IssuerResponse::from(node)))
}

async fn list_keys(db: Data<Db>, issuer: Path<IssuerId>) -> Result<HttpResponse, Problem> {
    let keys = db.read(move |conn| keys::published(conn, issuer.into_inner())).await?;
    Ok(HttpResponse::Ok().json(Keys { keys }))
}

#[derive(Serialize, utoipa::ToSchema)]
struct Keys {
    keys: Vec<PublishedKey>,
}

async fn rotate_key(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    signers: Data<Signers>,
    issuer: Path<IssuerId>,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let (actor, now, issuer) = (access.actor()?.clone(), clock.now(), issuer.into_inner());
    let done = once.write(&db, now, move |conn, trail| {
        changes::rotate(conn, trail, &signers, issuer, &actor, now)?;
        Ok::<_, IssuerError>(Answer::json(201, &Keys { keys: keys::published(conn, issuer)? }))
    });
    done.await
}

async fn revoke_key(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    signers: Data<Signers>,
    path: Path<(IssuerId, KeyId)>,
    request: Json<RevokeKeyRequest>,
) -> Result<HttpResponse, Problem> {
    let (actor, now, (issuer, key)) = (access.actor()?.clone(), clock.now(), path.into_inner());
    let since: badges_core::time::Timestamp = request.value.compromised_at.parse().map_err(|_| {
        Problem::field("compromised_at", "time", "is no time: write one such as 2026-06-30T12:00:00Z")
    })?;
    let done = request.once.write(&db, now, move |conn, trail| {
        changes::revoke(conn, trail, &signers, (issuer, key), Moment::from(since), &actor, now)?;
        Ok::<_, IssuerError>(Answer::json(200, &Keys { keys: keys::published(conn, issuer)? }))
    });
    done.await
}
