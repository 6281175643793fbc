//! The text chunks of a PNG that hold credentials (PNG 3rd edition, 11.3.3).

use std::borrow::Cow;

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};

use super::{BakeError, Carrier, Finding, Found, Generation};

/// The generation whose credential a chunk of this kind and content holds.
///
/// The keyword is compared byte for byte: another case or a space around it makes another keyword.
pub(super) fn generation(kind: [u8; 4], data: &[u8]) -> Option<Generation> {
    let candidates: &[Generation] = match &kind {
        b"iTXt" => &[Generation::V3, Generation::V2],
        b"tEXt" => &[Generation::V1],
        _ => return None,
    };
    candidates.iter().copied().find(|generation| after_keyword(data, *generation).is_some())
}

fn after_keyword(data: &[u8], generation: Generation) -> Option<&[u8]> {
    data.strip_prefix(generation.keyword().as_bytes())?.strip_prefix(b"\0")
}

/// Reads the text of a chunk that [`generation`] has recognised; it may take up to `room` bytes.
pub(super) fn read(data: &[u8], generation: Generation, room: usize) -> Result<Found<'_>, BakeError> {
    let malformed = |problem| BakeError::TextChunk { keyword: generation.keyword(), problem };
    let rest = after_keyword(data, generation).ok_or_else(|| malformed("no NUL after the keyword"))?;
    let mut findings = Vec::new();
    let (carrier, text) = if generation == Generation::V1 {
        (Carrier::PngText, latin1(rest))
    } else {
        let [compressed, method, rest @ ..] = rest else {
            return Err(malformed("no compression flag"));
        };
        let (language, rest) = split_at_nul(rest).ok_or_else(|| malformed("no NUL after the language"))?;
        let (translated, rest) =
            split_at_nul(rest).ok_or_else(|| malformed("no NUL after the translated keyword"))?;
        if !language.is_empty() {
            findings.push(Finding::Language(shown(language)));
        }
        if !translated.is_empty() {
            findings.push(Finding::TranslatedKeyword(shown(translated)));
        }
        let text = match (compressed, method) {
            (0, _) => Cow::Borrowed(utf8(rest)?),
            (1, 0) => {
                findings.push(Finding::Compressed);
                Cow::Owned(inflate(rest, generation, room)?)
            }
            _ => return Err(malformed("unknown compression")),
        };
        (Carrier::PngInternationalText, text)
    };
    if text.len() > room {
        return Err(BakeError::TextTooLarge { limit: room });
    }
    if holds_nul(&text) {
        return Err(malformed("NUL in the text"));
    }
    Ok(Found { generation, carrier, text, copy: None, findings })
}

/// No less than the bytes that [`write`] adds for a text.
pub(super) fn room_for(text: &str) -> usize {
    text.len() + 64
}

/// Adds a whole `iTXt` chunk: length, kind, data, check sum.
pub(super) fn write(text: &str, generation: Generation, out: &mut Vec<u8>) -> Result<(), BakeError> {
    if holds_nul(text) {
        return Err(BakeError::UnwritableText { character: '\0' });
    }
    let keyword = generation.keyword().as_bytes();
    let length = u32::try_from(keyword.len() + 5 + text.len());
    let length = length.map_err(|_| BakeError::TextTooLarge { limit: i32::MAX as usize })?;
    out.extend_from_slice(&length.to_be_bytes());
    let start = out.len();
    // After the keyword: its NUL, not compressed, method 0, and two empty texts ended by NUL.
    for part in [b"iTXt", keyword, &[0; 5], text.as_bytes()] {
        out.extend_from_slice(part);
    }
    let crc = crc32fast::hash(out.get(start..).unwrap_or_default());
    out.extend_from_slice(&crc.to_be_bytes());
    Ok(())
}

/// Looks at every byte rather than up to the first NUL: there is none, and this way the compiler takes many at once.
fn holds_nul(text: &str) -> bool {
    text.bytes().fold(false, |found, byte| found | (byte == 0))
}

fn inflate(packed: &[u8], generation: Generation, room: usize) -> Result<String, BakeError> {
    let bytes = decompress_to_vec_zlib_with_limit(packed, room).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => BakeError::TextTooLarge { limit: room },
        _ => BakeError::TextChunk { keyword: generation.keyword(), problem: "broken compression" },
    })?;
    String::from_utf8(bytes).map_err(|_| BakeError::Utf8)
}

fn utf8(bytes: &[u8]) -> Result<&str, BakeError> {
    std::str::from_utf8(bytes).map_err(|_| BakeError::Utf8)
}

fn latin1(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}

fn split_at_nul(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|byte| *byte == 0)?;
    let (before, after) = bytes.split_at_checked(at)?;
    Some((before, after.strip_prefix(b"\0")?))
}

/// The beginning of a foreign field, for a report.
fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().take(64).collect()
}
