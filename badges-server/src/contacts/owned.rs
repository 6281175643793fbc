//! Whose addresses somebody may change: a link that is sent to one signs in as the person who has it.

use diesel::prelude::*;

use super::ContactError;
use crate::{
    auth::{Credentials, actor, holds_rights},
    clock::Moment,
    db::{Conn, on},
    ids::{AccountId, ContactId},
    rights::{Action, Actor, can},
    schema::accounts,
};

/// Refuses who could not give this person each role that they have, and the rights that their badges give: or else an
/// address of one's own with them would give it to oneself.
pub(super) fn permit(
    conn: &mut Conn,
    actor: &Actor,
    contact: ContactId,
    now: Moment,
) -> Result<(), ContactError> {
    if contact == actor.contact {
        return Ok(());
    }
    let whole = actor.organisation_place();
    if !can(Some(actor), Action::ManageRoles, Some(&whole)) && holds_rights(conn, contact, now)? {
        return Err(ContactError::Lacking);
    }
    let account: Option<AccountId> = on!(conn, c => {
        accounts::table.filter(accounts::contact_id.eq(contact)).select(accounts::id).first(c).optional()
    })?;
    let Some(account) = account else { return Ok(()) };
    let Some(person) = self::actor(conn, &Credentials::Absent(account), now)? else { return Ok(()) };
    let roles = person.roles.iter().all(|held| actor.may_pass_on(held.role, &actor.place_at(&held.path)));
    if roles { Ok(()) } else { Err(ContactError::Lacking) }
}
