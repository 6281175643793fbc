//! Literals in the canonical form of N-Quads.

use std::fmt::Write as _;

const INTEGER: &str = "^^<http://www.w3.org/2001/XMLSchema#integer>";
const DOUBLE: &str = "^^<http://www.w3.org/2001/XMLSchema#double>";
pub(super) const BOOLEAN: &str = "^^<http://www.w3.org/2001/XMLSchema#boolean>";
pub(super) const JSON: &str = "^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>";

/// Appends a quoted text, escaped as RDFC-1.0 §5 has it.
pub(super) fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    // Most texts need no escape, and looking for one without stopping is done many bytes at a time.
    let plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\' && byte != 0x7F && byte != 0xEF;
    if text.bytes().fold(true, |all, byte| all & plain(byte)) {
        out.push_str(text);
        out.push('"');
        return;
    }
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let mut width = 1;
        let escape = match byte {
            0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E | 0x80..=0xEE | 0xF0.. => continue,
            0xEF => {
                width = 3;
                match text.get(at..at + 3) {
                    Some("\u{FFFE}") => "\\uFFFE",
                    Some("\u{FFFF}") => "\\uFFFF",
                    _ => continue,
                }
            }
            0x08 => "\\b",
            0x09 => "\\t",
            0x0A => "\\n",
            0x0C => "\\f",
            0x0D => "\\r",
            b'"' => "\\\"",
            b'\\' => "\\\\",
            _ => &format!("\\u{byte:04X}"),
        };
        out.push_str(text.get(done..at).unwrap_or_default());
        out.push_str(escape);
        done = at + width;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out.push('"');
}

/// Appends a number (JSON-LD 1.1 API §8.2.2 steps 9 to 11); says whether it has one canonical form.
///
/// `datatype` stands as `^^<iri>`; without one the number's own is added.
pub(super) fn push_number(out: &mut String, number: f64, datatype: Option<&str>) -> bool {
    let whole = number.fract() == 0.0 && number.abs() < 1e21;
    if whole && datatype != Some(DOUBLE) {
        // Adding zero turns minus zero into zero.
        let written = write!(out, "\"{:.0}\"{}", number + 0.0, datatype.unwrap_or(INTEGER));
        return written.is_ok();
    }
    let Some(text) = double(number) else { return false };
    write!(out, "\"{text}\"{}", datatype.unwrap_or(DOUBLE)).is_ok()
}

/// The canonical form of `xsd:double`, `%1.15E` without trailing zeros; none where a tie is rounded one way by
/// C and the other way by JavaScript.
fn double(number: f64) -> Option<String> {
    let exact = format!("{number:.80E}");
    let (digits, _) = exact.split_once('E')?;
    let beyond = digits.trim_start_matches('-').get(17..)?;
    let tie = beyond.starts_with('5') && beyond.bytes().skip(1).all(|digit| digit == b'0');
    let rounded = format!("{number:.15E}");
    let (mantissa, exponent) = rounded.split_once('E')?;
    let (whole, fraction) = mantissa.split_once('.')?;
    let fraction = fraction.trim_end_matches('0');
    let fraction = if fraction.is_empty() { "0" } else { fraction };
    (!tie).then(|| format!("{whole}.{fraction}E{exponent}"))
}

/// Whether this is a well-formed language tag as far as its shape goes (BCP 47 §2.1).
pub(super) fn is_language(tag: &str) -> bool {
    tag.len() <= 64
        && tag.split('-').enumerate().all(|(at, part)| {
            let letter = |byte: u8| byte.is_ascii_alphabetic() || at > 0 && byte.is_ascii_digit();
            (1..=8).contains(&part.len()) && part.bytes().all(letter)
        })
}
