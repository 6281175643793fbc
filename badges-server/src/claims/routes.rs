//! Codes over HTTP, for programs.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use serde::{Deserialize, Serialize};

use super::{
    ClaimError,
    codes::{self, Code, NewCode},
    taking,
};
use crate::{
    auth::Access,
    awards::{AwardError, desk::Desk},
    body::Json,
    clock::{Clock, Moment},
    config::Config,
    db::{Db, DbError},
    idempotency::{Answer, Once},
    ids::{AwardId, BadgeId, ClaimCodeId},
    limits::{self, Limits, Tried},
    problem::Problem,
    routes::{Route, route},
    texts::schema::{Line, WebAddress, kinds, number},
};

kinds! {
    /// How often a code may be used.
    UsesOfCode number(1, i32::MAX.into());
}

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/api/v1/badges/{badge}/claim-codes", ViewAwards over Badge, list_codes, "The claim codes of a badge", .gives_all::<CodeResponse>()),
    route!(POST "/api/v1/badges/{badge}/claim-codes", Award over Badge, add_code, "Make a code by which people claim a badge", .json::<CodeRequest>().gives::<CodeResponse>(201).repeats()),
    route!(POST "/api/v1/badges/{badge}/claim-codes/{code}/close", Award over Badge, change_code, "Close a claim code", .gives::<CodeResponse>(200).repeats()),
    route!(POST "/api/v1/badges/{badge}/claim-codes/{code}/open", Award over Badge, change_code, "Open a claim code again", .gives::<CodeResponse>(200).repeats()),
    route!(POST "/api/v1/claims", Own over None, take_badge, "Take a badge with a code", .json::<ClaimRequest>().gives::<Taken>(200).refuses(&[410, 429])),
];

/// A code as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ClaimCode)]
struct CodeResponse {
    id: ClaimCodeId,
    badge: BadgeId,
    label: String,
    uses: i32,
    most_uses: Option<i32>,
    expires_at: Option<String>,
    open: bool,
    created_at: Option<String>,
    /// The code and its address: shown once, when it is made, and not again to the same request.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewClaimCode)]
struct CodeRequest {
    #[schema(value_type = Line)]
    label: String,
    #[serde(default)]
    #[schema(value_type = Option<UsesOfCode>)]
    most_uses: Option<i32>,
    #[serde(default)]
    expires_at: Option<String>,
    /// The address of something that shows what all of them did.
    #[serde(default)]
    #[schema(value_type = Option<WebAddress>)]
    evidence: Option<String>,
}

/// A code, as it is shown to those who take the badge.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Claim)]
struct ClaimRequest {
    code: String,
}

/// One's own award: the one of before, where the code was used already.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = TakenAward)]
struct Taken {
    award: AwardId,
    url: String,
}

#[derive(Debug, Serialize)]
struct Codes {
    items: Vec<CodeResponse>,
}

impl CodeResponse {
    fn new(code: Code, now: Moment) -> Self {
        let time = |moment: Moment| moment.timestamp().map(|time| time.to_string());
        Self {
            open: code.is_open(now),
            id: code.id,
            badge: code.badge_id,
            label: code.label,
            uses: code.uses,
            most_uses: code.most_uses,
            expires_at: code.expires_at.and_then(time),
            created_at: time(code.created_at),
            code: None,
            url: None,
        }
    }
}

async fn list_codes(access: Access, (db, clock): (Data<Db>, Data<Clock>)) -> Result<HttpResponse, Problem> {
    let (badge, now) = (access.badge()?, clock.now());
    let found = db.read(move |conn| codes::list(conn, badge)).await.map_err(Problem::from)?;
    let items = found.into_iter().map(|code| CodeResponse::new(code, now)).collect();
    Ok(HttpResponse::Ok().json(Codes { items }))
}

async fn add_code(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    request: Json<CodeRequest>,
) -> Result<HttpResponse, Problem> {
    let (badge, actor, now) = (access.badge()?, access.actor()?.clone(), clock.now());
    let CodeRequest { label, most_uses, expires_at, evidence } = request.value;
    let expires_at = expires_at.as_deref().map(str::parse::<badges_core::time::Timestamp>).transpose();
    let expires_at = expires_at.map_err(|_| {
        Problem::field("expires_at", "time", "is no time: write one such as 2030-06-30T23:59:59Z")
    })?;
    let new = NewCode { label, most_uses, expires_at: expires_at.map(Moment::from), evidence }.check(now)?;
    let text = codes::chance()?;
    let url = format!("{}/claim/{text}", config.base());
    let done = request.once.write(&db, now, move |conn, trail| {
        let code = codes::add(conn, trail, badge, &text, new, &actor, now)?;
        let kept = CodeResponse::new(code, now);
        let answer = Answer::json(201, &kept);
        Ok::<_, ClaimError>(answer.showing(&CodeResponse { code: Some(text), url: Some(url), ..kept }))
    });
    done.await
}

async fn change_code(
    request: HttpRequest,
    access: Access,
    (db, clock): (Data<Db>, Data<Clock>),
    path: Path<(String, ClaimCodeId)>,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let (id, actor, now) = ((access.badge()?, path.into_inner().1), access.actor()?.clone(), clock.now());
    let open = request.path().ends_with("/open");
    let done = once.write(&db, now, move |conn, trail| {
        let code = codes::set_open(conn, trail, id, open, &actor, now)?;
        Ok::<_, ClaimError>(Answer::json(200, &CodeResponse::new(code, now)))
    });
    done.await
}

/// For the proved address of whoever holds the token; who brings codes that give nothing is slowed down.
async fn take_badge(
    request: HttpRequest,
    access: Access,
    (desk, clock, config, limits): (Data<Desk>, Data<Clock>, Data<Config>, Data<Limits>),
    claim: Json<ClaimRequest>,
) -> Result<HttpResponse, Problem> {
    let (contact, now, text) = (access.actor()?.contact, clock.now(), claim.value.code.trim().to_owned());
    let found = desk.db.read(move |conn| {
        let Some(open) = codes::open(conn, &text, now)? else { return Ok(None) };
        Ok::<_, DbError>(Some((open, taking::address_of(conn, contact)?)))
    });
    let Some((open, person)) = found.await.map_err(Problem::from)? else {
        limits.visitor(Tried::Claim, &limits::visitor(&request, &config))?;
        return Err(AwardError::CodeEnded.into());
    };
    let person = person.ok_or(ClaimError::NoAddress)?;
    let award = taking::award(&desk.into_inner(), &open, person, now).await?;
    let url = format!("{}/awards/{award}", config.base());
    Ok(HttpResponse::Ok().json(Taken { award, url }))
}
