//! Files as the command reads and writes them: bounded, whole, and never over another.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

/// How a badge's file ends; what else lies in a folder is passed over.
const BADGE_ENDINGS: [&str; 6] = ["json", "jsonld", "jwt", "jws", "png", "svg"];

/// The deepest folder that is looked into, so that a loop of mounts ends.
const DEEPEST: usize = 32;

/// Why a file was not read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    /// Another run holds the lock.
    #[error("another run is just writing {}: wait for it, or choose another name", .0.display())]
    Busy(PathBuf),
    /// Nothing is written over.
    #[error("{} exists already: choose another name, or move it away first", .0.display())]
    Exists(PathBuf),
    /// A folder where a file must be.
    #[error("{} is a folder: name a file in it", .0.display())]
    Folder(PathBuf),
    /// Nothing is there.
    #[error("there is no file {}: check the name", .0.display())]
    Missing(PathBuf),
    /// A folder to search in which nothing is found.
    #[error("the folder {} holds no badge: a badge's file ends in .json, .jsonld, .jwt, .jws, .png or .svg", .0.display())]
    NoBadge(PathBuf),
    /// What a name leads to must stay.
    #[error("{} is a device or a pipe, which no file takes the place of: choose another name", .0.display())]
    NotAFile(PathBuf),
    /// A file where a folder must be.
    #[error("{} is a file, and a folder is needed: name another", .0.display())]
    NotAFolder(PathBuf),
    /// What is gone once it was read.
    #[error("{} is a stream, and this is read more than once, or written whole: name a file", .0.display())]
    Stream(PathBuf),
    /// Longer than the user lets badges be.
    #[error("{} is longer than {limit} bytes: if you trust it, raise the limit with --max-size", path.display())]
    TooLarge { path: PathBuf, limit: usize },
    /// Longer than any such file is.
    #[error("{} is longer than the {limit} bytes that are read of such a file: check the name", path.display())]
    TooLong { path: PathBuf, limit: usize },
    /// The system does not let us read.
    #[error("{} cannot be read ({reason}): check the file and its rights", path.display())]
    Unreadable { path: PathBuf, reason: io::Error },
    /// The system does not let us write.
    #[error("{} cannot be written ({reason}): check the folder, its rights and its space", path.display())]
    Unwritable { path: PathBuf, reason: io::Error },
}

/// Who may read a file that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Whoever the system lets.
    Anyone,
    /// The owner alone, for keys.
    Owner,
}

/// Whether this path stands for standard input or output.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads a whole file, or standard input for `-`, up to a limit in bytes.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, FileError> {
    match read_start(path, limit)? {
        (bytes, true) => Ok(bytes),
        (_, false) => Err(FileError::TooLong { path: path.to_owned(), limit }),
    }
}

/// Reads a file, or standard input for `-`, up to a limit in bytes, and says whether that is the whole of it.
pub(crate) fn read_start(path: &Path, limit: usize) -> Result<(Vec<u8>, bool), FileError> {
    let unreadable = |reason: io::Error| match reason.kind() {
        io::ErrorKind::NotFound => FileError::Missing(path.to_owned()),
        io::ErrorKind::IsADirectory => FileError::Folder(path.to_owned()),
        _ => FileError::Unreadable { path: path.to_owned(), reason },
    };
    let mut bytes = Vec::new();
    let more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    if is_standard(path) {
        io::stdin().lock().take(more).read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        let file = File::open(path).map_err(unreadable)?;
        file.take(more).read_to_end(&mut bytes).map_err(unreadable)?;
    }
    let whole = bytes.len() <= limit;
    bytes.truncate(limit);
    Ok((bytes, whole))
}

/// The longest file that a setting names, in bytes.
const LONGEST_NAMED: u64 = 64 << 10;

/// The text of a file that a setting names: the settings themselves, a secret, a certificate. It ends also where the
/// file does not.
pub(crate) fn named(path: &Path) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    File::open(path)?.take(LONGEST_NAMED + 1).read_to_string(&mut text)?;
    if u64::try_from(text.len()).is_ok_and(|length| length > LONGEST_NAMED) {
        return Err(io::Error::other(format!("it is longer than {LONGEST_NAMED} bytes")));
    }
    Ok(text)
}

