//! `/docs`: how programs use the service, and what its refusals mean.

use askama::Template;

use crate::web::{components::Pill, frame::Frame};

/// The page around the description of the API.
#[derive(Debug, Template)]
#[template(path = "api.html")]
pub(crate) struct ApiPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The address of the OpenAPI document.
    pub(crate) document: String,
    /// Where the API begins, with scheme and host.
    pub(crate) base: String,
    /// The routes, in groups.
    pub(crate) groups: Vec<ApiGroup>,
}

/// Routes that belong together.
#[derive(Clone, Debug)]
pub(crate) struct ApiGroup {
    /// Its anchor: the noun in the addresses.
    pub(crate) id: &'static str,
    /// What they are about.
    pub(crate) name: String,
    /// Each route.
    pub(crate) routes: Vec<ApiRoute>,
}

/// One route.
#[derive(Clone, Debug)]
pub(crate) struct ApiRoute {
    /// "POST".
    pub(crate) method: Pill,
    /// Its path.
    pub(crate) path: String,
    /// What it does, in a sentence.
    pub(crate) summary: String,
    /// Who may, and with which token.
    pub(crate) needs: String,
    /// What it reads.
    pub(crate) fields: Vec<ApiField>,
    /// How to ask.
    pub(crate) example: String,
}

/// One field of what a route reads.
#[derive(Clone, Debug)]
pub(crate) struct ApiField {
    /// Its name.
    pub(crate) name: String,
    /// What it is: "text", "list of Recipient".
    pub(crate) kind: String,
    /// Whether it must be there.
    pub(crate) needed: bool,
    /// What it means.
    pub(crate) about: Option<String>,
}

/// `/docs/problems`: every answer that says no.
#[derive(Debug, Template)]
#[template(path = "problems.html")]
pub(crate) struct ProblemsPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// Each kind, by its code.
    pub(crate) problems: Vec<ProblemLine>,
}

/// One kind of problem.
#[derive(Clone, Debug)]
pub(crate) struct ProblemLine {
    /// Its code, which is also its anchor.
    pub(crate) code: &'static str,
    /// The status of HTTP.
    pub(crate) status: u16,
    /// What it means.
    pub(crate) meaning: &'static str,
    /// What to do.
    pub(crate) remedy: &'static str,
}
