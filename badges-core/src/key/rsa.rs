//! RSA signatures, verification only.

use rsa::{
    BoxedUint, RsaPublicKey,
    pkcs1v15::{Signature, VerifyingKey},
    signature::Verifier as _,
    traits::PublicKeyParts as _,
};
use sha2::Sha256;

use super::KeyError;

const SMALLEST: usize = 2048;
const LARGEST: usize = 4096;

#[derive(Clone)]
pub(super) struct RsaKey(VerifyingKey<Sha256>);

impl RsaKey {
    /// Takes modulus and exponent, great end first and without leading zeros.
    pub(super) fn new(form: &'static str, modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        let (Some(first), Some(last)) = (modulus.first(), modulus.last()) else {
            return Err(KeyError::malformed(form, "the RSA modulus is empty"));
        };
        let bits = (modulus.len() * 8).saturating_sub(first.leading_zeros() as usize);
        if *first == 0 || exponent.first().is_none_or(|first| *first == 0) {
            return Err(KeyError::malformed(form, "an RSA number is empty or begins with a zero"));
        }
        if bits > LARGEST {
            return Err(KeyError::Unsupported(format!("RSA with {bits} bits (at most {LARGEST})")));
        }
        if bits < SMALLEST {
            return Err(KeyError::Weak(format!("RSA with {bits} bits (at least {SMALLEST})")));
        }
        if exponent.len() > 4 {
            return Err(KeyError::Unsupported("RSA with a public exponent beyond 32 bits".to_owned()));
        }
        if last & 1 == 0 || exponent.last().is_none_or(|last| last & 1 == 0) {
            return Err(KeyError::malformed(form, "an RSA modulus or exponent is even"));
        }
        if exponent == [1] {
            return Err(KeyError::Weak("RSA with the public exponent 1".to_owned()));
        }
        if has_roca_fingerprint(modulus) {
            return Err(KeyError::Weak("an RSA modulus made as CVE-2017-15361 describes (ROCA)".to_owned()));
        }
        let number = |bytes| BoxedUint::from_be_slice_vartime(bytes);
        let key = RsaPublicKey::new_with_size_limits(number(modulus), number(exponent), SMALLEST..=LARGEST)
            .map_err(|error| KeyError::malformed(form, error.to_string()))?;
        Ok(Self(VerifyingKey::new(key)))
    }

    /// Bytes of the modulus, which are also those of a signature.
    pub(super) fn size(&self) -> usize {
        self.0.as_ref().size()
    }

    pub(super) fn modulus(&self) -> Vec<u8> {
        self.0.as_ref().n_bytes().to_vec()
    }

    pub(super) fn exponent(&self) -> Vec<u8> {
        self.0.as_ref().e_bytes().to_vec()
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::try_from(signature).is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }
}

impl PartialEq for RsaKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_ref() == other.0.as_ref()
    }
}

/// Whether the modulus is a power of 65537 modulo each of these primes, as those of the faulty chips are;
/// of other moduli one in a hundred million is.
fn has_roca_fingerprint(modulus: &[u8]) -> bool {
    const PRIMES: [u32; 17] = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];
    PRIMES.iter().all(|prime| {
        let rest = modulus.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime);
        let mut power = 1;
        (0..*prime).any(|_| {
            power = power * 65_537 % prime;
            power == rest
        })
    })
}
