//! A list is taken: stored as it comes in, and begun once it is whole.

use std::future::Future;

use actix_web::web::Bytes;
use tokio::{
    runtime::Handle,
    sync::{
        Semaphore,
        mpsc::{self, Receiver},
    },
    task,
};

use super::{
    BatchError, intake,
    progress::{self, Batch},
};
use crate::{
    awards::{AwardError, desk::Giver, ledger},
    clock::Moment,
    db::{Db, DbError},
    idempotency::{self, Answer, Keyed, Seen},
    ids::{BadgeId, BatchId},
    problem::{Faults, Problem},
    rights::Actor,
    texts,
};

/// What a list is sent with.
pub(super) struct Asked {
    pub(super) badge: BadgeId,
    /// What people call it.
    pub(super) name: Option<String>,
    /// For rows without a narrative of their own.
    pub(super) note: Option<String>,
    pub(super) mail: bool,
}

/// A batch whose list is about to come in.
pub(super) fn batch(actor: &Actor, asked: Asked, now: Moment) -> Result<Batch, Problem> {
    let Asked { badge, name, note, mail } = asked;
    let name = name.unwrap_or_else(|| "List".to_owned());
    let mut faults = Faults::default();
    faults.line("name", &name);
    faults.at_most("note", note.as_deref().unwrap_or_default(), texts::NOTE);
    faults.none()?;
    Ok(Batch {
        id: BatchId::new(now)?,
        organisation_id: actor.organisation,
        badge_id: badge,
        account_id: actor.account,
        name,
        note,
        mail,
        state: "receiving".to_owned(),
        total: 0,
        next_row: 0,
        awarded: 0,
        refused: 0,
        created_at: now,
        done_at: None,
        counted_for: None,
        counted_on: None,
    })
}

/// How many lists come in at a time: each has a thread that waits for its sender.
static ROOM: Semaphore = Semaphore::const_new(16);

/// Stores the list of a batch while `sending` hands it over, then does `next` with the number of its rows and what the
/// sender says of it. What cannot be taken leaves nothing behind.
pub(super) async fn take<S, T>(
    db: &Db,
    batch: &Batch,
    sending: impl Future<Output = Result<S, BatchError>>,
    arriving: Receiver<Bytes>,
    next: impl AsyncFnOnce(i32, S) -> Result<T, BatchError>,
) -> Result<T, BatchError> {
    let _room = ROOM.try_acquire().map_err(|_| BatchError::Many)?;
    let (opened, id) = (batch.clone(), batch.id);
    db.write(move |conn, _| progress::open(conn, &opened)).await?;
    let (sent, stored) = tokio::join!(sending, store(db, batch, arriving));
    let taken = match sent.and_then(|sent| Ok((stored?, sent))) {
        Ok((total, sent)) => next(total, sent).await,
        Err(error) => Err(error),
    };
    if taken.is_err() {
        db.write(move |conn, _| progress::discard(conn, id)).await?;
    }
    taken
}

/// Stores a list that is here in one piece, and waits with it. Gives the address of its page: that of the first where
/// the same form comes again.
pub(super) async fn keep(
    db: &Db,
    batch: &Batch,
    list: Vec<u8>,
    keyed: Option<Keyed>,
) -> Result<String, BatchError> {
    let (parts, arriving) = mpsc::channel(1);
    let sending = async move {
        // Where nobody takes it, the reader found it wanting.
        drop(parts.send(Bytes::from(list)).await);
        Ok(())
    };
    let (id, now) = (batch.id, batch.created_at);
    let wait = async |total, ()| {
        db.write(move |conn, _| {
            let own = format!("/batches/{id}");
            let place = idempotency::once(conn, keyed.as_ref(), now, |conn| {
                progress::received(conn, id, total)?;
                Ok::<_, BatchError>(own.clone())
            })?;
            if place != own {
                progress::discard(conn, id)?;
            }
            Ok(place)
        })
        .await
    };
    take(db, batch, sending, arriving, wait).await
}

/// Stores rows as they arrive, on a thread of its own; tells how many there were.
async fn store(db: &Db, batch: &Batch, arriving: Receiver<Bytes>) -> Result<i32, BatchError> {
    let (db, runtime) = (db.clone(), Handle::current());
    let (batch, now) = (batch.id, batch.created_at);
    let reading = task::spawn_blocking(move || {
        intake::read(intake::Arriving::new(arriving), now, |first, rows| {
            let text = serde_json::to_string(&rows).unwrap_or_default();
            Ok(runtime.block_on(db.write(move |conn, _| progress::keep(conn, batch, first, &text)))?)
        })
    });
    reading.await.map_err(|_| DbError::Busy)?
}

/// Begins a batch that is whole, and counts it on its giver's quota: all of it or nothing. The same list sent again
/// under the same key goes, and gets the answer of the first.
pub(super) async fn begin(
    db: &Db,
    mut batch: Batch,
    giver: Giver,
    keyed: Option<(Keyed, Answer)>,
    now: Moment,
) -> Result<Option<Answer>, BatchError> {
    db.write(move |conn, trail| {
        if let Some((keyed, answer)) = keyed {
            match keyed.seen(conn)? {
                Seen::Never => keyed.keep(conn, &answer, now)?,
                Seen::Before(answer) => {
                    progress::discard(conn, batch.id)?;
                    return Ok(Some(answer));
                }
                Seen::Otherwise => return Err(AwardError::IdempotencyKeyReused.into()),
            }
        }
        if let (Some(account), Some(ceiling)) = (giver.account, giver.quota) {
            ledger::count_on(conn, account, ceiling, batch.total, now.day())?;
            (batch.counted_for, batch.counted_on) = (Some(account), Some(now.day()));
        }
        progress::begin(conn, trail, &batch, giver.named)?;
        Ok(None)
    })
    .await
}
