//! An order that is tried and not placed: everything is checked that giving would check, and nothing is written.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use diesel::prelude::*;
use serde::Serialize;

use super::{
    AwardError,
    desk::{self, Desk, Gift, Giver},
    ledger::AWARDS,
};
use crate::{
    badges::prepared::Prepared,
    clock::Moment,
    db::{Conn, DbError, on},
    ids::{BadgeId, ContactId, StatusListId},
    issuers::place::StatusPlace,
    problem::{FieldError, Problem},
    quotas,
    schema::{awards, badges},
};

/// What would become of an order.
pub(super) struct Rehearsal {
    pub(super) prepared: Arc<Prepared>,
    /// One for each recipient, in their order.
    pub(super) outlooks: Vec<Outlook>,
    /// How many awards the giver has left today.
    pub(super) left: Option<i32>,
}

/// What would become of one recipient.
pub(super) struct Outlook {
    pub(super) called: String,
    pub(super) refused: Option<AwardError>,
    /// Whether they hold the badge already, and would get one more.
    pub(super) one_more: bool,
}

/// A rehearsal as the API shows it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Rehearsal)]
pub(super) struct RehearsalResponse {
    dry_run: bool,
    /// Whether the same request without `dry_run` would be done.
    would_award: bool,
    left_today: Option<i32>,
    recipients: Vec<OutlookResponse>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Outlook)]
