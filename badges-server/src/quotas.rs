//! What one holder has used of a quota on one day.

use diesel::{prelude::*, upsert::excluded};

use crate::{
    db::{Conn, DbError, on},
    ids::AnyKey,
    schema::quotas,
};

/// How much was used on a day.
pub(crate) fn used(
    conn: &mut Conn,
    holder: impl Into<AnyKey>,
    name: &'static str,
    day: i32,
) -> Result<i32, DbError> {
    let used: Option<i32> = on!(conn, c => {
        quotas::table.find((holder.into(), name, day)).select(quotas::used).first(c).optional()
    })?;
    Ok(used.unwrap_or_default())
}

/// Counts so many more; tells how much that makes on the day.
pub(crate) fn count(
    conn: &mut Conn,
    holder: impl Into<AnyKey>,
    name: &'static str,
    day: i32,
    more: i32,
) -> Result<i32, DbError> {
    let row =
        (quotas::holder.eq(holder.into()), quotas::name.eq(name), quotas::day.eq(day), quotas::used.eq(more));
    on!(conn, c => {
        diesel::insert_into(quotas::table)
            .values(row)
            .on_conflict((quotas::holder, quotas::name, quotas::day))
            .do_update()
            .set(quotas::used.eq(quotas::used + excluded(quotas::used)))
            .returning(quotas::used)
            .get_result(c)
    })
}

/// Takes so many of those that were counted on a day back.
pub(crate) fn give_back(
    conn: &mut Conn,
    holder: impl Into<AnyKey>,
    name: &'static str,
    day: i32,
    less: i32,
) -> Result<(), DbError> {
    let counted = quotas::table.find((holder.into(), name, day));
    on!(conn, c => diesel::update(counted).set(quotas::used.eq(quotas::used - less)).execute(c)).map(drop)
}
