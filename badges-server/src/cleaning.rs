//! What has served its time goes: used links, ended sessions, delivered messages; a little at a time.

use std::{sync::Arc, time::Duration};

use diesel::{RunQueryDsl as _, sql_query};
use tokio::{sync::watch, time};
use tracing::warn;

use crate::{
    batches::progress,
    clock::{Clock, Moment},
    config::Config,
    db::{Db, DbError, on},
    idempotency,
};

/// How often it is done.
const EVERY: Duration = Duration::from_secs(600);

/// How many rows go at once: other writes wait for no more than these.
const BATCH: usize = 500;

/// How many pieces of a list, each of many rows, go at once.
const PIECES: i64 = 20;

const DAY: u64 = 86_400;

const A_DAY: i64 = 86_400_000_000;

/// What goes, and how many seconds after the moment in its column.
struct Rule {
    table: &'static str,
    key: &'static str,
    column: &'static str,
    /// What must hold besides.
    also: &'static str,
    keep: u64,
}

/// Cleans the database of one service.
pub(crate) struct Cleaner {
    db: Db,
    clock: Clock,
    config: Arc<Config>,
}

impl Cleaner {
    pub(crate) fn new(db: Db, clock: Clock, config: Arc<Config>) -> Self {
        Self { db, clock, config }
    }

    /// Cleans until it is told to stop.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(error) = self.round().await {
                warn!(%error, "what has served its time stays for now");
            }
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { return },
                () = time::sleep(EVERY) => {}
            }
        }
    }

    async fn round(&self) -> Result<(), DbError> {
        let now = self.clock.now();
        let yesterday = Moment::from_microseconds(now.microseconds().saturating_sub(A_DAY));
        while self.db.write(move |conn, _| progress::sweep(conn, yesterday, PIECES)).await? {}
        for rule in rules(&self.config) {
            let statement = rule.statement(now);
            loop {
                let one = statement.clone();
                let gone = self.db.write(move |conn, _| on!(conn, c => sql_query(one).execute(c)));
                if gone.await? < BATCH {
                    break;
                }
            }
        }
        Ok(())
    }
}

fn rules(config: &Config) -> [Rule; 6] {
    let rule = |table, key, column, also, keep| Rule { table, key, column, also, keep };
    [
        // Who comes with a link of yesterday is told that it was used, not that there was none.
        rule("links", "token_hash", "expires_at", "", 7 * DAY),
        rule("sessions", "token_hash", "expires_at", "", 0),
        rule("sign_ins", "secret_hash", "expires_at", "", 0),
        rule("idempotency_keys", "scope_hash", "created_at", "", idempotency::KEPT.as_secs()),
        rule("outbox", "id", "done_at", "AND state IN ('done', 'cancelled')", config.keep_messages * DAY),
        rule("quotas", "(holder, name, day)", "day", "", 8 * DAY),
    ]
}

impl Rule {
    fn statement(&self, now: Moment) -> String {
        let Self { table, key, column, also, keep } = self;
        let keep = i64::try_from(*keep).unwrap_or(i64::MAX);
        let before = match *column {
            "day" => i64::from(now.day()) - keep / 86_400,
            _ => now.microseconds().saturating_sub(keep.saturating_mul(1_000_000)),
        };
        let found = key.trim_start_matches('(').trim_end_matches(')');
        format!(
            "DELETE FROM {table} WHERE {key} IN \
             (SELECT {found} FROM {table} WHERE {column} < {before} {also} LIMIT {BATCH})"
        )
    }
}
