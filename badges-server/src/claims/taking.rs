//! A badge that is taken with a code: the link to the address, and the award at the end.

use std::sync::Arc;

use diesel::prelude::*;

use super::{
    ClaimError,
    codes::{self, Open},
};
use crate::{
    awards::{
        AwardError,
        credential::Evidence,
        desk::{Desk, Gift, Giver, Recipient},
    },
    clock::Moment,
    contacts::{
        EmailAddress,
        identities::{self, EMAIL, Sought},
    },
    db::{Conn, DbError, on},
    ids::{AwardId, ClaimCodeId, ContactId, IdentityId, IssuerId, MessageId},
    links::{self, Purpose},
    outbox::{self, Message, Receiver, State, Template},
    schema::{awards, contacts, identities as identity_rows, outbox as messages},
};

/// How many links one address gets in an hour, whoever asks.
const MOST: i64 = 3;
/// In microseconds.
const HOUR: i64 = 3_600_000_000;

/// Somebody's address, and what they are called.
pub(super) type Person = (EmailAddress, Option<String>);

/// Writes the message with the link; too many for one address are as if they were written.
pub(super) fn ask(
    conn: &mut Conn,
    open: &Open,
    email: &EmailAddress,
    name: &str,
    state: State,
    now: Moment,
) -> Result<(), ClaimError> {
    let organisation = open.code.organisation_id;
    let (subject, address) = (email.subject(), Some(email.as_given()));
    let sought = Sought { source: EMAIL, subject, address, name: Some(name) };
    let identity = identities::ensure::<ClaimError>(conn, organisation, sought, now)?;
    let since = Moment::from_microseconds(now.microseconds().saturating_sub(HOUR));
    let lately: i64 = on!(conn, c => {
        messages::table
            .filter(messages::identity_id.eq(identity.id))
            .filter(messages::template.eq(Template::ClaimCode.name()))
            .filter(messages::organisation_id.eq(organisation))
            .filter(messages::created_at.gt(since))
            .count()
            .get_result(c)
    })?;
    if lately >= MOST {
        tracing::info!("an address got no further link to a badge: it had enough in the last hour");
        return Ok(());
    }
    let message = Message {
        id: MessageId::new(now)?,
        organisation_id: organisation,
        receiver: Receiver::Mail.name(),
        template: Template::ClaimCode.name(),
        identity_id: Some(identity.id),
        award_id: None,
        claim_code_id: Some(open.code.id),
        state: state.name(),
        next_at: now,
        created_at: now,
    };
    Ok(outbox::post(conn, &[&message])?)
}

/// The link of a token, if it works and its code gives a badge.
pub(super) fn linked(conn: &mut Conn, token: &str, now: Moment) -> Result<Option<(Open, Person)>, DbError> {
    let link = links::find(conn, Purpose::ClaimCode, token)?.filter(|link| link.works(now));
    let Some((identity, code)) = link.and_then(|link| Some((link.identity_id, link.claim_code_id?))) else {
        return Ok(None);
    };
    let Some(open) = codes::open_by_id(conn, code, now)? else { return Ok(None) };
    Ok(person(conn, identity)?.map(|person| (open, person)))
}

fn person(conn: &mut Conn, identity: IdentityId) -> Result<Option<Person>, DbError> {
    let found: Option<(Option<String>, Option<String>)> = on!(conn, c => {
        identity_rows::table
            .inner_join(contacts::table.on(contacts::id.eq(identity_rows::contact_id)))
            .filter(identity_rows::id.eq(identity))
            .select((identity_rows::address, contacts::display_name))
            .first(c)
            .optional()
    })?;
    Ok(found.and_then(|(address, name)| Some((address?.parse().ok()?, name))))
}

/// The proved address of somebody who is signed in.
pub(super) fn address_of(conn: &mut Conn, contact: ContactId) -> Result<Option<Person>, DbError> {
    let identity: Option<IdentityId> = on!(conn, c => {
        identity_rows::table
            .filter(identity_rows::contact_id.eq(contact))
            .filter(identity_rows::source.eq(EMAIL))
            .filter(identity_rows::verified_at.is_not_null())
            .order((identity_rows::is_primary.desc(), identity_rows::id))
            .select(identity_rows::id)
            .first(c)
            .optional()
    })?;
    identity.map_or(Ok(None), |identity| person(conn, identity))
}

/// Awards the badge of a code; who took it before gets the award of that time.
pub(super) async fn award(
    desk: &Arc<Desk>,
    open: &Open,
    (email, name): Person,
    now: Moment,
) -> Result<AwardId, ClaimError> {
    let code = &open.code;
    let evidence = code.evidence.clone().map(|url| Evidence { url: Some(url), name: None, narrative: None });
    let (id, organisation, subject) = (code.id, code.organisation_id, email.subject().to_owned());
    let taken = move |conn: &mut Conn| before(conn, organisation, id, &subject);
    if let Some(award) = desk.db.read(taken.clone()).await? {
        return Ok(award);
    }
    let gift = Gift {
        badge: code.badge_id,
        recipients: vec![Recipient { email: Some(email), did: None, name, external_id: None }],
        evidence: evidence.into_iter().collect(),
        note: None,
        expires_at: None,
        visibility: None,
        mail: true,
        replaces: None,
        code: Some(code.id),
    };
    let giver = Giver {
        account: Some(code.created_by),
        contact: Some(open.maker),
        named: code.created_by.to_string(),
        quota: None,
    };
    match desk.give(gift, giver, None, now).await {
        Ok(done) => Ok(done.awards.first().map(|award| award.public_id).ok_or(AwardError::NoAward)?),
        Err(AwardError::Claimed) => Ok(desk.db.read(taken).await?.ok_or(AwardError::Claimed)?),
        // The same in the words of whoever claims, who can award nothing.
        Err(AwardError::AlreadyHeld(_)) => Err(ClaimError::AlreadyHeld),
        Err(AwardError::LimitReached(_)) => Err(ClaimError::LimitReached),
        Err(AwardError::Prerequisite(_)) => Err(ClaimError::Prerequisite),
        Err(error) => Err(error.into()),
    }
}

/// What somebody took with a code before.
fn before(
    conn: &mut Conn,
    organisation: IssuerId,
    code: ClaimCodeId,
    subject: &str,
) -> Result<Option<AwardId>, ClaimError> {
    let Some(identity) = identities::find(conn, organisation, EMAIL, subject)? else { return Ok(None) };
    Ok(on!(conn, c => {
        awards::table
            .filter(awards::claim_code_id.eq(code))
            .filter(awards::contact_id.eq(identity.contact_id))
            .select(awards::public_id)
            .first(c)
            .optional()
    })?)
}
