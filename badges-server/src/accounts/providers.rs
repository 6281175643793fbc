//! Accounts that sign in with a provider: a sign-in on its way, who came back, and whose account that is.

use diesel::prelude::*;

use super::{
    AccountError, people,
    sessions::{self, Browser},
};
use crate::{
    auth::{AWAY, issuer_named},
    clock::Moment,
    contacts::{
        EmailAddress,
        identities::{self, EMAIL, Identity},
    },
    db::{Conn, DbError, Event, Trail, on},
    ids::{AccountId, ContactId, IssuerId},
    oidc::{Person, Provider},
    rights::Actor,
    schema::{accounts, issuers, sign_ins},
    secret::{self, Secret},
};

/// The most organisations of one installation that somebody is looked for in.
const ORGANISATIONS: i64 = 100;

/// A sign-in that came back.
#[derive(Debug)]
pub(crate) struct Begun {
    /// The page that was wanted.
    pub(crate) next: Option<String>,
    /// Who was signed in already, and wants to sign in with the provider as well.
    pub(crate) account: Option<AccountId>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Entry {
    /// The account has the provider from now on.
    Linked,
    Refused(Refusal),
    /// The secret for the cookie.
    SignedIn(Secret),
}

/// Why nobody was signed in whom a provider vouched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The person is somebody else's here already.
    Another,
    /// The provider said no address that it calls verified, or its word does not count.
    NoProof,
    /// The account with this address belongs to another person at the same provider.
    Recycled,
    /// Nobody here has the address.
    Unknown,
}

/// Where a provider's people are sought, and what they are known by.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    key: String,
    source: String,
    trusted: bool,
    organisation: Option<String>,
}

impl From<&Provider> for Known {
    fn from(provider: &Provider) -> Self {
        Self {
            key: provider.key.clone(),
            source: provider.issuer.clone(),
            trusted: provider.trusted,
            organisation: provider.organisation.clone(),
        }
    }
}

/// Notes that somebody leaves for a provider with this secret in their browser.
pub(crate) fn leave(
    conn: &mut Conn,
    secret: &Secret,
    provider: &str,
    begun: &Begun,
    now: Moment,
) -> Result<(), DbError> {
    let row = (
        sign_ins::secret_hash.eq(secret.hash()),
        sign_ins::provider.eq(provider),
        sign_ins::account_id.eq(begun.account),
        sign_ins::next.eq(&begun.next),
        sign_ins::expires_at.eq(now.plus(AWAY)),
    );
    on!(conn, c => diesel::insert_into(sign_ins::table).values(row).execute(c)).map(drop)
}

/// Takes note that they came back: of all who come with one secret the first is let in.
pub(crate) fn come_back(
    conn: &mut Conn,
    brought: &str,
    provider: &str,
    now: Moment,
) -> Result<Option<Begun>, DbError> {
    let found: Option<(Option<String>, Option<AccountId>)> = on!(conn, c => {
        diesel::delete(
            sign_ins::table
                .filter(sign_ins::secret_hash.eq(secret::hash(brought)))
                .filter(sign_ins::provider.eq(provider))
                .filter(sign_ins::expires_at.gt(now)),
        )
        .returning((sign_ins::next, sign_ins::account_id))
        .get_result(c)
        .optional()
    })?;
    Ok(found.map(|(next, account)| Begun { next, account }))
}

/// Signs in whom a provider vouches for: by what they are called there, and the first time by a proved address.
pub(crate) fn enter(
    conn: &mut Conn,
    trail: &mut Trail,
    provider: &Known,
    person: &Person,
    browser: &Browser,
    now: Moment,
) -> Result<Entry, AccountError> {
    let within = organisations(conn, provider.organisation.as_deref())?;
    let known = identities::find_within(conn, &within, &provider.source, &person.subject)?;
    let identity = match (known, &person.proved) {
        (Some(known), _) => known,
        (None, Some(address)) if provider.trusted => {
            match first_time(conn, trail, &within, provider, &person.subject, address, now)? {
                Ok(identity) => identity,
                Err(refusal) => return Ok(Entry::Refused(refusal)),
            }
        }
        (None, _) => return Ok(Entry::Refused(Refusal::NoProof)),
    };
    let organisation = identity.organisation_id;
    let account = people::account(conn, organisation, identity.contact_id, now)?;
    if is_disabled(conn, account)? {
        return Ok(Entry::Refused(Refusal::Unknown));
    }
    let session = sessions::begin(conn, account, browser, now)?;
    trail.note(event(organisation, account, "sign_in", provider, now));
    Ok(Entry::SignedIn(session))
}

