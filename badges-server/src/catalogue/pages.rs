//! From rows to pages.

use std::collections::HashMap;

use super::rows::{Card, Found, FoundNode};
use crate::{
    auth::Access,
    badges::{
        content,
        narrowing::Target,
        public::views::{BadgeActions, BadgePage, Catalogue, Criteria, CriteriaGroup, HolderRights},
        span,
        versions::Badge,
    },
    config::Config,
    ids::IssuerId,
    issuers::{Kind, Node, views::IssuerPage},
    rights::{Action, Place, can},
    web::{
        Crumb, Frame, Section,
        components::{self, BadgeCard, Link, NodeKind, Picture, Prose, Track, Tree},
        home::Home,
    },
};

pub(super) fn home(access: &Access, config: &Config, nodes: &[Node], cards: Vec<Card>) -> Home {
    let about =
        "Badges for what people teach, build, organise and learn. Each is signed, and anyone can check it.";
    let mut frame = Frame::of(access, config, "/", "Badges that anyone can check", about);
    frame.listed = true;
    let mut roots = nodes.iter().filter(|node| node.parent_id.is_none());
    let organisation = match (roots.next(), roots.next()) {
        (Some(only), None) => Some(only.name.clone()),
        _ => None,
    };
    let recent: Vec<BadgeCard> = cards.into_iter().map(card).collect();
    let pictures = recent.iter().take(3).map(|card| card.picture.clone()).collect();
    Home { frame, organisation, pictures, recent }
}

pub(super) fn catalogue(
    access: &Access,
    config: &Config,
    nodes: &[Node],
    cards: Vec<Card>,
    words: String,
    track: &str,
) -> Catalogue {
    let about = "Everything that can be earned here, and who awards it.";
    let mut frame = Frame::of(access, config, "/badges", "Badges", about);
    frame.section = Some(Section::Badges);
    let track = Track::named(track);
    let asked = !words.is_empty() || track.is_some();
    frame.listed = !asked;
    let sought: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let (tree, found) = if asked {
        let fits = |card: &Card| {
            let text = format!("{} {} {}", card.name, card.slug, card.issuer_name).to_lowercase();
            let on_track = track.is_none_or(|track| card.track.as_deref() == Some(track.name()));
            on_track && sought.iter().all(|word| text.contains(word))
        };
        (Tree { roots: Vec::new() }, Some(cards.into_iter().filter(fits).map(card).collect()))
    } else {
        (tree(nodes, cards), None)
    };
    Catalogue { frame, words, track, tree, found, next: None }
}

/// The hierarchy with its badges; where nothing can be earned, nothing is shown.
fn tree(nodes: &[Node], cards: Vec<Card>) -> Tree {
    let mut below: HashMap<Option<IssuerId>, Vec<&Node>> = HashMap::new();
    for node in nodes {
        below.entry(node.parent_id).or_default().push(node);
    }
    let mut held: HashMap<IssuerId, Vec<Card>> = HashMap::new();
    for card in cards {
        held.entry(card.issuer).or_default().push(card);
    }
    let roots = below.get(&None).into_iter().flatten();
    Tree { roots: roots.filter_map(|root| branch(root, &below, &mut held)).collect() }
}

/// The hierarchy is at most twelve levels deep.
fn branch(
    node: &Node,
    below: &HashMap<Option<IssuerId>, Vec<&Node>>,
    held: &mut HashMap<IssuerId, Vec<Card>>,
) -> Option<components::Node> {
    let kind = match node.kind() {
        Kind::Organisation => NodeKind::Organisation,
        Kind::Issuer => NodeKind::Issuer,
        Kind::Programme => NodeKind::Programme,
    };
    let own: Vec<_> = held.remove(&node.id).unwrap_or_default().into_iter().map(leaf).collect();
    let branches = below.get(&Some(node.id)).into_iter().flatten();
    let branches: Vec<_> = branches.filter_map(|child| branch(child, below, held)).collect();
    if own.is_empty() && branches.is_empty() {
        return None;
    }
    let shown = components::Node::new(kind, &node.name, format!("/issuers/{}", node.slug));
    Some(shown.with(own).with(branches))
}

fn leaf(found: Card) -> components::Node {
    let card = card(found);
    components::Node {
        picture: Some(card.picture),
        ..components::Node::new(NodeKind::Badge, card.name, card.href)
    }
}

fn card(card: Card) -> BadgeCard {
    BadgeCard {
        href: format!("/badges/{}", card.slug),
        picture: picture(card.image.as_deref(), ""),
        name: card.name,
        issuer: card.issuer_name,
        track: card.track.as_deref().and_then(Track::named),
    }
}

fn picture(hash: Option<&str>, caption: &str) -> Picture {
    Picture::new(hash.map(|hash| format!("/images/{hash}")).unwrap_or_default(), caption)
}

fn crumbs(line: &[Node]) -> Vec<Crumb> {
    let crumb = |node: &Node| Crumb { name: node.name.clone(), href: format!("/issuers/{}", node.slug) };
    line.iter().map(crumb).collect()
}

