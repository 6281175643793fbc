//! Pages on which people sign in and out, take an award, and look after their sessions.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use diesel::prelude::*;
use serde::Deserialize;
use tracing::error;

use super::{
    AccountError,
    plain::{Input, Plain},
    sessions::{self, Browser},
    sign_in::{self, SignedIn},
};
use crate::{
    auth::Access,
    clock::Clock,
    config::Config,
    contacts::EmailAddress,
    db::{Conn, Db, Trail, on},
    forms::{self, Form},
    ids::SessionId,
    limits::{self, Limits, Tried},
    links::{self, Link, Purpose},
    outbox::State,
    problem::Problem,
    routes::{Route, route},
    schema::{awards, badge_versions, identities},
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/sign-in", Public over None, show_sign_in, "The page to sign in on"),
    route!(POST "/sign-in", Public over None, ask_for_link, "Send a link to sign in with"),
    route!(GET "/sign-in/{token}", Public over None, show_link, "What a link to sign in leads to"),
    route!(POST "/sign-in/{token}", Public over None, follow_link, "Sign in with a link"),
    route!(POST "/sign-out", Public over None, sign_out, "Sign out"),
    route!(GET "/claim/award/{token}", Public over None, show_claim, "What the link of an award leads to"),
    route!(POST "/claim/award/{token}", Public over None, claim_award, "Take an award into one's account"),
    route!(GET "/me", Own over None, show_me, "What is one's own"),
    route!(POST "/me/sessions/{session}/end", Own over None, end_session, "Sign another browser out"),
];

#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    email: String,
}

/// A form that is a button.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

async fn show_sign_in(access: Access) -> HttpResponse {
    sign_in_page(&access, "").answer(StatusCode::OK)
}

fn sign_in_page(access: &Access, email: &str) -> Plain {
    let field = Input {
        kind: "email",
        name: "email".to_owned(),
        label: "Your e-mail address".to_owned(),
        value: email.to_owned(),
    };
    Plain::new(access, "Sign in", "We send a link to your address; there is no password.").form(
        "/sign-in",
        "Send me a link",
        vec![field],
    )
}

/// Answers the same, and as fast, whether somebody has the address or not: the rest happens afterwards.
async fn ask_for_link(
    access: Access,
    request: HttpRequest,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    limits: Data<Limits>,
    form: Form<Asked>,
) -> Result<HttpResponse, Problem> {
    limits.visitor(Tried::SignIn, &limits::visitor(&request, &config))?;
    let mut faults = Vec::new();
    let Some(email) = forms::parsed::<EmailAddress>("email", &form.value.email, &mut faults) else {
        let page = sign_in_page(&access, &form.value.email).errors(faults);
        return Ok(page.answer(StatusCode::UNPROCESSABLE_ENTITY));
    };
    limits.address(email.subject())?;
    let (now, state) = (clock.now(), State::first(&config.smtp));
    let lead = format!(
        "If {} is known here, a link is on its way to it. It works for 15 minutes, once.",
        email.as_given()
    );
    actix_web::rt::spawn(async move {
        let asked = db.write(move |conn, _| sign_in::ask(conn, &email, state, now)).await;
        if let Err(error) = asked {
            error!(%error, "a link to sign in was asked for, and no message was written");
        }
    });
    Ok(Plain::new(&access, "Look into your mail", lead)
        .way("Write the address again", "/sign-in")
        .answer(StatusCode::OK))
}

/// A button, so that programs that look at links before people do sign nobody in.
async fn show_link(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    token: Path<String>,
) -> Result<HttpResponse, Problem> {
    let (now, path) = (clock.now(), format!("/sign-in/{token}"));
    let found = db.read(move |conn| shown(conn, Purpose::SignIn, &token)).await?;
    Ok(match found {
        Some((link, address, _)) if link.works(now) => Plain::new(
            &access,
            format!("Sign in as {address}"),
            "One more step, so that only you can use the link.",
        )
        .form(&path, "Sign in", Vec::new())
        .answer(StatusCode::OK),
        _ => dead_link(&access),
    })
}

async fn follow_link(
    access: Access,
    request: HttpRequest,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    token: Path<String>,
    _: Form<Nothing>,
) -> Result<HttpResponse, Problem> {
    let (now, browser) = (clock.now(), Browser::of(&request, &config));
    let followed = db
        .write(move |conn: &mut Conn, trail: &mut Trail| sign_in::follow(conn, trail, &token, &browser, now))
        .await;
    match followed {
        Ok(signed_in) => Ok(welcome(&config, &signed_in)),
        // The second of two clicks: the first has signed this browser in.
        Err(AccountError::DeadLink) if access.visitor().is_some() => Ok(see_other("/me").finish()),
        Err(AccountError::DeadLink) => Ok(dead_link(&access)),
        Err(error) => Err(error.into()),
    }
}

