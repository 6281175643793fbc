//! A state in one or two words, with its colour.

use askama::Template;

/// How something is meant; never said by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// All is well.
    Positive,
    /// Something to look into.
    Caution,
    /// It does not hold.
    Negative,
    /// Neither.
    Neutral,
}

impl Tone {
    /// The class of the style sheet.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Caution => "caution",
            Self::Negative => "negative",
            Self::Neutral => "neutral",
        }
    }
}

/// A state in a word.
#[derive(Clone, Debug, Template)]
#[template(source = "<span class=\"pill {{ tone.class() }}\">{{ word }}</span>", ext = "html")]
pub(crate) struct Pill {
    /// How it is meant.
    pub(crate) tone: Tone,
    /// The word.
    pub(crate) word: String,
}

impl Pill {
    /// A word and how it is meant.
    pub(crate) fn new(tone: Tone, word: impl Into<String>) -> Self {
        Self { tone, word: word.into() }
    }
}

super::escapes_itself!(Pill);