/// Whether this is a file that can be read more than once.
pub(crate) fn check_lasting(path: &Path) -> Result<(), FileError> {
    if is_standard(path) {
        return Err(FileError::Stream(path.to_owned()));
    }
    match path.metadata() {
        Ok(about) if about.is_dir() => Err(FileError::Folder(path.to_owned())),
        Ok(about) if !about.is_file() => Err(FileError::Stream(path.to_owned())),
        // What cannot be looked at cannot be opened either, which says why.
        _ => Ok(()),
    }
}

/// The files that these paths mean, each folder replaced by the badges in it and below, by name.
///
/// A folder that gives none stands in the result as its error and stops no other.
pub(crate) fn gather(paths: &[PathBuf]) -> Vec<(PathBuf, Option<FileError>)> {
    let mut files = Vec::new();
    for path in paths {
        if is_standard(path) || !path.is_dir() {
            files.push((path.clone(), None));
            continue;
        }
        let mut found = Vec::new();
        match visit(path, DEEPEST, &mut found) {
            Err(error) => files.push((path.clone(), Some(error))),
            Ok(()) if found.is_empty() => files.push((path.clone(), Some(FileError::NoBadge(path.clone())))),
            Ok(()) => files.extend(found.into_iter().map(|file| (file, None))),
        }
    }
    files
}

fn visit(folder: &Path, deeper: usize, files: &mut Vec<PathBuf>) -> Result<(), FileError> {
    let unreadable = |reason| FileError::Unreadable { path: folder.to_owned(), reason };
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        // The entry's own type: a link to a folder is not followed, so no walk leaves the folder or loops.
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_dir() && deeper > 0 {
            visit(&path, deeper - 1, files)?;
        } else if (kind.is_file() || path.is_file()) && has_badge_ending(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn has_badge_ending(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    !hidden && ending.is_some_and(|ending| BADGE_ENDINGS.contains(&ending.as_str()))
}

/// Writes a file that must not exist: whole or not at all, also when the power fails.
pub(crate) fn write_new(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), FileError> {
    let part = Part::write(path, bytes, readers)?;
    // A link fails where a name is taken, which a rename would take over without a word.
    match fs::hard_link(&part.path, path) {
        Ok(()) => Ok(()),
        Err(reason) if reason.kind() == io::ErrorKind::AlreadyExists => {
            Err(FileError::Exists(path.to_owned()))
        }
        Err(_) if path.symlink_metadata().is_ok() => Err(FileError::Exists(path.to_owned())),
        Err(_) => part.rename(path),
    }
}

/// Puts a file in the place of another: whole or not at all, also when the power fails.
///
/// A link stays one, and what it leads to is replaced. What is neither file nor link, such as a device, stays too.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match target.metadata() {
        Ok(about) if about.is_dir() => return Err(FileError::Folder(path.to_owned())),
        Ok(about) if !about.is_file() => return Err(FileError::NotAFile(path.to_owned())),
        _ => {}
    }
    Part::write(&target, bytes, Readers::Anyone)?.rename(&target)
}

/// A folder that is made for what is written into it. Where nothing was, it goes again, with the folders above it
/// that were made for it.
pub(crate) struct NewFolder {
    /// Those that were made, the deepest first.
    made: Vec<PathBuf>,
}

