//! Signing in: a link to the address, and what happens when somebody follows it.

use diesel::prelude::*;

use super::{
    AccountError, people,
    sessions::{self, Browser},
};
use crate::{
    auth::{Credentials, actor},
    clock::Moment,
    contacts::{EmailAddress, identities::EMAIL},
    db::{Conn, DbError, Event, Trail, on},
    ids::{AccountId, AwardId, ContactId, IdentityId, IssuerId, MessageId},
    links::{self, Link, Purpose, Target},
    outbox::{self, Message, Receiver, State, Template},
    schema::{accounts, awards, contacts, identities, outbox as messages},
    secret::Secret,
};

/// In microseconds.
const HOUR: i64 = 3_600_000_000;

/// Somebody whom a link may be for: known by the address, and not shut out.
type Known = (IdentityId, IssuerId);

/// Where a link led.
pub(crate) struct SignedIn {
    /// The secret for the cookie; none where the link shows too little to sign in with.
    pub(crate) session: Option<Secret>,
    /// The award that was claimed.
    pub(crate) award: Option<AwardId>,
}

/// Writes a message with a link for each organisation that knows the address, at most so many in an hour. Nobody learns
/// whether there was one.
pub(crate) fn ask(
    conn: &mut Conn,
    email: &EmailAddress,
    state: State,
    most: i64,
    now: Moment,
) -> Result<(), AccountError> {
    let since = Moment::from_microseconds(now.microseconds().saturating_sub(HOUR));
    for (identity, organisation) in known(conn, email)? {
        let lately: i64 = on!(conn, c => {
            messages::table
                .filter(messages::identity_id.eq(identity))
                .filter(messages::template.eq(Template::SignIn.name()))
                .filter(messages::created_at.gt(since))
                .filter(messages::organisation_id.eq(organisation))
                .count()
                .get_result(c)
        })?;
        if lately >= most {
            tracing::info!("an address got no further link to sign in: it had enough in the last hour");
            continue;
        }
        let message = Message {
            id: MessageId::new(now)?,
            organisation_id: organisation,
            receiver: Receiver::Mail.name(),
            template: Template::SignIn.name(),
            identity_id: Some(identity),
            award_id: None,
            claim_code_id: None,
            state: state.name(),
            next_at: now,
            created_at: now,
        };
        outbox::post(conn, &[&message])?;
    }
    Ok(())
}

/// Makes a link for the operator, who gives it to its owner.
pub(crate) fn mint(
    conn: &mut Conn,
    trail: &mut Trail,
    email: &EmailAddress,
    base: &str,
    now: Moment,
) -> Result<String, AccountError> {
    let (identity, organisation) =
        known(conn, email)?.into_iter().next().ok_or(AccountError::UnknownAddress)?;
    let token = Secret::new("")?;
    let target = Target { purpose: Purpose::SignIn, identity, award: None, code: None };
    links::keep(conn, &token, target, None, now)?;
    trail.note(Event {
        organisation: Some(organisation),
        actor: "command".to_owned(),
        action: "mint_link",
        object: identity.to_string(),
        detail: String::new(),
        at: now,
    });
    Ok(Purpose::SignIn.address(base, token.reveal()))
}

fn known(conn: &mut Conn, email: &EmailAddress) -> Result<Vec<Known>, DbError> {
    on!(conn, c => {
        identities::table
            .inner_join(contacts::table.on(contacts::id.eq(identities::contact_id)))
            .left_join(accounts::table.on(accounts::contact_id.eq(identities::contact_id)))
            .filter(identities::source.eq(EMAIL))
            .filter(identities::subject.eq(email.subject()))
            .filter(contacts::erased_at.is_null())
            .filter(accounts::disabled_at.is_null())
            .order(identities::id)
            .limit(10)
            .select((identities::id, identities::organisation_id))
            .load(c)
    })
}

/// Follows a link to sign in: proves the address and signs the browser in.
pub(crate) fn follow(
    conn: &mut Conn,
    trail: &mut Trail,
    token: &str,
    browser: &Browser,
    now: Moment,
) -> Result<SignedIn, AccountError> {
    let link = links::use_up(conn, Purpose::SignIn, token, now)?.ok_or(AccountError::DeadLink)?;
    let (organisation, account) = owner(conn, &link, now)?;
    let session = sessions::begin(conn, account, browser, now)?;
    trail.note(event(organisation, account, "sign_in", account.to_string(), now));
    Ok(SignedIn { session: Some(session), award: None })
}

