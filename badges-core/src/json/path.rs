//! Where in a document something is and what stands there, as messages show it.

use std::fmt;

/// A place in a document: a step and the place that it starts from, on the stack and written out only when
/// something is wrong there.
#[derive(Clone, Copy)]
pub(crate) struct Path<'p> {
    from: Option<&'p Self>,
    step: Step<'p>,
    depth: u32,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Item(usize),
    Member(&'p str),
    Root,
}

impl Path<'_> {
    /// The document itself, `$`.
    pub(crate) const ROOT: Path<'static> = Path { from: None, step: Step::Root, depth: 0 };

    /// The member of this name.
    pub(crate) fn member<'p>(&'p self, name: &'p str) -> Path<'p> {
        Path { from: Some(self), step: Step::Member(name), depth: self.depth + 1 }
    }

    /// The item at this place, counted from 0.
    pub(crate) fn item(&self, at: usize) -> Path<'_> {
        Path { from: Some(self), step: Step::Item(at), depth: self.depth + 1 }
    }

    /// How many steps it is from the document itself.
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }
}

impl fmt::Display for Path<'_> {
    /// Writes a JSONPath (RFC 9535), but for the end of names that are too long to be honest.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(from) = self.from {
            from.fmt(out)?;
        }
        match self.step {
            Step::Root => out.write_str("$"),
            Step::Item(at) => write!(out, "[{at}]"),
            Step::Member(name) if is_plain(name) => write!(out, ".{name}"),
            Step::Member(name) => write!(out, "[{:?}]", shortened(name)),
        }
    }
}

/// Whether a name needs no quotes (RFC 9535 §2.5.1.1, here without letters beyond ASCII).
fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let begins = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    begins && name.len() <= LONGEST && name.bytes().all(plain)
}

/// How much of a foreign text a message shows, in characters.
const LONGEST: usize = 80;

/// The beginning of a foreign text, for a message.
pub(crate) fn shortened(text: &str) -> String {
    let mut start: String = text.chars().take(LONGEST).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}
