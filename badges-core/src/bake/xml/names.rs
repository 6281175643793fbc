//! Names in XML, and the namespaces they stand for (Namespaces in XML 1.0).

use std::borrow::Cow;

use quick_xml::{
    XmlVersion,
    events::attributes::{Attribute, Attributes},
};

use super::{BakeError, Generation, ill_formed, is_character};

const ATTRIBUTES: usize = 1000;
const BINDINGS: usize = 64;
const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";

/// How the namespaces begin in which drawing programs leave notes; no reader of SVG does anything with them.
const NOTES: [&str; 14] = [
    "adobe:ns:meta/",
    "http://creativecommons.org/ns#",
    "http://ns.adobe.com/",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/dc/terms/",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
    "http://web.resource.org/cc/",
    "http://www.bohemiancoding.com/sketch/ns",
    "http://www.figma.com/figma/ns",
    "http://www.inkscape.org/namespaces/inkscape",
    "http://www.serif.com/",
    "http://www.vectornator.io",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "https://boxy-svg.com",
];

/// A namespace, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Space {
    Badge(Generation),
    Link,
    None,
    Notes,
    Other,
    Svg,
    Xml,
}

impl Space {
    fn of(namespace: &str) -> Self {
        let badge = |generation: &Generation| namespace == super::namespace(*generation);
        match namespace {
            "" => Self::None,
            SVG => Self::Svg,
            XLINK => Self::Link,
            _ if NOTES.iter().any(|notes| namespace.starts_with(notes)) => Self::Notes,
            _ => [Generation::V3, Generation::V2].into_iter().find(badge).map_or(Self::Other, Self::Badge),
        }
    }
}

/// A start tag with its names resolved.
pub(in super::super) struct Tag<'a> {
    /// As written, with the prefix.
    pub(in super::super) name: &'a str,
    pub(in super::super) local: &'a str,
    pub(in super::super) space: Space,
    /// Names as written, sorted, and values; declarations of namespaces too.
    pub(in super::super) attributes: Vec<(&'a str, Cow<'a, str>)>,
}

impl Tag<'_> {
    /// The value of an attribute without a namespace.
    pub(in super::super) fn value(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_ref())
    }
}

/// The prefixes in force.
#[derive(Default)]
pub(in super::super) struct Names<'a> {
    /// The default namespace has the empty prefix; the inmost comes last.
    bindings: Vec<(&'a str, Space)>,
    /// How many bindings there were outside of each open element.
    levels: Vec<usize>,
}

impl<'a> Names<'a> {
    /// Goes into an element whose whole start tag, from `<` to `>`, stands at a position of the file.
    pub(in super::super) fn enter(
        &mut self,
        tag: &'a str,
        name_length: usize,
        empty: bool,
        at: usize,
    ) -> Result<Tag<'a>, BakeError> {
        self.levels.push(self.bindings.len());
        let inner = tag.strip_prefix('<').and_then(|tag| tag.strip_suffix(if empty { "/>" } else { ">" }));
        let inner = inner.ok_or_else(|| ill_formed(at, "a broken tag"))?;
        let mut attributes: Vec<(&'a str, Cow<'a, str>)> = Vec::new();
        for attribute in Attributes::new(inner, name_length).with_checks(false) {
            let attribute = attribute.map_err(|error| ill_formed(at, error))?;
            if attributes.len() == ATTRIBUTES {
                return Err(BakeError::TooMany { what: "attributes of one element", limit: ATTRIBUTES });
            }
            let key: &'a str = attribute.key.0;
            let value = value(&attribute, at)?;
            match split(key, at)? {
                ("", "xmlns") => self.bind("", &value, at)?,
                ("xmlns", prefix) => self.bind(prefix, &value, at)?,
                _ => {}
            }
            attributes.push((key, value));
        }
        // Only now, for a declaration may come behind its use.
        for (key, _) in &attributes {
            if let Some((prefix, _)) = key.split_once(':')
                && prefix != "xmlns"
            {
                self.declared(prefix)?;
            }
        }
        attributes.sort_unstable_by_key(|(key, _)| *key);
        if attributes.windows(2).any(|pair| matches!(pair, [(one, _), (other, _)] if one == other)) {
            return Err(ill_formed(at, "an attribute twice"));
        }
        let name = inner.get(..name_length).unwrap_or_default();
        let (prefix, local) = split(name, at)?;
        let space = match prefix {
            "" => self.resolve("").unwrap_or(Space::None),
            prefix => self.declared(prefix)?,
        };
        Ok(Tag { name, local, space, attributes })
    }

    /// Goes out of the inmost element.
    pub(in super::super) fn leave(&mut self) {
        if let Some(outside) = self.levels.pop() {
            self.bindings.truncate(outside);
        }
    }

    /// The namespace of a prefix.
    pub(in super::super) fn resolve(&self, prefix: &str) -> Option<Space> {
        if prefix == "xml" {
            return Some(Space::Xml);
        }
        self.bindings.iter().rev().find(|(own, _)| *own == prefix).map(|(_, space)| *space)
    }

    fn declared(&self, prefix: &str) -> Result<Space, BakeError> {
        self.resolve(prefix)
            .ok_or_else(|| BakeError::UndeclaredPrefix { prefix: prefix.chars().take(64).collect() })
    }

    fn bind(&mut self, prefix: &'a str, namespace: &str, at: usize) -> Result<(), BakeError> {
        let reserved = namespace == XMLNS || ((prefix == "xml") != (namespace == XML));
        if prefix == "xmlns" || reserved || (!prefix.is_empty() && namespace.is_empty()) {
            return Err(ill_formed(at, "a namespace declaration that XML forbids"));
        }
        if self.bindings.len() == BINDINGS {
            return Err(BakeError::TooMany { what: "namespace prefixes in force", limit: BINDINGS });
        }
        self.bindings.push((prefix, Space::of(namespace)));
        Ok(())
    }
}

/// The value of an attribute; one that is not looked at is not unescaped, but must be well-formed.
fn value<'a>(attribute: &Attribute<'a>, at: usize) -> Result<Cow<'a, str>, BakeError> {
    if attribute.value.contains('<') {
        return Err(ill_formed(at, "< in the value of an attribute"));
    }
    let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| match error {
        quick_xml::Error::Escape(quick_xml::escape::EscapeError::UnrecognizedEntity(_, name)) => {
            BakeError::Entity { name: name.chars().take(64).collect() }
        }
        other => ill_formed(at, other),
    })?;
    if matches!(value, Cow::Owned(_)) && !value.chars().all(is_character) {
        return Err(ill_formed(at, "a reference to a character that XML cannot hold"));
    }
    Ok(value)
}

/// Prefix and local name; the prefix may be empty.
fn split(name: &str, at: usize) -> Result<(&str, &str), BakeError> {
    let (prefix, local) = match name.split_once(':') {
        Some((prefix, local)) if is_name(prefix) => (prefix, local),
        Some(_) => return Err(ill_formed(at, "a name that begins with a colon")),
        None => ("", name),
    };
    if !is_name(local) {
        return Err(ill_formed(at, "a name that XML does not allow"));
    }
    Ok((prefix, local))
}

/// Whether this is a name without a colon, as far as ASCII goes.
fn is_name(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii();
    let mut bytes = name.bytes();
    let later = |byte: u8| letter(byte) || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    bytes.next().is_some_and(letter) && bytes.all(later)
}
