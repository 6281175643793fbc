//! `/badges/{slug}/claims`: links by which people take a badge themselves, with a code to scan.

use askama::Template;

use crate::web::{
    components::{Pill, Tone},
    form::{Field, Form},
    frame::Frame,
    number::grouped,
};

/// The claim links of one badge.
#[derive(Debug, Template)]
#[template(path = "badges/claims.html")]
pub(crate) struct ClaimLinks {
    /// The frame.
    pub(crate) frame: Frame,
    /// The name of the badge.
    pub(crate) badge: String,
    /// Where the form posts.
    pub(crate) action: String,
    /// What makes a new link: [`claim_form`].
    pub(crate) form: Form,
    /// The link that was just made, whole: it is shown once, since only its hash is kept.
    pub(crate) made: Option<MadeLink>,
    /// The links there are.
    pub(crate) links: Vec<ClaimLink>,
}

/// A link that was just made.
#[derive(Clone, Debug)]
pub(crate) struct MadeLink {
    /// The link, with scheme and host.
    pub(crate) url: String,
    /// Its picture for a phone to scan: the address of an image, or an SVG as a `data:` URL.
    pub(crate) code: String,
}

/// A link that was made before.
#[derive(Clone, Debug)]
pub(crate) struct ClaimLink {
    /// What it is for: "Workshop on 21 June".
    pub(crate) label: String,
    /// How often it was used.
    pub(crate) uses: u64,
    /// How often it can be used.
    pub(crate) most_uses: Option<u64>,
    /// When it ends, in words.
    pub(crate) ends: Option<String>,
    /// Whether it still works.
    pub(crate) open: bool,
    /// Where to post to close it, or to open it again.
    pub(crate) change: String,
}

impl ClaimLink {
    fn state(&self) -> Pill {
        if self.open { Pill::new(Tone::Positive, "Open") } else { Pill::new(Tone::Neutral, "Closed") }
    }

    fn used(&self) -> String {
        match self.most_uses {
            Some(most) => format!("{} of {} used", grouped(self.uses), grouped(most)),
            None => format!("{} used", grouped(self.uses)),
        }
    }
}

/// The form that makes a new claim link.
pub(crate) fn claim_form() -> Form {
    Form::new(
        "claim",
        [
            Field::text("label", "What is it for")
                .hint("Only you see this: the workshop, the class.")
                .required(),
            Field::number("most_uses", "How many people may use it"),
            Field::date("ends", "Last day"),
            Field::url("evidence", "Evidence that all of them share")
                .hint("A page about the event, for instance."),
        ],
    )
}
