//! The public pages of badges: the catalogue and one badge.

mod claims;
mod editor;

pub(crate) use claims::{ClaimLink, ClaimLinks, MadeLink, claim_form};
pub(crate) use editor::{BadgeEditor, Version, alignment_form, badge_form, criteria_form, result_form};

use askama::Template;

use crate::web::{
    components::{AwardCard, BadgeCard, Empty, Link, Picture, Prose, Track, Tree},
    frame::Frame,
};

/// `/badges`: everything that can be earned, as the hierarchy or as what was looked for.
#[derive(Debug, Template)]
#[template(path = "badges/catalogue.html")]
pub(crate) struct Catalogue {
    /// The frame.
    pub(crate) frame: Frame,
    /// The words that were looked for.
    pub(crate) words: String,
    /// The track that was chosen.
    pub(crate) track: Option<Track>,
    /// The hierarchy with its badges; shown where nothing was looked for.
    pub(crate) tree: Tree,
    /// What was found; there where something was looked for.
    pub(crate) found: Option<Vec<BadgeCard>>,
    /// The address of the next found ones.
    pub(crate) next: Option<String>,
}

impl Catalogue {
    fn track_href(&self, track: Option<&Track>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if !self.words.is_empty() {
            query.append_pair("q", &self.words);
        }
        if let Some(track) = track {
            query.append_pair("track", track.name());
        }
        match query.finish() {
            query if query.is_empty() => "/badges".to_owned(),
            query => format!("/badges?{query}"),
        }
    }
}

/// `/badges/{slug}`: what it is, what it takes, who awards it.
#[derive(Debug, Template)]
#[template(path = "badges/badge.html")]
pub(crate) struct BadgePage {
    /// The frame.
    pub(crate) frame: Frame,
    /// Its name.
    pub(crate) name: String,
    /// Its picture.
    pub(crate) picture: Picture,
    /// What holding it says about somebody.
    pub(crate) description: String,
    /// What it means for the person who earns it.
    pub(crate) for_earners: Option<String>,
    /// Who awards it.
    pub(crate) issuer: Link,
    /// Its track.
    pub(crate) track: Option<Track>,
    /// What it takes.
    pub(crate) criteria: Criteria,
    /// How long an award of it holds: "two years".
    pub(crate) holds_for: Option<String>,
    /// How many hold it.
    pub(crate) awarded: Option<u64>,
    /// How many can be given: "at most 500".
    pub(crate) limit: Option<u64>,
    /// What one needs first.
    pub(crate) needs: Vec<BadgeCard>,
    /// Other places of the hierarchy in which it stands.
    pub(crate) also_in: Vec<Link>,
    /// The frameworks it is aligned with.
    pub(crate) alignments: Vec<Link>,
    /// What its holders may do, for those who may change it.
    pub(crate) rights: Option<HolderRights>,
    /// Its tags.
    pub(crate) tags: Vec<String>,
    /// Which version this is, and the page of the newest where this is not it.
    pub(crate) version: u32,
    /// The newest version, where this is not it.
    pub(crate) newest: Option<Link>,
    /// Whether it is kept for the record only.
    pub(crate) archived: bool,
    /// Awards of it that their holders show.
    pub(crate) shown: Vec<AwardCard>,
    /// What the reader may do.
    pub(crate) actions: BadgeActions,
}

/// What a badge lets its holders do: award badges of a lower level.
#[derive(Clone, Debug, Default)]
pub(crate) struct HolderRights {
    /// Its level.
    pub(crate) level: i32,
    /// The badges over which alone that is, and nodes with all below them; none: all.
    pub(crate) over: Vec<(bool, Link)>,
}

/// What it takes to earn a badge.
#[derive(Clone, Debug, Default)]
pub(crate) struct Criteria {
    /// In words.
    pub(crate) text: Option<Prose>,
    /// How many of the groups are needed; all, where it is not said.
    pub(crate) needed: Option<u32>,
    /// Groups of things to do.
    pub(crate) groups: Vec<CriteriaGroup>,
}

/// Things to do that belong together.
#[derive(Clone, Debug)]
pub(crate) struct CriteriaGroup {
    /// What they show.
    pub(crate) title: String,
    /// Each thing.
    pub(crate) items: Vec<String>,
}

impl Criteria {
    fn rule(&self) -> Option<String> {
        let all = self.groups.len();
        match self.needed {
            Some(needed) if all > 1 && (needed as usize) < all => Some(format!("{needed} of these {all}:")),
            _ if all > 1 => Some("All of these:".to_owned()),
            _ => None,
        }
    }
}

/// What the reader may do with a badge; each is the address, where they may.
#[derive(Clone, Debug, Default)]
pub(crate) struct BadgeActions {
    /// Give it to somebody.
    pub(crate) award: Option<String>,
    /// Change it.
    pub(crate) edit: Option<String>,
    /// Make a link by which people take it themselves.
    pub(crate) claim_links: Option<String>,
}
