//! `/claim/{code}`: somebody takes a badge with a code, signed in or by a link to their address.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use super::{
    ClaimError,
    codes::{self, Open},
    taking,
};
use crate::{
    accounts::{AccountError, sessions::Browser, sign_in, views::Confirm},
    auth::{Access, Jar},
    awards::{
        AwardError,
        desk::Desk,
        views::{ClaimPage, claim_form},
    },
    badges::versions,
    clock::Clock,
    config::Config,
    contacts::EmailAddress,
    db::{Conn, DbError, on},
    forms::{self, Form as Posted, Nothing},
    ids::{AwardId, BadgeId},
    limits::{self, Limits, Tried},
    outbox::State,
    problem::Problem,
    routes::{Route, route},
    schema::badge_versions,
    texts,
    web::{Frame, answer, components::Flash, components::Picture, errors::ErrorPage},
};

/// What this capability answers to the world.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/claim/{code}", Public over None, show_code, "What a claim code gives"),
    route!(POST "/claim/{code}", Public over None, take_code, "Take a badge with a code, or ask for the link that does"),
    route!(GET "/claim/code/{token}", Public over None, show_link, "What the link to an address leads to"),
    route!(POST "/claim/code/{token}", Public over None, follow_link, "Take a badge with a proved address"),
];

/// Who takes it, where nobody is signed in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sent {
    name: String,
    email: String,
}

async fn show_code(
    request: HttpRequest,
    access: Access,
    (desk, clock, config, limits): (Data<Desk>, Data<Clock>, Data<Config>, Data<Limits>),
    code: Path<String>,
) -> Result<HttpResponse, Problem> {
    let (now, text) = (clock.now(), code.clone());
    let open = desk.db.read(move |conn| codes::open(conn, &text, now)).await.map_err(Problem::from)?;
    let Some(open) = open else { return missed(&request, &access, &config, &limits) };
    let form = access.visitor().is_none().then(|| claim_form(config.smtp.keeps()));
    let page = page(&access, &config, desk.into_inner(), &code, &open).await?;
    answer::page_of(StatusCode::OK, &ClaimPage { form, ..page })
}

async fn take_code(
    request: HttpRequest,
    access: Access,
    (desk, clock, config, limits): (Data<Desk>, Data<Clock>, Data<Config>, Data<Limits>),
    code: Path<String>,
    posted: Posted<Sent>,
) -> Result<HttpResponse, Problem> {
    let (now, text, desk) = (clock.now(), code.clone(), desk.into_inner());
    let open = desk.db.read(move |conn| codes::open(conn, &text, now)).await.map_err(Problem::from)?;
    let Some(open) = open else { return missed(&request, &access, &config, &limits) };
    if let Some(actor) = access.visitor() {
        let contact = actor.contact;
        let person = desk.db.read(move |conn| taking::address_of(conn, contact)).await;
        let person = person.map_err(Problem::from)?.ok_or(ClaimError::NoAddress)?;
        return match taking::award(&desk, &open, person, now).await {
            Err(ClaimError::Award(AwardError::CodeEnded)) => ended(&access, &config),
            taken => Ok(yours(&config, taken?)),
        };
    }
    let page = page(&access, &config, Arc::clone(&desk), &code, &open).await?;
    let mut form = claim_form(page.frame.mail_kept);
    form.fill(posted.typed());
    let name = texts::trimmed(&posted.value.name).to_owned();
    if texts::is_blank(&name) {
        form.problem("name", "Write your name, as it will stand on the badge.");
    } else if name.chars().count() > texts::LINE || texts::breaks(&name) {
        form.problem("name", format!("Write one line of at most {} characters.", texts::LINE));
    }
    let mut faults = Vec::new();
    let email = forms::parsed::<EmailAddress>("email", &posted.value.email, &mut faults);
    faults.iter().for_each(|fault| form.fault("email", &fault.message));
    let Some(email) = email.filter(|_| !form.has_problems()) else {
        return answer::page_of(StatusCode::UNPROCESSABLE_ENTITY, &ClaimPage { form: Some(form), ..page });
    };
    limits.address(email.subject())?;
    let (state, to) = (State::first(&config.smtp), email.clone());
    desk.db.write(move |conn, _| taking::ask(conn, &open, &to, &name, state, now)).await?;
    let sent_to = Some(email.as_given().to_owned());
    answer::page_of(StatusCode::OK, &ClaimPage { sent_to, ..page })
}

