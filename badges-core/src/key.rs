//! Keys: those that verify, those that sign, and how they are written down.
//!
//! The kind of a key decides the one algorithm that it is used with, so nothing that a document says about
//! algorithms can lead a key astray. No key is made here from randomness: the caller brings the seed.

pub(crate) mod base58;
#[cfg(feature = "ecdsa")]
mod ecdsa;
mod ed25519;
mod jwk;
mod multikey;
mod pem;
#[cfg(feature = "rsa")]
mod rsa;
mod secret;
mod signer;

pub use secret::SecretKey;
pub(crate) use signer::signature;
pub use signer::{LocalSigner, Signer, SignerError};

use std::fmt;

/// A key that verifies signatures.
///
/// Every key that exists has been checked: its point lies on the curve, it is not weak, its size is one that
/// we take.
///
/// ```
/// use badges_core::key::{KeyKind, PublicKey};
///
/// let key = PublicKey::from_multikey("z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp")?;
///
/// assert_eq!(key.kind(), KeyKind::Ed25519);
/// # Ok::<_, badges_core::key::KeyError>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct PublicKey(Public);

#[derive(Clone, PartialEq)]
enum Public {
    Ed25519(ed25519_dalek::VerifyingKey),
    #[cfg(feature = "ecdsa")]
    P256(p256::ecdsa::VerifyingKey),
    #[cfg(feature = "ecdsa")]
    P384(p384::ecdsa::VerifyingKey),
    #[cfg(feature = "rsa")]
    Rsa(Box<rsa::RsaKey>),
}

/// What kind of key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// Edwards curve 25519 (RFC 8032).
    Ed25519,
    /// NIST curve P-256.
    P256,
    /// NIST curve P-384.
    P384,
    /// RSA of 2048 to 4096 bits.
    Rsa,
}

/// A signature algorithm, by its name in JOSE (RFC 7518, RFC 8037).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// Ed25519; also called `Ed25519` since RFC 9864.
    EdDsa,
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// ECDSA with P-384 and SHA-384.
    Es384,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
}

/// Why a text is not a key that we use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// A JWK that names an algorithm which its kind of key cannot have (RFC 7517 §4.4).
    #[error("the JWK says alg {named:?}, but a key of its kind is used with {expected} only")]
    Algorithm {
        /// What the JWK says.
        named: String,
        /// The algorithm of this kind of key.
        expected: Algorithm,
    },
    /// Not a key in the form that was asked for.
    #[error("{form}: {reason}")]
    Malformed {
        /// The form: Multikey, JWK, PEM and the like.
        form: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A private part where only the public one belongs; the name is that of the member.
    #[error("holds the private part {0:?}: this key is no longer secret, publish a new one")]
    PrivateMember(String),
    /// A key for something else than signatures (RFC 7517 §4.2, §4.3).
    #[error("the key is for {0}, not for verifying signatures")]
    Purpose(String),
    /// A kind of key that has a name and that is not built in.
    #[error("this kind of key is not supported: {0}")]
    Unsupported(String),
    /// A key that does not protect what it signs.
    #[error("a weak key: {0}")]
    Weak(String),
}

/// Why a signature does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// Not as long as signatures of this key are.
    #[error("the signature has {found} bytes where signatures of this key have {expected}")]
    Length {
        /// Bytes found.
        found: usize,
        /// Bytes that a signature of this key has.
        expected: usize,
    },
    /// The signature is not one of this key over this message.
    #[error("the signature was not made by this key over this text")]
    Mismatch,
}

impl PublicKey {
    /// What kind of key it is.
    pub fn kind(&self) -> KeyKind {
        match &self.0 {
            Public::Ed25519(_) => KeyKind::Ed25519,
            #[cfg(feature = "ecdsa")]
            Public::P256(_) => KeyKind::P256,
            #[cfg(feature = "ecdsa")]
            Public::P384(_) => KeyKind::P384,
            #[cfg(feature = "rsa")]
            Public::Rsa(_) => KeyKind::Rsa,
        }
    }

