//! The ID token: whose it is, for whom, when, and that its provider signed it (OpenID Connect Core 1.0 §3.1.3.7).

use badges_core::{
    json::{Json, Limits, Profile},
    key::{Algorithm, PublicKey},
    proof::jws::{Compact, Header, JwsError},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::{clock::Moment, secret};

/// The longest that is read.
const LONGEST: usize = 16 * 1_024;
/// A set of keys with certificate chains is still no longer than this.
const KEYS: Limits = Limits { bytes: 256 * 1_024, depth: 16, profile: Profile::Any };
/// How far apart two clocks may be, in seconds.
const APART: f64 = 60.0;
/// How long ago a token may have been made that was just asked for, in seconds.
const OLDEST: f64 = 600.0;

/// What the token must say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    /// The access token that came with it.
    pub(super) access_token: Option<&'a str>,
    pub(super) now: Moment,
}

/// What the provider says of a person.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Claims {
    iss: String,
    pub(super) sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: Option<String>,
    at_hash: Option<String>,
    // What is written in another way than it should be says nothing, and keeps nobody from signing in.
    #[serde(default)]
    pub(super) email: Value,
    #[serde(default)]
    pub(super) email_verified: Value,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Why a token is not believed. No person's data stands in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    #[error("several keys of the provider have the same name")]
    AmbiguousKey,
    #[error("it is for another service (aud, azp)")]
    AnotherAudience,
    #[error("it is from another provider (iss)")]
    AnotherIssuer,
    #[error("it belongs to another sign-in (nonce)")]
    AnotherSignIn,
    #[error("its claims are not what they should be, at column {0}")]
    Claims(usize),
    #[error("its time is over (exp)")]
    Expired,
    #[error("it was made in the future (iat, nbf): look at the clocks of both machines")]
    Future,
    #[error(transparent)]
    Jws(#[from] JwsError),
    #[error("the keys of the provider cannot be read ({0})")]
    Keys(String),
    #[error("it was made long ago (iat)")]
    Old,
    #[error("the access token beside it is not the one that it names (at_hash)")]
    OtherAccessToken,
    #[error("it names nobody (sub)")]
    Subject,
    #[error("it is longer than {LONGEST} bytes")]
    TooLong,
    #[error("none of the provider's keys is the one that it names")]
    UnknownKey,
}

impl TokenError {
    /// Whether other keys could make the token a good one.
    pub(super) fn is_of_keys(&self) -> bool {
        matches!(
            self,
            Self::AmbiguousKey | Self::Jws(JwsError::Signature(_)) | Self::Keys(_) | Self::UnknownKey
        )
    }
}

/// Reads a token with the set of keys of its provider, and believes it or not.
pub(super) fn read(token: &str, keys: &[u8], expected: &Expected<'_>) -> Result<Claims, TokenError> {
    if token.len() > LONGEST {
        return Err(TokenError::TooLong);
    }
    let jws = Compact::parse(token)?;
    let key = key_of(jws.header(), keys)?;
    jws.verify(&key)?;
    let claims: Claims =
        serde_json::from_slice(jws.payload()).map_err(|error| TokenError::Claims(error.column()))?;
    check(&claims, expected)?;
    check_access_token(&claims, jws.header().algorithm, expected)?;
    Ok(claims)
}

/// The one key that the header names, among those for its algorithm. A header without a name is enough where the
/// provider has one such key (Core §10.1).
fn key_of(header: &Header, keys: &[u8]) -> Result<PublicKey, TokenError> {
    let document =
        badges_core::json::read(keys, &KEYS).map_err(|error| TokenError::Keys(error.to_string()))?;
    let all = document.as_object().and_then(|set| set.get("keys")).and_then(Json::as_array);
    let all = all.ok_or_else(|| TokenError::Keys("there is no array of keys".to_owned()))?;
    let named = |key: &&Json<'_>| match &header.kid {
        Some(kid) => key.as_object().and_then(|key| key.text("kid")) == Some(kid),
        None => true,
    };
    // Keys for other purposes, and of kinds that we do not use, are passed over (RFC 7517 §5).
    let usable = all.iter().filter(named).filter_map(|key| PublicKey::from_jwk(key).ok());
    let mut found = usable.filter(|key| key.algorithm() == header.algorithm);
    match (found.next(), found.next()) {
        (None, _) => Err(TokenError::UnknownKey),
        (Some(key), None) => Ok(key),
        _ => Err(TokenError::AmbiguousKey),
    }
}

fn check(claims: &Claims, expected: &Expected<'_>) -> Result<(), TokenError> {
    if claims.iss != expected.issuer {
        return Err(TokenError::AnotherIssuer);
    }
    let (ours, several) = match &claims.aud {
        Audience::One(one) => (one == expected.client_id, false),
        Audience::Several(all) => (all.iter().any(|one| one == expected.client_id), all.len() > 1),
    };
    let authorised = claims.azp.as_deref().map_or(!several, |party| party == expected.client_id);
    if !ours || !authorised {
        return Err(TokenError::AnotherAudience);
    }
    if !claims.nonce.as_deref().is_some_and(|nonce| secret::same(nonce, expected.nonce)) {
        return Err(TokenError::AnotherSignIn);
    }
    let now = expected.now.microseconds() as f64 / 1e6;
    if claims.exp + APART <= now {
        return Err(TokenError::Expired);
    }
    if claims.iat - APART > now || claims.nbf.is_some_and(|from| from - APART > now) {
        return Err(TokenError::Future);
    }
    if claims.iat + OLDEST < now {
        return Err(TokenError::Old);
    }
    // Core §2: at most 255 characters of ASCII.
    let plain = claims.sub.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if plain && (1..=255).contains(&claims.sub.len()) { Ok(()) } else { Err(TokenError::Subject) }
}

/// Core §3.1.3.8: the left half of the hash that the algorithm of the token uses.
fn check_access_token(
    claims: &Claims,
    algorithm: Algorithm,
    expected: &Expected<'_>,
) -> Result<(), TokenError> {
    let Some(hash) = &claims.at_hash else { return Ok(()) };
    let token = expected.access_token.unwrap_or_default();
    let whole = match algorithm {
        Algorithm::Es384 => Sha384::digest(token).to_vec(),
        Algorithm::EdDsa => Sha512::digest(token).to_vec(),
        _ => Sha256::digest(token).to_vec(),
    };
    let half = whole.get(..whole.len() / 2).unwrap_or_default();
    if *hash == BASE64_URL_SAFE_NO_PAD.encode(half) { Ok(()) } else { Err(TokenError::OtherAccessToken) }
}
