//! `/me`: one's badges and roles, the browsers in which one is signed in, and tokens for programs.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use badges_core::time::Timestamp;
use serde::Deserialize;

use super::{
    AccountError, providers, roles,
    sessions::{self, Browser},
    tokens::{self, NewToken},
    views::{self, Me, OwnProvider, OwnRole, Tokens, role_word, scope_choices, token_form},
};
use crate::{
    auth::Access,
    body::Query,
    clock::{Clock, Moment},
    config::Config,
    contacts::held::{self, Held, View},
    db::{Db, DbError},
    forms::{Form, Nothing},
    idempotency,
    ids::{AwardId, SessionId, TokenId},
    oidc::{Provider, Providers},
    problem::{FieldError, Problem},
    rights::{Actor, Scope},
    routes::{Route, route},
    texts,
    web::{
        Frame, Section, answer,
        components::{Flash, When},
        table,
    },
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/me", Own over None, show_me, "What is one's own"),
    route!(POST "/me/sessions/end", Own over None, end_others, "Sign all other browsers out"),
    route!(POST "/me/sessions/{session}/end", Own over None, end_session, "Sign another browser out"),
    route!(GET "/me/tokens", Own over None, show_tokens, "One's tokens, and a form for another"),
    route!(POST "/me/tokens", Own over None, make_token, "Make a token and show it once"),
    route!(POST "/me/tokens/{token}/end", Own over None, end_token, "End a token"),
];

/// How many awards stand on a page.
const AWARDS: i64 = 24;

#[derive(Debug, Deserialize)]
struct Part {
    after: Option<AwardId>,
}

async fn show_me(
    request: HttpRequest,
    access: Access,
    (db, clock, config, all): (Data<Db>, Data<Clock>, Data<Config>, Data<Providers>),
    part: Query<Part>,
) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?.clone();
    let (account, contact, now) = (actor.account, actor.contact, clock.now());
    let after = part.after;
    let (awards, open, roles, linked) = db
        .read(move |conn| {
            let awards = held::held(conn, contact, &View::Own, after, AWARDS + 1)?;
            let (open, roles) = (sessions::list(conn, account, now)?, roles::of(conn, account)?);
            Ok::<_, DbError>((awards, open, roles, providers::linked(conn, contact)?))
        })
        .await?;
    let browser = Browser::of(&request, &config);
    let (awards, paging) = table::part(awards, AWARDS, "/me", after.is_some(), |held: &Held| held.id);
    let page = Me {
        frame: Frame::of(&access, &config, "/me", "My badges", "What is yours here.").within(Section::Mine),
        name: actor.name.clone(),
        awards: awards.into_iter().map(|held| held.card(now)).collect(),
        paging,
        roles: roles.into_iter().map(|(role, place)| OwnRole { role: role_word(&role), place }).collect(),
        sessions: open
            .into_iter()
            .map(|session| views::Session {
                current: browser.holds(&session),
                end: format!("/me/sessions/{}/end", session.id),
                client: session.client,
                seen: When::at(session.seen_at),
            })
            .collect(),
        tokens: may_have_tokens(&actor).then(|| "/me/tokens".to_owned()),
        providers: all.all().map(|provider| own_provider(provider, &linked)).collect(),
    };
    answer::page(&request, &access, &page)
}

fn own_provider(provider: &Provider, linked: &[String]) -> OwnProvider {
    let (name, linked) = (provider.name.clone(), linked.contains(&provider.issuer));
    let end = if linked { "/end" } else { "" };
    OwnProvider { name, linked, action: format!("/me/providers/{}{end}", provider.key) }
}

async fn end_session(
    access: Access,
    (db, config): (Data<Db>, Data<Config>),
    session: Path<SessionId>,
    _: Form<Nothing>,
) -> Result<HttpResponse, Problem> {
    let (account, id) = (access.actor()?.account, session.into_inner());
    db.write(move |conn, _| sessions::end(conn, account, id)).await.map_err(Problem::from)?;
    Ok(answer::done(&config, "/me", &Flash::done("That browser is signed out.")))
}

async fn end_others(
    access: Access,
    request: HttpRequest,
    (db, config): (Data<Db>, Data<Config>),
    _: Form<Nothing>,
) -> Result<HttpResponse, Problem> {
    let (account, browser) = (access.actor()?.account, Browser::of(&request, &config));
    db.write(move |conn, _| sessions::end_others(conn, account, &browser)).await.map_err(Problem::from)?;
    Ok(answer::done(&config, "/me", &Flash::done("All other browsers are signed out.")))
}

