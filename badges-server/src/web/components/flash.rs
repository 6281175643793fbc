//! What was just done, and how to take it back.

use askama::Template;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::web::{
    components::{Tone, escapes_itself},
    frame::Guard,
    way,
};

/// The longest sentence that a cookie carries, in characters.
const LONGEST: usize = 600;

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

    /// Something to know before one goes on.
    pub(crate) fn caution(sentence: impl Into<String>) -> Self {
        Self { tone: Tone::Caution, ..Self::done(sentence) }
    }

    /// As a cookie carries it to the next page.
    pub(crate) fn written(&self) -> String {
        let (label, action) =
            self.undo.as_ref().map_or(("", ""), |undo| (undo.label.as_str(), undo.action.as_str()));
        let sentence: String = self.sentence.chars().take(LONGEST).collect();
        let parts = [self.tone.class(), &sentence, label, action];
        BASE64_URL_SAFE_NO_PAD.encode(parts.join("\u{1f}"))
    }

    /// From a cookie; nothing where it holds anything else.
    pub(crate) fn read(cookie: &str) -> Option<Self> {
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cookie).ok()?).ok()?;
        let mut parts = text.split('\u{1f}');
        let (tone, sentence, label, action) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let tone = if tone == Tone::Positive.class() { Tone::Positive } else { Tone::Caution };
        let undo = way::is_path(action).then(|| Undo { label: label.to_owned(), action: action.to_owned() });
        Some(Self { tone, sentence: sentence.to_owned(), undo })
    }

    pub(crate) fn show<'a>(&'a self, guard: Guard<'a>) -> FlashBar<'a> {
        FlashBar { flash: self, guard }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_carried_to_the_next_page() {
        let flash = Flash::done("Zoë has the role “mentor”.").undo("Undo", "/people/rol_1/remove");

        let read = Flash::read(&flash.written()).unwrap();

        assert_eq!((read.tone, read.sentence), (Tone::Positive, flash.sentence));
        assert_eq!(read.undo.unwrap().action, "/people/rol_1/remove");
        for foreign in ["//evil.example/", "/\\evil.example", "/\t/evil.example"] {
            let foreign = Flash::done("").undo("Undo", foreign).written();
            assert!(Flash::read(&foreign).unwrap().undo.is_none());
        }
        assert!(Flash::read("no cookie of ours").is_none());
    }
}