async fn show_claim(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    token: Path<String>,
) -> Result<HttpResponse, Problem> {
    let (now, path) = (clock.now(), format!("/claim/award/{token}"));
    let found = db.read(move |conn| shown(conn, Purpose::ClaimAward, &token)).await?;
    Ok(match found {
        Some((link, address, badge)) if link.works(now) => {
            let lead =
                format!("It was awarded to {address}. One more step, so that only you can use the link.");
            Plain::new(&access, format!("Take {badge} among your badges"), lead)
                .form(&path, "Take it", Vec::new())
                .answer(StatusCode::OK)
        }
        _ => dead_link(&access),
    })
}

async fn claim_award(
    access: Access,
    request: HttpRequest,
    (db, clock, config, limits): (Data<Db>, Data<Clock>, Data<Config>, Data<Limits>),
    token: Path<String>,
    _: Form<Nothing>,
) -> Result<HttpResponse, Problem> {
    limits.visitor(Tried::Claim, &limits::visitor(&request, &config))?;
    let (now, browser) = (clock.now(), Browser::of(&request, &config));
    let claimed = db
        .write(move |conn: &mut Conn, trail: &mut Trail| sign_in::claim(conn, trail, &token, &browser, now))
        .await;
    match claimed {
        Ok(signed_in) => Ok(welcome(&config, &signed_in)),
        Err(AccountError::DeadLink) if access.visitor().is_some() => Ok(see_other("/me").finish()),
        Err(AccountError::DeadLink) => Ok(dead_link(&access)),
        Err(error) => Err(error.into()),
    }
}

async fn sign_out(
    request: HttpRequest,
    db: Data<Db>,
    config: Data<Config>,
    _: Form<Nothing>,
) -> Result<HttpResponse, Problem> {
    if let Some(brought) = Browser::of(&request, &config).brought {
        db.write(move |conn, _| sessions::end_brought(conn, &brought)).await.map_err(Problem::from)?;
    }
    Ok(see_other("/").cookie(sessions::cookie(&config, "")).finish())
}

async fn show_me(
    access: Access,
    request: HttpRequest,
    db: Data<Db>,
    clock: Data<Clock>,
    config: Data<Config>,
) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?;
    let (account, now, browser) = (actor.account, clock.now(), Browser::of(&request, &config));
    let found = db.read(move |conn| sessions::list(conn, account, now)).await.map_err(Problem::from)?;
    let mut page = Plain::new(&access, "My badges", &actor.name).form("/sign-out", "Sign out", Vec::new());
    for session in found.iter().filter(|session| !browser.holds(session)) {
        let label = format!("Sign out of {}", session.client);
        page = page.form(&format!("/me/sessions/{}/end", session.id), &label, Vec::new());
    }
    Ok(page.way("Tokens for programs", "/me/tokens").answer(StatusCode::OK))
}

async fn end_session(
    access: Access,
    db: Data<Db>,
    session: Path<SessionId>,
    _: Form<Nothing>,
) -> Result<HttpResponse, Problem> {
    let (account, id) = (access.actor()?.account, session.into_inner());
    db.write(move |conn, _| sessions::end(conn, account, id)).await.map_err(Problem::from)?;
    Ok(see_other("/me").finish())
}

/// What a link leads to, whether it works or not: the address, and the name of the badge.
fn shown(conn: &mut Conn, purpose: Purpose, token: &str) -> Result<Option<(Link, String, String)>, Problem> {
    let Some(link) = links::find(conn, purpose, token)? else { return Ok(None) };
    let address: Option<String> =
        on!(conn, c => identities::table.find(link.identity_id).select(identities::address).first(c))?;
    let badge: Option<String> = match link.award_id {
        None => None,
        Some(award) => on!(conn, c => {
            awards::table
                .inner_join(
                    badge_versions::table.on(badge_versions::badge_id
                        .eq(awards::badge_id)
                        .and(badge_versions::number.eq(awards::badge_version))),
                )
                .filter(awards::id.eq(award))
                .select(badge_versions::name)
                .first(c)
                .optional()
        })?,
    };
    Ok(Some((link, address.unwrap_or_default(), badge.unwrap_or_default())))
}

fn welcome(config: &Config, signed_in: &SignedIn) -> HttpResponse {
    let place = signed_in.award.map_or_else(|| "/me".to_owned(), |award| format!("/awards/{award}"));
    let mut answer = see_other(&place);
    if let Some(session) = &signed_in.session {
        answer.cookie(sessions::cookie(config, session.reveal()));
    }
    answer.finish()
}

fn dead_link(access: &Access) -> HttpResponse {
    let lead = "It was used, is too old, or is not whole. Write your address and we send a new one; your badges \
                are there once you are signed in.";
    Plain::new(access, "This link does not work any more", lead)
        .way("Sign in", "/sign-in")
        .answer(StatusCode::GONE)
}

pub(super) fn see_other(place: &str) -> actix_web::HttpResponseBuilder {
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header(("Location", place)).insert_header(("Cache-Control", "no-store"));
    answer
}
