//! What stands around the editor's form: versions, pictures, and the places and badges that it names.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{
    BadgeError, Content, changes,
    editing::{self, Addresses, Typed, Written},
    narrowing,
    versions::{self, Badge},
};
use crate::{
    clock::Moment,
    db::{Conn, DbError, on},
    ids::{BadgeId, IssuerId},
    issuers::Node,
    problem::{Faults, FieldError},
    rights::{Action, Actor, can},
    schema::{badge_prerequisites, badge_shares, badge_versions, badges, issuers, slugs},
};

/// A badge that is edited, or is about to be made.
#[derive(Debug, Default)]
pub(super) struct Stand {
    pub(super) badge: Option<Badge>,
    id: String,
    /// The picture of the newest version, where it was uploaded.
    pub(super) image: Option<String>,
    /// Numbers, and when each was published; the newest first.
    pub(super) versions: Vec<(i32, Option<Moment>)>,
    /// Where the actor may put badges: with the names from the root down.
    pub(super) places: Vec<(IssuerId, String)>,
}

impl Stand {
    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

/// The most nodes that a form offers, and versions that it lists.
const MOST_PLACES: i64 = 1_000;
const MOST_VERSIONS: i64 = 200;

/// For a badge that is about to be made.
pub(super) fn new(conn: &mut Conn, actor: &Actor) -> Result<Stand, DbError> {
    Ok(Stand { places: places(conn, actor)?, ..Stand::default() })
}

/// For a badge that is there, with what stands in its form.
pub(super) fn of(conn: &mut Conn, id: BadgeId, actor: &Actor) -> Result<(Stand, Typed), BadgeError> {
    type Newest = (String, Option<String>);
    let badge = versions::find(conn, id)?.ok_or(BadgeError::NoBadge)?;
    let versions: Vec<(i32, Option<Moment>)> = on!(conn, c => {
        badge_versions::table
            .filter(badge_versions::badge_id.eq(id))
            .order(badge_versions::number.desc())
            .limit(MOST_VERSIONS)
            .select((badge_versions::number, badge_versions::published_at))
            .load(c)
    })?;
    let number = versions.first().map_or(1, |(number, _)| *number);
    let (content, image): Newest = on!(conn, c => {
        badge_versions::table
            .find((id, number))
            .select((badge_versions::content, badge_versions::image_hash))
            .first(c)
    })?;
    let content: Content = serde_json::from_str(&content).unwrap_or_default();
    let requires: Vec<String> = on!(conn, c => {
        badge_prerequisites::table
            .inner_join(badges::table.on(badges::id.eq(badge_prerequisites::required_id)))
            .filter(badge_prerequisites::badge_id.eq(id))
            .order(badges::slug)
            .select(badges::slug)
            .load(c)
    })?;
    let also_in: Vec<String> = on!(conn, c => {
        badge_shares::table
            .inner_join(issuers::table.on(issuers::id.eq(badge_shares::issuer_id)))
            .filter(badge_shares::badge_id.eq(id))
            .order(issuers::slug)
            .select(issuers::slug)
            .load(c)
    })?;
    let image = image.filter(|_| content.artwork.is_none());
    let over = narrowing::targets(conn, id)?;
    let rights_over = over.into_iter().map(|target| target.address).collect();
    let mut typed = editing::typed(&badge, content, &Addresses { requires, also_in, rights_over });
    if let Some(image) = &image {
        typed.insert("kept".to_owned(), image.clone());
    }
    let mut places = places(conn, actor)?;
    if !places.iter().any(|(id, _)| *id == badge.issuer_id) {
        places.insert(0, (badge.issuer_id, "Where it is".to_owned()));
    }
    Ok((Stand { id: id.to_string(), badge: Some(badge), image, versions, places }, typed))
}

fn places(conn: &mut Conn, actor: &Actor) -> Result<Vec<(IssuerId, String)>, DbError> {
    let nodes: Vec<Node> = on!(conn, c => {
        issuers::table
            .filter(issuers::organisation_id.eq(actor.organisation))
            .filter(issuers::archived_at.is_null())
            .order(issuers::path)
            .limit(MOST_PLACES)
            .select(Node::as_select())
            .load(c)
    })?;
    let names: HashMap<String, &str> =
        nodes.iter().map(|node| (node.id.to_string(), node.name.as_str())).collect();
    let called = |node: &Node| {
        let names: Vec<_> = node.path.split('/').filter_map(|id| names.get(id).copied()).collect();
        names.join(" › ")
    };
    let may = changes::may(actor);
    Ok(nodes.iter().filter(|node| may(node)).map(|node| (node.id, called(node))).collect())
}

/// From slugs, earlier ones included, to the badges and nodes that the settings name. `badge` is there already.
pub(super) fn resolve(
    conn: &mut Conn,
    written: &mut Written,
    badge: Option<BadgeId>,
    actor: &Actor,
) -> Result<(), BadgeError> {
    narrowed(conn, written, badge, actor)?;
    type Row = (String, String, Option<BadgeId>, Option<IssuerId>);
    let named: Vec<&String> = written.requires.iter().chain(&written.also_in).collect();
    let rows: Vec<Row> = if named.is_empty() {
        Vec::new()
    } else {
        on!(conn, c => {
            slugs::table
                .filter(slugs::kind.eq_any(["badge", "issuer"]))
                .filter(slugs::slug.eq_any(&named))
                .select((slugs::kind, slugs::slug, slugs::badge_id, slugs::issuer_id))
                .load(c)
        })?
    };
    let mut faults = Vec::new();
    let mut unknown = |path: &str, at: usize, slug: &str| {
        let message = format!("There is nothing at the address {slug}: copy it from its page.");
        faults.push(FieldError { path: format!("{path}[{at}]"), code: "unknown", message });
    };
    let mut requires = Vec::new();
    for (at, slug) in written.requires.iter().enumerate() {
        match rows.iter().find(|(kind, known, ..)| kind == "badge" && known == slug) {
            Some((_, _, Some(badge), _)) => requires.push(*badge),
            _ => unknown("requires", at, slug),
        }
    }
    let mut also_in = Vec::new();
    for (at, slug) in written.also_in.iter().enumerate() {
        match rows.iter().find(|(kind, known, ..)| kind == "issuer" && known == slug) {
            Some((_, _, _, Some(node))) => also_in.push(*node),
            _ => unknown("also_in", at, slug),
        }
    }
    if !faults.is_empty() {
        return Err(BadgeError::Fields(faults));
    }
    requires.sort_unstable();
    requires.dedup();
    written.settings.requires = Some(requires);
    written.settings.also_in = Some(also_in);
    Ok(())
}

/// What the rights are over, where that changes: who has not the right to say so leaves it as it is.
fn narrowed(
    conn: &mut Conn,
    written: &mut Written,
    badge: Option<BadgeId>,
    actor: &Actor,
) -> Result<(), BadgeError> {
    let Some(lines) = &written.rights_over else { return Ok(()) };
    let named = narrowing::named(conn, lines)?;
    let present = badge.map(|badge| narrowing::over(conn, badge)).transpose()?.unwrap_or_default();
    if named == present {
        return Ok(());
    }
    if !can(Some(actor), Action::ManageRoles, Some(&actor.organisation_place())) {
        let mut faults = Faults::default();
        faults.note("rights_over", "forbidden", editing::NOT_YOURS);
        return faults.none_or(BadgeError::Fields);
    }
    written.settings.rights_over = Some(named);
    Ok(())
}
