//! `/award`: to whom, what and why; what will happen; and what became of each.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use super::{
    AwardError, chosen,
    credential::Evidence,
    desk::{Desk, Gift},
    glance::{self, Glance},
    list::{self, Choice as BadgeChoice},
    pasted,
    rehearsal::{self, Outlook, Rehearsal},
    request::AwardRequest,
    routes::giver,
    rows::Award,
    views::{GiveForm, GiveOutcome, Given, Preview, give_form},
};
use crate::{
    auth::Access,
    badges::span,
    body::Query,
    clock::{Clock, Moment},
    config::Config,
    dates::{self, Edge},
    db::{Conn, DbError, on},
    forms::Form as Posted,
    idempotency::{Keyed, Seen},
    ids::{AwardId, BadgeId, ContactId},
    outbox::templates,
    problem::{FieldError, Problem},
    rights::Action,
    routes::{Route, route},
    schema::awards,
    web::{
        Frame, Section, answer,
        components::{Flash, Picture, Pill, Tone},
        form::Form,
    },
};

/// What this capability shows to those who give badges.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/award", Award over Scoped, show_form, "The form that awards a badge"),
    route!(POST "/award", Award over Body, take_form, "See what will happen, then award a badge"),
    route!(GET "/award/given/{submit}", Award over Scoped, show_outcome, "What became of each recipient"),
];

/// What is chosen already: a badge by its slug, a contact.
#[derive(Debug, Default, Deserialize)]
struct Chosen {
    #[serde(default)]
    badge: String,
    #[serde(default)]
    to: Option<ContactId>,
}

/// The form as it was sent.
#[derive(Debug, Deserialize)]
struct Sent {
    #[serde(default)]
    badge: String,
    #[serde(default)]
    recipients: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    evidence: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    mail: String,
    /// Nothing for the preview, `change` for the form, `award` for the deed.
    #[serde(default)]
    step: String,
}

/// How a submit is kept, so that a second one does nothing.
const ROUTE: &str = "POST /award";

async fn show_form(
    request: HttpRequest,
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    chosen: Query<Chosen>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (access.actor()?.clone(), clock.now());
    let (to, giver) = (chosen.to, giver(&actor, &config));
    let (badges, left, to) = desk
        .db
        .read(move |conn| {
            let badges = list::badges_for(conn, &actor, Action::Award, true)?;
            let to = to.map_or(Ok(None), |contact| chosen::addressed(conn, &actor, contact))?;
            Ok::<_, DbError>((badges, rehearsal::left(conn, &giver, now)?, to))
        })
        .await?;
    let badge = chosen::badge(&badges, &chosen.badge).map(|(_, slug, ..)| slug.clone()).unwrap_or_default();
    let typed = [("badge", badge), ("recipients", to.unwrap_or_default()), ("mail", "yes".into())];
    let mut form = give_form(list::choices(&badges));
    form.fill(typed.iter().map(|(name, value)| (*name, value.as_str())));
    form_page(&request, &access, &config, form, &badges, left, StatusCode::OK)
}

async fn take_form(
    request: HttpRequest,
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    posted: Posted<Sent>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (access.actor()?.clone(), clock.now());
    let (by, giving) = (actor.clone(), giver(&actor, &config));
    let counted = giving.clone();
    let (badges, left) = desk
        .db
        .read(move |conn| {
            let badges = list::badges_for(conn, &by, Action::Award, true)?;
            Ok::<_, DbError>((badges, rehearsal::left(conn, &counted, now)?))
        })
        .await?;
    let mut form = give_form(list::choices(&badges));
    form.fill(posted.typed());
    let badge = chosen::badge(&badges, &posted.value.badge);
    if let Some((_, slug, ..)) = badge {
        form.set("badge", slug.as_str());
    } else {
        chosen::permit(&access, &desk, &posted.value.badge).await?;
    }
    let asked = badge.ok_or_else(no_badge).and_then(|badge| gift(&posted.value, badge.0, now));
    let gift = match asked {
        Ok(gift) if posted.value.step != "change" => gift,
        Ok(_) => return form_page(&request, &access, &config, form, &badges, left, StatusCode::OK),
        Err(problem) if posted.value.step != "change" => {
            beside(&mut form, &posted.value, &problem);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return form_page(&request, &access, &config, form, &badges, left, status);
        }
        Err(_) => return form_page(&request, &access, &config, form, &badges, left, StatusCode::OK),
    };
    let desk = desk.into_inner();
    let keyed = posted.keyed(&actor.account.to_string(), ROUTE).zip(posted.submit());
    if let (Some((keyed, submit)), "award") = (&keyed, posted.value.step.as_str()) {
        // A second click finds what the first one did, and does not count it as held already.
        let keyed = keyed.clone();
        if let Seen::Before(_) = desk.db.read(move |conn| keyed.seen(conn)).await.map_err(Problem::from)? {
            return Ok(answer::see_other(&format!("/award/given/{submit}")).finish());
        }
    }
    let tried = desk.rehearse(gift.clone(), giving.clone(), now).await?;
    let possible = tried.outlooks.iter().any(|outlook| outlook.refused.is_none());
    let (Some((keyed, submit)), "award", true) = (keyed, posted.value.step.as_str(), possible) else {
        return preview(&request, &access, &config, &posted, &gift, tried, &badges);
    };
    let all = gift.recipients.len();
    let gift = without(gift, &tried.outlooks);
    let left_out = all - gift.recipients.len();
    desk.give(gift, giving, Some(keyed), now).await?;
    let place = format!("/award/given/{submit}");
    Ok(match left_out {
        0 => answer::see_other(&place).finish(),
        1 => answer::done(&config, &place, &Flash::caution("One person was left out, as the preview said.")),
        many => {
            let said = format!("{many} people were left out, as the preview said.");
            answer::done(&config, &place, &Flash::caution(said))
        }
    })
}

