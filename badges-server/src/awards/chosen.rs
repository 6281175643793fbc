//! What the giving page is asked for beforehand: a badge, and somebody to give it to.

use diesel::prelude::*;

use super::{desk::Desk, list::Choice};
use crate::{
    auth::{self, Access},
    db::{Conn, DbError, on},
    ids::ContactId,
    problem::Problem,
    rights::{Action, Actor, can},
    routes::Object,
    schema::{contacts, identities},
};

/// The badge of a slug or an identifier, among those that can be given.
pub(crate) fn badge<'a>(badges: &'a [Choice], named: &str) -> Option<&'a Choice> {
    badges.iter().find(|(id, slug, ..)| slug == named || id.to_string() == named)
}

/// Why a badge cannot be given is for those alone who might give it.
pub(super) async fn permit(access: &Access, desk: &Desk, named: &str) -> Result<(), Problem> {
    if named.is_empty() {
        return Ok(());
    }
    let named = named.to_owned();
    let place = desk.db.read(move |conn| auth::place(conn, Object::Badge, &named, None, Action::Award)).await;
    access.permit_found(place.map_err(Problem::from)?).map(drop)
}

/// A contact as somebody would write them, for who may see the contact.
pub(super) fn addressed(
    conn: &mut Conn,
    actor: &Actor,
    contact: ContactId,
) -> Result<Option<String>, DbError> {
    let place = auth::place(conn, Object::Contact, &contact.to_string(), Some(actor), Action::ViewContacts)?;
    if place.is_none() || !can(Some(actor), Action::ViewContacts, place.as_ref()) {
        return Ok(None);
    }
    let found: Option<(Option<String>, Option<String>)> = on!(conn, c => {
        identities::table
            .inner_join(contacts::table.on(contacts::id.eq(identities::contact_id)))
            .filter(identities::contact_id.eq(contact))
            .filter(identities::organisation_id.eq(actor.organisation))
            .filter(identities::source.eq("email"))
            .order(identities::is_primary.desc())
            .select((identities::address, contacts::display_name))
            .first(c)
            .optional()
    })?;
    Ok(found.and_then(|(address, name)| {
        let address = address?;
        Some(name.map_or_else(|| address.clone(), |name| format!("{name} <{address}>")))
    }))
}
