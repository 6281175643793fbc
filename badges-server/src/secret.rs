//! Tokens that people and programs carry: shown once, kept as a hash.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::random::{self, RandomError};

/// A secret of 256 random bits, as text.
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    /// A new one, with a prefix that tells what it opens.
    pub(crate) fn new(prefix: &str) -> Result<Self, RandomError> {
        let mut bytes = Zeroizing::new([0; 32]);
        random::fill(bytes.as_mut())?;
        Ok(Self(Zeroizing::new(format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes.as_ref())))))
    }

    /// The text, to hand it over once.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(crate) fn hash(&self) -> Vec<u8> {
        hash(&self.0)
    }
}

/// What is kept of a secret that somebody brought. Looking it up by hash tells nothing by time.
pub(crate) fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

/// A secret that follows from another for one use, and does not lead back to it.
pub(crate) fn derived(secret: &str, purpose: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(purpose);
    hash.update([0]);
    hash.update(secret);
    BASE64_URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// Whether two texts are equal, in a time that tells nothing of where they differ.
pub(crate) fn same(one: &str, other: &str) -> bool {
    // The hashes of texts that an attacker chooses cannot be steered towards each other.
    hash(one) == hash(other)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
