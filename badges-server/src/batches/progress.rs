//! A batch as it is stored, and how far it has come.

use diesel::{pg::Pg, prelude::*, sqlite::Sqlite};
use serde::{Deserialize, Serialize};

use super::BatchError;
use crate::{
    awards::{AwardError, ledger},
    clock::Moment,
    db::{Conn, DbError, Event, Insert, Trail, on, row},
    ids::{AccountId, BadgeId, BatchId, IssuerId},
    quotas,
    schema::{batch_pieces, batch_refusals, batches},
};

/// A bulk award.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = batches, check_for_backend(Pg, Sqlite), treat_none_as_default_value = false)]
pub(crate) struct Batch {
    pub(crate) id: BatchId,
    pub(crate) organisation_id: IssuerId,
    pub(crate) badge_id: BadgeId,
    pub(crate) account_id: AccountId,
    /// What people call it.
    pub(crate) name: String,
    /// For rows without a narrative of their own.
    pub(crate) note: Option<String>,
    pub(crate) mail: bool,
    /// `receiving`, `ready`, `done` or `cancelled`.
    pub(crate) state: String,
    /// Nothing until the list is whole.
    pub(crate) total: i32,
    /// The first row, from 0, about which nothing is decided yet.
    pub(crate) next_row: i32,
    pub(crate) awarded: i32,
    pub(crate) refused: i32,
    pub(crate) created_at: Moment,
    pub(crate) done_at: Option<Moment>,
    /// On whose quota it was counted when it began.
    pub(crate) counted_for: Option<AccountId>,
    /// On which day.
    pub(crate) counted_on: Option<i32>,
}

/// One row as it waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Row {
    /// Where it stands in the list that was sent, from 1.
    pub(super) line: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) did: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) evidence: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
}

/// A row that was not awarded, and why.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = batch_refusals, treat_none_as_default_value = false)]
pub(super) struct Refusal {
    pub(super) batch_id: BatchId,
    /// From 0.
    pub(super) batch_row: i32,
    /// In the list that was sent, from 1.
    pub(super) line: i64,
    pub(super) recipient: String,
    pub(super) reason: String,
}

row!(Refusal of batch_refusals: batch_id, batch_row, line, recipient, reason);

/// Stores a batch whose list is still on its way.
pub(super) fn open(conn: &mut Conn, batch: &Batch) -> Result<(), DbError> {
    on!(conn, c => diesel::insert_into(batches::table).values(batch).execute(c)).map(drop)
}

/// Stores rows of a list that is still on its way.
pub(super) fn keep(conn: &mut Conn, batch: BatchId, first_row: i32, text: &str) -> Result<(), DbError> {
    let row = (
        batch_pieces::batch_id.eq(batch),
        batch_pieces::first_row.eq(first_row),
        batch_pieces::text.eq(text),
    );
    on!(conn, c => diesel::insert_into(batch_pieces::table).values(row).execute(c)).map(drop)
}

/// The list is whole, and waits for somebody to begin.
pub(super) fn received(conn: &mut Conn, batch: BatchId, total: i32) -> Result<(), DbError> {
    let receiving = batches::table.find(batch).filter(batches::state.eq("receiving"));
    on!(conn, c => diesel::update(receiving).set(batches::total.eq(total)).execute(c)).map(drop)
}

/// The list is whole: from now on its rows are awarded, unless somebody began it or cancelled it meanwhile.
pub(super) fn begin(
    conn: &mut Conn,
    trail: &mut Trail,
    batch: &Batch,
    actor: String,
) -> Result<(), BatchError> {
    let receiving = batches::table.find(batch.id).filter(batches::state.eq("receiving"));
    let begun = on!(conn, c => {
        diesel::update(receiving)
            .set((
                batches::state.eq("ready"),
                batches::total.eq(batch.total),
                batches::counted_for.eq(batch.counted_for),
                batches::counted_on.eq(batch.counted_on),
            ))
            .execute(c)
    })?;
    if begun == 0 {
        let found = find(conn, batch.id)?.map_or_else(|| "cancelled".to_owned(), |found| found.state);
        return Err(BatchError::Begun(found));
    }
    note(trail, batch, "begin_batch", actor, batch.created_at);
    Ok(())
}

/// Takes a batch back that never began; one that has begun stays whole, though who sent it may not have learned so.
pub(super) fn discard(conn: &mut Conn, batch: BatchId) -> Result<(), DbError> {
    let receiving = batches::table.find(batch).filter(batches::state.eq("receiving"));
    let still = on!(conn, c => diesel::update(receiving).set(batches::state.eq("receiving")).execute(c))?;
    if still == 0 {
        return Ok(());
    }
    pieces_away(conn, batch)?;
    on!(conn, c => diesel::delete(batches::table.find(batch)).execute(c)).map(drop)
}

/// Stops what is not awarded yet; what is awarded stays.
pub(super) fn cancel(
    conn: &mut Conn,
    trail: &mut Trail,
    id: BatchId,
    actor: String,
    now: Moment,
) -> Result<Batch, BatchError> {
    let cancelled: Option<Batch> = on!(conn, c => {
        diesel::update(batches::table.find(id).filter(batches::state.eq_any(["receiving", "ready"])))
            .set((batches::state.eq("cancelled"), batches::done_at.eq(now)))
            .returning(Batch::as_returning())
            .get_result(c)
            .optional()
    })?;
    let Some(batch) = cancelled else {
        let found = find(conn, id)?.ok_or(AwardError::NoAward)?;
        return Err(BatchError::Ended(found.state));
    };
    pieces_away(conn, id)?;
    give_back(conn, &batch)?;
    note(trail, &batch, "cancel_batch", actor, now);
    Ok(batch)
}

