//! Ed25519, strictly.

use ed25519_dalek::{Signature, VerifyingKey};

use super::KeyError;

pub(super) fn parse(form: &'static str, bytes: &[u8]) -> Result<VerifyingKey, KeyError> {
    let bytes: &[u8; 32] = bytes.try_into().map_err(|_| {
        KeyError::malformed(form, format!("an Ed25519 key has 32 bytes, not {}", bytes.len()))
    })?;
    if !is_canonical(bytes) {
        return Err(KeyError::malformed(
            form,
            "the Ed25519 key is not written canonically (RFC 8032 §5.1.3)",
        ));
    }
    let key = VerifyingKey::from_bytes(bytes)
        .map_err(|_| KeyError::malformed(form, "the Ed25519 key is not a point of the curve"))?;
    if key.is_weak() {
        return Err(KeyError::Weak(
            "an Ed25519 point of small order, under which anything verifies".to_owned(),
        ));
    }
    Ok(key)
}

pub(super) fn verify(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    Signature::from_slice(signature).is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
}

/// Whether y is below p = 2^255 - 19; the decoder would reduce it, and the key would have two texts.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let [first, middle @ .., last] = bytes;
    last & 0x7F != 0x7F || *first < 0xED || middle.iter().any(|byte| *byte != 0xFF)
}
