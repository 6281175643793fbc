//! A badge and its versions: added, drafted, published.

use diesel::{pg::Pg, prelude::*, sqlite::Sqlite};

use super::{BadgeError, Content, prepared};
use crate::{
    clock::Moment,
    db::{Conn, on},
    ids::{AccountId, BadgeId, IssuerId},
    issuers::tree,
    problem::FieldError,
    schema::{badge_versions, badges, slugs},
};

/// A badge as it is stored, over all its versions.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = badges, check_for_backend(Pg, Sqlite))]
pub(crate) struct Badge {
    pub(crate) id: BadgeId,
    pub(crate) organisation_id: IssuerId,
    pub(crate) issuer_id: IssuerId,
    pub(crate) slug: String,
    pub(crate) track: Option<String>,
    pub(crate) newest: Option<i32>,
    pub(crate) held_once: bool,
    pub(crate) award_limit: Option<i32>,
    pub(crate) awarded: i32,
    pub(crate) undo_seconds: i32,
    pub(crate) suspendable: bool,
    pub(crate) hosted_ob2: bool,
    pub(crate) visibility: String,
    pub(crate) rights_level: i32,
    pub(crate) position: i32,
    pub(crate) archived_at: Option<Moment>,
    pub(crate) created_at: Moment,
    pub(crate) version: i32,
}

/// What a new badge is to be.
#[derive(Clone, Debug)]
pub(crate) struct NewBadge {
    pub(crate) issuer: IssuerId,
    pub(crate) slug: String,
    pub(crate) track: Option<String>,
    pub(crate) held_once: bool,
    pub(crate) award_limit: Option<i32>,
    pub(crate) rights_level: i32,
    pub(crate) content: Content,
    pub(crate) image: Option<String>,
}

/// Adds a badge with its first draft.
pub(crate) fn add(
    conn: &mut Conn,
    new: NewBadge,
    by: Option<AccountId>,
    now: Moment,
) -> Result<Badge, BadgeError> {
    tree::check_slug(&new.slug)?;
    let node = tree::find(conn, new.issuer)?.ok_or(crate::issuers::IssuerError::NoNode)?;
    let badge = Badge {
        id: BadgeId::new(now).map_err(crate::issuers::IssuerError::from)?,
        organisation_id: node.organisation_id,
        issuer_id: node.id,
        slug: new.slug,
        track: new.track,
        newest: None,
        held_once: new.held_once,
        award_limit: new.award_limit,
        awarded: 0,
        undo_seconds: 0,
        suspendable: true,
        hosted_ob2: false,
        visibility: "link".to_owned(),
        rights_level: new.rights_level,
        position: 0,
        archived_at: None,
        created_at: now,
        version: 1,
    };
    on!(conn, c => diesel::insert_into(badges::table).values(&badge).execute(c))?;
    let row = (slugs::kind.eq("badge"), slugs::slug.eq(&badge.slug), slugs::badge_id.eq(badge.id));
    let named = on!(conn, c => diesel::insert_into(slugs::table).values(row).execute(c));
    tree::taken(named, &badge.slug)?;
    draft(conn, badge.id, &new.content, new.image.as_deref(), by, now)?;
    conn.changed()?;
    Ok(badge)
}

/// Writes the draft: a new one behind the last version, or over the one that is there.
pub(crate) fn draft(
    conn: &mut Conn,
    badge: BadgeId,
    content: &Content,
    image: Option<&str>,
    by: Option<AccountId>,
    now: Moment,
) -> Result<i32, BadgeError> {
    let last: Option<(i32, Option<Moment>)> = on!(conn, c => {
        badge_versions::table
            .filter(badge_versions::badge_id.eq(badge))
            .order(badge_versions::number.desc())
            .select((badge_versions::number, badge_versions::published_at))
            .first(c)
            .optional()
    })?;
    let number = match last {
        None => 1,
        Some((number, Some(_))) => number + 1,
        Some((number, None)) => {
            on!(conn, c => diesel::delete(badge_versions::table.find((badge, number))).execute(c))?;
            number
        }
    };
    let text = serde_json::to_string(content).unwrap_or_default();
    on!(conn, c => {
        diesel::insert_into(badge_versions::table)
            .values((
                badge_versions::badge_id.eq(badge),
                badge_versions::number.eq(number),
                badge_versions::name.eq(&content.name),
                badge_versions::content.eq(text),
                badge_versions::image_hash.eq(image),
                badge_versions::edited_by.eq(by),
                badge_versions::created_at.eq(now),
            ))
            .execute(c)
    })?;
    Ok(number)
}

/// Publishes the draft: from now on awards name it, and it never changes.
pub(crate) fn publish(conn: &mut Conn, base: &str, badge: BadgeId, now: Moment) -> Result<i32, BadgeError> {
    type Draft = (i32, String, Option<String>);
    let (issuer, archived): (IssuerId, Option<Moment>) = on!(conn, c => {
        badges::table.find(badge).select((badges::issuer_id, badges::archived_at)).first(c).optional()
    })?
    .ok_or(BadgeError::NoBadge)?;
    if archived.is_some() {
        return Err(BadgeError::Archived);
    }
    let draft: Option<Draft> = on!(conn, c => {
        badge_versions::table
            .filter(badge_versions::badge_id.eq(badge))
            .filter(badge_versions::published_at.is_null())
            .select((badge_versions::number, badge_versions::content, badge_versions::image_hash))
            .first(c)
            .optional()
    })?;
    let (number, text, image) = draft.ok_or(BadgeError::NoDraft)?;
    let content: Content = serde_json::from_str(&text).unwrap_or_default();
    let mut faults = content.faults();
    if image.is_none() {
        let message = "is missing: upload a PNG or SVG".to_owned();
        faults.push(FieldError { path: "image".to_owned(), code: "missing", message });
    }
    if !faults.is_empty() {
        return Err(BadgeError::Fields(faults));
    }
    let node = tree::find(conn, issuer)?.ok_or(crate::issuers::IssuerError::NoNode)?;
    let line = tree::line(conn, &node.path)?;
    let signing = line.iter().rev().find(|node| node.kind().signs()).ok_or(BadgeError::NoBadge)?.id;
    let achievement = prepared::achievement(&prepared::Published {
        base,
        badge,
        number,
        content: &content,
        image: image.as_deref(),
        line: &line,
    });
    on!(conn, c => {
        diesel::update(badge_versions::table.find((badge, number)))
            .set((
                badge_versions::signing_id.eq(signing),
                badge_versions::achievement.eq(achievement),
                badge_versions::published_at.eq(now),
            ))
            .execute(c)
    })?;
    on!(conn, c => {
        diesel::update(badges::table.find(badge))
            .set((badges::newest.eq(number), badges::version.eq(badges::version + 1)))
            .execute(c)
    })?;
    conn.changed()?;
    Ok(number)
}
