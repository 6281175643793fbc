//! Our own short form of a context: a strict reader of it.
//!
//! ```text
//! context https://www.w3.org/ns/credentials/v2
//! sha256 59955ced…
//! iri cred https://www.w3.org/2018/credentials#
//! terms protected
//!  id @id
//!  VerifiableCredential cred terms protected
//!   issuer cred ^@id
//!   validFrom cred ^xsd:dateTime
//!  criteria ob:Criteria +set
//! ```
//!
//! A line is a term, then what it stands for: a keyword; the name of an IRI, with the term itself or what
//! follows the colon added; `<text>` as written; `-` for none, `!` for null. Then come `^` and the type, `+` and a
//! container, and last the context that the term brings, whose terms stand one space further in.

use std::sync::Arc;

use super::local::{Definition, Local, Prefix, Scope, Step, Target};
use crate::hex;

/// A context with the hash of the document that it was made from.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) sha256: [u8; 32],
    pub(super) local: Arc<Local>,
}

/// Reads a table; none if a line is not of the form in which tables are written.
pub(super) fn load(text: &str, ids: &mut u32) -> Option<Table> {
    let mut lines = text.lines().peekable();
    lines.next()?.strip_prefix("context ")?;
    let sha256 = hex::decode(lines.next()?.strip_prefix("sha256 ")?)?;
    let mut iris = Vec::new();
    while let Some(line) = lines.next_if(|line| line.starts_with("iri ")) {
        iris.push(line.strip_prefix("iri ")?.split_once(' ')?);
    }
    let protected = match lines.next()? {
        "terms" => false,
        "terms protected" => true,
        _ => return None,
    };
    let local = load_scope(&mut lines, &iris, protected, 1, ids)?;
    lines.next().is_none().then_some(Table { sha256, local })
}

type Lines<'t> = std::iter::Peekable<std::str::Lines<'t>>;

fn load_scope(
    lines: &mut Lines<'_>,
    iris: &[(&str, &str)],
    protected: bool,
    depth: usize,
    ids: &mut u32,
) -> Option<Arc<Local>> {
    let id = *ids;
    *ids += 1;
    let mut scope = Scope::default();
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    while let Some(line) = lines.next_if(|line| indent(line) == depth) {
        let mut words = line.trim_start_matches(' ').split(' ');
        let name = words.next()?;
        let mut term = Definition { protected, ..Definition::default() };
        term.target = match words.next()? {
            "-" => Target::Implied,
            "!" => Target::Null,
            word => Target::Text(lengthen(iris, word, Some(name))?),
        };
        while let Some(word) = words.next() {
            match word {
                "+set" => term.container.set = true,
                "+list" => term.container.list = true,
                "+graph" => term.container.graph = true,
                "reverse" => term.reverse = true,
                "prefix" => term.prefix = Prefix::Yes,
                "simple" => term.prefix = Prefix::IfDelimited,
                "null" => term.scope = Some(forget(ids)),
                "terms" => {
                    let protected = words.next().map(|word| (word == "protected").then_some(()));
                    let inner = matches!(protected, Some(Some(())));
                    (protected.is_none() || inner).then_some(())?;
                    term.scope = Some(load_scope(lines, iris, inner, depth + 1, ids)?);
                }
                word => term.coercion = Some(lengthen(iris, word.strip_prefix('^')?, None)?),
            }
        }
        scope.terms.push((name.to_owned(), term));
    }
    let sorted = scope.terms.is_sorted_by(|(left, _), (right, _)| left < right);
    sorted.then(|| Arc::new(Local { id, steps: vec![Step::Scope(scope)] }))
}

fn forget(ids: &mut u32) -> Arc<Local> {
    let id = *ids;
    *ids += 1;
    Arc::new(Local { id, steps: vec![Step::Null] })
}

fn lengthen(iris: &[(&str, &str)], word: &str, name: Option<&str>) -> Option<String> {
    if word.starts_with('@') {
        return Some(word.to_owned());
    }
    if let Some(text) = word.strip_prefix('<') {
        return text.strip_suffix('>').map(str::to_owned);
    }
    let (short, rest) = word.split_once(':').or_else(|| Some((word, name?)))?;
    let (_, iri) = iris.iter().find(|(own, _)| *own == short)?;
    Some(format!("{iri}{rest}"))
}

/// The hash of a table's first lines, without reading the rest.
pub(super) fn sha256(text: &str) -> Option<[u8; 32]> {
    hex::decode(text.lines().nth(1)?.strip_prefix("sha256 ")?)
}
