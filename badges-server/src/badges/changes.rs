//! What is done to badges, by pages and programs alike: each with its right over what is named, and its line in the
//! audit log.

use super::{
    BadgeError, Content, moving,
    settings::Settings,
    versions::{self, Badge, NewBadge, Version},
};
use crate::{
    auth::place_of_issuer,
    clock::Moment,
    db::{Conn, Event, Trail},
    ids::BadgeId,
    issuers::{IssuerError, Node},
    rights::{Action, Actor, Place, can},
};

/// Adds a badge with its first draft.
pub(crate) fn add(
    conn: &mut Conn,
    trail: &mut Trail,
    mut new: NewBadge,
    actor: &Actor,
    now: Moment,
) -> Result<Badge, BadgeError> {
    // What the settings say as well goes before.
    new.issuer = new.settings.issuer.take().unwrap_or(new.issuer);
    new.slug = new.settings.slug.take().unwrap_or(new.slug);
    let place = place_of_issuer(conn, new.issuer)?.ok_or(IssuerError::NoNode)?;
    if !can(Some(actor), Action::DesignBadges, Some(&place)) {
        return Err(IssuerError::NoNode.into());
    }
    let badge = versions::add(conn, new, Some(actor.account), &may(actor), now)?;
    trail.note(event(&badge, actor, "add_badge", now));
    Ok(badge)
}

/// Changes the settings of a badge. One that comes under another issuer gets a version that this one signs.
pub(crate) fn change(
    conn: &mut Conn,
    trail: &mut Trail,
    base: &str,
    id: BadgeId,
    settings: &Settings,
    actor: &Actor,
    now: Moment,
) -> Result<Badge, BadgeError> {
    let badge = versions::change(conn, id, settings, &may(actor), now)?;
    trail.note(event(&badge, actor, "change_badge", now));
    let moves = settings.issuer.is_some() || settings.archived == Some(false);
    match moves && moving::follow(conn, trail, base, id, actor, now)? {
        true => versions::find(conn, id)?.ok_or(BadgeError::NoBadge),
        false => Ok(badge),
    }
}

/// Writes the draft of the next version.
pub(crate) fn draft(
    conn: &mut Conn,
    trail: &mut Trail,
    id: BadgeId,
    content: &Content,
    image: Option<&str>,
    actor: &Actor,
    now: Moment,
) -> Result<Badge, BadgeError> {
    let badge = versions::find(conn, id)?.ok_or(BadgeError::NoBadge)?;
    versions::draft(conn, id, content, image, Some(actor.account), now)?;
    trail.note(event(&badge, actor, "draft_badge", now));
    Ok(badge)
}

/// Publishes the draft.
pub(crate) fn publish(
    conn: &mut Conn,
    trail: &mut Trail,
    base: &str,
    id: BadgeId,
    actor: &Actor,
    now: Moment,
) -> Result<(Badge, Vec<Version>), BadgeError> {
    versions::publish(conn, base, id, now)?;
    let badge = versions::find(conn, id)?.ok_or(BadgeError::NoBadge)?;
    trail.note(event(&badge, actor, "publish_badge", now));
    Ok((badge, versions::all(conn, id)?))
}

/// Where the actor may put badges.
pub(crate) fn may(actor: &Actor) -> impl Fn(&Node) -> bool + '_ {
    |node| {
        let place = Place { organisation: node.organisation_id, path: node.path.clone(), badge: None };
        can(Some(actor), Action::DesignBadges, Some(&place))
    }
}

fn event(badge: &Badge, actor: &Actor, action: &'static str, at: Moment) -> Event {
    let (organisation, object) = (Some(badge.organisation_id), badge.id.to_string());
    Event { organisation, actor: actor.name_for_audit(), action, object, detail: String::new(), at }
}
