//! Expansion to quads in one walk over the JSON (JSON-LD 1.1 API §5.1 and §8.1, taken together).

use std::sync::Arc;

use super::{
    Budget, Contexts, JsonLdError, Rule,
    active::{Active, ActiveId, Compiled, EMPTY, Keyword, Meaning, Scoping, Term},
    compile::{self, Trouble},
    dataset::{Dataset, Node, Quad, Span},
    document::{self, Fault},
    embedded::{self, Embedded, RDF_TYPE},
    error::{broken, dropped, unsupported},
    local::Local,
    places::Places,
};
use crate::json::{Json, Object, Path};

/// Deeper trees are not walked; the reader of JSON stops earlier.
const DEPTH: u32 = 256;

/// How many contexts one `@context` may list (rule 1).
const CONTEXTS: usize = 8;

/// The members whose objects are credentials of their own.
const EMBEDDING: [&str; 2] = ["endorsement", COLLECTING];

/// The member whose credentials speak for themselves, not about the one that holds them.
const COLLECTING: &str = "verifiableCredential";

pub(super) struct Walk<'c, 'd> {
    pub(super) contexts: &'c Contexts,
    pub(super) compiled: Arc<Compiled>,
    pub(super) data: Dataset,
    /// Whether the rules of [`Rule`] hold; without them only the tests of JSON-LD itself are run.
    pub(super) rules: bool,
    pub(super) places: Places<'d>,
    embedded: Vec<Embedded>,
    /// How many credentials are around the object at hand.
    depth: usize,
    new_contexts: u32,
}

/// How one property leads to its values.
#[derive(Clone, Copy)]
pub(super) struct Edge<'e> {
    pub(super) active: ActiveId,
    pub(super) name: &'e str,
    pub(super) term: &'e Arc<Term>,
    pub(super) subject: Node,
    pub(super) predicate: Span,
    pub(super) graph: Option<Node>,
}

impl<'c, 'd> Walk<'c, 'd> {
    pub(super) fn new(contexts: &'c Contexts, compiled: Arc<Compiled>, budget: &Budget, rules: bool) -> Self {
        let data = Dataset::new(budget.bytes.get());
        let places = Places::none(budget.comparisons.get());
        let (embedded, new_contexts) = (Vec::new(), budget.contexts.get());
        Self { contexts, compiled, data, rules, places, embedded, depth: 0, new_contexts }
    }

    /// Takes what was spent off the budget.
    pub(super) fn settle(&self, budget: &Budget) {
        budget.bytes.set(budget.bytes.get().saturating_sub(self.data.length()));
        budget.comparisons.set(self.places.steps);
        budget.contexts.set(self.new_contexts);
    }

    /// Walks the whole document, but for its `@context` and the members in `omit`.
    pub(super) fn root(
        &mut self,
        object: &'d Object<'d>,
        omit: &[&str],
        context: &Json<'_>,
    ) -> Result<(), JsonLdError> {
        let path = Path::ROOT;
        let active = self.embedded_context(EMPTY, context, &path)?;
        if self.rules {
            self.places = Places::of(object, self.places.steps);
        }
        let start = self.data.quads().len();
        let node = self.members(object, omit, active, None, &path)?;
        if self.data.quads().len() == start {
            return Err(dropped(&path, "an object without a statement"));
        }
        if self.embedded.is_empty() { Ok(()) } else { embedded::check(&self.data, node, &self.embedded) }
    }

    /// An object that stands as the value of a property.
    pub(super) fn node(
        &mut self,
        object: &'d Object<'d>,
        edge: &Edge<'_>,
        graph: Option<Node>,
        path: &Path<'_>,
    ) -> Result<Node, JsonLdError> {
        if path.depth() > DEPTH {
            return Err(JsonLdError::TooComplex);
        }
        let mut active = edge.active;
        let previous = self.compiled.active(active).and_then(|active| active.previous);
        if let Some(previous) = previous
            && !self.is_reference(object, active)
        {
            active = previous;
        }
        if let Some(scope) = &edge.term.scope {
            active = self.enter(active, scope, Scoping::Property, path)?;
        }
        let embeds = self.rules && EMBEDDING.contains(&edge.name);
        match object.get("@context") {
            Some(context) if embeds || !self.rules => {
                active = self.embedded_context(active, context, &path.member("@context"))?;
            }
            Some(_) => {
                return Err(broken(path, Rule::Contexts, "@context does not belong here"));
            }
            None if embeds => {
                return Err(broken(path, Rule::OwnContext, "a credential inside another has no @context"));
            }
            None => {}
        }
        if !embeds {
            return self.members(object, &[], active, graph, path);
        }
        if edge.name == COLLECTING {
            let before = self.places.collect(object);
            let node = self.members(object, &[], active, graph, path)?;
            self.places.leave(before);
            return Ok(node);
        }
        let start = self.data.quads().len();
        self.depth += 1;
        let node = self.members(object, &[], active, graph, path)?;
        self.depth -= 1;
        let quads = (start, self.data.quads().len());
        self.embedded.push(Embedded { node, quads, depth: self.depth, path: path.to_string() });
        Ok(node)
    }

