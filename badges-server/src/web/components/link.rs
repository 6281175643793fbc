//! A name that leads to a page.

use askama::Template;

use crate::web::components::escapes_itself;

/// A name that leads to a page.
#[derive(Clone, Debug, Template)]
#[template(source = r#"<a href="{{ href }}">{{ name }}</a>"#, ext = "html")]
pub(crate) struct Link {
    /// The words.
    pub(crate) name: String,
    /// The page.
    pub(crate) href: String,
}

impl Link {
    /// A name and its page.
    pub(crate) fn new(name: impl Into<String>, href: impl Into<String>) -> Self {
        Self { name: name.into(), href: href.into() }
    }
}

escapes_itself!(Link);
