//! What all awards of a version have in common, ready to be put into each.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use badges_core::time::Timestamp;
use diesel::prelude::*;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    BadgeError, Content,
    content::{Alignment, ResultDescription},
    versions::Badge,
};
use crate::{
    clock::Moment,
    db::{Conn, DbError, on},
    ids::{BadgeId, IssuerId},
    issuers::{
        Kind, Node, Signers, Signing,
        profile::{self, Image, Profile},
        tree,
    },
    rights::Place,
    schema::{badge_prerequisites, badge_versions, badges, changes},
};

/// A badge that can be awarded at this moment.
pub(crate) struct Prepared {
    pub(crate) badge: Badge,
    pub(crate) number: i32,
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) signing_id: IssuerId,
    pub(crate) signing: Arc<Signing>,
    /// The issuer's Profile, and the Achievement: JSON.
    pub(crate) issuer: Box<RawValue>,
    pub(crate) achievement: Box<RawValue>,
    pub(crate) expires_after: Option<u32>,
    pub(crate) prerequisites: Vec<BadgeId>,
    /// Of `changes`, when this was read.
    generation: i64,
}

/// Badges that were awarded lately, each as long as nothing in the hierarchy changes.
#[derive(Default)]
pub(crate) struct Shelf(RwLock<HashMap<BadgeId, Arc<Prepared>>>);

/// How many badges the shelf holds before it is emptied.
const ROOM: usize = 1_024;

impl Shelf {
    /// What was read before, whether it still holds or not.
    pub(crate) fn last(&self, badge: BadgeId) -> Option<Arc<Prepared>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&badge).map(Arc::clone)
    }

    /// The newest version of a badge, read anew only if something changed since.
    pub(crate) fn newest(
        &self,
        conn: &mut Conn,
        signers: &Signers,
        base: &str,
        badge: BadgeId,
    ) -> Result<Arc<Prepared>, BadgeError> {
        let generation = generation(conn)?;
        self.of_generation(conn, signers, base, badge, generation)
    }

    /// The same of several, each with its own answer.
    pub(crate) fn newest_of(
        &self,
        conn: &mut Conn,
        signers: &Signers,
        base: &str,
        badges: &[BadgeId],
    ) -> Result<Vec<Result<Arc<Prepared>, BadgeError>>, DbError> {
        let generation = generation(conn)?;
        let newest =
            badges.iter().map(|badge| match self.of_generation(conn, signers, base, *badge, generation) {
                Err(BadgeError::Database(error)) => Err(error),
                answer => Ok(answer),
            });
        newest.collect()
    }

    fn of_generation(
        &self,
        conn: &mut Conn,
        signers: &Signers,
        base: &str,
        badge: BadgeId,
        generation: i64,
    ) -> Result<Arc<Prepared>, BadgeError> {
        if let Some(last) = self.last(badge).filter(|last| last.generation == generation) {
            return Ok(last);
        }
        let prepared = Arc::new(read(conn, signers, base, badge, generation)?);
        let mut shelf = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if shelf.len() >= ROOM {
            shelf.clear();
        }
        shelf.insert(badge, Arc::clone(&prepared));
        Ok(prepared)
    }
}

/// How often something in the hierarchy has changed.
fn generation(conn: &mut Conn) -> Result<i64, DbError> {
    on!(conn, c => changes::table.select(changes::counter).first(c))
}

impl Prepared {
    /// When an award that is made now is signed: at the time that was asked for, but not before it can no longer be
    /// undone.
    pub(crate) fn issues(&self, asked: Option<Moment>, now: Moment) -> Moment {
        let undo = Duration::from_secs(self.badge.undo_seconds.unsigned_abs().into());
        asked.unwrap_or(now).max(now.plus(undo))
    }

    /// When an award that is made now expires: at the time that was asked for, or after the badge's own.
    pub(crate) fn expires(&self, asked: Option<Timestamp>, now: Moment) -> Option<Moment> {
        let after = self.expires_after.map(|seconds| now.plus(Duration::from_secs(seconds.into())));
        asked.map(Moment::from).or(after)
    }
}

fn read(
    conn: &mut Conn,
    signers: &Signers,
    base: &str,
    id: BadgeId,
    generation: i64,
) -> Result<Prepared, BadgeError> {
    let badge: Option<Badge> =
        on!(conn, c => badges::table.find(id).select(Badge::as_select()).first(c).optional())?;
    let badge = badge.ok_or(BadgeError::NoBadge)?;
    if badge.archived_at.is_some() {
        return Err(BadgeError::Archived);
    }
    let number = badge.newest.ok_or(BadgeError::Unpublished)?;
    of_badge(conn, signers, base, badge, number, generation)
}

/// A version that awards were promised of, whatever became of the badge since.
pub(crate) fn of_version(
    conn: &mut Conn,
    signers: &Signers,
    base: &str,
    id: BadgeId,
    number: i32,
) -> Result<Prepared, BadgeError> {
    let badge: Badge = on!(conn, c => badges::table.find(id).select(Badge::as_select()).first(c))?;
    of_badge(conn, signers, base, badge, number, 0)
}

