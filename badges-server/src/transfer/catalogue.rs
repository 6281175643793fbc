//! The tables of a database as it describes itself, so that no list of them can be out of date.

use std::fmt::Write as _;

use diesel::{
    QueryableByName, RunQueryDsl as _, sql_query,
    sql_types::{BigInt, Integer, Text},
};

use super::TransferError;
use crate::db::{Conn, DbError, on};

/// A table, in an order in which no row comes before one that it refers to in another table.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: String,
    /// By name.
    pub(super) columns: Vec<Column>,
    /// The columns by which its rows are ordered.
    key: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// As the database calls it.
    declared: String,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bytes,
    Flag,
    Id,
    Number,
    Text,
}

impl Kind {
    fn of(declared: &str) -> Option<Self> {
        Some(match declared.to_ascii_lowercase().as_str() {
            "blob" | "bytea" => Self::Bytes,
            "boolean" => Self::Flag,
            "uuid" => Self::Id,
            "integer" | "bigint" => Self::Number,
            "text" => Self::Text,
            _ => return None,
        })
    }

    /// As in a file, which knows neither identifiers nor flags.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bytes | Self::Id => "bytes",
            Self::Flag | Self::Number => "number",
            Self::Text => "text",
        }
    }
}

#[derive(QueryableByName)]
struct Described {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    declared: String,
    /// Its place in the primary key, from 1; 0 outside of it.
    #[diesel(sql_type = Integer)]
    place: i32,
}

#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    referred: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

const SQLITE: &str = "
    SELECT tables.name AS table_name, columns.name AS column_name, columns.type AS declared, columns.pk AS place
    FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns
    WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite!_%' ESCAPE '!'
        AND tables.name NOT LIKE '!_!_diesel%' ESCAPE '!'
    ORDER BY tables.name, columns.name";

const POSTGRESQL: &str = r#"
    SELECT tables.relname::text AS table_name, columns.attname::text AS column_name,
        format_type(columns.atttypid, NULL) AS declared,
        COALESCE(array_position(keys.conkey, columns.attnum), 0) AS place
    FROM pg_class AS tables
    JOIN pg_attribute AS columns
        ON columns.attrelid = tables.oid AND columns.attnum > 0 AND NOT columns.attisdropped
    LEFT JOIN pg_constraint AS keys ON keys.conrelid = tables.oid AND keys.contype = 'p'
    WHERE tables.relkind = 'r' AND tables.relnamespace = current_schema()::regnamespace
        AND tables.relname NOT LIKE '!_!_diesel%' ESCAPE '!'
    ORDER BY tables.relname::text COLLATE "C", columns.attname::text COLLATE "C""#;

const SQLITE_REFERENCES: &str = r#"
    SELECT tables.name AS table_name, others."table" AS referred
    FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) AS others WHERE tables.type = 'table'"#;

const POSTGRESQL_REFERENCES: &str = "
    SELECT tables.relname::text AS table_name, others.relname::text AS referred
    FROM pg_constraint AS keys
    JOIN pg_class AS tables ON tables.oid = keys.conrelid
    JOIN pg_class AS others ON others.oid = keys.confrelid
    WHERE keys.contype = 'f' AND keys.connamespace = current_schema()::regnamespace";

/// All tables, those first to which others refer.
pub(super) fn tables(conn: &mut Conn) -> Result<Vec<Table>, TransferError> {
    let (columns, references) = match conn {
        Conn::Postgresql(_) => (POSTGRESQL, POSTGRESQL_REFERENCES),
        Conn::Sqlite(_) => (SQLITE, SQLITE_REFERENCES),
    };
    let described: Vec<Described> = on!(conn, c => sql_query(columns).load(c))?;
    let references: Vec<Reference> = on!(conn, c => sql_query(references).load(c))?;
    let mut waiting: Vec<Table> = Vec::new();
    for of_one in described.chunk_by(|a, b| a.table_name == b.table_name) {
        waiting.extend(of_one.first().map(|first| table(&first.table_name, of_one)).transpose()?);
    }
    let mut ordered: Vec<Table> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let free = waiting.iter().position(|table| {
            let own = references.iter().filter(|reference| reference.table_name == table.name);
            own.map(|reference| &reference.referred)
                .all(|other| *other == table.name || ordered.iter().any(|before| before.name == *other))
        });
        // Where tables refer to each other in a ring none of them is free.
        ordered.push(waiting.remove(free.unwrap_or_default()));
    }
    Ok(ordered)
}

