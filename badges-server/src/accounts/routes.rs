//! Roles and tokens over HTTP, for programs.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use badges_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    AccountError,
    roles::{self, Gift, Held},
    tokens::{self, NewToken, Token},
};
use crate::{
    auth::Access,
    body::Json,
    clock::{Clock, Moment},
    config::Config,
    contacts::{Email, EmailAddress, address::AddressError},
    db::Db,
    idempotency::Answer,
    ids::{AccountId, IssuerId, RoleId, TokenId},
    outbox::State,
    problem::{Faults, FieldError, Problem},
    rights::{Role, Scope},
    routes::{Route, route},
    texts::{
        self,
        schema::{Name, TokenName, kinds, one_of},
    },
};

kinds! {
    /// What a token is for.
    TokenScope one_of(Scope::ALL.map(Scope::name));
}

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/api/v1/issuers/{issuer}/roles", ViewHierarchy over Issuer, list_roles, "Roles over a node", .gives_all::<RoleResponse>()),
    route!(POST "/api/v1/issuers/{issuer}/roles", ManageRoles over Issuer, give_role, "Give a role over a node", .json::<RoleRequest>().gives::<RoleResponse>(201).repeats()),
    route!(DELETE "/api/v1/issuers/{issuer}/roles/{role}", ManageRoles over Issuer, take_role, "Take a role away", .gives_nothing()),
    route!(GET "/api/v1/tokens", Own over None, list_tokens, "One's tokens", .gives_all::<TokenResponse>()),
    route!(POST "/api/v1/tokens", Own over None, make_token, "Make a token", .json::<TokenRequest>().gives::<TokenResponse>(201).repeats()),
    route!(DELETE "/api/v1/tokens/{token}", Own over None, end_token, "End a token", .gives_nothing()),
];

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRole)]
struct RoleRequest {
    #[schema(value_type = Email)]
    email: String,
    #[serde(default)]
    #[schema(value_type = Option<Name>)]
    name: Option<String>,
    role: Role,
    /// Further addresses that the person's record has: a link to each signs in with the role, so all must be named.
    #[serde(default)]
    #[schema(value_type = Vec<Email>)]
    other_addresses: Vec<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = HeldRole)]
struct RoleResponse {
    id: RoleId,
    account: AccountId,
    role: String,
    issuer: IssuerId,
    name: Option<String>,
    email: Option<String>,
    created_at: Option<String>,
}

/// All of a short list.
#[derive(Serialize)]
pub(super) struct Items<T> {
    pub(super) items: Vec<T>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewToken)]
struct TokenRequest {
    #[schema(value_type = TokenName)]
    name: String,
    #[schema(value_type = Vec<TokenScope>, min_items = 1)]
    scopes: Vec<String>,
    #[serde(default)]
    expires_at: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Token)]
