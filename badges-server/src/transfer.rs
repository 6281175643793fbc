//! A whole installation as one file that either database reads: exported from one, imported into another, ids kept.
//!
//! The file is text, a line for each thing: what it is; for each table its name and columns, then a JSON array for each
//! row; at the end how many rows there were and the SHA-256 of all lines before. Numbers and texts stand as they are,
//! bytes and identifiers in hexadecimal, so that the same row is the same line in both databases.

mod catalogue;
mod export;
mod format;
mod import;

pub(crate) use self::{export::export, import::import};
use crate::{
    backup::BackupError, config::ConfigError, db::DbError, files::FileError, issuers::seal::SealError,
};

/// Told how many rows are done, and of how many.
pub(crate) type Told<'a> = &'a dyn Fn(u64, u64);

/// Why nothing was exported, or imported.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TransferError {
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error("the file was changed since it was exported: its checksum is another; export it again")]
    Changed,
    #[error("the column {column} of {table} is of a kind that no file can hold ({kind})")]
    Column { table: String, column: String, kind: String },
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Database(#[from] DbError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("this is no file that `badges export` makes: {0}")]
    Foreign(String),
    #[error("a row of {table} does not go into this database ({reason}): nothing was imported")]
    Row { table: String, reason: DbError },
    #[error(
        "the file was exported with the migrations {found}, and this program has {own}: import it with the version \
         that exported it, then upgrade"
    )]
    Schema { found: String, own: String },
    #[error("the file ends before its last line: copy it again, whole")]
    Truncated,
    #[error("the file has version {0}, and this program reads version 1: import it with a newer program")]
    Version(u32),
}

impl From<SealError> for TransferError {
    fn from(error: SealError) -> Self {
        Self::Backup(error.into())
    }
}
