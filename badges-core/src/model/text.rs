//! Texts for people, which may say their language.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
    ser::SerializeMap,
};

use super::{class::Range, members::Kind};

/// A text for people.
///
/// Most are plain. VC Data Model 2.0 §11.1 has language value objects for `name` and `description`, the
/// published 1EdTech schema has maps from language to text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// From language tag to text.
    ByLanguage(BTreeMap<String, String>),
    /// One or more texts with their language.
    Localized(Vec<Localized>),
    /// A plain text.
    Plain(String),
}

/// A text with its language and direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localized {
    /// The text.
    pub value: String,
    /// The language tag (BCP 47).
    pub language: Option<String>,
    /// `ltr` or `rtl`.
    pub direction: Option<String>,
}

impl Text {
    /// The text to show when the language does not matter: the plain one, or the first.
    pub fn any(&self) -> &str {
        match self {
            Self::ByLanguage(texts) => texts.values().next().map_or("", String::as_str),
            Self::Localized(texts) => texts.first().map_or("", |text| &text.value),
            Self::Plain(text) => text,
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl Kind for Text {
    const RANGE: Range = Range::Text;
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::ByLanguage(texts) => texts.serialize(serializer),
            Self::Localized(texts) => match texts.as_slice() {
                [only] => only.serialize(serializer),
                several => several.serialize(serializer),
            },
            Self::Plain(text) => serializer.serialize_str(text),
        }
    }
}

impl Serialize for Localized {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("@value", &self.value)?;
        if let Some(language) = &self.language {
            map.serialize_entry("@language", language)?;
        }
        if let Some(direction) = &self.direction {
            map.serialize_entry("@direction", direction)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

impl<'de> Deserialize<'de> for Localized {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = BTreeMap::<String, String>::deserialize(deserializer)?;
        localized(members).map_err(D::Error::custom)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a text, or texts with their language")
    }

    fn visit_str<E>(self, text: &str) -> Result<Text, E> {
        Ok(Text::Plain(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        let mut members = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<String, String>()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a language occurs twice in one text"));
            }
        }
        if members.contains_key("@value") {
            return localized(members).map(|text| Text::Localized(vec![text])).map_err(A::Error::custom);
        }
        Ok(Text::ByLanguage(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Text, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = items.next_element()? {
            texts.push(text);
        }
        Ok(Text::Localized(texts))
    }
}

fn localized(mut members: BTreeMap<String, String>) -> Result<Localized, &'static str> {
    let value = members.remove("@value").ok_or("a text with a language needs @value")?;
    let (language, direction) = (members.remove("@language"), members.remove("@direction"));
    match members.is_empty() {
        true => Ok(Localized { value, language, direction }),
        false => Err("a text with a language has only @value, @language and @direction"),
    }
}
