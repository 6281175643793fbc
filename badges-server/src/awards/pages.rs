//! `/awards`, and one award as those who work here see it.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use diesel::prelude::*;
use serde::Deserialize;

use super::{
    asked::Asked,
    desk::Desk,
    glance::{self, Glance},
    history, list,
    mending::Replacement,
    routes::{correction, giver, reason},
    rows::{self, Award},
    states::{self, Step as Deed},
    views::{AwardActions, AwardRow, AwardsList, StaffAward, Step, address_form, filter_form, reason_form},
};
use crate::{
    auth::Access,
    body::Query,
    clock::{Clock, Moment},
    config::Config,
    db::{Conn, DbError, on},
    forms::{Form as Posted, Nothing},
    idempotency::{self, Keyed},
    ids::{AwardId, IdentityId},
    problem::{self, Problem},
    rights::{Action, can},
    routes::{Route, route},
    schema::{badges, identities},
    web::{
        Frame, Section, answer,
        components::{Flash, Link, Standing},
        form::Form,
        table,
    },
};

/// What this capability shows to those who work with awards.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/awards", ViewAwards over Scoped, show_awards, "What was given, the newest first"),
    route!(GET "/awards/{award}/staff", ViewAwards over Award, show_award, "One award: what happened to it, what can be done"),
    route!(POST "/awards/{award}/revoke", Revoke over Award, step_award, "Revoke an award"),
    route!(POST "/awards/{award}/suspend", Revoke over Award, step_award, "Suspend an award"),
    route!(POST "/awards/{award}/reinstate", Revoke over Award, undo_award, "Give a suspended award back"),
    route!(POST "/awards/{award}/cancel", Award over Award, undo_award, "Undo an award before it is signed"),
    route!(POST "/awards/{award}/supersede", Revoke over Award, supersede_award, "Put a new award in the place of one"),
    route!(POST "/awards/{award}/correct", Award over Award, correct_award, "Award an unclaimed badge to the right address instead"),
    route!(POST "/awards/{award}/resend", Award over Award, resend_award, "Tell the holder of an award once more"),
];

/// How many stand on a page.
const ROWS: i64 = 50;

async fn show_awards(
    request: HttpRequest,
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (access.actor()?.clone(), clock.now());
    let asked = asked.into_inner();
    let looked = asked.clone();
    let (choices, rows, glance) = desk
        .db
        .read(move |conn| {
            let choices = list::badges_for(conn, &actor, Action::ViewAwards, false)?;
            let sought = looked.sought(conn, &actor, &choices, now)?;
            let rows = list::list(conn, &actor, &sought, looked.after, ROWS + 1)?;
            let glance = glance::glance(conn, &rows)?;
            Ok::<_, Problem>((choices, rows, glance))
        })
        .await?;
    let path = asked.address("/awards");
    let mut filter = filter_form(list::choices(&choices));
    filter.fill(asked.fields());
    let (rows, paging) = table::part(rows, ROWS, &path, asked.after.is_some(), |award| award.public_id);
    let may = |action| access.visitor().is_some_and(|actor| actor.may_anywhere(action));
    let page = AwardsList {
        frame: Frame::of(&access, &config, "/awards", "Awards", "What was given, and what became of it.")
            .within(Section::Awards),
        filter,
        filtered: asked.is_filtered(),
        export: (!rows.is_empty()).then(|| asked.address("/awards.csv")),
        rows: rows.iter().map(|award| row(award, &glance, now)).collect(),
        paging,
        gives: may(Action::Award),
        lists: may(Action::AwardInBulk),
    };
    answer::page(&request, &access, &page)
}

fn row(award: &Award, glance: &Glance, now: Moment) -> AwardRow {
    let (badge, picture) = glance.badge(award);
    AwardRow {
        href: format!("/awards/{}/staff", award.public_id),
        badge,
        picture,
        holder: glance.holder(award),
        awarded: glance::day(award.issue_at),
        standing: glance.standing(award, now),
        message: glance.message(award),
    }
}

/// What stands on the page of one award.
struct Around {
    award: Award,
    glance: Glance,
    history: Vec<Step>,
    address: Option<String>,
    slug: String,
    given_by: Option<String>,
    successor: Option<AwardId>,
}

fn around(conn: &mut Conn, id: AwardId) -> Result<Option<Around>, DbError> {
    let Some(award) = rows::find(conn, id)? else { return Ok(None) };
    let given_by = award.awarded_by.map(|account| account.to_string());
    let names = history::names(conn, given_by.iter().map(String::as_str))?;
    Ok(Some(Around {
        glance: glance::glance(conn, std::slice::from_ref(&award))?,
        history: history::history(conn, &award)?,
        address: address(conn, award.identity_id)?,
        slug: on!(conn, c => badges::table.find(award.badge_id).select(badges::slug).first(c))?,
        given_by: given_by.and_then(|by| names.get(&by).cloned()),
        successor: rows::successor(conn, award.id)?,
        award,
    }))
}

