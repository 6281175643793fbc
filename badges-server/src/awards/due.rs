//! Awards whose time has come: taken by lease, signed, stored and told of. Any number of servers share the work.

use std::{sync::Arc, time::Duration};

use diesel::prelude::*;
use tokio::{sync::watch, task::JoinSet, time};
use tracing::{error, warn};

use super::{
    AwardError,
    credential::{self, Evidence, Particulars},
    desk::{Desk, signed},
    rows::{Award, Credential, Scheduled, State},
};
use crate::{
    badges::prepared,
    clock::{Clock, Moment},
    db::{Conn, DbError, Event, Trail, on},
    ids::{AwardKey, ServerId, StatusListId},
    issuers::place::StatusPlace,
    outbox,
    random::RandomError,
    schema::{awards, credentials, scheduled_awards, status_lists},
};

/// How long one server keeps an award for itself.
const LEASE: Duration = Duration::from_secs(60);

/// How often it looks whether something is due.
const LOOK: Duration = Duration::from_millis(500);

/// The most that is taken at once.
const MOST: i64 = 64;

/// Issues what was scheduled.
pub(crate) struct Due {
    desk: Arc<Desk>,
    clock: Clock,
    own: ServerId,
}

impl Due {
    pub(crate) fn new(desk: Arc<Desk>, clock: Clock) -> Result<Self, RandomError> {
        Ok(Self { desk, clock, own: ServerId::random()? })
    }

    /// Issues until it is told to stop.
    pub(crate) async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let issued = Arc::clone(&self).round().await;
            if let Err(error) = &issued {
                warn!(%error, "what is due cannot be read");
            }
            if issued.unwrap_or_default() < usize::try_from(MOST).unwrap_or_default() {
                tokio::select! {
                    changed = stop.changed() => if changed.is_err() { return },
                    () = time::sleep(LOOK) => {}
                }
            }
        }
    }

    /// Takes what is due and issues it; tells how much it was.
    async fn round(self: Arc<Self>) -> Result<usize, DbError> {
        let (own, now) = (self.own, self.clock.now());
        // Reading first: where nothing is due nothing is written.
        let due = self.desk.db.read(move |conn| due(conn, now)).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let leased = self.desk.db.write(move |conn, _| lease(conn, &due, own, now)).await?;
        let (count, mut under_way) = (leased.len(), JoinSet::new());
        for scheduled in leased {
            let worker = Arc::clone(&self);
            under_way.spawn(async move {
                if let Err(error) = worker.issue(scheduled, now).await {
                    // The lease runs out, and somebody tries again.
                    error!(%error, "an award was not issued in its time");
                }
            });
        }
        under_way.join_all().await;
        Ok(count)
    }

    async fn issue(&self, scheduled: Scheduled, now: Moment) -> Result<(), AwardError> {
        let (desk, id, own) = (Arc::clone(&self.desk), scheduled.award_id, self.own);
        let found = self.desk.db.read(move |conn| sign(conn, &desk, &scheduled, now)).await?;
        let Some((award, credential, message)) = found else { return Ok(()) };
        let issued = self.desk.db.write(move |conn, trail| {
            store(conn, trail, &award, &credential, own, now)?;
            let message: Vec<_> = message.iter().collect();
            Ok::<_, AwardError>(outbox::post(conn, &message)?)
        });
        match issued.await {
            // It was called back, or another server was quicker.
            Err(AwardError::State { .. }) => warn!(award = ?id, "what was signed is not needed"),
            other => other?,
        }
        Ok(())
    }
}

fn due(conn: &mut Conn, now: Moment) -> Result<Vec<AwardKey>, DbError> {
    on!(conn, c => {
        awards::table
            .filter(awards::state.eq(State::Scheduled.name()))
            .filter(awards::issue_at.le(now))
            .order(awards::issue_at)
            .limit(MOST)
            .select(awards::id)
            .load(c)
    })
}

/// Of two servers that try at the same time one gets a row.
fn lease(conn: &mut Conn, due: &[AwardKey], own: ServerId, now: Moment) -> Result<Vec<Scheduled>, DbError> {
    let free = scheduled_awards::lease_until.is_null().or(scheduled_awards::lease_until.lt(now));
    on!(conn, c => {
        diesel::update(scheduled_awards::table.filter(scheduled_awards::award_id.eq_any(due)).filter(free))
            .set((scheduled_awards::leased_by.eq(own), scheduled_awards::lease_until.eq(now.plus(LEASE))))
            .returning(Scheduled::as_returning())
            .get_results(c)
    })
}

type Issued = (Award, Credential, Option<outbox::Message>);

/// With the version and the place that it was promised with, and the key of today; none if it was called back.
fn sign(
    conn: &mut Conn,
    desk: &Desk,
    scheduled: &Scheduled,
    now: Moment,
) -> Result<Option<Issued>, AwardError> {
    let award: Option<Award> = on!(conn, c => {
        awards::table
            .find(scheduled.award_id)
            .filter(awards::state.eq(State::Scheduled.name()))
            .select(Award::as_select())
            .first(c)
            .optional()
    })?;
    let Some(award) = award else { return Ok(None) };
    let (Some(list), Some(index)) = (award.list_id, award.list_index) else { return Ok(None) };
    let suspension: StatusListId =
        on!(conn, c => status_lists::table.find(list).select(status_lists::suspension_id).first(c))?;
    let prepared =
        prepared::of_version(conn, &desk.signers, &desk.base, award.badge_id, award.badge_version)?;
    let evidence: Vec<Evidence> =
        award.evidence.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let particulars = Particulars {
        id: award.public_id,
        did: scheduled.did.as_deref(),
        address: award.recipient.as_deref(),
        note: award.note.as_deref(),
        evidence: &evidence,
        place: StatusPlace { list, suspension, index },
        valid_from: award.issue_at.timestamp().ok_or(AwardError::NoAward)?,
        valid_until: award.expires_at.and_then(Moment::timestamp),
    };
    let text = credential::sign(&prepared, &particulars, &desk.base, &desk.signers.contexts)?;
    desk.db.metrics().signed.add(1);
    let message = if scheduled.mail { Some(desk.message(&award, now)?) } else { None };
    let credential = signed(&prepared, &award, text, now);
    Ok(Some((award, credential, message)))
}

/// Only who holds the lease stores, and only while nobody has called the award back.
fn store(
    conn: &mut Conn,
    trail: &mut Trail,
    award: &Award,
    credential: &Credential,
    own: ServerId,
    now: Moment,
) -> Result<(), AwardError> {
    let held = scheduled_awards::table.find(award.id).filter(scheduled_awards::leased_by.eq(own));
    let ours = on!(conn, c => diesel::delete(held).execute(c))?;
    let scheduled = awards::table.find(award.id).filter(awards::state.eq(State::Scheduled.name()));
    let changed = on!(conn, c => {
        diesel::update(scheduled)
            .set((
                awards::state.eq(State::Issued.name()),
                awards::state_at.eq(now),
                awards::version.eq(awards::version + 1),
            ))
            .execute(c)
    })?;
    if ours == 0 || changed == 0 {
        return Err(AwardError::State { state: award.state.clone(), to: State::Issued.name() });
    }
    on!(conn, c => diesel::insert_into(credentials::table).values(credential).execute(c))?;
    trail.note(Event {
        organisation: Some(award.organisation_id),
        actor: "service".to_owned(),
        action: "issue_award",
        object: award.public_id.to_string(),
        detail: award.badge_id.to_string(),
        at: now,
    });
    Ok(())
}
