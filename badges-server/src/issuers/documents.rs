//! What a foreign verifier fetches of a node: its DID document, its key set, its Profile.

use badges_core::key::PublicKey;
use diesel::prelude::*;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    IssuerError, Signers, keys,
    profile::{self, Profile},
    tree,
};
use crate::{
    db::{Conn, on},
    ids::IssuerId,
    schema::issuers,
};

/// A DID document (DID 1.0 §5, CID 1.0 §2) with all keys that a node has had. Verifiers refuse those with `revoked`;
/// retired ones stay good for what they signed.
#[derive(Serialize)]
pub(crate) struct DidDocument {
    #[serde(rename = "@context")]
    context: [&'static str; 2],
    id: String,
    #[serde(rename = "alsoKnownAs")]
    also_known_as: [String; 1],
    #[serde(rename = "verificationMethod")]
    verification_method: Vec<Method>,
    #[serde(rename = "assertionMethod")]
    assertion_method: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Method {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    controller: String,
    public_key_multibase: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<String>,
}

/// A JWK set (RFC 7517 §5).
#[derive(Serialize)]
pub(crate) struct KeySet {
    keys: Vec<Box<RawValue>>,
}

/// The DID document of a node; none where its keys stand for themselves.
pub(crate) fn did_document(
    conn: &mut Conn,
    signers: &Signers,
    base: &str,
    issuer: IssuerId,
) -> Result<Option<DidDocument>, IssuerError> {
    let keys = keys::published(conn, issuer)?;
    let Some(did) = signers.did(issuer).filter(|_| !keys.is_empty()) else { return Ok(None) };
    let method = |key: keys::PublishedKey| Method {
        id: format!("{did}#{}", key.id),
        kind: "Multikey",
        controller: did.clone(),
        public_key_multibase: key.public,
        revoked: key.compromised_at,
    };
    let methods: Vec<Method> = keys.into_iter().map(method).collect();
    Ok(Some(DidDocument {
        context: ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        also_known_as: [profile::address(base, issuer)],
        assertion_method: methods.iter().map(|method| method.id.clone()).collect(),
        verification_method: methods,
        id: did,
    }))
}

/// The keys of one node, or of all, as JWKs with the names that tokens give them. Revoked ones are left out.
pub(crate) fn key_set(
    conn: &mut Conn,
    signers: &Signers,
    issuer: Option<IssuerId>,
) -> Result<KeySet, IssuerError> {
    let nodes: Vec<IssuerId> = match issuer {
        Some(issuer) => vec![issuer],
        None => on!(conn, c => {
            issuers::table.filter(issuers::kind.ne("programme")).select(issuers::id).order(issuers::id).load(c)
        })?,
    };
    let mut set = Vec::new();
    for node in nodes {
        for key in keys::published(conn, node)?.into_iter().filter(|key| key.revoked_at.is_none()) {
            let Ok(public) = PublicKey::from_multikey(&key.public) else { continue };
            let mut jwk = public.to_jwk();
            let kid = signers.did(node).map_or_else(|| key.public.clone(), |did| format!("{did}#{}", key.id));
            jwk.set("kid", badges_core::json::Json::String(kid.into()));
            set.push(serde_json::value::to_raw_value(&jwk).unwrap_or_default());
        }
    }
    Ok(KeySet { keys: set })
}

/// The Profile of a node of any kind.
pub(crate) fn profile(
    conn: &mut Conn,
    signers: &Signers,
    base: &str,
    issuer: IssuerId,
) -> Result<Option<Profile>, IssuerError> {
    let Some(node) = tree::find(conn, issuer)? else { return Ok(None) };
    let id = if node.kind().signs() { signers.did(issuer) } else { None };
    let line = tree::line(conn, &node.path)?;
    Ok(Some(Profile::of(&line, id.unwrap_or_else(|| profile::address(base, issuer)), base)))
}
