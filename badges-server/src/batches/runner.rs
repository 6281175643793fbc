//! Awards what lies in batches, a piece at a time; servers that share a database take turns by lease.

use std::{sync::Arc, time::Duration};

use diesel::prelude::*;
use tokio::{sync::watch, task, time};
use tracing::{info, warn};

use super::{
    BatchError,
    progress::{self, Batch, Refusal, Row},
};
use crate::{
    auth::{Credentials, actor},
    awards::{
        AwardError,
        credential::Evidence,
        desk::{self, Desk, Gift, Giver, Recipient},
        ledger::{self, Order},
    },
    badges::prepared::Prepared,
    clock::{Clock, Moment},
    contacts::identities::Person,
    db::{Conn, DbError, on},
    ids::{BatchId, ServerId},
    issuers::place::StatusPlace,
    random::RandomError,
    rights::{Action, can},
    schema::batches,
    workers,
};

/// How long a server that says nothing keeps a batch.
const LEASE: Duration = Duration::from_secs(30);

/// How often it looks whether there is something to do.
const LOOK: Duration = Duration::from_millis(500);

/// Awards what lies in batches. Any number of them share one database.
pub(crate) struct Runner {
    desk: Arc<Desk>,
    clock: Clock,
    own: ServerId,
    works: bool,
}

/// Rows that are built and signed, and not stored.
struct Step {
    rows: (i32, i32),
    orders: Vec<(At, Order)>,
    refusals: Vec<Refusal>,
}

/// A row of the batch, from 0, and the line of the list that it came from.
#[derive(Clone, Copy)]
struct At {
    row: i32,
    line: u64,
}

/// What all rows of a piece have in common.
struct Common {
    prepared: Arc<Prepared>,
    giver: Giver,
    batch: Batch,
    now: Moment,
}

impl Runner {
    /// `works` tells whether this server awards what lies in batches, or leaves it to others.
    pub(crate) fn new(desk: Arc<Desk>, clock: Clock, works: bool) -> Result<Self, RandomError> {
        Ok(Self { desk, clock, own: ServerId::random()?, works })
    }

