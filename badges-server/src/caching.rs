//! What may be kept, by whom and for how long: ETag (RFC 9110 §8.8.3) and Cache-Control (RFC 9111).

use actix_web::{HttpRequest, HttpResponse, http::header};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// How long an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// The address holds the hash of its content.
    Forever,
    /// Belongs to whoever asked.
    Private,
    /// May change: a copy is good for a minute, and for as long as it takes to ask again.
    Short,
    /// As long as a status list says.
    StatusList,
}

impl Freshness {
    /// As in the header.
    pub(crate) fn control(self) -> &'static str {
        match self {
            Self::Forever => "public, max-age=31536000, immutable",
            Self::Private => "private, no-store",
            Self::Short => "public, max-age=60, stale-while-revalidate=60",
            Self::StatusList => "public, max-age=300",
        }
    }
}

/// A picture is looked at and does nothing, wherever it came from; what an SVG embeds stands in itself.
const PICTURE: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// Answers with bytes, or with 304 where the asker has them.
pub(crate) fn answer(
    request: &HttpRequest,
    kind: &str,
    bytes: Vec<u8>,
    freshness: Freshness,
    vary: &[&'static str],
) -> HttpResponse {
    let tag = format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&bytes)));
    let has = request.headers().get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let fresh = has.is_some_and(|tags| {
        tags.split(',').any(
            |known| matches!(known.trim(), known if known == "*" || known.trim_start_matches("W/") == tag),
        )
    });
    let mut response = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, tag)).insert_header((header::CACHE_CONTROL, freshness.control()));
    // Verifiers in a browser read what is public anyway.
    response.insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    if kind.starts_with("image/") {
        response.insert_header((header::CONTENT_SECURITY_POLICY, PICTURE));
    }
    if !vary.is_empty() {
        response.insert_header((header::VARY, vary.join(", ")));
    }
    if fresh { response.finish() } else { response.content_type(kind).body(bytes) }
}
