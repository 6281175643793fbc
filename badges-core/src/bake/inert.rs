//! Whether an SVG only shows: nothing in it acts, moves, or names anything outside of the file.

mod drawing;
mod elements;
mod error;
mod style;

use quick_xml::{Reader, events::Event};

pub use self::error::InertError;
use self::{
    drawing::Drawing,
    elements::{ELEMENTS, is_free_text},
};
use super::{
    ImageLimits, within,
    xml::{self, Names, Space, Tag},
};

/// The size that an SVG asks for, in pixels of CSS or in units of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// The longest side.
const MOST_SIDE: f64 = 100_000.0;

/// Checks that an SVG of a stranger may be shown to others, and tells its size.
///
/// Elements, namespaces and functions of CSS are taken by name, so that what is not known is refused: scripts, events,
/// animation, `foreignObject`, document types, processing instructions, links, fonts, imports, and every reference
/// but `#id` and PNG or JPEG as `data:`. So is a picture that draws a crowd by references to references. Nothing is
/// rewritten.
///
/// ```
/// use badges_core::bake::{ImageLimits, inert};
///
/// let badge = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4"/></svg>"#;
///
/// assert!(inert(badge.as_bytes(), &ImageLimits::default()).is_ok());
/// let acts = badge.replace("<circle", "<circle onclick='alert(1)'");
/// assert!(inert(acts.as_bytes(), &ImageLimits::default()).is_err());
/// ```
///
/// # Errors
///
/// The first thing in the file that is not taken, or why the file is no SVG at all.
pub fn inert(svg: &[u8], limits: &ImageLimits) -> Result<Extent, InertError> {
    within(svg, limits)?;
    let image = xml::scan(svg, limits)?;
    if image.doctype {
        return Err(InertError::Doctype);
    }
    let text = image.text;
    let mut reader = Reader::from_str(text);
    let mut look = Look::default();
    loop {
        let from = xml::position(&reader);
        let event = reader.read_event().map_err(|error| xml::ill_formed(from, error))?;
        let tag = text.get(from..xml::position(&reader)).unwrap_or_default();
        match event {
            Event::Start(start) => look.enter(tag, start.name().as_ref().len(), false, from)?,
            Event::Empty(start) => look.enter(tag, start.name().as_ref().len(), true, from)?,
            Event::End(_) => look.leave()?,
            Event::Text(text) => look.add(&text.xml10_content()),
            Event::CData(text) => look.add(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                look.add(xml::expand(&reference, from)?.encode_utf8(&mut [0; 4]));
            }
            Event::PI(instruction) => {
                return Err(InertError::Instruction { target: short(instruction.target()) });
            }
            Event::Decl(_) if !is_declaration(tag) => {
                return Err(InertError::Instruction { target: "xml".to_owned() });
            }
            Event::Comment(_) | Event::Decl(_) | Event::DocType(_) => {}
            Event::Eof => break,
        }
    }
    look.drawing.check()?;
    look.extent.ok_or(InertError::Size)
}

/// Whether an XML declaration holds no more than versions and encodings are made of (XML 1.0 §2.8): a reader that is
/// less strict would find tags in it.
fn is_declaration(tag: &str) -> bool {
    let inside = tag.strip_prefix("<?xml").and_then(|tag| tag.strip_suffix("?>")).unwrap_or("<");
    inside.chars().all(|c| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || "=\"'.-_:".contains(c))
}

#[derive(Default)]
struct Look<'a> {
    names: Names<'a>,
    drawing: Drawing,
    extent: Option<Extent>,
    depth: usize,
    /// The style sheet whose end tag is awaited.
    style: Option<String>,
}

impl<'a> Look<'a> {
    fn enter(&mut self, tag: &'a str, name_length: usize, empty: bool, at: usize) -> Result<(), InertError> {
        let tag = self.names.enter(tag, name_length, empty, at)?;
        let known = match tag.space {
            Space::Svg => ELEMENTS.binary_search(&tag.local).is_ok(),
            Space::Notes => true,
            _ => return Err(InertError::Namespace { name: short(tag.name) }),
        };
        if !known || self.style.is_some() {
            return Err(InertError::Element { name: short(tag.name) });
        }
        if self.depth == 0 {
            self.extent = extent(&tag);
        }
        self.drawing.enter(tag.value("id"));
        for (key, value) in &tag.attributes {
            self.attribute(&tag, key, value)?;
        }
        if tag.space == Space::Svg && tag.local == "style" {
            self.style = Some(String::new());
        }
        self.depth += 1;
        if empty { self.leave() } else { Ok(()) }
    }

