//! Why a whole run fails, and the word for it.

use std::{io, path::PathBuf};

use badges_core::verify::TrustError;
use serde::Serialize;

use crate::{
    backup::BackupError,
    config::ConfigError,
    content::TextError,
    credential::OpenError,
    dates::DateError,
    demo::DemoError,
    documents::DocumentsError,
    entry::EntryError,
    files::FileError,
    installation::InstallationError,
    issuing::IssuingError,
    keyfile::KeyFileError,
    lists::ListFileError,
    outbox::mailer::MailerError,
    places::PlacesError,
    random::RandomError,
    recipients::{ListError, RowError},
    service::StartError,
    template::TemplateError,
    transfer::TransferError,
    verifier::ClientError,
};

/// Why a verb could not begin or go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The time of `--at` is none.
    #[error("--at: {0}")]
    At(DateError),
    /// There is no copy, or nothing was made from it.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The settings of the service are wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The demonstration cannot be made.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// Nobody knows what time it is.
    #[error("this machine's clock does not stand between the years 1970 and 9999: set it")]
    Clock,
    /// The folder of documents is of no use.
    #[error(transparent)]
    Documents(#[from] DocumentsError),
    /// The badge names no place in the status list.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The badge that names its place is not what its issuer signed.
    #[error("{} names its own place in the list, but cannot be relied on ({reason}): give the index if you know it", path.display())]
    Forged { path: PathBuf, reason: String },
    /// There is no installation that could be run.
    #[error(transparent)]
    Installation(#[from] InstallationError),
    /// There is no key to sign with.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The list of recipients is of no use.
    #[error(transparent)]
    List(#[from] ListError),
    /// The status list is none.
    #[error(transparent)]
    ListFile(#[from] ListFileError),
    /// Mail cannot be sent as it is set up.
    #[error(transparent)]
    Mail(#[from] MailerError),
    /// There is no client for the network.
    #[error(transparent)]
    Network(#[from] ClientError),
    /// An endorsement names what it endorses.
    #[error("{} has no id to which an endorsement could refer: name a badge that has one", path.display())]
    NoId { path: PathBuf },
    /// Nothing is written over unasked.
    #[error("{} exists already: choose another name, or write over it with --force", .0.display())]
    Occupied(PathBuf),
    /// The file gives no credential.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The address of an owner is none.
    #[error("--owner {0}")]
    Owner(String),
    /// There is nobody to answer to.
    #[error("standard output was closed ({0})")]
    Output(#[from] io::Error),
    /// The status list has no place to give.
    #[error(transparent)]
    Places(#[from] PlacesError),
    /// The system gives no random numbers.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The service does not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The system gives no way to wait for the network.
    #[error("the network cannot be used ({0}): close other programs and try again")]
    Runtime(io::Error),
    /// What was to be signed would not be believed.
    #[error("{} cannot be signed: {reason}", path.display())]
    Sign { path: PathBuf, reason: IssuingError },
    /// The status list is one that a verifier would not believe.
    #[error("the status list {} cannot be used: {problem}; make one with `badges status new` and the same key", path.display())]
    StatusList { path: PathBuf, problem: String },
    /// The template makes no badge.
    #[error("{}: {reason}", path.display())]
    Template { path: PathBuf, reason: TemplateError },
    /// The text holds no badge.
    #[error("{}: {reason}", path.display())]
    Text { path: PathBuf, reason: TextError },
    /// The recipient of `--to` is none.
    #[error("--to: {0}")]
    To(RowError),
    /// Nothing was exported or imported.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// The trust file is none.
    #[error("the trust file {} cannot be used: {reason}; it is like {{\"issuers\":[{{\"id\":\"did:web:hive.example\"}}]}}", path.display())]
    Trust { path: PathBuf, reason: TrustError },
    /// Options that do not go together.
    #[error("{0}")]
    Usage(String),
    /// The template names another issuer.
    #[error(
        "the badges would be those of {issuer}, but the key is that of {key}: use the issuer's key, or strike issuer.id in the template"
    )]
    WrongKey { issuer: String, key: String },
    /// The status list names another issuer.
    #[error("{} is the list of {issuer}, but the key is that of {key}: use the key of the list's issuer", path.display())]
    WrongKeyOfList { path: PathBuf, issuer: String, key: String },
}

/// What kind of thing stood in the way, in one word (`specs/command.md`, What is printed).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(clap::ValueEnum), value(rename_all = "snake_case"))]
pub(super) enum FailureCode {
    Credential,
    Documents,
    File,
    Installation,
    Key,
    NotSigned,
    Recipients,
    Refused,
    StatusList,
    System,
    Template,
    Trust,
    Usage,
}

impl Failure {
    /// The word for it; none where the answer is no answer of the verb, but told on standard error.
    pub(super) fn code(&self) -> Option<FailureCode> {
        Some(match self {
            Self::At(_) | Self::Owner(_) | Self::To(_) => FailureCode::Usage,
            Self::Clock | Self::Network(_) | Self::Random(_) | Self::Runtime(_) => FailureCode::System,
            Self::Backup(_)
            | Self::Config(_)
            | Self::Demo(_)
            | Self::Installation(_)
            | Self::Mail(_)
            | Self::Start(_)
            | Self::Transfer(_) => FailureCode::Installation,
            Self::Documents(_) => FailureCode::Documents,
            Self::File(_) | Self::Occupied(_) => FailureCode::File,
            Self::KeyFile(_) | Self::WrongKey { .. } | Self::WrongKeyOfList { .. } => FailureCode::Key,
            Self::List(_) => FailureCode::Recipients,
            Self::ListFile(_) | Self::Places(_) | Self::StatusList { .. } => FailureCode::StatusList,
            Self::Entry(_) | Self::Forged { .. } | Self::NoId { .. } | Self::Open(_) | Self::Text { .. } => {
                FailureCode::Credential
            }
            Self::Output(_) | Self::Usage(_) => return None,
            Self::Sign { .. } => FailureCode::NotSigned,
            Self::Template { .. } => FailureCode::Template,
            Self::Trust { .. } => FailureCode::Trust,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn every_code_stands_in_the_specification() {
        let text = include_str!("../../../specs/command.md");
        let table = text.split("| code | what stood in the way |").nth(1).unwrap();
        let rows = table.lines().skip(2).map_while(|line| line.strip_prefix("| `")?.split_once("` | "));
        let written: BTreeSet<_> = rows.map(|(code, _)| code.to_owned()).collect();

        let own = FailureCode::value_variants().iter().map(|code| {
            let json = serde_json::to_string(code).unwrap();
            json.trim_matches('"').to_owned()
        });

        assert_eq!(written, own.collect());
    }
}
