//! Signing in with a provider: the way there, the way back, and what people are told where it leads nowhere.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
    web::{Data, Path},
};
use serde::Deserialize;
use tracing::{info, warn};

use super::{
    AccountError,
    providers::{self, Begun, Entry, Known, Refusal},
    sessions::Browser,
    views::Onward,
};
use crate::{
    auth::{Access, Jar},
    body::Query,
    clock::Clock,
    config::Config,
    db::Db,
    forms::{Form, Nothing},
    limits::{self, Limits, Tried},
    oidc::{OidcError, Provider, Providers, Trip},
    problem::Problem,
    routes::{Route, route},
    secret::{self, Secret},
    web::{Frame, answer, components::Flash, way},
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(POST "/sign-in/with/{provider}", Public over None, begin_sign_in, "Sign in with another service"),
    route!(GET "/sign-in/with/{provider}/back", Public over None, come_back, "Where another service sends people back to"),
    route!(POST "/me/providers/{provider}", Own over None, begin_link, "Sign in with another service as well"),
    route!(POST "/me/providers/{provider}/end", Own over None, end_link, "Sign in with another service no more"),
];

/// What the handlers of this file work with.
type State = (Data<Db>, Data<Clock>, Data<Config>, Data<Providers>);

#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    next: String,
}

/// What a provider sends people back with (RFC 6749 §4.1.2, RFC 9207 §2). Some add members of their own.
#[derive(Debug, Deserialize)]
struct Answered {
    code: Option<String>,
    #[serde(default)]
    state: String,
    error: Option<String>,
    iss: Option<String>,
}

/// Why a way to a provider and back led nowhere.
enum Astray {
    /// The provider says so, with a code of its own.
    Said(String),
    Oidc(OidcError),
    Refused(Refusal),
    /// This browser is not waiting for an answer.
    Stale,
}

async fn begin_sign_in(
    request: HttpRequest,
    access: Access,
    state: State,
    limits: Data<Limits>,
    key: Path<String>,
    form: Form<Wanted>,
) -> Result<HttpResponse, Problem> {
    let (.., config, all) = &state;
    let provider = all.named(&key).ok_or_else(Problem::not_found)?;
    limits.visitor(Tried::SignIn, &limits::visitor(&request, config))?;
    let begun = Begun { next: way::own(&config.origin(), &form.value.next), account: None };
    depart(&access, &state, provider, begun).await
}

async fn begin_link(
    request: HttpRequest,
    access: Access,
    state: State,
    limits: Data<Limits>,
    key: Path<String>,
    _: Form<Nothing>,
) -> Result<HttpResponse, Problem> {
    let (.., config, all) = &state;
    let provider = all.named(&key).ok_or_else(Problem::not_found)?;
    limits.visitor(Tried::SignIn, &limits::visitor(&request, config))?;
    let begun = Begun { next: Some("/me".to_owned()), account: Some(access.actor()?.account) };
    depart(&access, &state, provider, begun).await
}

/// A page that leads on by itself. Browsers do not follow a form to another site that its page does not name, and
/// where a provider sends people on to is not known beforehand.
async fn depart(
    access: &Access,
    (db, clock, config, _): &State,
    provider: &Provider,
    begun: Begun,
) -> Result<HttpResponse, Problem> {
    let secret = Secret::new("")?;
    let place = match provider.begin(&Trip::new(secret.reveal()), clock).await {
        Ok(place) => place,
        Err(error) => return turn_back(config, provider, begun.next.as_deref(), Astray::Oidc(error)),
    };
    let cookie = Jar::Provider.with(config, secret.reveal());
    let (key, now) = (provider.key.clone(), clock.now());
    db.write(move |conn, _| providers::leave(conn, &secret, &key, &begun, now))
        .await
        .map_err(Problem::from)?;
    let title = format!("On to {}", provider.name);
    let about = "You are asked there who you are.";
    let frame = Frame { canonical: None, ..Frame::of(access, config, "", title, about) };
    let page = Onward { frame, name: provider.name.clone(), href: place.to_string() };
    let mut response = answer::page_of(StatusCode::OK, &page)?;
    if let Ok(onward) = HeaderValue::from_str(&format!("0; url={place}")) {
        response.headers_mut().insert(header::REFRESH, onward);
    }
    answer::with_cookie(&mut response, &cookie)?;
    Ok(response)
}

async fn come_back(
    request: HttpRequest,
    access: Access,
    state: State,
    key: Path<String>,
    answered: Query<Answered>,
) -> Result<HttpResponse, Problem> {
    let (db, clock, config, all) = &state;
    let provider = all.named(&key).ok_or_else(Problem::not_found)?;
    let own = |brought: &String| secret::same(&Trip::new(brought).state(), &answered.state);
    let Some(brought) = Jar::Provider.of(&request, config).filter(own) else {
        // The cookie stays: another tab, or another site, does not end the trip that it belongs to.
        return Ok(said(config, provider, None, &Astray::Stale));
    };
    let (secret, key, now) = (brought.clone(), provider.key.clone(), clock.now());
    let begun = db.write(move |conn, _| providers::come_back(conn, &secret, &key, now)).await;
    let Some(begun) = begun.map_err(Problem::from)? else {
        return turn_back(config, provider, None, Astray::Stale);
    };
    let next = begun.next.clone();
    let person = match vouched(provider, &Trip::new(&brought), clock, answered.into_inner()).await {
        Ok(person) => person,
        Err(astray) => return turn_back(config, provider, next.as_deref(), astray),
    };
    let (known, browser) = (Known::from(provider), Browser::of(&request, config));
    let actor = access.visitor().cloned();
    let entry: Result<Entry, AccountError> = match (begun.account, actor) {
        (None, _) => {
            db.write(move |conn, trail| providers::enter(conn, trail, &known, &person, &browser, now)).await
        }
        (Some(account), Some(actor)) if actor.account == account => {
            db.write(move |conn, trail| providers::link(conn, trail, &known, &person.subject, &actor, now))
                .await
        }
        _ => return turn_back(config, provider, None, Astray::Stale),
    };
    arrive(config, provider, next.as_deref(), entry?)
}

