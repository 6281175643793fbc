//! The XML of an SVG: where its root and its badge elements stand, by namespace.

use std::ops::Range;

use quick_xml::{
    Reader,
    events::{BytesDecl, BytesRef, Event},
};

use super::{BakeError, Generation, ImageLimits};

mod body;
mod names;

use body::Body;
pub(super) use names::{Names, Space, Tag};

/// U+FEFF in UTF-8.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

const DEPTH: usize = 256;

/// An SVG with its badges.
pub(super) struct Image<'a> {
    /// The file without its byte order mark; all positions count from here.
    pub(super) text: &'a str,
    pub(super) root: Root<'a>,
    pub(super) elements: Vec<Element>,
    pub(super) doctype: bool,
}

/// The start tag of the root element.
pub(super) struct Root<'a> {
    pub(super) name: &'a str,
    pub(super) tag: Range<usize>,
    /// Whether it is its own end tag, `<svg/>`.
    pub(super) empty: bool,
    /// The namespace that the root gives the prefix `openbadges`.
    pub(super) openbadges: Option<Space>,
}

/// An element that holds a badge.
pub(super) struct Element {
    pub(super) generation: Generation,
    /// From its start tag to its end tag.
    pub(super) span: Range<usize>,
    pub(super) verify: Option<String>,
    pub(super) body: Option<String>,
    /// Whether no other element or text of the root comes before it.
    pub(super) first: bool,
}

/// The namespace of a generation's element.
pub(super) fn namespace(generation: Generation) -> &'static str {
    match generation {
        Generation::V1 | Generation::V2 => "http://openbadges.org",
        Generation::V3 => "https://purl.imsglobal.org/ob/v3p0",
    }
}

/// The local name of a generation's element.
pub(super) fn local_name(generation: Generation) -> &'static str {
    match generation {
        Generation::V1 | Generation::V2 => "assertion",
        Generation::V3 => "credential",
    }
}

/// Whether XML 1.0 can write a character (production `Char`).
pub(super) fn is_character(character: char) -> bool {
    !matches!(character, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}

/// Reads an SVG through once.
pub(super) fn scan<'a>(image: &'a [u8], limits: &ImageLimits) -> Result<Image<'a>, BakeError> {
    let utf16 = image.contains(&0) || image.starts_with(b"\xff\xfe") || image.starts_with(b"\xfe\xff");
    if utf16 {
        return Err(BakeError::Encoding { name: "UTF-16 or binary".to_owned() });
    }
    let text = std::str::from_utf8(image.strip_prefix(BYTE_ORDER_MARK).unwrap_or(image));
    let text = text.map_err(|_| BakeError::Utf8)?;
    if let Some(at) = text.bytes().position(|byte| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) {
        return Err(ill_formed(at, "control character"));
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut scan = Scan {
        text,
        names: Names::default(),
        depth: 0,
        root: None,
        doctype: false,
        crowded: false,
        open: None,
        elements: Vec::new(),
        most: limits.chunks,
        room: limits.text,
        limit: limits.text,
    };
    loop {
        let from = position(&reader);
        let event = reader.read_event().map_err(|error| ill_formed(from, error))?;
        let span = from..position(&reader);
        if !scan.take(event, span)? {
            return scan.finish();
        }
    }
}

pub(super) fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

pub(super) fn ill_formed(at: usize, problem: impl ToString) -> BakeError {
    BakeError::Xml { at, problem: problem.to_string().chars().take(200).collect() }
}

struct Scan<'a> {
    text: &'a str,
    names: Names<'a>,
    depth: usize,
    root: Option<Root<'a>>,
    doctype: bool,
    /// Whether the root has shown an element or text that is not a badge.
    crowded: bool,
    /// The badge whose end tag is awaited.
    open: Option<(Element, Body)>,
    elements: Vec<Element>,
    most: usize,
    room: usize,
    limit: usize,
}

impl<'a> Scan<'a> {
    /// Takes the next part of the file; `false` at its end.
    fn take(&mut self, event: Event<'a>, span: Range<usize>) -> Result<bool, BakeError> {
        match event {
            Event::Start(start) => self.start(start.name().as_ref().len(), span, false)?,
            Event::Empty(start) => self.start(start.name().as_ref().len(), span, true)?,
            Event::End(_) => self.end(span.end)?,
            Event::Text(text) => {
                let blank = text.bytes().all(|byte| byte.is_ascii_whitespace());
                self.content(blank, &span)?;
                self.add(|body| body.push_text(&text.xml10_content()))?;
            }
            Event::CData(text) => {
                self.content(false, &span)?;
                self.add(|body| body.push_verbatim(&text.xml10_content()))?;
            }
            Event::GeneralRef(reference) => {
                let character = expand(&reference, span.start)?;
                self.content(false, &span)?;
                self.add(|body| body.push_verbatim(character.encode_utf8(&mut [0; 4])))?;
            }
            Event::Decl(declaration) => check_declaration(&declaration, span.start)?,
            Event::PI(instruction) if instruction.target().eq_ignore_ascii_case("xml") => {
                return Err(ill_formed(span.start, "a processing instruction named xml"));
            }
            Event::Comment(_) | Event::PI(_) => {}
            Event::DocType(kind) => {
                if self.doctype || self.root.is_some() || !is_known_doctype(&kind) {
                    return Err(BakeError::Doctype);
                }
                self.doctype = true;
            }
            Event::Eof => return Ok(false),
        }
        Ok(true)
    }

