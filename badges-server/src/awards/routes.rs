//! Awards over HTTP, for programs.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path, Query},
};
use serde::Deserialize;

use super::{
    desk::{Desk, Giver},
    list::{self, Filter},
    request::AwardRequest,
    response::AwardResponse,
    rows,
    states::{self, Step},
};
use crate::{
    auth::{Access, place_of_badge},
    body::{Json, Page},
    clock::Clock,
    config::Config,
    db::Db,
    idempotency::Answer,
    ids::AwardId,
    problem::Problem,
    rights::{Action, Actor, Role, Scope},
    routes::{Route, route},
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(POST "/api/v1/awards", Award over Body, award_badge, "Award a badge to one or to many"),
    route!(GET "/api/v1/awards", ViewAwards over Scoped, list_awards, "Awards, the newest first"),
    route!(GET "/api/v1/awards/{award}", ViewAwards over Award, show_award, "One award"),
    route!(POST "/api/v1/awards/{award}/revoke", Revoke over Award, step_award, "Withdraw an award for good"),
    route!(POST "/api/v1/awards/{award}/suspend", Revoke over Award, step_award, "Withdraw an award for a while"),
    route!(POST "/api/v1/awards/{award}/reinstate", Revoke over Award, step_award, "Give a suspended award back"),
];

/// Awards a badge.
async fn award_badge(
    access: Access,
    desk: Data<Desk>,
    clock: Data<Clock>,
    config: Data<Config>,
    request: Json<AwardRequest>,
) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?.clone();
    let keyed = request.keyed(&actor.account.to_string(), "POST /api/v1/awards");
    let gift = request.value.gift()?;
    let badge = gift.badge;
    match desk.place(badge).await {
        Ok(place) => access.permit(&place)?,
        Err(error) => {
            // Why a badge cannot be awarded is for those alone who might award it.
            access.permit_found(desk.db.read(move |conn| place_of_badge(conn, badge)).await?)?;
            return Err(error.into());
        }
    }
    let done = desk.into_inner().give(gift, giver(&actor, &config), keyed, clock.now()).await?;
    Ok(replayable(&done.answer))
}

/// Awards of one badge, or of all where the right is over the whole organisation.
async fn list_awards(
    access: Access,
    desk: Data<Desk>,
    page: Page,
    filter: Query<Filter>,
) -> Result<HttpResponse, Problem> {
    let (actor, filter) = (access.actor()?, filter.into_inner());
    let place = match filter.badge {
        Some(badge) => desk.db.read(move |conn| place_of_badge(conn, badge)).await.map_err(Problem::from)?,
        None => Some(actor.organisation_place()),
    };
    access.permit_found(place)?;
    let after = page.after.as_deref().map(str::parse).transpose().map_err(|_| Problem::not_found())?;
    let (organisation, limit) = (actor.organisation, page.limit + 1);
    let rows = desk.db.read(move |conn| list::list(conn, organisation, filter, after, limit)).await?;
    let base = &desk.base;
    Ok(page.answer(rows, |award| award.public_id.to_string(), |award| AwardResponse::new(&award, base)))
}

/// One award.
async fn show_award(
    db: Data<Db>,
    config: Data<Config>,
    award: Path<AwardId>,
) -> Result<HttpResponse, Problem> {
    let found = db.read(move |conn| rows::find(conn, award.into_inner())).await.map_err(Problem::from)?;
    let award = found.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(AwardResponse::new(&award, config.base())))
}

/// Why an award is withdrawn or given back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepRequest {
    reason: String,
}

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// Takes the step that the address names.
async fn step_award(
    access: Access,
    desk: Data<Desk>,
    clock: Data<Clock>,
    path: Path<AwardId>,
    address: HttpRequest,
    request: Json<StepRequest>,
) -> Result<HttpResponse, Problem> {
    let (id, now) = (path.into_inner(), clock.now());
    let step = address.path().rsplit('/').next().and_then(Step::named).ok_or_else(Problem::not_found)?;
    let reason = request.value.reason;
    let actor = access.actor()?.name_for_audit();
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        let message =
            format!("must say why, in 1 to {LONGEST_REASON} characters: the page of the award shows it");
        return Err(Problem::field("reason", "length", message));
    }
    let award =
        desk.db.write(move |conn, trail| states::take(conn, trail, id, step, &reason, &actor, now)).await?;
    Ok(HttpResponse::Ok().json(AwardResponse::new(&award, &desk.base)))
}

/// Who awards, and how much of it in a day.
pub(crate) fn giver(actor: &Actor, config: &Config) -> Giver {
    let quotas = &config.quotas;
    let bulk = actor.token.as_ref().is_some_and(|(_, scopes)| scopes.contains(&Scope::AwardsBulk));
    let leads = actor.roles.iter().any(|held| matches!(held.role, Role::Owner | Role::Administrator));
    let quota = match (bulk && actor.may_anywhere(Action::AwardInBulk), leads) {
        (true, _) => quotas.awards_bulk,
        (false, true) => quotas.awards_administrator,
        (false, false) => quotas.awards_mentor,
    };
    Giver {
        account: Some(actor.account),
        contact: Some(actor.contact),
        named: actor.name_for_audit(),
        quota: Some(quota),
    }
}

/// An answer as it was given the first time.
pub(crate) fn replayable(answer: &Answer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    if let Some(location) = &answer.location {
        response.insert_header(("Location", location.as_str()));
    }
    response.content_type("application/json").body(answer.body.clone())
}
