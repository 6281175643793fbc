//! What no credential says of a badge, and may change at any time.

use diesel::prelude::*;
use serde::Deserialize;

use super::{BadgeError, versions::Badge};
use crate::{
    auth::Access,
    clock::Moment,
    db::{Conn, on},
    ids::{BadgeId, IssuerId},
    issuers::{IssuerError, Node, slugs::Slug, tree},
    problem::{Faults, FieldError, Problem},
    rights::Action,
    schema::{badge_prerequisites, badge_shares, badges, issuers},
    texts::schema::{Entries, either, kinds, number, one_of},
};

/// The tracks, with none.
const TRACKS: [&str; 5] = ["teach", "build", "organise", "learn", ""];
/// Who may see an award.
pub(crate) const SEEN_BY: [&str; 3] = ["public", "link", "private"];
/// How long an award can be taken back at the most, in seconds, and the highest level.
const LONGEST_UNDO: i32 = 604_800;
const HIGHEST: i32 = 9;

kinds! {
    /// What a badge is for; an empty text takes it away.
    TrackName one_of(TRACKS);
    /// Who may see an award: everybody on the badge's page too, who knows its address, or its holder and staff.
    Visibility one_of(SEEN_BY);
    /// How often a badge may be awarded; 0 takes the limit away.
    AwardLimit number(0, i32::MAX.into());
    /// How long an award can be taken back before it is signed.
    UndoSeconds number(0, LONGEST_UNDO.into());
    /// What holding a badge lets one award: badges of a lower level.
    RightsLevel number(0, HIGHEST.into());
    /// A badge, or a node with all below it.
    RightsTarget either::<BadgeId, IssuerId>();
}

/// What no credential says, and may change at any time; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = BadgeSettings)]
pub(crate) struct Settings {
    /// The node that it stands in; under another issuer it signs from the next version on.
    pub(crate) issuer: Option<IssuerId>,
    #[schema(value_type = Option<Slug>)]
    pub(crate) slug: Option<String>,
    /// `teach`, `build`, `organise` or `learn`.
    #[schema(value_type = Option<TrackName>)]
    pub(crate) track: Option<String>,
    /// Whether a person holds it once.
    pub(crate) unique: Option<bool>,
    /// How often it may be awarded; 0 takes the limit away.
    #[schema(value_type = Option<AwardLimit>)]
    pub(crate) limit: Option<i32>,
    /// How long an award can be taken back before it is signed.
    #[schema(value_type = Option<UndoSeconds>)]
    pub(crate) undo_seconds: Option<i32>,
    pub(crate) suspendable: Option<bool>,
    pub(crate) hosted_ob2: Option<bool>,
    /// `public`, `link` or `private`: what new awards are.
    #[schema(value_type = Option<Visibility>)]
    pub(crate) visibility: Option<String>,
    /// What holding it lets one award: badges of a lower level.
    #[schema(value_type = Option<RightsLevel>)]
    pub(crate) rights_level: Option<i32>,
    /// The badges, and the nodes with all below them, by identifier, over which alone that is; none: over all. They
    /// take the place of those that were named.
    #[schema(value_type = Option<Entries<RightsTarget>>, inline)]
    pub(crate) rights_over: Option<Vec<String>>,
    /// Badges that one must hold before this one; they take the place of those that were required.
    #[schema(value_type = Option<Entries<BadgeId>>, inline)]
    pub(crate) requires: Option<Vec<BadgeId>>,
    /// Other nodes that show it as theirs too; they take the place of those that did.
    #[schema(value_type = Option<Entries<IssuerId>>, inline)]
    pub(crate) also_in: Option<Vec<IssuerId>>,
    pub(crate) archived: Option<bool>,
}

impl Settings {
    /// Lists that are longer than anybody needs.
    fn excess(&self) -> Vec<FieldError> {
        let mut faults = Faults::default();
        for (path, many) in [
            ("rights_over", self.rights_over.as_ref().map_or(0, Vec::len)),
            ("requires", self.requires.as_ref().map_or(0, Vec::len)),
            ("also_in", self.also_in.as_ref().map_or(0, Vec::len)),
        ] {
            faults.entries(path, many);
        }
        faults.0
    }

    /// Nobody grants a right that they lack: what a badge lets its holders do is given over the whole organisation.
    pub(crate) fn permitted(&self, access: &Access) -> Result<(), Problem> {
        let present = access.place().and_then(|place| place.badge).map_or(0, |(_, level)| level);
        if self.rights_level.unwrap_or(present) == present && self.rights_over.is_none() {
            return Ok(());
        }
        access.permit_also(Action::ManageRoles, &access.actor()?.organisation_place())
    }
}

