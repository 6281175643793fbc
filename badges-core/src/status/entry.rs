//! What a credential says about where its status stands (`credentialStatus`).

use std::fmt;

use url::Url;

use super::{Bitstring, EntrySize, StatusError};
use crate::json::{Json, Object, shortened};

/// One entry of `credentialStatus`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatusEntry {
    /// `BitstringStatusListEntry` or `StatusList2021Entry`.
    Bitstring(BitstringEntry),
    /// `1EdTechRevocationList`.
    RevocationList(RevocationEntry),
}

impl StatusEntry {
    /// Reads one entry; an array of them is the caller's to walk.
    ///
    /// # Errors
    ///
    /// If the kind is not known, or a member is missing or not as the specification has it. An index that is a
    /// number is not an error but [`EntryFinding::NumericIndex`].
    pub fn parse(entry: &Json<'_>) -> Result<Self, StatusError> {
        let entry = entry.as_object().ok_or_else(|| {
            StatusError::malformed("type", format!("a status is an object, not {}", entry.kind()))
        })?;
        if entry.has_type("BitstringStatusListEntry") {
            BitstringEntry::parse(entry, super::ListKind::Bitstring).map(Self::Bitstring)
        } else if entry.has_type("StatusList2021Entry") {
            BitstringEntry::parse(entry, super::ListKind::StatusList2021).map(Self::Bitstring)
        } else if entry.has_type("1EdTechRevocationList") {
            Ok(Self::RevocationList(RevocationEntry { list: address(entry, "id")? }))
        } else {
            let kind = entry.types().next().ok_or_else(|| StatusError::malformed("type", "it is missing"))?;
            Err(StatusError::Unsupported { kind: shortened(kind) })
        }
    }

    /// The URL of the list.
    pub fn list(&self) -> &str {
        match self {
            Self::Bitstring(entry) => &entry.list,
            Self::RevocationList(entry) => &entry.list,
        }
    }
}

/// A reference to a plain list of ids (1EdTech VCRL 1.0).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationEntry {
    /// The URL of the list, the entry's `id`.
    pub list: String,
}

/// A reference to a place in a bitstring (Bitstring Status List 1.0 §2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitstringEntry {
    /// Which of the two specifications the entry follows.
    pub kind: super::ListKind,
    /// What a set status means.
    pub purpose: Purpose,
    /// The place in the list; none if the number is beyond 64 bits, and so beyond any list.
    pub index: Option<u64>,
    /// The URL of the list.
    pub list: String,
    /// Bits of an entry.
    pub size: EntrySize,
    /// The messages by value, as many as there are values; empty if the credential has none.
    pub messages: Vec<String>,
    /// Where more is said about the statuses.
    pub references: Vec<String>,
    /// What was odd about the entry.
    pub findings: Vec<EntryFinding>,
}

/// Something that a strict reader refuses, and a lenient one reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryFinding {
    /// `statusListIndex` is a number and must be a string.
    NumericIndex,
}

/// What a set status means (`statusPurpose`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// The value stands for a message.
    Message,
    /// A purpose that the specification does not define.
    Other(String),
    /// There is a newer credential.
    Refresh,
    /// The credential is revoked for good.
    Revocation,
    /// The credential is suspended for now.
    Suspension,
}

