//! Which terms the contexts of a credential define, as far as that can be known from the document.

use std::collections::HashMap;

use crate::json::{Json, Object, Path, shortened};
use crate::model::{contexts, form};

use super::{Fault, walk::Walk};

/// The terms that `https://www.w3.org/ns/credentials/v2` defines and protects for a whole document.
const PROTECTED: &[&str] = &[
    "BitstringStatusList",
    "BitstringStatusListCredential",
    "BitstringStatusListEntry",
    "DataIntegrityProof",
    "EnvelopedVerifiableCredential",
    "EnvelopedVerifiablePresentation",
    "JsonSchema",
    "JsonSchemaCredential",
    "VerifiableCredential",
    "VerifiablePresentation",
    "description",
    "digestMultibase",
    "digestSRI",
    "id",
    "mediaType",
    "name",
    "type",
];

/// The terms in force.
#[derive(Default)]
pub(super) struct Terms {
    /// Terms of contexts in the document, and whether they are protected.
    own: HashMap<String, (String, bool)>,
    /// Whether a context that is not looked into may define any term.
    open: bool,
}

impl Terms {
    /// Reads the contexts of a credential: the data model's first, then URLs and objects (§4.3).
    pub(super) fn of(walk: &mut Walk, credential: &Object<'_>, path: &Path<'_>) -> Self {
        let path = path.member("@context");
        let mut terms = Self::default();
        let Some(value) = credential.get("@context") else {
            walk.refuse(&path, Fault::Missing("a verifiable credential"));
            return terms;
        };
        let items = value.one_or_many();
        if !matches!(items.first().and_then(Json::as_str), Some(contexts::VC_20 | contexts::VC_11)) {
            let found = items.first().map_or("nothing", |first| first.as_str().unwrap_or(first.kind()));
            let found = shortened(found);
            walk.refuse(&path.item(0), Fault::Context { found, wanted: contexts::VC_20 });
        }
        for (at, item) in items.iter().enumerate().skip(1) {
            let path = path.item(at);
            match item {
                Json::String(url) if form::is_uri(url) => terms.open = true,
                Json::Object(inline) => terms.define(walk, inline, &path),
                other => {
                    let found = shortened(other.as_str().unwrap_or(other.kind()));
                    walk.refuse(&path, Fault::Context { found, wanted: "the URL of a context" });
                }
            }
        }
        terms
    }

    /// Whether this may stand as a type.
    pub(super) fn names(&self, name: &str) -> bool {
        form::is_uri(name)
            || PROTECTED.contains(&name)
            || self.own.get(name).is_some_and(|(iri, _)| form::is_uri(iri))
            || self.open && !name.is_empty() && !name.contains([':', ' ', '/'])
    }

    fn define(&mut self, walk: &mut Walk, inline: &Object<'_>, path: &Path<'_>) {
        let protected = matches!(inline.get("@protected"), Some(Json::Boolean(true)));
        for (term, definition) in inline.iter() {
            let path = path.member(term);
            match (term, definition) {
                ("@vocab", definition) => self.open = definition.as_str().is_some_and(form::is_uri),
                (term, _) if term.starts_with('@') => {}
                (term, definition) => {
                    let iri = definition.as_str().or_else(|| definition.as_object()?.text("@id"));
                    let iri = iri.unwrap_or_default().to_owned();
                    let fixed = PROTECTED.contains(&term)
                        || self.own.get(term).is_some_and(|(own, protected)| *protected && *own != iri);
                    if fixed {
                        walk.refuse(&path, Fault::Redefined);
                    }
                    self.own.insert(term.to_owned(), (iri, protected));
                }
            }
        }
    }
}
