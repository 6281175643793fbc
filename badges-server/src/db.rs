//! The database: SQLite or PostgreSQL, read by many connections and written by one that commits in groups.

mod checkpoint;
mod gather;
mod insert;
mod open;
mod sql;
mod trail;
mod unnest;
mod writer;

use std::sync::{Arc, Mutex, PoisonError};

use diesel::{
    PgConnection, SqliteConnection,
    connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager as _},
};
use tokio::{runtime::Handle, sync::Semaphore, task};

use self::writer::Writer;
pub(crate) use self::{
    gather::Gather,
    insert::{Insert, Row, row},
    open::{Address, AddressError, Schema, applied, check_pages, connect, migrate, schema, step_back},
    sql::{Sql, end},
    trail::{Event, Trail, check_chain, check_newest},
    unnest::{List, Unnest, list},
    writer::Job,
};
use crate::{clock::Stopwatch, metrics::Metrics};

/// One connection to one of the two databases.
pub(crate) enum Conn {
    Postgresql(PgConnection),
    Sqlite(SqliteConnection),
}

/// Runs a query against whichever database this is: the body is compiled for both.
macro_rules! on {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Postgresql($c) => $body,
            $crate::db::Conn::Sqlite($c) => $body,
        }
        .map_err($crate::db::DbError::from)
    };
}
pub(crate) use on;

/// How long until readers try a lost database again, in microseconds.
const AGAIN: u64 = 200_000;

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DbError {
    #[error("more is being written than the database takes: try again in a second")]
    Busy,
    #[error("the disk under the database is full: free space, then try again")]
    Full,
    #[error("the database refused a query: {0}")]
    Query(#[source] diesel::result::Error),
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// A constraint held; the name in PostgreSQL, the columns in SQLite.
    #[error("{0} is there already")]
    Unique(String),
}

/// A unique constraint, as each database names it in its errors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constraint {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static str,
}

/// The database of a running service.
#[derive(Clone)]
pub(crate) struct Db {
    readers: Arc<Readers>,
    writer: Writer,
    metrics: Arc<Metrics>,
    /// How many writes wait before further ones are refused.
    most: usize,
    /// How many connections read.
    connections: usize,
}

struct Readers {
    address: Address,
    idle: Mutex<Vec<Conn>>,
    /// Since the last connection that was not to be had.
    away: Mutex<Option<Stopwatch>>,
    permits: Semaphore,
}

impl Db {
    /// Opens the database, which must have the schema of this program.
    ///
    /// `readers` connections read at the same time; `waiting` writes wait before further ones are refused.
    pub(crate) fn open(address: &Address, readers: usize, waiting: usize) -> Result<Self, DbError> {
        let first = connect(address, true)?;
        let metrics = Arc::new(Metrics::default());
        Ok(Self {
            readers: Arc::new(Readers {
                address: address.clone(),
                idle: Mutex::new(vec![first]),
                away: Mutex::default(),
                permits: Semaphore::new(readers),
            }),
            writer: Writer::start(address.clone(), waiting, Arc::clone(&metrics))?,
            metrics,
            most: waiting.max(1),
            connections: readers,
        })
    }

    /// Reads, off the threads that serve.
    pub(crate) async fn read<T, E, F>(&self, query: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        let readers = Arc::clone(&self.readers);
        let _permit = self.readers.permits.acquire().await.map_err(|_| closed())?;
        let read = task::spawn_blocking(move || readers.run(query));
        read.await.map_err(|_| closed())?
    }

    /// Reads a few rows by their keys. SQLite does it on this thread: it takes less than to hand it to another.
    pub(crate) async fn look<T, E, F>(&self, query: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        if !self.is_embedded() {
            return self.read(query).await;
        }
        let _permit = self.readers.permits.acquire().await.map_err(|_| closed())?;
        self.readers.run(query)
    }

    /// Reads on this thread, which must be one that may wait.
    pub(crate) fn read_here<T, E: From<DbError>>(
        &self,
        query: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let _permit = Handle::current().block_on(self.readers.permits.acquire()).map_err(|_| closed())?;
        self.readers.run(query)
    }

    /// Writes in a group with others; returns when it is durable. An error leaves nothing behind.
    pub(crate) async fn write<T, E, F>(&self, change: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Conn, &mut Trail) -> Result<T, E> + Send + 'static,
    {
        self.writer.write(change).await
    }

    /// Hands a job to the writer that tells its askers itself.
    pub(crate) fn submit(&self, job: Box<dyn Job>) -> Result<(), DbError> {
        self.writer.submit(job).map_err(|_| DbError::Busy)
    }

    /// Whether it is a part of this program, so that a question costs no round trip.
    fn is_embedded(&self) -> bool {
        matches!(self.readers.address, Address::Sqlite(_))
    }

