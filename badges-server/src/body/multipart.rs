//! The parts of a form with a file (RFC 7578), from a body that was read whole within its bound.

/// One field of a form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part<'b> {
    pub(crate) name: String,
    /// What the browser calls the file, if it is one.
    pub(crate) file: Option<String>,
    pub(crate) bytes: &'b [u8],
}

/// The boundary that a media type names.
pub(crate) fn boundary(kind: &str) -> Option<&str> {
    let (kind, parameters) = kind.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let value = parameters.split(';').find_map(|one| one.trim().strip_prefix("boundary="))?;
    let value = value.trim_matches('"');
    (1..=70).contains(&value.len()).then_some(value)
}

/// Each part; none where the body is no such form, or has more than so many.
pub(crate) fn parts<'b>(body: &'b [u8], boundary: &str, most: usize) -> Option<Vec<Part<'b>>> {
    let delimiter = format!("\r\n--{boundary}").into_bytes();
    let mut rest = body.strip_prefix(delimiter.get(2..)?)?;
    let mut parts = Vec::new();
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let end = find(part, &delimiter)?;
        let (inner, after) = part.split_at_checked(end)?;
        let head = find(inner, b"\r\n\r\n")?;
        let (head, bytes) = inner.split_at_checked(head)?;
        parts.push(part_of(head, bytes.get(4..)?)?);
        rest = after.get(delimiter.len()..)?;
        if parts.len() > most {
            return None;
        }
    }
    rest.starts_with(b"--").then_some(parts)
}

fn part_of<'b>(head: &[u8], bytes: &'b [u8]) -> Option<Part<'b>> {
    let head = String::from_utf8_lossy(head);
    let line = head
        .split("\r\n")
        .find(|line| line.get(..20).is_some_and(|name| name.eq_ignore_ascii_case("content-disposition:")))?;
    let value = |name: &str| Some(line.split_once(name)?.1.split('"').next()?.to_owned());
    Some(Part { name: value("; name=\"")?, file: value("; filename=\""), bytes })
}

fn find(text: &[u8], sought: &[u8]) -> Option<usize> {
    text.windows(sought.len()).position(|window| window == sought)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"--x\r\nContent-Disposition: form-data; name=\"url\"\r\n\r\n\r\n--x\r\n\
        content-disposition: form-data; name=\"file\"; filename=\"a.json\"\r\nContent-Type: application/json\r\n\r\n\
        {\"a\":\r\n1}\r\n--x--\r\n";

    #[test]
    fn a_form_is_read_byte_for_byte() {
        let parts = parts(BODY, "x", 16).unwrap();

        assert_eq!(parts[0], Part { name: "url".into(), file: None, bytes: b"" });
        assert_eq!(
            parts[1],
            Part { name: "file".into(), file: Some("a.json".into()), bytes: b"{\"a\":\r\n1}" }
        );
        assert_eq!(boundary("multipart/form-data; boundary=\"x\""), Some("x"));
        assert_eq!(boundary("text/plain; boundary=x"), None);
    }

    #[test]
    fn what_is_cut_off_anywhere_is_no_form() {
        let end = BODY.len() - 4;
        for cut in 0..end {
            assert_eq!(parts(&BODY[..cut], "x", 16), None, "{cut}");
        }
    }
}
