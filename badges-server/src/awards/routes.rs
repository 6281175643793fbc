//! Awards over HTTP, for programs.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use serde::Deserialize;

use super::{
    AwardError,
    credential::Evidence,
    desk::{Desk, Giver},
    list::{self, Filter, Sought},
    mending::Replacement,
    rehearsal::RehearsalResponse,
    request::{AwardRequest, said},
    response::{AwardResponse, Awarded},
    rows,
    states::{self, Step},
};
use crate::{
    auth::{Access, place_of_badge},
    badges::prepared::Prepared,
    body::{Json, Page, Query},
    clock::Clock,
    config::Config,
    contacts::{Email, EmailAddress, address::AddressError},
    db::{Db, DbError},
    idempotency::{Answer, Once},
    ids::{AwardId, BadgeId},
    problem::{Faults, Problem},
    rights::{Action, Actor, Place, Role, Scope},
    routes::{Route, route},
    texts::{
        self, REASON,
        schema::{Few, Note, ReasonText},
    },
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(POST "/api/v1/awards", Award over Body, award_badge, "Award a badge to one or to many", .json::<AwardRequest>().asks::<Manner>().gives::<Awarded>(201).gives::<RehearsalResponse>(200).repeats().refuses(&[429])),
    route!(GET "/api/v1/awards", ViewAwards over Scoped, list_awards, "Awards, the newest first", .asks::<Filter>().gives_part::<AwardResponse>().behind::<AwardId>()),
    route!(GET "/api/v1/awards/{award}", ViewAwards over Award, show_award, "One award", .gives::<AwardResponse>(200)),
    route!(POST "/api/v1/awards/{award}/cancel", Award over Award, step_award, "Call back an award before it is issued", .json::<StepRequest>().gives::<AwardResponse>(200).repeats()),
    route!(POST "/api/v1/awards/{award}/revoke", Revoke over Award, step_award, "Revoke an award", .json::<StepRequest>().gives::<AwardResponse>(200).repeats()),
    route!(POST "/api/v1/awards/{award}/suspend", Revoke over Award, step_award, "Suspend an award", .json::<StepRequest>().gives::<AwardResponse>(200).repeats()),
    route!(POST "/api/v1/awards/{award}/reinstate", Revoke over Award, step_award, "Give a suspended award back", .json::<StepRequest>().gives::<AwardResponse>(200).repeats()),
    route!(POST "/api/v1/awards/{award}/supersede", Revoke over Award, supersede_award, "Put a new award in the place of one", .json::<SupersedeRequest>().gives::<Awarded>(201).repeats().refuses(&[429])),
    route!(POST "/api/v1/awards/{award}/correct", Award over Award, correct_award, "Award an unclaimed badge to the right address instead", .json::<CorrectRequest>().gives::<Awarded>(201).repeats().refuses(&[429])),
    route!(POST "/api/v1/awards/{award}/resend", Award over Award, resend_award, "Tell the holder of an award once more", .gives::<AwardResponse>(200).repeats().refuses(&[429])),
];

/// Awards a badge.
async fn award_badge(
    access: Access,
    desk: Data<Desk>,
    clock: Data<Clock>,
    config: Data<Config>,
    manner: Query<Manner>,
    request: Json<AwardRequest>,
) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?.clone();
    let keyed = request.once.0;
    let dry_run = manner.dry_run || request.value.dry_run;
    let issue_at = request.value.issue_at();
    let gift = request.value.gift(clock.now())?;
    let prepared = may_award(&access, &desk, gift.badge).await?;
    if dry_run {
        let tried = desk.into_inner().rehearse(gift, giver(&actor, &config), clock.now()).await?;
        return Ok(HttpResponse::Ok().json(tried.response()));
    }
    let desk = desk.into_inner();
    let giver = giver(&actor, &config);
    let done = desk.give_prepared(prepared, gift, giver, keyed, issue_at, clock.now()).await?;
    Ok(done.answer(config.base()).response())
}

/// A badge that can be awarded at this moment, if the right of the route over it is there.
pub(crate) async fn may_award(
    access: &Access,
    desk: &Desk,
    badge: BadgeId,
) -> Result<Arc<Prepared>, Problem> {
    match desk.prepared(badge).await {
        Ok(prepared) => access.permit(&prepared.place).map(|()| prepared),
        Err(error) => {
            // Why a badge cannot be awarded is for those alone who might award it.
            access.permit_found(desk.db.read(move |conn| place_of_badge(conn, badge)).await?)?;
            Err(error.into())
        }
    }
}

/// Where a list stands: that of one badge, or of all.
pub(crate) async fn place_of_list(
    db: &Db,
    actor: &Actor,
    badge: Option<BadgeId>,
) -> Result<Option<Place>, Problem> {
    match badge {
        Some(badge) => Ok(db.read(move |conn| place_of_badge(conn, badge)).await?),
        None => Ok(Some(actor.organisation_place())),
    }
}

/// How an award is asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Manner {
    #[serde(default)]
    dry_run: bool,
}

