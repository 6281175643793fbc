//! A badge as hosted Open Badges 2.0 describe it: a BadgeClass for each published version (OB 2.0, BadgeClass).

use diesel::prelude::*;
use serde::Serialize;

use super::{BadgeError, Content, content::Alignment};
use crate::{
    db::{Conn, DbError, on},
    ids::{BadgeId, IssuerId},
    issuers::hosted as issuer,
    problem::FieldError,
    schema::{badge_versions, badges},
};

/// A BadgeClass, as hosted badges refer to it.
#[derive(Debug, Serialize)]
pub(crate) struct BadgeClass {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    name: String,
    description: String,
    image: Image,
    criteria: Criteria,
    issuer: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alignment: Vec<AlignmentObject>,
}

#[derive(Debug, Serialize)]
struct Image {
    id: String,
    caption: String,
}

#[derive(Debug, Serialize)]
struct Criteria {
    id: String,
    narrative: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AlignmentObject {
    target_name: String,
    target_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_framework: Option<String>,
}

/// Where a version is described.
pub(crate) fn address(base: &str, badge: BadgeId, number: i32) -> String {
    format!("{base}/badges/{badge}/versions/{number}/class.json")
}

/// The BadgeClass of a published version, where the badge is given out as hosted Open Badges 2.0.
pub(crate) fn class(
    conn: &mut Conn,
    base: &str,
    badge: BadgeId,
    number: i32,
) -> Result<Option<BadgeClass>, DbError> {
    let found: Option<(String, Option<String>, Option<IssuerId>)> = on!(conn, c => {
        badge_versions::table
            .inner_join(badges::table.on(badges::id.eq(badge_versions::badge_id)))
            .filter(badge_versions::badge_id.eq(badge))
            .filter(badge_versions::number.eq(number))
            .filter(badges::hosted_ob2)
            .select((badge_versions::content, badge_versions::image_hash, badge_versions::signing_id))
            .first(c)
            .optional()
    })?;
    let Some((content, Some(image), Some(signing))) = found else { return Ok(None) };
    let content: Content = serde_json::from_str(&content).unwrap_or_default();
    Ok(Some(BadgeClass {
        context: issuer::CONTEXT,
        kind: "BadgeClass",
        id: address(base, badge, number),
        criteria: Criteria { id: format!("{base}/badges/{badge}"), narrative: content.criteria_narrative() },
        name: content.name,
        description: content.description,
        image: Image { id: format!("{base}/images/{image}"), caption: content.image_caption },
        issuer: issuer::address(base, signing),
        tags: content.tags,
        alignment: content.alignments.into_iter().map(AlignmentObject::from).collect(),
    }))
}

/// Whether the awards of a badge are given out as hosted Open Badges 2.0.
pub(crate) fn is_on(conn: &mut Conn, badge: BadgeId) -> Result<bool, DbError> {
    let on: Option<bool> =
        on!(conn, c => badges::table.find(badge).select(badges::hosted_ob2).first(c).optional())?;
    Ok(on.unwrap_or_default())
}

/// Whether a badge of this node can be turned to it.
pub(super) fn check(conn: &mut Conn, node: IssuerId) -> Result<(), BadgeError> {
    let Some(node) = issuer::without_email(conn, node)? else { return Ok(()) };
    let message = format!(
        "needs an e-mail address of the issuer, which Open Badges 2.0 demands: write one for {} first",
        node.name
    );
    let path = "hosted_ob2".to_owned();
    Err(BadgeError::Fields(vec![FieldError { path, code: "issuer_email", message }]))
}

impl From<Alignment> for AlignmentObject {
    fn from(alignment: Alignment) -> Self {
        let Alignment { target_name, target_url, target_code, target_framework } = alignment;
        Self { target_name, target_url, target_code, target_framework }
    }
}