#[derive(Debug, Deserialize)]
struct TokenAsked {
    #[serde(default)]
    name: String,
    #[serde(default)]
    expires: String,
}

/// Who can do nothing by a role or a badge has nothing to hand to a program.
fn may_have_tokens(actor: &Actor) -> bool {
    Scope::ALL.into_iter().any(|scope| actor.may_hand(scope))
}

async fn show_tokens(
    request: HttpRequest,
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
) -> Result<HttpResponse, Problem> {
    let page = tokens_page(&access, &db, &config, clock.now()).await?;
    answer::page(&request, &access, &page)
}

async fn tokens_page(access: &Access, db: &Db, config: &Config, now: Moment) -> Result<Tokens, Problem> {
    let actor = access.actor()?;
    let account = actor.account;
    let found = db.read(move |conn| tokens::list(conn, account, now)).await.map_err(Problem::from)?;
    let about = "Keys with which programs act for you.";
    Ok(Tokens {
        frame: Frame::of(access, config, "/me/tokens", "Tokens for programs", about).within(Section::Mine),
        form: token_form(scope_choices(actor)),
        made: None,
        tokens: found.into_iter().map(views::Token::from).collect(),
    })
}

/// What is said where the form of a token comes again.
const MADE_ALREADY: &str = "This token was made already, and its text is shown once. If you do not have it, end the token and make another.";

async fn make_token(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    form: Form<TokenAsked>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (access.actor()?.clone(), clock.now());
    let keyed = form.keyed(&actor.account.to_string(), "POST /me/tokens");
    let made = match asked(&form, now) {
        Ok(new) => {
            let making = db.write(move |conn, trail| {
                let mut secret = None;
                idempotency::once(conn, keyed.as_ref(), now, |conn| {
                    secret = Some(tokens::make(conn, trail, &actor, new, now)?.1);
                    Ok::<_, AccountError>("/me/tokens".to_owned())
                })?;
                Ok(secret)
            });
            making.await
        }
        Err(faults) => return tokens_again(&access, &db, &config, now, &form, &faults).await,
    };
    match made {
        Ok(Some(secret)) => {
            let mut page = tokens_page(&access, &db, &config, now).await?;
            page.made = Some(secret.reveal().to_owned());
            answer::page_of(StatusCode::CREATED, &page)
        }
        Ok(None) => Ok(answer::done(&config, "/me/tokens", &Flash::caution(MADE_ALREADY))),
        Err(error @ (AccountError::Scope(_) | AccountError::TooManyTokens(_))) => {
            let fault = FieldError { path: String::new(), code: "refused", message: error.to_string() };
            tokens_again(&access, &db, &config, now, &form, &[fault]).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn tokens_again(
    access: &Access,
    db: &Db,
    config: &Config,
    now: Moment,
    form: &Form<TokenAsked>,
    faults: &[FieldError],
) -> Result<HttpResponse, Problem> {
    let mut page = tokens_page(access, db, config, now).await?;
    page.form.fill(form.typed());
    page.form.refused("", faults);
    answer::page_of(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn asked(form: &Form<TokenAsked>, now: Moment) -> Result<NewToken, Vec<FieldError>> {
    let mut faults = Vec::new();
    let mut fault = |path: &str, code, message: &str| {
        faults.push(FieldError { path: path.to_owned(), code, message: message.to_owned() });
    };
    let name = form.value.name.trim().to_owned();
    if !texts::fits(&name, texts::TOKEN) {
        fault("name", "length", "Say what the token is for, in 1 to 100 characters.");
    }
    let scopes: Vec<Scope> = form.ticked("scope-").filter_map(Scope::named).collect();
    if scopes.is_empty() {
        fault("", "missing", "Tick what the token may do.");
    }
    let day = form.value.expires.trim();
    let end = format!("{day}T23:59:59Z").parse::<Timestamp>().ok().map(Moment::from);
    let expires_at = end.filter(|end| *end > now);
    if !day.is_empty() && expires_at.is_none() {
        fault("expires", "time", "Choose a day to come.");
    }
    if faults.is_empty() { Ok(NewToken { name, scopes, expires_at }) } else { Err(faults) }
}

async fn end_token(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    token: Path<TokenId>,
    _: Form<Nothing>,
) -> Result<HttpResponse, Problem> {
    let (actor, now, id) = (access.actor()?.clone(), clock.now(), token.into_inner());
    db.write(move |conn, trail| tokens::end(conn, trail, &actor, id, now)).await?;
    let flash = Flash::done("The token ended: programs that hold it can do nothing from now on.");
    Ok(answer::done(&config, "/me/tokens", &flash))
}
