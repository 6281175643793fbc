//! ECDSA with P-256 and P-384.

use p256::ecdsa::signature::Verifier as _;

use super::KeyError;

/// Takes a compressed (33 bytes) or uncompressed point (65 bytes).
pub(super) fn parse_p256(form: &'static str, point: &[u8]) -> Result<p256::ecdsa::VerifyingKey, KeyError> {
    check_form(form, point, 32)?;
    p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| not_on_curve(form))
}

/// Takes a compressed (49 bytes) or uncompressed point (97 bytes).
pub(super) fn parse_p384(form: &'static str, point: &[u8]) -> Result<p384::ecdsa::VerifyingKey, KeyError> {
    check_form(form, point, 48)?;
    p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| not_on_curve(form))
}

/// The point at infinity and the compact form of SEC 1 are no keys.
fn check_form(form: &'static str, point: &[u8], field: usize) -> Result<(), KeyError> {
    match point {
        [2 | 3, x @ ..] if x.len() == field => Ok(()),
        [4, xy @ ..] if xy.len() == 2 * field => Ok(()),
        _ => Err(KeyError::malformed(form, "not a point in compressed or uncompressed form (SEC 1 §2.3.3)")),
    }
}

fn not_on_curve(form: &'static str) -> KeyError {
    KeyError::malformed(form, "the point does not lie on its curve")
}

pub(super) fn verify_p256(key: &p256::ecdsa::VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    p256::ecdsa::Signature::from_slice(signature)
        .is_ok_and(|signature| key.verify(message, &signature).is_ok())
}

pub(super) fn verify_p384(key: &p384::ecdsa::VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    p384::ecdsa::Signature::from_slice(signature)
        .is_ok_and(|signature| key.verify(message, &signature).is_ok())
}