fn address(conn: &mut Conn, identity: IdentityId) -> Result<Option<String>, DbError> {
    let found: Option<Option<String>> =
        on!(conn, c => identities::table.find(identity).select(identities::address).first(c).optional())?;
    Ok(found.flatten())
}

async fn show_award(
    request: HttpRequest,
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    award: Path<AwardId>,
) -> Result<HttpResponse, Problem> {
    staff_page(&request, &access, &desk, &config, clock.now(), award.into_inner(), None).await
}

/// What was typed into one of the page's forms, and what is wrong with it.
type Typed<'a> = (&'a str, &'a str, Problem);

async fn staff_page(
    request: &HttpRequest,
    access: &Access,
    desk: &Desk,
    config: &Config,
    now: Moment,
    id: AwardId,
    typed: Option<Typed<'_>>,
) -> Result<HttpResponse, Problem> {
    let found = desk.db.read(move |conn| around(conn, id)).await.map_err(Problem::from)?;
    let Around { award, glance, history, address, slug, given_by, successor } =
        found.ok_or_else(Problem::not_found)?;
    let (badge, picture) = glance.badge(&award);
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("{badge} for {}", glance.called(&award));
    let mut frame =
        Frame::of(access, config, &format!("/awards/{id}"), title, "One award, for those who work here.")
            .within(Section::Awards);
    let missed = typed.as_ref().filter(|(verb, ..)| !offered(access, &award, &glance, now, verb));
    if let Some((_, text, problem)) = missed {
        let wrote = if text.is_empty() { String::new() } else { format!(" You wrote: “{text}”.") };
        frame.flash = Some(Flash::caution(format!("{}{wrote}", problem::sentence(&problem.detail))));
    }
    let page = StaffAward {
        frame,
        badge: Link::new(badge, format!("/badges/{slug}")),
        picture,
        holder: glance.holder(&award),
        address,
        given_by,
        standing: glance.standing(&award, now),
        public: format!("/awards/{id}"),
        note: award.note.clone(),
        reason: award.reason.clone().filter(|reason| !reason.is_empty()),
        successor: successor.map(|next| Link::new("a newer award", format!("/awards/{next}/staff"))),
        history,
        actions: actions(access, &award, &glance, now, typed),
    };
    answer::page_as(request, access, status, &page)
}

/// Whether a form of the page is there as the award stands, so that what is wrong can be said in it.
fn offered(access: &Access, award: &Award, glance: &Glance, now: Moment, verb: &str) -> bool {
    let AwardActions { suspend, revoke, supersede, correct, .. } = actions(access, award, glance, now, None);
    let forms = [("suspend", suspend), ("revoke", revoke), ("supersede", supersede), ("correct", correct)];
    forms.into_iter().any(|(name, form)| name == verb && form.is_some())
}

/// What the reader may do with the award as it stands.
fn actions(
    access: &Access,
    award: &Award,
    glance: &Glance,
    now: Moment,
    typed: Option<Typed<'_>>,
) -> AwardActions {
    let may = |action| can(access.visitor(), action, access.place());
    let (gives, revokes) = (may(Action::Award), may(Action::Revoke));
    let standing = glance.standing(award, now);
    let issued = award.state == "issued";
    let at = |verb: &str| format!("/awards/{}/{verb}", award.public_id);
    let asked = |verb: &'static str, mut form: Form| {
        if let Some((of, text, problem)) = typed.as_ref().filter(|(of, ..)| *of == verb) {
            let field = if *of == "correct" { "email" } else { "reason" };
            form.set(field, *text);
            for fault in &problem.errors {
                form.fault(&fault.path, &fault.message);
            }
            if problem.errors.is_empty() {
                form.fault(field, &problem.detail);
            }
        }
        (at(verb), form)
    };
    AwardActions {
        resend: (gives && issued && award.recipient.is_some()).then(|| at("resend")),
        undo: (gives && standing == Standing::Scheduled).then(|| at("cancel")),
        reinstate: (revokes && standing == Standing::Suspended).then(|| at("reinstate")),
        suspend: (revokes && issued).then(|| asked("suspend", reason_form("suspend"))),
        revoke: (revokes && matches!(award.state.as_str(), "issued" | "suspended" | "superseded"))
            .then(|| asked("revoke", reason_form("revoke"))),
        supersede: (revokes && gives && issued).then(|| asked("supersede", reason_form("supersede"))),
        correct: (gives && issued && award.claimed_at.is_none()).then(|| asked("correct", address_form())),
    }
}

#[derive(Debug, Deserialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize)]
struct Meant {
    #[serde(default)]
    email: String,
}