fn table(name: &str, described: &[Described]) -> Result<Table, TransferError> {
    let column = |one: &Described| {
        let kind = Kind::of(&one.declared).ok_or_else(|| TransferError::Column {
            table: name.to_owned(),
            column: one.column_name.clone(),
            kind: one.declared.clone(),
        })?;
        Ok(Column { name: one.column_name.clone(), kind, declared: one.declared.clone() })
    };
    let mut key: Vec<&Described> = described.iter().filter(|one| one.place > 0).collect();
    key.sort_by_key(|one| one.place);
    Ok(Table {
        name: name.to_owned(),
        columns: described.iter().map(column).collect::<Result<_, TransferError>>()?,
        key: key.into_iter().map(|one| one.column_name.clone()).collect(),
    })
}

impl Table {
    /// How many rows it has.
    pub(super) fn count(&self, conn: &mut Conn) -> Result<u64, DbError> {
        let asked = format!("SELECT count(*) AS rows FROM \"{}\"", self.name);
        let count: Count = on!(conn, c => sql_query(asked).get_result(c))?;
        Ok(u64::try_from(count.rows).unwrap_or_default())
    }

    /// Asks for each row as a JSON array, in the order of the primary key.
    pub(super) fn read(&self, conn: &Conn) -> String {
        let (array, end) = match conn {
            Conn::Postgresql(_) => ("json_build_array", "::text"),
            Conn::Sqlite(_) => ("json_array", ""),
        };
        let cells: Vec<_> = self.columns.iter().map(|column| column.read(conn)).collect();
        let mut sql = format!("SELECT {array}({}){end} AS line FROM \"{}\"", cells.join(", "), self.name);
        for (at, column) in self.key.iter().enumerate() {
            let before = if at == 0 { " ORDER BY " } else { ", " };
            // Writing to a String cannot fail.
            write!(sql, "{before}\"{column}\"").ok();
        }
        sql
    }

    /// Takes a JSON array of such arrays.
    pub(super) fn write(&self, conn: &Conn) -> String {
        let names: Vec<_> = self.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let cells: Vec<_> =
            self.columns.iter().enumerate().map(|(at, column)| column.write(conn, at)).collect();
        let rows = match conn {
            Conn::Postgresql(_) => "json_array_elements($1::json) AS lines (value)",
            Conn::Sqlite(_) => "json_each(?)",
        };
        let (name, names, cells) = (&self.name, names.join(", "), cells.join(", "));
        format!("INSERT INTO \"{name}\" ({names}) SELECT {cells} FROM {rows}")
    }
}

impl Column {
    fn read(&self, conn: &Conn) -> String {
        let name = &self.name;
        match (conn, self.kind) {
            (_, Kind::Number | Kind::Text) => format!("\"{name}\""),
            (Conn::Sqlite(_), _) => format!("iif(\"{name}\" IS NULL, NULL, lower(hex(\"{name}\")))"),
            (Conn::Postgresql(_), Kind::Bytes) => format!("encode(\"{name}\", 'hex')"),
            (Conn::Postgresql(_), Kind::Flag) => format!("\"{name}\"::integer"),
            (Conn::Postgresql(_), Kind::Id) => format!("encode(uuid_send(\"{name}\"), 'hex')"),
        }
    }

    fn write(&self, conn: &Conn, at: usize) -> String {
        let cell = format!("value ->> {at}");
        match (conn, self.kind) {
            (Conn::Sqlite(_), Kind::Bytes) => format!("unhex({cell})"),
            (Conn::Sqlite(_), _) | (_, Kind::Text) => cell,
            (Conn::Postgresql(_), Kind::Bytes) => format!("decode({cell}, 'hex')"),
            (Conn::Postgresql(_), Kind::Flag) => format!("({cell})::integer::boolean"),
            (Conn::Postgresql(_), Kind::Id | Kind::Number) => format!("({cell})::{}", self.declared),
        }
    }
}
