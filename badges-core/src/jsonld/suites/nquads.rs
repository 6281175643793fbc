//! Reads N-Quads, for the tests of canonicalization.

use std::collections::HashMap;

use super::super::{
    dataset::{Dataset, Node, Quad},
    literal,
};

/// A dataset, with the label that each blank node had.
pub(super) struct Parsed {
    pub(super) data: Dataset,
    pub(super) labels: Vec<String>,
}

/// Reads N-Quads (RDF 1.1 N-Quads); none if a line is malformed.
pub(super) fn parse(text: &str, limit: usize) -> Option<Parsed> {
    let mut parsed = Parsed { data: Dataset::new(limit), labels: Vec::new() };
    let mut known = HashMap::new();
    for line in text.lines() {
        let line = line.trim_matches([' ', '\t']);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut rest = line;
        let subject = parsed.node(&mut known, &mut rest)?;
        let predicate = match parsed.node(&mut known, &mut rest)? {
            Node::Text(span) => span,
            Node::Blank(_) => return None,
        };
        let object = parsed.node(&mut known, &mut rest)?;
        let graph = if rest.starts_with('.') { None } else { Some(parsed.node(&mut known, &mut rest)?) };
        let end = rest.strip_prefix('.')?.trim_start_matches([' ', '\t']);
        (end.is_empty() || end.starts_with('#')).then_some(())?;
        parsed.data.add(Quad { subject, predicate, object, graph }).ok()?;
    }
    Some(parsed)
}

impl Parsed {
    fn node<'t>(&mut self, known: &mut HashMap<&'t str, Node>, rest: &mut &'t str) -> Option<Node> {
        let node = if let Some(after) = rest.strip_prefix("_:") {
            let end = after.find([' ', '\t', '<', '"']).unwrap_or(after.len());
            let (label, after) = after.split_at_checked(end)?;
            // A full stop at the end is the statement's.
            let short = label.trim_end_matches('.');
            *rest = if short.len() == label.len() { after } else { "." };
            match known.get(short) {
                Some(node) => *node,
                None => {
                    let node = self.data.blank();
                    known.insert(short, node);
                    self.labels.push(short.to_owned());
                    node
                }
            }
        } else if let Some(after) = rest.strip_prefix('<') {
            let (text, after) = after.split_once('>')?;
            *rest = after;
            let iri = iri(text)?;
            Node::Text(self.data.piece(|out| out.extend(["<", &iri, ">"])))
        } else {
            let (text, after) = quoted(rest.strip_prefix('"')?)?;
            let text = unescape(text)?;
            let suffix = if let Some(after) = after.strip_prefix("^^<") {
                let (text, after) = after.split_once('>')?;
                *rest = after;
                match iri(text)?.as_str() {
                    "http://www.w3.org/2001/XMLSchema#string" => String::new(),
                    iri => format!("^^<{iri}>"),
                }
            } else {
                let end = after.find([' ', '\t', '.', '<']).filter(|_| after.starts_with('@')).unwrap_or(0);
                let (tag, after) = after.split_at_checked(end)?;
                *rest = after;
                tag.strip_prefix('@').is_none_or(literal::is_language).then(|| tag.to_owned())?
            };
            Node::Text(self.data.piece(|out| {
                literal::push_quoted(out, &text);
                out.push_str(&suffix);
            }))
        };
        *rest = rest.trim_start_matches([' ', '\t']);
        Some(node)
    }
}

/// What stands before the closing quote, and what after it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        end
    })?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}

/// IRIREF without its brackets; what the grammar keeps out may not come in by an escape either.
fn iri(text: &str) -> Option<String> {
    let barred = |char: char| char <= ' ' || "<>\"{}|^`\\".contains(char);
    unescape(text).filter(|iri| !iri.contains(barred))
}

fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            out.push(char);
            continue;
        }
        let code = |chars: &mut std::str::Chars<'_>, count: usize| {
            let digits: String = chars.take(count).collect();
            u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)
        };
        out.push(match chars.next()? {
            't' => '\t',
            'b' => '\u{8}',
            'n' => '\n',
            'r' => '\r',
            'f' => '\u{c}',
            'u' => code(&mut chars, 4)?,
            'U' => code(&mut chars, 8)?,
            plain @ ('"' | '\'' | '\\') => plain,
            _ => return None,
        });
    }
    Some(out)
}
