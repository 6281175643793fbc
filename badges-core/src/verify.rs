//! The verdict on a badge: what it is, who signed it, whether it still holds.
//!
//! [`verify`] gives a [`Verified`] badge or the report that says why not; [`inspect`] gives the whole report
//! whatever the answer. Nothing here fetches, and nothing looks at a clock: time, documents and trust come in
//! with [`Options`]. What cannot be said with them is never taken for valid. The verdicts, their order and
//! their codes stand in `specs/verdict.md`.
//!
//! ```
//! use badges_core::{did::MemoryDocuments, jsonld::Contexts, verify::{Options, Verdict, inspect}};
//!
//! let contexts = Contexts::new();
//! let documents = MemoryDocuments::default();
//! let options = Options::new("2026-11-21T00:00:00Z".parse()?, &contexts, &documents);
//!
//! let report = inspect(b"{\"name\": \"a badge\"}", &options);
//!
//! assert_eq!(report.verdict, Verdict::Invalid);
//! assert_eq!(report.code.as_str(), "not_a_badge");
//! # Ok::<_, badges_core::time::TimeError>(())
//! ```

mod code;
mod printable;
mod report;
mod options;
mod judge;
mod work;
mod documents;
mod binding;
mod trust;
mod structure;
mod proofs;
mod token;
mod status;
mod recipient;
mod schema;
mod endorsements;
mod credential;
mod assertion;
mod hosted;
mod signed;
mod read;
mod lint;

pub use code::Code;
pub use lint::lint;
pub(crate) use lint::lint_contexts;
pub use options::{Bounds, Options, Policy, Recipient, RecipientKind, Trust, TrustError};
pub use printable::{printable, steers};
pub use report::{Bound, Check, CheckName, Finding, Generation, Outcome, Report, Verdict};

use serde::Deserialize;

use crate::{json::WHITE_SPACE, model::OpenBadgeCredential, proof::jws::Compact};
use read::{is_address, judge_text, refuse};
use work::{Within, Work};

/// Something that was found valid.
///
/// Only [`verify`] makes one, so holding it is the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified<T> {
    subject: T,
    report: Report,
}

impl<T> Verified<T> {
    /// What was verified.
    pub fn subject(&self) -> &T {
        &self.subject
    }

    /// The report, which may hold findings.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// What was verified, without the evidence.
    pub fn into_subject(self) -> T {
        self.subject
    }
}

/// A badge as its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    document: String,
    in_token: bool,
}

impl Badge {
    /// The credential or assertion as JSON: of a token, its payload, in which a credential of VC Data Model 1.1 stands
    /// under `vc`.
    pub fn document(&self) -> &str {
        &self.document
    }

    /// The badge as a typed credential of Open Badges 3.0.
    ///
    /// # Errors
    ///
    /// For a badge of another generation, and for an endorsement or a status list.
    pub fn credential(&self) -> Result<OpenBadgeCredential, serde_json::Error> {
        /// What a token carries in VC Data Model 1.1 (§6.3.1); elsewhere `vc` says nothing.
        #[derive(Deserialize)]
        struct Payload {
            vc: Option<OpenBadgeCredential>,
        }
        if self.in_token
            && let Payload { vc: Some(credential) } = serde_json::from_str(&self.document)?
        {
            return Ok(credential);
        }
        serde_json::from_str(&self.document)
    }
}

/// Verifies a badge: JSON, a compact JWS, or the URL of a hosted badge.
///
/// # Errors
///
/// The report, if the verdict is any other than [`Verdict::Valid`].
pub fn verify(input: &[u8], options: &Options<'_>) -> Result<Verified<Badge>, Box<Report>> {
    // Asked for once: what is judged is what is handed on, also if the host's documents change meanwhile.
    let address = address_in(input);
    let hosted = address.and_then(|address| options.documents.document(address));
    let report = match address {
        Some(address) => hosted::judge_address(address, hosted.as_deref(), options),
        None => inspect(input, options),
    };
    if report.verdict != Verdict::Valid {
        return Err(Box::new(report));
    }
    Ok(Verified { subject: badge_in(hosted.as_deref().unwrap_or(input)), report })
}

/// Looks at everything and reports it; never fails.
pub fn inspect(input: &[u8], options: &Options<'_>) -> Report {
    match std::str::from_utf8(input) {
        Ok(text) => judge_text(text, options, Within { depth: 0, work: &Work::default() }),
        Err(error) => {
            refuse(options, Code::Malformed, format!("not UTF-8 from byte {} on", error.valid_up_to()))
        }
    }
}

/// The address of a hosted badge, if that is what was handed in.
fn address_in(input: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(input).ok()?.trim_matches(WHITE_SPACE);
    is_address(text).then_some(text)
}

