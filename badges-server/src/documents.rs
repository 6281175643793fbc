//! A folder of documents that were fetched before: keys, profiles, status lists.

use std::{
    borrow::Cow,
    cell::RefCell,
    collections::HashMap,
    fmt::Write as _,
    path::{Component, Path, PathBuf},
};

use badges_core::{
    did::Documents,
    json::{self, Json, JsonError, Limits, Profile},
};

use crate::files::{self, FileError};

/// The longest document that is read, in bytes: a status list may inflate to 8 MiB, and in base64 it is then
/// shorter than this even if no bit of it could be saved.
const LONGEST: usize = 16 * 1024 * 1024;

/// The longest index that is read, in bytes: ten thousand documents, each of which is looked for at once.
const LONGEST_INDEX: usize = 1024 * 1024;

/// The documents in a folder: `index.json` maps a URL to a file, or a file's name is its URL in percent code.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    /// Without links and `..`, as are the files.
    folder: Option<PathBuf>,
    index: HashMap<String, PathBuf>,
}

/// Why a folder cannot serve documents.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DocumentsError {
    /// The index names a file that is not there.
    #[error("{}: there is no file {} for {url}: fetch it, or strike the line", index.display(), file.display())]
    Absent { index: PathBuf, url: String, file: PathBuf },
    /// An entry of the index is not a URL and a file.
    #[error("{}: {url:?} must be an absolute URL without fragment, and its value a file, seen from that folder", index.display())]
    Entry { index: PathBuf, url: String },
    /// The index cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The index is not an object.
    #[error("{} is not an index ({reason}): write an object of URLs and file names", index.display())]
    Index { index: PathBuf, reason: JsonError },
    /// The index is no file of the folder.
    #[error("{} is no file of that folder, but a folder, a device, a pipe, or a link that leads out of it: write it anew", .0.display())]
    IndexElsewhere(PathBuf),
    /// What the user names is no folder.
    #[error("{} is not a folder: --documents takes a folder of fetched documents", .0.display())]
    NotAFolder(PathBuf),
    /// An entry of the index leads out of the folder.
    #[error("{}: {file:?} for {url} leads out of the folder: put a copy into it and name that", index.display())]
    Outside { index: PathBuf, url: String, file: String },
}

impl Folder {
    /// Opens a folder of documents; its index, if there is one, is read and checked now.
    pub(crate) fn open(folder: &Path) -> Result<Self, DocumentsError> {
        if !folder.is_dir() {
            return Err(DocumentsError::NotAFolder(folder.to_owned()));
        }
        let path = folder.join("index.json");
        let real = folder.canonicalize().map_err(|_| DocumentsError::NotAFolder(folder.to_owned()))?;
        let mut index = HashMap::new();
        if path.symlink_metadata().is_ok() {
            let own = file_in(&real, &path).ok_or_else(|| DocumentsError::IndexElsewhere(path.clone()))?;
            let text = files::read(&own, LONGEST_INDEX)?;
            let limits = Limits { bytes: LONGEST_INDEX, depth: 2, profile: Profile::Any };
            let entries = json::read(&text, &limits)
                .map_err(|reason| DocumentsError::Index { index: path.clone(), reason })?;
            let Json::Object(entries) = entries else {
                let reason = JsonError::Syntax(format!("{} where an object must be", entries.kind()));
                return Err(DocumentsError::Index { index: path, reason });
            };
            for (url, file) in entries.iter() {
                index.insert(url.to_owned(), entry(&real, &path, url, file)?);
            }
        }
        Ok(Self { folder: Some(real), index })
    }
}

fn entry(folder: &Path, index: &Path, url: &str, file: &Json<'_>) -> Result<PathBuf, DocumentsError> {
    let absolute = url::Url::parse(url).is_ok() && !url.contains('#');
    let relative = |file: &&str| !file.is_empty() && Path::new(file).is_relative();
    let Some(file) = file.as_str().filter(relative).filter(|_| absolute) else {
        return Err(DocumentsError::Entry { index: index.to_owned(), url: url.to_owned() });
    };
    let path = folder.join(file);
    let (index, url) = (index.to_owned(), url.to_owned());
    match file_in(folder, &path) {
        Some(path) => Ok(path),
        None if climbs(file) || path.canonicalize().is_ok_and(|real| !real.starts_with(folder)) => {
            Err(DocumentsError::Outside { index, url, file: file.to_owned() })
        }
        None => {
            let file = index.with_file_name(file);
            Err(DocumentsError::Absent { index, url, file })
        }
    }
}

/// Whether `..` leads out of the folder by the words alone.
fn climbs(file: &str) -> bool {
    let mut depth = 0_usize;
    for part in Path::new(file).components() {
        match part {
            Component::ParentDir if depth == 0 => return true,
            Component::ParentDir => depth -= 1,
            Component::Normal(_) => depth += 1,
            _ => {}
        }
    }
    false
}

/// The file behind a path, links followed: none if it stands outside of the folder, or is no file but a device or
/// a pipe, which nobody may ever fill. A folder of documents may come from a stranger.
fn file_in(folder: &Path, path: &Path) -> Option<PathBuf> {
    let real = path.canonicalize().ok()?;
    (real.starts_with(folder) && real.is_file()).then_some(real)
}

impl Documents for Folder {
    fn document(&self, url: &str) -> Option<Cow<'_, [u8]>> {
        let folder = self.folder.as_ref()?;
        let file = self.index.get(url).cloned().unwrap_or_else(|| folder.join(file_name(url)));
        // A file that cannot be read is a document that is not there: the verdict says which is missing.
        files::read(&file_in(folder, &file)?, LONGEST).ok().map(Cow::Owned)
    }
}

/// A folder that remembers what it was asked for and did not have.
pub(crate) struct Asked<'f> {
    folder: &'f Folder,
    missing: RefCell<Vec<String>>,
}

impl<'f> Asked<'f> {
    pub(crate) fn new(folder: &'f Folder) -> Self {
        Self { folder, missing: RefCell::default() }
    }

    /// The name under which the document would have been found of which this message speaks.
    pub(crate) fn file_missing(&self, message: &str) -> Option<String> {
        let missing = self.missing.borrow();
        missing.iter().find(|url| message.contains(url.as_str())).map(|url| file_name(url))
    }
}

impl Documents for Asked<'_> {
    fn document(&self, url: &str) -> Option<Cow<'_, [u8]>> {
        let document = self.folder.document(url);
        if document.is_none() {
            self.missing.borrow_mut().push(url.to_owned());
        }
        document
    }
}

/// The URL with all but `A-Za-z0-9._-` in percent code.
fn file_name(url: &str) -> String {
    let mut name = String::with_capacity(url.len() * 2);
    for byte in url.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            name.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            write!(name, "%{byte:02X}").ok();
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_its_whole_url() {
        assert_eq!(
            file_name("https://a.example:8/s_1?x=é"),
            "https%3A%2F%2Fa.example%3A8%2Fs_1%3Fx%3D%C3%A9"
        );
    }
}
