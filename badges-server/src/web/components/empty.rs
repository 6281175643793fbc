//! What stands where nothing is yet: what belongs there, and the one action that fills it.

use askama::Template;

use crate::web::components::escapes_itself;

/// Says what belongs here and what to do.
#[derive(Clone, Debug, Template)]
#[template(path = "components/empty.html")]
pub(crate) struct Empty {
    /// That nothing is here.
    pub(crate) title: String,
    /// What will be here, and how it comes.
    pub(crate) text: String,
    /// The label and the address of the one action.
    pub(crate) action: Option<(String, String)>,
}

impl Empty {
    /// Nothing is here, and this is what will be.
    pub(crate) fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { title: title.into(), text: text.into(), action: None }
    }

    /// And this fills it.
    pub(crate) fn action(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.action = Some((label.into(), href.into()));
        self
    }

    /// And this fills it, for those who can.
    pub(crate) fn step(self, step: Option<(&str, &str)>) -> Self {
        match step {
            Some((label, href)) => self.action(label, href),
            None => self,
        }
    }
}

escapes_itself!(Empty);
