//! Pages on which people sign in and out, and take an award.

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
    sessions::{self, Browser},
    sign_in::{self, SignedIn},
    views::{Confirm, LinkSent, OtherWay, SignIn, sign_in_form},
};
use crate::{
    auth::{Access, Jar},
    body::Query,
    clock::Clock,
    config::Config,
    contacts::EmailAddress,
    db::{Conn, Db, Trail, on},
    forms::{self, Form, Nothing},
    limits::{self, Limits, Tried},
    links::{self, Link, Purpose},
    oidc::{Provider, Providers},
    outbox::State,
    problem::Problem,
    routes::{Route, route},
    schema::{awards, badge_versions, identities},
    web::{Frame, answer, components::Flash, components::Picture, errors::ErrorPage, way},
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
];

/// Where somebody wants to go afterwards.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    next: String,
}

#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    email: String,
    #[serde(default)]
    next: String,
}

async fn show_sign_in(
    request: HttpRequest,
    access: Access,
    (config, providers): (Data<Config>, Data<Providers>),
    wanted: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let next = way::own(&config.origin(), &wanted.next);
    if access.visitor().is_some() {
        return Ok(answer::see_other(next.as_deref().unwrap_or("/me")).finish());
    }
    answer::page(&request, &access, &sign_in_page(&access, &config, &providers, next))
}

fn sign_in_page(access: &Access, config: &Config, providers: &Providers, next: Option<String>) -> SignIn {
    let about = "To see the badges that you hold, or to award some.";
    let frame = Frame::of(access, config, "/sign-in", "Sign in", about);
    let other = |provider: &Provider| OtherWay {
        name: provider.name.clone(),
        action: format!("/sign-in/with/{}", provider.key),
    };
    let others = providers.all().map(other).collect();
    SignIn { frame, form: sign_in_form(), next: next.unwrap_or_default(), others }
}