impl Badge {
    pub(super) fn take(&mut self, settings: &Settings, now: Moment) -> Result<(), BadgeError> {
        let mut faults = Vec::new();
        let mut one_of = |path: &str, value: &Option<String>, known: &[&str]| {
            if value.as_ref().is_some_and(|value| !known.contains(&value.as_str())) {
                let known: Vec<_> = known.iter().copied().filter(|word| !word.is_empty()).collect();
                let message = format!("must be one of {}", known.join(", "));
                faults.push(FieldError { path: path.to_owned(), code: "value", message });
            }
        };
        one_of("track", &settings.track, &TRACKS);
        one_of("visibility", &settings.visibility, &SEEN_BY);
        for (path, value, most) in [
            ("limit", settings.limit, i32::MAX),
            ("undo_seconds", settings.undo_seconds, LONGEST_UNDO),
            ("rights_level", settings.rights_level, HIGHEST),
        ] {
            if value.is_some_and(|value| !(0..=most).contains(&value)) {
                let message = format!("must be a number from 0 to {most}");
                faults.push(FieldError { path: path.to_owned(), code: "range", message });
            }
        }
        faults.extend(settings.excess());
        if settings.limit.is_some_and(|limit| limit > 0 && limit < self.awarded) {
            let message = format!("is below the {} awards that were made", self.awarded);
            faults.push(FieldError { path: "limit".to_owned(), code: "awarded", message });
        }
        if !faults.is_empty() {
            return Err(BadgeError::Fields(faults));
        }
        // An empty text takes the track away.
        self.track = settings.track.clone().or(self.track.take()).filter(|track| !track.is_empty());
        self.held_once = settings.unique.unwrap_or(self.held_once);
        self.award_limit = settings.limit.or(self.award_limit).filter(|limit| *limit > 0);
        self.undo_seconds = settings.undo_seconds.unwrap_or(self.undo_seconds);
        self.suspendable = settings.suspendable.unwrap_or(self.suspendable);
        self.hosted_ob2 = settings.hosted_ob2.unwrap_or(self.hosted_ob2);
        if let Some(visibility) = &settings.visibility {
            self.visibility.clone_from(visibility);
        }
        self.rights_level = settings.rights_level.unwrap_or(self.rights_level);
        self.archived_at = match settings.archived {
            Some(true) => self.archived_at.or(Some(now)),
            Some(false) => None,
            None => self.archived_at,
        };
        Ok(())
    }
}

/// Says which badges must be held before this one.
pub(super) fn require(conn: &mut Conn, badge: &Badge, requires: &[BadgeId]) -> Result<(), BadgeError> {
    let own: Vec<BadgeId> = on!(conn, c => {
        badges::table
            .filter(badges::id.eq_any(requires))
            .filter(badges::organisation_id.eq(badge.organisation_id))
            .filter(badges::id.ne(badge.id))
            .select(badges::id)
            .load(c)
    })?;
    let mut faults = Faults::default();
    let refusal = ("no_badge", "is no other badge of this organisation");
    faults.each("requires", requires, |required| own.contains(required), refusal);
    faults.none_or(BadgeError::Fields)?;
    let old = badge_prerequisites::table.filter(badge_prerequisites::badge_id.eq(badge.id));
    on!(conn, c => diesel::delete(old).execute(c))?;
    let rows: Vec<_> = own
        .into_iter()
        .map(|required| {
            (badge_prerequisites::badge_id.eq(badge.id), badge_prerequisites::required_id.eq(required))
        })
        .collect();
    if !rows.is_empty() {
        on!(conn, c => diesel::insert_into(badge_prerequisites::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Says which other nodes show it. Who adds one must be able to add a badge of their own there.
pub(super) fn share(
    conn: &mut Conn,
    badge: &Badge,
    nodes: &[IssuerId],
    may: &dyn Fn(&Node) -> bool,
) -> Result<(), BadgeError> {
    let shown: Vec<IssuerId> = on!(conn, c => {
        badge_shares::table
            .filter(badge_shares::badge_id.eq(badge.id))
            .select(badge_shares::issuer_id)
            .load(c)
    })?;
    let known: Vec<Node> = on!(conn, c => {
        issuers::table
            .filter(issuers::id.eq_any(nodes))
            .filter(issuers::organisation_id.eq(badge.organisation_id))
            .select(Node::as_select())
            .load(c)
    })?;
    let good = |id: &IssuerId| known.iter().any(|node| node.id == *id && (shown.contains(id) || may(node)));
    let mut faults = Faults::default();
    let refusal = ("no_node", "is no node of this organisation in which you may add badges");
    faults.each("also_in", nodes, good, refusal);
    faults.none_or(BadgeError::Fields)?;
    let old = badge_shares::table.filter(badge_shares::badge_id.eq(badge.id));
    on!(conn, c => diesel::delete(old).execute(c))?;
    let others = known.iter().filter(|node| node.id != badge.issuer_id);
    let rows: Vec<_> = others
        .map(|node| (badge_shares::badge_id.eq(badge.id), badge_shares::issuer_id.eq(node.id)))
        .collect();
    if !rows.is_empty() {
        on!(conn, c => diesel::insert_into(badge_shares::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Puts the badge under another node of its organisation. What was awarded keeps its issuer.
pub(super) fn relocate(
    conn: &mut Conn,
    badge: &mut Badge,
    issuer: IssuerId,
    may: &dyn Fn(&Node) -> bool,
) -> Result<(), BadgeError> {
    let node = tree::find(conn, issuer)?.filter(|node| node.organisation_id == badge.organisation_id);
    let node = node.filter(|node| may(node)).ok_or(IssuerError::NoNode)?;
    badge.issuer_id = node.id;
    Ok(())
}
