//! What was just done, and how to take it back.

use askama::Template;

use crate::web::{
    components::{Tone, escapes_itself},
    frame::Guard,
};

/// One sentence about what was just done.
#[derive(Clone, Debug)]
pub(crate) struct Flash {
    /// Whether it went well.
    pub(crate) tone: Tone,
    /// The sentence.
    pub(crate) sentence: String,
    /// How to take it back, while that is possible.
    pub(crate) undo: Option<Undo>,
}

/// A button that takes back what was just done.
#[derive(Clone, Debug)]
pub(crate) struct Undo {
    /// What it says, such as "Undo".
    pub(crate) label: String,
    /// Where it posts.
    pub(crate) action: String,
}

#[derive(Template)]
#[template(path = "components/flash.html")]
pub(crate) struct FlashBar<'a> {
    flash: &'a Flash,
    guard: Guard<'a>,
}

escapes_itself!(FlashBar<'_>);

impl Flash {
    /// It went well.
    pub(crate) fn done(sentence: impl Into<String>) -> Self {
        Self { tone: Tone::Positive, sentence: sentence.into(), undo: None }
    }

    /// And this takes it back.
    pub(crate) fn undo(mut self, label: impl Into<String>, action: impl Into<String>) -> Self {
        self.undo = Some(Undo { label: label.into(), action: action.into() });
        self
    }

    pub(crate) fn show<'a>(&'a self, guard: Guard<'a>) -> FlashBar<'a> {
        FlashBar { flash: self, guard }
    }
}