impl NewFolder {
    pub(crate) fn make(path: &Path) -> Result<Self, FileError> {
        let missing = path.ancestors().take_while(|one| !one.as_os_str().is_empty() && !one.exists());
        let folder = Self { made: missing.map(Path::to_owned).collect() };
        if let Some(file) = path.ancestors().find(|one| one.is_file()) {
            return Err(FileError::NotAFolder(file.to_owned()));
        }
        match fs::create_dir_all(path) {
            Ok(()) => Ok(folder),
            Err(reason) => Err(FileError::Unwritable { path: path.to_owned(), reason }),
        }
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        // A folder that holds something stays, and so do those above it.
        for folder in &self.made {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
}

/// A file that somebody else fills, such as the database, and that takes its name when it is whole.
pub(crate) struct Claimed {
    part: Part,
    name: PathBuf,
}

impl Claimed {
    /// Makes an empty one, beside the name that it will have and that must be free.
    pub(crate) fn new(name: &Path, readers: Readers) -> Result<Self, FileError> {
        if is_standard(name) {
            return Err(FileError::Stream(name.to_owned()));
        }
        if name.symlink_metadata().is_ok() {
            return Err(FileError::Exists(name.to_owned()));
        }
        Ok(Self { part: Part::claim(name, readers)?, name: name.to_owned() })
    }

    /// Where it is while it is filled.
    pub(crate) fn path(&self) -> &Path {
        &self.part.path
    }

    /// The file itself.
    pub(crate) fn file(&mut self) -> &mut File {
        &mut self.part.file
    }

    /// Gives it its name, after all of it is on the disk; tells how long it is.
    pub(crate) fn finish(self) -> Result<u64, FileError> {
        let unwritable = |reason| FileError::Unwritable { path: self.name.clone(), reason };
        self.part.file.sync_all().map_err(unwritable)?;
        let length = self.part.file.metadata().map_err(unwritable)?.len();
        fs::hard_link(&self.part.path, &self.name).map_err(|reason| match reason.kind() {
            io::ErrorKind::AlreadyExists => FileError::Exists(self.name.clone()),
            _ => unwritable(reason),
        })?;
        sync_folder(&self.name);
        Ok(length)
    }
}

/// Makes a new name in a folder outlive a power cut, where the file system lets one say so.
pub(crate) fn sync_folder(of: &Path) {
    let folder = of.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).ok();
}

/// A finished file under another name in the same folder, removed when dropped.
///
/// The name is always the same for the same file, so that what a killed run has left is tidied by the next; a run
/// that lives holds the lock.
struct Part {
    path: PathBuf,
    file: File,
}

impl Part {
    fn write(path: &Path, bytes: &[u8], readers: Readers) -> Result<Self, FileError> {
        let mut part = Self::claim(path, readers)?;
        let written = part.file.write_all(bytes).and_then(|()| part.file.sync_all());
        written.map_err(|reason| FileError::Unwritable { path: path.to_owned(), reason })?;
        Ok(part)
    }

    /// An empty one.
    fn claim(path: &Path, readers: Readers) -> Result<Self, FileError> {
        let unwritable = |reason| FileError::Unwritable { path: path.to_owned(), reason };
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(".part");
        let part = path.with_file_name(name);
        let file = Self::create(&part, readers).map_err(|reason| match reason.kind() {
            io::ErrorKind::WouldBlock => FileError::Busy(path.to_owned()),
            _ => unwritable(reason),
        })?;
        Ok(Self { path: part, file })
    }

    /// Makes the file and locks it, in the place of one that nobody holds any more.
    fn create(part: &Path, readers: Readers) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if readers == Readers::Owner {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        match options.open(part) {
            Err(reason) if reason.kind() == io::ErrorKind::AlreadyExists => tidy(part)?,
            other => return lock(other?, part),
        }
        // Who comes first after the tidying has it.
        let taken = |reason: io::Error| match reason.kind() {
            io::ErrorKind::AlreadyExists => io::ErrorKind::WouldBlock.into(),
            _ => reason,
        };
        lock(options.open(part).map_err(taken)?, part)
    }

    fn rename(self, path: &Path) -> Result<(), FileError> {
        fs::rename(&self.path, path).map_err(|reason| FileError::Unwritable { path: path.to_owned(), reason })
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After a rename it is gone already, and the name may be another run's.
        if is_at(&self.file, &self.path).unwrap_or(false) {
            fs::remove_file(&self.path).ok();
        }
    }
}

/// Removes what a killed run has left.
fn tidy(part: &Path) -> io::Result<()> {
    // A link or a pipe is nobody's part, and opening it could hang.
    if !part.symlink_metadata()?.is_file() {
        return Err(io::Error::other(format!("{} is in the way: move it away", part.display())));
    }
    let left = lock(OpenOptions::new().write(true).open(part)?, part)?;
    fs::remove_file(part)?;
    drop(left);
    Ok(())
}

/// Locks a file that was opened under this name; `WouldBlock` where another run holds it, or had it and has named
/// or removed it meanwhile.
fn lock(file: File, path: &Path) -> io::Result<File> {
    match file.try_lock() {
        Ok(()) if is_at(&file, path)? => Ok(file),
        Ok(()) | Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        // Some file systems know no locks.
        Err(TryLockError::Error(_)) => Ok(file),
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;

    let own = file.metadata()?;
    Ok(path.symlink_metadata().is_ok_and(|there| (there.dev(), there.ino()) == (own.dev(), own.ino())))
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> io::Result<bool> {
    Ok(path.exists())
}
