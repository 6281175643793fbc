//! Why an image could not be read or baked.

/// Why an image could not be read or baked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BakeError {
    /// A chunk's length passes 2^31 - 1, or is not the one its kind must have.
    #[error("the PNG chunk {kind} at byte {at} has the impossible length {length}; the image is damaged")]
    ChunkLength {
        /// The kind, or what stands in its place.
        kind: String,
        /// Where the chunk begins.
        at: usize,
        /// Its length as written.
        length: u32,
    },
    /// The image does not begin with one IHDR, or has a second.
    #[error(
        "the PNG has {found} at byte {at}, where the one IHDR must be the first chunk; the image is damaged"
    )]
    ChunkOrder {
        /// The kind found.
        found: String,
        /// Where the chunk begins.
        at: usize,
    },
    /// A chunk's kind is not four letters.
    #[error("the PNG chunk at byte {at} has a kind that is not four letters; the image is damaged")]
    ChunkType {
        /// Where the chunk begins.
        at: usize,
    },
    /// A chunk's check sum does not hold.
    #[error("the check sum of the PNG chunk {kind} at byte {at} does not hold; the image is damaged")]
    Crc {
        /// The kind of the chunk.
        kind: String,
        /// Where the chunk begins.
        at: usize,
    },
    /// The SVG declares a document type of its own.
    #[error("the SVG has a document type that is not one of the W3C's alone; remove the DOCTYPE")]
    Doctype,
    /// The SVG is not in UTF-8.
    #[error("the SVG is in the encoding {name:?}; save it as UTF-8")]
    Encoding {
        /// The encoding that the file declares or shows.
        name: String,
    },
    /// The SVG uses an entity that XML itself does not know.
    #[error("the SVG uses the entity {name:?}, and none is expanded but those of XML itself")]
    Entity {
        /// The entity's name.
        name: String,
    },
    /// 1.x is read, never written.
    #[error("open badges 1.x are read only; bake a 2.0 or 3.0 badge")]
    LegacyNotWritten,
    /// Neither PNG nor SVG.
    #[error("this is neither a PNG nor an SVG image")]
    NotAnImage,
    /// XML whose root is not `svg`.
    #[error("the root element is {root:?}, not an svg of the namespace http://www.w3.org/2000/svg")]
    NotSvg {
        /// The root's name as written.
        root: String,
    },
    /// A text chunk of a badge is not as the format has it.
    #[error("the PNG text chunk {keyword} is malformed: {problem}")]
    TextChunk {
        /// The keyword.
        keyword: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// There is nothing to bake.
    #[error("the text to bake is empty")]
    TextEmpty,
    /// The texts of the image, or the text to bake, are too long.
    #[error("the image carries more text than {limit} bytes")]
    TextTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The file passes the limit.
    #[error("the image has {bytes} bytes, and the limit is {limit}")]
    TooLarge {
        /// The bytes of the file.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// There is more of something than a reader takes.
    #[error("the image has more than {limit} {what}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many are taken.
        limit: usize,
    },
    /// The file ends too early.
    #[error("the image ends in the middle, after byte {at}; it was not copied whole")]
    Truncated {
        /// Where the part begins that is not there whole.
        at: usize,
    },
    /// A name has a prefix that no `xmlns` declares.
    #[error("the SVG uses the prefix {prefix:?} without declaring its namespace")]
    UndeclaredPrefix {
        /// The prefix.
        prefix: String,
    },
    /// The text holds a character that the image cannot carry.
    #[error("the text holds U+{:04X}, which the image cannot carry", u32::from(*.character))]
    UnwritableText {
        /// The first such character.
        character: char,
    },
    /// The text, or the whole SVG, is not UTF-8.
    #[error("the text in the image is not UTF-8")]
    Utf8,
    /// The SVG is not well-formed.
    #[error("the SVG is not well-formed at byte {at}: {problem}")]
    Xml {
        /// Near which byte.
        at: usize,
        /// What is wrong with it.
        problem: String,
    },
}
