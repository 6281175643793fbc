//! How many messages leave in a day: what is more waits for the next day, and none is lost.

use diesel::prelude::*;

use super::message::{State, Stored, Template};
use crate::{
    clock::Moment,
    config::Quotas,
    db::{Conn, DbError, on},
    ids::MessageId,
    quotas,
    schema::outbox,
};

/// What is counted, of an address and of an organisation.
const MAILS: &str = "mails";

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// Takes what is too much for today out of what was leased, and puts it off.
pub(super) fn within(
    conn: &mut Conn,
    leased: Vec<Stored>,
    bounds: &Quotas,
    now: Moment,
) -> Result<Vec<Stored>, DbError> {
    let mut leaving = Vec::with_capacity(leased.len());
    for message in leased {
        match beyond(conn, &message, bounds, now)? {
            None => leaving.push(message),
            Some(reason) => put_off(conn, message.id, reason, now)?,
        }
    }
    Ok(leaving)
}

/// Why a message does not leave today; none if it does, which is counted once, however often it is tried.
fn beyond(
    conn: &mut Conn,
    message: &Stored,
    bounds: &Quotas,
    now: Moment,
) -> Result<Option<String>, DbError> {
    // How many of those there are is limited where they are asked for.
    let waited_for = Template::named(&message.template).is_some_and(Template::is_waited_for);
    let Some(identity) = message.identity_id.filter(|_| !waited_for && message.attempts == 1) else {
        return Ok(None);
    };
    let (organisation, day) = (message.organisation_id, now.day());
    let (to_one, of_all) = (bounds.mails_address, bounds.mails_organisation);
    if quotas::used(conn, identity, MAILS, day)? >= to_one {
        return Ok(Some(format!("the address had its {to_one} mails of the day: this one leaves tomorrow")));
    }
    if quotas::used(conn, organisation, MAILS, day)? >= of_all {
        let reason = format!("the organisation sent its {of_all} mails of the day: this one leaves tomorrow");
        return Ok(Some(reason));
    }
    quotas::count(conn, identity, MAILS, day, 1)?;
    quotas::count(conn, organisation, MAILS, day, 1)?;
    Ok(None)
}

/// As if it had not been taken, until the next day begins.
fn put_off(conn: &mut Conn, id: MessageId, reason: String, now: Moment) -> Result<(), DbError> {
    let tomorrow = Moment::from_microseconds((i64::from(now.day()) + 1).saturating_mul(DAY));
    on!(conn, c => {
        diesel::update(outbox::table.find(id))
            .set((
                outbox::state.eq(State::Queued.name()),
                outbox::attempts.eq(0),
                outbox::next_at.eq(tomorrow),
                outbox::last_error.eq(reason),
            ))
            .execute(c)
    })
    .map(drop)
}
