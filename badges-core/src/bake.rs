//! Credentials baked into images: text into a PNG or SVG, and out again.
//!
//! An image is a carrier only. No pixel is decoded, no other chunk or element is touched, and nothing here
//! knows whether the text is a credential: that is the verifier's question.
//!
//! ```
//! # const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>"#;
//! use badges_core::bake::{Generation, ImageLimits, Selection, bake, choose, extract};
//!
//! let baked = bake(SVG.as_bytes(), r#"{"id":"urn:uuid:1"}"#, Generation::V3)?;
//! let found = choose(extract(&baked, &ImageLimits::default())?, Selection::Strict)?;
//!
//! assert_eq!(found.text, r#"{"id":"urn:uuid:1"}"#);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! # Limits
//!
//! [`ImageLimits`] bounds the file, its chunks and the text taken out of it. Of an SVG, elements may be nested
//! 256 deep, hold 1,000 attributes each and have 64 namespace prefixes in force at a time. Only UTF-8 is read.
//! A document type is passed over if it names one of the W3C's SVG types and declares nothing itself; any other
//! is refused, and so is every entity but the five that XML itself knows.

mod choice;
mod error;
mod inert;
mod png;
mod svg;
mod text_chunk;
mod xml;

use std::borrow::Cow;

pub use choice::{ChoiceError, Selection, choose};
pub use error::BakeError;
pub use inert::{Extent, InertError, inert};

/// The kinds of image that carry credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageKind {
    /// Portable Network Graphics.
    Png,
    /// Scalable Vector Graphics, or other XML: only [`extract`] looks further than the first characters.
    Svg,
}

impl ImageKind {
    /// Tells the kind by the first bytes; none if the bytes are neither.
    ///
    /// JSON and compact JWS are neither, so that a caller may ask about any upload.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(&png::SIGNATURE) {
            return Some(Self::Png);
        }
        let utf16 = [&[0xfe, 0xff][..], &[0xff, 0xfe], &[0, b'<'], &[b'<', 0]];
        let rest = bytes.strip_prefix(xml::BYTE_ORDER_MARK).unwrap_or(bytes);
        let markup = rest.trim_ascii_start().starts_with(b"<");
        (markup || utf16.iter().any(|start| bytes.starts_with(start))).then_some(Self::Svg)
    }
}

/// The generations of Open Badges that bake each in their own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Generation {
    /// 1.x: the address of the assertion in a `tEXt` chunk. Read only; in an SVG it cannot be told from 2.0.
    V1,
    /// 2.0: an assertion, its address, or a JWS of it.
    V2,
    /// 3.0: a credential with its proof, or a JWS of it.
    V3,
}

impl Generation {
    /// The keyword of the text chunk in a PNG.
    fn keyword(self) -> &'static str {
        match self {
            Self::V1 | Self::V2 => "openbadges",
            Self::V3 => "openbadgecredential",
        }
    }
}

/// Where in the image a text stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// An `iTXt` chunk of a PNG.
    PngInternationalText,
    /// A `tEXt` chunk of a PNG.
    PngText,
    /// The attribute `verify` of the element in an SVG.
    SvgAttribute,
    /// The content of the element in an SVG.
    SvgBody,
}

/// Something about a find that the specification does not ask for, and that a report should name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// The text was compressed, which OB 3.0 §5.3.1 forbids; [`Selection::Strict`] refuses it.
    Compressed,
    /// The SVG has a document type, which was passed over unread.
    Doctype,
    /// There are this many texts of the generation, and this is the first.
    FirstOf(usize),
    /// The chunk names a language.
    Language(String),
    /// The element is not the first thing in `<svg>`.
    NotFirst,
    /// The image also holds a text of this other generation, which was passed over.
    PassedOver(Generation),
    /// The chunk's keyword has a translation.
    TranslatedKeyword(String),
}

/// A text that an image carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// The generation whose place it stands in.
    pub generation: Generation,
    /// Where it stood.
    pub carrier: Carrier,
    /// What is to be verified: a credential, a JWS, or the address of an assertion. Possibly empty.
    pub text: Cow<'a, str>,
    /// In an SVG of 2.0 whose `verify` holds the address: the content of the element, a copy of the assertion
    /// that nothing vouches for.
    pub copy: Option<Cow<'a, str>>,
    /// What was odd about it.
    pub findings: Vec<Finding>,
}

impl Found<'_> {
    /// The whole document where the image has it: the copy, if it is of the assertion that the address names, else
    /// the text.
    ///
    /// This gives back what [`bake`] was given. Whoever wants to believe a copy must fetch its address.
    pub fn document(&self) -> &str {
        match &self.copy {
            Some(copy) if svg::address_of(copy).is_some_and(|address| address == self.text) => copy,
            _ => &self.text,
        }
    }
}

/// How much an image may ask of its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageLimits {
    /// Bytes of the file.
    pub file: usize,
    /// Chunks of a PNG, IHDR and IEND included; badge elements of an SVG.
    pub chunks: usize,
    /// Bytes of all texts taken out of one image together, after inflation. A reader of credentials has its own,
    /// smaller limit for one document.
    pub text: usize,
}

impl Default for ImageLimits {
    /// 4 MiB, 1,000 chunks, 1 MiB of text.
    fn default() -> Self {
        Self { file: 4 << 20, chunks: 1000, text: 1 << 20 }
    }
}

/// Takes every text out of an image, in the order of the file; none if it carries nothing.
///
/// What comes after the end of a PNG is not part of it and is not searched. `zTXt` is not read, and of an SVG
/// only the children of the root element count, not comments or deeper elements.
///
/// # Errors
///
/// If the bytes are not a PNG or SVG, are damaged (every CRC is checked), or pass a limit. A damaged image gives
/// nothing at all, though a credential may stand before the damage.
pub fn extract<'a>(image: &'a [u8], limits: &ImageLimits) -> Result<Vec<Found<'a>>, BakeError> {
    match within(image, limits)? {
        ImageKind::Png => png::extract(image, limits),
        ImageKind::Svg => svg::extract(image, limits),
    }
}

/// Puts a text into an image, in place of an older one of the same generation; one of the other stays.
///
/// Only the chunk or element of the text is added or taken out, and every other byte stays as it was, but for
/// what follows the end of a PNG, which is dropped. A JWS or address goes into the attribute `verify` of an SVG;
/// a 2.0 assertion goes into the body, with its `id` in `verify`.
///
/// # Errors
///
/// As [`extract`] with the limits by default; also if the text is empty or holds characters that the image
/// cannot carry (NUL in a PNG; control characters in an SVG), if the baked image would pass a limit itself, and
/// for [`Generation::V1`], which is not written.
pub fn bake(image: &[u8], text: &str, generation: Generation) -> Result<Vec<u8>, BakeError> {
    let limits = ImageLimits::default();
    if generation == Generation::V1 {
        return Err(BakeError::LegacyNotWritten);
    }
    if text.is_empty() {
        return Err(BakeError::TextEmpty);
    }
    if text.len() > limits.text {
        return Err(BakeError::TextTooLarge { limit: limits.text });
    }
    let baked = match within(image, &limits)? {
        ImageKind::Png => png::bake(image, text, generation, &limits),
        ImageKind::Svg => svg::bake(image, text, generation, &limits),
    }?;
    within(&baked, &limits)?;
    Ok(baked)
}

fn within(image: &[u8], limits: &ImageLimits) -> Result<ImageKind, BakeError> {
    if image.len() > limits.file {
        return Err(BakeError::TooLarge { bytes: image.len(), limit: limits.file });
    }
    ImageKind::sniff(image).ok_or(BakeError::NotAnImage)
}
