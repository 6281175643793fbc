//! Nodes: added, found, moved. A path holds the ids from the root down, so a subtree is a range of paths.

use diesel::{pg::Pg, prelude::*, sqlite::Sqlite};
use serde::{Deserialize, Serialize};

use super::{
    IssuerError,
    slugs::{self, Named, Slug},
};
use crate::{
    clock::Moment,
    contacts::EmailOrNothing,
    db::{Conn, DbError, on},
    ids::IssuerId,
    images,
    problem::Faults,
    schema::issuers,
    texts::schema::{Line, Paragraph, WebAddressOrNothing},
};

/// How many nodes may stand one below the other.
pub(crate) const DEEPEST: usize = 12;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = IssuerKind)]
pub(crate) enum Kind {
    /// Stands at the top and signs.
    Organisation,
    /// Stands below and signs with a key of its own.
    Issuer,
    /// Stands below and does not sign.
    Programme,
}

/// A node as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = issuers, check_for_backend(Pg, Sqlite), treat_none_as_null = true)]
pub(crate) struct Node {
    pub(crate) id: IssuerId,
    pub(crate) organisation_id: IssuerId,
    pub(crate) parent_id: Option<IssuerId>,
    pub(crate) kind: String,
    pub(crate) path: String,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) image_hash: Option<String>,
    pub(crate) position: i32,
    pub(crate) archived_at: Option<Moment>,
    pub(crate) created_at: Moment,
    pub(crate) version: i32,
}

/// What a new node is to be.
#[derive(Clone, Debug)]
pub(crate) struct NewNode {
    pub(crate) parent: Option<IssuerId>,
    pub(crate) kind: Kind,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) email: Option<String>,
}

impl Kind {
    /// As in the database and the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Issuer => "issuer",
            Self::Programme => "programme",
        }
    }

    /// Whether awards are signed in its name.
    pub(crate) fn signs(self) -> bool {
        !matches!(self, Self::Programme)
    }
}

impl Node {
    /// What it is; what a newer program wrote counts as a programme, which cannot sign.
    pub(crate) fn kind(&self) -> Kind {
        [Kind::Organisation, Kind::Issuer]
            .into_iter()
            .find(|kind| kind.name() == self.kind)
            .unwrap_or(Kind::Programme)
    }
}

/// Adds a node below another, or an organisation at the top.
pub(crate) fn add(conn: &mut Conn, new: NewNode, now: Moment) -> Result<Node, IssuerError> {
    slugs::check(&new.slug)?;
    let id = IssuerId::new(now)?;
    let parent = match new.parent {
        None if new.kind == Kind::Organisation => None,
        Some(_) if new.kind == Kind::Organisation => return Err(IssuerError::BelowTop),
        None => return Err(IssuerError::NoNode),
        Some(parent) => Some(find(conn, parent)?.ok_or(IssuerError::NoNode)?),
    };
    let path = format!("{}{id}/", parent.as_ref().map_or("", |parent| &parent.path));
    if path.matches('/').count() > DEEPEST {
        return Err(IssuerError::TooDeep);
    }
    let node = Node {
        id,
        organisation_id: parent.as_ref().map_or(id, |parent| parent.organisation_id),
        parent_id: parent.as_ref().map(|parent| parent.id),
        kind: new.kind.name().to_owned(),
        path,
        slug: new.slug,
        name: new.name,
        description: new.description,
        url: new.url,
        email: new.email,
        image_hash: None,
        position: 0,
        archived_at: None,
        created_at: now,
        version: 1,
    };
    on!(conn, c => diesel::insert_into(issuers::table).values(&node).execute(c))?;
    slugs::give(conn, Named::Issuer(id), &node.slug)?;
    conn.changed()?;
    Ok(node)
}

/// The node of an identifier.
pub(crate) fn find(conn: &mut Conn, id: IssuerId) -> Result<Option<Node>, DbError> {
    on!(conn, c => issuers::table.find(id).select(Node::as_select()).first(c).optional())
}

/// The node of a path and all above it, from the root down.
pub(crate) fn line(conn: &mut Conn, path: &str) -> Result<Vec<Node>, DbError> {
    let ids: Vec<IssuerId> = path.split('/').filter_map(|id| id.parse().ok()).collect();
    let mut nodes: Vec<Node> =
        on!(conn, c => issuers::table.filter(issuers::id.eq_any(&ids)).select(Node::as_select()).load(c))?;
    nodes.sort_by_key(|node| node.path.len());
    Ok(nodes)
}

