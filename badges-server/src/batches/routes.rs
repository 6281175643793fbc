//! Bulk awards over HTTP, for programs.

use std::{io, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Bytes, Data, Path, Payload},
};
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::{sync::mpsc, time};

use super::{
    BatchError, beginning, list,
    progress::{self, Batch, Refusal},
    taking,
};
use crate::{
    auth::Access,
    awards::{
        desk::Desk,
        routes::{giver, may_award, place_of_list},
    },
    body::{self, Page, Query},
    clock::{Clock, Moment},
    config::Config,
    db::Db,
    idempotency::{Answer, Keyed, Once},
    ids::{BadgeId, BatchId},
    problem::Problem,
    routes::{Route, route},
    texts::schema::{Line, Note, kinds, number},
};

kinds! {
    /// A row of a list, from 0.
    RowNumber number(0, i32::MAX.into());
}

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(POST "/api/v1/batches", AwardInBulk over Body, begin_batch, "Award a badge to a list of people, in CSV", .bytes(&["text/csv"]).asks::<Asked>().gives::<BatchResponse>(202).repeats().refuses(&[429])),
    route!(GET "/api/v1/batches", ViewAwards over Scoped, list_batches, "Bulk awards, the newest first", .asks::<Filter>().gives_part::<BatchResponse>().behind::<BatchId>()),
    route!(GET "/api/v1/batches/{batch}", AwardInBulk over Batch, show_batch, "How far a bulk award has come", .gives::<BatchResponse>(200)),
    route!(GET "/api/v1/batches/{batch}/refusals", AwardInBulk over Batch, list_refusals, "Rows that were not awarded", .gives_part::<RefusalResponse>().behind::<RowNumber>()),
    route!(POST "/api/v1/batches/{batch}/begin", AwardInBulk over Batch, begin_waiting, "Award the badge to everybody on a list that waits", .gives::<BatchResponse>(200).refuses(&[429])),
    route!(POST "/api/v1/batches/{batch}/cancel", AwardInBulk over Batch, cancel_batch, "Stop what is not awarded yet", .gives::<BatchResponse>(200).repeats()),
];

/// What a list is sent with, in the query: the body is the list.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Asked {
    badge: BadgeId,
    /// What people call the batch.
    #[param(inline, value_type = Option<Line>)]
    name: Option<String>,
    /// For rows without a narrative of their own.
    #[param(inline, value_type = Option<Note>)]
    note: Option<String>,
    /// Whether the recipients are told by mail; if not said, they are.
    mail: Option<bool>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Filter {
    badge: Option<BadgeId>,
}

/// A bulk award as the API shows it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Batch)]
struct BatchResponse {
    id: BatchId,
    badge: BadgeId,
    name: String,
    /// `receiving`, `ready`, `done` or `cancelled`.
    state: String,
    /// Rows in the list.
    total: i32,
    /// Rows about which something is decided: awarded or refused.
    decided: i32,
    awarded: i32,
    refused: i32,
    created_at: Option<String>,
    done_at: Option<String>,
}

/// A row that was not awarded.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Refusal)]
struct RefusalResponse {
    /// From 0; what to go on behind with `after`.
    row: i32,
    /// In the list that was sent, from 1.
    line: i64,
    recipient: String,
    reason: String,
}

/// Stores the list as it comes in, then answers; awarding begins at once and outlives this request.
async fn begin_batch(
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    request: HttpRequest,
    asked: Query<Asked>,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let (actor, now, base) = (access.actor()?, clock.now(), config.base());
    readable(&request)?;
    let key = body::repeated(&request)?;
    let Asked { badge, name, note, mail } = asked.into_inner();
    may_award(&access, &desk, badge).await?;
    let (giver, by) = (giver(actor, &config), actor.account.to_string());
    let batch = taking::batch(actor, taking::Asked { badge, name, note, mail: mail.unwrap_or(true) }, now)?;
    let (parts, arriving) = mpsc::channel(4);
    let sending = send(payload, parts, config.bulk_limit, config.patience);
    let whole = batch.clone();
    let begin = async |total, list: Vec<u8>| {
        let batch = Batch { total, ..whole };
        let answer = begun(&batch, base);
        let keyed = key.map(|key| {
            let whole = [request.query_string().as_bytes(), &list].concat();
            (Keyed::new(&by, "POST /api/v1/batches", &key, &whole), answer.clone())
        });
        Ok(taking::begin(&desk.db, batch, giver, keyed, now).await?.unwrap_or(answer))
    };
    Ok(taking::take(&desk.db, &batch, sending, arriving, begin).await?.response())
}

/// What is answered once a list is whole.
fn begun(batch: &Batch, base: &str) -> Answer {
    let location = Some(format!("{base}/api/v1/batches/{}", batch.id));
    let batch = BatchResponse::from(Batch { state: "ready".to_owned(), ..batch.clone() });
    Answer { location, ..Answer::json(202, &batch) }
}

