//! The place of a badge in a status list, as the badge itself names it.

use std::path::{Path, PathBuf};

use badges_core::{
    bake::Selection,
    json::Json,
    status::{EntrySize, StatusEntry, StatusList},
};

use crate::{
    content::{Content, TextError},
    credential::{self, OpenError, Sizes},
};

/// An entry of a status list, or the file of a badge that has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Badge(PathBuf),
    Index(u64),
}

/// Where a badge stands in a list.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) index: u64,
    /// How many bits its entry has, where the badge says so.
    pub(crate) size: Option<EntrySize>,
    /// The text of the badge, nothing of which is believed yet.
    pub(crate) badge: Option<Vec<u8>>,
}

/// Why a badge names no place in a list.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EntryError {
    #[error("{}: it names the list {list}, and not the one that you name: name that list", path.display())]
    AnotherList { path: PathBuf, list: String },
    #[error("{}: it has several places in the list: give the index of the one that you mean", path.display())]
    Many { path: PathBuf },
    #[error("{}: it names no status list, so that it cannot be revoked: issue with --status", path.display())]
    NoList { path: PathBuf },
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("{}: {reason}", path.display())]
    Text { path: PathBuf, reason: TextError },
}

/// A number is an index, everything else names a file.
pub(crate) fn which(text: &str) -> Result<Which, String> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(index) if digits => Ok(Which::Index(index)),
        _ if digits => Err("no list is that long".to_owned()),
        _ => Ok(Which::Badge(PathBuf::from(text))),
    }
}

impl Which {
    /// The place in this list.
    pub(crate) fn place(&self, list: &StatusList<'_>) -> Result<Place, EntryError> {
        match self {
            Self::Index(index) => Ok(Place { index: *index, size: None, badge: None }),
            Self::Badge(path) => place(path, list),
        }
    }
}

fn place(path: &Path, list: &StatusList<'_>) -> Result<Place, EntryError> {
    let badge = credential::open(path, Sizes::new(None), Selection::Strict)?.text;
    let (index, size) = entry(path, &badge, list)?;
    Ok(Place { index, size: Some(size), badge: Some(badge) })
}

fn entry(path: &Path, badge: &[u8], list: &StatusList<'_>) -> Result<(u64, EntrySize), EntryError> {
    let path = path.to_owned();
    let refused = |reason| EntryError::Text { path: path.clone(), reason };
    let content = Content::of(badge).map_err(refused)?;
    let document = content.document().map_err(refused)?;
    let entries = document.get("credentialStatus").map(Json::one_or_many).unwrap_or_default();
    let entries = entries.iter().filter_map(|entry| match StatusEntry::parse(entry) {
        Ok(StatusEntry::Bitstring(entry)) => Some(entry),
        _ => None,
    });
    let entries: Vec<_> = entries.collect();
    let mut own = entries
        .iter()
        .filter(|entry| Some(entry.list.as_str()) == list.id && list.purposes.contains(&entry.purpose))
        .filter_map(|entry| Some((entry.index?, entry.size)));
    let Some(found) = own.next() else {
        return Err(match entries.first() {
            Some(entry) => EntryError::AnotherList { path, list: entry.list.chars().take(200).collect() },
            None => EntryError::NoList { path },
        });
    };
    if own.any(|other| other != found) { Err(EntryError::Many { path }) } else { Ok(found) }
}
