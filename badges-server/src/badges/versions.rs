//! A badge and its versions: added, drafted, published.

use diesel::{pg::Pg, prelude::*, sqlite::Sqlite};

use serde::Serialize;

use super::{
    BadgeError, Content, hosted, narrowing, prepared,
    settings::{self, Settings},
    trial,
};
use crate::{
    clock::Moment,
    db::{Conn, DbError, on},
    fixed,
    ids::{AccountId, BadgeId, IssuerId},
    images,
    issuers::{
        IssuerError, Node,
        slugs::{self, Named},
        tree,
    },
    problem::{Faults, FieldError},
    schema::{badge_versions, badges},
};

/// A badge as it is stored, over all its versions.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = badges, check_for_backend(Pg, Sqlite), treat_none_as_null = true)]
pub(crate) struct Badge {
    pub(crate) id: BadgeId,
    pub(crate) organisation_id: IssuerId,
    pub(crate) issuer_id: IssuerId,
    pub(crate) slug: String,
    pub(crate) track: Option<String>,
    /// Publishing sets it.
    #[diesel(skip_update)]
    pub(crate) newest: Option<i32>,
    pub(crate) held_once: bool,
    pub(crate) award_limit: Option<i32>,
    /// Awarding counts it, whoever changes the badge at the same time.
    #[diesel(skip_update)]
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
    pub(crate) settings: Settings,
    pub(crate) content: Content,
    pub(crate) image: Option<String>,
}

/// A version as the API shows it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = BadgeVersion)]
pub(crate) struct Version {
    pub(crate) number: i32,
    pub(crate) published_at: Option<String>,
    pub(crate) image: Option<String>,
    pub(crate) content: Content,
}

/// Adds a badge with its first draft.
pub(crate) fn add(
    conn: &mut Conn,
    new: NewBadge,
    by: Option<AccountId>,
    may: &dyn Fn(&Node) -> bool,
    now: Moment,
) -> Result<Badge, BadgeError> {
    slugs::check(&new.slug)?;
    let node = tree::find(conn, new.issuer)?.ok_or(IssuerError::NoNode)?;
    let mut badge = Badge {
        id: BadgeId::new(now).map_err(IssuerError::from)?,
        organisation_id: node.organisation_id,
        issuer_id: node.id,
        slug: new.slug,
        track: None,
        newest: None,
        held_once: false,
        award_limit: None,
        awarded: 0,
        undo_seconds: 0,
        suspendable: true,
        hosted_ob2: false,
        visibility: "link".to_owned(),
        rights_level: 0,
        position: 0,
        archived_at: None,
        created_at: now,
        version: 1,
    };
    badge.take(&new.settings, now)?;
    on!(conn, c => diesel::insert_into(badges::table).values(&badge).execute(c))?;
    around(conn, &badge, &new.settings, may)?;
    slugs::give(conn, Named::Badge(badge.id), &badge.slug)?;
    draft(conn, badge.id, &new.content, new.image.as_deref(), by, now)?;
    conn.changed()?;
    Ok(badge)
}

/// Changes the settings of a badge. Its earlier slug leads here for ever. `may` says where badges may be put.
pub(crate) fn change(
    conn: &mut Conn,
    id: BadgeId,
    settings: &Settings,
    may: &dyn Fn(&Node) -> bool,
    now: Moment,
) -> Result<Badge, BadgeError> {
    let mut badge = find(conn, id)?.ok_or(BadgeError::NoBadge)?;
    if let Some(slug) = settings.slug.as_ref().filter(|slug| **slug != badge.slug) {
        slugs::rename(conn, Named::Badge(id), slug, now)?;
        badge.slug.clone_from(slug);
    }
    if let Some(issuer) = settings.issuer.filter(|issuer| *issuer != badge.issuer_id) {
        settings::relocate(conn, &mut badge, issuer, may)?;
    }
    badge.take(settings, now)?;
    badge.version += 1;
    on!(conn, c => diesel::update(badges::table.find(id)).set(&badge).execute(c))?;
    around(conn, &badge, settings, may)?;
    conn.changed()?;
    Ok(badge)
}

/// What stands in tables of its own, and what other rows must say for it.
fn around(
    conn: &mut Conn,
    badge: &Badge,
    settings: &Settings,
    may: &dyn Fn(&Node) -> bool,
) -> Result<(), BadgeError> {
    if let Some(requires) = &settings.requires {
        settings::require(conn, badge, requires)?;
    }
    if let Some(nodes) = &settings.also_in {
        settings::share(conn, badge, nodes, may)?;
    }
    if let Some(over) = &settings.rights_over {
        narrowing::narrow(conn, badge, over)?;
    }
    if settings.hosted_ob2 == Some(true) {
        hosted::check(conn, badge.issuer_id)?;
    }
    Ok(())
}

/// The badge of an identifier.
pub(crate) fn find(conn: &mut Conn, id: BadgeId) -> Result<Option<Badge>, DbError> {
    on!(conn, c => badges::table.find(id).select(Badge::as_select()).first(c).optional())
}

