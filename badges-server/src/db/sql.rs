//! Queries put together as text, for what the query builder cannot say on both databases.

use diesel::{
    deserialize::QueryableByName,
    pg::Pg,
    query_builder::BoxedSqlQuery,
    query_dsl::RunQueryDsl as _,
    sql_query,
    sql_types::{BigInt, Text},
    sqlite::Sqlite,
};

use super::{Conn, DbError};
use crate::{ids::AnyKey, schema::Key};

/// A query, with what is bound to it.
pub(crate) struct Sql {
    text: String,
    bound: Vec<Bound>,
    dollars: bool,
}

enum Bound {
    Key(AnyKey),
    Number(i64),
    Text(String),
}

impl Sql {
    /// One that starts with these words, for the database of a connection.
    pub(crate) fn new(conn: &Conn, text: &str) -> Self {
        Self { text: text.to_owned(), bound: Vec::new(), dollars: matches!(conn, Conn::Postgresql(_)) }
    }

    /// Adds words of our own: what comes from outside is bound.
    pub(crate) fn add(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Binds an identifier.
    pub(crate) fn key(&mut self, key: impl Into<AnyKey>) -> &mut Self {
        self.bind(Bound::Key(key.into()))
    }

    /// Binds a whole number.
    pub(crate) fn number(&mut self, number: i64) -> &mut Self {
        self.bind(Bound::Number(number))
    }

    /// Binds a text.
    pub(crate) fn text(&mut self, text: impl Into<String>) -> &mut Self {
        self.bind(Bound::Text(text.into()))
    }

    /// Adds that the text of a column begins so.
    pub(crate) fn begins(&mut self, column: &str, beginning: &str) -> &mut Self {
        self.add(" AND ").add(column).add(" >= ").text(beginning);
        self.add(" AND ").add(column).add(" < ").text(end(beginning))
    }

    fn bind(&mut self, bound: Bound) -> &mut Self {
        self.bound.push(bound);
        let (sign, number) = (if self.dollars { '$' } else { '?' }, self.bound.len());
        self.text.push_str(&format!("{sign}{number}"));
        self
    }

    /// Runs it.
    pub(crate) fn load<T>(self, conn: &mut Conn) -> Result<Vec<T>, DbError>
    where
        T: QueryableByName<Pg> + QueryableByName<Sqlite> + 'static,
    {
        macro_rules! bound {
            ($backend:ty) => {{
                let query: BoxedSqlQuery<'_, $backend, _> = sql_query(self.text).into_boxed();
                self.bound.into_iter().fold(query, |query, bound| match bound {
                    Bound::Key(key) => query.bind::<Key, _>(key),
                    Bound::Number(number) => query.bind::<BigInt, _>(number),
                    Bound::Text(text) => query.bind::<Text, _>(text),
                })
            }};
        }
        Ok(match conn {
            Conn::Postgresql(c) => bound!(Pg).load(c),
            Conn::Sqlite(c) => bound!(Sqlite).load(c),
        }?)
    }
}

/// Behind every text that begins so: both databases compare bytes.
pub(crate) fn end(beginning: &str) -> String {
    format!("{beginning}{}", char::MAX)
}
