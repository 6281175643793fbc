//! Which places of a status list badges have: each gets one of its own.

use std::{
    collections::HashSet,
    fs::OpenOptions,
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    ops::Range,
    path::{Path, PathBuf},
};

use badges_core::status::{Bitstring, EntrySize};

use crate::random::{self, RandomError};

/// The record of the places that badges have: `LIST.taken`, an index a line.
///
/// A list says which badges are revoked, not which places are in use, so that is written down beside it:
/// before the badge is, so that a crash costs a place and never gives one to two badges.
pub(crate) struct Places {
    path: PathBuf,
    taken: HashSet<u64>,
    file: Option<std::fs::File>,
}

/// Why no place is to be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlacesError {
    #[error("the status list {} has room for {free} more badges where {wanted} are needed: make another with `badges status new`", path.display())]
    Full { path: PathBuf, free: usize, wanted: usize },
    #[error(transparent)]
    Random(#[from] RandomError),
    #[error("{} cannot be used ({reason}): it records which places of the list are taken", path.display())]
    Taken { path: PathBuf, reason: io::Error },
}

impl Places {
    /// Opens the record of a list for writing, which nobody else then can; or, for a dry run, just reads it.
    pub(crate) fn open(list: &Path, dry_run: bool) -> Result<Self, PlacesError> {
        let mut path = list.as_os_str().to_owned();
        path.push(".taken");
        let path = PathBuf::from(path);
        let failed = |reason| PlacesError::Taken { path: path.clone(), reason };
        // Opening a pipe waits for somebody at its other end.
        if path.metadata().is_ok_and(|about| !about.is_file()) {
            return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, "it is no file")));
        }
        let mut options = OpenOptions::new();
        let file = match options.read(true).append(!dry_run).create(!dry_run).open(&path) {
            Ok(file) => Some(file),
            Err(reason) if dry_run && reason.kind() == io::ErrorKind::NotFound => None,
            Err(reason) => return Err(failed(reason)),
        };
        let whole = |file: &std::fs::File| file.metadata().is_ok_and(|about| about.is_file());
        if !file.as_ref().is_none_or(whole) {
            return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, "it is no file")));
        }
        let mut text = String::new();
        if let Some(mut file) = file.as_ref() {
            if !dry_run {
                file.lock().map_err(failed)?;
            }
            file.read_to_string(&mut text).map_err(failed)?;
        }
        let mut taken = HashSet::new();
        for line in text.lines() {
            let index = line.trim().parse().map_err(|_| {
                let reason = format!("{:?} is not an index", line.chars().take(32).collect::<String>());
                failed(io::Error::new(io::ErrorKind::InvalidData, reason))
            })?;
            taken.insert(index);
        }
        // A line that a crash cut short must not run into the next.
        if let Some(mut file) =
            file.as_ref().filter(|_| !dry_run && !text.is_empty() && !text.ends_with('\n'))
        {
            file.write_all(b"\n").map_err(failed)?;
        }
        Ok(Self { path, taken, file: file.filter(|_| !dry_run) })
    }

    /// Takes this many places at random among those that no badge has and whose status is 0.
    ///
    /// At random, so that the order of the places does not tell who was awarded when.
    pub(crate) fn take(&mut self, bits: &Bitstring, wanted: usize) -> Result<Vec<u64>, PlacesError> {
        let entries = bits.entries(EntrySize::ONE) as u64;
        let is_free = |index: &u64| {
            !self.taken.contains(index) && bits.get(*index, EntrySize::ONE).is_ok_and(|value| value == 0)
        };
        let mut free: Vec<u64> = (0..entries).filter(is_free).collect();
        if free.len() < wanted {
            let mut path = self.path.clone();
            path.set_extension("");
            return Err(PlacesError::Full { path, free: free.len(), wanted });
        }
        let mut places = Vec::with_capacity(wanted);
        for _ in 0..wanted {
            let at = random::below(free.len() as u64)?;
            places.push(free.swap_remove(at as usize));
        }
        self.record(&places)?;
        self.taken.extend(&places);
        Ok(places)
    }

    /// Counts places as taken for ever, also when their status is 0 again.
    pub(crate) fn keep(&mut self, places: Range<u64>) -> Result<(), PlacesError> {
        let new: Vec<_> = places.filter(|place| self.taken.insert(*place)).collect();
        if new.is_empty() { Ok(()) } else { self.record(&new) }
    }

    fn record(&mut self, places: &[u64]) -> Result<(), PlacesError> {
        let lines: String = places.iter().map(|place| format!("{place}\n")).collect();
        if let Some(file) = &mut self.file {
            let failed = |reason| PlacesError::Taken { path: self.path.clone(), reason };
            file.seek(SeekFrom::End(0)).map_err(failed)?;
            file.write_all(lines.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_place_is_given_twice() {
        let folder = std::env::temp_dir().join(format!("badges-places-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let list = folder.join("list.json");
        let mut bits = Bitstring::new(131_072, EntrySize::ONE).unwrap();
        bits.set(5, EntrySize::ONE, 1).unwrap();

        let first = Places::open(&list, false).unwrap().take(&bits, 131_000).unwrap();
        let dry = Places::open(&list, true).unwrap().take(&bits, 71).unwrap();
        let second = Places::open(&list, false).unwrap().take(&bits, 71).unwrap();
        let full = Places::open(&list, false).unwrap().take(&bits, 1);
        std::fs::remove_dir_all(&folder).unwrap();

        let all: HashSet<_> = first.iter().chain(&second).collect();
        assert_eq!(all.len(), 131_071);
        assert!(!all.contains(&5), "its status is set");
        assert_eq!(dry.len(), 71);
        assert!(matches!(full, Err(PlacesError::Full { free: 0, wanted: 1, .. })), "{full:?}");
    }
}
