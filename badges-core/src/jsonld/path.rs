//! Where the walk is, told only when something is wrong there.

use std::fmt;

/// A place in a document, as a chain that lies on the stack.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    parent: Option<&'p Self>,
    step: PathStep<'p>,
    depth: u32,
}

#[derive(Clone, Copy)]
enum PathStep<'p> {
    Root,
    Name(&'p str),
    Index(usize),
}

impl<'p> Path<'p> {
    pub(super) const ROOT: Self = Self { parent: None, step: PathStep::Root, depth: 0 };

    pub(super) fn name(&'p self, name: &'p str) -> Self {
        Self { parent: Some(self), step: PathStep::Name(name), depth: self.depth + 1 }
    }

    pub(super) fn index(&'p self, index: usize) -> Self {
        Self { parent: Some(self), step: PathStep::Index(index), depth: self.depth + 1 }
    }

    pub(super) fn depth(&self) -> u32 {
        self.depth
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(out)?;
        }
        match self.step {
            PathStep::Root => out.write_str("$"),
            PathStep::Index(index) => write!(out, "[{index}]"),
            PathStep::Name(name) => {
                let plain = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
                    && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                // A hostile name may be long.
                let name: String = name.chars().take(80).collect();
                if plain { write!(out, ".{name}") } else { write!(out, "[{name:?}]") }
            }
        }
    }
}
