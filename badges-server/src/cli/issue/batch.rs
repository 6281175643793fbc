//! The badges of a run, one recipient at a time.

use std::path::PathBuf;

use badges_core::verify::printable;
use serde::Serialize;

use super::Issue;
use crate::{
    files::{self, FileError, Readers},
    issuing::{Finished, Form, Issuer, IssuingError, Revocable, award},
    recipients::{Recipient, RowError},
    template::Template,
};

/// What all badges of a run have in common.
pub(super) struct Batch<'a> {
    pub(super) verb: &'a Issue,
    pub(super) issuer: &'a Issuer,
    pub(super) template: &'a Template<'a>,
    pub(super) form: Form,
    pub(super) list: Option<Revocable>,
}

/// What became of one recipient.
#[derive(Serialize)]
pub(super) struct Row {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) recipient: Option<String>,
    pub(super) outcome: RowOutcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Its place in the status list.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    /// The badge itself, where it goes to standard output.
    #[serde(skip)]
    pub(super) text: Option<Vec<u8>>,
}

/// One recipient of a run.
pub(super) struct Candidate {
    pub(super) line: Option<u64>,
    pub(super) row: Result<Recipient, RowError>,
    /// The file of the badge, if that was issued before.
    pub(super) there: Option<PathBuf>,
    /// Its place in the status list.
    pub(super) place: Option<u64>,
}

/// Where the badge of a recipient is written, if not to standard output.
pub(super) fn file(verb: &Issue, template: &Template<'_>, form: &Form, recipient: &Recipient) -> PathBuf {
    let name = award::file_name(recipient, template.achievement());
    verb.out.join(format!("{name}.{}", form.ending()))
}

/// How it ended for one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RowOutcome {
    /// The badge was issued before.
    Exists,
    /// Something outside of the row stood in the way.
    Failed,
    /// The badge is written.
    Issued,
    /// The row gives no badge, or none that anybody needs.
    Refused,
    /// The badge would be written, were this no dry run.
    WouldBeIssued,
}

/// Why one recipient got no badge.
#[derive(Debug, thiserror::Error)]
enum NotIssued {
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The row gives no badge that a verifier would believe.
    #[error(transparent)]
    Issuing(#[from] IssuingError),
}

impl Batch<'_> {
    /// Issues to one recipient, writes the file, and says what became of it.
    pub(super) fn award(&self, candidate: &Candidate) -> Row {
        let Candidate { line, row, there, place } = candidate;
        let (line, index) = (*line, *place);
        let recipient = row.as_ref().ok().and_then(Recipient::shown).map(str::to_owned);
        let dry = self.verb.dry_run;
        if let Some(file) = there {
            return Row {
                line,
                recipient,
                outcome: RowOutcome::Exists,
                file: Some(file.display().to_string()),
                id: None,
                index: None,
                message: None,
                text: None,
            };
        }
        match self.issue(row, index) {
            Ok((file, finished)) => Row {
                line,
                recipient,
                outcome: if dry { RowOutcome::WouldBeIssued } else { RowOutcome::Issued },
                file: Some(file.display().to_string()),
                id: Some(finished.id),
                index,
                message: None,
                text: (files::is_standard(&file) && !dry).then_some(finished.bytes),
            },
            Err(reason) => Row {
                line,
                recipient,
                outcome: reason.outcome(),
                file: None,
                id: None,
                index: None,
                message: Some(printable(&reason.to_string()).into_owned()),
                text: None,
            },
        }
    }

    fn issue(
        &self,
        row: &Result<Recipient, RowError>,
        place: Option<u64>,
    ) -> Result<(PathBuf, Finished), NotIssued> {
        let recipient = row.as_ref().map_err(|reason| IssuingError::Row(reason.clone()))?;
        let place = self.list.as_ref().zip(place);
        let finished = self.issuer.issue(self.template, recipient, place, &self.form)?;
        let out = &self.verb.out;
        if files::is_standard(out) {
            return Ok((out.clone(), finished));
        }
        let file = file(self.verb, self.template, &self.form, recipient);
        if !self.verb.dry_run {
            files::write_new(&file, &finished.bytes, Readers::Anyone)?;
        } else if file.symlink_metadata().is_ok() {
            return Err(FileError::Exists(file).into());
        }
        Ok((file, finished))
    }
}

impl NotIssued {
    /// Whether the row is to blame, which stays so, or what may be otherwise at the next run.
    fn outcome(&self) -> RowOutcome {
        match self {
            Self::File(FileError::Exists(_)) => RowOutcome::Refused,
            Self::File(_) | Self::Issuing(IssuingError::Random(_)) => RowOutcome::Failed,
            Self::Issuing(_) => RowOutcome::Refused,
        }
    }
}
