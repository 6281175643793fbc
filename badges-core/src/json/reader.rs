//! The strict reader: serde_json does the syntax, this refuses what two readers could take in two ways.

use std::{borrow::Cow, cell::RefCell, collections::HashSet, fmt};

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};

use super::{Json, Object, shortened};

/// The largest whole number that every reader of JSON holds exactly, 2^53 - 1.
const SAFE: f64 = 9_007_199_254_740_991.0;

/// Below this JavaScript turns to exponents, and other writers do not agree with it.
const TINY: f64 = 1e-6;

/// How much may be read, and how strictly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest text, in bytes.
    pub bytes: usize,
    /// The deepest nesting of arrays and objects; more than 127 counts as 127.
    pub depth: usize,
    /// Which texts and numbers may occur.
    pub profile: Profile,
}

impl Default for Limits {
    /// 256 KiB, 64 deep, for signed documents.
    fn default() -> Self {
        Self { bytes: 256 * 1024, depth: 64, profile: Profile::Signed }
    }
}

/// Which texts and numbers may occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// All of I-JSON (RFC 7493) with any finite number.
    Any,
    /// Only what each canonical form writes alike: no number outside ±(2^53 - 1), no minus zero, no magnitude
    /// below 1e-6 but zero; no U+0000 and no noncharacter in a text.
    Signed,
}

/// Why a text was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// A name occurs twice in one object (RFC 7493 §2.3).
    #[error("the name {0:?} occurs twice in one object")]
    DuplicateName(String),
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// A number that not every reader holds exactly.
    #[error("the number {0} is not one that all readers hold alike: write it as a text")]
    Number(String),
    /// Not JSON (RFC 8259), lone surrogates included; the words are the parser's, with line and column.
    #[error("not JSON: {0}")]
    Syntax(String),
    /// A character that must not occur in a signed text.
    #[error("a text holds U+{0:04X}, which is not a character for interchange")]
    Text(u32),
    /// Nested deeper than [`Limits::depth`].
    #[error("nested deeper than {0} levels")]
    TooDeep(usize),
    /// Longer than [`Limits::bytes`].
    #[error("longer than {0} bytes")]
    TooLong(usize),
    /// Not UTF-8.
    #[error("not UTF-8 from byte {0} on")]
    Utf8(usize),
}

/// Reads one JSON value.
///
/// # Errors
///
/// [`JsonError`] for a text that is no JSON, goes beyond the limits, or could be read in two ways: names that
/// occur twice (also when one is escaped), lone surrogates, numbers and characters outside the profile.
pub fn read<'a>(text: &'a [u8], limits: &Limits) -> Result<Json<'a>, JsonError> {
    if text.len() > limits.bytes {
        return Err(JsonError::TooLong(limits.bytes));
    }
    let text = std::str::from_utf8(text).map_err(|error| JsonError::Utf8(error.valid_up_to()))?;
    if text.trim_ascii().is_empty() {
        return Err(JsonError::Empty);
    }
    let notes = Notes::default();
    let seed = Seed { notes: &notes, depth: limits.depth.min(127), limits };
    let mut parser = serde_json::Deserializer::from_str(text);
    let value = seed.deserialize(&mut parser).and_then(|value| parser.end().map(|()| value));
    let value = value
        .map_err(|error| notes.refusal.take().unwrap_or_else(|| JsonError::Syntax(error.to_string())))?;
    if limits.profile == Profile::Signed && notes.zero.take() {
        refuse_vanished_numbers(text)?;
    }
    Ok(value)
}

/// What the visitor cannot hand through serde.
#[derive(Default)]
struct Notes {
    refusal: RefCell<Option<JsonError>>,
    zero: std::cell::Cell<bool>,
}

impl Notes {
    fn refuse<E: serde::de::Error>(&self, reason: JsonError) -> E {
        let error = E::custom(&reason);
        self.refusal.replace(Some(reason));
        error
    }
}

#[derive(Clone, Copy)]
struct Seed<'n> {
    notes: &'n Notes,
    depth: usize,
    limits: &'n Limits,
}

