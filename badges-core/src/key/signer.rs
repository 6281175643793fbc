//! Who signs: a key at hand, or one that somebody else holds.

use std::error::Error;

use super::{KeyError, PublicKey, SecretKey};

/// Something that signs with one key: a [`LocalSigner`], or the host's KMS, HSM or agent.
///
/// The kind of the public key says what [`sign`](Self::sign) must return (see [`PublicKey::verify`]):
/// Ed25519 the 64 bytes of RFC 8032, ECDSA the two numbers one after the other and not DER, RSA
/// RSASSA-PKCS1-v1_5 with SHA-256. It is handed the message, not a digest.
pub trait Signer {
    /// The key under which the signatures hold.
    fn public_key(&self) -> &PublicKey;

    /// The DID URL or https URL of the key, which becomes `verificationMethod` or `kid`.
    fn verification_method(&self) -> &str;

    /// Signs a message.
    ///
    /// # Errors
    ///
    /// [`SignerError`], when the holder of the key does not sign.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError>;
}

/// Why there is no signature.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignerError {
    /// The signer gave something that cannot be a signature of its key.
    #[error(
        "the signer gave {found} bytes where its key's signatures have {expected}: give the bare signature, for ECDSA r and s and not DER"
    )]
    Length {
        /// Bytes given.
        found: usize,
        /// Bytes that a signature of the key has.
        expected: usize,
    },
    /// The holder of the key did not sign.
    #[error("the holder of the key did not sign: {0}")]
    Refused(#[source] Box<dyn Error + Send + Sync>),
}

/// Has a message signed, and looks whether that can be a signature of the key.
///
/// # Errors
///
/// [`SignerError`] if the signer refuses, or gives something of another length.
pub(crate) fn signature(signer: &dyn Signer, message: &[u8]) -> Result<Vec<u8>, SignerError> {
    let signature = signer.sign(message)?;
    let (found, expected) = (signature.len(), signer.public_key().signature_length());
    if found != expected {
        return Err(SignerError::Length { found, expected });
    }
    Ok(signature)
}

/// Signs with a secret key in memory.
///
/// ```
/// use badges_core::key::{KeyKind, LocalSigner, SecretKey, Signer};
///
/// let signer = LocalSigner::did_key(SecretKey::from_seed(KeyKind::Ed25519, &[7; 32])?)?;
///
/// assert!(signer.verification_method().starts_with("did:key:z6Mk"));
/// # Ok::<_, badges_core::key::KeyError>(())
/// ```
#[derive(Debug)]
pub struct LocalSigner {
    secret: SecretKey,
    public: PublicKey,
    method: String,
}

impl LocalSigner {
    /// Signs under this DID URL or https URL.
    pub fn new(secret: SecretKey, method: impl Into<String>) -> Self {
        Self { public: secret.public_key(), secret, method: method.into() }
    }

    /// Signs under the did:key of the key itself.
    ///
    /// # Errors
    ///
    /// [`KeyError::Unsupported`] for a kind that has no Multikey.
    pub fn did_key(secret: SecretKey) -> Result<Self, KeyError> {
        let multikey = secret.public_key().to_multikey();
        let multikey = multikey.ok_or_else(|| {
            KeyError::Unsupported(format!("{} (it has no Multikey)", secret.public_key().kind()))
        })?;
        Ok(Self::new(secret, format!("did:key:{multikey}#{multikey}")))
    }

    /// The DID URL or https URL without its fragment: the name of the issuer.
    pub fn controller(&self) -> &str {
        self.method.split('#').next().unwrap_or_default()
    }

    /// The key itself.
    pub fn secret_key(&self) -> &SecretKey {
        &self.secret
    }
}

impl Signer for LocalSigner {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn verification_method(&self) -> &str {
        &self.method
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(self.secret.sign(message))
    }
}
