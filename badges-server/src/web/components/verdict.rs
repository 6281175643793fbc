//! The answer to "is this badge what it says": one sentence, the checks folded under it.

use askama::Template;

use crate::web::{
    components::{Tone, escapes_itself},
    icon::Icon,
};

/// One sentence, and what it rests on.
#[derive(Clone, Debug, Template)]
#[template(path = "components/verdict.html")]
pub(crate) struct Verdict {
    /// How it is meant.
    pub(crate) tone: Tone,
    /// "This badge is genuine. Hive Chicago awarded it to Amina on 21 June 2014, and it has not been revoked."
    pub(crate) sentence: String,
    /// What to do about it, or what else to know.
    pub(crate) aside: Option<String>,
    /// Each thing that was looked at.
    pub(crate) checks: Vec<CheckLine>,
}

/// One thing that was looked at, as a sentence.
#[derive(Clone, Debug)]
pub(crate) struct CheckLine {
    /// How it came out.
    pub(crate) outcome: Outcome,
    /// What that means, in words.
    pub(crate) sentence: String,
    /// What was found, where there is more to say.
    pub(crate) detail: Option<String>,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// It cannot be said.
    Unknown,
    /// Nobody asked.
    NotAsked,
}

impl Outcome {
    fn class(self) -> &'static str {
        match self {
            Self::Passed => Tone::Positive.class(),
            Self::Failed => Tone::Negative.class(),
            Self::Unknown => Tone::Caution.class(),
            Self::NotAsked => Tone::Neutral.class(),
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Passed => Icon::Check,
            Self::Failed => Icon::Cross,
            Self::Unknown => Icon::Warning,
            Self::NotAsked => Icon::Minus,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Passed => "Holds:",
            Self::Failed => "Does not hold:",
            Self::Unknown => "Not known:",
            Self::NotAsked => "Not asked:",
        }
    }
}

impl Verdict {
    /// A sentence without checks.
    pub(crate) fn new(tone: Tone, sentence: impl Into<String>) -> Self {
        Self { tone, sentence: sentence.into(), aside: None, checks: Vec::new() }
    }

    fn icon(&self) -> Icon {
        match self.tone {
            Tone::Positive => Icon::Check,
            Tone::Caution => Icon::Warning,
            Tone::Negative => Icon::Cross,
            Tone::Neutral => Icon::Clock,
        }
    }
}

escapes_itself!(Verdict);