/// Awards of one badge, or all that the actor may see: those of their branches, and what they gave.
async fn list_awards(access: Access, desk: Data<Desk>, page: Page<Filter>) -> Result<HttpResponse, Problem> {
    let sought = sought(&access, &desk.db, page.filter.clone()).await?;
    let (actor, after, limit) = (access.actor()?.clone(), page.behind()?, page.limit + 1);
    let rows = desk.db.read(move |conn| list::list(conn, &actor, &sought, after, limit)).await?;
    let base = &desk.base;
    Ok(page.answer(rows, |award| award.public_id.to_string(), |award| AwardResponse::new(&award, base)))
}

/// Which awards a program asks for, if it may see them.
pub(super) async fn sought(access: &Access, db: &Db, filter: Filter) -> Result<Sought, Problem> {
    let actor = access.actor()?;
    if filter.badge.is_some() {
        access.permit_found(place_of_list(db, actor, filter.badge).await?)?;
    }
    Sought::of(filter, actor)
}

/// One award.
async fn show_award(
    db: Data<Db>,
    config: Data<Config>,
    award: Path<AwardId>,
) -> Result<HttpResponse, Problem> {
    let id = award.into_inner();
    let found = db.read(move |conn| {
        let Some(award) = rows::find(conn, id)? else { return Ok(None) };
        let successor = rows::successor(conn, award.id)?;
        Ok::<_, DbError>(Some((award, successor)))
    });
    let (award, superseded_by) = found.await.map_err(Problem::from)?.ok_or_else(Problem::not_found)?;
    let response = AwardResponse { superseded_by, ..AwardResponse::new(&award, config.base()) };
    Ok(HttpResponse::Ok().json(response))
}

/// Why an award is revoked or given back.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Reason)]
struct StepRequest {
    #[schema(value_type = ReasonText)]
    reason: String,
}

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
    let step = Step::of(address.path()).ok_or_else(Problem::not_found)?;
    let (reason, actor) = (reason(&request.value.reason)?, access.actor()?.name_for_audit());
    let base = desk.base.clone();
    let done = request.once.write(&desk.db, now, move |conn, trail| {
        let award = states::take(conn, trail, id, step, &reason, &actor, now)?;
        Ok::<_, AwardError>(Answer::json(200, &AwardResponse::new(&award, &base)))
    });
    done.await
}

/// What takes the place of an award.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Supersession)]
struct SupersedeRequest {
    #[schema(value_type = ReasonText)]
    reason: String,
    #[serde(default)]
    #[schema(value_type = Option<Note>)]
    note: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<Few<Evidence>>, inline)]
    evidence: Option<Vec<Evidence>>,
}

async fn supersede_award(
    access: Access,
    desk: Data<Desk>,
    (clock, config): (Data<Clock>, Data<Config>),
    award: Path<AwardId>,
    request: Json<SupersedeRequest>,
) -> Result<HttpResponse, Problem> {
    let (actor, id) = (access.actor()?.clone(), award.into_inner());
    access.place().map_or(Ok(()), |place| access.permit_also(Action::Award, place))?;
    let keyed = request.once.0;
    let SupersedeRequest { reason: why, note, evidence } = request.value;
    let mut faults = Faults::default();
    said(note.as_deref(), evidence.as_deref().unwrap_or_default(), &mut faults);
    faults.none()?;
    let replacement = Replacement { reason: reason(&why)?, email: None, note, evidence };
    let giver = giver(&actor, &config);
    let done = desk.into_inner().replace(id, replacement, giver, keyed, clock.now()).await?;
    Ok(done.answer(config.base()).response())
}

/// The address that was meant.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Correction)]
struct CorrectRequest {
    #[schema(value_type = Email)]
    email: String,
}

async fn correct_award(
    access: Access,
    desk: Data<Desk>,
    (clock, config): (Data<Clock>, Data<Config>),
    award: Path<AwardId>,
    request: Json<CorrectRequest>,
) -> Result<HttpResponse, Problem> {
    let (actor, id) = (access.actor()?.clone(), award.into_inner());
    let keyed = request.once.0;
    let replacement = correction(&request.value.email)?;
    let giver = giver(&actor, &config);
    let done = desk.into_inner().replace(id, replacement, giver, keyed, clock.now()).await?;
    Ok(done.answer(config.base()).response())
}

/// An award to the right address instead.
pub(super) fn correction(email: &str) -> Result<Replacement, Problem> {
    let email: EmailAddress = email
        .trim()
        .parse()
        .map_err(|error: AddressError| Problem::field("email", "email", error.to_string()))?;
    let reason = "It went to a wrong address.".to_owned();
    Ok(Replacement { reason, email: Some(email), ..Replacement::default() })
}

async fn resend_award(
    access: Access,
    desk: Data<Desk>,
    clock: Data<Clock>,
    award: Path<AwardId>,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let (actor, id, now) = (access.actor()?.name_for_audit(), award.into_inner(), clock.now());
    let by = desk.clone().into_inner();
    let done = once.write(&desk.db, now, move |conn, trail| {
        let award = by.resend(conn, trail, id, &actor, now)?;
        Ok::<_, AwardError>(Answer::json(200, &AwardResponse::new(&award, &by.base)))
    });
    done.await
}

/// Why something is done to an award, as its page will say it.
pub(super) fn reason(text: &str) -> Result<String, Problem> {
    let reason = text.trim();
    if !texts::fits(reason, REASON) {
        let message = format!("must say why, in 1 to {REASON} characters: the page of the award shows it");
        return Err(Problem::field("reason", "length", message));
    }
    Ok(reason.to_owned())
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
