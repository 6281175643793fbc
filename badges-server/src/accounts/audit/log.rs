//! The audit log as it is read: the newest first, by what is asked for, never the whole of it.

use diesel::{pg::Pg, prelude::*, sqlite::Sqlite};

use crate::{
    clock::Moment,
    db::{Conn, DbError, on},
    ids::IssuerId,
    schema::{audit, audit_links},
};

/// One thing that was done.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit, check_for_backend(Pg, Sqlite))]
pub(super) struct Entry {
    pub(super) sequence: i64,
    pub(super) position: i32,
    pub(super) organisation_id: Option<IssuerId>,
    pub(super) actor: String,
    pub(super) action: String,
    pub(super) object: String,
    pub(super) detail: String,
    pub(super) created_at: Moment,
}

/// What is asked for; all that is named must hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub(super) actor: Option<String>,
    pub(super) action: Option<String>,
    pub(super) object: Option<String>,
    pub(super) since: Option<Moment>,
    pub(super) until: Option<Moment>,
}

/// Where a part of the log ends.
pub(super) type End = (i64, i32);

/// How many links one request looks through for an actor or an action, which no index holds: so no search takes longer
/// as the log grows; it goes on where it stopped.
const WINDOW: i64 = 5_000;

/// How much later than an event its link may be written, in microseconds.
const SLACK: i64 = 600_000_000;

/// The newest entries behind an end, and where the next part begins, if there may be one.
pub(super) fn list(
    conn: &mut Conn,
    organisation: IssuerId,
    filter: &Filter,
    after: Option<End>,
    limit: i64,
) -> Result<(Vec<Entry>, Option<End>), DbError> {
    let head = head(conn)?.map_or(0, |(sequence, _)| sequence);
    let mut top = after.unwrap_or((i64::MAX, 0));
    if let Some(until) = filter.until {
        let late = Moment::from_microseconds(until.microseconds().saturating_add(SLACK));
        top = top.min((first_since(conn, late, head)?.saturating_add(1), 0));
    }
    let oldest = match filter.since {
        Some(since) => first_since(conn, since, head)?,
        None => 1,
    };
    let sought = (filter.actor.is_some() || filter.action.is_some()) && filter.object.is_none();
    let floor = if sought { oldest.max(top.0.min(head + 1) - WINDOW) } else { oldest };
    let mut found: Vec<Entry> = on!(conn, c => {
        let (sequence, position) = top;
        let behind = audit::sequence.lt(sequence).or(audit::sequence.eq(sequence).and(audit::position.lt(position)));
        let mut query = audit::table
            // The first bound is for the index, the second for the row within a link.
            .filter(audit::sequence.le(sequence))
            .filter(audit::sequence.ge(floor))
            .filter(behind)
            .order((audit::sequence.desc(), audit::position.desc()))
            .limit(limit + 1)
            .select(Entry::as_select())
            .into_boxed();
        // An object has an index of its own, which the organisation would lead away from; it is compared below.
        query = match &filter.object {
            Some(object) => query.filter(audit::object.eq(object)),
            None => query.filter(audit::organisation_id.eq(organisation)),
        };
        if let Some(actor) = &filter.actor {
            query = query.filter(audit::actor.eq(actor));
        }
        if let Some(action) = &filter.action {
            query = query.filter(audit::action.eq(action));
        }
        if let Some(since) = filter.since {
            query = query.filter(audit::created_at.ge(since));
        }
        if let Some(until) = filter.until {
            query = query.filter(audit::created_at.lt(until));
        }
        query.load(c)
    })?;
    found.retain(|entry| entry.organisation_id == Some(organisation));
    let shown = usize::try_from(limit).unwrap_or_default();
    if found.len() > shown {
        found.truncate(shown);
        let last = found.last().map(|entry| (entry.sequence, entry.position));
        return Ok((found, last));
    }
    Ok((found, (floor > oldest).then_some((floor, 0))))
}

/// The newest link: its number and hash.
pub(super) fn head(conn: &mut Conn) -> Result<Option<(i64, Vec<u8>)>, DbError> {
    on!(conn, c => {
        audit_links::table
            .select((audit_links::sequence, audit_links::hash))
            .order(audit_links::sequence.desc())
            .first(c)
            .optional()
    })
}

/// The first link that is not older than a time. Links have one number after the other and times that never go back,
/// so that halving finds it.
fn first_since(conn: &mut Conn, time: Moment, head: i64) -> Result<i64, DbError> {
    let (mut low, mut high) = (1, head + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let at: Option<Moment> = on!(conn, c => {
            audit_links::table.find(middle).select(audit_links::created_at).first(c).optional()
        })?;
        match at {
            Some(at) if at < time => low = middle + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}
