//! Moves what SQLite committed from its log into its file, beside the writer, whose groups would wait for it otherwise.

use std::{
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread,
    time::Duration,
};

use diesel::{QueryableByName, RunQueryDsl as _, sql_query, sql_types::Integer};
use tracing::warn;

use super::{Address, Conn, DbError, connect};

/// How many pages of the log are worth a move: fewer would write those that change often more often.
const WORTH: i32 = 1_000;

/// After how long without a commit all of it is moved, so that the next one begins the log anew.
const QUIET: Duration = Duration::from_secs(1);

/// How long the log gets before the writer itself moves what is left, 16 MiB of pages: while somebody else moves them,
/// more come, and the log never begins anew.
const WRITER: &str = "PRAGMA wal_autocheckpoint = 4000";

/// Tells the thread that moves pages that there are more.
pub(super) struct Checkpoint(SyncSender<()>);

#[derive(QueryableByName)]
struct Log {
    #[diesel(sql_type = Integer)]
    log: i32,
    #[diesel(sql_type = Integer)]
    checkpointed: i32,
}

impl Checkpoint {
    /// Starts it; there is none for PostgreSQL, which does that by itself. It ends with what is returned.
    pub(super) fn start(address: &Address) -> Result<Option<Self>, DbError> {
        if !matches!(address, Address::Sqlite(_)) {
            return Ok(None);
        }
        let (more, told) = sync_channel(1);
        let (address, conn) = (address.clone(), connect(address, false)?);
        thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || serve(&address, conn, &told))
            .map_err(|error| DbError::Unavailable(error.to_string()))?;
        Ok(Some(Self(more)))
    }

    /// Says that a group was committed.
    pub(super) fn committed(&self) {
        match self.0.try_send(()) {
            // It knows already, or is gone, and the writer does it.
            Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
        }
    }
}

/// The connection of the writer, which leaves the log to this thread as long as it keeps up.
pub(super) fn writer(address: &Address) -> Result<Conn, DbError> {
    let mut conn = connect(address, false)?;
    if matches!(conn, Conn::Sqlite(_)) {
        conn.execute(WRITER)?;
    }
    Ok(conn)
}

fn serve(address: &Address, conn: Conn, told: &Receiver<()>) {
    let mut conn = Some(conn);
    let mut look = |worth| {
        if conn.is_none() {
            conn = connect(address, false).ok();
        }
        let Some(open) = conn.as_mut() else { return };
        if let Err(error) = keep_up(open, worth) {
            warn!(%error, "the log was not moved into the database");
            conn = None;
        }
    };
    while told.recv().is_ok() {
        look(WORTH);
        while told.recv_timeout(QUIET).is_ok() {
            look(WORTH);
        }
        look(1);
    }
}

fn keep_up(conn: &mut Conn, worth: i32) -> Result<(), DbError> {
    if pages(conn, "NOOP")? >= worth {
        pages(conn, "PASSIVE")?;
    }
    Ok(())
}

/// How many pages of the log are not in the file.
fn pages(conn: &mut Conn, mode: &str) -> Result<i32, DbError> {
    let Conn::Sqlite(conn) = conn else { return Ok(0) };
    let log: Log = sql_query(format!("PRAGMA wal_checkpoint({mode})")).get_result(conn)?;
    Ok(log.log - log.checkpointed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_committed_leaves_the_log_at_once_where_it_is_much_and_else_when_it_is_quiet() {
        let folder = std::env::temp_dir().join(format!("badges-checkpoint-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let address = Address::Sqlite(folder.join("one.db"));
        let mut conn = writer(&address).unwrap();
        conn.execute("CREATE TABLE filler (bytes BLOB)").unwrap();
        let checkpoint = Checkpoint::start(&address).unwrap().unwrap();
        let rows = "WITH RECURSIVE row(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < 600)
            INSERT INTO filler SELECT randomblob(4000) FROM row";
        conn.execute(rows).unwrap();
        conn.execute(rows).unwrap();
        let many = pages(&mut conn, "NOOP").unwrap();
        let mut is_moved = || {
            checkpoint.committed();
            (0..500).any(|_| {
                thread::sleep(Duration::from_millis(20));
                pages(&mut conn, "NOOP").unwrap() == 0
            })
        };

        let many_moved = is_moved();
        connect(&address, false).unwrap().execute("INSERT INTO filler VALUES ('little')").unwrap();
        let rest_moved = is_moved();

        assert!(many >= WORTH && many_moved && rest_moved, "{many} pages, {many_moved}, {rest_moved}");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
