//! The first page: what this is, a box to verify, what was added of late.

use askama::Template;

use crate::web::{
    components::{BadgeCard, Picture},
    frame::Frame,
};

/// The first page.
#[derive(Debug, Template)]
#[template(path = "home.html")]
pub(crate) struct Home {
    /// The frame.
    pub(crate) frame: Frame,
    /// Who runs this installation: "Hive Chicago".
    pub(crate) organisation: Option<String>,
    /// Pictures of badges, for the fan beside the first words; three are shown.
    pub(crate) pictures: Vec<Picture>,
    /// Badges that were published of late.
    pub(crate) recent: Vec<BadgeCard>,
}
