//! Awards into the database: many orders in one transaction, each of them whole or not at all.

use std::{collections::BTreeMap, sync::Arc};

use diesel::prelude::*;

use super::{
    AwardError,
    guards::{self, Replaced},
    response::created,
    rows::{Award, Credential, Scheduled},
};
use crate::{
    clock::Moment,
    contacts::identities::{self, Name, Person},
    db::{Conn, Constraint, DbError, Event, Insert, Trail, on},
    idempotency::{Answer, Keyed, Seen},
    ids::{AccountId, BadgeId, ContactId},
    outbox::Message,
    quotas,
    schema::{awards, badges},
};

const HELD_ONCE: Constraint =
    Constraint { name: "awards_held_once", columns: "awards.badge_id, awards.contact_id" };

const ONCE_IN_A_BATCH: Constraint =
    Constraint { name: "awards_batch_identity", columns: "awards.batch_id, awards.identity_id" };

/// What is counted of who awards.
pub(crate) const AWARDS: &str = "awards";

/// How many are tried again together, once one among more was refused.
const FEW: usize = 16;

/// Awards that were asked for together: all of them or none.
pub(crate) struct Order {
    pub(crate) awards: Vec<Ready>,
    pub(crate) keyed: Option<Keyed>,
    /// Whose daily quota this counts on, and how much a day has.
    pub(crate) quota: Option<(AccountId, i32)>,
    pub(crate) actor: String,
    pub(crate) base: Arc<str>,
    pub(crate) now: Moment,
    /// The award whose place the first one takes.
    pub(crate) replaces: Option<Replaced>,
}

/// An award that was built and signed, and is not stored.
pub(crate) struct Ready {
    pub(crate) award: Award,
    pub(crate) person: Person,
    pub(crate) credential: Option<Credential>,
    pub(crate) message: Option<Message>,
    /// Where it is signed later: then there is neither credential nor message yet.
    pub(crate) scheduled: Option<Scheduled>,
    pub(crate) limit: Option<i32>,
    pub(crate) prerequisites: Vec<BadgeId>,
    /// What the recipient is called in an error to who awards.
    pub(crate) called: String,
}

/// What became of an order.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) awards: Vec<Award>,
    /// What is kept under the order's key.
    kept: Option<Answer>,
}

impl Done {
    /// What whoever asked is told: the answer that is kept, or one that is written now, off the writer.
    pub(crate) fn answer(self, base: &str) -> Answer {
        self.kept.unwrap_or_else(|| created(&self.awards, base))
    }
}

/// What became of an order, or why nothing did.
pub(super) type Told = Result<Done, AwardError>;

/// All at once, with nothing kept to take them back by: an error spoils the transaction.
pub(crate) fn enter_outright(
    conn: &mut Conn,
    trail: &mut Trail,
    orders: &mut [Order],
) -> Result<Vec<Told>, AwardError> {
    let done = enter(conn, orders)?;
    orders.iter().for_each(|order| note(trail, order));
    Ok(done.into_iter().map(Ok).collect())
}

/// Each with its own answer: all at once where that succeeds, or else a few at a time.
pub(crate) fn enter_all(conn: &mut Conn, trail: &mut Trail, orders: &mut [Order]) -> Vec<Told> {
    enter_together(conn, trail, orders).unwrap_or_else(|| enter_by_few(conn, trail, orders))
}

/// What cannot go in all at once, a few at a time, and where that fails too, one by one: so each gets its own answer.
/// Nothing is tried any more once the database has given up, which may have ended the transaction.
pub(crate) fn enter_by_few(conn: &mut Conn, trail: &mut Trail, orders: &mut [Order]) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::with_capacity(orders.len());
    for few in orders.chunks_mut(FEW) {
        if gave_up(&told).is_none()
            && let Some(all) = enter_together(conn, trail, few)
        {
            told.extend(all);
            continue;
        }
        for order in few {
            let one = match gave_up(&told) {
                Some(error) => Err(error.into()),
                None => enter_one(conn, trail, order),
            };
            told.push(one);
        }
    }
    told
}

/// What the database gave up with, if it did for the last one.
fn gave_up(told: &[Told]) -> Option<DbError> {
    match told.last() {
        Some(Err(AwardError::Database(error))) if error.ends_all() => Some(error.again()),
        _ => None,
    }
}

