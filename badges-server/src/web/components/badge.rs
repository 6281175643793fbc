//! A badge among others.

use askama::Template;

use crate::web::components::escapes_itself;

/// The picture of a badge. Badges are square; another picture is fitted into the square.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    /// Where it stands.
    pub(crate) href: String,
    /// What it shows, for those who do not see it; empty where the name stands beside it.
    pub(crate) caption: String,
}

impl Picture {
    /// A picture and what it shows.
    pub(crate) fn new(href: impl Into<String>, caption: impl Into<String>) -> Self {
        Self { href: href.into(), caption: caption.into() }
    }
}

/// What kind of contribution a badge stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Track {
    /// Mentors, teaching kits.
    Teach,
    /// Code, content, localisation.
    Build,
    /// Events and communities.
    Organise,
    /// What one has learned oneself.
    Learn,
}

impl Track {
    /// All four, in the order of the pages.
    pub(crate) const ALL: [Self; 4] = [Self::Teach, Self::Build, Self::Organise, Self::Learn];

    /// As in the table, the address and the form.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Teach => "teach",
            Self::Build => "build",
            Self::Organise => "organise",
            Self::Learn => "learn",
        }
    }

    /// As on the page.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Teach => "Teach",
            Self::Build => "Build",
            Self::Organise => "Organise",
            Self::Learn => "Learn",
        }
    }

    /// The track with this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|track| track.name() == name)
    }
}

/// A badge as one of several: its picture, its name, who awards it.
#[derive(Clone, Debug, Template)]
#[template(path = "components/badge_card.html")]
pub(crate) struct BadgeCard {
    /// Its page.
    pub(crate) href: String,
    /// Its picture.
    pub(crate) picture: Picture,
    /// Its name.
    pub(crate) name: String,
    /// Who awards it.
    pub(crate) issuer: String,
    /// Its track.
    pub(crate) track: Option<Track>,
}

escapes_itself!(BadgeCard);
