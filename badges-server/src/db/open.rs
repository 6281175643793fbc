//! Connections and migrations.

mod address;

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, SqliteConnection,
    migration::MigrationSource,
    sql_query,
    sql_types::{Bool, Text},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

pub(crate) use self::address::{Address, AddressError};
use super::{Conn, DbError, on};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRESQL: EmbeddedMigrations = embed_migrations!("migrations/postgresql");

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

/// Two servers that start at once migrate one after the other.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_lock(7309942781)";
const MIGRATION_UNLOCK: &str = "SELECT pg_advisory_unlock(7309942781)";

/// What migrations a database has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Schema {
    /// Those of this program that the database lacks.
    pub(crate) pending: Vec<String>,
    /// Those of the database that this program does not know: a newer program was here.
    pub(crate) unknown: Vec<String>,
    /// Whether the database has any.
    pub(crate) is_new: bool,
}

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

/// Compares what the database has with what this program knows.
pub(crate) fn schema(conn: &mut Conn) -> Result<Schema, DbError> {
    let mut applied = applied(conn)?;
    let mut pending = Vec::new();
    let is_new = applied.is_empty();
    for known in known(conn)? {
        match applied
            .iter()
            .position(|name| *name == known.split('_').next().unwrap_or_default().replace('-', ""))
        {
            Some(at) => {
                applied.remove(at);
            }
            None => pending.push(known),
        }
    }
    Ok(Schema { pending, unknown: applied, is_new })
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

/// Brings the database to the schema of this program.
pub(crate) fn migrate(conn: &mut Conn) -> Result<(), DbError> {
    locked(conn, |conn| match conn {
        Conn::Postgresql(c) => c.run_pending_migrations(POSTGRESQL).map(drop),
        Conn::Sqlite(c) => c.run_pending_migrations(SQLITE).map(drop),
    })
}

/// Takes the newest migration back.
pub(crate) fn step_back(conn: &mut Conn) -> Result<(), DbError> {
    locked(conn, |conn| match conn {
        Conn::Postgresql(c) => c.revert_last_migration(POSTGRESQL).map(drop),
        Conn::Sqlite(c) => c.revert_last_migration(SQLITE).map(drop),
    })
}

fn locked(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> diesel::migration::Result<()>,
) -> Result<(), DbError> {
    let postgresql = matches!(conn, Conn::Postgresql(_));
    if postgresql {
        conn.execute(MIGRATION_LOCK)?;
    }
    let done = work(conn).map_err(|error| match error.downcast::<diesel::result::Error>() {
        Ok(error) => DbError::from(*error),
        Err(error) => DbError::Unavailable(error.to_string()),
    });
    if postgresql {
        conn.execute(MIGRATION_UNLOCK)?;
    }
    done
}

/// The migrations that a database has, by their versions.
pub(crate) fn applied(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    #[derive(QueryableByName)]
    struct Present {
        #[diesel(sql_type = Bool)]
        present: bool,
    }
    #[derive(QueryableByName)]
    struct Applied {
        #[diesel(sql_type = Text)]
        version: String,
    }
    let asked = match conn {
        Conn::Postgresql(_) => "SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL AS present",
        Conn::Sqlite(_) => {
            "SELECT count(*) > 0 AS present FROM sqlite_master WHERE name = '__diesel_schema_migrations'"
        }
    };
    if !on!(conn, c => sql_query(asked).get_result::<Present>(c))?.present {
        return Ok(Vec::new());
    }
    // Diesel's own question makes the table where there is none, which a connection that only reads may not.
    let versions: Vec<Applied> =
        on!(conn, c => sql_query("SELECT version FROM __diesel_schema_migrations").load(c))?;
    Ok(versions.into_iter().map(|applied| applied.version).collect())
}

fn known(conn: &Conn) -> Result<Vec<String>, DbError> {
    let names = match conn {
        Conn::Postgresql(_) => MigrationSource::<diesel::pg::Pg>::migrations(&POSTGRESQL)
            .map(|all| all.iter().map(|migration| migration.name().to_string()).collect()),
        Conn::Sqlite(_) => MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE)
            .map(|all| all.iter().map(|migration| migration.name().to_string()).collect()),
    };
    let mut names: Vec<String> = names.map_err(|error| DbError::Unavailable(error.to_string()))?;
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_go_forward_and_one_step_back() {
        let folder = std::env::temp_dir().join(format!("badges-migrations-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut conn = connect(&Address::Sqlite(folder.join("one.db")), false).unwrap();
        assert!(schema(&mut conn).unwrap().is_new);

        migrate(&mut conn).unwrap();
        let whole = schema(&mut conn).unwrap();
        assert_eq!((whole.pending.len(), whole.unknown.len(), whole.is_new), (0, 0, false));

        step_back(&mut conn).unwrap();
        assert_eq!(schema(&mut conn).unwrap().pending.len(), 1);
        migrate(&mut conn).unwrap();
        std::fs::remove_dir_all(folder).unwrap();
    }

    /// A number that two have is that of one only, and the other is never run.
    #[test]
    fn each_migration_has_a_number_of_its_own() {
        let conn = connect(&Address::Sqlite(":memory:".into()), false).unwrap();

        let names: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite"))
            .unwrap()
            .map(|folder| folder.unwrap().file_name().into_string().unwrap())
            .collect();
        let mut numbers: Vec<_> = names.iter().map(|name| name.split('_').next().unwrap()).collect();
        numbers.sort_unstable();
        numbers.dedup();

        assert_eq!(numbers.len(), names.len(), "{names:?}");
        assert_eq!(known(&conn).unwrap().len(), names.len());
    }
}
