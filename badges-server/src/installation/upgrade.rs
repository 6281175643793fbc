//! The schema of an installation: brought up when it is opened, or one step back, with a copy of before.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::InstallationError;
use crate::{
    config::Config,
    db::{self, Address, Conn, Schema},
    files::{Claimed, FileError, Readers},
};

/// What became of the schema.
#[derive(Debug, Default)]
pub(crate) struct Moved {
    /// The migrations that were applied or taken back.
    pub(crate) changed: Vec<String>,
    /// The database of before.
    pub(crate) copy: Option<PathBuf>,
}

/// Makes the folder and brings the schema up; a copy is made first where there is data.
pub(super) fn prepare(config: &Config, address: &Address) -> Result<Moved, InstallationError> {
    if let Address::Sqlite(file) = address {
        let parent = file.parent().map_or_else(|| config.data.clone(), PathBuf::from);
        if !parent.as_os_str().is_empty() {
            let refused = |reason| InstallationError::Folder { folder: parent.clone(), reason };
            fs::create_dir_all(&parent).map_err(refused)?;
        }
    }
    let mut conn = db::connect(address, false)?;
    let schema = known(&mut conn)?;
    let Some(next) = schema.pending.first().cloned() else { return Ok(Moved::default()) };
    let copy = if schema.is_new { None } else { copy(&mut conn, address, &format!("before-{next}"))? };
    db::migrate(&mut conn)?;
    Ok(Moved { changed: schema.pending, copy })
}

/// Brings the schema up, or takes the newest migration back.
pub(crate) fn migrate(config: &Config, back: bool) -> Result<Moved, InstallationError> {
    let address = config.address()?;
    if !back {
        return prepare(config, &address);
    }
    if matches!(&address, Address::Sqlite(file) if !file.exists()) {
        return Err(InstallationError::None);
    }
    let mut conn = db::connect(&address, false)?;
    if known(&mut conn)?.is_new {
        return Err(InstallationError::None);
    }
    let copy = copy(&mut conn, &address, "before-step-back")?;
    db::step_back(&mut conn)?;
    let newest = db::schema(&mut conn)?.pending.into_iter().next();
    Ok(Moved { changed: newest.into_iter().collect(), copy })
}

fn known(conn: &mut Conn) -> Result<Schema, InstallationError> {
    let schema = db::schema(conn)?;
    if schema.unknown.is_empty() {
        Ok(schema)
    } else {
        Err(InstallationError::Newer(schema.unknown.join(", ")))
    }
}

/// A copy of an SQLite file beside it; PostgreSQL has its own ways, which specs/operations.md names.
///
/// One that is there is of an earlier try, which may have gone wrong halfway: that one is kept.
fn copy(conn: &mut Conn, address: &Address, name: &str) -> Result<Option<PathBuf>, InstallationError> {
    let Address::Sqlite(file) = address else { return Ok(None) };
    let file = file.with_extension(format!("{name}.db"));
    let copy = match Claimed::new(&file, Readers::Owner) {
        Ok(copy) => copy,
        Err(FileError::Exists(_)) => return Ok(Some(file)),
        Err(error) => return Err(error.into()),
    };
    conn.execute(&into(copy.path()))?;
    copy.finish()?;
    Ok(Some(file))
}

fn into(file: &Path) -> String {
    format!("VACUUM INTO '{}'", file.to_string_lossy().replace('\'', "''"))
}
