//! Awards as hosted Open Badges 2.0, where their badge turns that on: the Assertion, and a picture that carries it.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Data, Path},
};
use badges_core::bake::{self, Generation};

use super::{
    AwardError,
    assertion::{self, Hosted},
    files, page,
    public::visible,
    rows::Award,
};
use crate::{
    auth::{Access, place_of_badge},
    caching::{self, Freshness},
    config::Config,
    db::{Conn, Db},
    ids::AwardId,
    problem::Problem,
    routes::{Route, route},
};

/// What this capability answers to the world.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/awards/{award}/assertion.json", Public over None, show_assertion, "An award as a hosted Assertion of Open Badges 2.0"),
    route!(GET "/awards/{award}/assertion-badge", Public over None, show_assertion, "The picture of an award, which carries its Assertion of Open Badges 2.0"),
];

async fn show_assertion(
    request: HttpRequest,
    access: Access,
    (db, config): (Data<Db>, Data<Config>),
    award: Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: AwardId = award.parse().map_err(|_| Problem::not_found())?;
    let (base, baked) = (config.base().to_owned(), request.path().ends_with("/assertion-badge"));
    let found = db.read(move |conn| {
        let Some(shown) = files::find(conn, id)? else { return Ok(None) };
        let Some(hosted) = assertion::hosted(conn, &base, &shown)? else { return Ok(None) };
        let place = place_of_badge(conn, shown.award.badge_id)?;
        let carried = match &hosted {
            Hosted::Stands(text) if baked => picture(conn, &shown.award, text)?,
            _ => None,
        };
        Ok::<_, AwardError>(Some((shown, hosted, place, carried)))
    });
    let (shown, hosted, place, carried) = found.await?.ok_or_else(Problem::not_found)?;
    let known = page::knows(&access, &shown.award, place.as_ref());
    // What is revoked is said in the words of Open Badges 2.0, to those who may see it at all.
    visible(&shown, known).or_else(|why| if why.status == StatusCode::GONE { Ok(()) } else { Err(why) })?;
    let freshness = if shown.award.visibility == "private" { Freshness::Private } else { Freshness::Short };
    match (hosted, carried) {
        (Hosted::Gone(text), _) => Ok(gone(text, freshness)),
        (Hosted::Stands(_), Some((kind, bytes))) => {
            Ok(caching::answer(&request, &kind, bytes, freshness, &[]))
        }
        (Hosted::Stands(_), None) if baked => Err(Problem::not_found()),
        (Hosted::Stands(text), None) => {
            Ok(caching::answer(&request, "application/ld+json", text.into_bytes(), freshness, &[]))
        }
    }
}

/// Who hosts what was revoked says 410 with it (OB 2.0, Revocation).
fn gone(text: String, freshness: Freshness) -> HttpResponse {
    HttpResponse::Gone()
        .insert_header((header::CACHE_CONTROL, freshness.control()))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .content_type("application/ld+json")
        .body(text)
}

/// The picture with the Assertion in it, and its media type.
fn picture(conn: &mut Conn, award: &Award, text: &str) -> Result<Option<(String, Vec<u8>)>, AwardError> {
    let Some((kind, bytes)) = files::image(conn, award)? else { return Ok(None) };
    Ok(Some((kind, bake::bake(&bytes, text, Generation::V2).map_err(AwardError::Bake)?)))
}
