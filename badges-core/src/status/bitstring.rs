//! The bits of a status list (Bitstring Status List 1.0 §3.3 and §3.4).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    StatusError,
    gzip::{self, GzipError},
};

/// How far a list may inflate if the caller has no reason for another limit: 8 MiB.
pub const MAX_INFLATED: usize = 8 << 20;

/// The fewest entries of a list, so that the one asked about hides among others.
pub const MIN_ENTRIES: usize = 131_072;

/// How many bits an entry has: 1 to 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntrySize(u8);

impl EntrySize {
    /// One bit, as nearly all lists have.
    pub const ONE: Self = Self(1);

    /// The size of this many bits; none unless they are 1 to 16.
    ///
    /// The specification has no upper bound, but every value needs a message in the credential, and 2^16 of them
    /// pass the limit of a document.
    pub fn new(bits: u64) -> Option<Self> {
        u8::try_from(bits).ok().filter(|bits| (1..=16).contains(bits)).map(Self)
    }

    /// How many bits.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// How many values an entry can take.
    pub fn values(self) -> usize {
        1 << self.0
    }
}

/// A list of statuses as bits: index 0 is in the most significant bits of the first byte.
///
/// The size of an entry stands in the credentials that refer to the list, not in the list, so it is an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitstring {
    bytes: Vec<u8>,
}

impl Bitstring {
    /// A list with all entries 0, filled up to a whole byte.
    ///
    /// # Errors
    ///
    /// If there are fewer than [`MIN_ENTRIES`], or the list would pass [`MAX_INFLATED`].
    pub fn new(entries: usize, size: EntrySize) -> Result<Self, StatusError> {
        if entries < MIN_ENTRIES {
            return Err(StatusError::Length { entries, minimum: MIN_ENTRIES });
        }
        let bytes = entries.checked_mul(usize::from(size.bits())).map(|bits| bits.div_ceil(8));
        match bytes {
            Some(bytes) if bytes <= MAX_INFLATED => Ok(Self { bytes: vec![0; bytes] }),
            _ => Err(StatusError::TooLarge { limit: MAX_INFLATED }),
        }
    }

    /// Expands an `encodedList`: `u`, then base64url without padding of one gzip member.
    ///
    /// The length is not judged here but in [`check_length`](Self::check_length), for it depends on the size of an
    /// entry.
    ///
    /// # Errors
    ///
    /// If the text is encoded otherwise or damaged, if something follows the gzip member (a second member too), or
    /// if there is more than `max` bytes in it.
    pub fn decode(encoded: &str, max: usize) -> Result<Self, StatusError> {
        let unprefixed = encoded.strip_prefix('u').ok_or_else(|| {
            StatusError::malformed(ENCODED_LIST, "it must begin with the multibase prefix u")
        })?;
        Self::expand(unprefixed, max)
    }

    /// Expands the `encodedList` of a StatusList2021, which has no prefix.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    pub fn decode_2021(encoded: &str, max: usize) -> Result<Self, StatusError> {
        Self::expand(encoded, max)
    }

    fn expand(base64url: &str, max: usize) -> Result<Self, StatusError> {
        let packed = URL_SAFE_NO_PAD
            .decode(base64url)
            .map_err(|_| StatusError::malformed(ENCODED_LIST, "it is not base64url without padding"))?;
        match gzip::inflate(&packed, max) {
            Ok(bytes) => Ok(Self { bytes }),
            Err(GzipError::Malformed(problem)) => Err(StatusError::malformed(ENCODED_LIST, problem)),
            Err(GzipError::TooLarge) => Err(StatusError::TooLarge { limit: max }),
        }
    }

    /// The list as an `encodedList`; the same bits give the same text.
    pub fn encode(&self) -> String {
        let mut text = String::from("u");
        URL_SAFE_NO_PAD.encode_string(gzip::deflate(&self.bytes), &mut text);
        text
    }

    /// How many whole entries there are.
    pub fn entries(&self, size: EntrySize) -> usize {
        self.bytes.len() * 8 / usize::from(size.bits())
    }

    /// Checks that the list has as many entries as it must.
    ///
    /// # Errors
    ///
    /// If there are fewer than [`MIN_ENTRIES`].
    pub fn check_length(&self, size: EntrySize) -> Result<(), StatusError> {
        let entries = self.entries(size);
        if entries < MIN_ENTRIES {
            return Err(StatusError::Length { entries, minimum: MIN_ENTRIES });
        }
        Ok(())
    }

    /// The value of an entry.
    ///
    /// # Errors
    ///
    /// If the list has no such entry.
    pub fn get(&self, index: u64, size: EntrySize) -> Result<u32, StatusError> {
        let (start, bits) = self.window(index, size)?;
        let (word, shift) = bits.place(size);
        let bytes = self.bytes.get(start..).unwrap_or_default();
        let bytes = bytes.iter().copied().chain([0; 3]).take(3);
        let value = bytes.fold(0, |value, byte| value << 8 | u32::from(byte));
        Ok((value & word) >> shift)
    }

    /// Sets the value of an entry.
    ///
    /// # Errors
    ///
    /// If the list has no such entry, or the value takes more bits than an entry has.
    pub fn set(&mut self, index: u64, size: EntrySize, value: u32) -> Result<(), StatusError> {
        if value as usize >= size.values() {
            return Err(StatusError::Value { value, size: size.bits() });
        }
        let (start, bits) = self.window(index, size)?;
        let (word, shift) = bits.place(size);
        let [_, mask @ ..] = word.to_be_bytes();
        let [_, value @ ..] = (value << shift).to_be_bytes();
        let bytes = self.bytes.get_mut(start..).unwrap_or_default();
        for ((byte, mask), value) in bytes.iter_mut().zip(mask).zip(value) {
            *byte = *byte & !mask | value;
        }
        Ok(())
    }

    /// The byte in which an entry begins, and the bit of that byte.
    fn window(&self, index: u64, size: EntrySize) -> Result<(usize, Bit), StatusError> {
        let entries = self.entries(size);
        let known = usize::try_from(index).ok().filter(|index| *index < entries);
        let index = known.ok_or_else(|| StatusError::Range { index: index.to_string(), entries })?;
        let bit = index * usize::from(size.bits());
        Ok((bit / 8, Bit(bit % 8)))
    }
}

const ENCODED_LIST: &str = "credentialSubject.encodedList";

/// A bit of a byte, counted from the most significant.
struct Bit(usize);

impl Bit {
    /// The mask of an entry that begins here in three bytes, and how far it stands from their end.
    fn place(&self, size: EntrySize) -> (u32, usize) {
        let shift = 24 - self.0 - usize::from(size.bits());
        (((1 << size.bits()) - 1) << shift, shift)
    }
}