    /// Whether an object holds nothing but an id, which does not end the scope of a type.
    fn is_reference(&self, object: &Object<'_>, active: ActiveId) -> bool {
        let mut names = object.iter().map(|(name, _)| name);
        let only = names.next().filter(|_| object.len() == 1);
        only.is_some_and(|name| self.keyword(active, name) == Some(Keyword::Id))
    }

    /// The keyword that a name stands for. With the rules in force only `id` and `type` stand for one.
    pub(super) fn keyword(&self, active: ActiveId, name: &str) -> Option<Keyword> {
        if self.rules && name != "id" && name != "type" {
            return None;
        }
        if name.starts_with('@') {
            return Keyword::of(name);
        }
        match self.compiled.term(active, name)?.meaning {
            Meaning::Keyword(keyword) => Some(keyword),
            _ => None,
        }
    }

    /// Types, id and properties of an object; gives the node that it is.
    pub(super) fn members(
        &mut self,
        object: &'d Object<'d>,
        omit: &[&str],
        untyped: ActiveId,
        graph: Option<Node>,
        path: &Path<'_>,
    ) -> Result<Node, JsonLdError> {
        let mut active = untyped;
        let mut types = object.iter().filter(|(name, _)| self.keyword(untyped, name) == Some(Keyword::Type));
        let typed = types.next();
        if types.next().is_some() {
            return Err(unsupported(path, "a type given twice"));
        }
        if let Some((name, value)) = typed {
            active = self.typed(active, value, &path.member(name))?;
        }
        let mut ids = object.iter().filter(|(name, _)| self.keyword(active, name) == Some(Keyword::Id));
        let (id, again) = (ids.next(), ids.next());
        if again.is_some() {
            return Err(unsupported(path, "an id given twice"));
        }
        let subject = match id {
            None => self.data.blank(),
            Some((name, Json::String(id))) => {
                self.places.check(object, id, graph.is_none(), path)?;
                self.reference(active, id, &path.member(name))?
            }
            Some((name, _)) => return Err(dropped(&path.member(name), "an id that is no text")),
        };
        if let Some((name, value)) = typed {
            self.types(untyped, value, subject, graph, &path.member(name))?;
        }
        for (name, value) in object.iter() {
            let known = id.is_some_and(|(id, _)| id == name) || typed.is_some_and(|(own, _)| own == name);
            if known || name == "@context" || omit.contains(&name) {
                continue;
            }
            self.member(active, name, value, subject, graph, path)?;
        }
        Ok(subject)
    }

    fn member(
        &mut self,
        active: ActiveId,
        name: &str,
        value: &'d Json<'d>,
        subject: Node,
        graph: Option<Node>,
        path: &Path<'_>,
    ) -> Result<(), JsonLdError> {
        let path = path.member(name);
        let term = match self.compiled.term(active, name) {
            Some(term) => Arc::clone(term),
            None => Arc::new(self.undefined(active, name, &path)?),
        };
        let predicate = match &term.meaning {
            Meaning::Iri(iri) => self.data.piece(|out| out.push_str(iri)),
            Meaning::Keyword(_) if self.rules => {
                return Err(broken(&path, Rule::Terms, "another name for a keyword"));
            }
            Meaning::Keyword(_) => return Err(unsupported(&path, "a keyword among the properties")),
            Meaning::None => return Err(dropped(&path, "a term without a meaning here")),
        };
        let edge = Edge { active, name, term: &term, subject, predicate, graph };
        self.values(&edge, value, &path)
    }

    /// What a name means that is no term of the context.
    fn undefined(&self, active: ActiveId, name: &str, path: &Path<'_>) -> Result<Term, JsonLdError> {
        if self.rules && name.starts_with('@') {
            return Err(broken(path, Rule::Terms, "a keyword in the place of a term"));
        }
        if self.rules && name.contains(':') {
            return Err(broken(path, Rule::Terms, "an IRI in the place of a term"));
        }
        if name.starts_with('@') {
            return Err(unsupported(path, "a keyword among the properties"));
        }
        match self.vocabulary(active, name, path)? {
            Some(iri) => Ok(Term::plain(Meaning::Iri(iri))),
            None => Err(dropped(path, "a name that no context defines")),
        }
    }

