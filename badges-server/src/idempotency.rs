//! A request that comes twice acts once: the first answer is kept, in the transaction of its effect, and given again.

use std::time::Duration;

use diesel::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::{
    clock::Moment,
    db::{Conn, DbError, on},
    schema::idempotency_keys,
};

/// For how long an answer is kept.
pub(crate) const KEPT: Duration = Duration::from_secs(72 * 3_600);

/// The longest key.
pub(crate) const LONGEST_KEY: usize = 255;

/// A request that may come again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keyed {
    scope: Vec<u8>,
    request: Vec<u8>,
}

/// An answer that can be given again, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) body: String,
}

/// What is known of a request.
#[derive(Debug)]
pub(crate) enum Seen {
    Never,
    /// It came, and this was the answer.
    Before(Answer),
    /// The key came with another request.
    Otherwise,
}

/// Does what a form asks for, once: leads to where it led the first time if it comes again.
pub(crate) fn once<E: From<DbError>>(
    conn: &mut Conn,
    keyed: Option<&Keyed>,
    now: Moment,
    act: impl FnOnce(&mut Conn) -> Result<String, E>,
) -> Result<String, E> {
    let Some(keyed) = keyed else { return act(conn) };
    if let Seen::Before(Answer { location: Some(place), .. }) = keyed.seen(conn)? {
        return Ok(place);
    }
    let place = act(conn)?;
    keyed.keep(conn, &Answer { status: 303, location: Some(place.clone()), body: String::new() }, now)?;
    Ok(place)
}

impl Keyed {
    /// By one actor, on one route, with one key; `request` is what was asked for.
    pub(crate) fn new(actor: &str, route: &str, key: &str, request: &[u8]) -> Self {
        let mut scope = Sha256::new();
        for part in [actor, route, key] {
            scope.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            scope.update(part);
        }
        Self { scope: scope.finalize().to_vec(), request: Sha256::digest(request).to_vec() }
    }

    /// Looks whether it came before.
    pub(crate) fn seen(&self, conn: &mut Conn) -> Result<Seen, DbError> {
        type Stored = (Vec<u8>, i32, Option<String>, String);
        let stored: Option<Stored> = on!(conn, c => {
            idempotency_keys::table
                .find(&self.scope)
                .select((
                    idempotency_keys::request_hash,
                    idempotency_keys::status,
                    idempotency_keys::location,
                    idempotency_keys::body,
                ))
                .first(c)
                .optional()
        })?;
        Ok(match stored {
            None => Seen::Never,
            Some((request, ..)) if request != self.request => Seen::Otherwise,
            Some((_, status, location, body)) => {
                Seen::Before(Answer { status: u16::try_from(status).unwrap_or(200), location, body })
            }
        })
    }

    /// Keeps the answer, in the transaction that made it true.
    pub(crate) fn keep(&self, conn: &mut Conn, answer: &Answer, now: Moment) -> Result<(), DbError> {
        let row = (
            idempotency_keys::scope_hash.eq(&self.scope),
            idempotency_keys::request_hash.eq(&self.request),
            idempotency_keys::status.eq(i32::from(answer.status)),
            idempotency_keys::location.eq(&answer.location),
            idempotency_keys::body.eq(&answer.body),
            idempotency_keys::created_at.eq(now),
        );
        on!(conn, c => diesel::insert_into(idempotency_keys::table).values(row).execute(c)).map(drop)
    }
}
