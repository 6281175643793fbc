//! The class tables: what the structure check knows of each class.
//!
//! A table stands beside the struct of its class and comes from the same declaration (`class!`), so what is
//! read, what is written and what is checked cannot drift apart.

/// A class of the Open Badges model, as its specification lists it.
#[derive(Debug)]
pub struct Class {
    /// The name, which is mostly also the value of `type`.
    pub name: &'static str,
    /// For each entry `type` holds at least one of its names.
    pub types: &'static [&'static [&'static str]],
    /// Whether members that the table does not name are refused.
    pub closed: bool,
    /// The properties; never more than 64.
    pub properties: &'static [Property],
}

impl Class {
    /// The property of this name and its place in the table.
    pub fn property(&self, name: &str) -> Option<(usize, &'static Property)> {
        self.properties.iter().enumerate().find(|(_, property)| property.name == name)
    }
}

/// A property of a class.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// The member's name.
    pub name: &'static str,
    /// What its values are.
    pub range: Range,
    /// When it must be there.
    pub required: Required,
    /// Whether it may hold several values, as an array.
    pub many: bool,
}

/// When a property must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Required {
    /// In every form.
    Always,
    /// In none.
    Never,
    /// Only in a credential of VC Data Model 1.1.
    Vc11,
    /// Only in a credential of VC Data Model 2.0.
    Vc20,
}

/// What the values of a property are.
#[derive(Clone, Copy, Debug)]
pub enum Range {
    /// Anything at all.
    Any,
    /// `true` or `false`.
    Boolean,
    /// An object of this class.
    Class(fn() -> &'static Class),
    /// An object of this class, or in its place only its URI.
    ClassOrUri(fn() -> &'static Class),
    /// A compact JWS.
    CompactJws,
    /// The ordered list of JSON-LD contexts of a credential.
    Contexts,
    /// A day, as in `2026-11-01`.
    Date,
    /// A point in time with its offset (RFC 3339).
    DateTime,
    /// An e-mail address.
    Email,
    /// The name of a host.
    Host,
    /// A point in time as Open Badges 2.0 takes it (ISO 8601 with offset).
    IsoTime,
    /// A language tag (BCP 47).
    Language,
    /// A number.
    Number,
    /// An object of this class, or its URI.
    Reference(fn() -> &'static Class),
    /// A text for machines.
    String,
    /// A text for people, which may say its language.
    Text,
    /// A telephone number.
    Telephone,
    /// A text or a number.
    TextOrNumber,
    /// The value of `type` where there is exactly one.
    Type,
    /// The values of `type`.
    Types,
    /// An absolute URI.
    Uri,
    /// An address of the web.
    Url,
    /// A term of a vocabulary.
    Vocabulary(&'static Vocabulary),
}

/// An enumeration of the model.
#[derive(Debug)]
pub struct Vocabulary {
    /// The name of the enumeration.
    pub name: &'static str,
    /// Its terms.
    pub terms: &'static [&'static str],
    /// Whether terms of one's own are allowed, which begin with `ext:`.
    pub extensible: bool,
}

impl Vocabulary {
    /// Whether this is a term of the vocabulary or a permitted extension.
    pub fn contains(&self, term: &str) -> bool {
        self.terms.contains(&term) || self.extensible && is_extension(term)
    }
}

/// The form of an extension in the published schemas: `ext:` and at least one letter, digit, `.`, `-` or `_`.
fn is_extension(term: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    term.strip_prefix("ext:").is_some_and(|own| !own.is_empty() && own.bytes().all(plain))
}
