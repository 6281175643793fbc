//! Which document a name asks for: did:web and https addresses.

use url::{Host, Url};

use crate::json::shortened;

use super::DidError;

/// The longest address.
const LONGEST: usize = 2048;

/// The address of the document that a did:web, a DID URL of it, or an https URL asks for: absolute and
/// without fragment.
///
/// `did:web:example.org` asks for `https://example.org/.well-known/did.json`, and
/// `did:web:example.org%3A8443:issuers:7` for `https://example.org:8443/issuers/7/did.json`. An https URL asks
/// for itself.
///
/// # Errors
///
/// [`DidError`]: `IpAddress`, `NotHttps`, `Unsupported` for other DID methods, and `Malformed` for names with
/// a user, a path that climbs, escapes other than `%3A` before a port, and the like.
///
/// ```
/// use badges_core::did::document_url;
///
/// let url = document_url("did:web:example.org%3A8443:issuers:7#key-1")?;
///
/// assert_eq!(url, "https://example.org:8443/issuers/7/did.json");
/// # Ok::<_, badges_core::did::DidError>(())
/// ```
pub fn document_url(did_or_url: &str) -> Result<String, DidError> {
    let name = did_or_url.split('#').next().unwrap_or_default();
    if let Some(rest) = name.strip_prefix("did:") {
        let (method, id) = rest.split_once(':').ok_or_else(|| DidError::malformed(name, "not a DID"))?;
        return match method {
            "web" => from_did_web(name, id),
            other => Err(DidError::Unsupported(format!("did:{}", shortened(other)))),
        };
    }
    check_https(name)?;
    Ok(name.to_owned())
}

/// The method did:web, "Read". The name is taken letter for letter, so that one document has one name.
fn from_did_web(did: &str, id: &str) -> Result<String, DidError> {
    let mut parts = id.split(':');
    let authority = parts.next().unwrap_or_default();
    let (host, port) = match split_port(authority) {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    if !host.split('.').all(is_label) {
        return Err(DidError::malformed(did, "its host is not a domain of letters, digits and hyphens"));
    }
    let digits = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0');
    let port_fits = |port: &str| digits(port) && port.parse::<u16>().is_ok();
    if port.is_some_and(|port| !port_fits(port)) {
        return Err(DidError::malformed(did, "its port is not a number between 1 and 65535"));
    }
    let mut path = String::new();
    for part in parts {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if part.is_empty() || part == "." || part == ".." || !part.bytes().all(plain) {
            return Err(DidError::malformed(did, "its path has a part that is not plain letters and digits"));
        }
        path.extend(["/", part]);
    }
    let directory = if path.is_empty() { "/.well-known" } else { &path };
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let url = format!("https://{host}{port}{directory}/did.json");
    check_https(&url)?;
    Ok(url)
}

fn split_port(authority: &str) -> Option<(&str, &str)> {
    authority.split_once("%3A").or_else(|| authority.split_once("%3a"))
}

fn is_label(label: &str) -> bool {
    let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    (1..=63).contains(&label.len()) && plain
}

/// What the address means must be plain to every reader of addresses: they disagree about user parts,
/// backslashes, control characters and numbers that stand for hosts.
fn check_https(text: &str) -> Result<(), DidError> {
    let url = match Url::parse(text) {
        Ok(url) if url.scheme() == "https" && text.starts_with("https://") => url,
        Ok(_) => return Err(DidError::NotHttps(shortened(text))),
        Err(error) => return Err(DidError::malformed(text, error.to_string())),
    };
    match url.host() {
        Some(Host::Domain(_)) => {}
        _ => return Err(DidError::IpAddress(shortened(text))),
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte);
    if authority(text).is_empty() || !authority(text).bytes().all(plain) {
        return Err(DidError::malformed(text, "more than a domain and a port before the path"));
    }
    let odd = |byte: u8| !byte.is_ascii_graphic() || byte == b'\\';
    if text.bytes().any(odd) || text.len() > LONGEST {
        return Err(DidError::malformed(text, "an address with characters that need escapes, or too long"));
    }
    Ok(())
}

fn authority(text: &str) -> &str {
    let rest = text.strip_prefix("https://").unwrap_or_default();
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}