async fn step_award(
    request: HttpRequest,
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    award: Path<AwardId>,
    form: Posted<Why>,
) -> Result<HttpResponse, Problem> {
    let (id, now, actor) = (award.into_inner(), clock.now(), access.actor()?.name_for_audit());
    let step = Deed::of(request.path()).ok_or_else(Problem::not_found)?;
    let done = match reason(&form.value.reason) {
        Ok(why) => {
            let done =
                desk.db.write(move |conn, trail| states::take(conn, trail, id, step, &why, &actor, now));
            done.await.map_err(Problem::from)
        }
        Err(problem) => Err(problem),
    };
    let (verb, said) = match step {
        Deed::Revoke => ("revoke", "The award is revoked. Everybody who checks it reads so within minutes."),
        _ => ("suspend", "The award is suspended. You can reinstate it."),
    };
    match done {
        Ok(_) => Ok(done_at(&config, id, said)),
        Err(problem) => {
            let typed = Some((verb, form.value.reason.as_str(), problem));
            staff_page(&request, &access, &desk, &config, now, id, typed).await
        }
    }
}

fn done_at(config: &Config, id: AwardId, said: &str) -> HttpResponse {
    answer::done(config, &format!("/awards/{id}/staff"), &Flash::done(said))
}

/// The step that the address names, where it needs no reason.
async fn undo_award(
    request: HttpRequest,
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    award: Path<AwardId>,
    _: Posted<Nothing>,
) -> Result<HttpResponse, Problem> {
    let (id, now, actor) = (award.into_inner(), clock.now(), access.actor()?.name_for_audit());
    let step = Deed::of(request.path()).ok_or_else(Problem::not_found)?;
    desk.db.write(move |conn, trail| states::take(conn, trail, id, step, "", &actor, now)).await?;
    let said = match step {
        Deed::Cancel => "The award is undone: nobody was told, and nothing was signed.",
        _ => "The award is reinstated: it is valid again.",
    };
    Ok(done_at(&config, id, said))
}

async fn resend_award(
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    award: Path<AwardId>,
    form: Posted<Nothing>,
) -> Result<HttpResponse, Problem> {
    let keyed = form.keyed(&access.actor()?.account.to_string(), &format!("POST /awards/{award}/resend"));
    let (id, now, actor) = (award.into_inner(), clock.now(), access.actor()?.name_for_audit());
    let desk = desk.into_inner();
    let by = Arc::clone(&desk);
    desk.db
        .write(move |conn, trail| {
            idempotency::once(conn, keyed.as_ref(), now, |conn: &mut Conn| {
                by.resend(conn, trail, id, &actor, now).map(|award| award.public_id.to_string())
            })
        })
        .await?;
    let said = match config.smtp.keeps() {
        true => "A message about this award is in the outbox. No mail server is set up, so it stays there.",
        false => "A message about this award goes out again.",
    };
    Ok(done_at(&config, id, said))
}

async fn supersede_award(
    request: HttpRequest,
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    award: Path<AwardId>,
    form: Posted<Why>,
) -> Result<HttpResponse, Problem> {
    access.place().map_or(Ok(()), |place| access.permit_also(Action::Award, place))?;
    let replacement =
        reason(&form.value.reason).map(|reason| Replacement { reason, ..Replacement::default() });
    let keyed = form.keyed(&access.actor()?.account.to_string(), "POST /awards/supersede");
    let typed = ("supersede", form.value.reason.as_str());
    replace(&request, &access, desk, &config, clock.now(), award.into_inner(), replacement, keyed, typed)
        .await
}

async fn correct_award(
    request: HttpRequest,
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    award: Path<AwardId>,
    form: Posted<Meant>,
) -> Result<HttpResponse, Problem> {
    let keyed = form.keyed(&access.actor()?.account.to_string(), "POST /awards/correct");
    let (replacement, typed) = (correction(&form.value.email), ("correct", form.value.email.as_str()));
    replace(&request, &access, desk, &config, clock.now(), award.into_inner(), replacement, keyed, typed)
        .await
}

#[expect(clippy::too_many_arguments, reason = "two forms end in the same way")]
async fn replace(
    request: &HttpRequest,
    access: &Access,
    desk: Data<Desk>,
    config: &Config,
    now: Moment,
    id: AwardId,
    replacement: Result<Replacement, Problem>,
    keyed: Option<Keyed>,
    (verb, text): (&str, &str),
) -> Result<HttpResponse, Problem> {
    let desk = desk.into_inner();
    let giving = giver(access.actor()?, config);
    let done = match replacement {
        Ok(replacement) => desk.replace(id, replacement, giving, keyed, now).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => Ok(done_at(config, id, "A new award took the place of this one.")),
        Err(problem) => {
            staff_page(request, access, &desk, config, now, id, Some((verb, text, problem))).await
        }
    }
}
