//! The contexts that may be named.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use sha2::{Digest, Sha256};

use super::{
    ContextError,
    active::{Compiled, EMPTY, Scoping},
    compile::{self, Trouble},
    document::{self, Fault},
    local::Local,
    table::{self, Table},
};
use crate::{
    hex,
    json::{self, Json, Profile},
};

/// Beyond this the memo of compiled contexts starts anew, so that nobody can fill memory with it.
const KEPT: usize = 1024;

/// A context that gives every name a meaning, so that nothing is ever undefined.
const REFUSED: &str = "https://www.w3.org/ns/credentials/undefined-terms/v2";

macro_rules! tables {
    ($($url:literal => $file:literal,)*) => {
        &[$(($url, include_str!(concat!("tables/", $file, ".txt"))),)*]
    };
}

/// Contexts by their URL; made by `cargo run -p badges --example context_tables`.
const BUILT_IN: &[(&str, &str)] = tables! {
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json" => "clr-2.0.1",
    "https://purl.imsglobal.org/spec/clr/v2p0/context.json" => "clr-2.0.0",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json" => "ob-3.0.1",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json" => "ob-3.0.2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json" => "ob-3.0.3",
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json" => "ob-3.0.0",
    "https://purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld" => "ob-3.0.0",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json" => "ob-extensions",
    "https://w3c-ccg.github.io/vc-ed/plugfest-1-2022/jff-vc-edu-plugfest-1-context.json" => "jff-plugfest-1",
    "https://w3id.org/dcc/v1" => "dcc-v1",
    "https://w3id.org/security/data-integrity/v1" => "data-integrity-v1",
    "https://w3id.org/security/data-integrity/v2" => "data-integrity-v2",
    "https://w3id.org/security/jwk/v1" => "jwk-v1",
    "https://w3id.org/security/multikey/v1" => "multikey-v1",
    "https://w3id.org/security/suites/ed25519-2020/v1" => "ed25519-2020-v1",
    "https://w3id.org/vc-revocation-list-2020/v1" => "vc-revocation-list-2020-v1",
    "https://w3id.org/vc/status-list/2021/v1" => "status-list-2021-v1",
    "https://www.w3.org/2018/credentials/v1" => "credentials-v1",
    "https://www.w3.org/ns/cid/v1" => "cid-v1",
    "https://www.w3.org/ns/credentials/status/v1" => "credentials-status-v1",
    "https://www.w3.org/ns/credentials/v2" => "credentials-v2",
};

/// The contexts that a document may name: those of Open Badges 3.0 and what goes with it, and what the host adds.
///
/// There is no way to another one: a document that names an unknown context is refused. What is compiled for one
/// document is kept for the next, so make one of these and share it.
pub struct Contexts {
    pub(super) host: BTreeMap<String, Table>,
    /// How many local contexts the host's make up.
    locals: u32,
    compiled: RwLock<Arc<Compiled>>,
}

impl Contexts {
    /// The contexts that are built in.
    pub fn new() -> Self {
        Self { host: BTreeMap::new(), locals: 0, compiled: RwLock::default() }
    }

    /// Adds a context under exactly this URL.
    ///
    /// A host's context stands before a document under the rules like any other: it may not shorten the list
    /// of what is protected, but with `@vocab` it gives every name a meaning, which you want in tests only.
    ///
    /// # Errors
    ///
    /// [`ContextError`] if the URL is taken, the bytes do not have this SHA-256, or they are not a context of
    /// the kind that this library reads.
    pub fn register(&mut self, url: &str, document: &[u8], sha256: &[u8; 32]) -> Result<(), ContextError> {
        if url == REFUSED || self.knows(url) {
            return Err(ContextError::Taken { url: url.to_owned() });
        }
        let found = hash(document);
        if found != *sha256 {
            return Err(ContextError::Hash { url: url.to_owned(), found: hex::encode(&found) });
        }
        let mut ids = self.locals;
        let local = read(url, document, &mut ids)?;
        self.host.insert(url.to_owned(), Table { sha256: *sha256, local: Arc::clone(&local) });
        let start = Compiled::after(ids);
        // What cannot come into force on its own is of no use later.
        let tried = compile::enter(self, &mut start.clone(), EMPTY, &local, Scoping::Embedded);
        if let Err(trouble) = tried {
            self.host.remove(url);
            return Err(refusal(url, trouble));
        }
        self.locals = ids;
        self.compiled = RwLock::new(Arc::new(start));
        Ok(())
    }

