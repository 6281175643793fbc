//! JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::json::{Json, Object, canonical_members, shortened};

use super::{Algorithm, KeyError, KeyKind, Public, PublicKey};

pub(super) const FORM: &str = "JWK";

/// The private members of every kind of key; `k` is a symmetric key, which is secret as a whole.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

impl PublicKey {
    /// Reads a public JWK.
    ///
    /// # Errors
    ///
    /// [`KeyError`]: `PrivateMember` if a private or symmetric part is in it; `Purpose` if `use` or `key_ops`
    /// keep it from verifying; `Algorithm` if `alg` does not suit the key; `Unsupported` for another kind, by
    /// name; `Malformed` for members that are missing, of a wrong length or not strict base64url; `Weak`.
    pub fn from_jwk(jwk: &Json<'_>) -> Result<Self, KeyError> {
        let jwk = jwk
            .as_object()
            .ok_or_else(|| KeyError::malformed(FORM, format!("is {} where an object belongs", jwk.kind())))?;
        if let Some(name) = PRIVATE.iter().find(|name| jwk.get(name).is_some()) {
            return Err(KeyError::PrivateMember((*name).to_owned()));
        }
        let key = read(jwk)?;
        check_purpose(jwk)?;
        check_algorithm(jwk, &key)?;
        Ok(key)
    }

    /// Writes the public JWK, with the members that RFC 7638 §3.2 counts and no others.
    pub fn to_jwk(&self) -> Object<'static> {
        let mut jwk = Object::new();
        let mut set = |name: &'static str, text: String| jwk.set(name, Json::String(text.into()));
        match &self.0 {
            Public::Ed25519(key) => {
                set("crv", "Ed25519".to_owned());
                set("kty", "OKP".to_owned());
                set("x", encode(key.as_bytes()));
            }
            #[cfg(feature = "ecdsa")]
            Public::P256(key) => set_point(set, "P-256", key.to_sec1_point(false).as_bytes()),
            #[cfg(feature = "ecdsa")]
            Public::P384(key) => set_point(set, "P-384", key.to_sec1_point(false).as_bytes()),
            #[cfg(feature = "rsa")]
            Public::Rsa(key) => {
                set("e", encode(&key.exponent()));
                set("kty", "RSA".to_owned());
                set("n", encode(&key.modulus()));
            }
        }
        jwk
    }

    /// The thumbprint: SHA-256 of the JWK, in base64url (RFC 7638).
    pub fn thumbprint(&self) -> String {
        encode(&Sha256::digest(canonical_members(self.to_jwk().iter())))
    }
}