    /// Works until it is told to stop; the piece under way is finished first.
    pub(crate) async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while self.works && !*stop.borrow() {
            let worked = Arc::clone(&self).round(&stop).await.unwrap_or_else(|error| {
                warn!(%error, "a batch does not go on");
                false
            });
            if !worked {
                tokio::select! {
                    changed = stop.changed() => if changed.is_err() { return },
                    () = time::sleep(LOOK) => {}
                }
            }
        }
    }

    /// Works on one batch, to its end if nothing comes between; tells whether there was one.
    async fn round(self: Arc<Self>, stop: &watch::Receiver<bool>) -> Result<bool, BatchError> {
        let now = self.clock.now();
        let any = self.desk.db.read(move |conn| free(conn, now)).await?;
        let Some(id) = any else { return Ok(false) };
        let own = self.own;
        let leased = self.desk.db.write(move |conn, _| lease(conn, id, own, now)).await?;
        let Some(batch) = leased else { return Ok(false) };
        info!(batch = %batch.id, from = batch.next_row, total = batch.total, "a batch is awarded");
        match Arc::clone(&self).work(batch, stop).await {
            Err(error) if error.ends_a_list() => {
                let (reason, now) = (error.to_string(), self.clock.now());
                self.desk.db.write(move |conn, trail| progress::stop(conn, trail, id, &reason, now)).await?;
                Ok(true)
            }
            worked => worked,
        }
    }

    /// Awards a batch that is leased, piece by piece.
    async fn work(self: Arc<Self>, batch: Batch, stop: &watch::Receiver<bool>) -> Result<bool, BatchError> {
        let own = self.own;
        let mut ready = Arc::clone(&self).prepare(&batch, batch.next_row).await?;
        while let Some(step) = ready {
            let next = step.rows.1;
            // While the disk takes one piece, the processors sign the next.
            let (entered, following) =
                tokio::join!(self.enter(&batch, step), Arc::clone(&self).prepare(&batch, next));
            if !entered? {
                return Ok(true);
            }
            if *stop.borrow() {
                // Another server, or this one when it is back, goes on at once.
                self.desk.db.write(move |conn, _| release(conn, batch.id, own)).await?;
                return Ok(true);
            }
            ready = following?;
        }
        let now = self.clock.now();
        self.desk.db.write(move |conn, trail| progress::end(conn, trail, &batch, now)).await?;
        Ok(true)
    }

    /// Builds and signs the piece that begins at a row; none where the batch ends.
    async fn prepare(self: Arc<Self>, batch: &Batch, from: i32) -> Result<Option<Step>, BatchError> {
        let (batch, now) = (batch.clone(), self.clock.now());
        let prepared = self.desk.prepared(batch.badge_id).await?;
        let (id, account) = (batch.id, batch.account_id);
        let place = prepared.place.clone();
        let read = self.desk.db.read(move |conn| {
            // A right that was taken away ends with the next piece.
            let giver = actor(conn, &Credentials::Absent(account), now)?;
            let may = can(giver.as_ref(), Action::AwardInBulk, Some(&place));
            let giver = giver.filter(|_| may).ok_or(BatchError::Rightless)?;
            Ok::<_, BatchError>((progress::piece(conn, id, from)?, giver.contact))
        });
        let (rows, contact) = read.await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let mut places = Vec::with_capacity(rows.len());
        for _ in &rows {
            places.push(
                self.desk
                    .places
                    .take(&self.desk.db, prepared.signing_id, now)
                    .await
                    .map_err(AwardError::from)?,
            );
        }
        let named = account.to_string();
        let giver = Giver { account: Some(account), contact: Some(contact), named, quota: None };
        let common = Common { prepared, giver, batch, now };
        let desk = Arc::clone(&self.desk);
        let built = task::spawn_blocking(move || build(&desk, &common, from, &rows, places));
        Ok(Some(built.await.map_err(|_| DbError::Busy)??))
    }

    /// Stores a piece; false if the batch is no longer ours.
    async fn enter(&self, batch: &Batch, step: Step) -> Result<bool, BatchError> {
        let (batch, own, now) = (batch.clone(), self.own, self.clock.now());
        let write = self.desk.db.write(move |conn, trail| {
            if !keep_lease(conn, batch.id, own, step.rows.0, now)? {
                return Ok(false);
            }
            let (rows, mut orders): (Vec<At>, Vec<Order>) = step.orders.into_iter().unzip();
            let called: Vec<String> = orders
                .iter()
                .map(|order| order.awards.first().map(|ready| ready.called.clone()).unwrap_or_default())
                .collect();
            let mut refusals = step.refusals;
            let told = ledger::enter_all(conn, trail, &mut orders);
            for ((at, recipient), told) in rows.into_iter().zip(called).zip(told) {
                match told {
                    Ok(_) => {}
                    // Nothing is wrong with the row: the whole piece is tried again.
                    Err(AwardError::Database(error)) => return Err(BatchError::from(error)),
                    Err(refused) => refusals.push(refusal(batch.id, at, recipient, &refused)),
                }
            }
            progress::advance(conn, &batch, step.rows, &refusals)?;
            Ok(true)
        });
        write.await
    }
}

/// Builds and signs on all processors.
fn build(
    desk: &Desk,
    common: &Common,
    from: i32,
    rows: &[Row],
    places: Vec<StatusPlace>,
) -> Result<Step, BatchError> {
    let Common { prepared, batch, now, .. } = common;
    let recipients: Vec<Recipient> = rows.iter().map(recipient).collect();
    let people = desk.db.read_here(|conn| desk::people(conn, prepared, &recipients, *now))?;
    let numbered: Vec<(At, &Row, Recipient, Person, StatusPlace)> = (from..)
        .zip(rows)
        .zip(recipients)
        .zip(people.into_iter().zip(places))
        .map(|(((number, row), recipient), (person, place))| {
            (At { row: number, line: row.line }, row, recipient, person, place)
        })
        .collect();
    let to = from.saturating_add(i32::try_from(rows.len()).unwrap_or(i32::MAX));
    let mut step = Step { rows: (from, to), orders: Vec::with_capacity(rows.len()), refusals: Vec::new() };
    workers::each_in_order(
        &numbered,
        |(at, row, recipient, person, place)| order(desk, common, at.row, row, recipient, person, *place),
        |place, built| {
            let Some((at, _, recipient, ..)) = numbered.get(place) else { return Ok(()) };
            match built {
                Ok(order) => step.orders.push((*at, order)),
                Err(AwardError::Database(error)) => return Err(BatchError::from(error)),
                Err(refused) => step.refusals.push(refusal(batch.id, *at, recipient.called(), &refused)),
            }
            Ok(())
        },
    )?;
    Ok(step)
}