/// Stops a batch of which no further row can be awarded; the reason stands at the first of them.
pub(super) fn stop(
    conn: &mut Conn,
    trail: &mut Trail,
    id: BatchId,
    reason: &str,
    now: Moment,
) -> Result<(), BatchError> {
    let Some(batch) = find(conn, id)? else { return Ok(()) };
    let next = batch.next_row;
    if let Some(row) = piece(conn, id, next)?.first() {
        let called = row.name.as_ref().or(row.email.as_ref()).or(row.did.as_ref());
        let refusal = Refusal {
            batch_id: id,
            batch_row: next,
            line: i64::try_from(row.line).unwrap_or(i64::MAX),
            recipient: called.cloned().unwrap_or_default(),
            reason: format!("{reason}; neither this row nor those behind it were awarded"),
        };
        advance(conn, &batch, (next, next.saturating_add(1)), &[refusal])?;
    }
    cancel(conn, trail, id, "service".to_owned(), now).map(drop)
}

pub(super) fn find(conn: &mut Conn, id: BatchId) -> Result<Option<Batch>, DbError> {
    on!(conn, c => batches::table.find(id).select(Batch::as_select()).first(c).optional())
}

/// The rows from one on, as many as were stored together.
pub(super) fn piece(conn: &mut Conn, batch: BatchId, first_row: i32) -> Result<Vec<Row>, DbError> {
    let text: Option<String> = on!(conn, c => {
        batch_pieces::table.find((batch, first_row)).select(batch_pieces::text).first(c).optional()
    })?;
    // We wrote it, from the same type.
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Writes down what became of the rows `from..to`, in the transaction of their awards.
pub(super) fn advance(
    conn: &mut Conn,
    batch: &Batch,
    (from, to): (i32, i32),
    refusals: &[Refusal],
) -> Result<(), DbError> {
    Insert::default().rows(refusals).run(conn)?;
    let refused = i32::try_from(refusals.len()).unwrap_or(i32::MAX);
    on!(conn, c => {
        diesel::update(batches::table.find(batch.id))
            .set((
                batches::next_row.eq(to),
                batches::awarded.eq(batches::awarded + (to - from - refused)),
                batches::refused.eq(batches::refused + refused),
            ))
            .execute(c)
    })?;
    on!(conn, c => diesel::delete(batch_pieces::table.find((batch.id, from))).execute(c)).map(drop)
}

/// All rows are decided.
pub(super) fn end(conn: &mut Conn, trail: &mut Trail, batch: &Batch, now: Moment) -> Result<(), DbError> {
    let ended: Option<Batch> = on!(conn, c => {
        diesel::update(batches::table.find(batch.id).filter(batches::state.eq("ready")))
            .set((batches::state.eq("done"), batches::done_at.eq(now)))
            .returning(Batch::as_returning())
            .get_result(c)
            .optional()
    })?;
    let Some(ended) = ended else { return Ok(()) };
    give_back(conn, &ended)?;
    note(trail, batch, "end_batch", batch.account_id.to_string(), now);
    Ok(())
}

/// What was counted on a quota and never awarded may be awarded on that day after all.
fn give_back(conn: &mut Conn, batch: &Batch) -> Result<(), DbError> {
    let rest = batch.total - batch.awarded;
    match batch.counted_for.zip(batch.counted_on) {
        Some((account, day)) if rest > 0 => quotas::give_back(conn, account, ledger::AWARDS, day, rest),
        _ => Ok(()),
    }
}

/// Takes away a part of a list with which nobody began since a moment, such as one whose sender went away; tells
/// whether there may be more.
pub(crate) fn sweep(conn: &mut Conn, before: Moment, most: i64) -> Result<bool, DbError> {
    let abandoned: Option<BatchId> = on!(conn, c => {
        batches::table
            .filter(batches::state.eq("receiving"))
            .filter(batches::created_at.lt(before))
            .select(batches::id)
            .first(c)
            .optional()
    })?;
    let Some(batch) = abandoned else { return Ok(false) };
    let some: Vec<i32> = on!(conn, c => {
        batch_pieces::table
            .filter(batch_pieces::batch_id.eq(batch))
            .select(batch_pieces::first_row)
            .limit(most)
            .load(c)
    })?;
    if some.is_empty() {
        discard(conn, batch)?;
    } else {
        let pieces = batch_pieces::table.filter(batch_pieces::batch_id.eq(batch));
        on!(conn, c => diesel::delete(pieces.filter(batch_pieces::first_row.eq_any(&some))).execute(c))?;
    }
    Ok(true)
}

fn pieces_away(conn: &mut Conn, batch: BatchId) -> Result<(), DbError> {
    on!(conn, c => {
        diesel::delete(batch_pieces::table.filter(batch_pieces::batch_id.eq(batch))).execute(c)
    })
    .map(drop)
}

fn note(trail: &mut Trail, batch: &Batch, action: &'static str, actor: String, at: Moment) {
    trail.note(Event {
        organisation: Some(batch.organisation_id),
        actor,
        action,
        object: batch.id.to_string(),
        detail: batch.badge_id.to_string(),
        at,
    });
}
