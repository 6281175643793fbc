//! Bulk awards over HTTP, for programs.

use std::{io, time::Duration};

use actix_web::{
    HttpResponse,
    web::{Bytes, Data, Path, Payload, Query},
};
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use tokio::{sync::mpsc, time};

use super::{
    BatchError, list,
    progress::{self, Batch, Refusal},
    taking,
};
use crate::{
    auth::Access,
    awards::{
        desk::Desk,
        routes::{giver, may_award, place_of_list},
    },
    body::Page,
    clock::{Clock, Moment},
    config::Config,
    db::Db,
    ids::{BadgeId, BatchId},
    problem::Problem,
    routes::{Route, route},
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(POST "/api/v1/batches", AwardInBulk over Body, begin_batch, "Award a badge to a list of people, in CSV", .bytes(&["text/csv"]).asks::<Asked>().gives::<BatchResponse>(202).refuses(&[429])),
    route!(GET "/api/v1/batches", ViewAwards over Scoped, list_batches, "Bulk awards, the newest first", .asks::<Filter>().gives_part::<BatchResponse>()),
    route!(GET "/api/v1/batches/{batch}", AwardInBulk over Batch, show_batch, "How far a bulk award has come", .gives::<BatchResponse>(200)),
    route!(GET "/api/v1/batches/{batch}/refusals", AwardInBulk over Batch, list_refusals, "Rows that were not awarded", .gives_part::<RefusalResponse>()),
    route!(POST "/api/v1/batches/{batch}/cancel", AwardInBulk over Batch, cancel_batch, "Stop what is not awarded yet", .gives::<BatchResponse>(200)),
];

/// What a list is sent with, in the query: the body is the list.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Asked {
    badge: BadgeId,
    /// What people call the batch.
    name: Option<String>,
    /// For rows without a narrative of their own.
    note: Option<String>,
    /// Whether the recipients are told by mail; if not said, they are.
    mail: Option<bool>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Filter {
    badge: Option<BadgeId>,
    after: Option<BatchId>,
    #[serde(rename = "limit")]
    _limit: Option<i64>,
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
    desk: Data<Desk>,
    clock: Data<Clock>,
    config: Data<Config>,
    asked: Query<Asked>,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let (actor, asked, now) = (access.actor()?, asked.into_inner(), clock.now());
    may_award(&access, &desk, asked.badge).await?;
    let giver = giver(actor, &config);
    let Asked { badge, name, note, mail } = asked;
    let mut batch =
        taking::batch(actor, taking::Asked { badge, name, note, mail: mail.unwrap_or(true) }, now)?;
    let (parts, arriving) = mpsc::channel(4);
    let sending = send(payload, parts, config.bulk_limit, config.patience);
    let whole = batch.clone();
    let begin = async |total| taking::begin(&desk.db, Batch { total, ..whole }, giver, now).await;
    batch.total = taking::take(&desk.db, &batch, sending, arriving, begin).await?;
    batch.state = "ready".to_owned();
    let location = format!("{}/api/v1/batches/{}", config.base(), batch.id);
    Ok(HttpResponse::Accepted().insert_header(("Location", location)).json(BatchResponse::from(batch)))
}

/// Hands the list on as it arrives: so many bytes at most, and after each part at most so many seconds until the next.
async fn send(
    mut payload: Payload,
    parts: mpsc::Sender<Bytes>,
    most: usize,
    patience: u64,
) -> Result<(), BatchError> {
    let mut taken = 0;
    let longest = Duration::from_secs(patience);
    while let Some(part) =
        time::timeout(longest, payload.next()).await.map_err(|_| BatchError::Slow(patience))?
    {
        let part = part.map_err(|error| csv::Error::from(io::Error::other(error.to_string())))?;
        taken += part.len();
        if taken > most {
            return Err(BatchError::TooLong(most));
        }
        // The reader stops where it finds the list wanting: its own words say more.
        if parts.send(part).await.is_err() {
            break;
        }
    }
    Ok(())
}

/// Batches of one badge, or of all where the right is over the whole organisation.
async fn list_batches(
    access: Access,
    desk: Data<Desk>,
    page: Page,
    filter: Query<Filter>,
) -> Result<HttpResponse, Problem> {
    let (actor, filter) = (access.actor()?, filter.into_inner());
    access.permit_found(place_of_list(&desk.db, actor, filter.badge).await?)?;
    let (organisation, limit) = (actor.organisation, page.limit + 1);
    let badges = filter.badge.map(|badge| vec![badge]);
    let rows =
        desk.db.read(move |conn| list::list(conn, organisation, badges.as_deref(), filter.after, limit));
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
    let after = page.after.as_deref().map_or(Ok(-1), str::parse);
    let after = after.map_err(|_| Problem::field("after", "number", "must be the number of a row"))?;
    let limit = page.limit + 1;
    let rows = db.read(move |conn| list::refusals(conn, batch.into_inner(), after, limit));
    let rows = rows.await.map_err(Problem::from)?;
    Ok(page.answer(rows, |refusal| refusal.batch_row.to_string(), RefusalResponse::from))
}

/// Stops what is not awarded yet.
async fn cancel_batch(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    batch: Path<BatchId>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (access.actor()?.name_for_audit(), clock.now());
    let id = batch.into_inner();
    let batch = db.write(move |conn, trail| progress::cancel(conn, trail, id, actor, now)).await?;
    Ok(HttpResponse::Ok().json(BatchResponse::from(batch)))
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
