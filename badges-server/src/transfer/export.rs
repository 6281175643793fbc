//! Everything that a database holds, at one moment, into one file.

use std::path::Path;

use diesel::{
    QueryableByName, RunQueryDsl as _, connection::DefaultLoadingMode, pg::PgRowByRowLoadingMode, sql_query,
    sql_types::Text,
};

use super::{
    Told, TransferError, catalogue,
    format::{Head, TableHead, VERSION, Writer},
};
use crate::{
    backup::BackupError,
    config::Config,
    db::{self, Address, Conn, DbError},
    files::{Claimed, Readers},
    fixed,
};

/// What was exported.
#[derive(Debug)]
pub(crate) struct Exported {
    pub(crate) bytes: u64,
    pub(crate) tables: usize,
    pub(crate) rows: u64,
    /// The id of the sealing key without which the file is of no use, and which is not in it.
    pub(crate) sealed_by: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Writes the file; whoever writes into the database meanwhile does not wait, and what they write is not in it.
pub(crate) fn export(config: &Config, file: &Path, told: Told<'_>) -> Result<Exported, TransferError> {
    let address = config.address()?;
    let none = || BackupError::None(address.to_string());
    if let Address::Sqlite(database) = &address
        && !database.exists()
    {
        return Err(none().into());
    }
    let mut conn = db::connect(&address, true)?;
    conn.execute(match &conn {
        Conn::Postgresql(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ",
        Conn::Sqlite(_) => "BEGIN",
    })?;
    let schema = db::schema(&mut conn)?;
    let sealed_by = if schema.is_new { None } else { fixed::value(&mut conn, fixed::SEALING_KEY)? };
    let sealed_by = sealed_by.ok_or_else(none)?;
    let mut copy = Claimed::new(file, Readers::Owner)?;
    let tables = catalogue::tables(&mut conn)?;
    let counts = tables.iter().map(|table| table.count(&mut conn)).collect::<Result<Vec<_>, _>>()?;
    let rows = counts.iter().sum();
    let schema = db::applied(&mut conn)?;
    let mut writer = Writer::new(copy.file(), file);
    writer.head(&Head { badges_export: VERSION, schema, sealed_by: sealed_by.clone(), rows })?;
    for (table, count) in tables.iter().zip(counts) {
        let columns = table.columns.iter().map(|column| (column.name.clone(), column.kind.name().to_owned()));
        writer.head(&TableHead { table: table.name.clone(), rows: count, columns: columns.collect() })?;
        let asked = table.read(&conn);
        each(&mut conn, &asked, |line| {
            told(writer.row(&line)?, rows);
            Ok(())
        })?;
    }
    writer.end()?;
    Ok(Exported { bytes: copy.finish()?, tables: tables.len(), rows, sealed_by })
}

/// Hands the rows on as they come from the database, one at a time.
fn each(
    conn: &mut Conn,
    sql: &str,
    mut take: impl FnMut(String) -> Result<(), TransferError>,
) -> Result<(), TransferError> {
    macro_rules! walk {
        ($conn:ident, $mode:ty) => {
            for row in sql_query(sql).load_iter::<Row, $mode>($conn).map_err(DbError::from)? {
                take(row.map_err(DbError::from)?.line)?;
            }
        };
    }
    match conn {
        Conn::Postgresql(c) => walk!(c, PgRowByRowLoadingMode),
        Conn::Sqlite(c) => walk!(c, DefaultLoadingMode),
    }
    Ok(())
}