/// Together, or whatever the database gave up with for each; nothing where they are to be tried one by one.
fn enter_together(conn: &mut Conn, trail: &mut Trail, orders: &mut [Order]) -> Option<Vec<Told>> {
    if orders.len() < 2 {
        return None;
    }
    match conn.savepoint("together", |conn| enter_outright(conn, trail, orders)) {
        Ok(told) => Some(told),
        Err(AwardError::Database(error)) if error.ends_all() => {
            Some(orders.iter().map(|_| Err(error.again().into())).collect())
        }
        Err(_) => None,
    }
}

fn enter_one(conn: &mut Conn, trail: &mut Trail, order: &mut Order) -> Told {
    let done = conn.savepoint("alone", |conn| alone(conn, order));
    if done.as_ref().is_ok_and(|(_, new)| *new) {
        note(trail, order);
    }
    match done {
        Err(AwardError::AlreadyHeld(_)) => Err(AwardError::AlreadyHeld(holder(conn, order)?)),
        done => done.map(|(done, _)| done),
    }
}

/// Whom to name as the one who has the badge: known only once the order is taken back.
fn holder(conn: &mut Conn, order: &Order) -> Result<String, DbError> {
    let contacts: Vec<_> = order.awards.iter().map(|ready| ready.award.contact_id).collect();
    let badge = order.awards.first().map(|ready| ready.award.badge_id);
    let held: Vec<ContactId> = on!(conn, c => {
        awards::table
            .filter(awards::badge_id.nullable().eq(badge))
            .filter(awards::contact_id.eq_any(&contacts))
            .filter(awards::held_once)
            .filter(awards::state.ne_all(["revoked", "cancelled", "superseded"]))
            .select(awards::contact_id)
            .load(c)
    })?;
    // Where nobody has it, the order names somebody twice.
    let twice = |at: usize, contact: &ContactId| contacts.iter().take(at).any(|before| before == contact);
    let mut named = order.awards.iter().enumerate();
    let found = named.find(|(at, ready)| {
        let contact = &ready.award.contact_id;
        if held.is_empty() { twice(*at, contact) } else { held.contains(contact) }
    });
    Ok(found.map(|(_, ready)| ready.called.clone()).unwrap_or_default())
}

/// One order, with all that may stand against it; true if it is new.
fn alone(conn: &mut Conn, order: &mut Order) -> Result<(Done, bool), AwardError> {
    if let Some(keyed) = &order.keyed {
        match keyed.seen(conn)? {
            Seen::Never => {}
            Seen::Before(answer) => return Ok((Done { awards: Vec::new(), kept: Some(answer) }, false)),
            Seen::Otherwise => return Err(AwardError::IdempotencyKeyReused),
        }
    }
    let mut done = enter(conn, std::slice::from_mut(order))?;
    done.pop().map(|done| (done, true)).ok_or(AwardError::Database(DbError::Busy))
}

fn enter(conn: &mut Conn, orders: &mut [Order]) -> Result<Vec<Done>, AwardError> {
    limits(conn, orders)?;
    people(conn, orders)?;
    prerequisites(conn, orders)?;
    guards::replace(conn, orders)?;
    guards::count_codes(conn, orders)?;
    let all = || orders.iter().flat_map(|order| &order.awards);
    // Whatever an award consists of, by one statement.
    let rows = Insert::default()
        .rows(all().map(|ready| &ready.award))
        .rows(all().filter_map(|ready| ready.credential.as_ref()))
        .rows(all().filter_map(|ready| ready.scheduled.as_ref()))
        .rows(all().filter_map(|ready| ready.message.as_ref()));
    match rows.run(conn) {
        Err(error) if error.violates(HELD_ONCE) => return Err(AwardError::AlreadyHeld(String::new())),
        Err(error) if error.violates(ONCE_IN_A_BATCH) => return Err(AwardError::TwiceInBatch),
        Err(error) if error.violates(guards::CLAIMED_ONCE) => return Err(AwardError::Claimed),
        other => other?,
    };
    let mut done = Vec::with_capacity(orders.len());
    for order in orders.iter() {
        let awards: Vec<Award> = order.awards.iter().map(|ready| ready.award.clone()).collect();
        let kept = order.keyed.as_ref().map(|keyed| {
            let answer = created(&awards, &order.base);
            keyed.keep(conn, &answer, order.now).map(|()| answer)
        });
        done.push(Done { awards, kept: kept.transpose()? });
    }
    // Last: the row of a quota is everybody's who awards with one token, and held until the commit.
    count(conn, orders)?;
    Ok(done)
}

