//! JSON-LD without the rules: for the test suite of JSON-LD alone, never for a credential.

use super::{
    JsonLdError,
    active::{ActiveId, Keyword},
    dataset::Node,
    error::{dropped, unsupported},
    iri, literal,
    walk::{Edge, Walk},
};
use crate::json::{Json, Object, Path};

impl<'d> Walk<'_, 'd> {
    /// The value of an object's only member, if that is this keyword.
    pub(super) fn only(
        &self,
        active: ActiveId,
        object: &'d Object<'d>,
        keyword: Keyword,
    ) -> Option<&'d Json<'d>> {
        let (name, value) = object.iter().next().filter(|_| object.len() == 1)?;
        (self.keyword(active, name) == Some(keyword)).then_some(value)
    }

    pub(super) fn free_object(
        &mut self,
        edge: &Edge<'_>,
        object: &'d Object<'d>,
        path: &Path<'_>,
    ) -> Result<Node, JsonLdError> {
        let keyword = |name: &str| match self.keyword(edge.active, name) {
            Some(Keyword::Id | Keyword::Type) | None => false,
            Some(_) => true,
        };
        let listed = edge.term.container.list || edge.term.reverse;
        if let Some(list) = self.only(edge.active, object, Keyword::List).filter(|_| !listed) {
            return self.list(edge, list.one_or_many(), path);
        }
        if object.iter().any(|(name, _)| keyword(name)) {
            return Err(unsupported(path, "a keyword in this place"));
        }
        self.node(object, edge, edge.graph, path)
    }

    pub(super) fn free_value(
        &mut self,
        active: ActiveId,
        object: &Object<'_>,
        path: &Path<'_>,
    ) -> Result<Node, JsonLdError> {
        if object.iter().any(|(name, _)| !matches!(name, "@value" | "@type" | "@language" | "@context")) {
            return Err(unsupported(path, "a keyword beside @value"));
        }
        if object.get("@context").is_some() {
            return Err(unsupported(path, "@context beside @value"));
        }
        let datatype = match object.get("@type") {
            None => None,
            Some(Json::String(name)) => Some(self.datatype(active, name, path)?),
            Some(_) => return Err(dropped(path, "a datatype that is no text")),
        };
        let value = object.get("@value").unwrap_or(&Json::Null);
        if let (Some(datatype), Json::String(text), None) = (&datatype, value, object.get("@language")) {
            return Ok(self.literal(text, datatype));
        }
        match (value, object.get("@language"), datatype) {
            (Json::String(text), None, None) => Ok(self.literal(text, "")),
            (Json::String(text), Some(Json::String(tag)), None) if literal::is_language(tag) => {
                Ok(self.literal(text, &format!("@{}", tag.to_ascii_lowercase())))
            }
            (Json::Boolean(value), None, datatype) => {
                let text = if *value { "true" } else { "false" };
                Ok(self.literal(text, datatype.as_deref().unwrap_or(literal::BOOLEAN)))
            }
            (Json::Number(number), None, datatype) => {
                let span = self.data.piece(|out| {
                    literal::push_number(out, *number, datatype.as_deref());
                });
                Ok(Node::Text(span))
            }
            _ => Err(dropped(path, "an odd value")),
        }
    }

    fn datatype(&self, active: ActiveId, name: &str, path: &Path<'_>) -> Result<String, JsonLdError> {
        let iri = match self.compiled.term(active, name) {
            Some(term) => term.meaning.iri().map(str::to_owned),
            None if name.starts_with('@') => return Err(unsupported(path, "a keyword as a datatype")),
            None => self.vocabulary(active, name, path)?.map(|iri| iri.trim_matches(['<', '>']).to_owned()),
        };
        let iri = iri.filter(|iri| iri::is_absolute(iri));
        let iri = iri.ok_or_else(|| dropped(path, "a datatype that is no IRI"))?;
        Ok(if iri == "http://www.w3.org/2001/XMLSchema#string" {
            String::new()
        } else {
            format!("^^<{iri}>")
        })
    }
}