/// The nodes of an organisation, from the root down, behind a path.
pub(crate) fn list(
    conn: &mut Conn,
    organisation: IssuerId,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Node>, DbError> {
    let root = format!("{organisation}/");
    let after = after.filter(|after| after.starts_with(&root)).unwrap_or("").to_owned();
    on!(conn, c => {
        issuers::table
            .filter(issuers::path.gt(after))
            .filter(issuers::path.ge(&root))
            .filter(issuers::path.lt(end_of(&root)))
            .order(issuers::path)
            .limit(limit)
            .select(Node::as_select())
            .load(c)
    })
}

/// Whether this can be where a node stands: the identifiers from the root down.
pub(super) fn is_path(text: &str) -> bool {
    text.strip_suffix('/').is_some_and(|ids| ids.split('/').all(|id| id.parse::<IssuerId>().is_ok()))
}

/// What is asked to change in a node; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = IssuerChange)]
pub(crate) struct Change {
    #[schema(value_type = Option<Slug>)]
    pub(crate) slug: Option<String>,
    #[schema(value_type = Option<Line>)]
    pub(crate) name: Option<String>,
    #[schema(value_type = Option<Paragraph>)]
    pub(crate) description: Option<String>,
    #[schema(value_type = Option<WebAddressOrNothing>)]
    pub(crate) url: Option<String>,
    #[schema(value_type = Option<EmailOrNothing>)]
    pub(crate) email: Option<String>,
    /// The hash that an upload was answered with; empty: that of the node above.
    pub(crate) image: Option<String>,
    pub(crate) position: Option<i32>,
    pub(crate) archived: Option<bool>,
}

/// Changes what a node says. Its earlier slug leads here for ever.
pub(crate) fn change(
    conn: &mut Conn,
    id: IssuerId,
    change: Change,
    now: Moment,
) -> Result<Node, IssuerError> {
    let mut node = find(conn, id)?.ok_or(IssuerError::NoNode)?;
    if let Some(slug) = change.slug.filter(|slug| *slug != node.slug) {
        slugs::rename(conn, Named::Issuer(id), &slug, now)?;
        node.slug = slug;
    }
    if let Some(hash) = change.image.as_deref().filter(|hash| !hash.is_empty()) {
        let mut faults = Faults::default();
        images::look_for(conn, hash, &mut faults)?;
        faults.none_or(IssuerError::Fields)?;
    }
    node.name = change.name.unwrap_or(node.name);
    // An empty text takes away what was said: what stands above counts again.
    let said = |new: Option<String>, old: Option<String>| new.or(old).filter(|text| !text.is_empty());
    node.description = said(change.description, node.description);
    node.url = said(change.url, node.url);
    node.email = said(change.email, node.email);
    node.image_hash = said(change.image, node.image_hash);
    node.position = change.position.unwrap_or(node.position);
    node.archived_at = match change.archived {
        Some(true) => node.archived_at.or(Some(now)),
        Some(false) => None,
        None => node.archived_at,
    };
    node.version += 1;
    on!(conn, c => {
        diesel::update(issuers::table.find(id)).set(&node).execute(c)
    })?;
    conn.changed()?;
    Ok(node)
}

/// Puts a node and all below it under another. No address changes: none holds a place.
pub(crate) fn move_branch(conn: &mut Conn, id: IssuerId, parent: IssuerId) -> Result<Node, IssuerError> {
    let node = find(conn, id)?.ok_or(IssuerError::NoNode)?;
    let parent = find(conn, parent)?.ok_or(IssuerError::NoNode)?;
    if node.parent_id.is_none() || node.organisation_id != parent.organisation_id {
        return Err(IssuerError::Top);
    }
    if parent.path.starts_with(&node.path) {
        return Err(IssuerError::Loop);
    }
    let branch: Vec<(IssuerId, String)> = on!(conn, c => {
        issuers::table
            .filter(issuers::path.ge(&node.path))
            .filter(issuers::path.lt(end_of(&node.path)))
            .select((issuers::id, issuers::path))
            .order(issuers::path)
            .load(c)
    })?;
    let path = format!("{}{id}/", parent.path);
    for (below, old) in branch {
        let new = format!("{path}{}", old.strip_prefix(&node.path).unwrap_or_default());
        if new.matches('/').count() > DEEPEST {
            return Err(IssuerError::TooDeep);
        }
        on!(conn, c => diesel::update(issuers::table.find(below)).set(issuers::path.eq(new)).execute(c))?;
    }
    on!(conn, c => {
        diesel::update(issuers::table.find(id))
            .set((issuers::parent_id.eq(parent.id), issuers::version.eq(issuers::version + 1)))
            .execute(c)
    })?;
    conn.changed()?;
    find(conn, id)?.ok_or(IssuerError::NoNode)
}

/// Who signs for the last of a line from the root: the nearest organisation or issuer.
pub(crate) fn signing(line: &[Node]) -> Option<&Node> {
    line.iter().rev().find(|node| node.kind().signs())
}

/// The first path behind a subtree: a slash is followed by 0.
pub(crate) fn end_of(path: &str) -> String {
    format!("{}0", path.trim_end_matches('/'))
}