/// The badge in a text that was found valid: the text itself, or the payload of the token.
fn badge_in(text: &[u8]) -> Badge {
    let text = String::from_utf8_lossy(text);
    let text = text.trim_matches(WHITE_SPACE);
    match Compact::parse(text) {
        Ok(token) => {
            Badge { document: String::from_utf8_lossy(token.payload()).into_owned(), in_token: true }
        }
        Err(_) => Badge { document: text.to_owned(), in_token: false },
    }
}

#[cfg(test)]
mod tests {
    use std::{borrow::Cow, cell::Cell, error::Error};

    use super::{Options, Recipient, RecipientKind, inspect, verify};
    use crate::{did::Documents, jsonld::Contexts, model::IdentifierType, time::Timestamp};

    const ASSERTION: &str = r#"{"@context":"https://w3id.org/openbadges/v2","type":"Assertion",
        "id":"https://a.example/1","recipient":{"type":"telephone","hashed":false,"identity":"+41435550100"},
        "badge":"https://a.example/badge","verification":{"type":"hosted"},"issuedOn":"2026-01-01T00:00:00Z"}"#;
    const BADGE: &str = r#"{"@context":"https://w3id.org/openbadges/v2","type":"BadgeClass",
        "id":"https://a.example/badge","name":"A","description":"B","image":"https://a.example/i.png",
        "criteria":"https://a.example/c","issuer":"https://a.example/issuer"}"#;
    const ISSUER: &str = r#"{"@context":"https://w3id.org/openbadges/v2","type":"Issuer",
        "id":"https://a.example/issuer","name":"A","url":"https://a.example/","email":"a@a.example"}"#;

    /// The documents of an issuer who writes the assertion anew each time that it is asked for.
    #[derive(Default)]
    struct Changing {
        assertion: Cell<u32>,
        others: Cell<u32>,
    }

    impl Documents for Changing {
        fn document(&self, url: &str) -> Option<Cow<'_, [u8]>> {
            let text = match url {
                "https://a.example/1" => {
                    self.assertion.set(self.assertion.get() + 1);
                    format!("{ASSERTION}{}", "\n".repeat(self.assertion.get() as usize))
                }
                "https://a.example/badge" => BADGE.to_owned(),
                "https://a.example/issuer" => ISSUER.to_owned(),
                _ => return None,
            };
            if url != "https://a.example/1" {
                self.others.set(self.others.get() + 1);
            }
            Some(Cow::Owned(text.into_bytes()))
        }
    }

    fn at() -> Timestamp {
        "2026-11-21T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn the_badge_that_is_handed_on_is_the_one_that_was_judged() {
        let (contexts, documents) = (Contexts::new(), Changing::default());

        let verified = verify(b"https://a.example/1", &Options::new(at(), &contexts, &documents)).unwrap();

        assert_eq!(verified.subject().document(), ASSERTION);
        assert_eq!(documents.assertion.get(), 2, "once to judge it, once to see that it is published");
        assert_eq!(documents.others.get(), 2, "the badge class and the issuer once each");
    }

    #[test]
    fn what_is_no_badge_goes_up_as_an_error_that_says_why() {
        fn accept(input: &[u8]) -> Result<(), Box<dyn Error>> {
            let (contexts, documents) = (Contexts::new(), Changing::default());
            verify(input, &Options::new(at(), &contexts, &documents))?;
            Ok(())
        }

        let said = accept(b"{}").unwrap_err().to_string();

        assert!(said.starts_with("the badge is invalid: ") && said.ends_with(" (not_a_badge)"), "{said}");
    }

    #[test]
    fn a_host_may_take_every_bound_away() {
        let (contexts, documents) = (Contexts::new(), Changing::default());
        let mut options = Options::new(at(), &contexts, &documents);
        options.bounds.json.bytes = usize::MAX;
        options.bounds.status_list = usize::MAX;

        assert_eq!(inspect(b"e30.e30.AA", &options).code.as_str(), "malformed");
        assert_eq!(inspect(b"{}", &options).code.as_str(), "not_a_badge");
    }

    #[test]
    fn a_number_of_a_telephone_is_no_other_name() {
        let (contexts, documents) = (Contexts::new(), Changing::default());
        let verdict = |kind: RecipientKind| {
            let wanted = Recipient { kind, value: "+41435550100".to_owned() };
            let options = Options { recipient: Some(&wanted), ..Options::new(at(), &contexts, &documents) };
            inspect(ASSERTION.as_bytes(), &options).code.as_str()
        };

        assert_eq!(verdict(RecipientKind::Telephone), "valid");
        assert_eq!(verdict(RecipientKind::Identity(IdentifierType::UserName)), "recipient_mismatch");
    }
}
