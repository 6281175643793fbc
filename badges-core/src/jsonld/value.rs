//! The values of a property.

use std::sync::Arc;

use super::{
    JsonLdError, Rule,
    active::{ActiveId, Coercion, Keyword, Meaning, Scoping, Term},
    dataset::{Node, Quad, Span},
    error::{broken, dropped, unsupported},
    iri, literal,
    local::Container,
    walk::{Edge, Walk},
};
use crate::json::{self, Json, Object, Path};

const RDF_FIRST: &str = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>";
const RDF_REST: &str = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>";
const RDF_NIL: &str = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>";

impl Term {
    /// A name that stands for an IRI without having been defined.
    pub(super) fn plain(meaning: Meaning) -> Self {
        Self {
            meaning,
            coercion: Coercion::None,
            container: Container::default(),
            prefix: false,
            protected: false,
            reverse: false,
            language: None,
            scope: None,
        }
    }
}

impl<'d> Walk<'_, 'd> {
    pub(super) fn values(
        &mut self,
        edge: &Edge<'_>,
        value: &'d Json<'d>,
        path: &Path<'_>,
    ) -> Result<(), JsonLdError> {
        if edge.term.coercion == Coercion::Json {
            let text = json::canonical(value);
            let object = self.literal(&text, literal::JSON);
            return self.say(edge, object, path);
        }
        if edge.term.container.list {
            let listed = match value {
                Json::Object(object) if !self.rules => self.only(edge.active, object, Keyword::List),
                _ => None,
            };
            let object = self.list(edge, listed.unwrap_or(value).one_or_many(), path)?;
            return self.say(edge, object, path);
        }
        let Json::Array(items) = value else { return self.value(edge, value, path) };
        for (at, item) in items.iter().enumerate() {
            let path = path.item(at);
            match item {
                Json::Array(_) if self.rules => {
                    return Err(broken(&path, Rule::Values, "an array directly in an array"));
                }
                // Only the tests of JSON-LD come here, which are shallow.
                Json::Array(_) => return Err(unsupported(&path, "an array directly in an array")),
                item => self.value(edge, item, &path)?,
            }
        }
        Ok(())
    }

    fn value(&mut self, edge: &Edge<'_>, value: &'d Json<'d>, path: &Path<'_>) -> Result<(), JsonLdError> {
        if !self.rules
            && let Json::Object(object) = value
            && let Some(items) = self.only(edge.active, object, Keyword::Set)
        {
            return self.values(edge, items, path);
        }
        if edge.term.container.graph {
            return self.graph(edge, value, path);
        }
        let object = self.object(edge, value, path)?;
        self.say(edge, object, path)
    }

    /// An object in a graph of its own (JSON-LD 1.1 API §5.1.2 step 13.12).
    fn graph(&mut self, edge: &Edge<'_>, value: &'d Json<'d>, path: &Path<'_>) -> Result<(), JsonLdError> {
        let Json::Object(object) = value else {
            return Err(dropped(path, "a value that is no object, where a graph is meant"));
        };
        if object.get("@value").is_some() || object.get("@graph").is_some() || object.get("@list").is_some() {
            return Err(unsupported(path, "a keyword where a graph is meant"));
        }
        let graph = self.data.blank();
        self.say(edge, graph, path)?;
        let before = self.data.quads().len();
        self.node(object, edge, Some(graph), path)?;
        if self.data.quads().len() == before {
            return Err(dropped(path, "an object without a statement"));
        }
        Ok(())
    }

    fn say(&mut self, edge: &Edge<'_>, object: Node, path: &Path<'_>) -> Result<(), JsonLdError> {
        let Edge { subject, predicate, graph, .. } = *edge;
        if !edge.term.reverse {
            return self.data.add(Quad { subject, predicate, object, graph });
        }
        let literal = matches!(object, Node::Text(span) if self.data.get(span).starts_with('"'));
        if literal {
            return Err(dropped(path, "a text where a reverse property names its subject"));
        }
        self.data.add(Quad { subject: object, predicate, object: subject, graph })
    }

    /// A chain of blank nodes (JSON-LD 1.1 API §8.3).
    pub(super) fn list(
        &mut self,
        edge: &Edge<'_>,
        items: &'d [Json<'d>],
        path: &Path<'_>,
    ) -> Result<Node, JsonLdError> {
        let first = self.data.piece(|out| out.push_str(RDF_FIRST));
        let rest = self.data.piece(|out| out.push_str(RDF_REST));
        let nil = Node::Text(self.data.piece(|out| out.push_str(RDF_NIL)));
        let graph = edge.graph;
        let mut head = None;
        let mut last: Option<Node> = None;
        for (at, item) in items.iter().enumerate() {
            let path = path.item(at);
            if item.as_array().is_some() {
                return Err(broken(&path, Rule::Values, "an array directly in an array"));
            }
            let subject = self.data.blank();
            match last {
                None => head = Some(subject),
                Some(last) => {
                    self.data.add(Quad { subject: last, predicate: rest, object: subject, graph })?;
                }
            }
            let object = self.object(edge, item, &path)?;
            self.data.add(Quad { subject, predicate: first, object, graph })?;
            last = Some(subject);
        }
        if let Some(last) = last {
            self.data.add(Quad { subject: last, predicate: rest, object: nil, graph })?;
        }
        Ok(head.unwrap_or(nil))
    }

    fn object(&mut self, edge: &Edge<'_>, value: &'d Json<'d>, path: &Path<'_>) -> Result<Node, JsonLdError> {
        match value {
            Json::Null => Err(dropped(path, "null")),
            Json::Array(_) => Err(broken(path, Rule::Values, "an array directly in an array")),
            Json::Object(object) if object.get("@value").is_some() => self.value_object(edge, object, path),
            Json::Object(object) if !self.rules => self.free_object(edge, object, path),
            Json::Object(object) => self.node(object, edge, edge.graph, path),
            scalar => self.scalar(edge, scalar, path),
        }
    }

    /// A text, number or boolean (JSON-LD 1.1 API §5.3).
    fn scalar(&mut self, edge: &Edge<'_>, value: &Json<'_>, path: &Path<'_>) -> Result<Node, JsonLdError> {
        let Some(scope) = &edge.term.scope else {
            return self.coerced(edge.active, Some(edge.term), value, path);
        };
        let active = self.enter(edge.active, scope, Scoping::Property, path)?;
        let term = self.compiled.term(active, edge.name).map(Arc::clone);
        self.coerced(active, term.as_ref(), value, path)
    }

    fn coerced(
        &mut self,
        active: ActiveId,
        term: Option<&Arc<Term>>,
        value: &Json<'_>,
        path: &Path<'_>,
    ) -> Result<Node, JsonLdError> {
        let coercion = term.map_or(&Coercion::None, |term| &term.coercion);
        let datatype = match coercion {
            Coercion::Datatype(datatype) => Some(&**datatype),
            _ => None,
        };
        match (value, coercion) {
            (Json::String(text), Coercion::Id) => self.reference(active, text, path),
            (Json::String(text), Coercion::Vocab) => self.type_or_term(active, text, path),
            (Json::String(text), Coercion::Datatype(datatype)) => Ok(self.literal(text, datatype)),
            (Json::String(text), _) => {
                let own = term.and_then(|term| term.language.clone());
                let common = || self.active(active).and_then(|active| active.language.clone());
                match own.unwrap_or_else(common) {
                    Some(tag) if literal::is_language(&tag) => Ok(self.literal(text, &format!("@{tag}"))),
                    Some(_) => Err(dropped(path, "a text whose language is malformed")),
                    None => Ok(self.literal(text, "")),
                }
            }
            (Json::Boolean(value), _) => {
                let text = if *value { "true" } else { "false" };
                Ok(self.literal(text, datatype.unwrap_or(literal::BOOLEAN)))
            }
            (Json::Number(number), _) => {
                let mut one_form = true;
                let span = self.data.piece(|out| one_form = literal::push_number(out, *number, datatype));
                let odd = || unsupported(path, "a number that is rounded in two ways");
                one_form.then_some(Node::Text(span)).ok_or_else(odd)
            }
            _ => Err(dropped(path, value.kind())),
        }
    }

    /// A text with its language: the one use of `@value` that is not another spelling of something else.
    fn value_object(
        &mut self,
        edge: &Edge<'_>,
        object: &Object<'_>,
        path: &Path<'_>,
    ) -> Result<Node, JsonLdError> {
        if object.get("@direction").is_some() {
            return Err(unsupported(path, "@direction, which no signature covers,"));
        }
        if !self.rules {
            return self.free_value(edge.active, object, path);
        }
        match (object.get("@value"), object.get("@language")) {
            (Some(Json::String(text)), Some(Json::String(tag)))
                if object.len() == 2 && matches!(edge.name, "name" | "description") =>
            {
                if literal::is_language(tag) {
                    Ok(self.literal(text, &format!("@{}", tag.to_ascii_lowercase())))
                } else {
                    Err(dropped(path, "a text whose language is malformed"))
                }
            }
            _ => Err(broken(path, Rule::Terms, "@value without need")),
        }
    }

    pub(super) fn literal(&mut self, text: &str, suffix: &str) -> Node {
        Node::Text(self.data.piece(|out| {
            literal::push_quoted(out, text);
            out.push_str(suffix);
        }))
    }

    /// An id: an absolute IRI as it stands.
    pub(super) fn reference(
        &mut self,
        active: ActiveId,
        text: &str,
        path: &Path<'_>,
    ) -> Result<Node, JsonLdError> {
        if text.starts_with("_:") {
            return Err(if self.rules {
                broken(path, Rule::Values, "a blank node named by the document")
            } else {
                unsupported(path, "a named blank node")
            });
        }
        match text.split_once(':') {
            Some((scheme, rest)) if !rest.starts_with("//") => {
                let term = self.compiled.term(active, scheme).filter(|term| term.prefix);
                if let Some(full) = term.and_then(|term| term.meaning.iri()) {
                    if self.rules {
                        return Err(broken(path, Rule::Values, "an abbreviated IRI"));
                    }
                    let full = format!("{full}{rest}");
                    return self.iri(&full).ok_or_else(|| dropped(path, "what is no IRI"));
                }
            }
            _ => {}
        }
        self.iri(text).ok_or_else(|| dropped(path, "an id that is no absolute IRI"))
    }

    pub(super) fn iri(&mut self, text: &str) -> Option<Node> {
        iri::is_absolute(text).then(|| Node::Text(self.enclosed(text)))
    }

    fn enclosed(&mut self, text: &str) -> Span {
        self.data.piece(|out| {
            out.push('<');
            out.push_str(text);
            out.push('>');
        })
    }

    /// A type, or the value of a property that takes terms (rule 3).
    pub(super) fn type_or_term(
        &mut self,
        active: ActiveId,
        text: &str,
        path: &Path<'_>,
    ) -> Result<Node, JsonLdError> {
        if let Some(term) = self.compiled.term(active, text) {
            let Meaning::Iri(iri) = &term.meaning else {
                return Err(dropped(path, "a type that is no IRI"));
            };
            let iri = Arc::clone(iri);
            return Ok(Node::Text(self.data.piece(|out| out.push_str(&iri))));
        }
        if self.rules && text.contains(':') {
            let known = self.active(active).is_some_and(|own| {
                self.compiled.terms(own).any(|term| term.meaning.iri().is_some_and(|iri| iri == text))
            });
            if known {
                return Err(broken(path, Rule::Types, "an IRI for which there is a term"));
            }
            return self.reference(active, text, path);
        }
        match self.vocabulary(active, text, path)? {
            Some(iri) => Ok(Node::Text(self.data.piece(|out| out.push_str(&iri)))),
            None => Err(dropped(path, "a type that no context defines")),
        }
    }

    /// The IRI, between `<` and `>`, of a name that is no term; none if it has none.
    pub(super) fn vocabulary(
        &self,
        active: ActiveId,
        name: &str,
        path: &Path<'_>,
    ) -> Result<Option<Arc<str>>, JsonLdError> {
        let full = match name.split_once(':') {
            Some(("_", _)) => return Err(unsupported(path, "a named blank node")),
            Some((prefix, rest)) => {
                let term = self.compiled.term(active, prefix).filter(|term| term.prefix);
                let prefix = term.filter(|_| !rest.starts_with("//")).and_then(|term| term.meaning.iri());
                prefix.map_or_else(|| name.to_owned(), |prefix| format!("{prefix}{rest}"))
            }
            None if name.starts_with('@') => return Ok(None),
            None => match self.active(active).and_then(|active| active.vocab.as_ref()) {
                Some(vocab) => format!("{vocab}{name}"),
                None => return Ok(None),
            },
        };
        Ok(iri::is_absolute(&full).then(|| Arc::from(format!("<{full}>"))))
    }
}
