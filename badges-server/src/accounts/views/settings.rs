//! `/settings`: how this installation is set up, and where that is changed.

use askama::Template;

use crate::web::frame::Frame;

/// The settings, which the operator changes in the configuration.
#[derive(Debug, Template)]
#[template(path = "accounts/settings.html")]
pub(crate) struct Settings {
    /// The frame.
    pub(crate) frame: Frame,
    /// The groups, each with its settings.
    pub(crate) groups: Vec<SettingGroup>,
    /// What should be looked into, one sentence each.
    pub(crate) warnings: Vec<String>,
}

/// Settings that belong together.
#[derive(Clone, Debug)]
pub(crate) struct SettingGroup {
    /// What they are about.
    pub(crate) title: String,
    /// Each: what it is, how it stands, and its name in the configuration.
    pub(crate) settings: Vec<(String, String, String)>,
}
