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

pub use code::Code;
pub use options::{Bounds, Options, Policy, Recipient, RecipientKind, Trust, TrustError};
pub use printable::{printable, steers};
pub use report::{Bound, Check, CheckName, Finding, Generation, Outcome, Report, Verdict};

use crate::{
    json::{Json, JsonError, Object, read},
    jsonld::Contexts,
    model::{DocumentKind, OpenBadgeCredential, kind_of},
    proof::jws::Compact,
    time::Timestamp,
};
use judge::{Judge, Reason};
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
}

impl Badge {
    /// The credential or assertion as JSON: of a token, its payload.
    pub fn document(&self) -> &str {
        &self.document
    }

    /// The badge as a typed credential of Open Badges 3.0.
    ///
    /// # Errors
    ///
    /// For a badge of another generation, and for an endorsement or a status list.
    pub fn credential(&self) -> Result<OpenBadgeCredential, serde_json::Error> {
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
    let document = document_in(hosted.as_deref().unwrap_or(input));
    Ok(Verified { subject: Badge { document }, report })
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

/// Every check of the verifier but the signature, for a credential that is about to be signed; empty if a
/// verifier would find nothing to refuse.
pub fn lint(credential: &Object<'_>, contexts: &Contexts) -> Vec<Finding> {
    let documents = crate::did::MemoryDocuments::default();
    // Long past, so that nothing is found expired: dates are the issuer's to choose.
    let options = Options::new(Timestamp::EPOCH, contexts, &documents);
    let mut judge = Judge::new(&options);
    let kind = kind_of(credential);
    if let Some(reason) = kind_reason(kind) {
        judge.record(CheckName::Structure, Err(reason));
    } else {
        structure::check_structure(&mut judge, credential, kind);
        endorsements::check_endorsements(&mut judge, credential, Within { depth: 0, work: &Work::default() });
    }
    let report = judge.finish();
    // An endorsement of today is not yet valid in the long past.
    let dates = [Some(Code::Expired), Some(Code::NotYetValid)];
    let refused = report.checks.into_iter();
    let refused = refused.filter(|check| check.outcome == Outcome::Failed && !dates.contains(&check.code));
    // What is only worth knowing keeps nobody from signing.
    let refused = refused.filter(|check| check.code.is_some_and(|code| code.verdict() != Verdict::Valid));
    let refused = refused.filter_map(|check| {
        let message = check.detail.unwrap_or_default();
        Some(Finding { code: check.code?, path: check.path.unwrap_or_else(|| "$".to_owned()), message })
    });
    let violations = report.findings.into_iter().filter(|finding| finding.code == Code::Structure);
    // The reason of the check of structure is the first violation over again.
    violations.chain(refused.filter(|finding| finding.code != Code::Structure)).collect()
}

/// A context that a verifier of a suite over JCS would refuse; one over RDF refuses it when it is expanded.
pub(crate) fn lint_contexts(credential: &Object<'_>, contexts: &Contexts) -> Option<Finding> {
    let Reason { code, path, message } = proofs::check_contexts(credential, contexts).err()?;
    Some(Finding { code, path, message })
}

fn judge_text(text: &str, options: &Options<'_>, within: Within<'_>) -> Report {
    let text = text.trim_matches(WHITE_SPACE);
    if is_address(text) {
        return hosted::judge_address(text, options.documents.document(text).as_deref(), options);
    }
    let judged = || -> Result<Report, Box<Report>> {
        let token = token_in(text, options)?;
        let object = object_in(text, token.as_ref(), options)?;
        Ok(judge_read(token.as_ref(), &object, options, within))
    };
    judged().unwrap_or_else(|refused| *refused)
}

/// The token, if the text is one and not JSON.
fn token_in<'t>(text: &'t str, options: &Options<'_>) -> Result<Option<Compact<'t>>, Box<Report>> {
    if !Compact::is_meant(text) {
        return Ok(None);
    }
    // Base64 makes four bytes of three, and a header takes its place too.
    let limit = (options.bounds.json.bytes / 3).saturating_mul(4).saturating_add(16 * 1024);
    if text.len() > limit {
        return Err(Box::new(refuse_json(options, &JsonError::TooLong(options.bounds.json.bytes))));
    }
    let refused = |error| Judge::new(options).refuse(CheckName::Proof(0), token::jws_reason(&error));
    Compact::parse(text).map(Some).map_err(|error| Box::new(refused(error)))
}

/// The object in the payload of the token, or in the text itself.
fn object_in<'t>(
    text: &'t str,
    token: Option<&'t Compact<'_>>,
    options: &Options<'_>,
) -> Result<Object<'t>, Box<Report>> {
    let json = token.map_or(text.as_bytes(), Compact::payload);
    let refused = match read(json, &options.bounds.json) {
        Ok(Json::Object(object)) => return Ok(object),
        Ok(other) => {
            let found = other.kind();
            let message = match token {
                Some(_) => format!("the payload must be an object, and is {found}"),
                None => format!("a badge is an object, and this is {found}"),
            };
            refuse(options, Code::Malformed, message)
        }
        Err(error) => refuse_json(options, &error),
    };
    Err(Box::new(refused))
}

