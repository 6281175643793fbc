//! Awards as the world sees them: one address, in the form that is asked for.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Data, Path},
};

use super::{
    AwardError,
    files::{self, Form, Shown},
    page,
};
use crate::{
    auth::{Access, place_of_badge},
    caching::{self, Freshness},
    clock::Clock,
    config::Config,
    db::Db,
    ids::AwardId,
    images,
    issuers::Signers,
    problem::Problem,
    routes::{Route, route},
    web::answer as html,
};

/// What this capability answers to the world.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/awards/{award}", Public over None, show_award, "An award: its page, or its credential in the form that is asked for"),
    route!(GET "/awards/{award}/credential.json", Public over None, show_award, "The credential of an award"),
    route!(GET "/awards/{award}/credential.jwt", Public over None, show_award, "The credential of an award as a token"),
    route!(GET "/awards/{award}/badge", Public over None, show_award, "The picture of an award, which carries the credential"),
];

async fn show_award(
    request: HttpRequest,
    access: Access,
    db: Data<Db>,
    config: Data<Config>,
    clock: Data<Clock>,
    signers: Data<Signers>,
    award: Path<String>,
) -> Result<HttpResponse, Problem> {
    match wanted(&request) {
        None => show_page(&request, &access, &db, &config, &clock, &award).await,
        Some(forms) => answer(&request, &access, &db, &clock, signers.into_inner(), &award, &forms).await,
    }
}

async fn answer(
    request: &HttpRequest,
    access: &Access,
    db: &Db,
    clock: &Clock,
    signers: Arc<Signers>,
    id: &str,
    forms: &[Form],
) -> Result<HttpResponse, Problem> {
    let id: AwardId = id.parse().map_err(|_| Problem::not_found())?;
    let signed_in = access.visitor().is_some();
    let pictured = forms.iter().any(|form| matches!(form, Form::Picture(Some(_))));
    let found = db.look(move |conn| {
        let Some(shown) = files::find(conn, id)? else { return Ok(None) };
        let place = if signed_in { place_of_badge(conn, shown.award.badge_id)? } else { None };
        let picture = if pictured { files::image_type(conn, &shown.award)? } else { None };
        Ok::<_, AwardError>(Some((shown, place, picture)))
    });
    let (shown, place, picture) = found.await?.ok_or_else(Problem::not_found)?;
    visible(&shown, page::knows(access, &shown.award, place.as_ref()))?;
    let form = forms.iter().find(|form| form.fits(picture.as_deref()));
    let form = form.ok_or_else(|| not_this_picture(picture.as_deref()))?;
    let (kind, bytes) = match form {
        Form::Json => ("application/vc".to_owned(), shown.text.clone().map(String::into_bytes)),
        Form::Jwt => {
            let token = files::token(db, &signers, &shown, clock.now()).await?;
            ("application/jwt".to_owned(), token.map(String::into_bytes))
        }
        Form::Picture(_) => {
            let shown = shown.clone();
            let picture = db.read(move |conn| files::picture(conn, &shown)).await?;
            picture.map_or((String::new(), None), |(kind, bytes)| (kind, Some(bytes)))
        }
    };
    let bytes = bytes.ok_or_else(Problem::not_found)?;
    let freshness = if shown.award.visibility == "private" { Freshness::Private } else { Freshness::Short };
    Ok(caching::answer(request, &kind, bytes, freshness, &["Accept"]))
}

async fn show_page(
    request: &HttpRequest,
    access: &Access,
    db: &Db,
    config: &Config,
    clock: &Clock,
    id: &str,
) -> Result<HttpResponse, Problem> {
    let id: AwardId = id.parse().map_err(|_| Problem::not_found())?;
    let signed_in = access.visitor().is_some();
    let found = db.look(move |conn| {
        let Some(shown) = files::find(conn, id)? else { return Ok(None) };
        let around = page::around(conn, &shown.award, shown.key)?;
        let place = if signed_in { place_of_badge(conn, shown.award.badge_id)? } else { None };
        Ok::<_, AwardError>(Some((shown, around, place)))
    });
    let (shown, around, place) = found.await?.ok_or_else(Problem::not_found)?;
    let known = page::knows(access, &shown.award, place.as_ref());
    match visible(&shown, known) {
        Ok(()) => page::standing(request, access, config, &shown, around, known, clock.now()),
        Err(problem) if problem.status == StatusCode::GONE => {
            page::revoked(access, config, &shown.award, around)
        }
        Err(problem) => Err(problem),
    }
}

/// Whether a visitor may see it at all, who knows whose it is or not, and whether it still stands.
pub(super) fn visible(shown: &Shown, known: bool) -> Result<(), Problem> {
    let award = &shown.award;
    if award.visibility == "private" && !known {
        return Err(Problem::not_found());
    }
    match award.state.as_str() {
        "revoked" => Err(revoked(shown)),
        "draft" | "scheduled" | "cancelled" => Err(Problem::not_found()),
        _ => Ok(()),
    }
}

fn revoked(shown: &Shown) -> Problem {
    let when = shown.award.state_at.timestamp().map(|time| time.to_string()).unwrap_or_default();
    let why = shown.award.reason.as_deref().filter(|reason| !reason.is_empty());
    let detail = match why {
        Some(why) => format!("this badge was revoked on {when}: {why}"),
        None => format!("this badge was revoked on {when}"),
    };
    Problem::new(StatusCode::GONE, "revoked", detail)
}

/// Pictures are given out as they were drawn: one kind is not made from the other.
fn not_this_picture(picture: Option<&str>) -> Problem {
    let there = picture.unwrap_or("image/*");
    let detail = format!("the picture of this badge is {there} alone: ask with Accept: {there}");
    Problem::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", detail)
}

/// The form that the address names, or those that the visitor takes, the dearest first: none for the page, and the
/// credential for programs that say nothing.
fn wanted(request: &HttpRequest) -> Option<Vec<Form>> {
    match request.path().rsplit('/').next() {
        Some("credential.json") => return Some(vec![Form::Json]),
        Some("credential.jwt") => return Some(vec![Form::Jwt]),
        Some("badge") => return Some(vec![Form::Picture(None)]),
        _ if html::is_wanted(request.headers()) => return None,
        _ => {}
    }
    let accept =
        request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or("*/*");
    let mut taken: Vec<(f32, Form)> = Vec::new();
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
        let form = match kind {
            "application/jwt" | "application/vc+jwt" => Form::Jwt,
            "image/*" => Form::Picture(None),
            images::PNG => Form::Picture(Some(images::PNG)),
            images::SVG => Form::Picture(Some(images::SVG)),
            _ => Form::Json,
        };
        if weight > 0.0 {
            taken.push((weight, form));
        }
    }
    taken.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let forms: Vec<Form> = taken.into_iter().map(|(_, form)| form).collect();
    Some(if forms.is_empty() { vec![Form::Json] } else { forms })
}
