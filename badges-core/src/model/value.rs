//! The values of properties: they keep the spelling of the document and are checked when they are made.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::value::RawValue;

use crate::{json::shortened, time::Timestamp};

use super::{
    class::{Range, Vocabulary},
    form,
    members::{Kind, OneOrMany},
};

/// A text that is not what the property wants.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// Not a compact JWS.
    #[error("{0:?} is no compact JWS: three parts of base64url with two dots are wanted")]
    CompactJws(String),
    /// Not a day.
    #[error("{0:?} is no day: write it like 2026-11-01")]
    Date(String),
    /// Not a point in time with its offset.
    #[error("{0:?} is no time with offset: write it like 2026-11-01T09:30:00Z")]
    DateTime(String),
    /// Not an e-mail address.
    #[error("{0:?} is no e-mail address")]
    Email(String),
    /// Not the hash of an identity.
    #[error("{0:?} is no hash of an identity: sha256$ or md5$ and the digest in hexadecimal is wanted")]
    Hash(String),
    /// Not the name of a host.
    #[error("{0:?} is no name of a host: write it without scheme and path")]
    Host(String),
    /// Not the address of a PNG or SVG.
    #[error(
        "{0:?} is no picture: give the address of a PNG or SVG, or where it is allowed a data URI of one"
    )]
    Image(String),
    /// Not a point in time with its offset.
    #[error("{0:?} is no time with offset: write it like 2026-11-01T09:30:00Z")]
    IsoTime(String),
    /// Not a language tag.
    #[error("{0:?} is no language tag: write it like en or de-CH")]
    Language(String),
    /// Not a number that all readers hold alike.
    #[error("{0} is not a number that all readers hold alike: stay within 2^53 and above 0.000001")]
    Number(String),
    /// Not a telephone number.
    #[error("{0:?} is no telephone number: write it like +41435550100")]
    Telephone(String),
    /// Not a term of a vocabulary.
    #[error("{found:?} is no {vocabulary}: use one of {terms}")]
    Term {
        /// The vocabulary.
        vocabulary: &'static str,
        /// Its terms, in words.
        terms: String,
        /// What was found.
        found: String,
    },
    /// A text with a character that must not be signed.
    #[error("the text holds U+{0:04X}, which is not a character for interchange: take it out")]
    Text(u32),
    /// Not an absolute URI.
    #[error("{0:?} is no absolute URI: write it with its scheme, like https://example.org/1 or urn:uuid:…")]
    Uri(String),
    /// Not an address of the web.
    #[error("{0:?} is no address of the web: write it with https://")]
    Url(String),
}

impl ValueError {
    pub(crate) fn term(vocabulary: &Vocabulary, found: &str) -> Self {
        let own = if vocabulary.extensible { ", or one of your own that begins with ext:" } else { "" };
        let terms = format!("{}{own}", vocabulary.terms.join(", "));
        Self::Term { vocabulary: vocabulary.name, terms, found: shortened(found) }
    }
}

/// Declares a text of a certain form.
macro_rules! formed {
    ($($(#[$doc:meta])* $name:ident: $range:ident, $holds:path;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text as it was given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ValueError;

            fn from_str(text: &str) -> Result<Self, ValueError> {
                if $holds(text) { Ok(Self(text.to_owned())) } else { Err(ValueError::$range($crate::json::shortened(text))) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl Kind for $name {
            const RANGE: Range = Range::$range;
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    )*};
}

pub(crate) use formed;

formed! {
    /// A credential as compact JWS (RFC 7515 §7.1), unread.
    CompactJws: CompactJws, form::is_compact_jws;
    /// A day of the Gregorian calendar, without zone.
    Date: Date, form::is_date;
    /// A point in time with the spelling of the document, so that a signature over it still holds.
    DateTime: DateTime, form::is_date_time;
    /// A language tag (BCP 47) of the form that the published schemas take.
    LanguageTag: Language, form::is_language;
    /// An absolute URI (RFC 3986), or IRI, as it was given.
    Uri: Uri, form::is_uri;
}

impl DateTime {
    /// The point in time.
    pub fn at(&self) -> Option<Timestamp> {
        self.0.parse().ok()
    }
}

impl From<Timestamp> for DateTime {
    fn from(at: Timestamp) -> Self {
        Self(at.to_string())
    }
}

/// A number with the spelling of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// The number as JavaScript has it.
    pub fn value(&self) -> Option<f64> {
        self.0.parse().ok()
    }
}

impl TryFrom<f64> for Number {
    type Error = ValueError;

    /// Refuses what canonical forms do not write alike: beyond ±(2^53 - 1), minus zero, below 1e-6.
    fn try_from(value: f64) -> Result<Self, ValueError> {
        let text = crate::json::number_text(value).filter(|_| form::is_signable(value));
        text.map(Self).ok_or_else(|| ValueError::Number(format!("{value:?}")))
    }
}

impl Kind for Number {
    const RANGE: Range = Range::Number;
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.0.clone()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let begins = raw.get().starts_with(|first: char| first == '-' || first.is_ascii_digit());
        let number = begins.then(|| Self(raw.get().to_owned()));
        number.ok_or_else(|| D::Error::custom("a number is wanted"))
    }
}

/// The one value of `type` of a class that has no more than one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Type(String);

impl Type {
    /// The type of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Kind for Type {
    const RANGE: Range = Range::Type;
}

impl Serialize for Type {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Type {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

/// The values of `type`, written as an array.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Types(Vec<String>);

impl Types {
    /// These types, in this order.
    pub fn of(names: &[&str]) -> Self {
        Self(names.iter().map(|name| (*name).to_owned()).collect())
    }

    /// Whether the name is among them.
    pub fn contain(&self, name: &str) -> bool {
        self.0.iter().any(|own| own == name)
    }

    /// Adds a type of one's own, which a context of the document must define.
    pub fn add(&mut self, name: impl Into<String>) {
        let name = name.into();
        if !self.contain(&name) {
            self.0.push(name);
        }
    }

    /// The names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl Kind for Types {
    const RANGE: Range = Range::Types;
}

impl Serialize for Types {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Types {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        OneOrMany::deserialize(deserializer).map(|OneOrMany(names)| Self(names))
    }
}
