//! The tree as those see it who work on it: nodes and badges, drafts and what is archived among them.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Kind, Node, tree};
use crate::{
    clock::Moment,
    db::{Conn, DbError, on},
    ids::{BadgeId, IssuerId},
    rights::{Action, Actor},
    schema::{badge_versions, badges},
    web::components::{self, NodeKind, Picture, Tree},
};

/// The most nodes and badges of one page.
const MOST: i64 = 5_000;

/// A badge as a leaf of the tree.
struct Leaf {
    slug: String,
    name: String,
    image: Option<String>,
    published: bool,
    archived: bool,
}

type Row = (BadgeId, IssuerId, String, Option<i32>, Option<Moment>, String, Option<String>, i32);

/// Every node that the actor may see, and those above them, from the root down.
pub(super) fn nodes(conn: &mut Conn, actor: &Actor) -> Result<Vec<Node>, DbError> {
    let reach = actor.reach(Action::ViewHierarchy);
    let all = tree::list(conn, actor.organisation, None, MOST)?;
    let seen =
        |node: &Node| reach.iter().any(|path| node.path.starts_with(path) || path.starts_with(&node.path));
    Ok(all.into_iter().filter(|node| seen(node)).collect())
}

/// The tree of some nodes, with the badges in them.
pub(super) fn tree(
    conn: &mut Conn,
    actor: &Actor,
    nodes: &[Node],
    chosen: Option<IssuerId>,
) -> Result<Tree, DbError> {
    let rows: Vec<Row> = on!(conn, c => {
        badges::table
            .inner_join(badge_versions::table.on(badge_versions::badge_id.eq(badges::id)))
            .filter(badges::organisation_id.eq(actor.organisation))
            .filter(
                badge_versions::published_at.is_null().or(badge_versions::number.nullable().eq(badges::newest)),
            )
            .order((badges::position, badge_versions::name, badges::id))
            .limit(MOST)
            .select((
                badges::id,
                badges::issuer_id,
                badges::slug,
                badges::newest,
                badges::archived_at,
                badge_versions::name,
                badge_versions::image_hash,
                badge_versions::number,
            ))
            .load(c)
    })?;
    let mut leaves: HashMap<IssuerId, Vec<Leaf>> = HashMap::new();
    for (_, issuer, slug, newest, archived, name, image, number) in rows {
        // A badge with a draft behind its newest version stands once, as what is awarded.
        if newest.is_some_and(|newest| newest != number) {
            continue;
        }
        let leaf = Leaf { slug, name, image, published: newest.is_some(), archived: archived.is_some() };
        leaves.entry(issuer).or_default().push(leaf);
    }
    let mut below: HashMap<Option<IssuerId>, Vec<&Node>> = HashMap::new();
    for node in nodes {
        below.entry(node.parent_id).or_default().push(node);
    }
    for children in below.values_mut() {
        children.sort_by(|one, other| (one.position, &one.name).cmp(&(other.position, &other.name)));
    }
    let roots = below.get(&None).into_iter().flatten();
    Ok(Tree { roots: roots.map(|root| branch(root, &below, &mut leaves, chosen)).collect() })
}

/// The hierarchy is at most twelve levels deep.
fn branch(
    node: &Node,
    below: &HashMap<Option<IssuerId>, Vec<&Node>>,
    leaves: &mut HashMap<IssuerId, Vec<Leaf>>,
    chosen: Option<IssuerId>,
) -> components::Node {
    let kind = match node.kind() {
        Kind::Organisation => NodeKind::Organisation,
        Kind::Issuer => NodeKind::Issuer,
        Kind::Programme => NodeKind::Programme,
    };
    let own: Vec<_> = leaves.remove(&node.id).unwrap_or_default().into_iter().map(leaf).collect();
    let children = below.get(&Some(node.id)).into_iter().flatten();
    let children: Vec<_> = children.map(|child| branch(child, below, leaves, chosen)).collect();
    let shown = components::Node {
        archived: node.archived_at.is_some(),
        current: chosen == Some(node.id),
        ..components::Node::new(kind, &node.name, format!("/hierarchy?node={}#chosen", node.id))
    };
    shown.with(own).with(children)
}

fn leaf(leaf: Leaf) -> components::Node {
    let picture = leaf.image.map(|hash| Picture::new(format!("/images/{hash}"), ""));
    components::Node {
        picture,
        archived: leaf.archived,
        note: (!leaf.published).then(|| "Draft".to_owned()),
        ..components::Node::new(NodeKind::Badge, leaf.name, format!("/badges/{}/edit", leaf.slug))
    }
}

/// The names of a node and of those above it, as one line.
pub(super) fn called(nodes: &[Node], node: &Node) -> String {
    let name = |id: &str| nodes.iter().find(|one| one.id.to_string() == id).map(|one| one.name.as_str());
    node.path.split('/').filter_map(name).collect::<Vec<_>>().join(" › ")
}