impl Seed<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => Err(self.notes.refuse(JsonError::TooDeep(self.limits.depth.min(127)))),
        }
    }

    fn number<'a, E: serde::de::Error>(self, value: f64) -> Result<Json<'a>, E> {
        if self.limits.profile == Profile::Signed && !is_signable(value) {
            return Err(self.notes.refuse(JsonError::Number(format!("{value:?}"))));
        }
        Ok(Json::Number(value))
    }

    fn text<'a, E: serde::de::Error>(self, text: Cow<'a, str>) -> Result<Cow<'a, str>, E> {
        // Only an escape brings U+0000, and a text with escapes is not borrowed.
        let escaped = matches!(text, Cow::Owned(_));
        match (self.limits.profile, odd_character(&text, escaped)) {
            (Profile::Signed, Some(odd)) => Err(self.notes.refuse(JsonError::Text(odd))),
            _ => Ok(text),
        }
    }
}

impl<'a> DeserializeSeed<'a> for Seed<'_> {
    type Value = Json<'a>;

    fn deserialize<D: serde::Deserializer<'a>>(self, deserializer: D) -> Result<Json<'a>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Seed<'_> {
    type Value = Json<'a>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json<'a>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'a>, E> {
        Ok(Json::Boolean(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Json<'a>, E> {
        self.number(value as f64)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Json<'a>, E> {
        self.number(value as f64)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json<'a>, E> {
        if value == 0.0 {
            self.notes.zero.set(true);
        }
        self.number(value)
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'a str) -> Result<Json<'a>, E> {
        Ok(Json::String(self.text(Cow::Borrowed(text))?))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Json<'a>, E> {
        Ok(Json::String(self.text(Cow::Owned(text.to_owned()))?))
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<Json<'a>, A::Error> {
        let deeper = self.deeper()?;
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(deeper)? {
            all.push(item);
        }
        Ok(Json::Array(all))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut members: A) -> Result<Json<'a>, A::Error> {
        let deeper = self.deeper()?;
        let mut all: Vec<(Cow<'a, str>, Json<'a>)> = Vec::with_capacity(8);
        // Few names are compared one by one; many would take quadratic time.
        let mut names: Option<HashSet<String>> = None;
        while let Some(Name(name)) = members.next_key::<Name<'a>>()? {
            let name = self.text(name)?;
            let twice = match &mut names {
                Some(names) => !names.insert(name.to_string()),
                None => all.iter().any(|(own, _)| *own == name),
            };
            if twice {
                return Err(self.notes.refuse(JsonError::DuplicateName(shortened(&name))));
            }
            all.push((name, members.next_value_seed(deeper)?));
            if names.is_none() && all.len() == 32 {
                names = Some(all.iter().map(|(own, _)| own.to_string()).collect());
            }
        }
        Ok(Json::Object(Object::from_members(all)))
    }
}

/// A member's name, borrowed where it holds no escape.
struct Name<'a>(Cow<'a, str>);

impl<'a> serde::Deserialize<'a> for Name<'a> {
    fn deserialize<D: serde::Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'a> Visitor<'a> for Names {
            type Value = Name<'a>;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a name")
            }
            fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Name<'a>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Name<'a>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Names)
    }
}

/// Whether every canonical form writes the number alike.
pub(crate) fn is_signable(value: f64) -> bool {
    let minus_zero = value == 0.0 && value.is_sign_negative();
    let tiny = value != 0.0 && value.abs() < TINY;
    value.abs() <= SAFE && !minus_zero && !tiny
}

/// The first noncharacter of a text, or U+0000, which only one that was `escaped` can hold.
fn odd_character(text: &str, escaped: bool) -> Option<u32> {
    if text.is_ascii() && !(escaped && text.contains('\0')) {
        return None;
    }
    let odd = |code: &u32| *code == 0 || (0xFDD0..=0xFDEF).contains(code) || code & 0xFFFE == 0xFFFE;
    text.chars().map(u32::from).find(odd)
}

/// A number such as `1e-400` is read as zero, so it is looked for in the text.
fn refuse_vanished_numbers(text: &str) -> Result<(), JsonError> {
    // Every second piece stands within quotes once the escaped quotes are gone.
    let plain = text.replace("\\\\", "").replace("\\\"", "");
    let outside = plain.split('"').step_by(2);
    let tokens = outside.flat_map(|piece| piece.split([',', ':', '[', ']', '{', '}', ' ', '\t', '\n', '\r']));
    for token in tokens.filter(|token| token.starts_with(|first: char| first.is_ascii_digit())) {
        let mantissa = token.split(['e', 'E']).next().unwrap_or_default();
        let written = mantissa.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        if written && token.parse::<f64>().is_ok_and(|value| value == 0.0) {
            return Err(JsonError::Number(shortened(token)));
        }
    }
    Ok(())
}
