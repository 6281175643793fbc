//! The host's list of trusted issuers (`specs/command.md`, `--trust`).

use std::collections::BTreeSet;

use crate::{
    json::{Json, JsonError, Limits, Object, read},
    key::{KeyError, PublicKey},
};

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
        let issuers = issuers.iter().enumerate().map(|(at, issuer)| trusted_issuer(at, issuer));
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

fn trusted_issuer(at: usize, issuer: &Json<'_>) -> Result<TrustedIssuer, TrustError> {
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
