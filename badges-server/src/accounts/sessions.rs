//! Browsers in which somebody is signed in.

use actix_web::HttpRequest;
use diesel::{pg::Pg, prelude::*, sqlite::Sqlite};

use super::AccountError;
use crate::{
    auth::{Jar, LASTS},
    clock::Moment,
    config::Config,
    db::{Conn, DbError, on},
    ids::{AccountId, SessionId},
    schema::sessions,
    secret::{self, Secret},
};

/// A session as its owner sees it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sessions, check_for_backend(Pg, Sqlite))]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) token_hash: Vec<u8>,
    pub(crate) client: String,
    pub(crate) seen_at: Moment,
}

/// The browser of a request: what is noted of it, and the session that it brought.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    pub(crate) client: String,
    /// The value of the cookie.
    pub(crate) brought: Option<String>,
}

impl Browser {
    pub(crate) fn of(request: &HttpRequest, config: &Config) -> Self {
        let agent = request.headers().get("User-Agent").and_then(|agent| agent.to_str().ok());
        Self { client: client(agent.unwrap_or_default()), brought: Jar::Session.of(request, config) }
    }

    /// Whether a session is the one of this browser.
    pub(crate) fn holds(&self, session: &Session) -> bool {
        self.brought.as_deref().is_some_and(|brought| secret::hash(brought) == session.token_hash)
    }
}

/// Signs a browser in, under a new secret: the one that it brought, whoever put it there, ends.
pub(crate) fn begin(
    conn: &mut Conn,
    account: AccountId,
    browser: &Browser,
    now: Moment,
) -> Result<Secret, AccountError> {
    if let Some(brought) = &browser.brought {
        end_brought(conn, brought)?;
    }
    let outlived =
        sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::expires_at.le(now));
    on!(conn, c => diesel::delete(outlived).execute(c))?;
    let secret = Secret::new("")?;
    let row = (
        sessions::token_hash.eq(secret.hash()),
        sessions::id.eq(SessionId::new(now)?),
        sessions::account_id.eq(account),
        sessions::client.eq(&browser.client),
        sessions::created_at.eq(now),
        sessions::seen_at.eq(now),
        sessions::expires_at.eq(now.plus(LASTS)),
    );
    on!(conn, c => diesel::insert_into(sessions::table).values(row).execute(c))?;
    Ok(secret)
}

/// The sessions of an account, the last used first.
pub(crate) fn list(conn: &mut Conn, account: AccountId, now: Moment) -> Result<Vec<Session>, DbError> {
    on!(conn, c => {
        sessions::table
            .filter(sessions::account_id.eq(account))
            .filter(sessions::expires_at.gt(now))
            .order(sessions::seen_at.desc())
            .limit(100)
            .select(Session::as_select())
            .load(c)
    })
}

/// Ends one of an account's sessions; tells whether it was there.
pub(crate) fn end(conn: &mut Conn, account: AccountId, id: SessionId) -> Result<bool, DbError> {
    let own = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::id.eq(id));
    on!(conn, c => diesel::delete(own).execute(c)).map(|ended| ended > 0)
}

/// Ends all of an account's sessions but that of a browser; tells how many.
pub(crate) fn end_others(conn: &mut Conn, account: AccountId, browser: &Browser) -> Result<usize, DbError> {
    let own = secret::hash(browser.brought.as_deref().unwrap_or_default());
    let others =
        sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::token_hash.ne(own));
    on!(conn, c => diesel::delete(others).execute(c))
}

/// Ends the session of a cookie.
pub(crate) fn end_brought(conn: &mut Conn, brought: &str) -> Result<(), DbError> {
    on!(conn, c => diesel::delete(sessions::table.find(secret::hash(brought))).execute(c)).map(drop)
}

/// A browser in a few words; what it says of itself beyond that is not kept.
fn client(agent: &str) -> String {
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    // Each says that it is also those behind it.
    let browser = find(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "A browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_in_words() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0";

        assert_eq!(client(firefox), "Firefox on Linux");
        assert_eq!(client(edge), "Edge on Windows");
        assert_eq!(client("curl/8"), "A browser");
    }
}
