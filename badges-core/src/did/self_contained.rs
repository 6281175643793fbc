//! DIDs that are their own document: did:key and did:jwk.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    json::{Limits, Profile, read, shortened},
    key::PublicKey,
};

use super::DidError;

/// A key that stands in the name itself.
#[derive(Clone, Debug, PartialEq)]
pub struct SelfContained {
    /// The DID, without fragment.
    pub did: String,
    /// The key.
    pub key: PublicKey,
    /// Whether the name pointed at the key with a fragment, as a verification method does; a bare DID still
    /// leaves no doubt which key is meant.
    pub fragment: bool,
}

/// The did:key of a key; none for RSA.
pub fn did_key(key: &PublicKey) -> Option<String> {
    key.to_multikey().map(|multikey| format!("did:key:{multikey}"))
}

/// Reads the key out of a did:key or did:jwk, with or without fragment; none for any other name.
///
/// # Errors
///
/// [`DidError`]: `Fragment` if there is one that is not the key's (did:key: the multibase value; did:jwk: `0`),
/// `Malformed` for another form, `Key` if the key is not one that we use.
///
/// ```
/// use badges_core::did::key_in_did_url;
///
/// let multikey = "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp";
/// let found = key_in_did_url(&format!("did:key:{multikey}#{multikey}"))?;
///
/// assert_eq!(found.map(|found| found.did), Some(format!("did:key:{multikey}")));
/// # Ok::<_, badges_core::did::DidError>(())
/// ```
pub fn key_in_did_url(did_url: &str) -> Result<Option<SelfContained>, DidError> {
    let (did, fragment) = match did_url.split_once('#') {
        Some((did, fragment)) => (did, Some(fragment)),
        None => (did_url, None),
    };
    let (key, own) = if let Some(multikey) = did.strip_prefix("did:key:") {
        (PublicKey::from_multikey(multikey).map_err(DidError::key(did))?, multikey)
    } else if let Some(jwk) = did.strip_prefix("did:jwk:") {
        (from_jwk(did, jwk)?, "0")
    } else {
        return Ok(None);
    };
    match fragment {
        Some(fragment) if fragment != own => Err(DidError::Fragment(shortened(did_url))),
        _ => Ok(Some(SelfContained { did: did.to_owned(), key, fragment: fragment.is_some() })),
    }
}

/// An RSA key of 4096 bits makes 1,000 characters; a JWK may say more than the key.
const LONGEST: usize = 8192;

fn from_jwk(did: &str, text: &str) -> Result<PublicKey, DidError> {
    let json = if text.len() <= LONGEST { URL_SAFE_NO_PAD.decode(text).ok() } else { None };
    let json = json.ok_or_else(|| DidError::malformed(did, "no base64url without padding after did:jwk:"))?;
    let limits = Limits { bytes: LONGEST, depth: 4, profile: Profile::Signed };
    let jwk = read(&json, &limits).map_err(|error| DidError::malformed(did, error.to_string()))?;
    PublicKey::from_jwk(&jwk).map_err(DidError::key(did))
}