/// Judges what [`token_in`] and [`object_in`] have read.
fn judge_read(
    token: Option<&Compact<'_>>,
    object: &Object<'_>,
    options: &Options<'_>,
    within: Within<'_>,
) -> Report {
    let Some(token) = token else { return judge_object(object, options, within) };
    match kind_of(object) {
        DocumentKind::Ob2(..) if object.get("vc").is_none() => {
            signed::judge_assertion(token, object, options)
        }
        _ => credential::judge_token(token, object, options, within),
    }
}

fn judge_object(object: &Object<'_>, options: &Options<'_>, within: Within<'_>) -> Report {
    if object.get("signature").or(object.get("signatures")).is_some() && object.get("payload").is_some() {
        return refuse(
            options,
            Code::Malformed,
            "a JWS in its JSON form: only the compact form is read".to_owned(),
        );
    }
    let kind = kind_of(object);
    if let Some(reason) = kind_reason(kind) {
        return Judge::new(options).refuse(CheckName::Structure, reason);
    }
    match kind {
        DocumentKind::Ob2(..) => hosted::judge_assertion(object, None, options),
        _ => credential::judge_embedded(object, kind, options, within),
    }
}

/// What is neither a badge nor another document that is judged here.
fn kind_reason(kind: DocumentKind) -> Option<Reason> {
    let reason = |code, message: &str| Some(Reason::new(code, "$.type", message));
    let name = match kind {
        DocumentKind::Badge(_)
        | DocumentKind::Endorsement(_)
        | DocumentKind::Ob2(..)
        | DocumentKind::StatusList(_) => return None,
        DocumentKind::Clr => "ClrCredential",
        DocumentKind::Presentation => "VerifiablePresentation",
        _ => {
            return reason(
                Code::NotABadge,
                "neither a badge nor an endorsement: its type says something else",
            );
        }
    };
    reason(Code::DocumentUnsupported, &format!("documents of type {name} are not supported"))
}

fn refuse(options: &Options<'_>, code: Code, message: String) -> Report {
    Judge::new(options).refuse(CheckName::Structure, Reason::new(code, "", message))
}

fn refuse_json(options: &Options<'_>, error: &JsonError) -> Report {
    let code = match error {
        JsonError::TooLong(_) => Code::TooLarge,
        JsonError::TooDeep(_) => Code::TooComplex,
        _ => Code::Malformed,
    };
    refuse(options, code, error.to_string())
}

/// White space as JSON has it (RFC 8259 §2).
const WHITE_SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// The address of a hosted badge, if that is what was handed in.
fn address_in(input: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(input).ok()?.trim_matches(WHITE_SPACE);
    is_address(text).then_some(text)
}

/// The JSON in a text that was found valid: the text itself, or the payload of the token.
fn document_in(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let text = text.trim_matches(WHITE_SPACE);
    match Compact::parse(text) {
        Ok(token) => String::from_utf8_lossy(token.payload()).into_owned(),
        Err(_) => text.to_owned(),
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