fn no_badge() -> Problem {
    Problem::field("badge", "missing", "Choose a badge that you may award.")
}

/// Only those who can have it.
fn without(mut gift: Gift, outlooks: &[Outlook]) -> Gift {
    let mut good = outlooks.iter().map(|outlook| outlook.refused.is_none());
    gift.recipients.retain(|_| good.next().unwrap_or(true));
    gift
}

/// What the form asks for, as the API reads it.
fn gift(sent: &Sent, badge: BadgeId, now: Moment) -> Result<Gift, Problem> {
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let recipients = pasted::read(&sent.recipients);
    if recipients.is_empty() {
        return Err(Problem::field("recipients", "missing", "Say whom the badge is for."));
    }
    let until =
        filled(&sent.until).map(|day| dates::read(&day, Edge::End).map_or(day, |end| end.to_string()));
    let evidence = filled(&sent.evidence).map(|url| Evidence { url: Some(url), name: None, narrative: None });
    let request = AwardRequest {
        badge,
        email: None,
        name: None,
        external_id: None,
        recipients,
        evidence: evidence.into_iter().collect(),
        note: filled(&sent.note),
        expires_at: until,
        issue_at: None,
        visibility: None,
        mail: sent.mail == "yes",
        dry_run: false,
    };
    request.gift(now)
}

/// Puts what is wrong beside the field that it is in; of recipients each is named by what was typed.
fn beside(form: &mut Form, sent: &Sent, problem: &Problem) {
    let lines: Vec<_> = sent.recipients.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut of_recipients = Vec::new();
    for FieldError { path, message, .. } in &problem.errors {
        let at =
            path.strip_prefix("recipients[").and_then(|rest| rest.split(']').next()?.parse::<usize>().ok());
        let line = at.and_then(|at| lines.get(at));
        match (line, path.as_str()) {
            (Some(line), _) => of_recipients.push(format!("{line}: {message}.")),
            (None, path) if path.starts_with("evidence") => form.fault("evidence", message),
            (None, "expires_at") => form.fault("until", message),
            (None, path) => form.fault(path, message),
        }
    }
    if problem.errors.is_empty() {
        form.fault("", &problem.detail);
    }
    if !of_recipients.is_empty() {
        form.problem("recipients", of_recipients.join(" "));
    }
}

fn preview(
    request: &HttpRequest,
    access: &Access,
    config: &Config,
    posted: &Posted<Sent>,
    gift: &Gift,
    tried: Rehearsal,
    badges: &[BadgeChoice],
) -> Result<HttpResponse, Problem> {
    let Rehearsal { prepared, outlooks, .. } = tried;
    let issuer: Value = serde_json::from_str(prepared.issuer.get()).unwrap_or_default();
    let issuer = issuer["name"].as_str().unwrap_or_default().to_owned();
    let count = outlooks.iter().filter(|outlook| outlook.refused.is_none()).count();
    let image = badges.iter().find(|(id, ..)| *id == gift.badge).and_then(|(.., image)| image.clone());
    let message =
        gift.mail.then(|| message(access, gift, &prepared.name, &issuer, prepared.achievement.get()));
    let undo = u32::try_from(prepared.badge.undo_seconds).unwrap_or(0);
    let page = Preview {
        frame: Frame::of(access, config, "/award", "Award a badge", "What will go out.")
            .within(Section::Award),
        action: "/award".to_owned(),
        carried: posted
            .typed()
            .filter(|(name, _)| *name != "step")
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        badge: prepared.name.clone(),
        picture: Picture::new(image.map(|hash| format!("/images/{hash}")).unwrap_or_default(), ""),
        issuer,
        recipients: outlooks.into_iter().map(outlook).collect(),
        count: u64::try_from(count).unwrap_or_default(),
        note: gift.note.clone(),
        message,
        undo_for: (undo > 0).then(|| span::write(undo)),
    };
    answer::page(request, access, &page)
}

