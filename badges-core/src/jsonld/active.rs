//! Active contexts: what each term means at one place of a document.

use std::sync::Arc;

use super::{
    fast::FastMap,
    local::{Container, Local},
};

/// The number of an active context.
pub(super) type ActiveId = u32;

/// The empty active context, with which each document begins.
pub(super) const EMPTY: ActiveId = 0;

/// Says in [`Active::terms`] that a name has no meaning.
const NONE: u32 = u32::MAX;

/// One active context (JSON-LD 1.1 API §4.1).
#[derive(Clone, Debug, Default)]
pub(super) struct Active {
    /// For each name, by its number, the number of its term.
    terms: Vec<u32>,
    pub(super) vocab: Option<Arc<str>>,
    pub(super) language: Option<Arc<str>>,
    /// The context to which objects within go back, if this one does not propagate.
    pub(super) previous: Option<ActiveId>,
}

impl Active {
    /// The empty context, from which one goes back to `previous`.
    pub(super) fn after(previous: Option<ActiveId>) -> Self {
        Self { previous, ..Self::default() }
    }
}

/// What one term means in one active context.
#[derive(Debug, PartialEq)]
pub(super) struct Term {
    pub(super) meaning: Meaning,
    pub(super) coercion: Coercion,
    pub(super) container: Container,
    pub(super) prefix: bool,
    pub(super) protected: bool,
    pub(super) reverse: bool,
    /// The term's own language; the inner none says that it has none whatever the context's is.
    pub(super) language: Option<Option<Arc<str>>>,
    pub(super) scope: Option<Arc<Local>>,
}

/// What a term stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning {
    /// An IRI, between `<` and `>`.
    Iri(Arc<str>),
    Keyword(Keyword),
    /// Set to `null`: it has none.
    None,
}

impl Meaning {
    pub(super) fn iri(&self) -> Option<&str> {
        match self {
            Self::Iri(iri) => iri.strip_prefix('<')?.strip_suffix('>'),
            _ => None,
        }
    }
}

/// The keywords that have a meaning for this library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    Graph,
    Id,
    Language,
    List,
    Set,
    Type,
    Value,
}

impl Keyword {
    pub(super) fn of(text: &str) -> Option<Self> {
        Some(match text {
            "@graph" => Self::Graph,
            "@id" => Self::Id,
            "@language" => Self::Language,
            "@list" => Self::List,
            "@set" => Self::Set,
            "@type" => Self::Type,
            "@value" => Self::Value,
            _ => return None,
        })
    }
}

/// What a term makes of its values.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Coercion {
    None,
    Id,
    Vocab,
    Json,
    /// A datatype, as it stands after a literal: `^^<iri>`.
    Datatype(Arc<str>),
}

/// Everything compiled so far. It only grows, so numbers stay valid; a copy grows on its own.
#[derive(Clone, Debug)]
pub(super) struct Compiled {
    names: FastMap<Arc<str>, u32>,
    terms: Vec<Arc<Term>>,
    actives: Vec<Arc<Active>>,
    /// Where a context leads from another; the flag tells property-scoped contexts from all others.
    moves: FastMap<(ActiveId, u32, Scoping), ActiveId>,
    documents: FastMap<Arc<str>, Arc<Local>>,
    /// How many local contexts have been read.
    pub(super) locals: u32,
}

/// By what a local context comes into force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scoping {
    /// An `@context` in the document.
    Embedded,
    /// A property; it may change protected terms.
    Property,
    /// A type; it holds for one object only.
    Type,
}

impl Default for Compiled {
    fn default() -> Self {
        Self {
            names: FastMap::default(),
            terms: Vec::new(),
            actives: vec![Arc::new(Active::default())],
            moves: FastMap::default(),
            documents: FastMap::default(),
            locals: 0,
        }
    }
}

impl Compiled {
    /// Nothing compiled, with so many local contexts read.
    pub(super) fn after(locals: u32) -> Self {
        Self { locals, ..Self::default() }
    }

    /// What a name means in an active context.
    pub(super) fn term(&self, active: ActiveId, name: &str) -> Option<&Arc<Term>> {
        let name = self.names.get(name)?;
        self.term_in(self.actives.get(active as usize)?, *name)
    }

    fn term_in(&self, active: &Active, name: u32) -> Option<&Arc<Term>> {
        let term = active.terms.get(name as usize)?;
        self.terms.get(*term as usize)
    }

    pub(super) fn named(&self, active: &Active, name: &str) -> Option<&Arc<Term>> {
        self.term_in(active, *self.names.get(name)?)
    }

    /// All terms of an active context.
    pub(super) fn terms<'s>(&'s self, active: &'s Active) -> impl Iterator<Item = &'s Arc<Term>> {
        active.terms.iter().filter_map(|term| self.terms.get(*term as usize))
    }

    pub(super) fn active(&self, id: ActiveId) -> Option<&Arc<Active>> {
        self.actives.get(id as usize)
    }

    pub(super) fn moved(&self, from: ActiveId, local: u32, scoping: Scoping) -> Option<ActiveId> {
        self.moves.get(&(from, local, scoping)).copied()
    }

    /// How many active contexts there are.
    pub(super) fn len(&self) -> usize {
        self.actives.len()
    }

    pub(super) fn add(&mut self, from: ActiveId, local: u32, scoping: Scoping, active: Active) -> ActiveId {
        let id = self.actives.len() as u32;
        self.actives.push(Arc::new(active));
        self.moves.insert((from, local, scoping), id);
        id
    }

    pub(super) fn set_term(&mut self, active: &mut Active, name: &str, term: Term) {
        let number = match self.names.get(name) {
            Some(number) => *number,
            None => {
                let number = self.names.len() as u32;
                self.names.insert(name.into(), number);
                number
            }
        };
        let at = number as usize;
        if active.terms.len() <= at {
            active.terms.resize(at + 1, NONE);
        }
        if let Some(slot) = active.terms.get_mut(at) {
            *slot = self.terms.len() as u32;
            self.terms.push(Arc::new(term));
        }
    }

    /// Takes a term out, if it is there.
    pub(super) fn take_term(&self, active: &mut Active, name: &str) -> Option<Arc<Term>> {
        let number = *self.names.get(name)?;
        let slot = active.terms.get_mut(number as usize)?;
        let term = self.terms.get(*slot as usize).cloned();
        *slot = NONE;
        term
    }

    pub(super) fn document(&self, url: &str) -> Option<Arc<Local>> {
        self.documents.get(url).cloned()
    }

    pub(super) fn add_document(&mut self, url: &str, local: Arc<Local>) {
        self.documents.insert(url.into(), local);
    }
}
