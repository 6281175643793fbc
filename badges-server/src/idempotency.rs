//! A request that comes twice acts once: the first answer is kept, in the transaction of its effect, and given again.

use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode};
use diesel::prelude::*;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{
    clock::Moment,
    db::{Conn, Db, DbError, Trail, on},
    problem::Problem,
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

/// What a request of the API is known by, where it carries an `Idempotency-Key`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Once(pub(crate) Option<Keyed>);

/// An answer that can be given again, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) body: String,
    /// The same with what is shown once: given, and never kept.
    pub(crate) shown: Option<String>,
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

impl Once {
    /// Does what is asked for, or gives the answer of when it was done.
    pub(crate) async fn write<E>(
        self,
        db: &Db,
        now: Moment,
        act: impl FnOnce(&mut Conn, &mut Trail) -> Result<Answer, E> + Send + 'static,
    ) -> Result<HttpResponse, Problem>
    where
        E: Into<Problem> + 'static,
    {
        let answer = db.write(move |conn, trail| {
            let Some(keyed) = self.0 else { return act(conn, trail).map_err(E::into) };
            match keyed.seen(conn)? {
                Seen::Before(answer) => return Ok(answer),
                Seen::Otherwise => return Err(reused()),
                Seen::Never => {}
            }
            let answer = act(conn, trail).map_err(E::into)?;
            keyed.keep(conn, &answer, now)?;
            Ok(answer)
        });
        Ok(answer.await?.response())
    }

    /// What is answered instead of a refusal: the answer of before, where what was asked for is done and now something
    /// stands against it, or another server did it meanwhile. Else the refusal is kept, so that the same request is
    /// refused in the same words; it had no effect whose transaction this could be.
    pub(crate) async fn instead(self, db: &Db, problem: &Problem, now: Moment) -> Option<Answer> {
        let stands = matches!(problem.status, StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY);
        let keyed = self.0.filter(|_| stands)?;
        let lasts = problem.retry_after.is_none();
        let refusal = Answer::json(problem.status.as_u16(), problem);
        let settled = db.write(move |conn, _| {
            let seen = keyed.seen(conn)?;
            match seen {
                Seen::Before(answer) => return Ok(Some(answer)),
                Seen::Never if lasts => keyed.keep(conn, &refusal, now)?,
                Seen::Never | Seen::Otherwise => {}
            }
            Ok::<_, DbError>(None)
        });
        // Where it cannot be kept, the same is found once more.
        settled.await.unwrap_or_default()
    }
}

impl Answer {
    /// A document.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        // No member of an answer can fail to be written.
        let body = serde_json::to_string(body).unwrap_or_default();
        Self { status, location: None, body, shown: None }
    }

    /// With where the thing is that was made.
    pub(crate) fn at(mut self, location: String) -> Self {
        self.location = Some(location);
        self
    }

    /// Instead of the document, this time alone: the same with a secret in it.
    pub(crate) fn showing(mut self, body: &impl Serialize) -> Self {
        self.shown = serde_json::to_string(body).ok();
        self
    }

    /// As it is sent.
    pub(crate) fn response(self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        if let Some(location) = self.location {
            response.insert_header(("Location", location));
        }
        if self.shown.is_some() || status.is_client_error() {
            response.insert_header(("Cache-Control", "no-store"));
        }
        let problem = if status.is_client_error() { "application/problem+json" } else { "application/json" };
        response.content_type(problem).body(self.shown.unwrap_or(self.body))
    }
}

/// The key came with something else before.
pub(crate) fn reused() -> Problem {
    let said = "this Idempotency-Key came before with another request: use a new key for each request";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", said)
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
    keyed.keep(
        conn,
        &Answer { status: 303, location: Some(place.clone()), body: String::new(), shown: None },
        now,
    )?;
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
            Some((_, status, location, body)) => Seen::Before(Answer {
                status: u16::try_from(status).unwrap_or(200),
                location,
                body,
                shown: None,
            }),
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
