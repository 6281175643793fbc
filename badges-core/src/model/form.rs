//! The forms of texts and numbers, for the values and for the structure check alike.

pub(crate) use crate::json::is_signable;
use crate::time::Timestamp;

/// An absolute IRI: a scheme and something behind it, without what RFC 3987 never allows.
pub(crate) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let letter = scheme.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let odd = |byte: u8| {
        byte <= b' ' || matches!(byte, b'<' | b'>' | b'"' | b'{' | b'}' | b'|' | b'\\' | b'^' | b'`' | 0x7F)
    };
    letter && scheme.bytes().all(plain) && !rest.is_empty() && !rest.bytes().any(odd)
}

/// A point in time with its offset.
pub(crate) fn is_date_time(text: &str) -> bool {
    text.parse::<Timestamp>().is_ok()
}

/// A day, read as its first moment in UTC.
pub(crate) fn is_date(text: &str) -> bool {
    text.len() == 10 && format!("{text}T00:00:00Z").parse::<Timestamp>().is_ok()
}

/// `^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$`, the pattern of the published schemas.
pub(crate) fn is_language(text: &str) -> bool {
    let language =
        |part: &str| (2..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let script = |part: &str| match part.as_bytes() {
        [first, rest @ ..] => {
            first.is_ascii_uppercase() && rest.len() == 3 && rest.iter().all(u8::is_ascii_lowercase)
        }
        [] => false,
    };
    let region = |part: &str| match part.len() {
        2 => part.bytes().all(|byte| byte.is_ascii_uppercase()),
        3 => part.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    let mut parts = text.split('-');
    let first = parts.next().is_some_and(language);
    first
        && match (parts.next(), parts.next(), parts.next()) {
            (None, _, _) => true,
            (Some(only), None, _) => script(only) || region(only),
            (Some(second), Some(third), None) => script(second) && region(third),
            _ => false,
        }
}

/// `^[a-zA-Z0-9_-]+\.[a-zA-Z0-9_-]*\.[a-zA-Z0-9_-]+$`, the pattern of the published schemas.
pub(crate) fn is_compact_jws(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let mut parts = text.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(header), Some(payload), Some(signature), None) => {
            !header.is_empty()
                && !signature.is_empty()
                && [header, payload, signature].iter().all(|part| part.bytes().all(plain))
        }
        _ => false,
    }
}

/// Subresource integrity: `sha256-`, `sha384-` or `sha512-` and base64, several with spaces between.
pub(crate) fn is_integrity(text: &str) -> bool {
    let digest = |part: &str| {
        let (name, digest) = part.split_once('-').unwrap_or_default();
        let length = match name {
            "sha256" => 44,
            "sha384" => 64,
            "sha512" => 88,
            _ => return false,
        };
        let plain =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_');
        (length - 2..=length).contains(&digest.len()) && digest.bytes().all(plain)
    };
    !text.is_empty() && text.split(' ').all(digest)
}

/// A multibase text in one of the two encodings that Controlled Identifiers 1.0 §2.4 has.
pub(crate) fn is_multibase(text: &str) -> bool {
    let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let base58 = |byte: u8| byte.is_ascii_alphanumeric() && !matches!(byte, b'0' | b'O' | b'I' | b'l');
    match text.as_bytes() {
        [b'u', digits @ ..] => !digits.is_empty() && digits.iter().all(|byte| url_safe(*byte)),
        [b'z', digits @ ..] => !digits.is_empty() && digits.iter().all(|byte| base58(*byte)),
        _ => false,
    }
}

/// `^[^@\s]+@[^@\s]+$`.
pub(crate) fn is_email(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && !part.contains(|odd: char| odd == '@' || odd.is_whitespace());
    text.split_once('@').is_some_and(|(name, host)| part(name) && part(host))
}

/// `^\+?[1-9]\d{1,14}(;ext=\d+)?$`.
pub(crate) fn is_telephone(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (number, extension) = text.split_once(";ext=").map_or((text, None), |(own, ext)| (own, Some(ext)));
    let number = number.strip_prefix('+').unwrap_or(number);
    digits(number)
        && (2..=15).contains(&number.len())
        && !number.starts_with('0')
        && extension.is_none_or(digits)
}

/// An absolute URI of the web with a host.
pub(crate) fn is_web_url(text: &str) -> bool {
    let rest = ["https://", "http://"].iter().find_map(|scheme| {
        text.get(..scheme.len()).filter(|own| own.eq_ignore_ascii_case(scheme)).and(text.get(scheme.len()..))
    });
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#'])) && is_uri(text)
}

/// The name of a host, with at least one dot.
pub(crate) fn is_host(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (4..=253).contains(&text.len()) && text.contains('.') && text.split('.').all(label)
}

/// A PNG or SVG within a data URI; base64 may be broken into lines.
pub(crate) fn is_image_data(text: &str) -> bool {
    let media = text.strip_prefix("data:image/");
    let data = media.and_then(|rest| {
        rest.strip_prefix("png")
            .or_else(|| rest.strip_prefix("svg+xml"))
            .and_then(|rest| rest.split_once(','))
    });
    data.is_some_and(|(parameters, data)| {
        (parameters.is_empty() || parameters.starts_with(';'))
            && !data.is_empty()
            && !data.contains(['<', '>'])
    })
}

/// ISO 8601 with a time and an offset.
pub(crate) fn is_iso_time(text: &str) -> bool {
    iso_time(text).is_some()
}

/// ISO 8601 with a time and an offset, extended or basic, seconds optional.
pub(crate) fn iso_time(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once(['T', 't'])?;
    let at = time.find(['Z', 'z', '+', '-'])?;
    let (time, offset) = time.split_at_checked(at)?;
    let date = iso_date(date)?;
    let (whole, fraction) = time.split_once(['.', ',']).unwrap_or((time, ""));
    let digits: String = whole.chars().filter(|own| *own != ':').collect();
    let colons = whole.len() - digits.len();
    let (hour, minute, second) = match (digits.len(), colons) {
        (4, 0 | 1) => (digits.get(..2)?, digits.get(2..4)?, "00"),
        (6, 0 | 2) => (digits.get(..2)?, digits.get(2..4)?, digits.get(4..6)?),
        _ => return None,
    };
    let dot = if fraction.is_empty() { "" } else { "." };
    let offset = match (offset.get(..1)?, offset.get(1..)?) {
        ("Z" | "z", "") => "Z".to_owned(),
        (sign, rest) if rest.len() == 2 => format!("{sign}{rest}:00"),
        (sign, rest) if rest.len() == 4 => format!("{sign}{}:{}", rest.get(..2)?, rest.get(2..)?),
        (sign, rest) => format!("{sign}{rest}"),
    };
    format!("{date}T{hour}:{minute}:{second}{dot}{fraction}{offset}").parse().ok()
}

/// A day or a month of ISO 8601, extended or basic, as `YYYY-MM-DD`.
pub(crate) fn iso_date(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|own| *own != '-').collect();
    let dashes = text.len() - digits.len();
    let day = match (digits.len(), dashes) {
        (8, 0 | 2) => digits.get(6..8)?,
        (6, 0 | 1) => "01",
        _ => return None,
    };
    let date = format!("{}-{}-{day}", digits.get(..4)?, digits.get(4..6)?);
    is_date(&date).then_some(date)
}
