//! Connections and migrations.

mod address;
mod migrations;

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query,
    sql_types::Text,
};

pub(crate) use self::{
    address::{Address, AddressError},
    migrations::{Schema, applied, migrate, schema, step_back},
};
use super::{Conn, DbError};

/// FULL, because a commit that was acknowledged must survive a power cut; memory bounded for each connection.
const PRAGMAS: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA mmap_size = 0;
    PRAGMA cache_size = -2048;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA journal_size_limit = 67108864;
";

/// One connection has the pages of many awards in its hands; what it may have to take back stays out of files.
const WRITES: &str = "
    PRAGMA cache_size = -8192;
    PRAGMA temp_store = MEMORY;
";

/// How long a server that has gone without a word is waited for: seconds to connect, milliseconds for what was sent.
const PATIENCE: &str = "connect_timeout=10&tcp_user_timeout=20000";

/// A connection; one that only reads cannot write by mistake.
pub(crate) fn connect(address: &Address, reads_only: bool) -> Result<Conn, DbError> {
    let unreachable = |error: diesel::ConnectionError| DbError::Unavailable(error.to_string());
    let mut conn = match address {
        Address::Sqlite(file) => {
            let conn = SqliteConnection::establish(&file.to_string_lossy()).map_err(unreachable)?;
            let mut conn = Conn::Sqlite(conn);
            conn.execute(PRAGMAS)?;
            conn
        }
        Address::Postgresql(url) => {
            let sign = if url.contains('?') { '&' } else { '?' };
            let patient = format!("{url}{sign}{PATIENCE}");
            let url = if url.contains("_timeout=") { url } else { &patient };
            Conn::Postgresql(PgConnection::establish(url).map_err(unreachable)?)
        }
    };
    match (&mut conn, reads_only) {
        (Conn::Sqlite(_), true) => conn.execute("PRAGMA query_only = ON")?,
        (Conn::Postgresql(_), true) => conn.execute("SET default_transaction_read_only = on")?,
        (Conn::Postgresql(_), false) => {
            // An acknowledgement means durable, whatever the server's default says.
            conn.execute("SET synchronous_commit = on")?;
        }
        (Conn::Sqlite(_), false) => conn.execute(WRITES)?,
    }
    Ok(conn)
}

/// Whether the pages of an SQLite file fit together; PostgreSQL looks after that itself.
pub(crate) fn check_pages(conn: &mut Conn) -> Result<(), DbError> {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text)]
        quick_check: String,
    }
    let Conn::Sqlite(conn) = conn else { return Ok(()) };
    let line: Line = sql_query("PRAGMA quick_check(1)").get_result(conn)?;
    match line.quick_check.as_str() {
        "ok" => Ok(()),
        said => Err(DbError::Unavailable(said.to_owned())),
    }
}