/// Refuses what is no CSV in UTF-8 by its own words.
fn readable(request: &HttpRequest) -> Result<(), Problem> {
    body::unpacked(request)?;
    let Some(kind) = request.headers().get(header::CONTENT_TYPE) else { return Ok(()) };
    let kind = kind.to_str().unwrap_or_default().to_ascii_lowercase();
    let mut parts = kind.split(';').map(str::trim);
    let csv = parts.next() == Some("text/csv");
    let charset = parts.find_map(|part| part.strip_prefix("charset=")).map(|name| name.trim_matches('"'));
    if !csv || charset.is_some_and(|name| !matches!(name, "utf-8" | "utf8" | "us-ascii")) {
        return Err(body::media_type("send the list as CSV in UTF-8, with Content-Type: text/csv"));
    }
    Ok(())
}

/// Hands the list on as it arrives: so many bytes at most, and after each part at most so many seconds until the next.
/// Tells the hash of the whole.
async fn send(
    mut payload: Payload,
    parts: mpsc::Sender<Bytes>,
    most: usize,
    patience: u64,
) -> Result<Vec<u8>, BatchError> {
    let (mut taken, mut hash) = (0, Sha256::new());
    let longest = Duration::from_secs(patience);
    while let Some(part) =
        time::timeout(longest, payload.next()).await.map_err(|_| BatchError::Slow(patience))?
    {
        let part = part.map_err(|error| csv::Error::from(io::Error::other(error.to_string())))?;
        taken += part.len();
        if taken > most {
            return Err(BatchError::TooLong(most));
        }
        hash.update(&part);
        // The reader stops where it finds the list wanting: its own words say more.
        if parts.send(part).await.is_err() {
            break;
        }
    }
    Ok(hash.finalize().to_vec())
}

/// Batches of one badge, or of all where the right is over the whole organisation.
async fn list_batches(access: Access, desk: Data<Desk>, page: Page<Filter>) -> Result<HttpResponse, Problem> {
    let (actor, badge) = (access.actor()?, page.filter.badge);
    access.permit_found(place_of_list(&desk.db, actor, badge).await?)?;
    let (organisation, after, limit) = (actor.organisation, page.behind()?, page.limit + 1);
    let badges = badge.map(|badge| vec![badge]);
    let rows = desk.db.read(move |conn| list::list(conn, organisation, badges.as_deref(), after, limit));
    let rows = rows.await.map_err(Problem::from)?;
    Ok(page.answer(rows, |batch| batch.id.to_string(), BatchResponse::from))
}

/// One batch.
async fn show_batch(db: Data<Db>, batch: Path<BatchId>) -> Result<HttpResponse, Problem> {
    let found = db.read(move |conn| progress::find(conn, batch.into_inner())).await.map_err(Problem::from)?;
    Ok(HttpResponse::Ok().json(BatchResponse::from(found.ok_or_else(Problem::not_found)?)))
}

/// Rows that were not awarded, in the order of the list.
async fn list_refusals(db: Data<Db>, page: Page, batch: Path<BatchId>) -> Result<HttpResponse, Problem> {
    let after = page.behind()?.unwrap_or(-1);
    let limit = page.limit + 1;
    let rows = db.read(move |conn| list::refusals(conn, batch.into_inner(), after, limit));
    let rows = rows.await.map_err(Problem::from)?;
    Ok(page.answer(rows, |refusal| refusal.batch_row.to_string(), RefusalResponse::from))
}

/// Begins a list that was sent on a page and waits there.
async fn begin_waiting(
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    batch: Path<BatchId>,
) -> Result<HttpResponse, Problem> {
    let id = batch.into_inner();
    if let Some(state) = beginning::begin(&access, &desk, &config, id, clock.now()).await? {
        return Err(BatchError::Begun(state).into());
    }
    let begun = desk.db.read(move |conn| progress::find(conn, id)).await.map_err(Problem::from)?;
    Ok(HttpResponse::Ok().json(BatchResponse::from(begun.ok_or_else(Problem::not_found)?)))
}

/// Stops what is not awarded yet.
async fn cancel_batch(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    batch: Path<BatchId>,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (access.actor()?.name_for_audit(), clock.now());
    let id = batch.into_inner();
    let done = once.write(&db, now, move |conn, trail| {
        let batch = progress::cancel(conn, trail, id, actor, now)?;
        Ok::<_, BatchError>(Answer::json(200, &BatchResponse::from(batch)))
    });
    done.await
}

impl From<Batch> for BatchResponse {
    fn from(batch: Batch) -> Self {
        let time = |moment: Moment| moment.timestamp().map(|time| time.to_string());
        Self {
            id: batch.id,
            badge: batch.badge_id,
            name: batch.name,
            state: batch.state,
            total: batch.total,
            decided: batch.next_row,
            awarded: batch.awarded,
            refused: batch.refused,
            created_at: time(batch.created_at),
            done_at: batch.done_at.and_then(time),
        }
    }
}

impl From<Refusal> for RefusalResponse {
    fn from(refusal: Refusal) -> Self {
        let Refusal { batch_row: row, line, recipient, reason, .. } = refusal;
        Self { row, line, recipient, reason }
    }
}
