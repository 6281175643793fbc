//! Context Processing and Create Term Definition (JSON-LD 1.1 API §4.1 and §4.2).

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Contexts,
    active::{Active, ActiveId, Coercion, Compiled, Keyword, Meaning, Scoping, Term},
    iri,
    local::{Definition, Local, Prefix, Scope, Step, Target, delimited},
};

/// Contexts may name contexts this deep, and terms may rest on terms.
const DEPTH: u32 = 16;

const XSD_STRING: &str = "<http://www.w3.org/2001/XMLSchema#string>";

/// Why a context does not come into force.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Changes this protected term.
    Clash(String),
    Malformed(String),
    /// The policy refuses the context at this URL.
    Refused(String),
    Unknown(String),
    Unsupported(String),
}

/// The active context to which a local one leads, compiled at need.
pub(super) fn enter(
    contexts: &Contexts,
    compiled: &mut Compiled,
    from: ActiveId,
    local: &Local,
    scoping: Scoping,
) -> Result<ActiveId, Trouble> {
    let mut active = compiled.active(from).map(|active| Active::clone(active)).unwrap_or_default();
    let said = local.steps.iter().find_map(|step| match step {
        Step::Scope(scope) => scope.propagate,
        _ => None,
    });
    let propagates = said.unwrap_or(scoping != Scoping::Type);
    if !propagates && active.previous.is_none() {
        active.previous = Some(from);
    }
    let mut work = Work { contexts, compiled, override_protected: scoping == Scoping::Property, propagates };
    work.apply(&mut active, local, 0)?;
    Ok(compiled.add(from, local.id, scoping, active))
}

struct Work<'w> {
    contexts: &'w Contexts,
    compiled: &'w mut Compiled,
    override_protected: bool,
    propagates: bool,
}

/// Whether the definition of a term is being made or is made (JSON-LD 1.1 API §4.2, `defined`).
type Defined<'s> = BTreeMap<&'s str, bool>;