fn outlook(outlook: Outlook) -> (String, Pill) {
    let pill = match outlook.refused {
        None if outlook.one_more => Pill::new(Tone::Caution, "Holds it already: gets one more"),
        None => Pill::new(Tone::Positive, "Will be awarded"),
        Some(AwardError::AlreadyHeld(_)) => Pill::new(Tone::Caution, "Holds it already"),
        Some(AwardError::LimitReached(_)) => Pill::new(Tone::Negative, "No more can be awarded"),
        Some(AwardError::Prerequisite(_)) => {
            Pill::new(Tone::Negative, "Lacks a badge that this one requires")
        }
        Some(AwardError::Quota { .. }) => Pill::new(Tone::Negative, "More than you may award today"),
        Some(AwardError::ToOneself) => Pill::new(Tone::Negative, "That is you: ask somebody else"),
        Some(_) => Pill::new(Tone::Negative, "Cannot be awarded"),
    };
    (outlook.called, pill)
}

/// The message as the first recipient will read it.
fn message(access: &Access, gift: &Gift, badge: &str, issuer: &str, achievement: &str) -> String {
    let achievement: Value = serde_json::from_str(achievement).unwrap_or_default();
    let values = templates::Award {
        name: gift.recipients.first().and_then(|one| one.name.clone()),
        badge: badge.to_owned(),
        description: achievement["description"].as_str().unwrap_or_default().to_owned(),
        issuer: issuer.to_owned(),
        giver: access.visitor().map(|actor| actor.name.clone()).filter(|name| !name.is_empty()),
        note: gift.note.clone(),
        page: "(the page of the award)".to_owned(),
        claim: Some("(a link of its own for each)".to_owned()),
    };
    values.text().map(|text| text.plain).unwrap_or_default()
}

fn form_page(
    request: &HttpRequest,
    access: &Access,
    config: &Config,
    form: Form,
    badges: &[BadgeChoice],
    left: Option<i32>,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let chosen = badges.iter().find(|(_, slug, ..)| slug == form.value("badge"));
    let badge = chosen.map(|(_, _, name, image)| {
        let href = image.as_ref().map(|hash| format!("/images/{hash}")).unwrap_or_default();
        (Picture::new(href, ""), name.clone())
    });
    let page = GiveForm {
        frame: Frame::of(access, config, "/award", "Award a badge", "To whom, what and why.")
            .within(Section::Award),
        action: "/award".to_owned(),
        form,
        badge,
        left: left.and_then(|left| u64::try_from(left).ok()),
        none: badges.is_empty(),
        lists: access.visitor().is_some_and(|actor| actor.may_anywhere(Action::AwardInBulk)),
    };
    answer::page_as(request, access, status, &page)
}

async fn show_outcome(
    request: HttpRequest,
    access: Access,
    (desk, config): (Data<Desk>, Data<Config>),
    submit: Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?;
    let keyed = Keyed::new(&actor.account.to_string(), ROUTE, &submit, submit.as_bytes());
    let found = desk.into_inner().db.clone().read(move |conn| outcome(conn, &keyed)).await?;
    // After three days the list tells it.
    let Some((awards, glance)) = found.filter(|(awards, _)| !awards.is_empty()) else {
        return Ok(answer::see_other("/awards").finish());
    };
    let badge = awards.first().map(|award| glance.badge(award).0).unwrap_or_default();
    let badge_id = awards.first().map(|award| award.badge_id.to_string()).unwrap_or_default();
    let given = awards.iter().map(|award| Given {
        who: glance.called(award),
        award: Some(format!("/awards/{}/staff", award.public_id)),
        award_state: match award.state.as_str() {
            "issued" => Pill::new(Tone::Positive, "Awarded"),
            "scheduled" => Pill::new(Tone::Neutral, "Scheduled"),
            _ => Pill::new(Tone::Neutral, "Not in force"),
        },
        message_state: glance.message(award),
        note: None,
    });
    let page = GiveOutcome {
        frame: Frame::of(&access, &config, "/award", "Awarded", "What became of each recipient.")
            .within(Section::Award),
        badge,
        progress: None,
        given: given.collect(),
        again: format!("/award?badge={badge_id}"),
    };
    answer::page(&request, &access, &page)
}

fn outcome(conn: &mut Conn, keyed: &Keyed) -> Result<Option<(Vec<Award>, Glance)>, DbError> {
    let Seen::Before(answer) = keyed.seen(conn)? else { return Ok(None) };
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let ids: Vec<AwardId> = body["awards"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|award| award["id"].as_str()?.parse().ok())
        .collect();
    let mut found: Vec<Award> = on!(conn, c => {
        awards::table.filter(awards::public_id.eq_any(&ids)).select(Award::as_select()).load(c)
    })?;
    found.sort_by_key(|award| ids.iter().position(|id| *id == award.public_id));
    let glance = glance::glance(conn, &found)?;
    Ok(Some((found, glance)))
}
