//! The audit log: each commit adds its rows and one link that holds the hash of all before.

use diesel::prelude::*;
use sha2::{Digest as _, Sha256};

use super::{
    Conn, DbError,
    insert::{Insert, row},
    on,
};
use crate::{
    clock::Moment,
    ids::IssuerId,
    schema::{audit, audit_links},
};

/// Servers that share a database add their links one after the other.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7309942782)";

/// One thing that somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) organisation: Option<IssuerId>,
    /// Who: an account, a token, the command, or the service itself.
    pub(crate) actor: String,
    /// What, in a word that specs/audit.md explains.
    pub(crate) action: &'static str,
    /// To what: an identifier.
    pub(crate) object: String,
    /// More, without personal data: JSON, or nothing.
    pub(crate) detail: String,
    pub(crate) at: Moment,
}

/// What a transaction will add to the log.
#[derive(Debug, Default)]
pub(crate) struct Trail(Vec<Event>);

#[derive(diesel::Insertable)]
#[diesel(table_name = audit, treat_none_as_default_value = false)]
struct Row {
    sequence: i64,
    position: i32,
    organisation_id: Option<IssuerId>,
    actor: String,
    action: &'static str,
    object: String,
    detail: String,
    created_at: Moment,
}

row!(Row of audit: sequence, position, organisation_id, actor, action, object, detail, created_at);

#[derive(diesel::Queryable, diesel::Insertable)]
#[diesel(table_name = audit_links)]
struct Link {
    sequence: i64,
    previous: Vec<u8>,
    root: Vec<u8>,
    hash: Vec<u8>,
    created_at: Moment,
}

row!(Link of audit_links: sequence, previous, root, hash, created_at);

impl Trail {
    /// Notes an event, which is there if the transaction is.
    pub(crate) fn note(&mut self, event: Event) {
        self.0.push(event);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn truncate(&mut self, noted: usize) {
        self.0.truncate(noted);
    }

    pub(super) fn write(self, conn: &mut Conn) -> Result<(), DbError> {
        let Some(at) = self.0.iter().map(|event| event.at).max() else { return Ok(()) };
        if matches!(conn, Conn::Postgresql(_)) {
            conn.execute(LOCK)?;
        }
        let head: Option<(i64, Vec<u8>, Moment)> = on!(conn, c => {
            audit_links::table
                .select((audit_links::sequence, audit_links::hash, audit_links::created_at))
                .order(audit_links::sequence.desc())
                .first(c)
                .optional()
        })?;
        let (last, previous, before) = head.unwrap_or((0, vec![0; 32], at));
        let sequence = last + 1;
        // A clock that was set back must not put an award before its predecessor.
        let at = at.max(before);
        let root = root(self.0.iter().map(|event| {
            let organisation = event.organisation.map(|id| id.to_string()).unwrap_or_default();
            row_hash(&[&organisation, &event.actor, event.action, &event.object, &event.detail], event.at)
        }));
        let hash = link_hash(sequence, &previous, &root, at);
        let rows: Vec<Row> =
            (0..).zip(self.0).map(|(position, event)| event.row(sequence, position)).collect();
        let link = Link { sequence, previous, root: root.to_vec(), hash: hash.to_vec(), created_at: at };
        Insert::default().rows(&rows).rows([&link]).run(conn)?;
        Ok(())
    }
}

impl Event {
    fn row(self, sequence: i64, position: i32) -> Row {
        let Self { organisation, actor, action, object, detail, at } = self;
        Row {
            sequence,
            position,
            organisation_id: organisation,
            actor,
            action,
            object,
            detail,
            created_at: at,
        }
    }
}

/// Reads the whole log and tells the first link at which it is broken, if any, and how many links there are.
pub(crate) fn check_chain(conn: &mut Conn) -> Result<(i64, Option<i64>), DbError> {
    check_from(conn, vec![0; 32], 0)
}

/// Reads the newest links alone: the first that was read, and the first that is broken, if any.
pub(crate) fn check_newest(conn: &mut Conn, count: i64) -> Result<(i64, Option<i64>), DbError> {
    let before: Option<(i64, Vec<u8>)> = on!(conn, c => {
        audit_links::table
            .select((audit_links::sequence, audit_links::hash))
            .order(audit_links::sequence.desc())
            .offset(count)
            .first(c)
            .optional()
    })?;
    let (last, previous) = before.unwrap_or((0, vec![0; 32]));
    let (_, broken) = check_from(conn, previous, last)?;
    Ok((last + 1, broken))
}

fn check_from(conn: &mut Conn, mut previous: Vec<u8>, mut last: i64) -> Result<(i64, Option<i64>), DbError> {
    type Stored = (Option<IssuerId>, String, String, String, String, Moment);
    loop {
        let next: Option<Link> = on!(conn, c => {
            audit_links::table.filter(audit_links::sequence.gt(last)).order(audit_links::sequence).first(c).optional()
        })?;
        let Some(link) = next else { return Ok((last, None)) };
        let rows: Vec<Stored> = on!(conn, c => {
            audit::table
                .filter(audit::sequence.eq(link.sequence))
                .order(audit::position)
                .select((
                    audit::organisation_id,
                    audit::actor,
                    audit::action,
                    audit::object,
                    audit::detail,
                    audit::created_at,
                ))
                .load(c)
        })?;
        let found = root(rows.iter().map(|(organisation, actor, action, object, detail, at)| {
            let organisation = organisation.map(|id| id.to_string()).unwrap_or_default();
            row_hash(&[&organisation, actor, action, object, detail], *at)
        }));
        let hash = link_hash(link.sequence, &previous, &found, link.created_at);
        let follows = link.sequence == last + 1 && link.previous == previous;
        if !follows || link.root != found || link.hash != hash {
            return Ok((last, Some(link.sequence)));
        }
        (previous, last) = (link.hash, link.sequence);
    }
}

fn row_hash(parts: &[&str], at: Moment) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.update(at.microseconds().to_be_bytes());
    hash.finalize().into()
}

fn root(rows: impl Iterator<Item = [u8; 32]>) -> [u8; 32] {
    let mut hash = Sha256::new();
    rows.for_each(|row| hash.update(row));
    hash.finalize().into()
}

fn link_hash(sequence: i64, previous: &[u8], root: &[u8], at: Moment) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(sequence.to_be_bytes());
    hash.update(previous);
    hash.update(root);
    hash.update(at.microseconds().to_be_bytes());
    hash.finalize().into()
}
