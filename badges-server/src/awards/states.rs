//! Revoking or suspending an award: one conditional update, and the list that tells the world.

use diesel::prelude::*;

use super::{
    AwardError,
    rows::{Award, State},
};
use crate::{
    clock::Moment,
    db::{Conn, Event, Trail, on},
    ids::AwardId,
    schema::{awards, badges, scheduled_awards, status_lists},
};

/// What is done to an award.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Undo an award before it is signed.
    Cancel,
    Reinstate,
    Revoke,
    Suspend,
}

impl Step {
    /// The step that an address ends with.
    pub(crate) fn of(path: &str) -> Option<Self> {
        match path.rsplit('/').next()? {
            "cancel" => Some(Self::Cancel),
            "reinstate" => Some(Self::Reinstate),
            "revoke" => Some(Self::Revoke),
            "suspend" => Some(Self::Suspend),
            _ => None,
        }
    }

    /// From which states it leads, and to which.
    fn leads(self) -> (&'static [&'static str], &'static str) {
        match self {
            Self::Cancel => (&["scheduled"], State::Cancelled.name()),
            Self::Reinstate => (&["suspended"], State::Issued.name()),
            Self::Revoke => (&["issued", "suspended", "superseded"], State::Revoked.name()),
            Self::Suspend => (&["issued"], State::Suspended.name()),
        }
    }

    /// As in the audit log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cancel => "cancel_award",
            Self::Reinstate => "reinstate_award",
            Self::Revoke => "revoke_award",
            Self::Suspend => "suspend_award",
        }
    }
}

/// Takes the step, if the award is in a state that it leads from.
pub(crate) fn take(
    conn: &mut Conn,
    trail: &mut Trail,
    id: AwardId,
    step: Step,
    reason: &str,
    actor: &str,
    now: Moment,
) -> Result<Award, AwardError> {
    let (from, to) = step.leads();
    let changed: Option<Award> = on!(conn, c => {
        diesel::update(awards::table.filter(awards::public_id.eq(id)).filter(awards::state.eq_any(from)))
            .set((
                awards::state.eq(to),
                awards::reason.eq(reason),
                awards::state_at.eq(now),
                awards::version.eq(awards::version + 1),
            ))
            .returning(Award::as_returning())
            .get_result(c)
            .optional()
    })?;
    let Some(award) = changed else {
        let state: Option<String> = on!(conn, c => {
            awards::table.filter(awards::public_id.eq(id)).select(awards::state).first(c).optional()
        })?;
        return Err(state.map_or(AwardError::NoAward, |state| AwardError::State { state, to }));
    };
    if step == Step::Cancel {
        take_back(conn, &award)?;
    } else if let Some(list) = award.list_id {
        on!(conn, c => {
            diesel::update(status_lists::table.find(list))
                .set((status_lists::version.eq(status_lists::version + 1), status_lists::changed_at.eq(now)))
                .execute(c)
        })?;
    }
    trail.note(Event {
        organisation: Some(award.organisation_id),
        actor: actor.to_owned(),
        action: step.name(),
        object: id.to_string(),
        detail: String::new(),
        at: now,
    });
    Ok(award)
}

/// Nothing is signed later, and the badge may be given once more.
fn take_back(conn: &mut Conn, award: &Award) -> Result<(), AwardError> {
    on!(conn, c => diesel::delete(scheduled_awards::table.find(award.id)).execute(c))?;
    let counted = badges::table.find(award.badge_id).filter(badges::awarded.gt(0));
    on!(conn, c => {
        diesel::update(counted.filter(badges::award_limit.is_not_null()))
            .set(badges::awarded.eq(badges::awarded - 1))
            .execute(c)
    })?;
    Ok(())
}
