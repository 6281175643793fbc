//! The parts of pages, each once: a struct, and its template in `templates/components/`.
//!
//! Each writes itself escaped into the page that holds it, so that no template needs to call a text safe.

mod award;
mod badge;
mod empty;
mod flash;
mod link;
mod person;
mod pill;
mod progress;
mod prose;
mod tree;
mod verdict;
mod when;

pub(crate) use award::{AwardCard, Standing};
pub(crate) use badge::{BadgeCard, Picture, Track};
pub(crate) use empty::Empty;
pub(crate) use flash::Flash;
pub(crate) use link::Link;
pub(crate) use person::PersonChip;
pub(crate) use pill::{Pill, Tone};
pub(crate) use progress::Progress;
pub(crate) use prose::Prose;
pub(crate) use tree::{Node, NodeKind, Tree};
pub(crate) use verdict::{CheckLine, Outcome, Verdict};
pub(crate) use when::When;

/// Lets templates write these unescaped: they escape themselves.
macro_rules! escapes_itself {
    ($($component:ty),+) => { $(impl askama::filters::HtmlSafe for $component {})+ };
}
pub(crate) use escapes_itself;
