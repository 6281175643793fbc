//! What is done when an award went wrong: the message once more, the right address, another in its place.

use std::sync::Arc;

use diesel::prelude::*;

use super::{
    AwardError,
    credential::Evidence,
    desk::{Desk, Gift, Giver, Recipient},
    guards::Replaced,
    ledger::Done,
    rows::{self, Award},
};
use crate::{
    clock::Moment,
    contacts::{
        EmailAddress,
        identities::{DID, Identity},
    },
    db::{Conn, DbError, Event, Trail, on},
    idempotency::Keyed,
    ids::AwardId,
    outbox,
    problem::FieldError,
    schema::{contacts, identities, outbox as messages},
};

/// What takes the place of an award.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replacement {
    pub(crate) reason: String,
    /// The right address, where the award went to a wrong one.
    pub(crate) email: Option<EmailAddress>,
    /// What is said instead of what the first one said.
    pub(crate) note: Option<String>,
    pub(crate) evidence: Option<Vec<Evidence>>,
}

impl Desk {
    /// Gives the newest version of the badge once more, in the place of an award.
    pub(crate) async fn replace(
        self: &Arc<Self>,
        id: AwardId,
        replacement: Replacement,
        giver: Giver,
        keyed: Option<Keyed>,
        now: Moment,
    ) -> Result<Done, AwardError> {
        let (award, identity, name) = self.db.read(move |conn| read(conn, id)).await?;
        let corrected = replacement.email.is_some();
        let evidence = replacement.evidence.unwrap_or_else(|| {
            award.evidence.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
        });
        let holder = || -> Option<EmailAddress> { identity.address.as_deref()?.parse().ok() };
        if let (Some(right), Some(wrong)) = (&replacement.email, holder())
            && right.as_given() == wrong.as_given()
            && award.state == "issued"
            && award.claimed_at.is_none()
        {
            let message = "went to this address already: write another".to_owned();
            return Err(AwardError::Fields(vec![FieldError {
                path: "email".to_owned(),
                code: "same",
                message,
            }]));
        }
        let gift = Gift {
            badge: award.badge_id,
            recipients: vec![Recipient {
                did: (identity.source == DID && !corrected).then(|| identity.subject.clone()),
                email: replacement.email.clone().or_else(holder),
                name,
                external_id: award.external_id.clone(),
            }],
            evidence,
            note: replacement.note.or_else(|| award.note.clone()),
            // Who had the wrong address loses no day; what is new holds as long as new awards do.
            expires_at: award.expires_at.filter(|_| corrected).and_then(Moment::timestamp),
            visibility: Some(award.visibility.clone()),
            mail: true,
            replaces: Some(Replaced { key: award.id, id, reason: replacement.reason, corrected }),
            code: None,
        };
        self.give(gift, giver, keyed, now).await
    }

    /// Tells the holder once more.
    pub(crate) fn resend(
        &self,
        conn: &mut Conn,
        trail: &mut Trail,
        id: AwardId,
        actor: &str,
        now: Moment,
    ) -> Result<Award, AwardError> {
        let (award, identity, _) = read(conn, id)?;
        if award.state != "issued" {
            return Err(AwardError::State { state: award.state, to: "announced again" });
        }
        if identity.address.is_none() {
            return Err(AwardError::NoAddress);
        }
        let waiting: i64 = on!(conn, c => {
            messages::table
                .filter(messages::award_id.eq(award.id))
                .filter(messages::state.eq_any(["queued", "leased"]))
                .count()
                .get_result(c)
        })?;
        if waiting > 0 {
            return Err(AwardError::OnItsWay);
        }
        let message = self.message(&award, now)?;
        outbox::post(conn, &[&message])?;
        trail.note(Event {
            organisation: Some(award.organisation_id),
            actor: actor.to_owned(),
            action: "resend_award",
            object: id.to_string(),
            detail: String::new(),
            at: now,
        });
        Ok(award)
    }
}

fn read(conn: &mut Conn, id: AwardId) -> Result<(Award, Identity, Option<String>), AwardError> {
    let award = rows::find(conn, id)?.ok_or(AwardError::NoAward)?;
    let found: Result<(Identity, Option<String>), DbError> = on!(conn, c => {
        identities::table
            .inner_join(contacts::table.on(contacts::id.eq(identities::contact_id)))
            .filter(identities::id.eq(award.identity_id))
            .select((Identity::as_select(), contacts::display_name))
            .first(c)
    });
    let (identity, name) = found?;
    Ok((award, identity, name))
}
