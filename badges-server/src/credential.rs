//! Credentials as files: JSON, a JWT, or baked into an image.

use std::path::{Path, PathBuf};

use badges_core::{
    bake::{self, BakeError, ChoiceError, Finding, Generation, ImageKind, ImageLimits, Selection},
    json::Limits,
    verify::printable,
};

use crate::files::{self, FileError};

/// How much is read of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sizes {
    /// Bytes of a credential, also of a baked one.
    pub(crate) text: usize,
    /// Bytes of an image.
    pub(crate) image: usize,
}

/// What stands in a file, not looked into yet.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) text: Vec<u8>,
    /// In whose place it stood, if it came out of an image.
    pub(crate) baked: Option<Generation>,
    /// What was odd about the image.
    pub(crate) findings: Vec<Finding>,
}

/// Why a file gives no credential.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error("{}: {reason}: `badges verify --policy lenient` takes the first", path.display())]
    Ambiguous { path: PathBuf, reason: ChoiceError },
    #[error("{}: {reason}: `badges verify --policy lenient` takes it", path.display())]
    Compressed { path: PathBuf, reason: ChoiceError },
    #[error("{}: {reason}", path.display())]
    Damaged { path: PathBuf, reason: BakeError },
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{}: {reason}: name an image that `badges bake` or another issuer's program has made", path.display())]
    NoBadge { path: PathBuf, reason: ChoiceError },
    #[error("{}: {reason}: if you trust it, raise the limit with --max-size", path.display())]
    TooLarge { path: PathBuf, reason: BakeError },
    #[error("{}: {reason}: no picture needs so many", path.display())]
    TooMany { path: PathBuf, reason: BakeError },
}

impl Sizes {
    /// The limits by default, or one limit for everything.
    pub(crate) fn new(max: Option<usize>) -> Self {
        let text = Limits::default().bytes;
        let image = ImageLimits::default().file;
        Self { text: max.unwrap_or(text), image: max.unwrap_or(image) }
    }

    /// How long what begins like this may be.
    fn of(self, bytes: &[u8]) -> usize {
        if ImageKind::sniff(bytes).is_some() { self.image } else { self.text }
    }
}

/// Reads a file and takes the credential out of it if it is an image.
pub(crate) fn open(path: &Path, sizes: Sizes, selection: Selection) -> Result<Opened, OpenError> {
    let (bytes, whole) = files::read_start(path, sizes.image.max(sizes.text))?;
    if !whole {
        return Err(FileError::TooLarge { path: path.to_owned(), limit: sizes.of(&bytes) }.into());
    }
    look_into(path, bytes, sizes, selection)
}

/// Takes the credential out of what was read if that is an image. Messages call it by this name.
pub(crate) fn look_into(
    path: &Path,
    bytes: Vec<u8>,
    sizes: Sizes,
    selection: Selection,
) -> Result<Opened, OpenError> {
    let image = ImageKind::sniff(&bytes).is_some();
    let limit = sizes.of(&bytes);
    if bytes.len() > limit {
        return Err(FileError::TooLarge { path: path.to_owned(), limit }.into());
    }
    if !image {
        return Ok(Opened { text: bytes, baked: None, findings: Vec::new() });
    }
    let default = ImageLimits::default();
    let limits = ImageLimits { file: sizes.image, text: default.text.max(sizes.text), ..default };
    let path = || path.to_owned();
    let finds = bake::extract(&bytes, &limits).map_err(|reason| match reason {
        BakeError::TextTooLarge { .. } | BakeError::TooLarge { .. } => {
            OpenError::TooLarge { path: path(), reason }
        }
        BakeError::TooMany { .. } => OpenError::TooMany { path: path(), reason },
        reason => OpenError::Damaged { path: path(), reason },
    })?;
    let found = bake::choose(finds, selection).map_err(|reason| match reason {
        ChoiceError::Ambiguous { .. } => OpenError::Ambiguous { path: path(), reason },
        ChoiceError::Compressed => OpenError::Compressed { path: path(), reason },
        ChoiceError::Nothing => OpenError::NoBadge { path: path(), reason },
    })?;
    let text = found.text.as_bytes().to_vec();
    if text.len() > sizes.text {
        return Err(FileError::TooLarge { path: path(), limit: sizes.text }.into());
    }
    Ok(Opened { text, baked: Some(found.generation), findings: found.findings })
}

/// What is odd about an image, for people.
pub(crate) fn in_words(finding: &Finding) -> String {
    let words = match finding {
        Finding::Compressed => {
            "the badge in the image is compressed, which Open Badges 3.0 forbids".to_owned()
        }
        Finding::Doctype => "the SVG has a document type, which was passed over".to_owned(),
        Finding::FirstOf(count) => {
            format!("the image carries {count} badges of this generation: this is the first")
        }
        Finding::Language(language) => format!("the badge in the image is marked as being in {language:?}"),
        Finding::NotFirst => "the badge is not the first thing in the SVG".to_owned(),
        Finding::PassedOver(Generation::V3) => "the image also carries a badge of Open Badges 3.0".to_owned(),
        Finding::PassedOver(_) => "the image also carries a badge of an older Open Badges".to_owned(),
        Finding::TranslatedKeyword(_) => "the keyword of the badge in the image has a translation".to_owned(),
        other => format!("the image is odd: {other:?}"),
    };
    printable(&words).into_owned()
}