pub(super) fn badge(access: &Access, config: &Config, found: Found) -> BadgePage {
    let Found { badge, number, content, image, line, signing, needs, also_in, over } = found;
    let actions = actions(access, &badge, &line);
    let address = format!("/badges/{}", badge.slug);
    let mut frame = Frame::of(access, config, &address, &content.name, &content.description);
    frame.listed = badge.archived_at.is_none();
    frame.picture = image.as_ref().map(|hash| format!("{}/images/{hash}", config.base()));
    frame.crumbs = crumbs(&line);
    let newest = badge.newest.filter(|newest| *newest != number);
    BadgePage {
        frame,
        picture: picture(image.as_deref(), &content.image_caption),
        for_earners: content.earner_description,
        issuer: signing.as_ref().map_or_else(|| Link::new("", "/badges"), link),
        track: badge.track.as_deref().and_then(Track::named),
        criteria: criteria(content.criteria),
        holds_for: content.expires_after.map(span::write),
        awarded: u64::try_from(badge.awarded).ok().filter(|_| badge.award_limit.is_some()),
        limit: badge.award_limit.and_then(|limit| u64::try_from(limit).ok()),
        needs: needs.into_iter().map(card).collect(),
        also_in: also_in
            .into_iter()
            .map(|(name, slug)| Link::new(name, format!("/issuers/{slug}")))
            .collect(),
        alignments: content
            .alignments
            .into_iter()
            .filter(|one| is_web(&one.target_url))
            .map(|one| Link::new(one.target_name, one.target_url))
            .collect(),
        rights: rights(badge.rights_level, over).filter(|_| actions.edit.is_some()),
        tags: content.tags,
        version: u32::try_from(number).unwrap_or(1),
        newest: newest.map(|newest| Link::new(format!("See version {newest}"), address)),
        archived: badge.archived_at.is_some() || line.iter().any(|above| above.archived_at.is_some()),
        shown: Vec::new(),
        actions,
        name: content.name,
        description: content.description,
    }
}

/// A draft as learners will see it once it is published.
pub(super) fn preview(access: &Access, config: &Config, found: Found) -> BadgePage {
    let slug = found.badge.slug.clone();
    let mut page = badge(access, config, found);
    page.frame.listed = false;
    page.newest = None;
    let said = "This is how learners see the draft once it is published.";
    page.frame.flash =
        Some(components::Flash { tone: components::Tone::Neutral, ..components::Flash::done(said) });
    page.actions = BadgeActions { edit: Some(format!("/badges/{slug}/edit")), ..BadgeActions::default() };
    page
}

/// What the reader may do with a badge.
fn actions(access: &Access, badge: &Badge, line: &[Node]) -> BadgeActions {
    let Some(node) = line.last() else { return BadgeActions::default() };
    let place = Place {
        organisation: badge.organisation_id,
        path: node.path.clone(),
        badge: Some((badge.id, badge.rights_level)),
    };
    let may = |action| can(access.visitor(), action, Some(&place));
    let kept = badge.archived_at.is_some() || line.iter().any(|above| above.archived_at.is_some());
    let given = badge.newest.is_some() && !kept && may(Action::Award);
    let slug = &badge.slug;
    BadgeActions {
        award: given.then(|| format!("/award?badge={slug}")),
        edit: may(Action::DesignBadges).then(|| format!("/badges/{slug}/edit")),
        claim_links: given.then(|| format!("/badges/{slug}/claims")),
    }
}

fn rights(level: i32, over: Vec<Target>) -> Option<HolderRights> {
    let over = over.into_iter().map(|one| (one.node, Link::new(one.name, one.address))).collect();
    (level > 0).then_some(HolderRights { level, over })
}

/// Whether a link may lead there.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn link(node: &Node) -> Link {
    Link::new(&node.name, format!("/issuers/{}", node.slug))
}

fn criteria(criteria: content::Criteria) -> Criteria {
    let group = |group: content::CriteriaGroup| {
        let all = group.needed >= group.criteria.len();
        let item = |one: content::Criterion| match one.required && !all {
            true => format!("{} (required)", one.description),
            false => one.description,
        };
        CriteriaGroup {
            title: if all { "All of:".to_owned() } else { format!("At least {} of:", group.needed) },
            items: group.criteria.into_iter().map(item).collect(),
        }
    };
    let text = Prose::of(&criteria.narrative);
    Criteria {
        text: Some(text).filter(|text| !text.is_empty()),
        needed: None,
        groups: criteria.groups.into_iter().map(group).collect(),
    }
}

pub(super) fn issuer(access: &Access, config: &Config, found: FoundNode, did: Option<String>) -> IssuerPage {
    let FoundNode { node, line, below, cards } = found;
    let kind = match node.kind() {
        Kind::Organisation => "Organisation",
        Kind::Issuer => "Issuer",
        Kind::Programme => "Programme",
    };
    let about = node.description.clone().unwrap_or_else(|| format!("{} and the badges under it.", node.name));
    let mut frame = Frame::of(access, config, &format!("/issuers/{}", node.slug), &node.name, about);
    frame.listed = node.archived_at.is_none();
    let above = line.len().saturating_sub(1);
    frame.crumbs = crumbs(line.get(..above).unwrap_or_default());
    let place = Place { organisation: node.organisation_id, path: node.path.clone(), badge: None };
    let edit = can(access.visitor(), Action::EditHierarchy, Some(&place))
        .then(|| format!("/hierarchy?node={}", node.id));
    let site = node.url.filter(|url| is_web(url));
    IssuerPage {
        frame,
        name: node.name,
        kind: kind.to_owned(),
        description: node.description,
        picture: node.image_hash.as_deref().map(|hash| picture(Some(hash), "")),
        site: site.map(|url| Link::new(&url, url.clone())),
        signs_as: did,
        programmes: below
            .into_iter()
            .map(|(name, slug)| Link::new(name, format!("/issuers/{slug}")))
            .collect(),
        badges: cards.into_iter().map(card).collect(),
        edit,
        archived: node.archived_at.is_some(),
    }
}
