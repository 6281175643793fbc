//! Names of recipients, hashed so that a badge does not tell them to everybody (OB 3.0 §B.1.12, OB 2.0
//! IdentityObject).

use std::{fmt, str::FromStr};

use md5::Md5;
use sha2::{Digest, Sha256};

use super::profile::{IdentifierType, IdentityObject};
use crate::hex;

/// `sha256$` or `md5$` and the digest in hexadecimal, of the name and the salt behind it.
///
/// Neither edition of the standard trims the name or folds its case, so neither does this.
///
/// ```
/// use badges_core::model::IdentityHash;
///
/// let hash: IdentityHash =
///     "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399".parse()?;
///
/// assert!(hash.matches("a@example.com", Some("Kosher")));
/// # Ok::<_, badges_core::model::IdentityError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityHash {
    /// MD5: the text of the standard still allows it; a reader should say that it is weak.
    Md5([u8; 16]),
    /// SHA-256.
    Sha256([u8; 32]),
}

/// A text that is not the hash of an identity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// An algorithm that the standard does not have, or none.
    #[error("the hash names no algorithm that is allowed: it must begin with sha256$ or md5$")]
    Algorithm,
    /// A digest of the wrong length, or not in hexadecimal.
    #[error("the digest is not {0} hexadecimal digits")]
    Digest(usize),
}

impl IdentityHash {
    /// The SHA-256 of a name and a salt.
    pub fn sha256(name: &str, salt: &str) -> Self {
        Self::Sha256(Sha256::new().chain_update(name).chain_update(salt).finalize().into())
    }

    /// Whether this is the hash of the name; no salt is the same as an empty one.
    pub fn matches(&self, name: &str, salt: Option<&str>) -> bool {
        let salt = salt.unwrap_or_default();
        match self {
            Self::Md5(digest) => {
                <[u8; 16]>::from(Md5::new().chain_update(name).chain_update(salt).finalize()) == *digest
            }
            Self::Sha256(_) => Self::sha256(name, salt) == *self,
        }
    }

    /// Whether the algorithm is broken.
    pub fn is_weak(&self) -> bool {
        matches!(self, Self::Md5(_))
    }
}

impl FromStr for IdentityHash {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        match text.split_once('$') {
            Some(("md5", digest)) => hex::decode(digest).map(Self::Md5).ok_or(IdentityError::Digest(32)),
            Some(("sha256", digest)) => {
                hex::decode(digest).map(Self::Sha256).ok_or(IdentityError::Digest(64))
            }
            _ => Err(IdentityError::Algorithm),
        }
    }
}

impl fmt::Display for IdentityHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, digest): (_, &[u8]) = match self {
            Self::Md5(digest) => ("md5", digest),
            Self::Sha256(digest) => ("sha256", digest),
        };
        write!(out, "{name}${}", hex::encode(digest))
    }
}

impl IdentityObject {
    /// A recipient by the hash of a name.
    ///
    /// The salt comes from the caller, who has the randomness: 128 bits, fresh for each badge, so that two
    /// badges do not show that they went to the same person.
    pub fn hashed(kind: IdentifierType, name: &str, salt: &[u8; 16]) -> Self {
        let salt = hex::encode(salt);
        let hash = IdentityHash::sha256(name, &salt);
        Self { salt: Some(salt), ..Self::new(true, hash.to_string(), kind) }
    }

    /// A recipient by a name that everybody may read.
    pub fn plain(kind: IdentifierType, name: &str) -> Self {
        Self::new(false, name.to_owned(), kind)
    }

    /// Whether this is the name of the recipient (OB 3.0 §8.2, step 5).
    pub fn names(&self, name: &str) -> bool {
        same_identity(self.hashed, &self.identity_hash, self.salt.as_deref(), name)
    }
}

/// Whether an identity of a document, hashed or plain, is this name; a malformed hash is nobody's.
pub fn same_identity(hashed: bool, identity: &str, salt: Option<&str>, name: &str) -> bool {
    match hashed {
        true => identity.parse().is_ok_and(|hash: IdentityHash| hash.matches(name, salt)),
        false => identity == name,
    }
}
