//! The lines of a file: written with their checksum, and read back with it.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, BufWriter, Read as _, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::TransferError;
use crate::{files::FileError, hex};

/// The version of the format.
pub(super) const VERSION: u32 = 1;

/// The longest line: an image of the largest size, in hexadecimal, is a fraction of it.
const LONGEST: u64 = 64 << 20;

/// The longest first line.
const LONGEST_HEAD: u64 = 64 << 10;

/// What the file is; its first line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Head {
    /// The version of the format.
    pub(super) badges_export: u32,
    /// The migrations that its database had.
    pub(super) schema: Vec<String>,
    /// The id of the sealing key without which the signing keys do not open, and which is not in the file.
    pub(super) sealed_by: String,
    /// In all tables.
    pub(super) rows: u64,
}

/// A table, whose rows follow.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TableHead {
    pub(super) table: String,
    pub(super) rows: u64,
    /// Name and kind: `bytes`, `number` or `text`.
    pub(super) columns: Vec<(String, String)>,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
struct End {
    end: u64,
    /// Of all lines before, their ends included.
    sha256: String,
}

/// A line after the first.
#[derive(Debug)]
pub(super) enum Line {
    End,
    Row(String),
    Table(TableHead),
}

/// Writes lines.
pub(super) struct Writer<'a> {
    file: BufWriter<&'a mut File>,
    path: PathBuf,
    hash: Sha256,
    rows: u64,
}

impl<'a> Writer<'a> {
    pub(super) fn new(file: &'a mut File, path: &Path) -> Self {
        Self { file: BufWriter::new(file), path: path.to_owned(), hash: Sha256::new(), rows: 0 }
    }

    pub(super) fn head(&mut self, head: &impl Serialize) -> Result<(), TransferError> {
        self.line(&serde_json::to_string(head).unwrap_or_default())
    }

    /// A row as the database writes it; each writes its spaces in its own way.
    pub(super) fn row(&mut self, line: &str) -> Result<u64, TransferError> {
        let cells: Vec<serde_json::Value> =
            serde_json::from_str(line).map_err(|error| TransferError::Foreign(error.to_string()))?;
        self.line(&serde_json::to_string(&cells).unwrap_or_default())?;
        self.rows += 1;
        Ok(self.rows)
    }

    pub(super) fn end(mut self) -> Result<(), TransferError> {
        let end = End { end: self.rows, sha256: hex::encode(&self.hash.clone().finalize()) };
        self.line(&serde_json::to_string(&end).unwrap_or_default())?;
        self.file.flush().map_err(|reason| self.unwritable(reason))
    }

    fn line(&mut self, line: &str) -> Result<(), TransferError> {
        self.hash.update(line);
        self.hash.update("\n");
        let written = self.file.write_all(line.as_bytes()).and_then(|()| self.file.write_all(b"\n"));
        written.map_err(|reason| self.unwritable(reason))
    }

    fn unwritable(&self, reason: io::Error) -> TransferError {
        FileError::Unwritable { path: self.path.clone(), reason }.into()
    }
}

/// Reads lines, and ends with an error unless the file is whole and unchanged.
pub(super) struct Reader {
    file: BufReader<File>,
    path: PathBuf,
    hash: Sha256,
    rows: u64,
}

impl Reader {
    /// Opens a file, and reads what it is.
    pub(super) fn open(path: &Path) -> Result<(Self, Head), TransferError> {
        let file = File::open(path).map_err(|reason| match reason.kind() {
            io::ErrorKind::NotFound => FileError::Missing(path.to_owned()),
            _ => FileError::Unreadable { path: path.to_owned(), reason },
        })?;
        let mut reader =
            Self { file: BufReader::new(file), path: path.to_owned(), hash: Sha256::new(), rows: 0 };
        let first = match reader.text(LONGEST_HEAD) {
            Err(TransferError::File(error)) => return Err(error.into()),
            first => first.unwrap_or_default(),
        };
        let foreign = |_| TransferError::Foreign("its first line says nothing of the kind".to_owned());
        let head: Head = serde_json::from_str(&first).map_err(foreign)?;
        if head.badges_export != VERSION {
            return Err(TransferError::Version(head.badges_export));
        }
        Ok((reader, head))
    }

    /// The next line; after the last there is none.
    pub(super) fn line(&mut self) -> Result<Line, TransferError> {
        let before = self.hash.clone();
        let text = self.text(LONGEST)?;
        if text.starts_with('[') {
            self.rows += 1;
            return Ok(Line::Row(text));
        }
        if let Ok(table) = serde_json::from_str(&text) {
            return Ok(Line::Table(table));
        }
        let end: End = serde_json::from_str(&text).map_err(|_| TransferError::Changed)?;
        let whole = end.sha256 == hex::encode(&before.finalize()) && end.end == self.rows;
        let last = self.file.fill_buf().map(|rest| rest.is_empty());
        let last = last.map_err(|reason| self.unreadable(reason))?;
        if whole && last { Ok(Line::End) } else { Err(TransferError::Changed) }
    }

    fn text(&mut self, most: u64) -> Result<String, TransferError> {
        let mut bytes = Vec::new();
        let read = self.file.by_ref().take(most).read_until(b'\n', &mut bytes);
        read.map_err(|reason| self.unreadable(reason))?;
        if bytes.last() != Some(&b'\n') {
            let long = u64::try_from(bytes.len()).is_ok_and(|length| length >= most);
            let words = || TransferError::Foreign("it has a line that is longer than any of ours".to_owned());
            return Err(if long { words() } else { TransferError::Truncated });
        }
        self.hash.update(&bytes);
        bytes.pop();
        String::from_utf8(bytes).map_err(|_| TransferError::Changed)
    }

    fn unreadable(&self, reason: io::Error) -> TransferError {
        FileError::Unreadable { path: self.path.clone(), reason }.into()
    }
}
