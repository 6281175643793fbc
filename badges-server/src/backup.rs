//! A copy of the whole database in one file, and an installation made from such a copy.

mod postgresql;

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use crate::{
    config::{Config, ConfigError},
    db::{self, Address, Conn, DbError, check_chain},
    files::{self, Claimed, FileError, Readers},
    fixed,
    issuers::{IssuerError, Sealer, keys, seal::SealError},
};

/// How an SQLite file begins, and how a dump of PostgreSQL in its own format.
const SQLITE: &[u8] = b"SQLite format 3\0";
const DUMP: &[u8] = b"PGDMP";

/// What was copied.
#[derive(Debug)]
pub(crate) struct Copied {
    pub(crate) bytes: u64,
    /// The id of the sealing key without which the copy is of no use, and which is not in it.
    pub(crate) sealed_by: String,
}

/// What was made from a copy.
#[derive(Debug)]
pub(crate) struct Restored {
    pub(crate) keys: usize,
    /// How many links the audit log has.
    pub(crate) links: i64,
    /// How many migrations the copy was behind.
    pub(crate) migrated: usize,
}

/// Why there is no copy, or nothing was made from it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BackupError {
    #[error(
        "the audit log in this copy is broken at link {0}: take an older copy, and keep this one as evidence"
    )]
    Broken(i64),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("this copy is damaged ({0}): take another")]
    Damaged(String),
    #[error(transparent)]
    Database(#[from] DbError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{} is a copy for {found}, and the settings name {wanted}: name a database of that kind", file.display())]
    Kind { file: PathBuf, found: &'static str, wanted: &'static str },
    #[error(
        "the copy has migrations that this program does not know ({0}): restore it with the newer program"
    )]
    Newer(String),
    #[error("there is no installation in {0}")]
    None(String),
    #[error("{0} is not empty: name a database that is")]
    Occupied(String),
    #[error("{program} cannot be run ({reason}): install PostgreSQL's client programs, then run: {command}")]
    Program { program: &'static str, reason: io::Error, command: String },
    #[error("{program} failed: {said}")]
    Refused { program: &'static str, said: String },
    #[error(transparent)]
    Seal(#[from] IssuerError),
    #[error("the keys in this copy were sealed with {sealed_by}, and {} holds {found}: bring back the file of that key", file.display())]
    SealedByAnother { sealed_by: String, found: String, file: PathBuf },
}

impl From<SealError> for BackupError {
    fn from(error: SealError) -> Self {
        Self::Seal(error.into())
    }
}

/// Copies the database as it is at one moment, however much is written meanwhile.
pub(crate) fn backup(config: &Config, file: &Path) -> Result<Copied, BackupError> {
    let address = config.address()?;
    if let Address::Sqlite(database) = &address
        && !database.exists()
    {
        return Err(BackupError::None(address.to_string()));
    }
    let mut conn = db::connect(&address, false)?;
    let sealed_by = match db::schema(&mut conn)?.is_new {
        true => None,
        false => fixed::value(&mut conn, fixed::SEALING_KEY)?,
    };
    let sealed_by = sealed_by.ok_or_else(|| BackupError::None(address.to_string()))?;
    let copy = Claimed::new(file, Readers::Owner)?;
    match &address {
        // Reads within one transaction and writes a file without gaps; who writes meanwhile does not wait for it.
        Address::Sqlite(_) => {
            conn.execute(&format!("VACUUM INTO '{}'", copy.path().to_string_lossy().replace('\'', "''")))?;
        }
        Address::Postgresql(_) => postgresql::dump(&address, copy.path())?,
    }
    Ok(Copied { bytes: copy.finish()?, sealed_by })
}

/// Makes an installation from a copy, where there is none; nothing is there unless all of it is in order.
pub(crate) fn restore(config: &Config, file: &Path) -> Result<Restored, BackupError> {
    files::check_lasting(file)?;
    let (address, kind) = (config.address()?, kind(file)?);
    let sealer = Sealer::read(&config.key_file)?;
    match (&address, kind) {
        (Address::Sqlite(database), "SQLite") => into_sqlite(config, &sealer, file, database),
        (Address::Postgresql(_), "PostgreSQL") => {
            let mut conn = db::connect(&address, false)?;
            if !db::schema(&mut conn)?.is_new {
                return Err(BackupError::Occupied(address.to_string()));
            }
            fs::create_dir_all(&config.data)
                .map_err(|reason| FileError::Unwritable { path: config.data.clone(), reason })?;
            postgresql::restore(&address, file, &config.data)?;
            check(&mut conn, config, &sealer)
        }
        (Address::Sqlite(_), found) => {
            Err(BackupError::Kind { file: file.to_owned(), found, wanted: "SQLite" })
        }
        (Address::Postgresql(_), found) => {
            Err(BackupError::Kind { file: file.to_owned(), found, wanted: "PostgreSQL" })
        }
    }
}

fn into_sqlite(
    config: &Config,
    sealer: &Sealer,
    file: &Path,
    database: &Path,
) -> Result<Restored, BackupError> {
    let mut copy = claim(database)?;
    let unreadable = |reason| FileError::Unreadable { path: file.to_owned(), reason };
    let mut source = File::open(file).map_err(unreadable)?;
    io::copy(&mut source, copy.file()).map_err(unreadable)?;
    let mut conn = db::connect(&Address::Sqlite(copy.path().to_owned()), false)?;
    db::check_pages(&mut conn).map_err(|error| BackupError::Damaged(error.to_string()))?;
    let restored = check(&mut conn, config, sealer)?;
    // Closing brings everything into the one file.
    drop(conn);
    copy.finish()?;
    Ok(restored)
}

/// A file for a database that is not there yet.
pub(crate) fn claim(database: &Path) -> Result<Claimed, FileError> {
    if let Some(folder) = database.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)
            .map_err(|reason| FileError::Unwritable { path: folder.to_owned(), reason })?;
    }
    let copy = Claimed::new(database, Readers::Owner)?;
    // A log that another database has left under this name would be taken for that of the new one.
    for of in [database, copy.path()] {
        for log in ["-wal", "-shm"].map(|end| beside(of, end)) {
            if log.exists() {
                fs::remove_file(&log).map_err(|reason| FileError::Unwritable { path: log, reason })?;
            }
        }
    }
    Ok(copy)
}

