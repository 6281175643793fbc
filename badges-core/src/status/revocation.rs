//! Plain lists of what was revoked.

use super::{Outcome, Purpose, StatusError};
use crate::json::{Json, Object};

/// That a list names something as revoked, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation<'a> {
    /// The reason, if the list gives one.
    pub reason: Option<&'a str>,
}

impl Revocation<'_> {
    /// The same as the outcome of a bitstring with the purpose `revocation`.
    pub fn outcome(found: Option<&Self>) -> Outcome {
        match found {
            None => Outcome::Clear,
            Some(revocation) => Outcome::Set {
                purpose: Purpose::Revocation,
                value: 1,
                message: revocation.reason.map(str::to_owned),
            },
        }
    }
}

/// A revocation list of 1EdTech (VCRL 1.0): unsigned, so trusted as far as the way it came is
/// (`specs/verdict.md`, status).
#[derive(Clone, Copy, Debug)]
pub struct RevocationList<'a> {
    /// The list's own URL, which should be the one it was asked at.
    pub id: Option<&'a str>,
    /// The id of the issuer of the credentials.
    pub issuer: Option<&'a str>,
    revoked: &'a [Json<'a>],
}

impl<'a> RevocationList<'a> {
    /// Reads a list; its items may be under `revokedCredential` or `revokedCredentials`.
    ///
    /// # Errors
    ///
    /// If the items are missing, not an array, one of them has no `id` or a `revoked` that is not a boolean, or
    /// the issuer has no id: a list that is half understood must not clear a credential.
    pub fn read(list: &'a Object<'a>) -> Result<Self, StatusError> {
        let malformed = |problem: &str| Err(StatusError::malformed("revokedCredential", problem));
        let names = ["revokedCredential", "revokedCredentials"];
        let mut given = names.iter().filter_map(|name| list.get(name));
        let revoked = match (given.next(), given.next()) {
            (Some(items), None) => items.as_array(),
            (Some(_), Some(_)) => return malformed("it stands there twice, in the singular and the plural"),
            (None, _) => None,
        };
        let Some(revoked) = revoked else { return malformed("it must be an array") };
        for item in revoked {
            let item = item.as_object();
            let known = matches!(item.and_then(|item| item.get("revoked")), None | Some(Json::Boolean(_)));
            if !known || item.and_then(|item| item.text("id")).is_none() {
                return malformed("each item must have an id, and revoked must be true or false");
            }
        }
        let issuer = list.get("issuer").and_then(Json::id);
        if list.get("issuer").is_some() && issuer.is_none() {
            return Err(StatusError::malformed("issuer", "it must be a text, or an object with an id"));
        }
        Ok(Self { id: list.text("id"), issuer, revoked })
    }

    /// Whether the list names a credential, and does not take it back with `revoked: false`.
    pub fn find(&self, credential_id: &str) -> Option<Revocation<'a>> {
        let mut items = self.revoked.iter().filter_map(Json::as_object);
        let item = items.find(|item| {
            item.text("id") == Some(credential_id) && item.get("revoked") != Some(&Json::Boolean(false))
        })?;
        Some(Revocation { reason: item.text("revocationReason") })
    }
}

/// A `RevocationList` of Open Badges 2.0.
#[derive(Clone, Copy, Debug)]
pub struct RevokedAssertions<'a> {
    /// The list's own URL.
    pub id: Option<&'a str>,
    /// The id of the issuer.
    pub issuer: Option<&'a str>,
    revoked: &'a [Json<'a>],
}

impl<'a> RevokedAssertions<'a> {
    /// Reads a list. One without `revokedAssertions` revokes nothing, as OB 2.0 has it.
    ///
    /// # Errors
    ///
    /// If `type` is not `RevocationList`, or an item is neither a text nor an object with `id` or `uid`.
    pub fn read(list: &'a Object<'a>) -> Result<Self, StatusError> {
        if !list.has_type("RevocationList") {
            return Err(StatusError::malformed("type", "it must be RevocationList"));
        }
        let malformed = || {
            StatusError::malformed("revokedAssertions", "it must hold texts, or objects with an id or a uid")
        };
        let revoked = match list.get("revokedAssertions") {
            None => &[][..],
            Some(items) => items.one_or_many(),
        };
        if !revoked.iter().all(|item| names(item).next().is_some()) {
            return Err(malformed());
        }
        Ok(Self { id: list.text("id"), issuer: list.get("issuer").and_then(Json::id), revoked })
    }

    /// Whether the list names an assertion, by its `id` or, as old ones have it, its `uid`.
    pub fn find(&self, id: Option<&str>, uid: Option<&str>) -> Option<Revocation<'a>> {
        let asked = |name: &str| Some(name) == id || Some(name) == uid;
        let item = self.revoked.iter().find(|item| names(item).any(asked))?;
        let reason = item.as_object().and_then(|item| item.text("revocationReason"));
        Some(Revocation { reason })
    }
}

fn names<'a>(item: &'a Json<'_>) -> impl Iterator<Item = &'a str> {
    let object = item.as_object();
    let member = move |name| object.and_then(|object| object.text(name));
    [item.as_str(), member("id"), member("uid")].into_iter().flatten()
}
