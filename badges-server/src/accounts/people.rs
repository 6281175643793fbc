//! From an identity to the account that it signs in to.

use diesel::prelude::*;

use super::AccountError;
use crate::{
    clock::Moment,
    contacts::{
        EmailAddress,
        identities::{self, EMAIL, Sought},
    },
    db::{Conn, DbError, on},
    ids::{AccountId, ContactId, IdentityId, IssuerId},
    schema::{accounts, identities as identity_rows},
};

/// The account of an address, with all that leads to it, made where it is absent.
pub(crate) fn invite(
    conn: &mut Conn,
    organisation: IssuerId,
    email: &EmailAddress,
    name: Option<&str>,
    now: Moment,
) -> Result<(AccountId, IdentityId), AccountError> {
    let (subject, address) = (email.subject(), Some(email.as_given()));
    let sought = Sought { source: EMAIL, subject, address, name };
    let identity = identities::ensure::<AccountError>(conn, organisation, sought, now)?;
    Ok((account(conn, organisation, identity.contact_id, now)?, identity.id))
}

/// The account of a contact, made where it is absent.
pub(crate) fn account(
    conn: &mut Conn,
    organisation: IssuerId,
    contact: ContactId,
    now: Moment,
) -> Result<AccountId, AccountError> {
    let find = |conn: &mut Conn| -> Result<Option<AccountId>, DbError> {
        on!(conn, c => {
            accounts::table.filter(accounts::contact_id.eq(contact)).select(accounts::id).first(c).optional()
        })
    };
    if let Some(known) = find(conn)? {
        return Ok(known);
    }
    let row = (
        accounts::id.eq(AccountId::new(now)?),
        accounts::organisation_id.eq(organisation),
        accounts::contact_id.eq(contact),
        accounts::created_at.eq(now),
    );
    on!(conn, c => diesel::insert_into(accounts::table).values(row).on_conflict_do_nothing().execute(c))?;
    find(conn)?.ok_or(AccountError::UnknownAddress)
}

/// Notes that whoever signs in with this address has it.
pub(crate) fn prove(conn: &mut Conn, identity: IdentityId, now: Moment) -> Result<(), DbError> {
    let unproved = identity_rows::table.find(identity).filter(identity_rows::verified_at.is_null());
    on!(conn, c => diesel::update(unproved).set(identity_rows::verified_at.eq(now)).execute(c)).map(drop)
}