/// Whether all is there and whole; messages wait until the operator says otherwise, as the original may still live.
pub(crate) fn check(conn: &mut Conn, config: &Config, sealer: &Sealer) -> Result<Restored, BackupError> {
    let schema = db::schema(conn)?;
    if !schema.unknown.is_empty() {
        return Err(BackupError::Newer(schema.unknown.join(", ")));
    }
    let none = || BackupError::None("this copy".to_owned());
    if schema.is_new {
        return Err(none());
    }
    let sealed_by = fixed::value(conn, fixed::SEALING_KEY)?.ok_or_else(none)?;
    if sealer.id() != sealed_by {
        let (found, file) = (sealer.id().to_owned(), config.key_file.clone());
        return Err(BackupError::SealedByAnother { sealed_by, found, file });
    }
    let keys = keys::check_all(conn, sealer)?;
    let (links, broken) = check_chain(conn)?;
    if let Some(link) = broken {
        return Err(BackupError::Broken(link));
    }
    db::migrate(conn)?;
    fixed::change(conn, fixed::COURIER, fixed::PAUSED)?;
    Ok(Restored { keys, links, migrated: schema.pending.len() })
}

fn kind(file: &Path) -> Result<&'static str, BackupError> {
    let unreadable = |reason: io::Error| match reason.kind() {
        io::ErrorKind::NotFound => FileError::Missing(file.to_owned()),
        _ => FileError::Unreadable { path: file.to_owned(), reason },
    };
    let mut start = Vec::new();
    File::open(file).and_then(|file| file.take(16).read_to_end(&mut start)).map_err(unreadable)?;
    if start == SQLITE {
        Ok("SQLite")
    } else if start.starts_with(DUMP) {
        Ok("PostgreSQL")
    } else {
        Err(BackupError::Damaged("it begins like no copy that `badges backup` makes".to_owned()))
    }
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