    /// The only algorithm that the key is used with.
    pub fn algorithm(&self) -> Algorithm {
        match self.kind() {
            KeyKind::Ed25519 => Algorithm::EdDsa,
            KeyKind::P256 => Algorithm::Es256,
            KeyKind::P384 => Algorithm::Es384,
            KeyKind::Rsa => Algorithm::Rs256,
        }
    }

    /// How many bytes a signature of this key has.
    pub fn signature_length(&self) -> usize {
        match &self.0 {
            Public::Ed25519(_) => 64,
            #[cfg(feature = "ecdsa")]
            Public::P256(_) => 64,
            #[cfg(feature = "ecdsa")]
            Public::P384(_) => 96,
            #[cfg(feature = "rsa")]
            Public::Rsa(key) => key.size(),
        }
    }

    /// Verifies a signature over a message.
    ///
    /// Ed25519 is verified strictly: no signature whose point is of small order, no scalar beyond the group
    /// order (RFC 8032 §5.1.7). ECDSA signatures are the two numbers one after the other, P-256 with SHA-256
    /// and P-384 with SHA-384 (RFC 7518 §3.4); RSA is RSASSA-PKCS1-v1_5 with SHA-256.
    ///
    /// # Errors
    ///
    /// [`SignatureError`] when the signature does not hold.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let (found, expected) = (signature.len(), self.signature_length());
        if found != expected {
            return Err(SignatureError::Length { found, expected });
        }
        let holds = match &self.0 {
            Public::Ed25519(key) => ed25519::verify(key, message, signature),
            #[cfg(feature = "ecdsa")]
            Public::P256(key) => ecdsa::verify_p256(key, message, signature),
            #[cfg(feature = "ecdsa")]
            Public::P384(key) => ecdsa::verify_p384(key, message, signature),
            #[cfg(feature = "rsa")]
            Public::Rsa(key) => key.verify(message, signature),
        };
        if holds { Ok(()) } else { Err(SignatureError::Mismatch) }
    }

    fn from_ed25519(form: &'static str, bytes: &[u8]) -> Result<Self, KeyError> {
        ed25519::parse(form, bytes).map(|key| Self(Public::Ed25519(key)))
    }

    #[cfg(feature = "ecdsa")]
    fn from_sec1(form: &'static str, kind: KeyKind, point: &[u8]) -> Result<Self, KeyError> {
        let key = match kind {
            KeyKind::P384 => ecdsa::parse_p384(form, point).map(Public::P384),
            _ => ecdsa::parse_p256(form, point).map(Public::P256),
        };
        key.map(Self)
    }

    #[cfg(not(feature = "ecdsa"))]
    fn from_sec1(_: &'static str, kind: KeyKind, _: &[u8]) -> Result<Self, KeyError> {
        Err(KeyError::Unsupported(format!("{kind} (build badges-core with the feature \"ecdsa\")")))
    }

    #[cfg(feature = "rsa")]
    fn from_rsa(form: &'static str, modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        rsa::RsaKey::new(form, modulus, exponent).map(|key| Self(Public::Rsa(Box::new(key))))
    }

    #[cfg(not(feature = "rsa"))]
    fn from_rsa(_: &'static str, _: &[u8], _: &[u8]) -> Result<Self, KeyError> {
        Err(KeyError::Unsupported("RSA (build badges-core with the feature \"rsa\")".to_owned()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.to_multikey().unwrap_or_else(|| self.thumbprint());
        write!(out, "PublicKey({} {text})", self.kind())
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Ed25519 => "Ed25519",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::Rsa => "RSA",
        })
    }
}

impl Algorithm {
    /// The name that stands in a JWS header.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Rs256 => "RS256",
        }
    }

    /// The algorithm of a name, letter for letter.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "EdDSA" | "Ed25519" => Some(Self::EdDsa),
            "ES256" => Some(Self::Es256),
            "ES384" => Some(Self::Es384),
            "RS256" => Some(Self::Rs256),
            _ => None,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl KeyError {
    fn malformed(form: &'static str, reason: impl Into<String>) -> Self {
        Self::Malformed { form, reason: reason.into() }
    }
}