/// Counts on the day's quotas, by one statement for each holder. Quotas, limits, identities, codes and
/// awards that are replaced are taken in the order of their keys, so that no two servers wait for each other.
fn count(conn: &mut Conn, orders: &[Order]) -> Result<(), AwardError> {
    let mut asked: BTreeMap<(AccountId, i32), (i32, i32)> = BTreeMap::new();
    for order in orders {
        if let Some((holder, ceiling)) = order.quota {
            let more = i32::try_from(order.awards.len()).unwrap_or(i32::MAX);
            asked.entry((holder, order.now.day())).or_insert((0, ceiling)).0 += more;
        }
    }
    for ((holder, day), (more, ceiling)) in asked {
        count_on(conn, holder, ceiling, more, day)?;
    }
    Ok(())
}

/// Counts so many more awards on somebody's quota of a day.
pub(crate) fn count_on(
    conn: &mut Conn,
    holder: AccountId,
    ceiling: i32,
    more: i32,
    day: i32,
) -> Result<(), AwardError> {
    let used = quotas::count(conn, holder, AWARDS, day, more)?;
    if used > ceiling {
        return Err(AwardError::Quota { ceiling, left: (ceiling - used + more).max(0) });
    }
    Ok(())
}

/// Counts on the limits of badges that have one: the row guards it, whoever else awards at the same time.
fn limits(conn: &mut Conn, orders: &[Order]) -> Result<(), AwardError> {
    let mut asked: BTreeMap<BadgeId, (i32, i32)> = BTreeMap::new();
    for ready in orders.iter().flat_map(|order| &order.awards) {
        if let Some(limit) = ready.limit {
            asked.entry(ready.award.badge_id).or_insert((0, limit)).0 += 1;
        }
    }
    for (badge, (more, limit)) in asked {
        let room =
            badges::award_limit.is_null().or(badges::award_limit.ge((badges::awarded + more).nullable()));
        let counted = on!(conn, c => {
            diesel::update(badges::table.find(badge).filter(room))
                .set(badges::awarded.eq(badges::awarded + more))
                .execute(c)
        })?;
        if counted == 0 {
            return Err(AwardError::LimitReached(limit));
        }
    }
    Ok(())
}

/// Adds who is new, and points each award to who it is for. What was asked for stays as it is: should the group be
/// taken back, each order still says whom it would add.
fn people(conn: &mut Conn, orders: &mut [Order]) -> Result<(), AwardError> {
    let mut new: BTreeMap<Name, Person> = BTreeMap::new();
    for ready in orders.iter().flat_map(|order| &order.awards).filter(|ready| ready.person.new.is_some()) {
        new.entry(ready.person.identity.name()).or_insert_with(|| ready.person.clone());
    }
    // Whoever became known meanwhile is the same for all awards of the group.
    identities::add(conn, &mut new.values_mut().collect::<Vec<_>>())?;
    for ready in orders.iter_mut().flat_map(|order| &mut order.awards) {
        let own = &ready.person.identity;
        let identity = new.get(&own.name()).map_or(own, |person| &person.identity);
        ready.award.identity_id = identity.id;
        ready.award.contact_id = identity.contact_id;
        if let Some(message) = &mut ready.message {
            message.identity_id = Some(identity.id);
        }
    }
    Ok(())
}

fn prerequisites(conn: &mut Conn, orders: &[Order]) -> Result<(), AwardError> {
    for order in orders {
        for ready in order.awards.iter().filter(|ready| !ready.prerequisites.is_empty()) {
            let held: Vec<BadgeId> = on!(conn, c => {
                awards::table
                    .filter(awards::contact_id.eq(ready.award.contact_id))
                    .filter(awards::badge_id.eq_any(&ready.prerequisites))
                    .filter(awards::state.eq("issued"))
                    .filter(awards::expires_at.is_null().or(awards::expires_at.gt(order.now)))
                    .select(awards::badge_id)
                    .distinct()
                    .load(c)
            })?;
            if held.len() < ready.prerequisites.len() {
                return Err(AwardError::Prerequisite(ready.called.clone()));
            }
        }
    }
    Ok(())
}

fn note(trail: &mut Trail, order: &Order) {
    for ready in &order.awards {
        trail.note(Event {
            organisation: Some(ready.award.organisation_id),
            actor: order.actor.clone(),
            action: "award",
            object: ready.award.public_id.to_string(),
            detail: ready.award.badge_id.to_string(),
            at: order.now,
        });
    }
    if let Some(replaced) = &order.replaces {
        trail.note(replaced.event(order));
    }
}
