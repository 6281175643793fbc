//! Where in the hierarchy the object of a request stands. Badges and nodes go by their slugs too, earlier ones included.

use diesel::prelude::*;

use crate::{
    db::{Conn, DbError, on},
    ids::{AwardId, AwardKey, BadgeId, BatchId, ContactId, IssuerId, MessageId},
    rights::{Action, Actor, Place, can},
    routes::Object,
    schema::{awards, badges, batches, contacts, issuers, outbox, slugs},
};

/// Finds it; none where nothing has this identifier. Where a contact stands depends on who asks for what.
pub(crate) fn place(
    conn: &mut Conn,
    object: Object,
    id: &str,
    actor: Option<&Actor>,
    action: Action,
) -> Result<Option<Place>, DbError> {
    match object {
        Object::Award => id.parse().ok().map_or(Ok(None), |id| of_award(conn, id)),
        Object::Badge => badge_named(conn, id)?.map_or(Ok(None), |id| of_badge(conn, id)),
        Object::Batch => id.parse().ok().map_or(Ok(None), |id| of_batch(conn, id)),
        Object::Contact => id.parse().ok().map_or(Ok(None), |id| of_contact(conn, id, actor, action)),
        Object::Issuer => issuer_named(conn, id)?.map_or(Ok(None), |id| of_issuer(conn, id)),
        Object::Message => id.parse().ok().map_or(Ok(None), |id| of_message(conn, id)),
        Object::Body | Object::None | Object::Scoped => Ok(None),
    }
}

/// The badge of a slug or an identifier; whether there is one with the identifier is not asked.
pub(crate) fn badge_named(conn: &mut Conn, named: &str) -> Result<Option<BadgeId>, DbError> {
    if let Ok(id) = named.parse() {
        return Ok(Some(id));
    }
    let found: Option<Option<BadgeId>> =
        on!(conn, c => slugs::table.find(("badge", named)).select(slugs::badge_id).first(c).optional())?;
    Ok(found.flatten())
}

/// The node of a slug or an identifier, as [`badge_named`].
pub(crate) fn issuer_named(conn: &mut Conn, named: &str) -> Result<Option<IssuerId>, DbError> {
    if let Ok(id) = named.parse() {
        return Ok(Some(id));
    }
    let found: Option<Option<IssuerId>> =
        on!(conn, c => slugs::table.find(("issuer", named)).select(slugs::issuer_id).first(c).optional())?;
    Ok(found.flatten())
}

/// Where a node stands.
pub(crate) fn of_issuer(conn: &mut Conn, id: IssuerId) -> Result<Option<Place>, DbError> {
    let found: Option<(IssuerId, String)> = on!(conn, c => {
        issuers::table.find(id).select((issuers::organisation_id, issuers::path)).first(c).optional()
    })?;
    Ok(found.map(|(organisation, path)| Place { organisation, path, badge: None }))
}

/// Where a badge stands.
pub(crate) fn of_badge(conn: &mut Conn, id: BadgeId) -> Result<Option<Place>, DbError> {
    let found: Option<(IssuerId, i32, String)> = on!(conn, c => {
        badges::table
            .inner_join(issuers::table.on(issuers::id.eq(badges::issuer_id)))
            .filter(badges::id.eq(id))
            .select((badges::organisation_id, badges::rights_level, issuers::path))
            .first(c)
            .optional()
    })?;
    Ok(found.map(|(organisation, level, path)| Place { organisation, path, badge: Some((id, level)) }))
}

fn of_award(conn: &mut Conn, id: AwardId) -> Result<Option<Place>, DbError> {
    let badge: Option<BadgeId> = on!(conn, c => {
        awards::table.filter(awards::public_id.eq(id)).select(awards::badge_id).first(c).optional()
    })?;
    badge.map_or(Ok(None), |badge| of_badge(conn, badge))
}

fn of_batch(conn: &mut Conn, id: BatchId) -> Result<Option<Place>, DbError> {
    let badge: Option<BadgeId> =
        on!(conn, c => batches::table.find(id).select(batches::badge_id).first(c).optional())?;
    badge.map_or(Ok(None), |badge| of_badge(conn, badge))
}

/// A contact stands at the top, since it is the organisation's. Who only looks sees it also where it holds a badge.
fn of_contact(
    conn: &mut Conn,
    id: ContactId,
    actor: Option<&Actor>,
    action: Action,
) -> Result<Option<Place>, DbError> {
    let organisation: Option<IssuerId> = on!(conn, c => {
        contacts::table
            .find(id)
            .filter(contacts::erased_at.is_null())
            .select(contacts::organisation_id)
            .first(c)
            .optional()
    })?;
    let Some(organisation) = organisation else { return Ok(None) };
    let top = of_issuer(conn, organisation)?;
    let Some(actor) =
        actor.filter(|actor| action == Action::ViewContacts && actor.organisation == organisation)
    else {
        return Ok(top);
    };
    if can(Some(actor), action, top.as_ref()) {
        return Ok(top);
    }
    for path in actor.reach(action) {
        let end = format!("{path}~");
        let held: Option<BadgeId> = on!(conn, c => {
            awards::table
                .inner_join(badges::table.on(badges::id.eq(awards::badge_id)))
                .inner_join(issuers::table.on(issuers::id.eq(badges::issuer_id)))
                .filter(awards::contact_id.eq(id))
                .filter(issuers::path.ge(path))
                .filter(issuers::path.lt(end))
                .select(badges::id)
                .first(c)
                .optional()
        })?;
        if let Some(badge) = held {
            return of_badge(conn, badge);
        }
    }
    Ok(top)
}

/// What tells of an award stands where the award does, anything else at the top.
fn of_message(conn: &mut Conn, id: MessageId) -> Result<Option<Place>, DbError> {
    let found: Option<(IssuerId, Option<AwardKey>)> = on!(conn, c => {
        outbox::table.find(id).select((outbox::organisation_id, outbox::award_id)).first(c).optional()
    })?;
    let Some((organisation, award)) = found else { return Ok(None) };
    let Some(award) = award else { return of_issuer(conn, organisation) };
    let badge: Option<BadgeId> =
        on!(conn, c => awards::table.find(award).select(awards::badge_id).first(c).optional())?;
    badge.map_or(Ok(None), |badge| of_badge(conn, badge))
}
