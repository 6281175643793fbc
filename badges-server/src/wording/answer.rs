//! All that is said of a badge in one object, for machines and pages: codes beside sentences.

use std::borrow::Cow;

use badges_core::verify::{Bound, Check, Code, Finding, Generation, Report, Verdict, printable};
use serde::Serialize;
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema, Type, schema::SchemaType};

use super::{Facts, checks::check_sentence, sentence};

/// The verdict, the checks and the findings, each with its code and, for people, its sentence.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer<'a> {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in one word.
    pub code: Code,
    /// Why, for people who know the specifications.
    pub message: &'a str,
    /// The verdict for everybody.
    pub sentence: String,
    /// Which specification the badge follows.
    pub generation: Option<Generation>,
    /// How the key is shown to be the issuer's.
    pub bound: Option<Bound>,
    /// The identifier of the issuer.
    pub issuer: Option<&'a str>,
    /// The name that the badge gives its issuer.
    pub issuer_name: Option<&'a str>,
    /// The name of the badge.
    pub name: Option<&'a str>,
    /// To whom it was given.
    pub recipients: &'a [String],
    /// Each check.
    pub checks: Vec<Said<'a>>,
    /// What else is worth knowing.
    pub findings: &'a [Finding],
    #[serde(flatten)]
    facts: &'a Facts,
    /// Which documents were asked for on the way.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub documents: &'a [Looked],
}

impl utoipa::PartialSchema for Answer<'_> {
    fn schema() -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let maybe = || ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null]));
        let object = || ObjectBuilder::new().schema_type(Type::Object);
        let many = |items: ObjectBuilder| ArrayBuilder::new().items(items);
        let check = object().property("sentence", text()).required("sentence");
        let mut answer = object()
            .property("generation", maybe())
            .property("bound", ObjectBuilder::new().schema_type(SchemaType::AnyValue))
            .property("issuer", maybe())
            .property("issuerName", maybe())
            .property("name", maybe())
            .property("documents", many(object().property("address", text()).required("address")));
        for name in ["verdict", "code", "message", "sentence"] {
            answer = answer.property(name, text()).required(name);
        }
        for (name, items) in [("recipients", text()), ("checks", check), ("findings", object())] {
            answer = answer.property(name, many(items)).required(name);
        }
        answer.description(Some("The verdict, the checks and the findings.")).into()
    }
}

impl utoipa::ToSchema for Answer<'_> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Verification")
    }
}

/// A check with its sentence.
#[derive(Debug, Serialize)]
pub struct Said<'a> {
    /// The check.
    #[serde(flatten)]
    pub check: &'a Check,
    /// What it came to, for everybody.
    pub sentence: String,
}

/// A document that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Looked {
    /// Where.
    pub address: String,
    /// Why it is not there, if it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl Looked {
    /// Why the document did not come of which a message speaks.
    pub(crate) fn problem_in<'l>(documents: &'l [Self], message: &str) -> Option<&'l str> {
        let spoken_of = documents.iter().filter(|one| message.contains(&one.address));
        // An address may be the beginning of another.
        spoken_of.max_by_key(|one| one.address.len())?.problem.as_deref()
    }
}

impl<'a> Answer<'a> {
    /// Puts a report into words.
    pub(crate) fn new(report: &'a Report, facts: &'a Facts, documents: &'a [Looked]) -> Self {
        // A member that the report gains must not be forgotten here.
        let Report {
            verdict,
            code,
            message,
            generation,
            bound,
            issuer,
            issuer_name,
            name,
            recipients,
            checks,
            findings,
        } = report;
        let plain = |text: &str| printable(text).into_owned();
        let said = |check| Said { check, sentence: plain(&check_sentence(report, facts, check, documents)) };
        Self {
            verdict: *verdict,
            code: *code,
            message,
            sentence: plain(&sentence(report, facts).1),
            generation: *generation,
            bound: *bound,
            issuer: issuer.as_deref(),
            issuer_name: issuer_name.as_deref(),
            name: name.as_deref(),
            recipients,
            checks: checks.iter().map(said).collect(),
            findings,
            facts,
            documents,
        }
    }
}