    /// The URLs of all contexts that a document may name.
    pub fn urls(&self) -> impl Iterator<Item = &str> {
        let own = self.host.keys().map(String::as_str);
        BUILT_IN.iter().map(|(url, _)| *url).chain(own)
    }

    /// Whether a document may name the context of this URL.
    pub fn knows(&self, url: &str) -> bool {
        self.host.contains_key(url) || built_in(url).is_some()
    }

    /// The SHA-256 of the document from which a context was made; none for an unknown URL.
    pub fn sha256(&self, url: &str) -> Option<[u8; 32]> {
        match self.host.get(url) {
            Some(own) => Some(own.sha256),
            None => table::sha256(built_in(url)?),
        }
    }

    /// The context at a URL, loaded at need.
    pub(super) fn local(&self, compiled: &mut Compiled, url: &str) -> Result<Arc<Local>, Trouble> {
        if let Some(known) = compiled.document(url) {
            return Ok(known);
        }
        if url == REFUSED {
            return Err(Trouble::Refused(url.to_owned()));
        }
        let local = match self.host.get(url) {
            Some(own) => Arc::clone(&own.local),
            None => {
                let text = built_in(url).ok_or_else(|| Trouble::Unknown(url.to_owned()))?;
                let table = table::load(text, &mut compiled.locals);
                table.ok_or_else(|| Trouble::Malformed(format!("the table of {url:?} is damaged")))?.local
            }
        };
        compiled.add_document(url, Arc::clone(&local));
        Ok(local)
    }

    /// All that is compiled, as it is now.
    pub(super) fn compiled(&self) -> Arc<Compiled> {
        Arc::clone(&self.compiled.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps what a good document has compiled, for those to come.
    pub(super) fn keep(&self, compiled: Arc<Compiled>) {
        let known = self.compiled.read().unwrap_or_else(PoisonError::into_inner).len();
        if compiled.len() <= known {
            return;
        }
        let kept = if compiled.len() > KEPT { Arc::new(Compiled::after(self.locals)) } else { compiled };
        *self.compiled.write().unwrap_or_else(PoisonError::into_inner) = kept;
    }
}

impl Default for Contexts {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Contexts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.urls()).finish()
    }
}

pub(super) fn built_in(url: &str) -> Option<&'static str> {
    let at = BUILT_IN.binary_search_by(|(own, _)| (*own).cmp(url)).ok()?;
    BUILT_IN.get(at).map(|(_, table)| *table)
}

pub(super) fn hash(document: &[u8]) -> [u8; 32] {
    Sha256::digest(document).into()
}

pub(super) fn read(url: &str, document: &[u8], ids: &mut u32) -> Result<Arc<Local>, ContextError> {
    let limits = json::Limits { profile: Profile::Any, ..json::Limits::default() };
    let malformed = |message: String| ContextError::Malformed { url: url.to_owned(), message };
    let value = json::read(document, &limits).map_err(|error| malformed(error.to_string()))?;
    let context = value.as_object().and_then(|object| object.get("@context"));
    let context: &Json<'_> = context.ok_or_else(|| malformed("it has no @context".to_owned()))?;
    document::read(context, ids).map_err(|fault| match fault {
        Fault::Malformed(message) => malformed(message),
        Fault::Unsupported(feature) => ContextError::Unsupported { url: url.to_owned(), feature },
    })
}

fn refusal(url: &str, trouble: Trouble) -> ContextError {
    let url = url.to_owned();
    match trouble {
        Trouble::Clash(term) => {
            ContextError::Malformed { url, message: format!("it changes the protected term {term:?}") }
        }
        Trouble::Malformed(message) => ContextError::Malformed { url, message },
        Trouble::Refused(other) | Trouble::Unknown(other) => {
            ContextError::Malformed { url, message: format!("it names {other:?}, which is not known here") }
        }
        Trouble::Unsupported(feature) => ContextError::Unsupported { url, feature },
    }
}
