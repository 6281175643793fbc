//! The courier: takes messages that are due by lease, delivers them, tries again later, gives up at last.

use std::{sync::Arc, time::Duration};

use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use tokio::{sync::watch, task::JoinSet, time};
use tracing::{info, warn};

use super::{
    OutboxError,
    letter::{self, Composed},
    mailer::{CONNECTIONS, Mailer, Refusal},
    message::{Receiver, State, Stored, Template},
    quota,
};
use crate::{
    clock::{Clock, Moment},
    config::Quotas,
    db::{Conn, Db, DbError, on},
    fixed,
    ids::{MessageId, ServerId},
    links,
    random::{self, RandomError},
    schema::{identities, outbox},
    secret::Secret,
};

/// When a message is tried again after each try (the schedule of Standard Webhooks), in seconds.
const SCHEDULE: [u64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// How long one server keeps a message for itself: longer than a delivery can take.
const LEASE: Duration = Duration::from_secs(120);
const DELIVERY: Duration = Duration::from_secs(60);

/// How often it looks whether something is due.
const LOOK: Duration = Duration::from_millis(500);

/// Whatever is due.
const ANY: &str = "TRUE";

/// Delivers what stands in the outbox. Any number of them share one database.
///
/// Each message is delivered at least once: where a server is gone between the mail server's word and its own note of it,
/// the lease runs out and the same message leaves again, under the same Message-ID.
pub(crate) struct Courier {
    db: Db,
    clock: Clock,
    base: Arc<str>,
    receivers: Receivers,
    quotas: Quotas,
    own: ServerId,
}

/// How each receiver is reached.
pub(crate) struct Receivers {
    /// None where no mail server is set up: then messages are kept.
    pub(crate) mail: Option<Mailer>,
}

/// What became of a try.
enum Outcome {
    Done,
    Kept,
    Later(String),
    Never { reason: String, bad_address: bool },
    Void(&'static str),
}

impl Courier {
    pub(crate) fn new(
        db: Db,
        clock: Clock,
        base: &str,
        receivers: Receivers,
        quotas: Quotas,
    ) -> Result<Self, RandomError> {
        Ok(Self { db, clock, base: base.into(), receivers, quotas, own: ServerId::random()? })
    }

    /// Delivers until it is told to stop; what is under way then is delivered first.
    pub(crate) async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let full = match Arc::clone(&self).round().await {
                Ok(delivered) => delivered >= CONNECTIONS as usize,
                Err(error) => {
                    warn!(%error, "the outbox cannot be read");
                    false
                }
            };
            if !full {
                tokio::select! {
                    changed = stop.changed() => if changed.is_err() { return },
                    () = time::sleep(LOOK) => {}
                }
            }
        }
    }

    /// Takes what is due and delivers what may leave today; tells how much was due.
    pub(crate) async fn round(self: Arc<Self>) -> Result<usize, DbError> {
        let now = self.clock.now();
        // Reading first: an idle courier writes nothing.
        let any = self.db.read(move |conn| Ok::<_, DbError>(!paused(conn)? && any_due(conn, now)?)).await?;
        if !any {
            return Ok(0);
        }
        let (own, quotas, sends) = (self.own, self.quotas.clone(), self.receivers.mail.is_some());
        let taken = self.db.write(move |conn, _| {
            let leased = lease(conn, own, now)?;
            let count = leased.len();
            let leaving = if sends { quota::within(conn, leased, &quotas, now)? } else { leased };
            Ok::<_, DbError>((count, leaving))
        });
        let (count, leased) = taken.await?;
        let mut under_way = JoinSet::new();
        for message in leased {
            let courier = Arc::clone(&self);
            under_way.spawn(async move {
                let id = message.id;
                if let Err(error) = courier.deliver(message).await {
                    // The lease runs out, and somebody tries again.
                    warn!(%error, message = %id, "a message was not delivered");
                }
            });
        }
        under_way.join_all().await;
        Ok(count)
    }

    async fn deliver(&self, message: Stored) -> Result<(), OutboxError> {
        let (id, attempts, identity) = (message.id, message.attempts, message.identity_id);
        let outcome = match Receiver::named(&message.receiver) {
            Some(Receiver::Mail) => self.by_mail(message).await?,
            None => Outcome::Void("this program does not know the receiver"),
        };
        let (own, now) = (self.own, self.clock.now());
        let again = again(now, attempts)?;
        let written = self.db.write(move |conn, _| {
            if let (Outcome::Never { bad_address: true, .. }, Some(identity)) = (&outcome, identity) {
                on!(conn, c => {
                    diesel::update(identities::table.find(identity)).set(identities::status.eq("invalid")).execute(c)
                })?;
            }
            settle(conn, id, own, outcome, again, now)
        });
        Ok(written.await?)
    }

    async fn by_mail(&self, message: Stored) -> Result<Outcome, OutboxError> {
        let Some(mailer) = &self.receivers.mail else { return Ok(Outcome::Kept) };
        let token = Secret::new("")?;
        let (base, now, of) = (Arc::clone(&self.base), self.clock.now(), message.clone());
        let (composed, token) = self
            .db
            .read(move |conn| {
                let composed = letter::compose(conn, &of, &base, Some(token.reveal()), now)?;
                Ok::<_, OutboxError>((composed, token))
            })
            .await?;
        let letter = match composed {
            Composed::Letter(letter) => *letter,
            Composed::Void(reason) => return Ok(Outcome::Void(reason)),
        };
        if let Some(target) = letter.target {
            self.db.write(move |conn, _| links::keep(conn, &token, target, None, now)).await?;
        }
        Ok(match time::timeout(DELIVERY, mailer.send(&message, letter)).await {
            Ok(Ok(())) => Outcome::Done,
            Ok(Err(Refusal::Later(reason))) => Outcome::Later(reason),
            Ok(Err(Refusal::Never { reason, bad_address })) => Outcome::Never { reason, bad_address },
            Err(_) => Outcome::Later("the mail server does not answer".to_owned()),
        })
    }
}