    /// Enters the contexts of the types, in the order of their names (JSON-LD 1.1 API §5.1.2 step 11).
    fn typed(
        &mut self,
        untyped: ActiveId,
        value: &Json<'_>,
        path: &Path<'_>,
    ) -> Result<ActiveId, JsonLdError> {
        let mut names: Vec<&str> = value.one_or_many().iter().filter_map(Json::as_str).collect();
        names.sort_unstable();
        names.dedup();
        let mut active = untyped;
        for name in names {
            let scope = self.compiled.term(untyped, name).and_then(|term| term.scope.clone());
            if let Some(scope) = scope {
                active = self.enter(active, &scope, Scoping::Type, path)?;
            }
        }
        Ok(active)
    }

    fn types(
        &mut self,
        active: ActiveId,
        value: &Json<'_>,
        subject: Node,
        graph: Option<Node>,
        path: &Path<'_>,
    ) -> Result<(), JsonLdError> {
        let predicate = self.data.piece(|out| out.push_str(RDF_TYPE));
        for item in value.one_or_many() {
            let Json::String(name) = item else {
                return Err(dropped(path, "a type that is no text"));
            };
            let object = self.type_or_term(active, name, path)?;
            self.data.add(Quad { subject, predicate, object, graph })?;
        }
        Ok(())
    }

    pub(super) fn enter(
        &mut self,
        from: ActiveId,
        local: &Local,
        scoping: Scoping,
        path: &Path<'_>,
    ) -> Result<ActiveId, JsonLdError> {
        if let Some(known) = self.compiled.moved(from, local.id, scoping) {
            return Ok(known);
        }
        self.new_contexts = self.new_contexts.checked_sub(1).ok_or(JsonLdError::TooComplex)?;
        let compiled = Arc::make_mut(&mut self.compiled);
        compile::enter(self.contexts, compiled, from, local, scoping)
            .map_err(|trouble| in_vain(trouble, path))
    }

    /// Enters the value of an `@context` (rule 1).
    pub(super) fn embedded_context(
        &mut self,
        from: ActiveId,
        context: &Json<'_>,
        path: &Path<'_>,
    ) -> Result<ActiveId, JsonLdError> {
        let items = context.one_or_many();
        if self.rules && items.len() > CONTEXTS {
            return Err(broken(path, Rule::Contexts, "more than 8 contexts"));
        }
        let mut active = from;
        for (at, item) in items.iter().enumerate() {
            let local = match item {
                Json::String(url) => {
                    if self.rules && items.iter().take(at).any(|before| before == item) {
                        return Err(broken(path, Rule::Contexts, "a context that is listed twice"));
                    }
                    self.document(url).map_err(|trouble| in_vain(trouble, path))?
                }
                _ if self.rules => {
                    return Err(broken(path, Rule::Contexts, "a context that is no URL"));
                }
                inline => {
                    let compiled = Arc::make_mut(&mut self.compiled);
                    document::read(inline, &mut compiled.locals)
                        .map_err(|fault| in_vain(fault.into(), path))?
                }
            };
            active = self.enter(active, &local, Scoping::Embedded, path)?;
        }
        Ok(active)
    }

    fn document(&mut self, url: &str) -> Result<Arc<Local>, Trouble> {
        match self.compiled.document(url) {
            Some(local) => Ok(local),
            None => self.contexts.local(Arc::make_mut(&mut self.compiled), url),
        }
    }

    pub(super) fn active(&self, id: ActiveId) -> Option<&Arc<Active>> {
        self.compiled.active(id)
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Malformed(message) => Self::Malformed(message),
            Fault::Unsupported(feature) => Self::Unsupported(feature),
        }
    }
}

pub(super) fn in_vain(trouble: Trouble, path: &Path<'_>) -> JsonLdError {
    let path_text = path.to_string();
    match trouble {
        Trouble::Clash(term) => JsonLdError::ContextClash { path: path_text, term },
        Trouble::Malformed(message) => broken(path, Rule::Contexts, &message),
        Trouble::Refused(url) => {
            let message = format!("the context {url:?} gives any name a meaning: define the terms instead");
            broken(path, Rule::Contexts, &message)
        }
        Trouble::Unknown(url) => JsonLdError::ContextUnknown { path: path_text, url },
        Trouble::Unsupported(feature) => JsonLdError::Unsupported { path: path_text, feature },
    }
}