    fn attribute(&mut self, tag: &Tag<'_>, key: &str, value: &str) -> Result<(), InertError> {
        let (prefix, local) = key.split_once(':').unwrap_or(("", key));
        if prefix == "xmlns" || key == "xmlns" {
            return Ok(());
        }
        let attribute = || format!("{} of {}", short(key), short(tag.name));
        let space = if prefix.is_empty() { Some(Space::None) } else { self.names.resolve(prefix) };
        match space {
            Some(Space::None) if is_event(local) => Err(InertError::Event { attribute: attribute() }),
            Some(Space::None | Space::Link) if local == "href" => {
                let inside = value.trim().strip_prefix('#').filter(|id| !id.is_empty());
                match (tag.local, inside) {
                    ("image", None) | ("feImage", None) if style::is_picture(value) => Ok(()),
                    // The whole file, inside of itself.
                    ("image", _) | (_, None) => {
                        Err(InertError::Reference { attribute: attribute(), value: short(value) })
                    }
                    (_, Some(id)) => {
                        self.drawing.refer(id);
                        Ok(())
                    }
                }
            }
            // It would turn every #id into an address elsewhere.
            Some(Space::Xml) if local == "base" => {
                Err(InertError::Reference { attribute: attribute(), value: short(value) })
            }
            Some(Space::Link | Space::Notes | Space::Xml) => Ok(()),
            Some(Space::None) if tag.space == Space::Notes || is_free_text(local) => Ok(()),
            Some(Space::None) => {
                let named = style::references(value)
                    .map_err(|found| InertError::Style { place: attribute(), found: short(&found) })?;
                named.iter().for_each(|id| self.drawing.refer(id));
                Ok(())
            }
            _ => Err(InertError::Namespace { name: short(key) }),
        }
    }

    fn leave(&mut self) -> Result<(), InertError> {
        self.names.leave();
        self.drawing.leave();
        self.depth = self.depth.saturating_sub(1);
        if let Some(sheet) = self.style.take() {
            style::references(&sheet)
                .map_err(|found| InertError::Style { place: "style".to_owned(), found: short(&found) })?;
        }
        Ok(())
    }

    fn add(&mut self, text: &str) {
        if let Some(style) = &mut self.style {
            style.push_str(text);
        }
    }
}

/// Whether an attribute is called by the browser when something happens.
fn is_event(name: &str) -> bool {
    name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"))
}

/// The width and height of the root, or those of its view box.
fn extent(root: &Tag<'_>) -> Option<Extent> {
    let own = root.value("width").and_then(length).zip(root.value("height").and_then(length));
    let (width, height) = own.or_else(|| {
        let numbers: Vec<&str> = root
            .value("viewBox")?
            .split(|sign: char| sign == ',' || sign.is_ascii_whitespace())
            .filter(|number| !number.is_empty())
            .collect();
        match numbers.as_slice() {
            [left, top, width, height] if left.parse::<f64>().is_ok() && top.parse::<f64>().is_ok() => {
                length(width).zip(length(height))
            }
            _ => None,
        }
    })?;
    Some(Extent { width, height })
}

/// A length that stands for itself: a share of something else (%, em) has no size.
fn length(text: &str) -> Option<f64> {
    let text = text.trim();
    let unit = text.trim_start_matches(|sign: char| sign.is_ascii_digit() || matches!(sign, '.' | '+' | '-'));
    let number: f64 = text.strip_suffix(unit)?.parse().ok()?;
    let pixels = match unit.trim_start() {
        "" | "px" => 1.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        _ => return None,
    };
    Some(number * pixels).filter(|side| *side > 0.0 && *side <= MOST_SIDE)
}

/// What is quoted of a file.
fn short(text: &str) -> String {
    text.chars().take(60).collect()
}
