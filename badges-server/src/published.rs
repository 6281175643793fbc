//! The key that a proof names: in its own name, or in a document that was fetched before.

use badges_core::{
    did::{DidError, Documents as _, Jwks, KeyDocument, document_url, jwks_url, key_in_did_url},
    json::{self, Limits},
    key::PublicKey,
    time::Timestamp,
};

use crate::documents::Folder;

/// Where keys are looked for; nothing is said of whose they are.
pub(crate) struct Published {
    pub(crate) documents: Folder,
    /// Keys expire.
    pub(crate) at: Timestamp,
}

/// Why a document does not give the key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UnpublishedError {
    #[error("the key stands in a document: fetch {0} and name its folder with --documents")]
    Absent(String),
    #[error("the document {url} does not give the key ({reason}): fetch it anew")]
    Document { url: String, reason: DidError },
    #[error("the document {url} is not JSON ({reason}): fetch it anew")]
    NotJson { url: String, reason: json::JsonError },
}

impl Published {
    /// The key of a verification method.
    pub(crate) fn key(&self, method: &str) -> Result<PublicKey, UnpublishedError> {
        if let Ok(Some(own)) = key_in_did_url(method) {
            return Ok(own.key);
        }
        let (address, fragment) = method.split_once('#').unwrap_or((method, ""));
        let url = document_url(address).unwrap_or_else(|_| address.to_owned());
        let Some(text) = self.documents.document(&url) else {
            // 1EdTech's samples write the key into the fragment of the issuer's URL.
            return PublicKey::from_multikey(fragment).map_err(|_| UnpublishedError::Absent(url));
        };
        let json = json::read(&text, &Limits::default());
        let json = json.map_err(|reason| UnpublishedError::NotJson { url: url.clone(), reason })?;
        let key = KeyDocument::parse(&json).and_then(|document| match document {
            KeyDocument::Controller(document) => document.assertion_key(method, self.at),
            KeyDocument::Jwk(key) => Ok(*key),
            KeyDocument::Jwks(set) => set.by_kid(method).or_else(|_| set.by_kid(fragment)),
            KeyDocument::Method(method) => method.key(self.at),
        });
        key.map_err(|reason| UnpublishedError::Document { url, reason })
    }

    /// The key that the header of a token names: by its URL, or by a name in the issuer's own documents.
    pub(crate) fn key_of_kid(&self, kid: &str, issuer: &str) -> Result<PublicKey, UnpublishedError> {
        if kid.contains(':') {
            return self.key(kid);
        }
        let in_set = || {
            let text = self.documents.document(&jwks_url(issuer)?)?;
            let json = json::read(&text, &Limits::default()).ok()?;
            Jwks::parse(&json).ok()?.by_kid(kid).ok()
        };
        match in_set() {
            Some(key) => Ok(key),
            None => self.key(&format!("{issuer}#{}", kid.trim_start_matches('#'))),
        }
    }
}