    fn start(&mut self, name_length: usize, span: Range<usize>, empty: bool) -> Result<(), BakeError> {
        if self.depth == DEPTH {
            return Err(BakeError::TooMany { what: "nested elements", limit: DEPTH });
        }
        if self.open.is_some() {
            return Err(ill_formed(span.start, "an element inside the badge"));
        }
        let tag = self.text.get(span.clone()).unwrap_or_default();
        let tag = self.names.enter(tag, name_length, empty, span.start)?;
        if self.depth == 0 {
            self.take_root(&tag, span, empty)?;
        } else if let Some(generation) = badge(&tag).filter(|_| self.depth == 1) {
            if self.elements.len() == self.most {
                return Err(BakeError::TooMany { what: "badges", limit: self.most });
            }
            let verify = tag.value("verify").map(str::to_owned);
            let element = Element { generation, span, verify, body: None, first: !self.crowded };
            self.charge(element.verify.as_ref().map_or(0, String::len))?;
            if empty {
                self.elements.push(element);
            } else {
                self.open = Some((element, Body::default()));
            }
        } else {
            self.crowded = true;
        }
        if empty {
            self.names.leave();
        } else {
            self.depth += 1;
        }
        Ok(())
    }

    fn take_root(&mut self, tag: &Tag<'a>, span: Range<usize>, empty: bool) -> Result<(), BakeError> {
        if self.root.is_some() {
            return Err(ill_formed(span.start, "a second root element"));
        }
        // Old files leave the namespace out, and no other kind of XML has a root of this name.
        let in_svg = matches!(tag.space, Space::Svg | Space::None);
        if tag.local != "svg" || !in_svg {
            return Err(BakeError::NotSvg { root: tag.name.chars().take(64).collect() });
        }
        let openbadges = self.names.resolve("openbadges");
        self.root = Some(Root { name: tag.name, tag: span, empty, openbadges });
        Ok(())
    }

    fn end(&mut self, at: usize) -> Result<(), BakeError> {
        self.names.leave();
        self.depth = self.depth.saturating_sub(1);
        if let Some((mut element, body)) = self.open.take() {
            element.span.end = at;
            element.body = body.finish();
            self.charge(element.body.as_ref().map_or(0, String::len))?;
            self.elements.push(element);
        }
        Ok(())
    }

    /// Notes that there is text, which may stand inside the root only.
    fn content(&mut self, blank: bool, span: &Range<usize>) -> Result<(), BakeError> {
        if self.depth == 0 && !blank {
            return Err(ill_formed(span.start, "text outside the root element"));
        }
        if self.depth == 1 && !blank {
            self.crowded = true;
        }
        Ok(())
    }

    /// Adds to the body of the open badge, if one is.
    fn add(&mut self, push: impl FnOnce(&mut Body)) -> Result<(), BakeError> {
        match &mut self.open {
            Some((_, body)) => {
                push(body);
                if body.len() > self.room {
                    return Err(BakeError::TextTooLarge { limit: self.limit });
                }
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn charge(&mut self, bytes: usize) -> Result<(), BakeError> {
        self.room = self.room.checked_sub(bytes).ok_or(BakeError::TextTooLarge { limit: self.limit })?;
        Ok(())
    }

    fn finish(self) -> Result<Image<'a>, BakeError> {
        let at = self.text.len();
        if self.depth > 0 {
            return Err(BakeError::Truncated { at });
        }
        let root = self.root.ok_or_else(|| ill_formed(at, "no element at all"))?;
        Ok(Image { text: self.text, root, elements: self.elements, doctype: self.doctype })
    }
}

fn badge(tag: &Tag<'_>) -> Option<Generation> {
    match tag.space {
        Space::Badge(generation) if tag.local == local_name(generation) => Some(generation),
        _ => None,
    }
}

pub(super) fn expand(reference: &BytesRef<'_>, at: usize) -> Result<char, BakeError> {
    if let Some(character) = reference.resolve_char_ref().map_err(|error| ill_formed(at, error))? {
        return if is_character(character) {
            Ok(character)
        } else {
            Err(ill_formed(at, "a reference to a character that XML cannot hold"))
        };
    }
    match reference.as_ref() {
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "gt" => Ok('>'),
        "lt" => Ok('<'),
        "quot" => Ok('"'),
        name => Err(BakeError::Entity { name: name.chars().take(64).collect() }),
    }
}

fn check_declaration(declaration: &BytesDecl<'_>, at: usize) -> Result<(), BakeError> {
    let version = declaration.version().map_err(|error| ill_formed(at, error))?;
    if at != 0 || version != "1.0" {
        return Err(ill_formed(at, "not the XML 1.0 declaration that may stand at the start alone"));
    }
    match declaration.encoding().transpose().map_err(|error| ill_formed(at, error))? {
        Some(name) if !["utf-8", "us-ascii"].iter().any(|known| name.eq_ignore_ascii_case(known)) => {
            Err(BakeError::Encoding { name: name.chars().take(64).collect() })
        }
        _ => Ok(()),
    }
}

/// Whether a document type has no declarations of its own and names none but the W3C's, which declare no entity
/// that a badge could use. It is never fetched.
fn is_known_doctype(content: &str) -> bool {
    let Some(rest) = content.strip_prefix("svg") else { return false };
    let rest = rest.trim();
    let public = rest.strip_prefix("PUBLIC").map(str::trim_start);
    let known = public.is_some_and(|id| {
        ["\"-//W3C//DTD SVG ", "'-//W3C//DTD SVG "].iter().any(|start| id.starts_with(start))
    });
    rest.is_empty() || (known && !rest.contains('['))
}
