//! Signing keys at rest: sealed with a key that is not in the database.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305,
    aead::{Aead as _, KeyInit as _, Payload},
};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{
    files::{self, FileError, Readers},
    ids::KeyId,
    random::{self, RandomError},
};

/// How many bytes the nonce takes before what is sealed.
const NONCE: usize = 24;

/// Seals and opens; its own key stands in a file or the environment, never in the database.
#[derive(Clone)]
pub(crate) struct Sealer {
    cipher: XChaCha20Poly1305,
    id: String,
}

/// Why a key cannot be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealError {
    #[error("the file of the sealing key, {}, cannot be used ({reason}): bring it back from where it is kept", file.display())]
    File { file: PathBuf, reason: io::Error },
    #[error("{} does not hold a sealing key, 43 letters of base64url: bring back the one of this installation", .0.display())]
    Form(PathBuf),
    #[error("{} can be read by others: let only its owner read it (chmod 600)", .0.display())]
    Open(PathBuf),
    #[error(transparent)]
    Random(#[from] RandomError),
    #[error("the keys were sealed with another sealing key meanwhile: start this server again")]
    Resealed,
    #[error(
        "the signing key {key} was sealed with {sealed_by}, and this is {found}: name the file of that key as key_file"
    )]
    Wrong { key: KeyId, sealed_by: String, found: String },
    #[error(transparent)]
    Write(#[from] FileError),
}

impl Sealer {
    /// Reads the file of the sealing key.
    pub(crate) fn read(file: &Path) -> Result<Self, SealError> {
        let refused = |reason| SealError::File { file: file.to_owned(), reason };
        if !private(file).map_err(refused)? {
            return Err(SealError::Open(file.to_owned()));
        }
        let text = files::named(file).map_err(refused)?;
        let form = || SealError::Form(file.to_owned());
        let bytes = Zeroizing::new(BASE64_URL_SAFE_NO_PAD.decode(text.trim()).map_err(|_| form())?);
        let key: &[u8; 32] = bytes.as_slice().try_into().map_err(|_| form())?;
        Ok(Self::new(key))
    }

    /// Makes a sealing key and writes it to a file that must not exist.
    pub(crate) fn make(file: &Path) -> Result<Self, SealError> {
        let mut key = Zeroizing::new([0; 32]);
        random::fill(key.as_mut())?;
        let text = Zeroizing::new(format!("{}\n", BASE64_URL_SAFE_NO_PAD.encode(key.as_ref())));
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder)
                .map_err(|reason| SealError::File { file: folder.to_owned(), reason })?;
        }
        files::write_new(file, text.as_bytes(), Readers::Owner)?;
        Ok(Self::new(&key))
    }

    fn new(key: &[u8; 32]) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"badges sealing key");
        hash.update(key);
        let mut id = BASE64_URL_SAFE_NO_PAD.encode(hash.finalize());
        id.truncate(12);
        Self { cipher: XChaCha20Poly1305::new(key.into()), id }
    }

    /// What tells this sealing key from others; says nothing of the key.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Seals the seed of a signing key.
    pub(crate) fn seal(&self, key: KeyId, seed: &[u8; 32]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE];
        random::fill(&mut nonce)?;
        let aad = self.associated(key);
        let sealed = self.cipher.encrypt(&nonce.into(), Payload { msg: seed, aad: aad.as_bytes() });
        let sealed = sealed.map_err(|_| self.wrong(key, self.id()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`Self::seal`] gave.
    pub(crate) fn open(
        &self,
        key: KeyId,
        sealed_by: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, SealError> {
        let wrong = || self.wrong(key, sealed_by);
        let (nonce, text) = sealed.split_first_chunk::<NONCE>().ok_or_else(wrong)?;
        let aad = self.associated(key);
        let opened = self.cipher.decrypt(&(*nonce).into(), Payload { msg: text, aad: aad.as_bytes() });
        let opened = Zeroizing::new(opened.map_err(|_| wrong())?);
        let seed: [u8; 32] = opened.as_slice().try_into().map_err(|_| wrong())?;
        Ok(Zeroizing::new(seed))
    }

    fn associated(&self, key: KeyId) -> String {
        format!("{} {key}", self.id)
    }

    fn wrong(&self, key: KeyId, sealed_by: &str) -> SealError {
        SealError::Wrong { key, sealed_by: sealed_by.to_owned(), found: self.id.clone() }
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({})", self.id)
    }
}

#[cfg(unix)]
fn private(file: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::metadata(file)?.permissions().mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn private(file: &Path) -> io::Result<bool> {
    fs::metadata(file).map(|_| true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Moment;

    #[test]
    fn a_seal_opens_for_its_own_key_alone() {
        let sealer = Sealer::new(&[7; 32]);
        let (one, other) = (KeyId::new(Moment::default()).unwrap(), KeyId::new(Moment::default()).unwrap());

        let sealed = sealer.seal(one, &[9; 32]).unwrap();

        assert_eq!(*sealer.open(one, sealer.id(), &sealed).unwrap(), [9; 32]);
        assert!(sealer.open(other, sealer.id(), &sealed).is_err());
        assert!(Sealer::new(&[8; 32]).open(one, sealer.id(), &sealed).is_err());
        assert!(sealer.open(one, sealer.id(), &sealed[..20]).is_err());
        assert!(!sealed.windows(8).any(|bytes| bytes == [9; 8]));
    }
}
