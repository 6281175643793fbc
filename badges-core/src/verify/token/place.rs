//! Where in a token the credential stands, and what may stand beside it.

use super::liberty;
use crate::{
    json::{Json, Object, canonical},
    model::{DocumentKind, Ob2Class, kind_of},
    verify::{
        Code,
        judge::{Answer, Judge, Reason},
    },
};

/// Members of a credential that say whose it is, from when until when it holds, and whether it was revoked.
const LIMITING: &[&str] = &[
    "credentialStatus",
    "expirationDate",
    "id",
    "issuanceDate",
    "issuer",
    "type",
    "validFrom",
    "validUntil",
];

/// Members of a credential that say something else.
const FURTHER: &[&str] = &[
    "awardedDate",
    "credentialSchema",
    "description",
    "endorsement",
    "endorsementJwt",
    "evidence",
    "image",
    "name",
    "proof",
    "refreshService",
    "relatedResource",
    "termsOfUse",
];

/// The claims of RFC 7519 §4.1, which belong to the token and not to the credential at its top.
const REGISTERED: &[&str] = &["aud", "exp", "iat", "iss", "jti", "nbf", "sub"];

/// Where the credential stands: in `vc` for VC 1.1, at the top for VC 2.0, never in both.
pub(in crate::verify) fn credential_of<'p, 'a>(
    judge: &mut Judge<'_>,
    payload: &'p Object<'a>,
) -> Answer<&'p Object<'a>> {
    let place = |message: &str| Reason::new(Code::Structure, "$", message);
    let Some(inner) = payload.get("vc") else {
        if names_version(payload, "https://www.w3.org/2018/credentials/v1") {
            liberty(judge, Code::TokenPlace, place("a credential of VC 1.1 belongs into the claim vc"))?;
        }
        return Ok(payload);
    };
    let inner = inner.as_object().ok_or_else(|| place("the claim vc must be an object"))?;
    let second = payload.get("@context").is_some() || payload.get("credentialSubject").is_some();
    if second || matches!(kind_of(payload), DocumentKind::Ob2(_, Ob2Class::Assertion)) {
        return Err(place("the token holds two credentials: one in vc and one beside it"));
    }
    check_beside(judge, payload, inner)?;
    if names_version(inner, "https://www.w3.org/ns/credentials/v2") {
        liberty(
            judge,
            Code::TokenPlace,
            place("a credential of VC 2.0 belongs at the top of the token, not into vc"),
        )?;
    }
    Ok(inner)
}

fn names_version(credential: &Object<'_>, context: &str) -> bool {
    let all = credential.get("@context").map(Json::one_or_many).unwrap_or_default();
    all.first().and_then(Json::as_str) == Some(context)
}

/// What stands beside the claim `vc` is no part of the credential (VC Data Model 1.1 §6.3.1), so it is never read
/// without a word. Where it limits the credential and the credential does not say so itself, the signer has said
/// two things, and nobody can tell which was meant.
fn check_beside(judge: &mut Judge<'_>, payload: &Object<'_>, credential: &Object<'_>) -> Answer {
    for (name, value) in payload.iter() {
        let limiting = LIMITING.contains(&name);
        if !limiting && !FURTHER.contains(&name) {
            continue;
        }
        let path = format!("$.{name}");
        let own = credential.get(name);
        let message = match own {
            Some(own) if !same(name, own, value) => {
                Some(format!("{name} beside the claim vc says otherwise than the credential in it"))
            }
            None if limiting => Some(format!(
                "{name} stands beside vc and not in the credential, which it would limit: put it into vc"
            )),
            _ => None,
        };
        if let Some(message) = message {
            return Err(Reason::new(Code::ClaimsMismatch, path, message));
        }
        judge.find(
            Code::ClaimBeside,
            &path,
            format!("{name} stands beside the claim vc, where it says nothing"),
        );
    }
    Ok(())
}

fn same(name: &str, one: &Json<'_>, other: &Json<'_>) -> bool {
    // An issuer is written as a text or as a profile.
    let named = name == "issuer" && one.id().is_some() && one.id() == other.id();
    named || canonical(one) == canonical(other)
}

/// The credential as its own proofs secure it: without the claims that a token adds at the top.
pub(in crate::verify) fn without_claims<'a>(credential: &Object<'a>) -> Object<'a> {
    let mut own = credential.clone();
    for claim in REGISTERED {
        own.remove(claim);
    }
    own
}
