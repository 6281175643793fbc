//! What the database holds, to see whether a request left a trace.

use std::collections::BTreeMap;

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query,
    sql_types::Text,
};

use crate::harness::Service;

/// A look at all tables, with what makes the rows of each comparable.
pub(super) struct Eye {
    conn: Conn,
    questions: Vec<(String, String)>,
}

enum Conn {
    Postgresql(PgConnection),
    Sqlite(SqliteConnection),
}

/// All rows of all tables.
pub(super) type Sight = BTreeMap<String, String>;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    text: String,
}

/// That somebody came is noted of whoever is known, let in or not.
const SEEN: [(&str, &str); 3] =
    [("api_tokens", "used_on"), ("sessions", "expires_at"), ("sessions", "seen_at")];

impl Eye {
    pub(super) fn open(service: &Service) -> Self {
        let database = service.environment().iter().find(|(name, _)| name == "BADGES_DATABASE");
        let mut conn = match database {
            Some((_, url)) => Conn::Postgresql(PgConnection::establish(url).unwrap()),
            None => {
                let file = service.folder().join("data/badges.db");
                Conn::Sqlite(SqliteConnection::establish(file.to_str().unwrap()).unwrap())
            }
        };
        let questions =
            conn.tables().into_iter().map(|table| (table.clone(), conn.question(&table))).collect();
        Self { conn, questions }
    }

    pub(super) fn database(&self) -> &'static str {
        match self.conn {
            Conn::Postgresql(_) => "PostgreSQL",
            Conn::Sqlite(_) => "SQLite",
        }
    }

    pub(super) fn look(&mut self) -> Sight {
        let Self { conn, questions } = self;
        questions.iter().map(|(table, sql)| (table.clone(), conn.ask(sql).concat())).collect()
    }
}

impl Conn {
    fn tables(&mut self) -> Vec<String> {
        let sql = match self {
            Self::Postgresql(_) => {
                "SELECT tablename::text AS text FROM pg_tables WHERE schemaname = 'public'"
            }
            Self::Sqlite(_) => "SELECT name AS text FROM sqlite_master WHERE type = 'table'",
        };
        self.ask(sql)
    }

    /// The rows of a table without what does not count; signed texts by their end, where the signature is.
    fn question(&mut self, table: &str) -> String {
        let names = match self {
            Self::Postgresql(_) => format!(
                "SELECT column_name::text AS text FROM information_schema.columns
                 WHERE table_schema = 'public' AND table_name = '{table}'"
            ),
            Self::Sqlite(_) => format!("SELECT name AS text FROM pragma_table_info('{table}')"),
        };
        let mut columns = self.ask(&names);
        columns.retain(|column| !SEEN.contains(&(table, column)));
        match self {
            Self::Postgresql(_) => format!(
                "SELECT count(*) || ' ' || coalesce(bit_xor(hashtextextended(ROW(\"{}\")::text, 0)), 0) AS text FROM {table}",
                columns.join("\", \"")
            ),
            Self::Sqlite(_) => {
                let quoted = columns.iter().map(|column| match column.as_str() {
                    "text" | "bytes" => format!("quote(substr(\"{column}\", -100))"),
                    _ => format!("quote(\"{column}\")"),
                });
                let row = quoted.collect::<Vec<_>>().join(" || ',' || ");
                format!("SELECT coalesce(group_concat({row}, ';'), '') AS text FROM \"{table}\"")
            }
        }
    }

    fn ask(&mut self, sql: &str) -> Vec<String> {
        let found: Vec<Found> = match self {
            Self::Postgresql(conn) => sql_query(sql).load(conn).unwrap(),
            Self::Sqlite(conn) => sql_query(sql).load(conn).unwrap(),
        };
        found.into_iter().map(|found| found.text).collect()
    }
}

/// The tables that differ.
pub(super) fn changed(before: &Sight, after: &Sight) -> Vec<String> {
    let differs = |(table, rows): &(&String, &String)| before.get(*table) != Some(*rows);
    after.iter().filter(differs).map(|(table, _)| table.clone()).collect()
}