/// Who it is, if the answer of the provider holds.
async fn vouched(
    provider: &Provider,
    trip: &Trip<'_>,
    clock: &Clock,
    answered: Answered,
) -> Result<crate::oidc::Person, Astray> {
    provider.check_answer(answered.iss.as_deref(), clock).await.map_err(Astray::Oidc)?;
    match (answered.error, answered.code) {
        (Some(error), _) => Err(Astray::Said(error)),
        (None, Some(code)) => provider.finish(trip, &code, clock).await.map_err(Astray::Oidc),
        (None, None) => Err(Astray::Said(String::new())),
    }
}

fn arrive(
    config: &Config,
    provider: &Provider,
    next: Option<&str>,
    entry: Entry,
) -> Result<HttpResponse, Problem> {
    let mut response = match entry {
        Entry::Refused(refusal) => return turn_back(config, provider, next, Astray::Refused(refusal)),
        Entry::Linked => {
            let words = format!("From now on you can sign in with {} as well.", provider.name);
            answer::done(config, "/me", &Flash::done(words))
        }
        Entry::SignedIn(session) => {
            let cookie = Jar::Session.with(config, session.reveal());
            answer::see_other(next.unwrap_or("/me")).cookie(cookie).finish()
        }
    };
    answer::with_cookie(&mut response, &Jar::Provider.with(config, ""))?;
    Ok(response)
}

/// Back to the page on which it began, which says why. The address that the provider sent people to is not shown: it
/// holds the code.
fn turn_back(
    config: &Config,
    provider: &Provider,
    next: Option<&str>,
    astray: Astray,
) -> Result<HttpResponse, Problem> {
    let key = provider.key.as_str();
    match &astray {
        Astray::Oidc(error) => warn!(provider = key, %error, "a provider signed nobody in"),
        Astray::Said(_) => info!(provider = key, "a provider sent somebody back who was not signed in there"),
        Astray::Refused(_) | Astray::Stale => {}
    }
    let mut response = said(config, provider, next, &astray);
    answer::with_cookie(&mut response, &Jar::Provider.with(config, ""))?;
    Ok(response)
}

/// Leads to where somebody can sign in, and says why they are there.
fn said(config: &Config, provider: &Provider, next: Option<&str>, astray: &Astray) -> HttpResponse {
    let place = next.map_or_else(|| "/sign-in".to_owned(), |next| way::with("/sign-in", "next", next));
    answer::done(config, &place, &Flash::caution(astray.words(&provider.name)))
}

impl Astray {
    /// Whether the provider may answer in a minute.
    fn may_pass(&self) -> bool {
        match self {
            Self::Oidc(error) => matches!(error, OidcError::Busy | OidcError::Unreachable { .. }),
            Self::Said(code) => matches!(code.as_str(), "server_error" | "temporarily_unavailable"),
            Self::Refused(_) | Self::Stale => false,
        }
    }

    /// For the person: what happened, and what to do.
    fn words(&self, name: &str) -> String {
        let link = "write your address to get a link";
        match self {
            Self::Said(code) if code == "access_denied" => {
                format!("{name} did not sign you in: you did not agree, or may not. Try again, or {link}.")
            }
            _ if self.may_pass() => {
                format!("{name} does not answer at this moment. Try again in a minute, or {link}.")
            }
            Self::Said(_) => {
                format!("{name} did not sign you in. Try again, or {link}.")
            }
            Self::Oidc(_) => format!(
                "What {name} answered could not be relied on, so nobody was signed in. Try again, or {link}; if it \
                 stays, tell the people who run this service."
            ),
            Self::Refused(Refusal::Another) => format!(
                "Somebody else here signs in with this account at {name}, or you with another. Remove the other \
                 one first, on the page of whoever has it."
            ),
            Self::Refused(Refusal::NoProof) => format!(
                "Nobody here signs in with your account at {name} yet. To begin, {link}; then choose “Sign in with \
                 {name} as well” on your page."
            ),
            Self::Refused(Refusal::Recycled) => format!(
                "Another account at {name} had your address before. To take its place, {link}; then remove {name} \
                 on your page and add it again."
            ),
            Self::Refused(Refusal::Unknown) => format!(
                "Nobody here has the address that {name} knows you by. Ask whoever gives you badges which address \
                 they know, or {link}."
            ),
            Self::Stale => format!(
                "This browser is not waiting for an answer of {name}: it took too long, or came before. Begin again."
            ),
        }
    }
}

async fn end_link(
    access: Access,
    (db, clock, config, all): State,
    key: Path<String>,
    _: Form<Nothing>,
) -> Result<HttpResponse, Problem> {
    let provider = all.named(&key).ok_or_else(Problem::not_found)?;
    let (actor, known, now) = (access.actor()?.clone(), Known::from(provider), clock.now());
    db.write(move |conn, trail| providers::unlink(conn, trail, &known, &actor, now)).await?;
    let words = format!("{} signs you in no more. A link to your address always does.", provider.name);
    Ok(answer::done(&config, "/me", &Flash::done(words)))
}
