//! Which addresses may be asked at all: https, port 443, no user, a domain or a public address.

use std::net::IpAddr;

use url::{Host, ParseError, Url};

use super::fetch_error::{FetchError, shown};
use crate::texts::schema::{format, kinds, text};

/// The longest address.
const LONGEST: usize = 2048;

kinds! {
    /// An address that may be asked.
    PublicAddress text(LONGEST).format(format("uri")).pattern(Some("^https://[!-\\[\\]-~]+$"));
}

/// What an address is for that must not be asked; none for one that may be.
pub(super) type Reserved = fn(IpAddr) -> Option<&'static str>;

/// Reads an address that a document or a user has named; what comes out has no fragment.
pub(super) fn read(text: &str, reserved: Reserved) -> Result<Url, FetchError> {
    if text.len() > LONGEST {
        return Err(FetchError::Long(LONGEST));
    }
    // A URL parser strips and mends these, and every parser mends otherwise.
    if text.bytes().any(|byte| !byte.is_ascii_graphic() || byte == b'\\') {
        return Err(FetchError::Characters(shown(text)));
    }
    let mut url = match Url::parse(text) {
        Ok(url) => url,
        Err(reason) => return Err(FetchError::Unreadable { text: shown(text), reason }),
    };
    let Some(rest) = text.strip_prefix("https://") else {
        return Err(FetchError::Scheme(shown(text)));
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() {
        return Err(FetchError::Unreadable { text: shown(text), reason: ParseError::EmptyHost });
    }
    if authority.contains('@') {
        return Err(FetchError::Credentials(shown(text)));
    }
    check(&url, reserved)?;
    url.set_fragment(None);
    Ok(url)
}

/// Where an answer sends on to.
pub(super) fn follow(from: &Url, location: &str, reserved: Reserved) -> Result<Url, FetchError> {
    if location.len() > LONGEST {
        return Err(FetchError::Long(LONGEST));
    }
    let mut url =
        from.join(location).map_err(|reason| FetchError::Unreadable { text: shown(location), reason })?;
    check(&url, reserved)?;
    url.set_fragment(None);
    Ok(url)
}

/// Whether what one address says may count for another: the same host, with or without `www.`.
///
/// Many a site has a page that sends on to wherever its query says. If that counted, anybody could publish in the
/// name of that site.
pub(super) fn speaks_for(url: &Url, other: &Url) -> bool {
    fn plain(url: &Url) -> Option<&str> {
        url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host))
    }
    plain(url) == plain(other)
}

fn check(url: &Url, reserved: Reserved) -> Result<(), FetchError> {
    if url.scheme() != "https" {
        return Err(FetchError::Scheme(shown(url.as_str())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FetchError::Credentials(shown(url.as_str())));
    }
    let host = || shown(url.host_str().unwrap_or_default());
    if let Some(port) = url.port() {
        return Err(FetchError::Port { host: host(), port });
    }
    let address = match url.host() {
        Some(Host::Domain(_)) => return Ok(()),
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        None => {
            return Err(FetchError::Unreadable { text: shown(url.as_str()), reason: ParseError::EmptyHost });
        }
    };
    match reserved(address) {
        Some(range) => Err(FetchError::NotPublic { host: host(), range }),
        None => Ok(()),
    }
}
