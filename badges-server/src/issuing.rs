//! One badge at a time: built, signed, verified as a stranger would, and baked.

pub(crate) mod award;

use badges_core::{
    bake::{self, BakeError, Generation, ImageKind},
    did::MemoryDocuments,
    issue::{IssueError, ProofKind, sign},
    json::canonical_members,
    jsonld::Contexts,
    key::LocalSigner,
    time::Timestamp,
    verify::{Options, Report, Verdict, inspect},
};
use serde::Serialize;

use crate::{
    keyfile,
    random::RandomError,
    recipients::{Recipient, RowError},
    template::Template,
};

/// Who signs, and how.
pub(crate) struct Issuer {
    key: LocalSigner,
    proof: ProofKind,
    contexts: Contexts,
    /// What a verifier will find published: the issuer's keys and status lists.
    documents: MemoryDocuments,
    now: Timestamp,
}

/// In which form a badge is handed over.
#[derive(Debug)]
pub(crate) enum Form {
    Json,
    Jwt,
    /// Baked into this image.
    Image(ImageKind, Vec<u8>),
}

/// A place in a status list for each badge.
#[derive(Clone, Debug)]
pub(crate) struct Revocable {
    /// The URL of the list.
    pub(crate) list: String,
    pub(crate) purposes: Vec<String>,
}

/// A badge ready to be written.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) id: String,
    pub(crate) bytes: Vec<u8>,
}

/// Why one badge was not issued.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IssuingError {
    #[error("the badge does not fit into the image: {0}")]
    Bake(#[from] BakeError),
    #[error(transparent)]
    Random(#[from] RandomError),
    #[error(transparent)]
    Row(#[from] RowError),
    #[error(transparent)]
    Sign(#[from] IssueError),
    #[error("a verifier would not believe it ({}): {}", .0.code, .0.message)]
    Unbelievable(Box<Report>),
}

impl Issuer {
    pub(crate) fn new(key: LocalSigner, proof: ProofKind, now: Timestamp) -> Self {
        let mut documents = MemoryDocuments::new();
        if let Some((url, document)) = keyfile::controller_document(&key) {
            documents.insert(url, canonical_members(document.iter()));
        }
        Self { key, proof, contexts: Contexts::new(), documents, now }
    }

    /// Counts a status list among what is published.
    pub(crate) fn publish(&mut self, url: &str, list: &[u8]) {
        self.documents.insert(url, list);
    }

    /// Signs a credential and verifies what came of it.
    pub(crate) fn sign(&self, credential: &impl Serialize) -> Result<String, IssuingError> {
        let text = sign(credential, self.proof, self.now, &self.key, &self.contexts)?;
        let report = self.judge(text.as_bytes());
        match report.verdict {
            // Dates are the issuer's to choose.
            Verdict::Valid | Verdict::NotYetValid | Verdict::Expired => Ok(text),
            _ => Err(IssuingError::Unbelievable(Box::new(report))),
        }
    }

    /// What a verifier would say who has all that the issuer publishes.
    pub(crate) fn judge(&self, text: &[u8]) -> Report {
        inspect(text, &Options::new(self.now, &self.contexts, &self.documents))
    }

    /// The badge of one recipient, in its form.
    pub(crate) fn issue(
        &self,
        template: &Template<'_>,
        recipient: &Recipient,
        place: Option<(&Revocable, u64)>,
        form: &Form,
    ) -> Result<Finished, IssuingError> {
        let status = place.map(|(list, place)| award::status(&list.list, &list.purposes, place));
        let award = award::award(recipient, status.unwrap_or_default())?;
        let id = award.id.clone();
        let text = self.sign(&template.badge(award, self.now))?;
        let bytes = match form {
            Form::Json | Form::Jwt => text.into_bytes(),
            Form::Image(_, image) => bake::bake(image, &text, Generation::V3)?,
        };
        Ok(Finished { id, bytes })
    }
}

impl Form {
    /// How the name of a file of this form ends.
    pub(crate) fn ending(&self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Jwt => "jwt",
            Self::Image(ImageKind::Png, _) => "png",
            Self::Image(ImageKind::Svg, _) => "svg",
        }
    }
}
