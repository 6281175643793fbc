//! Where one is signed in, and the services that one signs in with, over HTTP for programs.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use serde::Serialize;

use super::{
    providers::{self, Known},
    routes::Items,
    sessions::{self, Session},
};
use crate::{
    auth::Access,
    clock::Clock,
    db::Db,
    ids::SessionId,
    oidc::{Provider, Providers},
    problem::Problem,
    routes::{Route, route},
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/api/v1/sessions", Own over None, list_sessions, "Browsers in which one is signed in", .gives_all::<SessionResponse>()),
    route!(DELETE "/api/v1/sessions/{session}", Own over None, end_session, "Sign a browser out", .gives_nothing()),
    route!(GET "/api/v1/providers", Own over None, list_providers, "Services that one may sign in with", .gives_all::<ProviderResponse>()),
    route!(DELETE "/api/v1/providers/{provider}", Own over None, end_provider, "Sign in with another service no more", .gives_nothing()),
];

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Session)]
struct SessionResponse {
    id: SessionId,
    /// The browser in a few words.
    client: String,
    seen_at: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Provider)]
struct ProviderResponse {
    /// Its short name in addresses.
    key: String,
    name: String,
    /// Whether one signs in with it.
    linked: bool,
}

async fn list_sessions(access: Access, db: Data<Db>, clock: Data<Clock>) -> Result<HttpResponse, Problem> {
    let (account, now) = (access.actor()?.account, clock.now());
    let open = db.read(move |conn| sessions::list(conn, account, now)).await.map_err(Problem::from)?;
    Ok(HttpResponse::Ok().json(Items { items: open.into_iter().map(SessionResponse::from).collect() }))
}

async fn end_session(
    access: Access,
    db: Data<Db>,
    session: Path<SessionId>,
) -> Result<HttpResponse, Problem> {
    let (account, id) = (access.actor()?.account, session.into_inner());
    let ended = db.write(move |conn, _| sessions::end(conn, account, id)).await.map_err(Problem::from)?;
    if ended { Ok(HttpResponse::NoContent().finish()) } else { Err(Problem::not_found()) }
}

async fn list_providers(access: Access, db: Data<Db>, all: Data<Providers>) -> Result<HttpResponse, Problem> {
    let contact = access.actor()?.contact;
    let linked = db.read(move |conn| providers::linked(conn, contact)).await.map_err(Problem::from)?;
    let items = all.all().map(|provider| ProviderResponse::new(provider, &linked)).collect();
    Ok(HttpResponse::Ok().json(Items::<ProviderResponse> { items }))
}

async fn end_provider(
    access: Access,
    (db, clock, all): (Data<Db>, Data<Clock>, Data<Providers>),
    key: Path<String>,
) -> Result<HttpResponse, Problem> {
    let provider = all.named(&key).ok_or_else(Problem::not_found)?;
    let (actor, known, now) = (access.actor()?.clone(), Known::from(provider), clock.now());
    db.write(move |conn, trail| providers::unlink(conn, trail, &known, &actor, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<Session> for SessionResponse {
    fn from(session: Session) -> Self {
        let Session { id, token_hash: _, client, seen_at } = session;
        Self { id, client, seen_at: seen_at.timestamp().map(|time| time.to_string()) }
    }
}

impl ProviderResponse {
    fn new(provider: &Provider, linked: &[String]) -> Self {
        let linked = linked.contains(&provider.issuer);
        Self { key: provider.key.clone(), name: provider.name.clone(), linked }
    }
}