impl Work<'_> {
    fn apply(&mut self, active: &mut Active, local: &Local, depth: u32) -> Result<(), Trouble> {
        if depth > DEPTH {
            return Err(Trouble::Unsupported("a long chain of contexts".to_owned()));
        }
        for step in &local.steps {
            match step {
                Step::Null => {
                    let protected = self.compiled.terms(active).any(|term| term.protected);
                    if protected && !self.override_protected {
                        return Err(Trouble::Clash("@context: null".to_owned()));
                    }
                    let previous = if self.propagates { None } else { active.previous };
                    *active = Active::after(previous);
                }
                Step::Url(url) => {
                    let local = self.contexts.local(self.compiled, url)?;
                    self.apply(active, &local, depth + 1)?;
                }
                Step::Scope(scope) => self.scope(active, scope)?,
            }
        }
        Ok(())
    }

    fn scope(&mut self, active: &mut Active, scope: &Scope) -> Result<(), Trouble> {
        match &scope.vocab {
            None => {}
            Some(None) => active.vocab = None,
            Some(Some(vocab)) => {
                let term = vocab.split_once(':').and_then(|(prefix, _)| self.compiled.named(active, prefix));
                if term.is_some() || !iri::is_absolute(vocab) {
                    return Err(Trouble::Unsupported(format!("the vocabulary {vocab:?}")));
                }
                active.vocab = Some(vocab.as_str().into());
            }
        }
        match &scope.language {
            None => {}
            Some(language) => active.language = language.as_ref().map(|tag| tag.to_ascii_lowercase().into()),
        }
        let mut defined = Defined::new();
        for (name, _) in &scope.terms {
            self.define(active, scope, name, &mut defined, 0)?;
        }
        Ok(())
    }

    fn define<'s>(
        &mut self,
        active: &mut Active,
        scope: &'s Scope,
        name: &str,
        defined: &mut Defined<'s>,
        depth: u32,
    ) -> Result<(), Trouble> {
        let entry = scope.terms.binary_search_by(|(own, _)| own.as_str().cmp(name)).ok();
        let Some((name, definition)) = entry.and_then(|at| scope.terms.get(at)) else { return Ok(()) };
        match defined.get(name.as_str()) {
            Some(true) => return Ok(()),
            Some(false) => return Err(Trouble::Malformed(format!("the term {name:?} rests on itself"))),
            None if depth > DEPTH => return Err(Trouble::Unsupported("a long chain of terms".to_owned())),
            None => defined.insert(name, false),
        };
        let before = self.compiled.take_term(active, name);
        let mut term = self.term(active, scope, name, definition, defined, depth)?;
        let guarded = before.filter(|before| before.protected && !self.override_protected);
        if let Some(before) = guarded {
            term.protected = true;
            if *before != term {
                return Err(Trouble::Clash(name.clone()));
            }
            // The scope keeps its older number, under which it is known already.
            term.scope.clone_from(&before.scope);
        }
        self.compiled.set_term(active, name, term);
        defined.insert(name, true);
        Ok(())
    }

    fn term<'s>(
        &mut self,
        active: &mut Active,
        scope: &'s Scope,
        name: &str,
        definition: &Definition,
        defined: &mut Defined<'s>,
        depth: u32,
    ) -> Result<Term, Trouble> {
        let coercion = match definition.coercion.as_deref() {
            None | Some("@none") => Coercion::None,
            Some("@id") => Coercion::Id,
            Some("@vocab") => Coercion::Vocab,
            Some("@json") => Coercion::Json,
            Some(datatype) => match self.expand(active, scope, datatype, defined, depth)? {
                // Canonical N-Quads leave this datatype out.
                Meaning::Iri(iri) if &*iri == XSD_STRING => Coercion::Datatype("".into()),
                Meaning::Iri(iri) => Coercion::Datatype(format!("^^{iri}").into()),
                _ => return Err(Trouble::Malformed(format!("the type of the term {name:?} is no IRI"))),
            },
        };
        let meaning = match (&definition.target, &active.vocab) {
            (Target::Null, _) => Meaning::None,
            (Target::Text(text), _) => self.expand(active, scope, text, defined, depth)?,
            (Target::Implied, Some(vocab)) => absolute(&format!("{vocab}{name}"))?,
            (Target::Implied, None) => {
                return Err(Trouble::Malformed(format!("the term {name:?} stands for nothing")));
            }
        };
        if definition.prefix == Prefix::Yes && meaning.iri().is_none() {
            return Err(Trouble::Malformed(format!("the term {name:?} is a keyword and a prefix")));
        }
        let ends = meaning.iri().is_some_and(delimited);
        let prefix = match definition.prefix {
            Prefix::No => false,
            Prefix::Yes => true,
            Prefix::IfDelimited => ends,
        };
        Ok(Term {
            meaning,
            coercion,
            container: definition.container,
            prefix,
            protected: definition.protected,
            reverse: definition.reverse,
            language: definition
                .language
                .as_ref()
                .map(|language| language.as_ref().map(|tag| tag.to_ascii_lowercase().into())),
            scope: definition.scope.clone(),
        })
    }

    /// IRI Expansion inside a context (JSON-LD 1.1 API §5.2, with `vocab` and a local context).
    fn expand<'s>(
        &mut self,
        active: &mut Active,
        scope: &'s Scope,
        text: &str,
        defined: &mut Defined<'s>,
        depth: u32,
    ) -> Result<Meaning, Trouble> {
        if text.starts_with('@') {
            return match Keyword::of(text) {
                Some(keyword) => Ok(Meaning::Keyword(keyword)),
                None => Err(Trouble::Unsupported(format!("a term for {text}"))),
            };
        }
        if scope.get(text).is_some() {
            self.define(active, scope, text, defined, depth + 1)?;
        }
        if let Some(term) = self.compiled.named(active, text) {
            return Ok(term.meaning.clone());
        }
        let Some((prefix, suffix)) = text.split_once(':') else {
            return match &active.vocab {
                Some(vocab) => absolute(&format!("{vocab}{text}")),
                None => Err(Trouble::Unsupported(format!("the relative IRI {text:?} in a context"))),
            };
        };
        if !suffix.starts_with("//") {
            if scope.get(prefix).is_some() {
                self.define(active, scope, prefix, defined, depth + 1)?;
            }
            let term = self.compiled.named(active, prefix).filter(|term| term.prefix);
            if let Some(iri) = term.and_then(|term| term.meaning.iri()) {
                return absolute(&format!("{iri}{suffix}"));
            }
        }
        absolute(text)
    }
}

fn absolute(iri: &str) -> Result<Meaning, Trouble> {
    if iri::is_absolute(iri) {
        Ok(Meaning::Iri(Arc::from(format!("<{iri}>"))))
    } else {
        Err(Trouble::Unsupported(format!("{iri:?} in the place of an IRI")))
    }
}
