//! What there is to earn, for everybody: the first page, the tree, one badge, one node of the hierarchy.

mod pages;
mod rows;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Path},
};
use serde::Deserialize;

use self::rows::{Kind, Slug};
use crate::{
    auth::Access,
    badges,
    body::Query,
    caching,
    config::Config,
    db::{Db, DbError},
    ids::{BadgeId, IssuerId},
    issuers::{self, Signers},
    problem::{Faults, Problem},
    routes::{Route, route},
    texts::LINE,
    web::answer,
};

/// What this capability answers to the world.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/", Public over None, show_home, "The first page"),
    route!(GET "/badges", Public over None, show_catalogue, "Every badge that can be earned, as a tree or as what is looked for"),
    route!(GET "/badges/{badge}", Public over None, show_badge, "A badge by slug or identifier: its page, or the Achievement of its newest version"),
    route!(GET "/badges/{badge}/versions/{number}", Public over None, show_version, "One version, for ever: its page, or its Achievement"),
    route!(GET "/badges/{badge}/preview", DesignBadges over Badge, show_preview, "The newest draft of a badge, as learners will see it"),
    route!(GET "/issuers/{issuer}", Public over None, show_issuer, "A node by slug or identifier: its page, or its Profile"),
];

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    track: String,
}

async fn show_home(
    request: HttpRequest,
    access: Access,
    db: Data<Db>,
    config: Data<Config>,
) -> Result<HttpResponse, Problem> {
    let (nodes, cards) = db.read(|conn| Ok::<_, DbError>((rows::nodes(conn)?, rows::recent(conn)?))).await?;
    answer::page(&request, &access, &pages::home(&access, &config, &nodes, cards))
}

async fn show_catalogue(
    request: HttpRequest,
    access: Access,
    db: Data<Db>,
    config: Data<Config>,
    search: Query<Search>,
) -> Result<HttpResponse, Problem> {
    let words = search.q.trim().to_owned();
    let mut faults = Faults::default();
    faults.at_most("q", &words, LINE);
    faults.none()?;
    let (nodes, cards) =
        db.read(|conn| Ok::<_, DbError>((rows::nodes(conn)?, rows::published(conn)?))).await?;
    let page = pages::catalogue(&access, &config, &nodes, cards, words, &search.track);
    answer::page(&request, &access, &page)
}

async fn show_badge(
    request: HttpRequest,
    access: Access,
    db: Data<Db>,
    config: Data<Config>,
    badge: Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: BadgeId = match badge.parse() {
        Ok(id) => id,
        Err(_) => match named(&db, Kind::Badge, &badge).await? {
            Slug::Present(id) => id.parse().map_err(|_| Problem::not_found())?,
            Slug::Moved(to) => return Ok(moved(&format!("/badges/{to}"))),
        },
    };
    if answer::is_wanted(request.headers()) {
        return badge_page(&request, &access, &db, &config, id, None).await;
    }
    badges::public::achievement(&request, &db, id, None).await
}

async fn show_version(
    request: HttpRequest,
    access: Access,
    db: Data<Db>,
    config: Data<Config>,
    path: Path<(BadgeId, i32)>,
) -> Result<HttpResponse, Problem> {
    let (badge, number) = path.into_inner();
    if answer::is_wanted(request.headers()) {
        return badge_page(&request, &access, &db, &config, badge, Some(number)).await;
    }
    badges::public::achievement(&request, &db, badge, Some(number)).await
}

async fn show_preview(
    request: HttpRequest,
    access: Access,
    db: Data<Db>,
    config: Data<Config>,
) -> Result<HttpResponse, Problem> {
    let badge = access.badge()?;
    let found = db.look(move |conn| rows::preview(conn, badge)).await?.ok_or_else(Problem::not_found)?;
    answer::page(&request, &access, &pages::preview(&access, &config, found))
}

async fn badge_page(
    request: &HttpRequest,
    access: &Access,
    db: &Db,
    config: &Config,
    badge: BadgeId,
    number: Option<i32>,
) -> Result<HttpResponse, Problem> {
    let found = db.look(move |conn| rows::badge(conn, badge, number)).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    answer::page(request, access, &pages::badge(access, config, found))
}

async fn show_issuer(
    request: HttpRequest,
    access: Access,
    db: Data<Db>,
    config: Data<Config>,
    signers: Data<Signers>,
    issuer: Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: IssuerId = match issuer.parse() {
        Ok(id) => id,
        Err(_) => match named(&db, Kind::Issuer, &issuer).await? {
            Slug::Present(id) => id.parse().map_err(|_| Problem::not_found())?,
            Slug::Moved(to) => return Ok(moved(&format!("/issuers/{to}"))),
        },
    };
    if !answer::is_wanted(request.headers()) {
        return issuers::public::profile(&request, &db, &config, signers.into_inner(), id).await;
    }
    let found = db.look(move |conn| rows::node(conn, id)).await?.ok_or_else(Problem::not_found)?;
    let did = signers.did(id).filter(|_| found.node.kind().signs());
    answer::page(&request, &access, &pages::issuer(&access, &config, found, did))
}

async fn named(db: &Db, kind: Kind, slug: &str) -> Result<Slug, Problem> {
    let slug = slug.to_owned();
    db.look(move |conn| rows::named(conn, kind, &slug)).await?.ok_or_else(Problem::not_found)
}

/// A slug that was given up leads to the present one.
fn moved(to: &str) -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, to))
        .insert_header((header::CACHE_CONTROL, caching::Freshness::Short.control()))
        .finish()
}
