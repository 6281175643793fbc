//! What the world may fetch of badges: Achievements and images.

pub(crate) mod views;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};

use super::{hosted, versions};
use crate::{
    caching::{self, Freshness},
    config::Config,
    db::Db,
    ids::BadgeId,
    images,
    problem::Problem,
    routes::{Route, route},
};

/// What this capability answers to the world.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/images/{hash}", Public over None, show_image, "An image, for ever"),
    route!(GET "/badges/{badge}/versions/{number}/class.json", Public over None, show_class, "A version for hosted Open Badges 2.0"),
];

/// The Achievement of a published version, or of the newest.
pub(crate) async fn achievement(
    request: &HttpRequest,
    db: &Db,
    badge: BadgeId,
    number: Option<i32>,
) -> Result<HttpResponse, Problem> {
    let text =
        db.look(move |conn| versions::achievement(conn, badge, number)).await.map_err(Problem::from)?;
    let bytes = text.ok_or_else(Problem::not_found)?.into_bytes();
    Ok(caching::answer(request, "application/ld+json", bytes, Freshness::Short, &["Accept"]))
}

async fn show_class(
    request: HttpRequest,
    (db, config): (Data<Db>, Data<Config>),
    path: Path<(BadgeId, i32)>,
) -> Result<HttpResponse, Problem> {
    let ((badge, number), base) = (path.into_inner(), config.base().to_owned());
    let class =
        db.look(move |conn| hosted::class(conn, &base, badge, number)).await.map_err(Problem::from)?;
    let bytes = serde_json::to_vec(&class.ok_or_else(Problem::not_found)?).unwrap_or_default();
    Ok(caching::answer(&request, "application/ld+json", bytes, Freshness::Short, &[]))
}

async fn show_image(request: HttpRequest, db: Data<Db>, hash: Path<String>) -> Result<HttpResponse, Problem> {
    let image = db.read(move |conn| images::find(conn, &hash)).await.map_err(Problem::from)?;
    let (kind, bytes) = image.ok_or_else(Problem::not_found)?;
    Ok(caching::answer(&request, &kind, bytes, Freshness::Forever, &[]))
}
