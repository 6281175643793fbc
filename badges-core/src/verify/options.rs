//! What the host asks, allows and knows.

use std::collections::BTreeSet;

use crate::{
    did::Documents,
    json::{Json, JsonError, Limits, Object, read},
    jsonld::Contexts,
    key::{KeyError, PublicKey},
    model::IdentifierType,
    time::Timestamp,
};

/// How strictly the specifications are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// By their text.
    #[default]
    Strict,
    /// As they are met in circulation, with a finding for each liberty that `specs/verdict.md` lists.
    Lenient,
}

/// The bounds of one verification beside those of [`Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The size and depth of each JSON document.
    pub json: Limits,
    /// How many proofs a document may carry.
    pub proofs: usize,
    /// How many endorsements a badge may carry in all.
    pub endorsements: usize,
    /// How deep credentials may stand in each other.
    pub nesting: usize,
    /// The largest status list, inflated, in bytes.
    pub status_list: usize,
}

impl Default for Bounds {
    /// 256 KiB of JSON 64 deep, 8 proofs, 32 endorsements, credentials nested 2 deep, lists of 8 MiB.
    fn default() -> Self {
        Self { json: Limits::default(), proofs: 8, endorsements: 32, nesting: 2, status_list: 8 << 20 }
    }
}

/// Everything that a verification takes beside the badge. There is no clock and no network in here.
#[derive(Clone, Copy)]
pub struct Options<'o> {
    /// The time for which the answer shall hold.
    pub at: Timestamp,
    /// How strictly the specifications are read.
    pub policy: Policy,
    /// The JSON-LD contexts that are known.
    pub contexts: &'o Contexts,
    /// The documents that are at hand: DID documents, key sets, status lists, hosted badges.
    pub documents: &'o dyn Documents,
    /// Whom the host trusts; none leaves the check `trust` unasked.
    pub trust: Option<&'o Trust>,
    /// Whether an issuer that the host does not list makes the badge invalid.
    pub require_trust: bool,
    /// To whom the badge must have been given; none leaves the check `recipient` unasked.
    pub recipient: Option<&'o Recipient>,
    /// The `domain` that a proof must name, where one is expected (VC Data Integrity §4.4 step 6).
    pub domain: Option<&'o str>,
    /// The `challenge` that a proof must name, where one is expected (VC Data Integrity §4.4 step 7).
    pub challenge: Option<&'o str>,
    /// The bounds.
    pub bounds: Bounds,
}

impl<'o> Options<'o> {
    /// Strict, with the default bounds, trusting nobody in particular and asking for no recipient.
    pub fn new(at: Timestamp, contexts: &'o Contexts, documents: &'o dyn Documents) -> Self {
        Self {
            at,
            policy: Policy::Strict,
            contexts,
            documents,
            trust: None,
            require_trust: false,
            recipient: None,
            domain: None,
            challenge: None,
            bounds: Bounds::default(),
        }
    }

    pub(super) fn lenient(&self) -> bool {
        self.policy == Policy::Lenient
    }
}

/// To whom a badge must have been given (OB 3.0 §8.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// By what.
    pub kind: RecipientKind,
    /// The identifier in plain text; it is compared as it is, without trimming or folding.
    pub value: String,
}

/// By what a recipient is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecipientKind {
    /// The subject's own `id`.
    Id,
    /// An identity of this type (OB 3.0 §B.5).
    Identity(IdentifierType),
    /// A telephone number, which Open Badges 3.0 has no type for (OB 2.0, IdentityObject).
    Telephone,
}

impl RecipientKind {
    /// The word that stands before the value.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Id => "id",
            Self::Identity(kind) => kind.as_str(),
            Self::Telephone => "telephone",
        }
    }
}

impl Recipient {
    /// Reads `type:value` or a value alone: an e-mail address if it holds `@`, else an `id`.
    ///
    /// The part before the first colon counts as a type only where it is one of OB 3.0's identity types, `id`
    /// or begins with `ext:`; otherwise `did:key:z6Mk..` could not be asked for.
    pub fn parse(text: &str) -> Self {
        let (kind, value) = match text.strip_prefix("ext:").and_then(|rest| rest.split_once(':')) {
            Some((name, value)) => {
                (RecipientKind::Identity(IdentifierType::Extension(format!("ext:{name}"))), value)
            }
            None => match text.split_once(':').map(|(kind, value)| (kind, kind.parse(), value)) {
                Some(("id", _, value)) => (RecipientKind::Id, value),
                Some((_, Ok(kind), value)) => (RecipientKind::Identity(kind), value),
                _ if text.contains('@') => (RecipientKind::Identity(IdentifierType::EmailAddress), text),
                _ => (RecipientKind::Id, text),
            },
        };
        Self { kind, value: value.to_owned() }
    }
}

