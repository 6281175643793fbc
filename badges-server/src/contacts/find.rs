//! Contacts found by name or address, a part at a time, each through an index; no answer takes longer as history grows.

use diesel::prelude::*;

use super::{held::View, identities::EMAIL, words};
use crate::{
    db::{Conn, DbError, Sql, end, on},
    ids::{ContactId, IdentityId, IssuerId},
    schema::{Key, contact_words, identities},
};

/// Whom somebody looks for, among whom they may see.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    pub(crate) organisation: IssuerId,
    pub(crate) view: View,
    /// A name, some of its words or their beginnings; or the beginning of an address.
    pub(crate) words: String,
}

/// Where a list of contacts goes on: behind a contact, or behind an address where those follow the names.
#[derive(Clone, Copy, Debug)]
pub(crate) enum After {
    Contact(ContactId),
    Identity(IdentityId),
}

/// Somebody who was found, and where the list goes on behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) contact: ContactId,
    /// None where the contact itself says it.
    pub(crate) identity: Option<IdentityId>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Key)]
    contact_id: ContactId,
    #[diesel(sql_type = diesel::sql_types::Nullable<Key>)]
    identity_id: Option<IdentityId>,
}

/// The contacts behind one of them: the newest first, or by what was looked for.
pub(crate) fn find(
    conn: &mut Conn,
    search: &Search,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Hit>, DbError> {
    let sought = search.words.trim().to_lowercase();
    if sought.is_empty() {
        let behind = match after {
            Some(After::Contact(contact)) => contact,
            _ => ContactId::LAST,
        };
        return match &search.view {
            View::Below(paths) => below(conn, search.organisation, paths, behind, limit),
            _ => all(conn, search.organisation, behind, limit),
        };
    }
    let words: Vec<String> = words::of(&sought).into_iter().collect();
    let mut found = match after {
        Some(After::Identity(_)) => Vec::new(),
        _ if sought.contains('@') || words.is_empty() => Vec::new(),
        _ => by_name(conn, search, &words, after, limit)?,
    };
    let left = limit - i64::try_from(found.len()).unwrap_or(limit);
    // One word may as well begin an address; those whose name has it stand before.
    if left > 0 && !sought.contains(char::is_whitespace) {
        let named = words.first().filter(|_| !sought.contains('@'));
        found.extend(by_address(conn, search, &sought, named, after, left)?);
    }
    Ok(found)
}

fn all(conn: &mut Conn, organisation: IssuerId, behind: ContactId, limit: i64) -> Result<Vec<Hit>, DbError> {
    let mut sql = Sql::new(conn, "SELECT id AS contact_id, NULL AS identity_id FROM contacts");
    sql.add(" WHERE organisation_id = ").key(organisation);
    sql.add(" AND id < ").key(behind);
    sql.add(" ORDER BY id DESC LIMIT ").number(limit);
    load(sql, conn)
}

/// Who got a badge below some nodes. From one contact to the next lower one among the holders of each badge: so many
/// steps in an index as there are badges, however many awards there are.
fn below(
    conn: &mut Conn,
    organisation: IssuerId,
    paths: &[String],
    behind: ContactId,
    limit: i64,
) -> Result<Vec<Hit>, DbError> {
    let mut sql = Sql::new(conn, "WITH RECURSIVE scope AS MATERIALIZED (");
    badges(&mut sql, organisation, paths);
    sql.add("), held (contact_id) AS (SELECT ").key(behind);
    sql.add(
        " UNION ALL SELECT (SELECT (SELECT a.contact_id FROM awards a WHERE a.badge_id = s.id \
         AND a.contact_id < held.contact_id ORDER BY a.contact_id DESC LIMIT 1) AS following FROM scope s \
         ORDER BY following DESC NULLS LAST LIMIT 1) FROM held WHERE held.contact_id IS NOT NULL) \
         SELECT contact_id, NULL AS identity_id FROM held WHERE contact_id IS NOT NULL LIMIT ",
    );
    // The first is the one behind whom we begin.
    sql.number(limit).add(" OFFSET 1");
    load(sql, conn)
}

fn by_name(
    conn: &mut Conn,
    search: &Search,
    words: &[String],
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Hit>, DbError> {
    // The longest word is the rarest, as a rule: it leads, and the others must be there too.
    let Some(first) = words.iter().max_by_key(|word| word.len()) else { return Ok(Vec::new()) };
    let behind = match after {
        Some(After::Contact(contact)) => word_of(conn, contact, first)?.map(|word| (word, contact)),
        _ => None,
    };
    let mut sql = Sql::new(conn, "SELECT w.contact_id, NULL AS identity_id FROM contact_words w");
    sql.add(" WHERE w.organisation_id = ").key(search.organisation);
    sql.begins("w.word", first);
    if let Some((word, contact)) = behind {
        sql.add(" AND (w.word, w.contact_id) > (").text(word);
        sql.add(", ").key(contact).add(")");
    }
    // Anna Andersson is found once by `an`.
    sql.add(" AND NOT EXISTS (SELECT 1 FROM contact_words o WHERE o.contact_id = w.contact_id");
    sql.add(" AND o.word < w.word").begins("o.word", first).add(")");
    for word in words.iter().filter(|word| *word != first) {
        sql.add(" AND EXISTS (SELECT 1 FROM contact_words o WHERE o.contact_id = w.contact_id");
        sql.begins("o.word", word).add(")");
    }
    seen(&mut sql, "w.contact_id", search);
    sql.add(" ORDER BY w.word, w.contact_id LIMIT ").number(limit);
    load(sql, conn)
}

fn by_address(
    conn: &mut Conn,
    search: &Search,
    beginning: &str,
    named: Option<&String>,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Hit>, DbError> {
    let behind: Option<String> = match after {
        Some(After::Identity(id)) => on!(conn, c => {
            identities::table.find(id).select(identities::subject).first(c).optional()
        })?,
        _ => None,
    };
    let mut sql = Sql::new(conn, "SELECT i.contact_id, i.id AS identity_id FROM identities i");
    sql.add(" WHERE i.organisation_id = ").key(search.organisation);
    sql.add(" AND i.source = ").text(EMAIL).begins("i.subject", beginning);
    if let Some(behind) = behind {
        sql.add(" AND i.subject > ").text(behind);
    }
    if let Some(word) = named {
        sql.add(" AND NOT EXISTS (SELECT 1 FROM contact_words o WHERE o.contact_id = i.contact_id");
        sql.begins("o.word", word).add(")");
    }
    seen(&mut sql, "i.contact_id", search);
    sql.add(" ORDER BY i.subject LIMIT ").number(limit);
    load(sql, conn)
}

/// The word by which a contact was found.
fn word_of(conn: &mut Conn, contact: ContactId, beginning: &str) -> Result<Option<String>, DbError> {
    let found = contact_words::table
        .filter(contact_words::contact_id.eq(contact))
        .filter(contact_words::word.ge(beginning))
        .filter(contact_words::word.lt(end(beginning)))
        .order(contact_words::word)
        .select(contact_words::word);
    on!(conn, c => found.first(c).optional())
}

/// The badges below some nodes.
fn badges(sql: &mut Sql, organisation: IssuerId, paths: &[String]) {
    sql.add("SELECT b.id FROM badges b JOIN issuers n ON n.id = b.issuer_id WHERE b.organisation_id = ");
    sql.key(organisation).add(" AND (");
    for (at, path) in paths.iter().enumerate() {
        // A subtree is a range of paths: no character of one comes after the tilde.
        sql.add(if at == 0 { "" } else { " OR " });
        sql.add("n.path >= ").text(path).add(" AND n.path < ").text(format!("{path}~"));
    }
    // Who has no role anywhere sees nobody.
    sql.add(if paths.is_empty() { "1 = 0)" } else { ")" });
}

/// Only whom the searcher may see.
fn seen(sql: &mut Sql, column: &str, search: &Search) {
    if let View::Below(paths) = &search.view {
        sql.add(" AND EXISTS (SELECT 1 FROM awards a WHERE a.contact_id = ").add(column);
        sql.add(" AND a.badge_id IN (");
        badges(sql, search.organisation, paths);
        sql.add("))");
    }
}

fn load(sql: Sql, conn: &mut Conn) -> Result<Vec<Hit>, DbError> {
    let rows: Vec<Row> = sql.load(conn)?;
    Ok(rows.into_iter().map(|row| Hit { contact: row.contact_id, identity: row.identity_id }).collect())
}
