//! Where in a document something is, as a JSON path.

use std::fmt;

/// A place in a document: a step and the place that it starts from. Written out only for a violation.
#[derive(Clone, Copy)]
pub(crate) struct Path<'p> {
    from: Option<&'p Self>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Item(usize),
    Member(&'p str),
    Root,
}

impl Path<'_> {
    /// The document itself, `$`.
    pub(crate) const ROOT: Path<'static> = Path { from: None, step: Step::Root };

    /// The member of this name.
    pub(crate) fn member<'p>(&'p self, name: &'p str) -> Path<'p> {
        Path { from: Some(self), step: Step::Member(name) }
    }

    /// The item at this place, counted from 0.
    pub(crate) fn item(&self, at: usize) -> Path<'_> {
        Path { from: Some(self), step: Step::Item(at) }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(from) = self.from {
            from.fmt(out)?;
        }
        match self.step {
            Step::Root => out.write_str("$"),
            Step::Item(at) => write!(out, "[{at}]"),
            Step::Member(name) if is_plain(name) => write!(out, ".{name}"),
            Step::Member(name) => write!(out, "[{:?}]", super::value::shortened(name)),
        }
    }
}

fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'@' | b':' | b'-');
    (1..=80).contains(&name.len()) && name.bytes().all(plain)
}