impl Purpose {
    /// The purpose of a name.
    pub fn new(name: &str) -> Self {
        match name {
            "message" => Self::Message,
            "refresh" => Self::Refresh,
            "revocation" => Self::Revocation,
            "suspension" => Self::Suspension,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Message => "message",
            Self::Other(name) => name,
            Self::Refresh => "refresh",
            Self::Revocation => "revocation",
            Self::Suspension => "suspension",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What a list says about a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing: the status is 0, or the credential is not listed.
    Clear,
    /// Something. Whether it makes the credential invalid is the purpose's to say; with the purpose `message`, the
    /// value 0 says something too.
    Set {
        /// The purpose of the list.
        purpose: Purpose,
        /// The value, above 0 but for the purpose `message`.
        value: u32,
        /// The message for the value, or the reason of a revocation.
        message: Option<String>,
    },
}

impl BitstringEntry {
    fn parse(entry: &Object<'_>, kind: super::ListKind) -> Result<Self, StatusError> {
        let purpose = purpose(entry)?;
        let (index, finding) = index(entry)?;
        let list = address(entry, "statusListCredential")?;
        let size = size(entry)?;
        let messages = messages(entry, size)?;
        let references = entry.get("statusReference").map_or(&[][..], Json::one_or_many);
        let references =
            references.iter().map(|reference| url("statusReference", reference)).collect::<Result<_, _>>()?;
        Ok(Self {
            kind,
            purpose,
            index,
            list,
            size,
            messages,
            references,
            findings: finding.into_iter().collect(),
        })
    }

    /// Looks the entry up in its expanded list (§3.2, from the length on).
    ///
    /// # Errors
    ///
    /// If the list is too short, or has no such index.
    pub fn outcome(&self, bits: &Bitstring) -> Result<Outcome, StatusError> {
        bits.check_length(self.size)?;
        self.outcome_at_any_length(bits)
    }

    /// Looks the entry up in a list that may be too short to hide it among others: what is set there was set by the
    /// issuer all the same, and a caller may want to know.
    ///
    /// # Errors
    ///
    /// If the list has no such index.
    pub fn outcome_at_any_length(&self, bits: &Bitstring) -> Result<Outcome, StatusError> {
        let beyond =
            || StatusError::Range { index: "2^64 or more".to_owned(), entries: bits.entries(self.size) };
        let value = bits.get(self.index.ok_or_else(beyond)?, self.size)?;
        if value == 0 && self.purpose != Purpose::Message {
            return Ok(Outcome::Clear);
        }
        let message = self.messages.get(value as usize).cloned();
        Ok(Outcome::Set { purpose: self.purpose.clone(), value, message })
    }
}

fn purpose(entry: &Object<'_>) -> Result<Purpose, StatusError> {
    match entry.text("statusPurpose") {
        Some(name) if !name.is_empty() => Ok(Purpose::new(name)),
        _ => Err(StatusError::malformed("statusPurpose", "it must be a text, such as revocation")),
    }
}

/// One spelling for each index: decimal digits without sign, space or leading zero.
fn index(entry: &Object<'_>) -> Result<(Option<u64>, Option<EntryFinding>), StatusError> {
    let malformed = |found: &str| {
        StatusError::malformed("statusListIndex", format!("it must be a text like \"94567\", not {found}"))
    };
    match entry.get("statusListIndex") {
        Some(Json::String(text)) => {
            let plain = text.bytes().all(|byte| byte.is_ascii_digit());
            if text.is_empty() || !plain || (text.starts_with('0') && text.len() > 1) {
                return Err(malformed(&format!("{:?}", shortened(text))));
            }
            Ok((text.parse().ok(), None))
        }
        Some(Json::Number(number)) if number.fract() == 0.0 && (0.0..=MAX_INTEGER).contains(number) => {
            Ok((Some(*number as u64), Some(EntryFinding::NumericIndex)))
        }
        Some(other) => Err(malformed(other.kind())),
        None => Err(malformed("nothing")),
    }
}

/// 2^53 - 1: up to here every integer is a number of JSON.
const MAX_INTEGER: f64 = 9_007_199_254_740_991.0;

fn size(entry: &Object<'_>) -> Result<EntrySize, StatusError> {
    match entry.get("statusSize") {
        None => Ok(EntrySize::ONE),
        Some(Json::Number(bits)) if bits.fract() == 0.0 && *bits > 0.0 => EntrySize::new(*bits as u64)
            .ok_or_else(|| {
                StatusError::malformed("statusSize", format!("{bits} bits are more than the 16 read"))
            }),
        Some(_) => Err(StatusError::malformed("statusSize", "it must be an integer above 0")),
    }
}

/// The messages in the order of their values, which the entries name in hexadecimal.
fn messages(entry: &Object<'_>, size: EntrySize) -> Result<Vec<String>, StatusError> {
    let malformed = |problem: &str| Err(StatusError::malformed("statusMessage", problem));
    let Some(given) = entry.get("statusMessage") else {
        return if size == EntrySize::ONE {
            Ok(Vec::new())
        } else {
            malformed("it is missing, and a status of more than one bit needs it")
        };
    };
    let Some(given) = given.as_array().filter(|given| given.len() == size.values()) else {
        return malformed("it must be an array with one message for each value");
    };
    let mut messages = vec![None; size.values()];
    for message in given {
        let Some(message) = message.as_object() else { return malformed("a message must be an object") };
        let digits = message.text("status").and_then(|status| status.strip_prefix("0x"));
        let plain = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let value = plain.and_then(|digits| usize::from_str_radix(digits, 16).ok());
        let Some(slot) = value.and_then(|value| messages.get_mut(value)) else {
            return malformed("the status of a message must be a value like \"0x1\" within the size");
        };
        let Some(text) = message.text("message") else { return malformed("a message must have a text") };
        if slot.replace(text.to_owned()).is_some() {
            return malformed("two messages have one value");
        }
    }
    Ok(messages.into_iter().flatten().collect())
}

fn address(entry: &Object<'_>, member: &'static str) -> Result<String, StatusError> {
    url(member, entry.get(member).unwrap_or(&Json::Null))
}

fn url(member: &'static str, value: &Json<'_>) -> Result<String, StatusError> {
    match value.as_str() {
        Some(text) if Url::parse(text).is_ok() => Ok(text.to_owned()),
        _ => Err(StatusError::malformed(member, "it must be a URL")),
    }
}
