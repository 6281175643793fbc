//! The tables, step by step, forward and back: what a database has, and what it lacks.

use diesel::{
    Connection as _, QueryableByName, RunQueryDsl as _,
    connection::SimpleConnection as _,
    result::Error,
    sql_query,
    sql_types::{Bool, Text},
};

use super::super::{Conn, DbError, on};

/// One step, in the words of each database.
struct Migration {
    /// Its folder in `migrations/sqlite` and `migrations/postgresql`.
    name: &'static str,
    sqlite: Both,
    postgresql: Both,
}

/// Forward and back.
struct Both {
    up: &'static str,
    down: &'static str,
}

macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        &[$(Migration {
            name: $name,
            sqlite: Both {
                up: include_str!(concat!("../../../migrations/sqlite/", $name, "/up.sql")),
                down: include_str!(concat!("../../../migrations/sqlite/", $name, "/down.sql")),
            },
            postgresql: Both {
                up: include_str!(concat!("../../../migrations/postgresql/", $name, "/up.sql")),
                down: include_str!(concat!("../../../migrations/postgresql/", $name, "/down.sql")),
            },
        }),*]
    };
}

/// All of them, the oldest first.
const MIGRATIONS: &[Migration] = migrations![
    "2026-11-22-000001_core",
    "2026-11-22-000002_batches",
    "2026-11-22-000003_operations",
    "2026-11-22-000004_people",
    "2026-11-22-000005_makers",
    "2026-11-22-000006_mail",
    "2026-11-22-000007_sign_ins",
    "2026-11-22-000008_lists",
    "2026-11-22-000009_counted",
];

/// The table and its versions are those of Diesel, whose command reads it too.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (
    version VARCHAR(50) PRIMARY KEY NOT NULL,
    run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
)";

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

/// Compares what the database has with what this program knows.
pub(crate) fn schema(conn: &mut Conn) -> Result<Schema, DbError> {
    let mut applied = applied(conn)?;
    let mut pending = Vec::new();
    let is_new = applied.is_empty();
    for migration in MIGRATIONS {
        match applied.iter().position(|version| *version == migration.version()) {
            Some(at) => {
                applied.remove(at);
            }
            None => pending.push(migration.name.to_owned()),
        }
    }
    Ok(Schema { pending, unknown: applied, is_new })
}

/// Brings the database to the schema of this program.
pub(crate) fn migrate(conn: &mut Conn) -> Result<(), DbError> {
    locked(conn, |conn| {
        conn.execute(TABLE)?;
        let applied = applied(conn)?;
        for migration in MIGRATIONS {
            let version = migration.version();
            if !applied.contains(&version) {
                let note = format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}')");
                step(conn, migration.of(conn).up, &note)?;
            }
        }
        Ok(())
    })
}

/// Takes the newest migration back.
pub(crate) fn step_back(conn: &mut Conn) -> Result<(), DbError> {
    locked(conn, |conn| {
        let newest = applied(conn)?.into_iter().max().unwrap_or_default();
        let migration =
            MIGRATIONS.iter().find(|migration| migration.version() == newest).ok_or_else(|| {
                DbError::Unavailable(format!("the newest migration, {newest:?}, is not of this program"))
            })?;
        let note = format!("DELETE FROM __diesel_schema_migrations WHERE version = '{newest}'");
        step(conn, migration.of(conn).down, &note)
    })
}

/// All of a step and the note of it, or nothing.
fn step(conn: &mut Conn, sql: &str, note: &str) -> Result<(), DbError> {
    on!(conn, c => c.transaction::<_, Error, _>(|c| {
        c.batch_execute(sql)?;
        c.batch_execute(note)
    }))
}

impl Migration {
    fn version(&self) -> String {
        self.name.split('_').next().unwrap_or_default().replace('-', "")
    }

    fn of(&'static self, conn: &Conn) -> &'static Both {
        match conn {
            Conn::Postgresql(_) => &self.postgresql,
            Conn::Sqlite(_) => &self.sqlite,
        }
    }
}

fn locked(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<(), DbError>) -> Result<(), DbError> {
    let postgresql = matches!(conn, Conn::Postgresql(_));
    if postgresql {
        conn.execute(MIGRATION_LOCK)?;
    }
    let done = work(conn);
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

#[cfg(test)]
mod tests {
    use super::{
        super::{Address, connect},
        *,
    };

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
    fn each_migration_is_known_and_has_a_number_of_its_own() {
        let names: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite"))
            .unwrap()
            .map(|folder| folder.unwrap().file_name().into_string().unwrap())
            .collect();
        let mut numbers: Vec<_> = names.iter().map(|name| name.split('_').next().unwrap()).collect();
        numbers.sort_unstable();
        numbers.dedup();

        assert_eq!(numbers.len(), names.len(), "{names:?}");
        let mut names = names;
        names.sort_unstable();
        assert_eq!(MIGRATIONS.iter().map(|migration| migration.name).collect::<Vec<_>>(), names);
    }
}
