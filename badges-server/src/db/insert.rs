//! Rows into one or several tables: PostgreSQL takes all by one statement, since each costs a round trip; SQLite has one
//! for each row at hand.

use diesel::{QueryResult, RunQueryDsl as _, SqliteConnection};

use super::{
    Conn, DbError,
    unnest::{List, Unnest},
};

/// A row that goes in with others.
pub(crate) trait Row {
    const TABLE: &'static str;
    const COLUMNS: &'static [&'static str];
    /// What follows the rows: what becomes of one that stands there already.
    const CONFLICT: &'static str;

    /// The values of each column, in their order.
    fn columns<'a>(rows: &'a [&'a Self]) -> Vec<List<'a>>;

    fn put(&self, conn: &mut SqliteConnection) -> QueryResult<usize>;
}

/// Makes a struct with these fields, named like the columns, a row of a table. With `unless there`, one that violates
/// a unique constraint is left out.
macro_rules! row {
    (@ $row:ident $table:ident $conflict:literal ($($how:ident)?) $($column:ident)*) => {
        impl $crate::db::Row for $row {
            const TABLE: &'static str = stringify!($table);
            const COLUMNS: &'static [&'static str] = &[$(stringify!($column)),*];
            const CONFLICT: &'static str = $conflict;

            fn columns<'a>(rows: &'a [&'a Self]) -> Vec<$crate::db::List<'a>> {
                // Does not compile where a field is forgotten.
                let _ = |row: Self| { let Self { $($column: _),* } = row; };
                vec![$($crate::db::list::<
                    <$table::$column as diesel::Expression>::SqlType, _
                >(rows.iter().map(|row| &row.$column))),*]
            }

            fn put(&self, conn: &mut diesel::SqliteConnection) -> diesel::QueryResult<usize> {
                let row = diesel::insert_into($table::table).values(self);
                diesel::RunQueryDsl::execute(row $(.$how())?, conn)
            }
        }
    };
    ($row:ident of $table:ident unless there: $($column:ident),* $(,)?) => {
        $crate::db::row!(@ $row $table "ON CONFLICT DO NOTHING" (on_conflict_do_nothing) $($column)*);
    };
    ($row:ident of $table:ident: $($column:ident),* $(,)?) => {
        $crate::db::row!(@ $row $table "" () $($column)*);
    };
}
pub(crate) use row;

/// Rows that go in together, those of a table behind those that they refer to.
#[derive(Default)]
pub(crate) struct Insert<'a>(Vec<Box<dyn Rows + 'a>>);

/// Rows of one table, at least one.
trait Rows {
    fn add<'a>(&'a self, statement: Unnest<'a>) -> Unnest<'a>;

    fn put(&self, conn: &mut SqliteConnection) -> QueryResult<usize>;
}

impl<'a> Insert<'a> {
    /// Adds rows of a further table, if there are any.
    pub(crate) fn rows<R: Row + 'a>(mut self, rows: impl IntoIterator<Item = &'a R>) -> Self {
        let rows: Vec<&R> = rows.into_iter().collect();
        if !rows.is_empty() {
            self.0.push(Box::new(rows));
        }
        self
    }

    /// Puts them in, and tells how many of the last table's are there now that were not.
    pub(crate) fn run(self, conn: &mut Conn) -> Result<usize, DbError> {
        let Some((last, before)) = self.0.split_last() else { return Ok(0) };
        let put = match conn {
            Conn::Postgresql(c) => together(last.as_ref(), before).execute(c),
            Conn::Sqlite(c) => self.0.iter().try_fold(0, |_, rows| rows.put(c)),
        };
        Ok(put?)
    }
}

fn together<'a>(last: &'a dyn Rows, before: &'a [Box<dyn Rows + 'a>]) -> Unnest<'a> {
    let mut statement = Unnest::default();
    for (at, rows) in before.iter().enumerate() {
        let start = if at == 0 { "WITH" } else { "," };
        statement = rows.add(statement.words(format!("{start} before{at} AS ("))).words(")");
    }
    last.add(statement)
}

impl<R: Row> Rows for Vec<&R> {
    fn add<'a>(&'a self, statement: Unnest<'a>) -> Unnest<'a> {
        let columns = R::COLUMNS.join(", ");
        let start = format!("INSERT INTO {} ({columns}) SELECT * FROM", R::TABLE);
        statement.words(start).lists(R::columns(self)).words(R::CONFLICT)
    }

    fn put(&self, conn: &mut SqliteConnection) -> QueryResult<usize> {
        self.iter().try_fold(0, |before, row| row.put(conn).map(|now| before + now))
    }
}