/// Binds what a person is called at a provider to whom the address belongs here.
fn first_time(
    conn: &mut Conn,
    trail: &mut Trail,
    within: &[IssuerId],
    provider: &Known,
    subject: &str,
    address: &EmailAddress,
    now: Moment,
) -> Result<Result<Identity, Refusal>, AccountError> {
    let found = identities::find_within(conn, within, EMAIL, address.subject())?;
    let Some(of_address) = found else { return Ok(Err(Refusal::Unknown)) };
    let (organisation, contact) = (of_address.organisation_id, of_address.contact_id);
    identities::hold(conn, contact)?;
    // An address may have gone over to somebody else there: they do not get the account with it.
    if identities::other_sources(conn, contact)?.contains(&provider.source) {
        return Ok(Err(Refusal::Recycled));
    }
    let account = people::account(conn, organisation, contact, now)?;
    if is_disabled(conn, account)? {
        return Ok(Err(Refusal::Unknown));
    }
    let name = (provider.source.as_str(), subject);
    if !identities::attach::<AccountError>(conn, organisation, contact, name, now)? {
        return Ok(Err(Refusal::Another));
    }
    people::prove(conn, of_address.id, now)?;
    trail.note(event(organisation, account, "link_provider", provider, now));
    Ok(Ok(of_address))
}

/// Lets somebody who is signed in sign in with a provider as well.
pub(crate) fn link(
    conn: &mut Conn,
    trail: &mut Trail,
    provider: &Known,
    subject: &str,
    actor: &Actor,
    now: Moment,
) -> Result<Entry, AccountError> {
    let (organisation, contact) = (actor.organisation, actor.contact);
    if !organisations(conn, provider.organisation.as_deref())?.contains(&organisation) {
        return Ok(Entry::Refused(Refusal::Unknown));
    }
    let name = (provider.source.as_str(), subject);
    identities::hold(conn, contact)?;
    let own = identities::find(conn, organisation, name.0, name.1)?;
    if own.is_some_and(|own| own.contact_id == contact) {
        return Ok(Entry::Linked);
    }
    if identities::other_sources(conn, contact)?.contains(&provider.source)
        || !identities::attach::<AccountError>(conn, organisation, contact, name, now)?
    {
        return Ok(Entry::Refused(Refusal::Another));
    }
    trail.note(Event {
        actor: actor.name_for_audit(),
        ..event(organisation, actor.account, "link_provider", provider, now)
    });
    Ok(Entry::Linked)
}

/// Ends that somebody signs in with a provider.
pub(crate) fn unlink(
    conn: &mut Conn,
    trail: &mut Trail,
    provider: &Known,
    actor: &Actor,
    now: Moment,
) -> Result<(), AccountError> {
    if identities::detach(conn, actor.contact, &provider.source)? {
        trail.note(Event {
            actor: actor.name_for_audit(),
            ..event(actor.organisation, actor.account, "unlink_provider", provider, now)
        });
    }
    Ok(())
}

/// The issuers of the providers that a contact signs in with.
pub(crate) fn linked(conn: &mut Conn, contact: ContactId) -> Result<Vec<String>, DbError> {
    identities::other_sources(conn, contact)
}

/// The organisation of a short name or identifier, or all.
pub(crate) fn organisations(conn: &mut Conn, named: Option<&str>) -> Result<Vec<IssuerId>, DbError> {
    let top = issuers::table.filter(issuers::parent_id.is_null()).select(issuers::id);
    let Some(named) = named else {
        return on!(conn, c => top.order(issuers::id).limit(ORGANISATIONS).load(c));
    };
    let Some(id) = issuer_named(conn, named)? else { return Ok(Vec::new()) };
    on!(conn, c => top.filter(issuers::id.eq(id)).load(c))
}

fn is_disabled(conn: &mut Conn, account: AccountId) -> Result<bool, DbError> {
    let disabled: Option<Moment> =
        on!(conn, c => accounts::table.find(account).select(accounts::disabled_at).first(c))?;
    Ok(disabled.is_some())
}

fn event(
    organisation: IssuerId,
    account: AccountId,
    action: &'static str,
    provider: &Known,
    at: Moment,
) -> Event {
    Event {
        organisation: Some(organisation),
        actor: account.to_string(),
        action,
        object: account.to_string(),
        detail: serde_json::json!({ "provider": provider.key }).to_string(),
        at,
    }
}
