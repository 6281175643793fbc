//! Compact JSON Web Signatures (RFC 7515).
//!
//! The key decides the algorithm and the header must agree. Nothing in the header is ever fetched, and nothing
//! in it but `alg` changes how the signature is verified.

mod header;
mod write;

pub use header::Header;
pub use write::{HeaderToWrite, sign};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    json::{JsonError, WHITE_SPACE},
    key::{Algorithm, KeyError, PublicKey, SignatureError},
};

/// A compact JWS whose signature has not been verified.
///
/// ```
/// use badges_core::{
///     key::{KeyKind, LocalSigner, SecretKey},
///     proof::jws::{Compact, HeaderToWrite, sign},
/// };
///
/// let signer = LocalSigner::did_key(SecretKey::from_seed(KeyKind::Ed25519, &[7; 32])?)?;
/// let token = sign(b"{}", &HeaderToWrite::default(), &signer)?;
///
/// let jws = Compact::parse(&token)?;
/// jws.verify(&signer.secret_key().public_key())?;
///
/// assert_eq!(jws.payload(), b"{}");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Compact<'t> {
    header: Header,
    signed: &'t str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// Why a text is not a JWS that we believe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JwsError {
    /// No algorithm for signatures: `none`, a symmetric one, or one that is not the key's.
    #[error("the algorithm {0:?} must not be used here")]
    AlgorithmForbidden(String),
    /// The header says one algorithm and the key is for another.
    #[error("the header says {header}, but the key is for {key}")]
    AlgorithmMismatch {
        /// What the header says.
        header: Algorithm,
        /// What the key is for.
        key: Algorithm,
    },
    /// An algorithm that has a name and that is not built in.
    #[error("the algorithm {0} is not supported")]
    AlgorithmUnsupported(String),
    /// A part is not base64url without padding, white space and stray bits.
    #[error("the {0} is not strict base64url without padding")]
    Base64(Part),
    /// The header demands extensions (`crit`) or another form of payload (`b64`).
    #[error("the header member {0:?} demands an extension that is not supported")]
    Critical(&'static str),
    /// A header member that is missing or of the wrong kind.
    #[error("the header: {0}")]
    Header(String),
    /// The header is not JSON that has one meaning.
    #[error("the header: {0}")]
    HeaderJson(#[from] JsonError),
    /// The header's `jwk` is not a key that we use.
    #[error("the header's jwk: {0}")]
    Key(KeyError),
    /// Not three parts with dots between.
    #[error("not a compact JWS: {0}")]
    NotCompact(&'static str),
    /// The header's `jwk` holds the secret key.
    #[error("the header's jwk holds the private member {0:?}: this key is no longer secret")]
    PrivateKeyInJwk(String),
    /// The signature does not hold.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// One of the three parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The protected header.
    Header,
    /// The payload.
    Payload,
    /// The signature.
    Signature,
}

impl<'t> Compact<'t> {
    /// Whether a text is to be read as a token at all, and not as JSON or an address; whether it is one,
    /// [`parse`](Self::parse) says. White space around it says nothing (that of RFC 8259 §2, which is what JSON may
    /// have around it), and must be taken away before it is parsed.
    ///
    /// ```
    /// use badges_core::proof::jws::Compact;
    ///
    /// assert!(Compact::is_meant("e30.e30.c2ln\n"));
    /// assert!(!Compact::is_meant(r#" {"name": "a.b"}"#));
    /// assert!(!Compact::is_meant("https://hive.example/1"));
    /// ```
    pub fn is_meant(text: &str) -> bool {
        let text = text.trim_matches(WHITE_SPACE);
        let json = text.starts_with(['{', '[', '"']);
        let address = text.starts_with("https://") || text.starts_with("http://");
        !json && !address && text.contains('.')
    }

    /// Reads the parts; the signature is not verified yet.
    ///
    /// # Errors
    ///
    /// [`JwsError`]: every variant but `AlgorithmMismatch` and `Signature`.
    pub fn parse(text: &'t str) -> Result<Self, JwsError> {
        if text.starts_with('{') {
            return Err(JwsError::NotCompact("this is JSON; only the compact form is read"));
        }
        let three = || {
            let (signed, signature) = text.rsplit_once('.')?;
            let (header, payload) = signed.split_once('.')?;
            (!payload.contains('.')).then_some((signed, header, payload, signature))
        };
        let (signed, header, payload, signature) =
            three().ok_or(JwsError::NotCompact("it has three parts with dots between"))?;
        if header.is_empty() {
            return Err(JwsError::NotCompact("the header is empty"));
        }
        let header = Header::parse(&decode(header, Part::Header)?)?;
        if signature.is_empty() {
            return Err(JwsError::NotCompact("the signature is empty"));
        }
        let signature = decode(signature, Part::Signature)?;
        let payload = decode(payload, Part::Payload)?;
        Ok(Self { header, signed, payload, signature })
    }

    /// What the header says.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The decoded payload, which nobody has vouched for until [`verify`](Self::verify) says so.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The decoded signature.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The text that is signed: header and payload as they were received (RFC 7515 §5.2 step 8).
    pub fn signing_input(&self) -> &'t str {
        self.signed
    }

    /// Verifies the signature with a key that the caller has chosen.
    ///
    /// # Errors
    ///
    /// [`JwsError`]: `AlgorithmMismatch` if the key is for another algorithm than the header says;
    /// `Signature` if the signature does not hold.
    pub fn verify(&self, key: &PublicKey) -> Result<(), JwsError> {
        let (header, key_is_for) = (self.header.algorithm, key.algorithm());
        if header != key_is_for {
            return Err(JwsError::AlgorithmMismatch { header, key: key_is_for });
        }
        Ok(key.verify(self.signed.as_bytes(), &self.signature)?)
    }
}

fn decode(text: &str, part: Part) -> Result<Vec<u8>, JwsError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| JwsError::Base64(part))
}

impl std::fmt::Display for Part {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
        })
    }
}
