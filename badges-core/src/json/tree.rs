//! The tree that [`read`](super::read) makes.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};

/// A JSON value; texts without escapes are borrowed from the input.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A finite number, as JavaScript has it.
    Number(f64),
    /// A text.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Self>),
    /// An object.
    Object(Object<'a>),
}

impl<'a> Json<'a> {
    /// The text, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The object, if this is one.
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The items, if this is an array.
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The items of an array, or the value itself as the only item: JSON-LD writes a set of one both ways.
    pub fn one_or_many(&self) -> &[Self] {
        match self {
            Self::Array(items) => items,
            other => std::slice::from_ref(other),
        }
    }

    /// What the value names: itself if it is a text, else the `id` of the object. Issuers, keys, badge classes
    /// and lists are all written both ways.
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            Self::Object(object) => object.text("id"),
            _ => None,
        }
    }

    /// The same value with texts of its own.
    pub fn into_owned(self) -> Json<'static> {
        match self {
            Self::Null => Json::Null,
            Self::Boolean(value) => Json::Boolean(value),
            Self::Number(value) => Json::Number(value),
            Self::String(text) => Json::String(Cow::Owned(text.into_owned())),
            Self::Array(items) => Json::Array(items.into_iter().map(Json::into_owned).collect()),
            Self::Object(object) => Json::Object(object.into_owned()),
        }
    }

    fn weight(&self) -> usize {
        match self {
            Self::String(text) => text.len() + 2,
            Self::Array(items) => items.iter().map(|item| item.weight() + 1).sum::<usize>() + 2,
            Self::Object(object) => object.weight(),
            _ => 8,
        }
    }

    /// What kind of value this is, in words for a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a text",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Number(value) if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 => {
                serializer.serialize_i64(*value as i64)
            }
            Self::Number(value) => serializer.serialize_f64(*value),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

/// The members of a JSON object in the order of the text; no name occurs twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object<'a> {
    members: Vec<(Cow<'a, str>, Json<'a>)>,
}

impl<'a> Object<'a> {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value under a name.
    pub fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.members.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// The text under a name; none if there is another kind of value.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Json::as_str)
    }

    /// Sets the value under a name, in place if the name is there.
    pub fn set(&mut self, name: impl Into<Cow<'a, str>>, value: Json<'a>) {
        let name = name.into();
        match self.members.iter_mut().find(|(own, _)| *own == name) {
            Some((_, old)) => *old = value,
            None => self.members.push((name, value)),
        }
    }

    /// Takes the value under a name out.
    pub fn remove(&mut self, name: &str) -> Option<Json<'a>> {
        let at = self.members.iter().position(|(own, _)| own == name)?;
        Some(self.members.remove(at).1)
    }

    /// The members in the order of the text.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Json<'a>)> + Clone {
        self.members.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// About how many bytes the members take as text.
    pub(crate) fn weight(&self) -> usize {
        let members = self.members.iter().map(|(name, value)| name.len() + 4 + value.weight());
        members.sum::<usize>() + 2
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Whether the name is one of these values of `type`, which may be a text or an array of texts.
    pub fn has_type(&self, name: &str) -> bool {
        self.types().any(|own| own == name)
    }

    /// The texts of `type`, which may be a text or an array of texts.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.get("type").into_iter().flat_map(Json::one_or_many).filter_map(Json::as_str)
    }

    /// The same object with texts of its own.
    pub fn into_owned(self) -> Object<'static> {
        let own =
            |(name, value): (Cow<'a, str>, Json<'a>)| (Cow::Owned(name.into_owned()), value.into_owned());
        Object { members: self.members.into_iter().map(own).collect() }
    }

    /// Trusts the caller that the names differ: the reader has looked.
    pub(super) fn from_members(members: Vec<(Cow<'a, str>, Json<'a>)>) -> Self {
        Self { members }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
