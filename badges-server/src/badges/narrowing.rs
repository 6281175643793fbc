//! What a badge lets its holders do, narrowed to some badges and to what stands in some nodes.

use diesel::prelude::*;

use super::{BadgeError, versions::Badge};
use crate::{
    db::{Conn, DbError, on},
    ids::{BadgeId, GrantId, IssuerId},
    issuers::IssuerError,
    problem::Faults,
    schema::{badge_grants, badges, issuers},
};

/// Those of a table whose identifiers are among what is named, and which are of the badge's organisation.
macro_rules! of_organisation {
    ($conn:expr, $badge:expr, $table:ident, $id:ty, $named:expr) => {{
        let named: Vec<$id> = $named.iter().filter_map(|id| id.parse().ok()).collect();
        let found: Vec<$id> = on!($conn, c => {
            $table::table
                .filter($table::id.eq_any(&named))
                .filter($table::organisation_id.eq($badge.organisation_id))
                .select($table::id)
                .load(c)
        })?;
        found
    }};
}

/// Says over what the rights are that come with a badge; where nothing is named, over all badges of a lower level.
pub(super) fn narrow(conn: &mut Conn, badge: &Badge, over: &[String]) -> Result<(), BadgeError> {
    let own = of_organisation!(conn, badge, badges, BadgeId, over);
    let nodes = of_organisation!(conn, badge, issuers, IssuerId, over);
    let known = |id: &String| {
        own.iter().any(|own| own.to_string() == *id) || nodes.iter().any(|node| node.to_string() == *id)
    };
    let mut faults = Faults::default();
    let refusal = ("unknown", "is no badge and no node of this organisation: name one by its identifier");
    faults.each("rights_over", over, known, refusal);
    faults.none_or(BadgeError::Fields)?;
    let old = badge_grants::table.filter(badge_grants::badge_id.eq(badge.id));
    on!(conn, c => diesel::delete(old).execute(c))?;
    let targets = own.into_iter().map(|own| (Some(own), None));
    for (own, node) in targets.chain(nodes.into_iter().map(|node| (None, Some(node)))) {
        let row = (
            badge_grants::id.eq(GrantId::random().map_err(IssuerError::from)?),
            badge_grants::badge_id.eq(badge.id),
            badge_grants::granted_badge_id.eq(own),
            badge_grants::issuer_id.eq(node),
        );
        on!(conn, c => diesel::insert_into(badge_grants::table).values(row).execute(c))?;
    }
    Ok(())
}

/// Over what they are, by identifier; nothing where they are over all.
pub(super) fn over(conn: &mut Conn, badge: BadgeId) -> Result<Vec<String>, DbError> {
    let rows: Vec<(Option<BadgeId>, Option<IssuerId>)> = on!(conn, c => {
        badge_grants::table
            .filter(badge_grants::badge_id.eq(badge))
            .select((badge_grants::granted_badge_id, badge_grants::issuer_id))
            .load(c)
    })?;
    let named = rows.into_iter().filter_map(|(badge, node)| {
        badge.map(|badge| badge.to_string()).or_else(|| node.map(|node| node.to_string()))
    });
    let mut named: Vec<_> = named.collect();
    named.sort_unstable();
    Ok(named)
}
