//! Public keys in PEM: SubjectPublicKeyInfo (RFC 5280 §4.1) and PKCS#1 (RFC 8017 A.1.1).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::pkcs8::{
    ObjectIdentifier,
    spki::{
        SubjectPublicKeyInfoRef,
        der::{self, Decode as _, Reader as _, SliceReader, asn1::UintRef},
    },
};

use crate::json::shortened;

use super::{KeyError, KeyKind, PublicKey};

const FORM: &str = "PEM";
/// RSA with 4096 bits takes 800 characters.
const LONGEST: usize = 8192;

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

impl PublicKey {
    /// Reads `publicKeyPem`: `PUBLIC KEY` of any kind that we know, or `RSA PUBLIC KEY`.
    ///
    /// Lines may have any length, since the text comes out of JSON in all shapes.
    ///
    /// # Errors
    ///
    /// [`KeyError`]: `PrivateMember` for a private key; `Unsupported` for certificates and other kinds of
    /// key, by name; `Malformed` or `Weak` for a bad key.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let (label, der) = open(text)?;
        match label {
            "PUBLIC KEY" => from_spki(&der),
            "RSA PUBLIC KEY" => from_pkcs1(&der),
            label if label.ends_with("PRIVATE KEY") => Err(KeyError::PrivateMember(shortened(label))),
            label => Err(KeyError::Unsupported(format!("PEM {:?}", shortened(label)))),
        }
    }
}

/// The label and the bytes of the one block in the text.
fn open(text: &str) -> Result<(&str, Vec<u8>), KeyError> {
    let text = text.trim_ascii();
    let parts = text.strip_prefix("-----BEGIN ").and_then(|rest| {
        let (label, rest) = rest.split_once("-----")?;
        let body = rest.strip_suffix("-----")?.strip_suffix(label)?.strip_suffix("-----END ")?;
        Some((label, body))
    });
    let (label, body) = parts.filter(|_| text.len() <= LONGEST).ok_or_else(|| {
        KeyError::malformed(FORM, "not one block between a BEGIN line and an END line of one name")
    })?;
    let digits: Vec<u8> = body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let der = STANDARD.decode(digits).map_err(|error| KeyError::malformed(FORM, error.to_string()))?;
    Ok((label, der))
}

fn from_spki(der: &[u8]) -> Result<PublicKey, KeyError> {
    let spki = SubjectPublicKeyInfoRef::from_der(der).map_err(not_der)?;
    let key = spki.subject_public_key.as_bytes();
    let key = key.ok_or_else(|| KeyError::malformed(FORM, "the key has no whole number of bytes"))?;
    let algorithm = spki.algorithm;
    match algorithm.oid {
        ED25519 if algorithm.parameters.is_none() => PublicKey::from_ed25519(FORM, key),
        EC => match algorithm.parameters_oid().map_err(|_| unnamed_curve())? {
            P256 => PublicKey::from_sec1(FORM, KeyKind::P256, key),
            P384 => PublicKey::from_sec1(FORM, KeyKind::P384, key),
            other => Err(KeyError::Unsupported(name(other))),
        },
        RSA => from_pkcs1(key),
        other => Err(KeyError::Unsupported(name(other))),
    }
}

fn from_pkcs1(der: &[u8]) -> Result<PublicKey, KeyError> {
    let mut reader = SliceReader::new(der).map_err(not_der)?;
    let numbers = reader.sequence(|numbers| {
        let modulus: UintRef<'_> = numbers.decode()?;
        let exponent: UintRef<'_> = numbers.decode()?;
        Ok::<_, der::Error>((modulus, exponent))
    });
    let (modulus, exponent) = numbers.map_err(not_der)?;
    reader.finish().map_err(not_der)?;
    PublicKey::from_rsa(FORM, modulus.as_bytes(), exponent.as_bytes())
}

/// The name of a kind of key or of a curve that is not built in.
fn name(oid: ObjectIdentifier) -> String {
    let text = oid.to_string();
    let name = match text.as_str() {
        "1.2.840.10040.4.1" => "DSA",
        "1.2.840.113549.1.1.10" => "RSA for PS256",
        "1.3.101.110" => "X25519",
        "1.3.101.111" => "X448",
        "1.3.101.113" => "Ed448",
        "1.3.132.0.10" => "secp256k1",
        "1.3.132.0.35" => "P-521",
        _ => return format!("object identifier {text}"),
    };
    name.to_owned()
}

fn not_der(error: der::Error) -> KeyError {
    KeyError::malformed(FORM, format!("not DER of a public key: {error}"))
}

fn unnamed_curve() -> KeyError {
    KeyError::Unsupported("EC without a named curve".to_owned())
}
