//! What the catalogue reads: nodes with one query, badges with another, however many there are.

use diesel::prelude::*;

use crate::{
    badges::{
        Content,
        narrowing::{self, Target},
        versions::{self, Badge},
    },
    clock::Moment,
    db::{Conn, DbError, on},
    ids::{BadgeId, IssuerId},
    issuers::{Node, tree},
    schema::{badge_prerequisites, badge_shares, badge_versions, badges, issuers, slugs},
};

/// The most badges and nodes of one page.
const MOST: i64 = 5_000;
/// How many the first page shows.
const RECENT: i64 = 6;

/// What has a slug.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Badge,
    Issuer,
}

/// Where a slug leads.
pub(super) enum Slug {
    /// To what it names, by its identifier.
    Present(String),
    /// To another slug, for it was given up.
    Moved(String),
}

/// A published badge as one of many.
#[derive(Clone, Debug, Queryable)]
pub(super) struct Card {
    pub(super) slug: String,
    pub(super) issuer: IssuerId,
    pub(super) track: Option<String>,
    pub(super) name: String,
    pub(super) image: Option<String>,
    /// The name of the node that it stands in.
    pub(super) issuer_name: String,
}

/// A badge in one version, with what stands around it.
pub(super) struct Found {
    pub(super) badge: Badge,
    pub(super) number: i32,
    pub(super) content: Content,
    pub(super) image: Option<String>,
    pub(super) line: Vec<Node>,
    /// Who signs awards of the version; of a draft, who will.
    pub(super) signing: Option<Node>,
    pub(super) needs: Vec<Card>,
    /// Names and slugs of other nodes that show it.
    pub(super) also_in: Vec<(String, String)>,
    /// Over what alone the rights are that come with it.
    pub(super) over: Vec<Target>,
}

/// A node with what stands in and below it.
pub(super) struct FoundNode {
    pub(super) node: Node,
    pub(super) line: Vec<Node>,
    /// Names and slugs of the nodes right below.
    pub(super) below: Vec<(String, String)>,
    pub(super) cards: Vec<Card>,
}

/// Published badges that are awarded, of which the caller says which and in which order.
macro_rules! cards {
    ($conn:expr, |$query:ident| $narrowed:expr) => {
        on!($conn, c => {
            let $query = badges::table
                .inner_join(badge_versions::table.on(
                    badge_versions::badge_id.eq(badges::id).and(badge_versions::number.nullable().eq(badges::newest)),
                ))
                .inner_join(issuers::table.on(issuers::id.eq(badges::issuer_id)))
                .filter(badges::archived_at.is_null())
                .select((
                    badges::slug,
                    badges::issuer_id,
                    badges::track,
                    badge_versions::name,
                    badge_versions::image_hash,
                    issuers::name,
                ));
            $narrowed.load::<Card>(c)
        })
    };
}

/// All nodes that are not archived, from the root down.
pub(super) fn nodes(conn: &mut Conn) -> Result<Vec<Node>, DbError> {
    on!(conn, c => {
        issuers::table
            .filter(issuers::archived_at.is_null())
            .order((issuers::position, issuers::name, issuers::id))
            .limit(MOST)
            .select(Node::as_select())
            .load(c)
    })
}

/// All published badges that are awarded.
pub(super) fn published(conn: &mut Conn) -> Result<Vec<Card>, DbError> {
    cards!(conn, |query| query.order((badges::position, badge_versions::name, badges::id)).limit(MOST))
}

/// Those that were published of late.
pub(super) fn recent(conn: &mut Conn) -> Result<Vec<Card>, DbError> {
    cards!(conn, |query| query.order((badge_versions::published_at.desc(), badges::id.desc())).limit(RECENT))
}

/// What a slug names or has named.
pub(super) fn named(conn: &mut Conn, kind: Kind, slug: &str) -> Result<Option<Slug>, DbError> {
    type Row = (Option<BadgeId>, Option<IssuerId>, Option<Moment>);
    let name = match kind {
        Kind::Badge => "badge",
        Kind::Issuer => "issuer",
    };
    let found: Option<Row> = on!(conn, c => {
        slugs::table
            .find((name, slug))
            .select((slugs::badge_id, slugs::issuer_id, slugs::retired_at))
            .first(c)
            .optional()
    })?;
    let (badge, issuer, retired) = match found {
        Some((Some(badge), _, retired)) => (Some(badge), None, retired),
        Some((_, Some(issuer), retired)) => (None, Some(issuer), retired),
        _ => return Ok(None),
    };
    if retired.is_none() {
        let id = badge.map(|id| id.to_string()).or(issuer.map(|id| id.to_string()));
        return Ok(id.map(Slug::Present));
    }
    let present = match (badge, issuer) {
        (Some(badge), _) => versions::find(conn, badge)?.map(|badge| badge.slug),
        (_, Some(issuer)) => tree::find(conn, issuer)?.map(|node| node.slug),
        _ => None,
    };
    Ok(present.map(Slug::Moved))
}

