//! What the suites of others, fuzzing and the maker of the context tables ask for, and no host should: the feature
//! `suites`.

mod nquads;
mod render;

use render::render;

use super::{
    Budget, ContextError, Contexts, HashAlgorithm, JsonLdError,
    active::{ActiveId, EMPTY},
    contexts,
    error::{dropped, unsupported},
    rdfc, table,
    walk::Walk,
};
use crate::json::{Json, Path};

impl Contexts {
    /// The canonical N-Quads of any JSON-LD document, inline contexts included and no rule applied, for the
    /// test suite of JSON-LD. Never use it for a credential.
    ///
    /// # Errors
    ///
    /// [`JsonLdError`] for what is malformed, would be lost or is not supported.
    pub fn canonicalize_freely(&self, document: &Json<'_>, budget: &Budget) -> Result<String, JsonLdError> {
        let mut walk = Walk::new(self, self.compiled(), budget, false);
        walk.free_root(document)?;
        rdfc::canonical(&walk.data, HashAlgorithm::Sha256, budget)
    }

    /// The context in the form in which it is held, for those who make and compare tables.
    pub fn table(&self, url: &str) -> Option<String> {
        match self.host.get(url) {
            Some(own) => render(url, &own.sha256, &own.local),
            None => {
                let table = table::load(contexts::built_in(url)?, &mut 0)?;
                render(url, &table.sha256, &table.local)
            }
        }
    }

    /// The table of a context document.
    ///
    /// # Errors
    ///
    /// [`ContextError`] if the document is not a context for which tables have a form.
    pub fn table_of(url: &str, document: &[u8]) -> Result<String, ContextError> {
        let local = contexts::read(url, document, &mut 0)?;
        let no_form =
            || ContextError::Unsupported { url: url.to_owned(), feature: "what no table holds".to_owned() };
        render(url, &contexts::hash(document), &local).ok_or_else(no_form)
    }
}

/// The canonical form of a dataset in N-Quads, and what each label of a blank node became.
#[derive(Debug)]
pub struct CanonicalQuads {
    /// Canonical N-Quads.
    pub text: String,
    /// The labels of the input, without `_:`, with those of the canonical form.
    pub labels: Vec<(String, String)>,
}

/// The canonical form of a dataset given as N-Quads, for the test suite of RDFC-1.0.
///
/// # Errors
///
/// [`JsonLdError::TooComplex`], and [`JsonLdError::Unsupported`] for what are no N-Quads.
pub fn canonicalize_nquads(
    text: &str,
    algorithm: HashAlgorithm,
    budget: &Budget,
) -> Result<CanonicalQuads, JsonLdError> {
    let malformed =
        || JsonLdError::Unsupported { path: "$".to_owned(), feature: "text that is no N-Quads".to_owned() };
    let parsed = nquads::parse(text, budget.bytes.get()).ok_or_else(malformed)?;
    let numbers = rdfc::labels(&parsed.data, algorithm, budget)?;
    let text = rdfc::serialize(&parsed.data, &numbers);
    let pairs = parsed.labels.into_iter().zip(numbers);
    let labels = pairs.filter_map(|(label, number)| Some((label, format!("c14n{}", number?)))).collect();
    Ok(CanonicalQuads { text, labels })
}

impl<'d> Walk<'_, 'd> {
    /// A whole document: an object, or an array of objects.
    fn free_root(&mut self, document: &'d Json<'d>) -> Result<(), JsonLdError> {
        for item in document.one_or_many() {
            let Json::Object(object) = item else {
                return Err(dropped(&Path::ROOT, "what is no object"));
            };
            let graph = object.get("@graph");
            let only = object.iter().all(|(name, _)| name == "@graph" || name == "@context");
            match graph {
                Some(graph) if only => {
                    let empty = Json::Array(Vec::new());
                    let context = object.get("@context").unwrap_or(&empty);
                    let active = self.embedded_context(EMPTY, context, &Path::ROOT)?;
                    for node in graph.one_or_many() {
                        self.free_top(node, active)?;
                    }
                }
                Some(_) => return Err(unsupported(&Path::ROOT, "a named graph")),
                None => self.free_top(item, EMPTY)?,
            }
        }
        Ok(())
    }

    fn free_top(&mut self, node: &'d Json<'d>, active: ActiveId) -> Result<(), JsonLdError> {
        let path = Path::ROOT;
        let Json::Object(object) = node else { return Err(dropped(&path, "what is no object")) };
        if object.get("@value").is_some() || object.get("@set").is_some() || object.get("@list").is_some() {
            return Err(unsupported(&path, "a value without a property"));
        }
        let active = match object.get("@context") {
            Some(context) => self.embedded_context(active, context, &path)?,
            None => active,
        };
        let before = self.data.quads().len();
        self.members(object, &[], active, None, &path)?;
        if self.data.quads().len() == before {
            return Err(dropped(&path, "an object without a statement"));
        }
        Ok(())
    }
}
