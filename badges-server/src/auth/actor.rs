//! From a cookie or a token to who it is, what roles they have and what rights their badges give.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::{
    clock::{Clock, Moment},
    db::{Conn, Db, DbError, Gather, on},
    ids::{AccountId, BadgeId, ContactId, IssuerId, TokenId},
    rights::{Actor, Grant, Held, Role, Scope, Target},
    schema::{accounts, api_tokens, awards, badge_grants, badges, contacts, issuers, roles, sessions},
    secret,
};

/// What a request brought to say who asks.
pub(crate) enum Credentials {
    /// The hash of a session's cookie.
    Session(Vec<u8>),
    /// The hash of a token of the API.
    Token(Vec<u8>),
    /// Somebody whose rights are asked for while they are away.
    Absent(AccountId),
}

/// Who asks, for requests that come at the same time.
pub(crate) type Visitors = Gather<Credentials, Option<Actor>>;

/// An account, whose it is, and one of its roles with where it holds.
type Row = (AccountId, ContactId, IssuerId, Option<String>, Option<String>, Option<String>);

/// The accounts that a table leads to, each as often as it has roles, before whatever else is wanted: one query, since
/// each is a round trip to PostgreSQL.
macro_rules! people {
    ($from:expr $(, $more:expr)?) => {
        $from
            .inner_join(contacts::table.on(contacts::id.eq(accounts::contact_id)))
            .left_join(roles::table.on(roles::account_id.eq(accounts::id)))
            .left_join(issuers::table.on(issuers::id.eq(roles::issuer_id)))
            .filter(accounts::disabled_at.is_null())
            .select((
                $($more,)?
                (
                    accounts::id,
                    accounts::contact_id,
                    accounts::organisation_id,
                    contacts::display_name,
                    roles::role.nullable(),
                    issuers::path.nullable(),
                ),
            ))
    };
}

/// Who asks at the time of a clock.
pub(crate) fn visitors(db: &Db, clock: Clock) -> Visitors {
    Gather::new(db, move |conn, credentials| actors(conn, credentials, clock.now()))
}

/// Who that is at this moment; none where it has ended or never was.
pub(crate) fn actor(
    conn: &mut Conn,
    credentials: &Credentials,
    now: Moment,
) -> Result<Option<Actor>, DbError> {
    Ok(actors(conn, std::slice::from_ref(credentials), now)?.pop().flatten())
}

/// An account with its roles, and the token that stands for it, if one does.
#[derive(Default)]
struct Found {
    rows: Vec<Row>,
    token: Option<(TokenId, Vec<Scope>)>,
}

/// The same of several, in their order: a query for each kind of credentials, and one for what badges give.
fn actors(conn: &mut Conn, credentials: &[Credentials], now: Moment) -> Result<Vec<Option<Actor>>, DbError> {
    let (mut cookies, mut brought, mut absent) = (Vec::new(), Vec::new(), HashMap::new());
    for one in credentials {
        match one {
            Credentials::Session(hash) => cookies.push(hash),
            Credentials::Token(hash) => brought.push(hash),
            Credentials::Absent(account) => {
                absent.insert(*account, Found { rows: of_account(conn, *account)?, token: None });
            }
        }
    }
    let sessions = of_sessions(conn, &each_once(cookies.into_iter()), now)?;
    let tokens = of_tokens(conn, &each_once(brought.into_iter()), now)?;
    let all = sessions.values().chain(tokens.values()).chain(absent.values());
    let contacts = each_once(all.filter_map(|found| found.rows.first()).map(|row| row.1));
    let grants = grants(conn, &contacts, now)?;
    let who = |one: &Credentials| {
        let found = match one {
            Credentials::Session(hash) => sessions.get(hash),
            Credentials::Token(hash) => tokens.get(hash),
            Credentials::Absent(account) => absent.get(account),
        };
        found.and_then(|found| found.actor(&grants))
    };
    Ok(credentials.iter().map(who).collect())
}

/// Many requests come with the same token.
fn each_once<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

impl Credentials {
    /// Of a session, by the value of its cookie.
    pub(crate) fn session(cookie: &str) -> Self {
        Self::Session(secret::hash(cookie))
    }

    /// Of a token, as it was shown.
    pub(crate) fn token(token: &str) -> Self {
        Self::Token(secret::hash(token))
    }
}

impl Found {
    fn actor(&self, grants: &HashMap<ContactId, Vec<Grant>>) -> Option<Actor> {
        let (account, contact, organisation, name, ..) = self.rows.first().cloned()?;
        let held =
            |(.., role, path): &Row| Some(Held { role: Role::named(role.as_deref()?)?, path: path.clone()? });
        Some(Actor {
            account,
            contact,
            organisation,
            name: name.unwrap_or_default(),
            token: self.token.clone(),
            roles: self.rows.iter().filter_map(held).collect(),
            grants: grants.get(&contact).cloned().unwrap_or_default(),
        })
    }
}

fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<Row>, DbError> {
    let rows: Vec<(Row,)> =
        on!(conn, c => people!(accounts::table).filter(accounts::id.eq(account)).load(c))?;
    Ok(rows.into_iter().map(|(row,)| row).collect())
}

/// A query whose filter is that a column is the one or among the many: SQLite keeps the first ready, and not the second.
macro_rules! of_each {
    ($wanted:expr, $column:expr, $filter:ident => $query:expr) => {
        match $wanted {
            [] => Ok(Vec::new()),
            [one] => {
                let $filter = $column.eq(one);
                $query
            }
            many => {
                let $filter = $column.eq_any(many);
                $query
            }
        }
    };
}

fn of_sessions(
    conn: &mut Conn,
    cookies: &[&Vec<u8>],
    now: Moment,
) -> Result<HashMap<Vec<u8>, Found>, DbError> {
    let rows: Vec<(Vec<u8>, Row)> = of_each!(cookies, sessions::token_hash, these => on!(conn, c => {
        people!(
            sessions::table.inner_join(accounts::table.on(accounts::id.eq(sessions::account_id))),
            sessions::token_hash
        )
        .filter(these)
        .filter(sessions::expires_at.gt(now))
        .load(c)
    }))?;
    let mut found: HashMap<_, Found> = HashMap::new();
    for (cookie, row) in rows {
        found.entry(cookie).or_default().rows.push(row);
    }
    Ok(found)
}

fn of_tokens(conn: &mut Conn, tokens: &[&Vec<u8>], now: Moment) -> Result<HashMap<Vec<u8>, Found>, DbError> {
    type OfToken = (Vec<u8>, TokenId, String);
    let rows: Vec<(OfToken, Row)> = of_each!(tokens, api_tokens::token_hash, these => on!(conn, c => {
        people!(
            api_tokens::table.inner_join(accounts::table.on(accounts::id.eq(api_tokens::account_id))),
            (api_tokens::token_hash, api_tokens::id, api_tokens::scopes)
        )
        .filter(these)
        .filter(api_tokens::revoked_at.is_null())
        .filter(api_tokens::expires_at.is_null().or(api_tokens::expires_at.gt(now)))
        .load(c)
    }))?;
    let mut found: HashMap<_, Found> = HashMap::new();
    for ((token, id, scopes), row) in rows {
        let found = found.entry(token).or_default();
        found.token = Some((id, read_scopes(&scopes)));
        found.rows.push(row);
    }
    Ok(found)
}

/// Scopes as they are stored, with blanks between; what this program does not know gives nothing.
fn read_scopes(stored: &str) -> Vec<Scope> {
    stored.split(' ').filter_map(Scope::named).collect()
}

/// From the awards as they stand now, with one query: a right ends in the request after its badge does, and is never
/// read without what narrows it.
/// Whether badges that somebody holds give rights, also before they ever signed in.
pub(crate) fn holds_rights(conn: &mut Conn, contact: ContactId, now: Moment) -> Result<bool, DbError> {
    Ok(grants(conn, &[contact], now)?.contains_key(&contact))
}

fn grants(
    conn: &mut Conn,
    contacts: &[ContactId],
    now: Moment,
) -> Result<HashMap<ContactId, Vec<Grant>>, DbError> {
    type Row = (ContactId, BadgeId, i32, Option<BadgeId>, Option<String>);
    let held: Vec<Row> = of_each!(contacts, awards::contact_id, these => on!(conn, c => {
        awards::table
            .inner_join(badges::table.on(badges::id.eq(awards::badge_id)))
            .left_join(badge_grants::table.on(badge_grants::badge_id.eq(badges::id)))
            .left_join(issuers::table.on(badge_grants::issuer_id.eq(issuers::id.nullable())))
            .filter(these)
            .filter(awards::state.eq("issued"))
            .filter(awards::expires_at.is_null().or(awards::expires_at.gt(now)))
            .filter(badges::organisation_id.eq(awards::organisation_id))
            .filter(badges::rights_level.gt(0))
            .select((
                awards::contact_id,
                badges::id,
                badges::rights_level,
                badge_grants::granted_badge_id.nullable(),
                issuers::path.nullable(),
            ))
            .distinct()
            .load(c)
    }))?;
    let mut of_badges: HashMap<(ContactId, BadgeId), Grant> = HashMap::new();
    for (contact, badge, level, narrower, path) in held {
        let grant = of_badges.entry((contact, badge)).or_insert(Grant { level, only: Vec::new() });
        grant.only.extend(narrower.map(Target::Badge).or_else(|| path.map(Target::Node)));
    }
    let mut grants: HashMap<ContactId, Vec<Grant>> = HashMap::new();
    for ((contact, _), grant) in of_badges {
        grants.entry(contact).or_default().push(grant);
    }
    Ok(grants)
}
