//! Writes a context in our own short form, which `jsonld/table.rs` describes and reads.

use std::{collections::BTreeMap, fmt::Write as _};

use super::super::local::{Local, Prefix, Scope, Step, Target};
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