async fn show_link(
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    token: Path<String>,
) -> Result<HttpResponse, Problem> {
    let (now, path) = (clock.now(), format!("/claim/code/{token}"));
    let found = desk.db.read(move |conn| {
        let Some((open, person)) = taking::linked(conn, &token, now)? else { return Ok(None) };
        Ok::<_, DbError>(Some((person, versions::name(conn, open.code.badge_id)?)))
    });
    let Some(((email, _), badge)) = found.await.map_err(Problem::from)? else {
        return ended(&access, &config);
    };
    let page = Confirm {
        frame: frame(&access, &config, "Take your badge"),
        picture: None,
        heading: format!("Take {}", badge.unwrap_or_default()),
        lead: format!("It goes to {}. One more step, so that only you can use the link.", email.as_given()),
        action: path,
        button: "Take it",
    };
    answer::page_of(StatusCode::OK, &page)
}

/// The badge first, then the link is used up: who is cut off in between tries again and finds the badge.
async fn follow_link(
    access: Access,
    request: HttpRequest,
    (desk, clock, config, limits): (Data<Desk>, Data<Clock>, Data<Config>, Data<Limits>),
    token: Path<String>,
    _: Posted<Nothing>,
) -> Result<HttpResponse, Problem> {
    limits.visitor(Tried::Claim, &limits::visitor(&request, &config))?;
    let (now, browser) = (clock.now(), Browser::of(&request, &config));
    let (desk, token) = (desk.into_inner(), token.into_inner());
    let sought = token.clone();
    let found = desk.db.read(move |conn| taking::linked(conn, &sought, now)).await.map_err(Problem::from)?;
    let Some((open, person)) = found else { return ended(&access, &config) };
    let award = match taking::award(&desk, &open, person, now).await {
        Err(ClaimError::Award(AwardError::CodeEnded)) => return ended(&access, &config),
        taken => taken?,
    };
    let mut answer = yours(&config, award);
    match desk.db.write(move |conn, _| sign_in::follow_code(conn, &token, &browser, now)).await {
        Ok(signed_in) => {
            let cookie = signed_in.session.map(|session| Jar::Session.with(&config, session.reveal()));
            if let Some(cookie) = cookie {
                let refused = answer.add_cookie(&cookie).map_err(|error| error.to_string());
                refused.map_err(|error| Problem::bad_request("cookie", error))?;
            }
            Ok(answer)
        }
        // The second of two clicks.
        Err(AccountError::DeadLink) => Ok(answer),
        Err(error) => Err(error.into()),
    }
}

fn yours(config: &Config, award: AwardId) -> HttpResponse {
    answer::done(config, &format!("/awards/{award}"), &Flash::done("This badge is yours now."))
}

async fn page(
    access: &Access,
    config: &Config,
    desk: Arc<Desk>,
    code: &str,
    open: &Open,
) -> Result<ClaimPage, Problem> {
    let badge = open.code.badge_id;
    let prepared = desk.prepared(badge).await?;
    let number = prepared.number;
    let image = desk.db.read(move |conn| image(conn, badge, number)).await.map_err(Problem::from)?;
    let text = |json: &str, member: &str| {
        let value: Value = serde_json::from_str(json).unwrap_or_default();
        value[member].as_str().unwrap_or_default().to_owned()
    };
    Ok(ClaimPage {
        frame: frame(access, config, &format!("Claim {}", prepared.name)),
        action: format!("/claim/{code}"),
        badge: prepared.name.clone(),
        picture: Picture::new(image.map(|hash| format!("/images/{hash}")).unwrap_or_default(), ""),
        description: text(prepared.achievement.get(), "description"),
        issuer: text(prepared.issuer.get(), "name"),
        form: None,
        sent_to: None,
    })
}

fn image(conn: &mut Conn, badge: BadgeId, number: i32) -> Result<Option<String>, DbError> {
    let version = badge_versions::table.find((badge, number));
    on!(conn, c => version.select(badge_versions::image_hash).first(c))
}

/// Who brings codes that give nothing is slowed down; a class behind one address that brings a good one is not.
fn missed(
    request: &HttpRequest,
    access: &Access,
    config: &Config,
    limits: &Limits,
) -> Result<HttpResponse, Problem> {
    limits.visitor(Tried::Claim, &limits::visitor(request, config))?;
    ended(access, config)
}

/// The same page whether the code was never there, is closed, over or used up.
fn ended(access: &Access, config: &Config) -> Result<HttpResponse, Problem> {
    let text = "It may be closed, used up or not whole. Ask whoever showed it to you for another; a badge that you \
                took with it before is among your badges.";
    let frame = frame(access, config, "This code gives no badge");
    let way = ("My badges".to_owned(), "/me".to_owned());
    answer::page_of(StatusCode::GONE, &ErrorPage { frame, text: text.to_owned(), detail: None, way })
}

/// The frame of a page whose address is a secret.
fn frame(access: &Access, config: &Config, title: &str) -> Frame {
    Frame { canonical: None, ..Frame::of(access, config, "", title, "A badge to take.") }
}
