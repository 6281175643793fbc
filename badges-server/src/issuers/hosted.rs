//! What hosted badges of Open Badges 2.0 say of their issuer: a Profile of that edition (OB 2.0, Profile).

use diesel::prelude::*;
use serde::Serialize;

use super::{
    profile,
    tree::{self, Node},
};
use crate::{
    db::{Conn, DbError, on},
    ids::IssuerId,
    schema::{badge_versions, badges, issuers},
};

/// The context of Open Badges 2.0.
pub(crate) use badges_core::model::ob2::OB_20 as CONTEXT;

/// A Profile, as hosted badges refer to it.
#[derive(Debug, Serialize)]
pub(crate) struct HostedProfile {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    name: String,
    url: String,
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
}

/// Where it stands: beside the node's own address, which holds no slug and no place in the tree.
pub(crate) fn address(base: &str, issuer: IssuerId) -> String {
    format!("{}/profile.json", profile::address(base, issuer))
}

/// The Profile of a node that signs. There is none without an e-mail address, which Open Badges 2.0 demands.
pub(crate) fn profile(
    conn: &mut Conn,
    base: &str,
    issuer: IssuerId,
) -> Result<Option<HostedProfile>, DbError> {
    let Some(node) = tree::find(conn, issuer)?.filter(|node| node.kind().signs()) else { return Ok(None) };
    let line = tree::line(conn, &node.path)?;
    let said =
        |member: fn(&Node) -> &Option<String>| line.iter().rev().find_map(|above| member(above).clone());
    let Some(email) = said(|node| &node.email) else { return Ok(None) };
    Ok(Some(HostedProfile {
        context: CONTEXT,
        kind: "Issuer",
        id: address(base, issuer),
        url: said(|node| &node.url).unwrap_or_else(|| profile::address(base, issuer)),
        email,
        description: said(|node| &node.description),
        image: said(|node| &node.image_hash).map(|hash| format!("{base}/images/{hash}")),
        name: node.name,
    }))
}

/// The node that would sign for this one, if it lacks the e-mail address that Open Badges 2.0 demands.
pub(crate) fn without_email(conn: &mut Conn, node: IssuerId) -> Result<Option<Node>, DbError> {
    let Some(node) = tree::find(conn, node)? else { return Ok(None) };
    let mut line = tree::line(conn, &node.path)?;
    while line.last().is_some_and(|last| !last.kind().signs()) {
        line.pop();
    }
    let has = line.iter().any(|above| above.email.is_some());
    Ok(line.pop().filter(|_| !has))
}

/// A node that signs badges at or below another, or did, which are given out as hosted Open Badges 2.0, and lacks the
/// e-mail address for it.
pub(super) fn lacking_email(conn: &mut Conn, changed: &Node) -> Result<Option<Node>, DbError> {
    let organisation = changed.organisation_id;
    let hosted = badges::table.filter(badges::organisation_id.eq(organisation)).filter(badges::hosted_ob2);
    let at: Vec<IssuerId> = on!(conn, c => hosted.select(badges::issuer_id).distinct().load(c))?;
    if at.is_empty() {
        return Ok(None);
    }
    let signed: Vec<Option<IssuerId>> = on!(conn, c => {
        badge_versions::table
            .inner_join(badges::table.on(badges::id.eq(badge_versions::badge_id)))
            .filter(badges::organisation_id.eq(organisation))
            .filter(badges::hosted_ob2)
            .select(badge_versions::signing_id)
            .distinct()
            .load(c)
    })?;
    let nodes: Vec<Node> = on!(conn, c => {
        issuers::table.filter(issuers::organisation_id.eq(organisation)).select(Node::as_select()).load(c)
    })?;
    let above =
        |node: &Node| nodes.iter().filter(|other| node.path.starts_with(&other.path)).collect::<Vec<_>>();
    let signs = |id: IssuerId| {
        let line = above(nodes.iter().find(|node| node.id == id)?);
        line.into_iter().filter(|node| node.kind().signs()).max_by_key(|node| node.path.len())
    };
    let below =
        |id: &IssuerId| nodes.iter().any(|node| node.id == *id && node.path.starts_with(&changed.path));
    let mut signing = at.into_iter().chain(signed.into_iter().flatten()).filter(below).filter_map(signs);
    let lacking = signing.find(|node| above(node).iter().all(|other| other.email.is_none()));
    Ok(lacking.cloned())
}
