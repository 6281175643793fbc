//! Notes that a session or a token is in use, so seldom that reading never becomes writing.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use diesel::prelude::*;
use tracing::warn;

use super::cookies::LASTS;
use crate::{
    clock::Moment,
    db::{Conn, Db, DbError, on},
    ids::TokenId,
    schema::{api_tokens, sessions},
    secret,
};

/// How often the use of a session is noted.
const SESSION: Duration = Duration::from_secs(3_600);
/// How long somebody who comes every day stays signed in.
const AT_MOST: Duration = Duration::from_secs(180 * 86_400);
/// How many are remembered before all are forgotten; each then costs one write.
const MOST: usize = 20_000;

/// What is in use.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Use {
    /// A session, by the hash of its cookie.
    Session(Vec<u8>),
    /// A token of the API.
    Token(TokenId),
}

/// What this server noted of late.
#[derive(Debug, Default)]
pub(crate) struct Uses(Mutex<HashMap<Use, Moment>>);

impl Use {
    /// The session of a cookie.
    pub(crate) fn of_cookie(cookie: &str) -> Self {
        Self::Session(secret::hash(cookie))
    }
}

impl Uses {
    /// Notes a use, unless that was done of late; tells whether it is noted now.
    pub(crate) fn note(&self, used: Use, db: &Db, now: Moment) -> bool {
        if !self.is_due(&used, now) {
            return false;
        }
        let db = db.clone();
        actix_web::rt::spawn(async move {
            if let Err(error) = db.write(move |conn, _| write(conn, &used, now)).await {
                warn!(%error, "the use of a session or token could not be noted");
            }
        });
        true
    }

    fn is_due(&self, used: &Use, now: Moment) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = known.get(used).is_none_or(|last| match used {
            Use::Session(_) => last.plus(SESSION) <= now,
            Use::Token(_) => last.day() != now.day(),
        });
        if due {
            if known.len() >= MOST {
                known.clear();
            }
            known.insert(used.clone(), now);
        }
        due
    }
}

fn write(conn: &mut Conn, used: &Use, now: Moment) -> Result<(), DbError> {
    match used {
        Use::Session(hash) => {
            let begun: Option<Moment> = on!(conn, c => {
                sessions::table.find(hash).select(sessions::created_at).first(c).optional()
            })?;
            let Some(begun) = begun else { return Ok(()) };
            let ends = now.plus(LASTS).min(begun.plus(AT_MOST));
            let earlier = sessions::table.find(hash).filter(sessions::seen_at.lt(now));
            on!(conn, c => {
                diesel::update(earlier)
                    .set((sessions::seen_at.eq(now), sessions::expires_at.eq(ends)))
                    .execute(c)
            })
            .map(drop)
        }
        Use::Token(id) => {
            let earlier = api_tokens::table
                .filter(api_tokens::id.eq(id))
                .filter(api_tokens::used_on.is_null().or(api_tokens::used_on.lt(now.day())));
            on!(conn, c => diesel::update(earlier).set(api_tokens::used_on.eq(now.day())).execute(c))
                .map(drop)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_noted_once_an_hour_and_a_token_once_a_day() {
        let (uses, noon) = (Uses::default(), Moment::from_microseconds(1_782_043_200_000_000));
        let later = |minutes: u64| noon.plus(Duration::from_secs(minutes * 60));
        let (session, token) = (Use::of_cookie("a"), Use::Token(TokenId::new(noon).unwrap()));

        let noted = [0, 59, 60, 100, 121].map(|minutes| uses.is_due(&session, later(minutes)));
        assert_eq!(noted, [true, false, true, false, true]);
        let noted = [0, 60, 719, 720, 1_000].map(|minutes| uses.is_due(&token, later(minutes)));
        assert_eq!(noted, [true, false, false, true, false]);
    }
}
