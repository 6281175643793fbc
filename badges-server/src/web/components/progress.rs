//! How far something has come, in words and as a bar.

use askama::Template;

use crate::web::components::escapes_itself;

/// So many of so many.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<div class="stack-tight"><label for="{{ id }}">{{ crate::web::number::grouped(*done) }} of {{ crate::web::number::grouped(*all) }} {{ noun }}</label><progress id="{{ id }}" value="{{ done }}" max="{{ all }}"></progress></div>"#,
    ext = "html"
)]
pub(crate) struct Progress {
    /// Its id in the page.
    pub(crate) id: &'static str,
    /// How many are done.
    pub(crate) done: u64,
    /// How many there are.
    pub(crate) all: u64,
    /// What is counted and done: "claimed".
    pub(crate) noun: String,
}

escapes_itself!(Progress);
