//! A badge that was looked at: the report, and what the badge and the way to its documents add to it.

use badges_core::{
    bake::{BakeError, Finding as Odd},
    verify::{Code, Finding, Report, printable},
};

use super::fetch_error::FetchError;
use crate::{
    credential::{self, OpenError, Opened},
    files::FileError,
    wording::{Answer, Facts, Looked},
};

/// A badge that was looked at.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The verdict and the checks behind it.
    pub report: Report,
    /// Whether there was anything to judge: no for a picture without a badge, or an address that gives nothing.
    pub opened: bool,
    /// Which addresses were asked for documents, in order.
    pub documents: Vec<Looked>,
    pub(crate) facts: Facts,
}

impl Judged {
    /// What there is to say of something that gives no badge to look at.
    pub(crate) fn unopened(code: Code, message: &str) -> Self {
        let report = Report::unopened(code.verdict(), code, printable(message));
        Self { report, opened: false, documents: Vec::new(), facts: Facts::default() }
    }

    /// The same, for the reason why there is none.
    pub(crate) fn closed(error: &OpenError) -> Self {
        Self::unopened(code(error), &error.to_string())
    }

    /// The same, for an address.
    pub(super) fn unfetched(error: &FetchError) -> Self {
        let code = match error {
            FetchError::TooLong { .. } => Code::TooLarge,
            _ => Code::Unreadable,
        };
        Self::unopened(code, &error.to_string())
    }

    /// A badge and the report on it.
    pub(crate) fn new(opened: &Opened, mut report: Report) -> Self {
        for finding in &opened.findings {
            let code = match finding {
                Odd::Compressed => Code::CompressedText,
                Odd::FirstOf(_) | Odd::PassedOver(_) => Code::OtherBadgeInImage,
                _ => continue,
            };
            let message = credential::in_words(finding);
            report.findings.push(Finding { code, path: String::new(), message });
        }
        let facts = Facts::of(&opened.text);
        Self { report, opened: true, documents: Vec::new(), facts }
    }

    /// Remembers which documents were asked for; where one of them is why nothing was decided, that is what is said.
    pub(super) fn with(mut self, documents: Vec<Looked>) -> Self {
        let problem = Looked::problem_in(&documents, &self.report.message).map(str::to_owned);
        self.facts.fetched(problem);
        self.documents = documents;
        self
    }

    /// All of it for a machine or a page, with sentences for people.
    pub fn answer(&self) -> Answer<'_> {
        Answer::new(&self.report, &self.facts, &self.documents)
    }
}

/// What the verdict calls it that a file gives no credential.
fn code(error: &OpenError) -> Code {
    match error {
        OpenError::Ambiguous { .. } => Code::AmbiguousImage,
        OpenError::Damaged { reason: BakeError::Utf8, .. } => Code::Malformed,
        OpenError::File(FileError::TooLarge { .. })
        | OpenError::TooLarge { .. }
        | OpenError::TooMany { .. } => Code::TooLarge,
        OpenError::NoBadge { .. } => Code::NoBadgeInImage,
        OpenError::Compressed { .. } | OpenError::Damaged { .. } | OpenError::File(_) => Code::Unreadable,
    }
}