struct TokenResponse {
    id: TokenId,
    name: String,
    scopes: Vec<String>,
    created_at: Option<String>,
    expires_at: Option<String>,
    /// The token itself, this once: not again to the same request.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

async fn list_roles(db: Data<Db>, issuer: Path<IssuerId>) -> Result<HttpResponse, Problem> {
    let held = db.read(move |conn| roles::over(conn, *issuer)).await.map_err(Problem::from)?;
    Ok(HttpResponse::Ok().json(Items { items: held.into_iter().map(RoleResponse::from).collect() }))
}

async fn give_role(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    issuer: Path<IssuerId>,
    request: Json<RoleRequest>,
) -> Result<HttpResponse, Problem> {
    let (actor, place) = (access.actor()?.clone(), access.place().ok_or_else(Problem::not_found)?.clone());
    let RoleRequest { email, name, role, other_addresses } = request.value;
    let name = name.filter(|name| !name.is_empty());
    let mut faults = Faults::default();
    if let Some(name) = &name {
        faults.line("name", name);
    }
    faults.entries("other_addresses", other_addresses.len());
    faults.none()?;
    let address = |path: String, text: &str| {
        text.parse().map_err(|error: AddressError| Problem::field(path, "email", error.to_string()))
    };
    let email = address("email".to_owned(), &email)?;
    let others = other_addresses.iter().enumerate();
    let others: Vec<EmailAddress> =
        others.map(|(at, text)| address(format!("other_addresses[{at}]"), text)).collect::<Result<_, _>>()?;
    let (node, now, state) = (issuer.into_inner(), clock.now(), State::first(&config.smtp));
    let done = request.once.write(&db, now, move |conn, trail| {
        let gift = Gift { email: &email, name: name.as_deref(), role, others: &others, state };
        let id = roles::give(conn, trail, &actor, &place, node, &gift, now)?;
        let held = roles::over(conn, node)?.into_iter().find(|held| held.id == id);
        let held = held.ok_or_else(Problem::not_found)?;
        Ok::<_, Problem>(Answer::json(201, &RoleResponse::from(held)))
    });
    done.await
}

async fn take_role(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    path: Path<(IssuerId, RoleId)>,
) -> Result<HttpResponse, Problem> {
    let (actor, place) = (access.actor()?.clone(), access.place().ok_or_else(Problem::not_found)?.clone());
    let ((node, id), now) = (path.into_inner(), clock.now());
    db.write(move |conn, trail| roles::take(conn, trail, &actor, &place, node, id, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn list_tokens(access: Access, db: Data<Db>, clock: Data<Clock>) -> Result<HttpResponse, Problem> {
    let (account, now) = (access.actor()?.account, clock.now());
    let found = db.read(move |conn| tokens::list(conn, account, now)).await.map_err(Problem::from)?;
    let items = found.into_iter().map(|token| TokenResponse::new(token, None)).collect();
    Ok(HttpResponse::Ok().json(Items::<TokenResponse> { items }))
}

async fn make_token(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    request: Json<TokenRequest>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (access.actor()?.clone(), clock.now());
    let new = request.value.read(now)?;
    let done = request.once.write(&db, now, move |conn, trail| {
        let (token, secret) = tokens::make(conn, trail, &actor, new, now)?;
        let kept = TokenResponse::new(token, None);
        let answer = Answer::json(201, &kept);
        let token = Some(secret.reveal().to_owned());
        Ok::<_, AccountError>(answer.showing(&TokenResponse { token, ..kept }))
    });
    done.await
}

async fn end_token(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    token: Path<TokenId>,
) -> Result<HttpResponse, Problem> {
    let (actor, now, id) = (access.actor()?.clone(), clock.now(), token.into_inner());
    db.write(move |conn, trail| tokens::end(conn, trail, &actor, id, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl TokenRequest {
    fn read(self, now: Moment) -> Result<NewToken, Problem> {
        let mut faults = Vec::new();
        let mut fault = |path: String, code, message: String| faults.push(FieldError { path, code, message });
        let name = self.name.trim().to_owned();
        if !texts::fits(&name, texts::TOKEN) {
            fault("name".to_owned(), "length", "must have 1 to 100 characters".to_owned());
        }
        let mut scopes = Vec::new();
        for (at, scope) in self.scopes.iter().enumerate() {
            match Scope::named(scope) {
                Some(scope) => scopes.push(scope),
                None => {
                    let known = Scope::ALL.map(Scope::name).join(", ");
                    fault(format!("scopes[{at}]"), "unknown", format!("is not known: use some of {known}"));
                }
            }
        }
        if self.scopes.is_empty() {
            fault("scopes".to_owned(), "missing", "are missing: say what the token is for".to_owned());
        }
        let expires_at =
            self.expires_at.as_deref().and_then(|text| match text.parse::<Timestamp>().map(Moment::from) {
                Ok(moment) if moment > now => Some(moment),
                _ => {
                    let message = "is no time to come: write one such as 2030-06-30T23:59:59Z".to_owned();
                    fault("expires_at".to_owned(), "time", message);
                    None
                }
            });
        if faults.is_empty() {
            Ok(NewToken { name, scopes, expires_at })
        } else {
            Err(Problem::invalid(faults))
        }
    }
}

impl From<Held> for RoleResponse {
    fn from(held: Held) -> Self {
        let Held { id, account, role, node, node_name: _, path: _, name, address, created_at } = held;
        let created_at = created_at.timestamp().map(|time| time.to_string());
        Self { id, account, role, issuer: node, name, email: address, created_at }
    }
}

impl TokenResponse {
    fn new(token: Token, secret: Option<String>) -> Self {
        let Token { id, name, scopes, created_at, used_on: _, expires_at } = token;
        let time = |moment: Moment| moment.timestamp().map(|time| time.to_string());
        Self {
            id,
            name,
            scopes: scopes.split(' ').map(str::to_owned).collect(),
            created_at: time(created_at),
            expires_at: expires_at.and_then(time),
            token: secret,
        }
    }
}
