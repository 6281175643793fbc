//! Sets of keys (RFC 7517 §5), as an issuer publishes them.

use url::{Host, Url};

use crate::{
    json::{Json, Object, shortened},
    key::PublicKey,
};

use super::{DidError, spelling::is_jwk};

/// How many keys are looked through.
const MOST: usize = 64;

/// A JWK Set. Keys of kinds that we do not use are passed over (RFC 7517 §5).
#[derive(Clone, Debug)]
pub struct Jwks<'d> {
    /// Each is an object.
    keys: &'d [Json<'d>],
}

/// The address where the issuer's recommended practice puts its JWK Set:
/// `https://{authority}/.well-known/jwks.json`; none if the issuer's URL is not https on a domain.
pub fn jwks_url(issuer_url: &str) -> Option<String> {
    // What others than a URL parser read as another authority is none.
    let plain = issuer_url.strip_prefix("https://")?.starts_with(|first: char| first.is_ascii_alphanumeric());
    let url = Url::parse(issuer_url).ok().filter(|url| plain && url.username().is_empty())?;
    if url.password().is_some() {
        return None;
    }
    let Some(Host::Domain(host)) = url.host() else {
        return None;
    };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("https://{host}{port}/.well-known/jwks.json"))
}

impl<'d> Jwks<'d> {
    /// Reads a JWK Set.
    ///
    /// # Errors
    ///
    /// [`DidError`]: `Malformed` if `keys` is no array of objects, `TooMany` beyond 64 keys.
    pub fn parse(document: &'d Json<'_>) -> Result<Self, DidError> {
        let keys = document.as_object().and_then(|set| set.get("keys")).and_then(Json::as_array);
        let keys = keys.ok_or_else(|| DidError::malformed("$.keys", "a JWK Set has an array of keys"))?;
        if keys.len() > MOST {
            return Err(DidError::TooMany(MOST));
        }
        if keys.iter().any(|key| key.as_object().is_none()) {
            return Err(DidError::malformed("$.keys", "a key is an object"));
        }
        Ok(Self { keys })
    }

    /// The key whose `kid` is this one, letter for letter.
    ///
    /// # Errors
    ///
    /// [`DidError`]: `MethodMissing`, `Ambiguous` if several have it, `Key` if it is not one that we use.
    pub fn by_kid(&self, kid: &str) -> Result<PublicKey, DidError> {
        let own = |key: &&Json<'_>| key.as_object().and_then(|key| key.text("kid")) == Some(kid);
        let mut found = self.keys.iter().filter(own);
        match (found.next(), found.next()) {
            (None, _) => Err(DidError::MethodMissing(shortened(kid))),
            (Some(key), None) => PublicKey::from_jwk(key).map_err(DidError::key(kid)),
            _ => Err(DidError::Ambiguous(shortened(kid))),
        }
    }

    /// Whether this key is in the set, for signatures.
    pub fn contains(&self, key: &PublicKey) -> bool {
        let sought = key.to_jwk();
        let same = |own: &Object<'_>| is_jwk(&sought, own);
        self.keys.iter().any(|own| own.as_object().is_some_and(same) && PublicKey::from_jwk(own).is_ok())
    }

    /// How many keys the set has.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}
