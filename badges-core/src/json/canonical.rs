//! The JSON Canonicalization Scheme (RFC 8785).

use std::{borrow::Cow, cmp::Ordering};

use super::{Json, number::push_number};

/// The canonical text of a value (RFC 8785 §3.2).
///
/// The tree holds finite numbers and whole texts only, so this cannot fail. Two trees give the same text
/// exactly when they hold the same values, whatever the order of members or the spelling of numbers.
pub fn canonical(value: &Json<'_>) -> String {
    let mut out = String::with_capacity(4096);
    push(&mut out, value);
    out
}

/// The canonical text of an object that is given by its members, which need not be stored as one object.
pub fn canonical_members<'m, 'a: 'm>(members: impl Iterator<Item = (&'m str, &'m Json<'a>)>) -> String {
    let mut out = String::with_capacity(4096);
    push_members(&mut out, members);
    out
}

fn push(out: &mut String, value: &Json<'_>) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Boolean(true) => out.push_str("true"),
        Json::Boolean(false) => out.push_str("false"),
        Json::Number(number) => {
            push_number(out, *number);
        }
        Json::String(text) => push_text(out, text),
        Json::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                push(out, item);
            }
            out.push(']');
        }
        Json::Object(object) => push_members(out, object.iter()),
    }
}

fn push_members<'m, 'a: 'm>(out: &mut String, members: impl Iterator<Item = (&'m str, &'m Json<'a>)>) {
    let mut members: Vec<_> = members.collect();
    members.sort_unstable_by(|(left, _), (right, _)| utf16_order(left, right));
    out.push('{');
    for (at, (name, value)) in members.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        push_text(out, name);
        out.push(':');
        push(out, value);
    }
    out.push('}');
}

/// The order of UTF-16 code units (RFC 8785 §3.2.3); of ASCII it is the order of bytes.
fn utf16_order(left: &str, right: &str) -> Ordering {
    if left.is_ascii() && right.is_ascii() {
        left.cmp(right)
    } else {
        left.encode_utf16().cmp(right.encode_utf16())
    }
}

fn push_text(out: &mut String, text: &str) {
    out.push('"');
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape: Cow<'static, str> = match byte {
            b'"' => "\\\"".into(),
            b'\\' => "\\\\".into(),
            0x08 => "\\b".into(),
            0x09 => "\\t".into(),
            0x0A => "\\n".into(),
            0x0C => "\\f".into(),
            0x0D => "\\r".into(),
            0x00..=0x1F => format!("\\u{byte:04x}").into(),
            _ => continue,
        };
        out.push_str(text.get(done..at).unwrap_or_default());
        out.push_str(&escape);
        done = at + 1;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out.push('"');
}
