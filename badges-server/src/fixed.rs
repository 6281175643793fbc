//! What an installation is fixed to: said once, and never otherwise.

use diesel::prelude::*;

use crate::{
    db::{Conn, DbError, on},
    schema::installation,
};

/// The public address, which stands in all that was signed.
pub(crate) const PUBLIC_URL: &str = "public_url";
/// The id of the key that seals the signing keys.
pub(crate) const SEALING_KEY: &str = "sealing_key";
/// That this is a demonstration, whose keys stand for themselves and whose people are invented.
pub(crate) const DEMO: &str = "demo";
/// When the installation was made, in microseconds.
pub(crate) const CREATED_AT: &str = "created_at";
/// Whether messages leave: `paused` in a restored copy, until the operator says otherwise.
pub(crate) const COURIER: &str = "courier";
/// That they wait.
pub(crate) const PAUSED: &str = "paused";

/// What it is fixed to; none where nothing was said.
pub(crate) fn value(conn: &mut Conn, name: &str) -> Result<Option<String>, DbError> {
    on!(conn, c => installation::table.find(name).select(installation::value).first(c).optional())
}

/// Fixes it; what is fixed already stays.
pub(crate) fn set(conn: &mut Conn, name: &str, to: &str) -> Result<(), DbError> {
    let row = (installation::name.eq(name), installation::value.eq(to));
    on!(conn, c => diesel::insert_into(installation::table).values(row).on_conflict_do_nothing().execute(c))
        .map(drop)
}

/// Says it anew: for what may change, such as whether messages leave.
pub(crate) fn change(conn: &mut Conn, name: &str, to: &str) -> Result<(), DbError> {
    let row = (installation::name.eq(name), installation::value.eq(to));
    on!(conn, c => {
        diesel::insert_into(installation::table)
            .values(row)
            .on_conflict(installation::name)
            .do_update()
            .set(installation::value.eq(to))
            .execute(c)
    })
    .map(drop)
}