struct OutlookResponse {
    recipient: String,
    would_award: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

impl Rehearsal {
    /// As the API shows it.
    pub(super) fn response(self) -> RehearsalResponse {
        let recipients: Vec<OutlookResponse> = self.outlooks.into_iter().map(Outlook::response).collect();
        RehearsalResponse {
            dry_run: true,
            would_award: recipients.iter().all(|one| one.would_award),
            left_today: self.left,
            recipients,
        }
    }
}

impl Outlook {
    fn response(self) -> OutlookResponse {
        let problem = self.refused.map(Problem::from);
        OutlookResponse {
            recipient: self.called,
            would_award: problem.is_none(),
            code: problem.as_ref().map(|problem| problem.code),
            detail: problem.as_ref().map(|problem| problem.detail.clone()),
            errors: problem.map(|problem| problem.errors).unwrap_or_default(),
        }
    }
}

impl Desk {
    /// Tries an order.
    pub(super) async fn rehearse(
        self: &Arc<Self>,
        gift: Gift,
        giver: Giver,
        now: Moment,
    ) -> Result<Rehearsal, AwardError> {
        let desk = Arc::clone(self);
        self.db.read(move |conn| rehearse(&desk, conn, &gift, &giver, now)).await
    }
}

fn rehearse(
    desk: &Desk,
    conn: &mut Conn,
    gift: &Gift,
    giver: &Giver,
    now: Moment,
) -> Result<Rehearsal, AwardError> {
    let prepared = desk.shelf.newest(conn, &desk.signers, &desk.base, gift.badge)?;
    // No list has this place, and what is signed with it is thrown away.
    let place = StatusPlace { list: StatusListId::random()?, suspension: StatusListId::random()?, index: 0 };
    let mut built = Vec::with_capacity(gift.recipients.len());
    let people = desk::people(conn, &prepared, &gift.recipients, now)?;
    for (recipient, person) in gift.recipients.iter().zip(people) {
        let ready = desk.ready(&prepared, gift, giver, recipient, person, place, now, now);
        built.push((
            recipient.called(),
            ready.map(|ready| (ready.award.contact_id, ready.person.new.is_some())),
        ));
    }
    let contacts: Vec<ContactId> =
        built.iter().filter_map(|(_, ready)| ready.as_ref().ok().map(|(contact, _)| *contact)).collect();
    let holders = holders(conn, &prepared, &contacts)?;
    let lacking = lacking(conn, &prepared, &contacts, now)?;
    let mut room = room(conn, &prepared)?;
    let mut left = left(conn, giver, now)?;
    let mut seen = HashSet::new();
    let mut outlooks = Vec::with_capacity(built.len());
    for (at, (called, ready)) in built.into_iter().enumerate() {
        // Somebody new has another identifier each time: the same address twice is the same person.
        let again = gift.recipients.get(at).is_some_and(|one| {
            let subject =
                one.email.as_ref().map(|email| email.subject().to_owned()).or_else(|| one.did.clone());
            !seen.insert(subject)
        });
        let known = ready.as_ref().ok().map(|(contact, _)| *contact);
        let one_more = again || known.is_some_and(|contact| holders.contains_key(&contact));
        let refused = match ready {
            Err(error @ (AwardError::Database(_) | AwardError::Random(_))) => return Err(error),
            Err(error) => Some(error),
            Ok((contact, _))
                if prepared.badge.held_once && (again || holders.get(&contact) == Some(&true)) =>
            {
                Some(AwardError::AlreadyHeld(called.clone()))
            }
            Ok((contact, _)) if lacking.contains(&contact) => Some(AwardError::Prerequisite(called.clone())),
            Ok(_) if room == Some(0) => {
                Some(AwardError::LimitReached(prepared.badge.award_limit.unwrap_or_default()))
            }
            Ok(_) if left == Some(0) => {
                Some(AwardError::Quota { ceiling: giver.quota.unwrap_or_default(), left: 0 })
            }
            Ok(_) => None,
        };
        if refused.is_none() {
            room = room.map(|room| room - 1);
            left = left.map(|left| left - 1);
        }
        outlooks.push(Outlook { called, refused, one_more });
    }
    Ok(Rehearsal { prepared, outlooks, left: self::left(conn, giver, now)? })
}

/// Who holds the badge, and whether it was given to be held once.
fn holders(
    conn: &mut Conn,
    prepared: &Prepared,
    contacts: &[ContactId],
) -> Result<HashMap<ContactId, bool>, DbError> {
    let mut held: Vec<(ContactId, bool)> = on!(conn, c => {
        awards::table
            .filter(awards::badge_id.eq(prepared.badge.id))
            .filter(awards::contact_id.eq_any(contacts))
            .filter(awards::state.ne_all(["revoked", "cancelled", "superseded"]))
            .select((awards::contact_id, awards::held_once))
            .distinct()
            .load(c)
    })?;
    held.sort_by_key(|(_, once)| *once);
    Ok(held.into_iter().collect())
}

/// Those who do not hold all that the badge requires.
fn lacking(
    conn: &mut Conn,
    prepared: &Prepared,
    contacts: &[ContactId],
    now: Moment,
) -> Result<HashSet<ContactId>, DbError> {
    if prepared.prerequisites.is_empty() {
        return Ok(HashSet::new());
    }
    let held: Vec<(ContactId, BadgeId)> = on!(conn, c => {
        awards::table
            .filter(awards::contact_id.eq_any(contacts))
            .filter(awards::badge_id.eq_any(&prepared.prerequisites))
            .filter(awards::state.eq("issued"))
            .filter(awards::expires_at.is_null().or(awards::expires_at.gt(now)))
            .select((awards::contact_id, awards::badge_id))
            .distinct()
            .load(c)
    })?;
    let has = |contact: &ContactId| held.iter().filter(|(holder, _)| holder == contact).count();
    Ok(contacts.iter().copied().filter(|contact| has(contact) < prepared.prerequisites.len()).collect())
}

/// How many more of the badge there may be.
fn room(conn: &mut Conn, prepared: &Prepared) -> Result<Option<i32>, DbError> {
    let row: (Option<i32>, i32) = on!(conn, c => {
        badges::table.find(prepared.badge.id).select((badges::award_limit, badges::awarded)).first(c)
    })?;
    Ok(row.0.map(|limit| (limit - row.1).max(0)))
}

/// How many more the giver may award today.
pub(crate) fn left(conn: &mut Conn, giver: &Giver, now: Moment) -> Result<Option<i32>, DbError> {
    let (Some(holder), Some(ceiling)) = (giver.account, giver.quota) else { return Ok(None) };
    Ok(Some((ceiling - quotas::used(conn, holder, AWARDS, now.day())?).max(0)))
}