fn order(
    desk: &Desk,
    common: &Common,
    number: i32,
    row: &Row,
    recipient: &Recipient,
    person: &Person,
    place: StatusPlace,
) -> Result<Order, AwardError> {
    let Common { prepared, giver, batch, now } = common;
    let gift = Gift {
        badge: batch.badge_id,
        recipients: Vec::new(),
        evidence: row.evidence.as_deref().map(evidence).into_iter().collect(),
        note: row.note.clone().or_else(|| batch.note.clone()),
        expires_at: row.expires_at.as_deref().and_then(|time| time.parse().ok()),
        visibility: None,
        mail: batch.mail,
        replaces: None,
        code: None,
    };
    let issue_at = prepared.issues(None, *now);
    let mut ready = desk.ready(prepared, &gift, giver, recipient, person.clone(), place, issue_at, *now)?;
    (ready.award.batch_id, ready.award.batch_row) = (Some(batch.id), Some(number));
    let base = Arc::clone(&desk.base);
    Ok(Order {
        awards: vec![ready],
        keyed: None,
        quota: None,
        actor: giver.named.clone(),
        base,
        now: *now,
        replaces: None,
    })
}

fn recipient(row: &Row) -> Recipient {
    let email = row.email.as_deref().and_then(|email| email.parse().ok());
    Recipient { email, did: row.did.clone(), name: row.name.clone(), external_id: None }
}

/// An address where it is one, words otherwise.
fn evidence(text: &str) -> Evidence {
    let is_url = url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    let (url, narrative) = if is_url { (Some(text), None) } else { (None, Some(text)) };
    Evidence { url: url.map(str::to_owned), name: None, narrative: narrative.map(str::to_owned) }
}

fn refusal(batch: BatchId, at: At, recipient: String, reason: &AwardError) -> Refusal {
    let line = i64::try_from(at.line).unwrap_or(i64::MAX);
    Refusal { batch_id: batch, batch_row: at.row, line, recipient, reason: reason.to_string() }
}

/// A batch on which nobody works.
fn free(conn: &mut Conn, now: Moment) -> Result<Option<BatchId>, DbError> {
    on!(conn, c => {
        batches::table
            .filter(batches::state.eq("ready"))
            .filter(batches::lease_until.is_null().or(batches::lease_until.lt(now)))
            .order(batches::id)
            .select(batches::id)
            .first(c)
            .optional()
    })
}

fn lease(conn: &mut Conn, id: BatchId, own: ServerId, now: Moment) -> Result<Option<Batch>, DbError> {
    on!(conn, c => {
        diesel::update(batches::table.find(id).filter(batches::state.eq("ready")))
            .filter(batches::lease_until.is_null().or(batches::lease_until.lt(now)))
            .set((batches::leased_by.eq(own), batches::lease_until.eq(now.plus(LEASE))))
            .returning(Batch::as_returning())
            .get_result(c)
            .optional()
    })
}

/// Whether the batch is ours and stands where we think: decided in the transaction that awards.
fn keep_lease(conn: &mut Conn, id: BatchId, own: ServerId, next: i32, now: Moment) -> Result<bool, DbError> {
    let kept = on!(conn, c => {
        diesel::update(batches::table.find(id).filter(batches::state.eq("ready")))
            .filter(batches::leased_by.eq(own))
            .filter(batches::next_row.eq(next))
            .set(batches::lease_until.eq(now.plus(LEASE)))
            .execute(c)
    })?;
    Ok(kept == 1)
}

fn release(conn: &mut Conn, id: BatchId, own: ServerId) -> Result<(), DbError> {
    on!(conn, c => {
        diesel::update(batches::table.find(id).filter(batches::leased_by.eq(own)))
            .set(batches::lease_until.eq(None::<Moment>))
            .execute(c)
    })
    .map(drop)
}