/// Follows the link of an award: proves the address and takes the award into its owner's account.
pub(crate) fn claim(
    conn: &mut Conn,
    trail: &mut Trail,
    token: &str,
    browser: &Browser,
    now: Moment,
) -> Result<SignedIn, AccountError> {
    let link = links::use_up(conn, Purpose::ClaimAward, token, now)?.ok_or(AccountError::DeadLink)?;
    let (organisation, account) = owner(conn, &link, now)?;
    let key = link.award_id.ok_or(AccountError::DeadLink)?;
    let contact: ContactId =
        on!(conn, c => accounts::table.find(account).select(accounts::contact_id).first(c))?;
    let award: Option<AwardId> = on!(conn, c => {
        awards::table
            .find(key)
            .filter(awards::contact_id.eq(contact))
            .select(awards::public_id)
            .first(c)
            .optional()
    })?;
    let award = award.ok_or(AccountError::DeadLink)?;
    let claimed = on!(conn, c => {
        diesel::update(awards::table.find(key).filter(awards::claimed_at.is_null()))
            .set((awards::claimed_at.eq(now), awards::version.eq(awards::version + 1)))
            .execute(c)
    })?;
    if claimed > 0 {
        trail.note(event(organisation, account, "claim", award.to_string(), now));
    }
    let session = session_of_a_holder(conn, account, browser, now)?;
    Ok(SignedIn { session, award: Some(award) })
}

/// Follows the link that proves the address of somebody who takes a badge with a code.
pub(crate) fn follow_code(
    conn: &mut Conn,
    token: &str,
    browser: &Browser,
    now: Moment,
) -> Result<SignedIn, AccountError> {
    let link = links::use_up(conn, Purpose::ClaimCode, token, now)?.ok_or(AccountError::DeadLink)?;
    let (_, account) = owner(conn, &link, now)?;
    let session = session_of_a_holder(conn, account, browser, now)?;
    Ok(SignedIn { session, award: None })
}

/// Such a link lies in a mailbox for weeks and is passed on: it signs in nobody who may do something.
fn session_of_a_holder(
    conn: &mut Conn,
    account: AccountId,
    browser: &Browser,
    now: Moment,
) -> Result<Option<Secret>, AccountError> {
    let session = sessions::begin(conn, account, browser, now)?;
    let who = actor(conn, &Credentials::session(session.reveal()), now)?;
    if who.is_some_and(|who| who.roles.is_empty() && who.grants.is_empty()) {
        return Ok(Some(session));
    }
    sessions::end_brought(conn, session.reveal())?;
    Ok(None)
}

/// Whose link it is. Following it shows that the address is theirs.
fn owner(conn: &mut Conn, link: &Link, now: Moment) -> Result<(IssuerId, AccountId), AccountError> {
    let found: Option<(IssuerId, ContactId, Option<Moment>)> = on!(conn, c => {
        identities::table
            .inner_join(contacts::table.on(contacts::id.eq(identities::contact_id)))
            .filter(identities::id.eq(link.identity_id))
            .select((identities::organisation_id, identities::contact_id, contacts::erased_at))
            .first(c)
            .optional()
    })?;
    let Some((organisation, contact, None)) = found else { return Err(AccountError::DeadLink) };
    let account = people::account(conn, organisation, contact, now)?;
    let disabled: Option<Moment> =
        on!(conn, c => accounts::table.find(account).select(accounts::disabled_at).first(c))?;
    if disabled.is_some() {
        return Err(AccountError::DeadLink);
    }
    people::prove(conn, link.identity_id, now)?;
    Ok((organisation, account))
}

fn event(
    organisation: IssuerId,
    account: AccountId,
    action: &'static str,
    object: String,
    at: Moment,
) -> Event {
    let (organisation, detail) = (Some(organisation), String::new());
    Event { organisation, actor: account.to_string(), action, object, detail, at }
}
