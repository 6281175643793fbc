//! Keys that sign, held in memory.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, pkcs8::DecodePrivateKey as _};
use zeroize::{Zeroize as _, Zeroizing};

use crate::json::{Json, canonical_members, shortened};

use super::{KeyError, KeyKind, Public, PublicKey, base58, jwk};

/// A secret key of Ed25519 or, with the feature `ecdsa`, of P-256.
///
/// It is overwritten when dropped, and printing it for debugging shows the public part only.
///
/// ```
/// use badges_core::key::{KeyKind, SecretKey};
///
/// let seed = [7; 32]; // from a source of randomness of the caller's
/// let key = SecretKey::from_seed(KeyKind::Ed25519, &seed)?;
/// let signature = key.sign(b"text");
///
/// assert_eq!(key.public_key().verify(b"text", &signature), Ok(()));
/// # Ok::<_, badges_core::key::KeyError>(())
/// ```
pub struct SecretKey(Secret);

// Both kinds overwrite themselves when dropped.
enum Secret {
    Ed25519(ed25519_dalek::SigningKey),
    #[cfg(feature = "ecdsa")]
    P256(p256::ecdsa::SigningKey),
}

impl SecretKey {
    /// Makes a key from 32 random bytes: the seed of Ed25519, the scalar of P-256.
    ///
    /// # Errors
    ///
    /// [`KeyError`]: `Malformed` if P-256 has no such scalar, which happens once in 2^32 draws: draw again;
    /// `Unsupported` for other kinds, whose holders implement [`Signer`](super::Signer).
    pub fn from_seed(kind: KeyKind, seed: &[u8; 32]) -> Result<Self, KeyError> {
        match kind {
            KeyKind::Ed25519 => Ok(Self(Secret::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed)))),
            #[cfg(feature = "ecdsa")]
            KeyKind::P256 => {
                p256::ecdsa::SigningKey::from_slice(seed).map(|key| Self(Secret::P256(key))).map_err(|_| {
                    KeyError::malformed("seed", "not between 1 and the order of P-256: draw another")
                })
            }
            other => Err(KeyError::Unsupported(format!("{other} (as a secret key)"))),
        }
    }

    /// Reads a private JWK; its public part must be the one that belongs to it.
    ///
    /// # Errors
    ///
    /// [`KeyError`]: `Malformed` if `d` is missing, has a wrong length or belongs to another public part; the
    /// errors of [`PublicKey::from_jwk`] otherwise, except that `use` and `key_ops` are not looked at.
    pub fn from_jwk(jwk: &Json<'_>) -> Result<Self, KeyError> {
        let object = jwk.as_object().ok_or_else(|| {
            KeyError::malformed(jwk::FORM, format!("is {} where an object belongs", jwk.kind()))
        })?;
        let kind = match (jwk::text(object, "kty")?, object.text("crv").unwrap_or("without crv")) {
            ("OKP", "Ed25519") => KeyKind::Ed25519,
            ("EC", "P-256") => KeyKind::P256,
            (kty, crv) => {
                return Err(KeyError::Unsupported(shortened(&format!("{kty} {crv} (as a secret key)"))));
            }
        };
        let seed = Zeroizing::new(jwk::bytes::<32>(object, "d")?);
        let key = Self::from_seed(kind, &seed)?;
        let public = key.public_key().to_jwk();
        let same = public.iter().all(|(name, value)| object.get(name) == Some(value));
        if same {
            Ok(key)
        } else {
            Err(KeyError::malformed(jwk::FORM, "d and the public part are not of one key"))
        }
    }

    /// Writes the private JWK as JSON in its canonical form.
    pub fn to_jwk(&self) -> Zeroizing<String> {
        let mut object = self.public_key().to_jwk();
        let mut secret = Zeroizing::new([0; 32]);
        match &self.0 {
            Secret::Ed25519(key) => secret.copy_from_slice(key.as_bytes()),
            #[cfg(feature = "ecdsa")]
            Secret::P256(key) => {
                let mut bytes = key.to_bytes();
                secret.copy_from_slice(&bytes);
                bytes.zeroize();
            }
        }
        object.set("d", Json::String(URL_SAFE_NO_PAD.encode(secret.as_slice()).into()));
        let text = Zeroizing::new(canonical_members(object.iter()));
        if let Some(Json::String(text)) = object.remove("d") {
            text.into_owned().zeroize();
        }
        text
    }

    /// Reads `secretKeyMultibase` (CID 1.0 §2.2.2) of Ed25519 or P-256.
    ///
    /// # Errors
    ///
    /// [`KeyError`]: `Malformed` for a wrong length, `Unsupported` for other kinds.
    pub fn from_multikey(text: &str) -> Result<Self, KeyError> {
        const FORM: &str = "secret Multikey";
        let bytes = text.strip_prefix('z').and_then(base58::decode).map(Zeroizing::new);
        let bytes = bytes.ok_or_else(|| KeyError::malformed(FORM, "not z and base58btc"))?;
        let (kind, seed) = match bytes.as_slice() {
            [0x80, 0x26, seed @ ..] => (KeyKind::Ed25519, seed),
            [0x86, 0x26, seed @ ..] => (KeyKind::P256, seed),
            _ => {
                return Err(KeyError::Unsupported(
                    "other than Ed25519 and P-256 (as a secret Multikey)".to_owned(),
                ));
            }
        };
        let seed = <&[u8; 32]>::try_from(seed)
            .map_err(|_| KeyError::malformed(FORM, "has no 32 bytes of secret"))?;
        Self::from_seed(kind, seed)
    }

    /// Reads an Ed25519 key in PKCS#8, as `openssl genpkey -algorithm ed25519` writes it (RFC 8410 §7).
    ///
    /// # Errors
    ///
    /// [`KeyError`]: `Unsupported` for an encrypted key; `Malformed` for anything else that is no Ed25519 key
    /// in PKCS#8, or whose public part is another key's.
    pub fn from_pkcs8_pem(text: &str) -> Result<Self, KeyError> {
        if text.contains("BEGIN ENCRYPTED PRIVATE KEY") {
            return Err(KeyError::Unsupported(
                "encrypted PKCS#8 (decrypt it first: openssl pkey)".to_owned(),
            ));
        }
        let key = ed25519_dalek::SigningKey::from_pkcs8_pem(text.trim_ascii());
        key.map(|key| Self(Secret::Ed25519(key)))
            .map_err(|error| KeyError::malformed("PKCS#8", format!("not an Ed25519 key in PEM: {error}")))
    }

    /// The public part.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(match &self.0 {
            Secret::Ed25519(key) => Public::Ed25519(key.verifying_key()),
            #[cfg(feature = "ecdsa")]
            Secret::P256(key) => Public::P256(*key.verifying_key()),
        })
    }

    /// Signs a message. One message gives one signature: Ed25519 by itself, ECDSA by RFC 6979.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.0 {
            Secret::Ed25519(key) => key.sign(message).to_vec(),
            #[cfg(feature = "ecdsa")]
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_vec()
            }
        }
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SecretKey(of {:?})", self.public_key())
    }
}

#[cfg(all(test, feature = "ecdsa"))]
mod tests {
    use crate::key::{KeyKind, SecretKey};

    #[test]
    fn the_p_256_signature_of_rfc_6979_appendix_a_2_5_is_ours() {
        let secret = [
            0xC9, 0xAF, 0xA9, 0xD8, 0x45, 0xBA, 0x75, 0x16, 0x6B, 0x5C, 0x21, 0x57, 0x67, 0xB1, 0xD6, 0x93,
            0x4E, 0x50, 0xC3, 0xDB, 0x36, 0xE8, 0x9B, 0x12, 0x7B, 0x8A, 0x62, 0x2B, 0x12, 0x0F, 0x67, 0x21,
        ];
        let key = SecretKey::from_seed(KeyKind::P256, &secret).unwrap();

        let signature: String = key.sign(b"sample").iter().map(|byte| format!("{byte:02X}")).collect();

        let r = "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716";
        let s = "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8";
        assert_eq!(signature, format!("{r}{s}"));
    }
}
