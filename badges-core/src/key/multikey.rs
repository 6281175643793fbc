//! Multikey: a key in base58 behind a number that tells its kind (CID 1.0 §2.2.2).

use super::{KeyError, KeyKind, Public, PublicKey, base58};

const FORM: &str = "Multikey";

const ED25519: [u8; 2] = [0xED, 0x01];
#[cfg(feature = "ecdsa")]
const P256: [u8; 2] = [0x80, 0x24];
#[cfg(feature = "ecdsa")]
const P384: [u8; 2] = [0x81, 0x24];

impl PublicKey {
    /// Reads `publicKeyMultibase`: `z`, then base58 of the kind and the key.
    ///
    /// # Errors
    ///
    /// [`KeyError`]: `Malformed` for another base, a wrong length or no point of the curve; `Unsupported` for
    /// another kind, by name; `PrivateMember` for a secret key; `Weak` for a point of small order.
    pub fn from_multikey(text: &str) -> Result<Self, KeyError> {
        let digits = text
            .strip_prefix('z')
            .ok_or_else(|| KeyError::malformed(FORM, "does not begin with z, the mark of base58btc"))?;
        let bytes = base58::decode(digits)
            .ok_or_else(|| KeyError::malformed(FORM, "not base58btc of a length that a key can have"))?;
        let (code, key) = code(&bytes)
            .ok_or_else(|| KeyError::malformed(FORM, "begins with no canonical multicodec number"))?;
        match code {
            0xED => Self::from_ed25519(FORM, key),
            0x1200 => Self::from_compressed(KeyKind::P256, 33, key),
            0x1201 => Self::from_compressed(KeyKind::P384, 49, key),
            0x1300 | 0x1301 | 0x1305..=0x1308 => {
                Err(KeyError::PrivateMember("secretKeyMultibase".to_owned()))
            }
            _ => Err(KeyError::Unsupported(name(code))),
        }
    }

    /// Writes `publicKeyMultibase`; none for RSA, for which CID 1.0 has no Multikey.
    pub fn to_multikey(&self) -> Option<String> {
        let written = |code: [u8; 2], key: &[u8]| format!("z{}", base58::encode(&[&code, key].concat()));
        match &self.0 {
            Public::Ed25519(key) => Some(written(ED25519, key.as_bytes())),
            #[cfg(feature = "ecdsa")]
            Public::P256(key) => Some(written(P256, key.to_sec1_point(true).as_bytes())),
            #[cfg(feature = "ecdsa")]
            Public::P384(key) => Some(written(P384, key.to_sec1_point(true).as_bytes())),
            #[cfg(feature = "rsa")]
            Public::Rsa(_) => None,
        }
    }

    /// Reads `publicKeyBase58` of Ed25519VerificationKey2018: base58 of the bare key.
    ///
    /// # Errors
    ///
    /// [`KeyError`]: `Malformed` or `Weak`, as for [`PublicKey::from_multikey`].
    pub fn from_ed25519_base58(text: &str) -> Result<Self, KeyError> {
        const FORM: &str = "publicKeyBase58";
        let bytes = base58::decode(text).ok_or_else(|| KeyError::malformed(FORM, "not base58btc"))?;
        Self::from_ed25519(FORM, &bytes)
    }

    fn from_compressed(kind: KeyKind, length: usize, key: &[u8]) -> Result<Self, KeyError> {
        if key.len() != length {
            let reason = format!("a compressed {kind} key has {length} bytes, not {}", key.len());
            return Err(KeyError::malformed(FORM, reason));
        }
        Self::from_sec1(FORM, kind, key)
    }
}

/// The multicodec number in front: groups of seven bits, the lowest first, at most three, none in vain.
fn code(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut code = 0;
    for (at, byte) in bytes.iter().enumerate().take(3) {
        code |= u32::from(byte & 0x7F) << (7 * at);
        if byte & 0x80 == 0 {
            let in_vain = at > 0 && *byte == 0;
            return if in_vain { None } else { Some((code, bytes.get(at + 1..)?)) };
        }
    }
    None
}

/// The name of a kind in the table of multicodec.
fn name(code: u32) -> String {
    let name = match code {
        0xE7 => "secp256k1",
        0xEA => "BLS12-381 G1",
        0xEB => "BLS12-381 G2",
        0xEC => "X25519",
        0xEE => "BLS12-381 G1 and G2",
        0x1202 => "P-521",
        0x1203 => "Ed448",
        0x1204 => "X448",
        0x1205 => "RSA (as Multikey)",
        _ => return format!("multicodec 0x{code:x}"),
    };
    name.to_owned()
}