#[cfg(feature = "ecdsa")]
fn set_point(mut set: impl FnMut(&'static str, String), curve: &str, point: &[u8]) {
    let (x, y) = point.split_at_checked(point.len() / 2 + 1).unwrap_or_default();
    set("crv", curve.to_owned());
    set("kty", "EC".to_owned());
    set("x", encode(x.get(1..).unwrap_or_default()));
    set("y", encode(y));
}

fn read(jwk: &Object<'_>) -> Result<PublicKey, KeyError> {
    match text(jwk, "kty")? {
        "OKP" => match text(jwk, "crv")? {
            "Ed25519" => PublicKey::from_ed25519(FORM, &bytes::<32>(jwk, "x")?),
            other => Err(KeyError::Unsupported(shortened(other))),
        },
        "EC" => match text(jwk, "crv")? {
            "P-256" => point::<32>(jwk, KeyKind::P256),
            "P-384" => point::<48>(jwk, KeyKind::P384),
            other => Err(KeyError::Unsupported(shortened(other))),
        },
        "RSA" => PublicKey::from_rsa(FORM, &number(jwk, "n")?, &number(jwk, "e")?),
        other => Err(KeyError::Unsupported(shortened(other))),
    }
}

fn point<const FIELD: usize>(jwk: &Object<'_>, kind: KeyKind) -> Result<PublicKey, KeyError> {
    let (x, y) = (bytes::<FIELD>(jwk, "x")?, bytes::<FIELD>(jwk, "y")?);
    PublicKey::from_sec1(FORM, kind, &[&[4], &x[..], &y[..]].concat())
}

/// RFC 7517 §4.2 and §4.3.
fn check_purpose(jwk: &Object<'_>) -> Result<(), KeyError> {
    match jwk.get("use") {
        None => {}
        Some(Json::String(purpose)) if purpose == "sig" => {}
        Some(Json::String(purpose)) => {
            return Err(KeyError::Purpose(format!("use {:?}", shortened(purpose))));
        }
        Some(other) => return Err(wrong_kind("use", other)),
    }
    let Some(operations) = jwk.get("key_ops") else {
        return Ok(());
    };
    let operations = operations.as_array().ok_or_else(|| wrong_kind("key_ops", operations))?;
    if operations.iter().any(|operation| operation.as_str() == Some("verify")) {
        Ok(())
    } else {
        Err(KeyError::Purpose("other operations (key_ops without \"verify\")".to_owned()))
    }
}

/// RFC 7517 §4.4: a key that names its algorithm is for no other.
fn check_algorithm(jwk: &Object<'_>, key: &PublicKey) -> Result<(), KeyError> {
    let named = match jwk.get("alg") {
        None => return Ok(()),
        Some(named) => named.as_str().ok_or_else(|| wrong_kind("alg", named))?,
    };
    match (Algorithm::from_name(named), key.kind(), named) {
        (Some(algorithm), _, _) if algorithm == key.algorithm() => Ok(()),
        (_, KeyKind::Rsa, "RS384" | "RS512" | "PS256" | "PS384" | "PS512") => {
            Err(KeyError::Unsupported(format!("RSA for {named}")))
        }
        _ => Err(KeyError::Algorithm { named: shortened(named), expected: key.algorithm() }),
    }
}

pub(super) fn text<'j>(jwk: &'j Object<'_>, name: &str) -> Result<&'j str, KeyError> {
    match jwk.get(name) {
        Some(Json::String(text)) => Ok(text),
        Some(other) => Err(wrong_kind(name, other)),
        None => Err(KeyError::malformed(FORM, format!("lacks {name:?}"))),
    }
}

/// A member of exactly so many bytes (RFC 7518 §6.2.1.2: leading zeros are written).
pub(super) fn bytes<const LENGTH: usize>(jwk: &Object<'_>, name: &str) -> Result<[u8; LENGTH], KeyError> {
    let text = text(jwk, name)?;
    let mut bytes = [0; LENGTH];
    match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
        Ok(length) if length == LENGTH => Ok(bytes),
        _ => {
            let reason = format!("{name:?} is not {LENGTH} bytes in base64url without padding");
            Err(KeyError::malformed(FORM, reason))
        }
    }
}

fn number(jwk: &Object<'_>, name: &str) -> Result<Vec<u8>, KeyError> {
    let text = text(jwk, name)?;
    // 4096 bits fill 683 characters; what is much longer is told from what is a little too long.
    let bytes = if text.len() <= 4096 { URL_SAFE_NO_PAD.decode(text).ok() } else { None };
    bytes.ok_or_else(|| {
        KeyError::malformed(FORM, format!("{name:?} is not a number in base64url without padding"))
    })
}

fn wrong_kind(name: &str, found: &Json<'_>) -> KeyError {
    KeyError::malformed(FORM, format!("{name:?} is {}", found.kind()))
}

pub(super) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use crate::{
        json::{Limits, read},
        key::PublicKey,
    };

    fn thumbprint(jwk: &str) -> String {
        PublicKey::from_jwk(&read(jwk.as_bytes(), &Limits::default()).unwrap()).unwrap().thumbprint()
    }

    #[test]
    fn the_thumbprint_of_rfc_8037_appendix_a_3_is_ours() {
        let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

        assert_eq!(thumbprint(jwk), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[cfg(feature = "rsa")]
    #[test]
    fn the_thumbprint_of_rfc_7638_section_3_1_is_ours() {
        let jwk = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;

        assert_eq!(thumbprint(jwk), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }
}
