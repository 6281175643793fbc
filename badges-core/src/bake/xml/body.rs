//! The content of a badge element.

/// Character data joined from text, references and CDATA sections.
///
/// White space in front of the rest and behind it is layout if it stands there plainly, and content if it stands
/// in a CDATA section or as a reference.
#[derive(Default)]
pub(super) struct Body {
    text: String,
    /// Where the content begins and ends in the text.
    solid: Option<(usize, usize)>,
}

impl Body {
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn push_text(&mut self, text: &str) {
        let is_blank = |character: char| character.is_ascii_whitespace();
        let at = self.text.len();
        let leading = text.len() - text.trim_start_matches(is_blank).len();
        let solid = text.trim_matches(is_blank).len();
        self.text.push_str(text);
        if solid > 0 {
            self.extend(at + leading, at + leading + solid);
        }
    }

    pub(super) fn push_verbatim(&mut self, text: &str) {
        let at = self.text.len();
        self.text.push_str(text);
        self.extend(at, self.text.len());
    }

    /// The content; none if there is nothing but layout.
    pub(super) fn finish(mut self) -> Option<String> {
        let (start, end) = self.solid?;
        self.text.truncate(end);
        self.text.drain(..start);
        Some(self.text)
    }

    fn extend(&mut self, start: usize, end: usize) {
        self.solid = Some((self.solid.map_or(start, |(first, _)| first), end));
    }
}
