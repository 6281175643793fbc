//! `/docs/api`: how programs use the service.

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
    /// What they are about; also its anchor.
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
    /// What is sent and what comes back.
    pub(crate) example: Option<String>,
}
