//! Lists as parameters: a statement about many rows whose text never changes, so that PostgreSQL keeps it prepared.

use std::marker::PhantomData;

use diesel::{
    QueryResult, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{Array, HasSqlType, Untyped},
};

/// A statement of words, and of lists of which `unnest` makes rows. One with the values themselves in it would be parsed
/// and planned anew for each number of rows.
#[derive(Default)]
pub(crate) struct Unnest<'a>(Vec<Part<'a>>);

/// A list, all of whose items have one type of SQL.
pub(crate) type List<'a> = Box<dyn Bind + 'a>;

enum Part<'a> {
    Words(String),
    Lists(Vec<List<'a>>),
}

/// What can be bound to a statement.
pub(crate) trait Bind {
    fn bind<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()>;
}

struct Items<S, T>(Vec<T>, PhantomData<S>);

/// A list of items as a type of SQL has them.
pub(crate) fn list<'a, S, T>(items: impl IntoIterator<Item = T>) -> List<'a>
where
    S: 'static,
    T: 'a,
    Pg: HasSqlType<Array<S>>,
    Vec<T>: ToSql<Array<S>, Pg>,
{
    Box::new(Items::<S, T>(items.into_iter().collect(), PhantomData))
}

impl<'a> Unnest<'a> {
    /// Adds words of our own: what comes from outside stands in lists.
    pub(crate) fn words(mut self, words: impl Into<String>) -> Self {
        self.0.push(Part::Words(words.into()));
        self
    }

    /// Adds rows with an item of each list, which are equally long.
    pub(crate) fn lists(mut self, lists: Vec<List<'a>>) -> Self {
        self.0.push(Part::Lists(lists));
        self
    }
}

impl<S: 'static, T> Bind for Items<S, T>
where
    Pg: HasSqlType<Array<S>>,
    Vec<T>: ToSql<Array<S>, Pg>,
{
    fn bind<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<Array<S>, _>(&self.0)
    }
}

impl QueryFragment<Pg> for Unnest<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for part in &self.0 {
            match part {
                Part::Words(words) => out.push_sql(words),
                Part::Lists(lists) => {
                    out.push_sql(" unnest(");
                    for (at, list) in lists.iter().enumerate() {
                        out.push_sql(if at == 0 { "" } else { ", " });
                        list.bind(out.reborrow())?;
                    }
                    out.push_sql(") ");
                }
            }
        }
        Ok(())
    }
}

/// Kept by its text.
impl QueryId for Unnest<'_> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Unnest<'_> {
    type SqlType = Untyped;
}

impl<C> RunQueryDsl<C> for Unnest<'_> {}