/// Answers the same, and as fast, whether somebody has the address or not: the rest happens afterwards.
async fn ask_for_link(
    access: Access,
    request: HttpRequest,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    (limits, providers): (Data<Limits>, Data<Providers>),
    form: Form<Asked>,
) -> Result<HttpResponse, Problem> {
    limits.visitor(Tried::SignIn, &limits::visitor(&request, &config))?;
    let next = way::own(&config.origin(), &form.value.next);
    let mut faults = Vec::new();
    let Some(email) = forms::parsed::<EmailAddress>("email", &form.value.email, &mut faults) else {
        let mut page = sign_in_page(&access, &config, &providers, next);
        page.form.fill(form.typed());
        page.form.refused("The address", &faults);
        return answer::page_of(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    limits.address(email.subject())?;
    let (now, state) = (clock.now(), State::first(&config.smtp));
    // Each server counts for itself: together they let no more than twice the quota through.
    let most = 2 * i64::from(config.quotas.sign_in_links);
    let title = if config.smtp.keeps() { "No mail leaves here yet" } else { "Look into your mail" };
    let page = LinkSent {
        frame: Frame::of(&access, &config, "/sign-in", title, "A link to sign in with."),
        address: email.as_given().to_owned(),
        works_for: format!("{} minutes", Purpose::SignIn.lasts().as_secs() / 60),
    };
    actix_web::rt::spawn(async move {
        let asked = db.write(move |conn, _| sign_in::ask(conn, &email, state, most, now)).await;
        if let Err(error) = asked {
            error!(%error, "a link to sign in was asked for, and no message was written");
        }
    });
    let mut response = answer::page_of(StatusCode::OK, &page)?;
    if let Some(next) = next {
        // The link is opened in this browser, as a rule; elsewhere it leads to what is one's own.
        answer::with_cookie(&mut response, &Jar::Next.with(&config, &next))?;
    }
    Ok(response)
}

/// A button, so that programs that look at links before people do sign nobody in.
async fn show_link(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    token: Path<String>,
) -> Result<HttpResponse, Problem> {
    let (now, path) = (clock.now(), format!("/sign-in/{token}"));
    let found = db.read(move |conn| shown(conn, Purpose::SignIn, &token)).await?;
    match found {
        Some(shown) if shown.link.works(now) => answer::page_of(
            StatusCode::OK,
            &Confirm {
                frame: frame(&access, &config, "Sign in"),
                picture: None,
                heading: format!("Sign in as {}", shown.address),
                lead: "One more step, so that only you can use the link.".to_owned(),
                action: path,
                button: "Sign in",
            },
        ),
        _ => dead_link(&access, &config),
    }
}

async fn follow_link(
    access: Access,
    request: HttpRequest,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    token: Path<String>,
    _: Form<Nothing>,
) -> Result<HttpResponse, Problem> {
    let (now, browser) = (clock.now(), Browser::of(&request, &config));
    let next = Jar::Next.of(&request, &config).and_then(|next| way::own(&config.origin(), &next));
    let followed = db
        .write(move |conn: &mut Conn, trail: &mut Trail| sign_in::follow(conn, trail, &token, &browser, now))
        .await;
    match followed {
        Ok(signed_in) => Ok(welcome(&config, &signed_in, next.as_deref())),
        // The second of two clicks: the first has signed this browser in.
        Err(AccountError::DeadLink) if access.visitor().is_some() => Ok(answer::see_other("/me").finish()),
        Err(AccountError::DeadLink) => dead_link(&access, &config),
        Err(error) => Err(error.into()),
    }
}

async fn show_claim(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    token: Path<String>,
) -> Result<HttpResponse, Problem> {
    let (now, path) = (clock.now(), format!("/claim/award/{token}"));
    let found = db.read(move |conn| shown(conn, Purpose::ClaimAward, &token)).await?;
    match found {
        Some(shown) if shown.link.works(now) => answer::page_of(
            StatusCode::OK,
            &Confirm {
                frame: frame(&access, &config, "Take your badge"),
                picture: shown.image.map(|hash| Picture::new(format!("/images/{hash}"), "")),
                heading: format!("Take {} among your badges", shown.badge),
                lead: format!(
                    "It was awarded to {}. One more step, so that only you can use the link.",
                    shown.address
                ),
                action: path,
                button: "Take it",
            },
        ),
        _ => dead_link(&access, &config),
    }
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
        Ok(signed_in) => Ok(welcome(&config, &signed_in, None)),
        Err(AccountError::DeadLink) if access.visitor().is_some() => Ok(answer::see_other("/me").finish()),
        Err(AccountError::DeadLink) => dead_link(&access, &config),
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
    Ok(answer::see_other("/").cookie(Jar::Session.with(&config, "")).finish())
}

/// What a link leads to.
struct Shown {
    link: Link,
    address: String,
    /// The badge of the award, with its picture.
    badge: String,
    image: Option<String>,
}

fn shown(conn: &mut Conn, purpose: Purpose, token: &str) -> Result<Option<Shown>, Problem> {
    let Some(link) = links::find(conn, purpose, token)? else { return Ok(None) };
    let address: Option<String> =
        on!(conn, c => identities::table.find(link.identity_id).select(identities::address).first(c))?;
    let badge: Option<(String, Option<String>)> = match link.award_id {
        None => None,
        Some(award) => on!(conn, c => {
            awards::table
                .inner_join(
                    badge_versions::table.on(badge_versions::badge_id
                        .eq(awards::badge_id)
                        .and(badge_versions::number.eq(awards::badge_version))),
                )
                .filter(awards::id.eq(award))
                .select((badge_versions::name, badge_versions::image_hash))
                .first(c)
                .optional()
        })?,
    };
    let (badge, image) = badge.unwrap_or_default();
    Ok(Some(Shown { link, address: address.unwrap_or_default(), badge, image }))
}

fn welcome(config: &Config, signed_in: &SignedIn, next: Option<&str>) -> HttpResponse {
    let claimed = signed_in.award.map(|award| format!("/awards/{award}"));
    let mut answer = answer::see_other(claimed.as_deref().or(next).unwrap_or("/me"));
    if let Some(session) = &signed_in.session {
        answer.cookie(Jar::Session.with(config, session.reveal()));
        if next.is_some() {
            answer.cookie(Jar::Next.with(config, ""));
        }
    }
    if claimed.is_some() {
        answer.cookie(Jar::Flash.with(config, &Flash::done("This badge is yours now.").written()));
    }
    answer.finish()
}

fn dead_link(access: &Access, config: &Config) -> Result<HttpResponse, Problem> {
    let lead = "It was used, is too old, or is not whole. Write your address and we send a new one; your badges \
                are there once you are signed in.";
    let frame = frame(access, config, "This link does not work any more");
    let way = ("Sign in".to_owned(), "/sign-in".to_owned());
    answer::page_of(StatusCode::GONE, &ErrorPage { frame, text: lead.to_owned(), detail: None, way })
}

/// The frame of a page whose address is a secret.
fn frame(access: &Access, config: &Config, title: &str) -> Frame {
    Frame { canonical: None, ..Frame::of(access, config, "", title, "A link from a mail.") }
}
