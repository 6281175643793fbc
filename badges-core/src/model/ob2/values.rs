//! Values that only Open Badges 2.0 has.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::value::RawValue;

use crate::model::{
    class::Range,
    form,
    members::Kind,
    value::{Uri, ValueError, formed},
};

formed! {
    /// An e-mail address, as far as its form can tell: something, `@`, something.
    Email: Email, form::is_email;
    /// The name of a host, as in `allowedOrigins`.
    Host: Host, form::is_host;
    /// A telephone number (E.164), perhaps with an extension.
    Telephone: Telephone, form::is_telephone;
    /// An address of the web.
    Url: Url, form::is_web_url;
}

/// Another document: inside this one, or by its URI.
#[derive(Clone, Debug, PartialEq)]
pub enum Reference<T> {
    /// The document itself.
    Embedded(Box<T>),
    /// Where it is.
    Uri(Uri),
}

impl<T> Reference<T> {
    /// The document, if it is inside.
    pub fn embedded(&self) -> Option<&T> {
        match self {
            Self::Embedded(document) => Some(document),
            Self::Uri(_) => None,
        }
    }
}

impl<T: Kind> Kind for Reference<T> {
    const RANGE: Range = match T::RANGE {
        Range::Class(class) => Range::Reference(class),
        other => other,
    };
}

impl<T: Serialize> Serialize for Reference<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Embedded(document) => document.serialize(serializer),
            Self::Uri(uri) => uri.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Reference<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either(PhantomData))
    }
}

struct Either<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
    type Value = Reference<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object or its URI")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Reference<T>, E> {
        text.parse().map(Reference::Uri).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Reference<T>, A::Error> {
        let document = T::deserialize(MapAccessDeserializer::new(map)).map_err(A::Error::custom)?;
        Ok(Reference::Embedded(Box::new(document)))
    }
}

/// A version: a text or a number, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(String);

impl Version {
    /// The version as JSON text.
    pub fn as_json(&self) -> &str {
        &self.0
    }
}

impl Kind for Version {
    const RANGE: Range = Range::TextOrNumber;
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.0.clone()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let fits = raw.get().starts_with(|first: char| matches!(first, '"' | '-') || first.is_ascii_digit());
        fits.then(|| Self(raw.get().to_owned()))
            .ok_or_else(|| D::Error::custom("a text or a number is wanted"))
    }
}
