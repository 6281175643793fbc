//! One award among others, and how it stands.

use askama::Template;

use crate::web::components::{Picture, Pill, Tone, When, escapes_itself};

/// How an award stands today, as its pages say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Not awarded yet.
    Draft,
    /// It goes out when the time to undo has passed.
    Scheduled,
    /// It holds.
    Valid,
    /// Its time has passed.
    Expired,
    /// Halted for now.
    Suspended,
    /// Another award took its place.
    Superseded,
    /// Taken back by its issuer.
    Revoked,
    /// Undone before it went out.
    Cancelled,
    /// The key that signed it fell into other hands, so that everybody refuses it.
    Compromised,
}

impl Standing {
    /// Each that a stored state tells, in the order of the filter.
    pub(crate) const ALL: [Self; 8] = [
        Self::Valid,
        Self::Scheduled,
        Self::Expired,
        Self::Suspended,
        Self::Revoked,
        Self::Superseded,
        Self::Cancelled,
        Self::Draft,
    ];

    /// From the stored state of an award, and whether its time has passed.
    pub(crate) fn of(state: &str, ended: bool) -> Self {
        match state {
            "draft" => Self::Draft,
            "scheduled" => Self::Scheduled,
            "suspended" => Self::Suspended,
            "revoked" => Self::Revoked,
            "superseded" => Self::Superseded,
            "cancelled" => Self::Cancelled,
            _ if ended => Self::Expired,
            _ => Self::Valid,
        }
    }

    /// The same, where the key that signed it may be in other hands.
    pub(crate) fn signed(self, compromised: bool) -> Self {
        match self {
            Self::Valid | Self::Expired if compromised => Self::Compromised,
            other => other,
        }
    }

    /// The word on the page.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Scheduled => "Scheduled",
            Self::Valid => "Valid",
            Self::Expired => "Expired",
            Self::Suspended => "Suspended",
            Self::Superseded => "Replaced",
            Self::Revoked => "Revoked",
            Self::Cancelled => "Undone",
            Self::Compromised => "Key compromised",
        }
    }

    /// The word in addresses and forms.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Valid => "valid",
            Self::Expired => "expired",
            Self::Suspended => "suspended",
            Self::Superseded => "superseded",
            Self::Revoked => "revoked",
            Self::Cancelled => "cancelled",
            Self::Compromised => "compromised",
        }
    }

    /// The word with its colour.
    pub(crate) fn pill(self) -> Pill {
        let tone = match self {
            Self::Valid => Tone::Positive,
            Self::Expired | Self::Suspended => Tone::Caution,
            Self::Revoked | Self::Compromised => Tone::Negative,
            Self::Draft | Self::Scheduled | Self::Superseded | Self::Cancelled => Tone::Neutral,
        };
        Pill::new(tone, self.word())
    }

    fn holds(self) -> bool {
        matches!(self, Self::Valid | Self::Draft | Self::Scheduled)
    }
}

/// One award as one of several.
#[derive(Clone, Debug, Template)]
#[template(path = "components/award_card.html")]
pub(crate) struct AwardCard {
    /// Its page.
    pub(crate) href: String,
    /// The picture of the badge.
    pub(crate) picture: Picture,
    /// The name of the badge.
    pub(crate) badge: String,
    /// Who awarded it.
    pub(crate) issuer: String,
    /// Whose it is, where that is not plain from the page.
    pub(crate) holder: Option<String>,
    /// When it was awarded.
    pub(crate) awarded: When,
    /// How it stands.
    pub(crate) standing: Standing,
}

escapes_itself!(AwardCard);
