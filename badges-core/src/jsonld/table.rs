//! Our own short form of a context, and a strict reader of it.
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

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use super::local::{Definition, Local, Prefix, Scope, Step, Target};
use crate::hex;

/// The IRIs that tables shorten, longest first where one begins another.
const IRIS: &[(&str, &str)] = &[
    ("ob", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"),
    ("clr", "https://purl.imsglobal.org/spec/vc/clr/vocab.html#"),
    ("status", "https://www.w3.org/ns/credentials/status#"),
    ("cred", "https://www.w3.org/2018/credentials#"),
    ("list2021", "https://w3id.org/vc/status-list#"),
    ("list2020", "https://w3id.org/vc-revocation-list-2020#"),
    ("dcc", "https://w3id.org/dcc/v1#"),
    ("sec", "https://w3id.org/security#"),
    ("did", "https://www.w3.org/ns/did#"),
    ("jwt", "https://www.iana.org/assignments/jwt#"),
    ("jose", "https://www.iana.org/assignments/jose#"),
    ("xsds", "https://www.w3.org/2001/XMLSchema#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ("schemas", "https://schema.org/"),
    ("schema", "http://schema.org/"),
    ("dct", "http://purl.org/dc/terms/"),
];

/// A context with the hash of the document that it was made from.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) sha256: [u8; 32],
    pub(super) local: Arc<Local>,
}

/// Writes a context as a table; none if it is of a kind for which tables have no form.
pub(super) fn render(url: &str, sha256: &[u8; 32], local: &Local) -> Option<String> {
    let [Step::Scope(scope)] = local.steps.as_slice() else { return None };
    let mut used = BTreeMap::new();
    let mut body = String::new();
    render_scope(&mut body, &mut used, scope, 0)?;
    let mut out = format!("context {url}\nsha256 {}", hex::encode(sha256));
    for (name, iri) in used {
        write!(out, "\niri {name} {iri}").ok()?;
    }
    Some(format!("{out}\n{}", body.trim_start_matches(' ')))
}

type Used = BTreeMap<&'static str, &'static str>;

fn render_scope(out: &mut String, used: &mut Used, scope: &Scope, depth: usize) -> Option<()> {
    let protected = scope.terms.first().is_some_and(|(_, term)| term.protected);
    let plain = scope.vocab.is_none() && scope.language.is_none() && scope.propagate.is_none();
    let alike = scope.terms.iter().all(|(_, term)| term.protected == protected);
    (plain && alike).then_some(())?;
    out.push_str(if protected { " terms protected\n" } else { " terms\n" });
    for (name, term) in &scope.terms {
        (!name.contains(char::is_whitespace) && term.language.is_none()).then_some(())?;
        let target = match &term.target {
            Target::Implied => "-".to_owned(),
            Target::Null => "!".to_owned(),
            Target::Text(text) => shorten(used, text, Some(name)),
        };
        write!(out, "{:depth$} {name} {target}", "").ok()?;
        if let Some(coercion) = &term.coercion {
            write!(out, " ^{}", shorten(used, coercion, None)).ok()?;
        }
        let flags = [
            (term.container.set, " +set"),
            (term.container.list, " +list"),
            (term.container.graph, " +graph"),
            (term.reverse, " reverse"),
            (term.prefix == Prefix::Yes, " prefix"),
            (term.prefix == Prefix::IfDelimited, " simple"),
        ];
        flags.iter().filter(|(is, _)| *is).for_each(|(_, word)| out.push_str(word));
        match term.scope.as_ref().map(|scope| scope.steps.as_slice()) {
            None => out.push('\n'),
            Some([Step::Null]) => out.push_str(" null\n"),
            Some([Step::Scope(scope)]) => render_scope(out, used, scope, depth + 1)?,
            Some(_) => return None,
        }
    }
    Some(())
}

fn shorten(used: &mut Used, text: &str, name: Option<&str>) -> String {
    if text.starts_with('@') {
        return text.to_owned();
    }
    let short = IRIS.iter().find_map(|(short, iri)| Some((*short, *iri, text.strip_prefix(iri)?)));
    let Some((short, iri, rest)) = short else { return format!("<{text}>") };
    used.insert(short, iri);
    if name == Some(rest) { short.to_owned() } else { format!("{short}:{rest}") }
}

/// Reads a table; none if a line is not of the form that [`render`] writes.
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
