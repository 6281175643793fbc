//! A context as it is written, before it meets an active context.

use std::sync::Arc;

/// The value of an `@context`: what is done one after the other.
#[derive(Debug)]
pub(super) struct Local {
    /// Tells this context from others in the memo of transitions; says nothing about its content.
    pub(super) id: u32,
    pub(super) steps: Vec<Step>,
}

impl PartialEq for Local {
    fn eq(&self, other: &Self) -> bool {
        self.steps == other.steps
    }
}

// So that `Arc` need not compare what it shares.
impl Eq for Local {}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// `null`: forget all.
    Null,
    /// Another context, by its URL.
    Url(String),
    /// Definitions of terms.
    Scope(Scope),
}

/// A context definition (JSON-LD 1.1 §9.15).
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Scope {
    /// `@vocab`; the inner none stands for `null`.
    pub(super) vocab: Option<Option<String>>,
    /// `@language`; the inner none stands for `null`.
    pub(super) language: Option<Option<String>>,
    pub(super) propagate: Option<bool>,
    /// Sorted by name.
    pub(super) terms: Vec<(String, Definition)>,
}

impl Scope {
    pub(super) fn get(&self, name: &str) -> Option<&Definition> {
        let at = self.terms.binary_search_by(|(own, _)| own.as_str().cmp(name)).ok()?;
        self.terms.get(at).map(|(_, definition)| definition)
    }
}

/// An expanded term definition (JSON-LD 1.1 §9.15.1).
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) target: Target,
    pub(super) reverse: bool,
    /// `@type`, as written.
    pub(super) coercion: Option<String>,
    pub(super) container: Container,
    pub(super) protected: bool,
    pub(super) prefix: Prefix,
    /// `@language`; the inner none stands for `null`.
    pub(super) language: Option<Option<String>>,
    pub(super) scope: Option<Arc<Local>>,
}

/// What a term stands for, as written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Target {
    /// No `@id`: the vocabulary decides.
    #[default]
    Implied,
    /// `null`: the term has no meaning here.
    Null,
    /// A keyword, an IRI, a compact IRI or another term.
    Text(String),
}

/// `@container`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Container {
    pub(super) set: bool,
    pub(super) list: bool,
    pub(super) graph: bool,
}

/// Whether a term may begin a compact IRI.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Prefix {
    #[default]
    No,
    /// Says so by `@prefix`.
    Yes,
    /// A simple term: if its IRI ends in a delimiter (JSON-LD 1.1 API §4.2.2 step 14.2.5).
    IfDelimited,
}

/// Whether an IRI may stand before a suffix.
pub(super) fn delimited(iri: &str) -> bool {
    iri.ends_with([':', '/', '?', '#', '[', ']', '@'])
}