    /// How many writes wait.
    pub(crate) fn waiting(&self) -> usize {
        self.writer.waiting()
    }

    /// Whether a further write would be refused.
    pub(crate) fn is_full(&self) -> bool {
        self.waiting() >= self.most
    }

    /// How many connections read at this moment.
    pub(crate) fn reading(&self) -> usize {
        self.connections.saturating_sub(self.readers.permits.available_permits())
    }

    /// What is counted.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.metrics
    }
}

impl Readers {
    fn run<T, E: From<DbError>>(&self, query: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        let mut conn = self.take()?;
        let answer = query(&mut conn);
        if answer.is_ok() || conn.is_alive() {
            self.give_back(conn);
        }
        answer
    }

    fn take(&self) -> Result<Conn, DbError> {
        if let Some(idle) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return Ok(idle);
        }
        let away = || self.away.lock().unwrap_or_else(PoisonError::into_inner);
        // A database that is coming back is not asked for every request that somebody makes meanwhile.
        if away().is_some_and(|since| since.microseconds() < AGAIN) {
            return Err(DbError::Unavailable("it does not answer; try again in a second".to_owned()));
        }
        let conn = connect(&self.address, true);
        *away() = conn.is_err().then(Stopwatch::start);
        conn
    }

    fn give_back(&self, conn: Conn) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
    }
}

impl Conn {
    /// Runs statements without answers.
    pub(crate) fn execute(&mut self, sql: &str) -> Result<(), DbError> {
        on!(self, c => c.batch_execute(sql))
    }

    /// Does something in a transaction, in which migrations may run too: all of it is durable afterwards, or nothing.
    pub(crate) fn transaction<T, E: From<DbError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        on!(self, c => AnsiTransactionManager::begin_transaction(c))?;
        let done = work(self);
        match &done {
            Ok(_) => on!(self, c => AnsiTransactionManager::commit_transaction(c))?,
            Err(_) => on!(self, c => AnsiTransactionManager::rollback_transaction(c))?,
        }
        done
    }

    /// Does something within the transaction that can be undone by itself.
    pub(crate) fn savepoint<T, E: From<DbError>>(
        &mut self,
        name: &str,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.execute(&format!("SAVEPOINT {name}"))?;
        let done = work(self);
        match &done {
            Ok(_) => self.execute(&format!("RELEASE {name}"))?,
            Err(_) => self.execute(&format!("ROLLBACK TO {name}; RELEASE {name}"))?,
        }
        done
    }

    /// Notes that what servers keep in memory has changed.
    pub(crate) fn changed(&mut self) -> Result<(), DbError> {
        self.execute("UPDATE changes SET counter = counter + 1")
    }

    fn is_alive(&mut self) -> bool {
        self.execute("SELECT 1").is_ok()
    }
}

impl DbError {
    /// Whether nothing else goes either, and the transaction may be gone.
    pub(crate) fn ends_all(&self) -> bool {
        matches!(self, Self::Full | Self::Unavailable(_))
    }

    /// The same for another who waited for it.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Full => Self::Full,
            error => Self::Unavailable(error.to_string()),
        }
    }

    /// Whether this is the violation of a constraint.
    pub(crate) fn violates(&self, constraint: Constraint) -> bool {
        matches!(self, Self::Unique(found) if found == constraint.name || found.ends_with(constraint.columns))
    }
}

impl From<diesel::result::Error> for DbError {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error};

        let Error::DatabaseError(kind, found) = &error else { return Self::Query(error) };
        match kind {
            Kind::UniqueViolation => {
                Self::Unique(found.constraint_name().unwrap_or_else(|| found.message()).to_owned())
            }
            Kind::ClosedConnection | Kind::UnableToSendCommand => {
                Self::Unavailable(found.message().to_owned())
            }
            _ if found.message().contains("disk is full") || found.message().contains("No space left") => {
                Self::Full
            }
            _ if UNREACHABLE.iter().any(|words| found.message().contains(words)) => {
                Self::Unavailable(found.message().to_owned())
            }
            _ => Self::Query(error),
        }
    }
}

/// What PostgreSQL and its client say when the server is going, gone or coming, or gave up one of two that waited for
/// each other, and SQLite when another writes.
const UNREACHABLE: &[&str] = &[
    "server closed the connection",
    "terminating connection",
    "connection to server",
    "could not connect",
    "could not receive data from server",
    "could not send data to server",
    "no connection to the server",
    "the database system is",
    "deadlock detected",
    "database is locked",
    "disk I/O error",
];

fn closed() -> DbError {
    DbError::Unavailable("the service is stopping".to_owned())
}
