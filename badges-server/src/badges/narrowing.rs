//! What a badge lets its holders do, narrowed to some badges and to what stands in some nodes.

use diesel::prelude::*;

use super::{BadgeError, versions::Badge};
use crate::{
    db::{Conn, DbError, on},
    ids::{BadgeId, GrantId, IssuerId},
    issuers::IssuerError,
    problem::Faults,
    schema::{badge_grants, badge_versions, badges, issuers, slugs},
};

/// A badge or a node that rights are over.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) name: String,
    /// The path of its page.
    pub(crate) address: String,
    /// Whether all below it is meant too.
    pub(crate) node: bool,
}

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

/// The same with what people call them: badges first.
pub(crate) fn targets(conn: &mut Conn, badge: BadgeId) -> Result<Vec<Target>, DbError> {
    let own: Vec<(String, Option<String>)> = on!(conn, c => {
        badge_grants::table
            .inner_join(badges::table.on(badge_grants::granted_badge_id.eq(badges::id.nullable())))
            .left_join(badge_versions::table.on(
                badge_versions::badge_id.eq(badges::id).and(badge_versions::number.nullable().eq(badges::newest)),
            ))
            .filter(badge_grants::badge_id.eq(badge))
            .order(badges::slug)
            .select((badges::slug, badge_versions::name.nullable()))
            .load(c)
    })?;
    let nodes: Vec<(String, String)> = on!(conn, c => {
        badge_grants::table
            .inner_join(issuers::table.on(badge_grants::issuer_id.eq(issuers::id.nullable())))
            .filter(badge_grants::badge_id.eq(badge))
            .order(issuers::slug)
            .select((issuers::slug, issuers::name))
            .load(c)
    })?;
    let own = own.into_iter().map(|(slug, name)| {
        let address = format!("/badges/{slug}");
        Target { name: name.unwrap_or(slug), address, node: false }
    });
    let nodes = nodes.into_iter().map(|(slug, name)| Target {
        name,
        address: format!("/issuers/{slug}"),
        node: true,
    });
    Ok(own.chain(nodes).collect())
}

/// The identifiers of what people name by the addresses of pages, by slugs (earlier ones too) or by identifiers.
pub(super) fn named(conn: &mut Conn, lines: &[String]) -> Result<Vec<String>, BadgeError> {
    type Row = (String, Option<BadgeId>, Option<IssuerId>);
    let parts: Vec<_> = lines.iter().map(|line| parts(line)).collect();
    let wanted: Vec<&str> = parts.iter().map(|(_, slug)| *slug).collect();
    let rows: Vec<Row> = on!(conn, c => {
        slugs::table
            .filter(slugs::kind.eq_any(["badge", "issuer"]))
            .filter(slugs::slug.eq_any(&wanted))
            .select((slugs::slug, slugs::badge_id, slugs::issuer_id))
            .load(c)
    })?;
    let (mut found, mut faults) = (Vec::new(), Faults::default());
    for (at, (kind, slug)) in parts.into_iter().enumerate() {
        if slug.parse::<BadgeId>().is_ok() || slug.parse::<IssuerId>().is_ok() {
            found.push(slug.to_owned());
            continue;
        }
        let of_slug = || rows.iter().filter(|(known, ..)| known == slug);
        let badge = of_slug().find_map(|(_, badge, _)| *badge).filter(|_| kind != Some("issuers"));
        let node = of_slug().find_map(|(.., node)| *node).filter(|_| kind != Some("badges"));
        let path = format!("rights_over[{at}]");
        match (badge, node) {
            (Some(_), Some(_)) => {
                let said = format!("{slug} is a badge and a place: write /badges/{slug} or /issuers/{slug}");
                faults.note(path, "unclear", said);
            }
            (Some(badge), None) => found.push(badge.to_string()),
            (None, Some(node)) => found.push(node.to_string()),
            (None, None) => {
                let said = format!("There is nothing at the address {slug}: copy it from its page.");
                faults.note(path, "unknown", said);
            }
        }
    }
    faults.none_or(BadgeError::Fields)?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// What stands last in an address, and the noun before it.
fn parts(line: &str) -> (Option<&str>, &str) {
    let mut words = line.trim_end_matches('/').rsplit('/');
    let slug = words.next().unwrap_or(line);
    (words.next().filter(|noun| ["badges", "issuers"].contains(noun)), slug)
}
