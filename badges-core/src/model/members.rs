//! How the members of an object are read and written: sets, options, and what is not known.

use std::{collections::HashSet, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{
        Error as _, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, StrDeserializer},
    },
    ser::{Error as _, SerializeMap},
};
use serde_json::value::RawValue;

use super::class::Range;

/// A type that may be the value of a property.
pub(crate) trait Kind: Serialize + for<'de> Deserialize<'de> {
    /// What the class table says of it.
    const RANGE: Range;
}

impl<T: Kind> Kind for Box<T> {
    const RANGE: Range = T::RANGE;
}

impl Kind for bool {
    const RANGE: Range = Range::Boolean;
}

impl Kind for String {
    const RANGE: Range = Range::String;
}

/// A property that may be absent: an option, or a set that may be empty.
pub(crate) trait Slot: Default {
    const RANGE: Range;
    const MANY: bool;
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error>;
    fn write<M: Sink>(&self, name: &'static str, sink: &mut M) -> Result<(), M::Error>;
}

impl<T: Kind> Slot for Option<T> {
    const RANGE: Range = T::RANGE;
    const MANY: bool = false;

    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value().map(Some)
    }

    fn write<M: Sink>(&self, name: &'static str, sink: &mut M) -> Result<(), M::Error> {
        self.as_ref().map_or(Ok(()), |value| sink.member(name, value))
    }
}

impl<T: Kind> Slot for Vec<T> {
    const RANGE: Range = T::RANGE;
    const MANY: bool = true;

    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value().map(|OneOrMany(values)| values)
    }

    fn write<M: Sink>(&self, name: &'static str, sink: &mut M) -> Result<(), M::Error> {
        if self.is_empty() { Ok(()) } else { sink.member(name, self) }
    }
}

/// A set that is written as its only value where there is but one: the published schemas know a single
/// `credentialStatus` only, and the data model several.
#[derive(Clone, Debug, PartialEq)]
pub struct Few<T>(pub Vec<T>);

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Kind> Slot for Few<T> {
    const RANGE: Range = T::RANGE;
    const MANY: bool = true;

    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        Slot::read(map).map(Self)
    }

    fn write<M: Sink>(&self, name: &'static str, sink: &mut M) -> Result<(), M::Error> {
        match self.0.as_slice() {
            [only] => sink.member(name, only),
            _ => self.0.write(name, sink),
        }
    }
}

/// A set as JSON-LD writes it: an array, or its only value.
pub(crate) struct OneOrMany<T>(pub(crate) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor(PhantomData)).map(Self)
    }
}

struct OneOrManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrManyVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value or an array of values")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Vec<T>, E> {
        T::deserialize(StrDeserializer::new(text)).map(|value| vec![value])
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|value| vec![value])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element()? {
            values.push(value);
        }
        Ok(values)
    }
}

/// The name of a member as it is spelled, and what it means.
pub(crate) struct Name {
    pub(crate) spelled: Box<RawValue>,
    pub(crate) meant: String,
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spelled = Box::<RawValue>::deserialize(deserializer)?;
        let meant = serde_json::from_str(spelled.get()).map_err(D::Error::custom)?;
        Ok(Self { spelled, meant })
    }
}

/// The members that the model does not name, byte for byte as they were read.
///
/// Numbers keep their spelling, texts their escapes, objects their white space. Reading needs serde_json's
/// own reader of texts; from a `serde_json::Value` it fails, since the bytes are gone there.
#[derive(Clone, Debug, Default)]
pub struct Unknown(Vec<(Box<RawValue>, Box<RawValue>)>);

impl Unknown {
    /// The names and the JSON texts of their values, in the order of the text.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (String, &str)> {
        self.0.iter().map(|(name, value)| (serde_json::from_str(name.get()).unwrap_or_default(), value.get()))
    }

    /// The JSON text of the value under a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a member of one's own, or replaces the one of that name.
    ///
    /// # Errors
    ///
    /// What serde_json says of a value that is no JSON.
    pub fn set(&mut self, name: &str, json: &str) -> Result<(), serde_json::Error> {
        let value = RawValue::from_string(json.to_owned())?;
        let spelled = serde_json::value::to_raw_value(name)?;
        self.0.retain(|(own, _)| serde_json::from_str::<String>(own.get()).is_ok_and(|own| own != name));
        self.0.push((spelled, value));
        Ok(())
    }

    pub(crate) fn push(&mut self, name: Name, value: Box<RawValue>) {
        self.0.push((name.spelled, value));
    }

    /// Refuses a name that occurs twice.
    pub(crate) fn distinct<E: serde::de::Error>(&self) -> Result<(), E> {
        let mut names = HashSet::new();
        match self.iter().find(|(name, _)| !names.insert(name.clone())) {
            Some((name, _)) => Err(E::custom(format_args!("the name {name:?} occurs twice in one object"))),
            None => Ok(()),
        }
    }

    /// Whether every name is spelled as serde_json would.
    pub(crate) fn plainly_spelled(&self) -> bool {
        self.0.iter().all(|(name, _)| {
            let meant = serde_json::from_str::<String>(name.get()).unwrap_or_default();
            serde_json::to_string(&meant).is_ok_and(|plain| plain == name.get())
        })
    }

    pub(crate) fn write<M: Sink>(&self, sink: &mut M) -> Result<(), M::Error> {
        self.0.iter().try_for_each(|(name, value)| sink.raw(name, value))
    }
}

impl PartialEq for Unknown {
    fn eq(&self, other: &Self) -> bool {
        let texts = |own: &Self| -> Vec<(String, String)> {
            own.0.iter().map(|(name, value)| (name.get().to_owned(), value.get().to_owned())).collect()
        };
        texts(self) == texts(other)
    }
}

/// Where members are written to.
pub(crate) trait Sink {
    type Error;
    fn member<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Self::Error>;
    fn raw(&mut self, name: &RawValue, value: &RawValue) -> Result<(), Self::Error>;
}

/// Any map of serde.
pub(crate) struct MapSink<M>(pub(crate) M);

impl<M: SerializeMap> Sink for MapSink<M> {
    type Error = M::Error;

    fn member<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), M::Error> {
        self.0.serialize_entry(name, value)
    }

    fn raw(&mut self, name: &RawValue, value: &RawValue) -> Result<(), M::Error> {
        let name: String = serde_json::from_str(name.get()).map_err(M::Error::custom)?;
        self.0.serialize_entry(&name, value)
    }
}

/// Text, for objects with names that must keep an unusual spelling: serde has no raw names.
#[derive(Default)]
pub(crate) struct TextSink(String);

impl TextSink {
    pub(crate) fn into_raw<E: serde::ser::Error>(self) -> Result<Box<RawValue>, E> {
        RawValue::from_string(format!("{{{}}}", self.0)).map_err(E::custom)
    }

    fn push(&mut self, name: &str, value: &str) {
        let comma = if self.0.is_empty() { "" } else { "," };
        self.0.extend([comma, name, ":", value]);
    }
}

impl Sink for TextSink {
    type Error = serde_json::Error;

    fn member<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Self::Error> {
        let value = serde_json::to_string(value)?;
        self.push(&serde_json::to_string(name)?, &value);
        Ok(())
    }

    fn raw(&mut self, name: &RawValue, value: &RawValue) -> Result<(), Self::Error> {
        self.push(name.get(), value.get());
        Ok(())
    }
}