/// Whether the operator has it wait, as a restored copy does.
pub(super) fn paused(conn: &mut Conn) -> Result<bool, DbError> {
    Ok(fixed::value(conn, fixed::COURIER)?.as_deref() == Some(fixed::PAUSED))
}

/// What is due: waiting, or leased by somebody who did not come back. The states stand in the text, where SQLite sees that
/// its index holds all of them.
macro_rules! due {
    ($now:expr) => {
        sql::<Bool>("outbox.state IN ('queued', 'leased')").and(outbox::next_at.le($now)).and(
            outbox::state
                .eq(State::Queued.name())
                .or(outbox::state.eq(State::Leased.name()).and(outbox::lease_until.lt($now))),
        )
    };
}

fn any_due(conn: &mut Conn, now: Moment) -> Result<bool, DbError> {
    let first: Option<MessageId> = on!(conn, c => {
        outbox::table.filter(due!(now)).select(outbox::id).first(c).optional()
    })?;
    Ok(first.is_some())
}

/// Takes some of what is due. Rows that another server takes at this moment are passed over, never waited for.
fn lease(conn: &mut Conn, own: ServerId, now: Moment) -> Result<Vec<Stored>, DbError> {
    let mut ids = first(conn, &waited_for(), now)?;
    if ids.len() < CONNECTIONS as usize {
        ids.extend(first(conn, ANY, now)?);
        ids.truncate(CONNECTIONS as usize);
    }
    on!(conn, c => {
        diesel::update(outbox::table.filter(outbox::id.eq_any(&ids)).filter(due!(now)))
            .set((
                outbox::state.eq(State::Leased.name()),
                outbox::leased_by.eq(own),
                outbox::lease_until.eq(now.plus(LEASE)),
                outbox::attempts.eq(outbox::attempts + 1),
            ))
            .returning(Stored::as_returning())
            .get_results(c)
    })
}

/// What somebody waits for at a page: it goes before all else, however much is queued.
fn waited_for() -> String {
    let names = Template::ALL.into_iter().filter(|template| template.is_waited_for()).map(Template::name);
    format!("outbox.template IN ('{}')", names.collect::<Vec<_>>().join("', '"))
}

fn first(conn: &mut Conn, which: &str, now: Moment) -> Result<Vec<MessageId>, DbError> {
    let most = i64::from(CONNECTIONS);
    Ok(match conn {
        Conn::Postgresql(c) => outbox::table
            .filter(due!(now))
            .filter(sql::<Bool>(which))
            .order(outbox::next_at)
            .limit(most)
            .select(outbox::id)
            .for_update()
            .skip_locked()
            .load(c)?,
        Conn::Sqlite(c) => outbox::table
            .filter(due!(now))
            .filter(sql::<Bool>(which))
            .order(outbox::next_at)
            .limit(most)
            .select(outbox::id)
            .load(c)?,
    })
}

/// When it is tried again, somewhat apart from others that failed with it; none after the last try.
fn again(now: Moment, attempts: i32) -> Result<Option<Moment>, RandomError> {
    let tried = usize::try_from(attempts).unwrap_or_default().saturating_sub(1);
    let Some(seconds) = SCHEDULE.get(tried) else { return Ok(None) };
    let apart = random::below(seconds * 200 + 1)?;
    Ok(Some(now.plus(Duration::from_millis(seconds * 900 + apart))))
}

/// Writes down what became of a message, if it is still ours.
fn settle(
    conn: &mut Conn,
    id: MessageId,
    own: ServerId,
    outcome: Outcome,
    again: Option<Moment>,
    now: Moment,
) -> Result<(), DbError> {
    let (state, error, next_at) = match (outcome, again) {
        (Outcome::Done, _) => (State::Done, None, now),
        (Outcome::Kept, _) => (State::Kept, None, now),
        (Outcome::Void(reason), _) => (State::Cancelled, Some(reason.to_owned()), now),
        (Outcome::Later(reason), Some(again)) => (State::Queued, Some(reason), again),
        (Outcome::Later(reason), None) => (State::Dead, Some(reason), now),
        (Outcome::Never { reason, .. }, _) => (State::Dead, Some(reason), now),
    };
    // No address of a person stands in a log: what the server said is on the message's page.
    match state {
        State::Queued => info!(message = %id, "a message waits for another try"),
        State::Dead => warn!(message = %id, "a message cannot be delivered"),
        _ => {}
    }
    let ended = (state != State::Queued).then_some(now);
    on!(conn, c => {
        diesel::update(outbox::table.find(id).filter(outbox::leased_by.eq(own)))
            .filter(outbox::state.eq(State::Leased.name()))
            .set((
                outbox::state.eq(state.name()),
                outbox::last_error.eq(error),
                outbox::next_at.eq(next_at),
                outbox::done_at.eq(ended),
            ))
            .execute(c)
    })
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_come_further_and_further_apart_and_end() {
        let now = Moment::from_microseconds(0);
        let waits: Vec<i64> = (1..=10)
            .filter_map(|attempts| again(now, attempts).unwrap())
            .map(|at| at.microseconds() / 1_000)
            .collect();

        assert_eq!(waits.len(), SCHEDULE.len());
        for (wait, seconds) in waits.iter().zip(SCHEDULE) {
            let seconds = i64::try_from(seconds).unwrap();
            assert!((seconds * 900..=seconds * 1_100).contains(wait), "{wait} for {seconds}");
        }
    }
}
