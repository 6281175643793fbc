//! `/verify`: a badge of anybody, checked, and the answer in plain sentences.

mod sentences;

pub(crate) use sentences::verdict_of;

use askama::Template;

use crate::web::{
    components::{Picture, Verdict},
    form::{Field, Form},
    frame::Frame,
};

/// Where a badge is given: as a file, a text or an address.
#[derive(Debug, Template)]
#[template(path = "verifier/verify.html")]
pub(crate) struct VerifyPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// What is checked: [`verify_form`].
    pub(crate) form: Form,
}

/// A badge as a file, a text or an address; and to whom it should belong.
pub(crate) fn verify_form() -> Form {
    Form::new(
        "verify",
        [
            Field::file("file", "A file", ".png,.svg,.json,.jwt,.txt,image/png,image/svg+xml,application/json")
                .hint("The picture of a badge, or its JSON or JWT file. Use the original: a photo or screenshot lost the award.").unmarked(),
            Field::url("url", "Or its address on the web").unmarked(),
            Field::lines("text", "Or its text", 3).hint("JSON, or a token of three parts.").unmarked(),
            Field::text("recipient", "Should belong to").hint("An address or identifier: we say whether it is theirs."),
        ],
    )
}

/// The answer.
#[derive(Debug, Template)]
#[template(path = "verifier/result.html")]
pub(crate) struct VerifyResult {
    /// The frame.
    pub(crate) frame: Frame,
    /// The answer, and what it rests on: [`verdict_of`].
    pub(crate) verdict: Verdict,
    /// The name of the badge, as the document gives it.
    pub(crate) badge: Option<String>,
    /// Its picture, if it came as one or is one of ours.
    pub(crate) picture: Option<Picture>,
    /// What the document says, as term and meaning; to be believed as far as the answer goes.
    pub(crate) facts: Vec<(String, String)>,
    /// What was checked: "badge.png", an address.
    pub(crate) source: String,
    /// Our own page of this award, where it is one of ours.
    pub(crate) page: Option<String>,
    /// The whole report as JSON.
    pub(crate) report: String,
}
