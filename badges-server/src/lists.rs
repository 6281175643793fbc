//! Status lists as files.

use std::path::{Path, PathBuf};

use badges_core::{
    json::{JsonError, Object},
    proof::jws::JwsError,
    status::{Bitstring, MAX_INFLATED, StatusError, StatusList},
};

use crate::{
    content::{Content, TextError},
    files::{self, FileError},
};

/// The longest list that is read, in bytes: 8 MiB of bits, in base64.
const LONGEST: usize = 12 * 1024 * 1024;

/// Why a status list is of no use.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListFileError {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A credential of another kind, or a list that is malformed.
    #[error("{} is not a status list ({reason}): make one with `badges status new`", path.display())]
    NotAList { path: PathBuf, reason: StatusError },
    /// No document at all.
    #[error("{} is not a status list: make one with `badges status new`", .0.display())]
    NotAnObject(PathBuf),
    /// What does not look like a token is not JSON either.
    #[error("{} is not a status list ({reason}): make one with `badges status new`", path.display())]
    NotJson { path: PathBuf, reason: JsonError },
    /// What looks like a token is none.
    #[error("{} is not a status list ({reason}): make one with `badges status new`", path.display())]
    NotJwt { path: PathBuf, reason: JwsError },
    /// The list has no such entry or value, or cannot be inflated.
    #[error("{}: {reason}", path.display())]
    Status { path: PathBuf, reason: StatusError },
}

/// Reads the bytes of a list.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, ListFileError> {
    Ok(files::read(path, LONGEST)?)
}

/// What a list is written as: JSON or a token.
pub(crate) fn open<'t>(path: &Path, text: &'t [u8]) -> Result<Content<'t>, ListFileError> {
    Content::of(text).map_err(|reason| ListFileError::of(path, reason))
}

/// The list credential in it.
pub(crate) fn parse<'c>(path: &Path, content: &'c Content<'_>) -> Result<Object<'c>, ListFileError> {
    content.document().map_err(|reason| ListFileError::of(path, reason))
}

impl ListFileError {
    fn of(path: &Path, reason: TextError) -> Self {
        let path = path.to_owned();
        match reason {
            TextError::NotJson(reason) => Self::NotJson { path, reason },
            TextError::NotJwt(reason) => Self::NotJwt { path, reason },
            _ => Self::NotAnObject(path),
        }
    }
}

/// What the list says of itself, and its bits.
pub(crate) fn expand<'t>(
    path: &Path,
    list: &'t Object<'_>,
) -> Result<(StatusList<'t>, Bitstring), ListFileError> {
    let refused = |reason| ListFileError::Status { path: path.to_owned(), reason };
    let about =
        StatusList::read(list).map_err(|reason| ListFileError::NotAList { path: path.to_owned(), reason })?;
    let bits = about.expand(MAX_INFLATED).map_err(refused)?;
    Ok((about, bits))
}
