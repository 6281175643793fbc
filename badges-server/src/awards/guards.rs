//! Rows that decide who of several came first: an award that is replaced once, a code with so many uses.

use diesel::prelude::*;

use super::{AwardError, ledger::Order, rows::State};
use crate::{
    db::{Conn, Constraint, Event, on},
    ids::{AwardId, AwardKey},
    schema::{awards, claim_codes},
};

/// A code gives its badge once to each.
pub(super) const CLAIMED_ONCE: Constraint =
    Constraint { name: "awards_claimed_once", columns: "awards.claim_code_id, awards.contact_id" };

/// The award whose place another takes.
#[derive(Clone, Debug)]
pub(crate) struct Replaced {
    pub(crate) key: AwardKey,
    pub(crate) id: AwardId,
    pub(crate) reason: String,
    /// Whether it went to a wrong address, so that nobody may have claimed it.
    pub(crate) corrected: bool,
}

impl Replaced {
    pub(super) fn event(&self, order: &Order) -> Event {
        let successor = order.awards.first();
        Event {
            organisation: successor.map(|ready| ready.award.organisation_id),
            actor: order.actor.clone(),
            action: if self.corrected { "correct_award" } else { "supersede_award" },
            object: self.id.to_string(),
            detail: successor.map(|ready| ready.award.public_id.to_string()).unwrap_or_default(),
            at: order.now,
        }
    }
}

/// Takes the awards out of force whose place others take. No status entry changes: what was signed stays true.
pub(super) fn replace(conn: &mut Conn, orders: &[Order]) -> Result<(), AwardError> {
    let mut replacing: Vec<_> =
        orders.iter().filter_map(|order| Some((order, order.replaces.as_ref()?))).collect();
    replacing.sort_by_key(|(_, replaced)| replaced.key);
    for (order, replaced) in replacing {
        let set = (
            awards::state.eq(State::Superseded.name()),
            awards::reason.eq(&replaced.reason),
            awards::state_at.eq(order.now),
            awards::version.eq(awards::version + 1),
        );
        let standing = || awards::table.find(replaced.key).filter(awards::state.eq("issued"));
        let changed = on!(conn, c => match replaced.corrected {
            true => diesel::update(standing().filter(awards::claimed_at.is_null())).set(set).execute(c),
            false => diesel::update(standing()).set(set).execute(c),
        })?;
        if changed == 0 {
            let state: Option<String> =
                on!(conn, c => awards::table.find(replaced.key).select(awards::state).first(c).optional())?;
            return Err(match state {
                Some(state) if state == "issued" => AwardError::Claimed,
                Some(state) => AwardError::State { state, to: State::Superseded.name() },
                None => AwardError::NoAward,
            });
        }
    }
    Ok(())
}

/// Counts on the codes by which awards are claimed, as long as they are open.
pub(super) fn count_codes(conn: &mut Conn, orders: &[Order]) -> Result<(), AwardError> {
    let claims = orders.iter().flat_map(|order| order.awards.iter().map(|ready| (&ready.award, order.now)));
    let mut used: Vec<_> = claims.filter_map(|(award, now)| Some((award.claim_code_id?, now))).collect();
    used.sort_by_key(|(code, _)| *code);
    for (code, now) in used {
        let room =
            claim_codes::most_uses.is_null().or(claim_codes::most_uses.gt(claim_codes::uses.nullable()));
        let counted = on!(conn, c => {
            diesel::update(claim_codes::table.filter(claim_codes::id.eq(code)))
                .filter(claim_codes::revoked_at.is_null())
                .filter(claim_codes::expires_at.is_null().or(claim_codes::expires_at.gt(now)))
                .filter(room)
                .set(claim_codes::uses.eq(claim_codes::uses + 1))
                .execute(c)
        })?;
        if counted == 0 {
            return Err(AwardError::CodeEnded);
        }
    }
    Ok(())
}
