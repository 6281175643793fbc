//! A new sealing key: each signing key is sealed with it, in one transaction, and the files change places after it.

use std::{fs, path::PathBuf};

use super::InstallationError;
use crate::{
    clock::Clock,
    config::Config,
    db::{self, Db, Event},
    files, fixed,
    issuers::{Sealer, keys, seal::SealError},
};

/// What was done.
#[derive(Debug)]
pub(crate) struct Resealed {
    pub(crate) keys: usize,
    pub(crate) sealed_by: String,
    /// Where the sealing key of before is.
    pub(crate) earlier: PathBuf,
}

/// Seals all keys with a new sealing key. If it is interrupted, doing it again finishes it: the database says which
/// of the two files is in force.
pub(crate) fn reseal(config: &Config, clock: &Clock) -> Result<Resealed, InstallationError> {
    let address = config.address()?;
    let in_force = fixed::value(&mut db::connect(&address, true)?, fixed::SEALING_KEY)?;
    let in_force = in_force.ok_or(InstallationError::None)?;
    let (file, next) = (&config.key_file, config.key_file.with_added_extension("new"));
    let new = if next.exists() { Sealer::read(&next)? } else { Sealer::make(&next)? };
    let old = match Sealer::read(file) {
        Err(SealError::File { .. }) if new.id() == in_force => None,
        other => Some(other?),
    };
    let db = Db::open(&address, 1, 1)?;
    let count = if new.id() == in_force {
        // Only the names of the files were left to do.
        let sealer = new.clone();
        actix_web::rt::System::new().block_on(db.read(move |conn| keys::check_all(conn, &sealer)))?
    } else {
        let (old, to, now) = (old.clone().ok_or(InstallationError::None)?, new.clone(), clock.now());
        if old.id() != in_force {
            let (sealed_by, found) = (in_force, old.id().to_owned());
            return Err(InstallationError::SealedByAnother { sealed_by, found, file: file.clone() });
        }
        let changed = db.write(move |conn, trail| {
            let count = keys::reseal(conn, &old, &to)?;
            keys::check_all(conn, &to)?;
            fixed::change(conn, fixed::SEALING_KEY, to.id())?;
            conn.changed()?;
            trail.note(Event {
                organisation: None,
                actor: "command".to_owned(),
                action: "reseal_keys",
                object: to.id().to_owned(),
                detail: String::new(),
                at: now,
            });
            Ok::<_, InstallationError>(count)
        });
        actix_web::rt::System::new().block_on(changed)?
    };
    let earlier = match &old {
        Some(old) if old.id() != new.id() => file.with_added_extension(format!("{}.old", old.id())),
        _ => file.with_added_extension("old"),
    };
    let moved = |folder: &PathBuf, reason| InstallationError::Folder { folder: folder.clone(), reason };
    if old.is_some_and(|old| old.id() != new.id()) {
        fs::rename(file, &earlier).map_err(|reason| moved(&earlier, reason))?;
    }
    fs::rename(&next, file).map_err(|reason| moved(file, reason))?;
    files::sync_folder(file);
    Ok(Resealed { keys: count, sealed_by: new.id().to_owned(), earlier })
}
