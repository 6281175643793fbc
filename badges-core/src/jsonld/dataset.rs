//! The quads of one document, as pieces of one text.

use super::JsonLdError;

/// A piece of [`Dataset::text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    pub(super) fn len(self) -> usize {
        (self.end - self.start) as usize
    }
}

/// A subject, an object or the name of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// A blank node, by its number.
    Blank(u32),
    /// An IRI or a literal, as N-Quads write it.
    Text(Span),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Quad {
    pub(super) subject: Node,
    pub(super) predicate: Span,
    pub(super) object: Node,
    /// None is the default graph.
    pub(super) graph: Option<Node>,
}

#[derive(Debug)]
pub(super) struct Dataset {
    text: String,
    quads: Vec<Quad>,
    blanks: u32,
    /// About how long all lines will be, at most `limit`.
    length: usize,
    limit: usize,
}

impl Dataset {
    pub(super) fn new(limit: usize) -> Self {
        let (text, quads) = (String::with_capacity(8192), Vec::with_capacity(96));
        Self { text, quads, blanks: 0, length: 0, limit }
    }

    pub(super) fn quads(&self) -> &[Quad] {
        &self.quads
    }

    pub(super) fn blanks(&self) -> u32 {
        self.blanks
    }

    pub(super) fn length(&self) -> usize {
        self.length
    }

    pub(super) fn blank(&mut self) -> Node {
        self.blanks += 1;
        Node::Blank(self.blanks - 1)
    }

    pub(super) fn get(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Adds a piece that `write` appends to the text.
    pub(super) fn piece(&mut self, write: impl FnOnce(&mut String)) -> Span {
        let start = self.text.len() as u32;
        write(&mut self.text);
        Span { start, end: self.text.len() as u32 }
    }

    pub(super) fn add(&mut self, quad: Quad) -> Result<(), JsonLdError> {
        let len = |node: Node| match node {
            Node::Blank(_) => 10,
            Node::Text(span) => span.len(),
        };
        self.length +=
            len(quad.subject) + quad.predicate.len() + len(quad.object) + quad.graph.map_or(0, len) + 6;
        if self.length > self.limit || self.text.len() > self.limit {
            return Err(JsonLdError::TooComplex);
        }
        self.quads.push(quad);
        Ok(())
    }

    /// Appends a line of N-Quads, with blank nodes as `name` writes them.
    pub(super) fn push_line(&self, out: &mut String, quad: &Quad, name: &mut impl FnMut(&mut String, u32)) {
        let mut push = |out: &mut String, node: Node| match node {
            Node::Blank(number) => name(out, number),
            Node::Text(span) => out.push_str(self.get(span)),
        };
        push(out, quad.subject);
        out.push(' ');
        out.push_str(self.get(quad.predicate));
        out.push(' ');
        push(out, quad.object);
        if let Some(graph) = quad.graph {
            out.push(' ');
            push(out, graph);
        }
        out.push_str(" .\n");
    }
}