fn of_badge(
    conn: &mut Conn,
    signers: &Signers,
    base: &str,
    badge: Badge,
    number: i32,
    generation: i64,
) -> Result<Prepared, BadgeError> {
    type Version = (String, Option<IssuerId>, Option<String>);
    let id = badge.id;
    let (content, signing_id, achievement): Version = on!(conn, c => {
        badge_versions::table
            .find((id, number))
            .select((badge_versions::content, badge_versions::signing_id, badge_versions::achievement))
            .first(c)
    })?;
    let (Some(signing_id), Some(achievement)) = (signing_id, achievement) else {
        return Err(BadgeError::Unpublished);
    };
    let content: Content = serde_json::from_str(&content).unwrap_or_default();
    let prerequisites = on!(conn, c => {
        badge_prerequisites::table
            .filter(badge_prerequisites::badge_id.eq(id))
            .select(badge_prerequisites::required_id)
            .load(c)
    })?;
    let node = tree::find(conn, badge.issuer_id)?.ok_or(BadgeError::NoBadge)?;
    // Nothing new is awarded under a node that is kept for the record.
    if tree::line(conn, &node.path)?.iter().any(|above| above.archived_at.is_some()) {
        return Err(BadgeError::Archived);
    }
    let signing_node = tree::find(conn, signing_id)?.ok_or(BadgeError::NoBadge)?;
    let line = tree::line(conn, &signing_node.path)?;
    let signing = signers.signing(conn, signing_id)?;
    let issuer = Profile::of(&line, signers.issuer_id(&signing, signing_id), base);
    Ok(Prepared {
        number,
        name: content.name,
        place: Place {
            organisation: badge.organisation_id,
            path: node.path,
            badge: Some((id, badge.rights_level)),
        },
        badge,
        signing_id,
        signing,
        issuer: raw(&issuer),
        achievement: RawValue::from_string(achievement).unwrap_or_default(),
        expires_after: content.expires_after,
        prerequisites,
        generation,
    })
}

/// What [`achievement`] needs.
pub(crate) struct Published<'a> {
    pub(crate) base: &'a str,
    pub(crate) badge: BadgeId,
    pub(crate) number: i32,
    pub(crate) content: &'a Content,
    pub(crate) image: Option<&'a str>,
    /// From the root to the node that the badge stands under.
    pub(crate) line: &'a [Node],
}

/// The Achievement (OB 3.0 §B.1.1) of a version, as JSON.
pub(crate) fn achievement(published: &Published<'_>) -> String {
    let Published { base, badge, number, content, image, line, .. } = *published;
    let creator = line.last().filter(|node| node.kind() == Kind::Programme).map(|node| {
        // A programme does not sign, so no key answers to a DID of its own.
        Profile::of(line, profile::address(base, node.id), base)
    });
    let achievement = Achievement {
        id: format!("{base}/badges/{badge}/versions/{number}"),
        kind: ["Achievement"],
        name: &content.name,
        description: &content.description,
        criteria: Criteria { id: format!("{base}/badges/{badge}"), narrative: content.criteria_narrative() },
        image: image.map(|hash| Image::new(base, hash, Some(content.image_caption.clone()))),
        achievement_type: content.achievement_type.as_deref(),
        creator,
        tag: &content.tags,
        alignment: content.alignments.iter().map(AlignmentOut::from).collect(),
        result_description: (0..)
            .zip(&content.results)
            .map(|(at, result)| described(base, badge, number, at, result))
            .collect(),
    };
    serde_json::to_string(&achievement).unwrap_or_default()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Achievement<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    name: &'a str,
    description: &'a str,
    criteria: Criteria,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Image>,
    #[serde(skip_serializing_if = "Option::is_none")]
    achievement_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creator: Option<Profile>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tag: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alignment: Vec<AlignmentOut<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    result_description: Vec<ResultOut<'a>>,
}

#[derive(Serialize)]
struct Criteria {
    id: String,
    narrative: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AlignmentOut<'a> {
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    target_name: &'a str,
    target_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_framework: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultOut<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    name: &'a str,
    result_type: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    allowed_value: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rubric_criterion_level: Vec<LevelOut<'a>>,
}

#[derive(Serialize)]
struct LevelOut<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
}

impl<'a> From<&'a Alignment> for AlignmentOut<'a> {
    fn from(alignment: &'a Alignment) -> Self {
        let Alignment { target_name, target_url, target_code, target_framework } = alignment;
        Self {
            kind: ["Alignment"],
            target_name,
            target_url,
            target_code: target_code.as_deref(),
            target_framework: target_framework.as_deref(),
        }
    }
}

fn described<'a>(
    base: &str,
    badge: BadgeId,
    number: i32,
    at: usize,
    result: &'a ResultDescription,
) -> ResultOut<'a> {
    let id = format!("{base}/badges/{badge}/versions/{number}#result-{at}");
    let level = |(level, described): (usize, &'a super::content::RubricLevel)| LevelOut {
        id: format!("{id}-level-{level}"),
        kind: ["RubricCriterionLevel"],
        name: &described.name,
        description: described.description.as_deref(),
    };
    ResultOut {
        kind: ["ResultDescription"],
        name: &result.name,
        result_type: &result.result_type,
        allowed_value: &result.allowed_values,
        rubric_criterion_level: result.levels.iter().enumerate().map(level).collect(),
        id,
    }
}

/// JSON of our own types cannot fail to be written.
fn raw(value: &impl Serialize) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).unwrap_or_default()
}
