//! Which texts are absolute IRIs.

/// Whether this is surely an absolute IRI (RFC 3987 §2.2) whose scheme is followed by something.
///
/// What is refused here would be dropped by some processors and kept by others.
pub(super) fn is_absolute(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let mut letters = scheme.bytes();
    let scheme = letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    if !scheme || rest.is_empty() {
        return false;
    }
    match rest.strip_prefix("//") {
        None => is_path(rest),
        Some(rest) => {
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            rest.split_at_checked(end)
                .is_some_and(|(authority, path)| is_authority(authority) && is_path(path))
        }
    }
}

/// The name or number of a host, and perhaps a port; names and passwords for it do not occur in ids.
fn is_authority(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        Some((host, rest)) => {
            let number = !host.is_empty() && host.parse::<std::net::Ipv6Addr>().is_ok();
            if !number || !(rest.is_empty() || rest.starts_with(':')) {
                return false;
            }
            ("", rest.strip_prefix(':').unwrap_or_default())
        }
        None => text.split_once(':').unwrap_or((text, "")),
    };
    let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '.' | '_' | '~');
    port.bytes().all(|byte| byte.is_ascii_digit()) && host.chars().all(|char| plain(char) || is_other(char))
}

fn is_path(text: &str) -> bool {
    // Most need nothing more, and looking without stopping is done many bytes at a time.
    let plain = |byte: u8| {
        byte.is_ascii_alphanumeric()
            | (b'$'..=b'/').contains(&byte) & (byte != b'%')
            | (byte == b':')
            | (byte == b'=')
            | (byte == b'?')
            | (byte == b'_')
    };
    if text.bytes().fold(true, |all, byte| all & plain(byte)) {
        return true;
    }
    let mut bytes = text.bytes();
    let mut fragment = false;
    let mut ascii = true;
    while let Some(byte) = bytes.next() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {}
            b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' => {}
            b',' | b';' | b'=' | b':' | b'@' | b'/' | b'?' => {}
            b'%' => {
                let digits = [bytes.next(), bytes.next()];
                if !digits.iter().all(|digit| digit.is_some_and(|digit| digit.is_ascii_hexdigit())) {
                    return false;
                }
            }
            b'#' if !fragment => fragment = true,
            0x80.. => ascii = false,
            _ => return false,
        }
    }
    ascii || text.chars().all(|char| char.is_ascii() || is_other(char))
}

/// `ucschar` (RFC 3987 §2.2): what is neither ASCII nor for private use, nor a control or a noncharacter.
fn is_other(char: char) -> bool {
    let code = u32::from(char);
    let private = (0xE000..=0xF8FF).contains(&code) || code >= 0xE_1000 || (0xFFF0..=0xFFFF).contains(&code);
    let odd =
        (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE || (0xE_0000..0xE_1000).contains(&code);
    code >= 0xA0 && !private && !odd
}