/// A badge in its newest version, or in another that was published.
pub(super) fn badge(conn: &mut Conn, id: BadgeId, number: Option<i32>) -> Result<Option<Found>, DbError> {
    let Some(badge) = versions::find(conn, id)? else { return Ok(None) };
    let Some(number) = number.or(badge.newest) else { return Ok(None) };
    let version: Option<Written> = on!(conn, c => {
        badge_versions::table
            .find((id, number))
            .filter(badge_versions::published_at.is_not_null())
            .select((
                badge_versions::number,
                badge_versions::content,
                badge_versions::image_hash,
                badge_versions::signing_id,
            ))
            .first(c)
            .optional()
    })?;
    found(conn, badge, version)
}

/// A badge in its last version, published or not.
pub(super) fn preview(conn: &mut Conn, id: BadgeId) -> Result<Option<Found>, DbError> {
    let Some(badge) = versions::find(conn, id)? else { return Ok(None) };
    let version: Option<Written> = on!(conn, c => {
        badge_versions::table
            .filter(badge_versions::badge_id.eq(id))
            .order(badge_versions::number.desc())
            .select((
                badge_versions::number,
                badge_versions::content,
                badge_versions::image_hash,
                badge_versions::signing_id,
            ))
            .first(c)
            .optional()
    })?;
    found(conn, badge, version)
}

/// Number, content, image and issuer of a version.
type Written = (i32, String, Option<String>, Option<IssuerId>);

fn found(conn: &mut Conn, badge: Badge, version: Option<Written>) -> Result<Option<Found>, DbError> {
    let id = badge.id;
    let Some((number, text, image, signed_by)) = version else { return Ok(None) };
    let Some(node) = tree::find(conn, badge.issuer_id)? else { return Ok(None) };
    let line = tree::line(conn, &node.path)?;
    let above = tree::signing(&line).cloned();
    let signing = match signed_by.filter(|id| above.as_ref().is_none_or(|node| node.id != *id)) {
        Some(other) => tree::find(conn, other)?,
        None => above,
    };
    let required: Vec<BadgeId> = on!(conn, c => {
        badge_prerequisites::table
            .filter(badge_prerequisites::badge_id.eq(id))
            .select(badge_prerequisites::required_id)
            .load(c)
    })?;
    let needs = cards!(conn, |query| query.filter(badges::id.eq_any(&required)).order(badge_versions::name))?;
    let also_in = on!(conn, c => {
        badge_shares::table
            .inner_join(issuers::table.on(issuers::id.eq(badge_shares::issuer_id)))
            .filter(badge_shares::badge_id.eq(id))
            .order(issuers::name)
            .select((issuers::name, issuers::slug))
            .load(c)
    })?;
    let over = if badge.rights_level > 0 { narrowing::targets(conn, id)? } else { Vec::new() };
    let content = serde_json::from_str(&text).unwrap_or_default();
    Ok(Some(Found { badge, number, content, image, line, signing, needs, also_in, over }))
}

/// A node, and the badges in and below it.
pub(super) fn node(conn: &mut Conn, id: IssuerId) -> Result<Option<FoundNode>, DbError> {
    let Some(node) = tree::find(conn, id)? else { return Ok(None) };
    let line = tree::line(conn, &node.path)?;
    let below = on!(conn, c => {
        issuers::table
            .filter(issuers::parent_id.eq(id))
            .filter(issuers::archived_at.is_null())
            .order((issuers::position, issuers::name))
            .limit(MOST)
            .select((issuers::name, issuers::slug))
            .load(c)
    })?;
    let shared: Vec<BadgeId> = on!(conn, c => {
        badge_shares::table
            .inner_join(issuers::table.on(issuers::id.eq(badge_shares::issuer_id)))
            .filter(issuers::path.ge(&node.path))
            .filter(issuers::path.lt(tree::end_of(&node.path)))
            .select(badge_shares::badge_id)
            .limit(MOST)
            .load(c)
    })?;
    let cards = cards!(conn, |query| query
        .filter(
            issuers::path
                .ge(&node.path)
                .and(issuers::path.lt(tree::end_of(&node.path)))
                .or(badges::id.eq_any(&shared)),
        )
        .order((badges::position, badge_versions::name, badges::id))
        .limit(MOST))?;
    Ok(Some(FoundNode { node, line, below, cards }))
}
