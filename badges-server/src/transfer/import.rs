//! An installation from such a file, in a database where there is none: all of it or nothing.

use std::path::Path;

use diesel::{QueryableByName, RunQueryDsl as _, sql_query, sql_types::Text};

use super::{
    Told, TransferError,
    catalogue::{self, Table},
    format::{Head, Line, Reader, TableHead},
};
use crate::{
    backup::{self, BackupError},
    config::Config,
    db::{self, Address, Conn, DbError, on},
    files,
    issuers::Sealer,
};

/// What was imported.
#[derive(Debug)]
pub(crate) struct Imported {
    pub(crate) rows: u64,
    pub(crate) keys: usize,
    /// How many links the audit log has.
    pub(crate) links: i64,
}

/// How many rows, and bytes of them, go in with one statement.
const ROWS: usize = 500;
const BYTES: usize = 1 << 20;

/// Reads the file to its end before anything is written, then writes all of it in one transaction.
pub(crate) fn import(config: &Config, file: &Path, told: Told<'_>) -> Result<Imported, TransferError> {
    files::check_lasting(file)?;
    let address = config.address()?;
    let sealer = Sealer::read(&config.key_file)?;
    look_through(file)?;
    match &address {
        Address::Postgresql(_) => {
            let mut conn = db::connect(&address, false)?;
            if !db::schema(&mut conn)?.is_new {
                return Err(BackupError::Occupied(address.to_string()).into());
            }
            conn.transaction(|conn| fill(conn, config, &sealer, file, told))
        }
        Address::Sqlite(database) => {
            let copy = backup::claim(database)?;
            let mut conn = db::connect(&Address::Sqlite(copy.path().to_owned()), false)?;
            let imported = conn.transaction(|conn| fill(conn, config, &sealer, file, told))?;
            // Closing brings everything into the one file.
            drop(conn);
            copy.finish()?;
            Ok(imported)
        }
    }
}

/// Whether all of the file is there and as it was written.
fn look_through(file: &Path) -> Result<(), TransferError> {
    let (mut reader, _) = Reader::open(file)?;
    while !matches!(reader.line()?, Line::End) {}
    Ok(())
}

fn fill(
    conn: &mut Conn,
    config: &Config,
    sealer: &Sealer,
    file: &Path,
    told: Told<'_>,
) -> Result<Imported, TransferError> {
    let (reader, head) = Reader::open(file)?;
    db::migrate(conn)?;
    let mut own = db::applied(conn)?;
    let mut found = head.schema.clone();
    own.sort();
    found.sort();
    if own != found {
        let (found, own) = (found.join(", "), own.join(", "));
        return Err(TransferError::Schema { found, own });
    }
    // What the migrations wrote stands in the file too.
    conn.execute("DELETE FROM changes")?;
    let within = later(conn)?;
    within.defer(conn)?;
    let rows = load(conn, reader, &head, told)?;
    within.settle(conn)?;
    let restored = backup::check(conn, config, sealer)?;
    Ok(Imported { rows, keys: restored.keys, links: restored.links })
}

/// Writes the rows of all tables.
fn load(conn: &mut Conn, mut reader: Reader, head: &Head, told: Told<'_>) -> Result<u64, TransferError> {
    let tables = catalogue::tables(conn)?;
    let mut into: Option<(&Table, String)> = None;
    let (mut batch, mut waiting, mut rows) = (String::new(), 0, 0);
    loop {
        let line = reader.line()?;
        if let Line::Row(row) = &line {
            batch.push(if waiting == 0 { '[' } else { ',' });
            batch.push_str(row);
            waiting += 1;
            rows += 1;
        }
        let full = waiting >= ROWS || batch.len() >= BYTES || !matches!(line, Line::Row(_));
        if full && waiting > 0 {
            let (table, statement) = into.as_ref().ok_or(TransferError::Changed)?;
            batch.push(']');
            let written = on!(conn, c => sql_query(statement).bind::<Text, _>(&batch).execute(c));
            written.map_err(|reason| TransferError::Row { table: table.name.clone(), reason })?;
            batch.clear();
            waiting = 0;
            told(rows, head.rows);
        }
        match line {
            Line::Row(_) => {}
            Line::Table(head) => {
                let table = known(&tables, &head)?;
                into = Some((table, table.write(conn)));
            }
            Line::End => return Ok(rows),
        }
    }
}

/// The table of that name, if it has the same columns.
fn known<'t>(tables: &'t [Table], head: &TableHead) -> Result<&'t Table, TransferError> {
    let same = |table: &&Table| {
        let own = table.columns.iter().map(|column| (column.name.as_str(), column.kind.name()));
        table.name == head.table
            && own.eq(head.columns.iter().map(|(name, kind)| (name.as_str(), kind.as_str())))
    };
    let unknown = || TransferError::Foreign(format!("it has a table {} that is not ours", head.table));
    tables.iter().find(same).ok_or_else(unknown)
}

/// The constraints by which rows refer to others of their own table, which may come later.
struct Later(Vec<(String, String)>);

fn later(conn: &mut Conn) -> Result<Later, DbError> {
    #[derive(QueryableByName)]
    struct Constraint {
        #[diesel(sql_type = Text)]
        table_name: String,
        #[diesel(sql_type = Text)]
        name: String,
    }
    let Conn::Postgresql(c) = conn else { return Ok(Later(Vec::new())) };
    let asked = "SELECT conrelid::regclass::text AS table_name, conname::text AS name FROM pg_constraint \
                 WHERE contype = 'f' AND conrelid = confrelid AND connamespace = current_schema()::regnamespace";
    let found: Vec<Constraint> = sql_query(asked).load(c)?;
    Ok(Later(found.into_iter().map(|one| (one.table_name, one.name)).collect()))
}

impl Later {
    /// They hold when all is there.
    fn defer(&self, conn: &mut Conn) -> Result<(), DbError> {
        if let Conn::Sqlite(_) = conn {
            return conn.execute("PRAGMA defer_foreign_keys = ON");
        }
        self.each(conn, "DEFERRABLE INITIALLY DEFERRED")
    }

    /// They hold now, and from now on at once.
    fn settle(&self, conn: &mut Conn) -> Result<(), DbError> {
        if let Conn::Postgresql(_) = conn {
            conn.execute("SET CONSTRAINTS ALL IMMEDIATE")?;
        }
        self.each(conn, "NOT DEFERRABLE")
    }

    fn each(&self, conn: &mut Conn, how: &str) -> Result<(), DbError> {
        self.0.iter().try_for_each(|(table, name)| {
            conn.execute(&format!("ALTER TABLE {table} ALTER CONSTRAINT \"{name}\" {how}"))
        })
    }
}
