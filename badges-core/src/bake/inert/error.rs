//! Why an SVG is not taken for one that only shows.

use super::super::BakeError;

/// Why an SVG is not taken for one that only shows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InertError {
    /// An element refers to itself, over others or directly.
    #[error("the SVG draws #{id} inside of itself: take the reference out")]
    Circle {
        /// The element's identifier.
        id: String,
    },
    /// More is drawn than a reader should be asked for.
    #[error(
        "the SVG draws more than {limit} elements, counted as often as they are referred to: simplify it"
    )]
    Crowd {
        /// How many may be drawn.
        limit: u64,
    },
    /// A document type, even one of the W3C.
    #[error("the SVG has a document type (<!DOCTYPE …>): take it out, for no drawing needs it")]
    Doctype,
    /// An element that no still picture needs, such as `script`, `foreignObject` or `animate`.
    #[error("the SVG has the element {name:?}: take it out, for a picture only shows")]
    Element {
        /// As written.
        name: String,
    },
    /// An attribute that runs a script.
    #[error("the SVG has the attribute {attribute}, which runs a script: take it out")]
    Event {
        /// Its name and that of its element.
        attribute: String,
    },
    /// A processing instruction, such as one that loads a style sheet.
    #[error("the SVG has the processing instruction {target:?}: take it out")]
    Instruction {
        /// Whom it is for.
        target: String,
    },
    /// Something of a namespace that is neither SVG's nor one in which drawing programs leave notes.
    #[error("the SVG has {name:?} outside of the namespace http://www.w3.org/2000/svg: save it as plain SVG")]
    Namespace {
        /// As written.
        name: String,
    },
    /// Something names what is not in the file.
    #[error(
        "the SVG has {attribute} with {value:?}: only #id of the same file is taken, and in an image PNG or JPEG as data: \
         in base64; embed the picture"
    )]
    Reference {
        /// The attribute and its element.
        attribute: String,
        /// Its value.
        value: String,
    },
    /// Neither width and height nor a view box say how large it is.
    #[error(
        "the SVG has no size: give it width and height, or a viewBox, of more than 0 and up to 100000 pixels"
    )]
    Size,
    /// A style asks for more than looks.
    #[error(
        "the SVG has {found:?} in {place}: styles are taken without @import, @font-face, escapes, url() but of #id and \
         unknown functions; turn texts into paths, and save it as plain SVG"
    )]
    Style {
        /// The attribute and its element, or the style sheet.
        place: String,
        /// What was found there.
        found: String,
    },
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] BakeError),
}