/// The issuers that the host trusts, with what it knows of them.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    issuers: Vec<TrustedIssuer>,
}

/// An issuer that the host trusts.
#[derive(Clone, Debug)]
struct TrustedIssuer {
    id: String,
    keys: Vec<PublicKey>,
    status_issuers: BTreeSet<String>,
}

/// Why a list of trusted issuers was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// Not JSON.
    #[error(transparent)]
    Json(JsonError),
    /// A key that cannot be used.
    #[error("{path}: {cause}")]
    Key {
        /// Where.
        path: String,
        /// Why.
        cause: KeyError,
    },
    /// A value of another kind than belongs there.
    #[error("{path} {problem}")]
    Shape {
        /// Where.
        path: String,
        /// What is wrong, as the rest of a sentence.
        problem: &'static str,
    },
    /// A member that is not known.
    #[error("{path} has the member {name:?}, which is not known: there are {known}")]
    Unknown {
        /// Where.
        path: String,
        /// The name.
        name: String,
        /// The names that are known.
        known: String,
    },
}

impl Trust {
    /// Reads `{"issuers":[{"id", "keys"?: [Multikey or JWK], "statusIssuers"?: [id]}]}`.
    ///
    /// # Errors
    ///
    /// [`TrustError`] with the path of what cannot be read; members beside these are errors too, for a
    /// misspelled one would silently trust less or more than was meant.
    pub fn parse(text: &[u8]) -> Result<Self, TrustError> {
        let json = read(text, &Limits::default()).map_err(TrustError::Json)?;
        let root = json.as_object().ok_or_else(|| shape("$", "must be an object"))?;
        only(root, "$", &["issuers"])?;
        let issuers = root.get("issuers").and_then(Json::as_array);
        let issuers = issuers.ok_or_else(|| shape("$.issuers", "must be a list"))?;
        let issuers = issuers.iter().enumerate().map(|(at, issuer)| issuer_of(at, issuer));
        Ok(Self { issuers: issuers.collect::<Result<_, _>>()? })
    }

    /// Whether the host lists this issuer.
    pub fn lists(&self, issuer: &str) -> bool {
        self.issuers.iter().any(|own| own.id == issuer)
    }

    /// The keys that the host has pinned for this issuer.
    pub fn keys<'t>(&'t self, issuer: &str) -> impl Iterator<Item = &'t PublicKey> {
        self.issuers.iter().filter(move |own| own.id == issuer).flat_map(|own| &own.keys)
    }

    /// Whether another may publish status lists for this issuer.
    pub fn lets_publish(&self, issuer: &str, publisher: &str) -> bool {
        self.issuers.iter().any(|own| own.id == issuer && own.status_issuers.contains(publisher))
    }
}

fn issuer_of(at: usize, issuer: &Json<'_>) -> Result<TrustedIssuer, TrustError> {
    let path = format!("$.issuers[{at}]");
    let issuer = issuer.as_object().ok_or_else(|| shape(&path, "must be an object"))?;
    only(issuer, &path, &["id", "keys", "statusIssuers"])?;
    let id = issuer.text("id").ok_or_else(|| shape(&format!("{path}.id"), "must be a text"))?;
    let list = |name: &str| match issuer.get(name) {
        None => Ok(&[][..]),
        Some(list) => list.as_array().ok_or_else(|| shape(&format!("{path}.{name}"), "must be a list")),
    };
    let keys = list("keys")?.iter().enumerate().map(|(at, key)| {
        let parsed = match key {
            Json::String(multikey) => PublicKey::from_multikey(multikey),
            jwk => PublicKey::from_jwk(jwk),
        };
        parsed.map_err(|cause| TrustError::Key { path: format!("{path}.keys[{at}]"), cause })
    });
    let status_issuers = list("statusIssuers")?.iter().map(|id| {
        let id =
            id.as_str().ok_or_else(|| shape(&format!("{path}.statusIssuers"), "must be a list of texts"))?;
        Ok(id.to_owned())
    });
    Ok(TrustedIssuer {
        id: id.to_owned(),
        keys: keys.collect::<Result<_, _>>()?,
        status_issuers: status_issuers.collect::<Result<_, _>>()?,
    })
}

fn only(object: &Object<'_>, path: &str, known: &[&str]) -> Result<(), TrustError> {
    match object.iter().find(|(name, _)| !known.contains(name)) {
        Some((name, _)) => {
            Err(TrustError::Unknown { path: path.to_owned(), name: name.to_owned(), known: known.join(", ") })
        }
        None => Ok(()),
    }
}

fn shape(path: &str, problem: &'static str) -> TrustError {
    TrustError::Shape { path: path.to_owned(), problem }
}