/// What a badge is called in its newest version.
pub(crate) fn name(conn: &mut Conn, badge: BadgeId) -> Result<Option<String>, DbError> {
    on!(conn, c => {
        badge_versions::table
            .filter(badge_versions::badge_id.eq(badge))
            .order(badge_versions::number.desc())
            .select(badge_versions::name)
            .first(c)
            .optional()
    })
}

/// The Achievement of a published version, or of the newest.
pub(crate) fn achievement(
    conn: &mut Conn,
    badge: BadgeId,
    number: Option<i32>,
) -> Result<Option<String>, DbError> {
    let newest = match number {
        Some(number) => Some(number),
        None => {
            on!(conn, c => badges::table.find(badge).select(badges::newest).first(c).optional())?.flatten()
        }
    };
    let Some(number) = newest else { return Ok(None) };
    let text: Option<Option<String>> = on!(conn, c => {
        badge_versions::table.find((badge, number)).select(badge_versions::achievement).first(c).optional()
    })?;
    Ok(text.flatten())
}

/// The badges of an organisation in the order of their making, behind one of them.
pub(crate) fn list(
    conn: &mut Conn,
    organisation: IssuerId,
    after: Option<BadgeId>,
    limit: i64,
) -> Result<Vec<Badge>, DbError> {
    let of = || badges::table.filter(badges::organisation_id.eq(organisation)).order(badges::id).limit(limit);
    on!(conn, c => match after {
        Some(after) => of().filter(badges::id.gt(after)).select(Badge::as_select()).load(c),
        None => of().select(Badge::as_select()).load(c),
    })
}

/// All versions of a badge, the newest first.
pub(crate) fn all(conn: &mut Conn, badge: BadgeId) -> Result<Vec<Version>, BadgeError> {
    type Row = (i32, Option<Moment>, Option<String>, String);
    let rows: Vec<Row> = on!(conn, c => {
        badge_versions::table
            .filter(badge_versions::badge_id.eq(badge))
            .order(badge_versions::number.desc())
            .select((
                badge_versions::number,
                badge_versions::published_at,
                badge_versions::image_hash,
                badge_versions::content,
            ))
            .load(c)
    })?;
    let version = |(number, published, image, content): Row| Version {
        number,
        published_at: published.and_then(Moment::timestamp).map(|time| time.to_string()),
        image,
        content: serde_json::from_str(&content).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(version).collect())
}

/// Writes the draft: a new one behind the last version, or over the one that is there. What has no image and says
/// how to draw one is drawn.
pub(crate) fn draft(
    conn: &mut Conn,
    badge: BadgeId,
    content: &Content,
    image: Option<&str>,
    by: Option<AccountId>,
    now: Moment,
) -> Result<i32, BadgeError> {
    let excess = content.excess();
    if !excess.is_empty() {
        return Err(BadgeError::Fields(excess));
    }
    let drawn = match (image, &content.artwork) {
        (None, Some(artwork)) => Some(images::draw::<BadgeError>(conn, artwork, now)?),
        _ => None,
    };
    let image = image.or(drawn.as_deref());
    if let Some(image) = image {
        let mut faults = Faults::default();
        images::look_for(conn, image, &mut faults)?;
        faults.none_or(BadgeError::Fields)?;
    }
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

/// What a draft says, its picture and who wrote it last.
type Draft = (String, Option<String>, Option<AccountId>);

/// Takes the draft away, if there is one.
pub(super) fn take_draft(conn: &mut Conn, badge: BadgeId) -> Result<Option<Draft>, DbError> {
    let draft = || {
        badge_versions::table
            .filter(badge_versions::badge_id.eq(badge))
            .filter(badge_versions::published_at.is_null())
    };
    let said = on!(conn, c => {
        draft()
            .select((badge_versions::content, badge_versions::image_hash, badge_versions::edited_by))
            .first(c)
            .optional()
    })?;
    on!(conn, c => diesel::delete(draft()).execute(c))?;
    Ok(said)
}

/// Publishes the draft, if awards of it would be believed: from now on awards name it, and it never changes.
pub(crate) fn publish(conn: &mut Conn, base: &str, badge: BadgeId, now: Moment) -> Result<i32, BadgeError> {
    type Written = (i32, String, Option<String>);
    let (issuer, archived): (IssuerId, Option<Moment>) = on!(conn, c => {
        badges::table.find(badge).select((badges::issuer_id, badges::archived_at)).first(c).optional()
    })?
    .ok_or(BadgeError::NoBadge)?;
    if archived.is_some() {
        return Err(BadgeError::Archived);
    }
    let draft: Option<Written> = on!(conn, c => {
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
    let node = tree::find(conn, issuer)?.ok_or(IssuerError::NoNode)?;
    let line = tree::line(conn, &node.path)?;
    let signing = tree::signing(&line).ok_or(BadgeError::NoBadge)?.id;
    let achievement = prepared::achievement(&prepared::Published {
        base,
        badge,
        number,
        content: &content,
        image: image.as_deref(),
        line: &line,
    });
    // What is published never changes: a version that no award could carry must not become one.
    trial::check(&achievement, now)?;
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
    // The version's address stands in all awards of it.
    fixed::set(conn, fixed::PUBLIC_URL, base)?;
    conn.changed()?;
    Ok(number)
}
