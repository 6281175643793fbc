//! A credential as a VC-JWT: the token around it, and what both say (OB 3.0 §8.2.4, VC-JOSE-COSE).

use super::{
    CheckName, Code,
    binding::key_of_token,
    judge::{Answer, Judge, Reason},
    proofs::record_binding,
    work::Work,
};
use crate::{
    json::{Json, Object},
    proof::jws::{Compact, JwsError},
    time::Timestamp,
};

/// Headers that bring or fetch keys from elsewhere; OB 3.0 §8.2.4.1 allows none beside kid and jwk.
const KEY_BRINGING: &[&str] = &["jku", "x5u", "x5c", "x5t", "x5t#S256"];

/// Why a text is not a token that is verified.
pub(super) fn jws_reason(error: &JwsError) -> Reason {
    let code = match error {
        JwsError::AlgorithmForbidden(_) | JwsError::AlgorithmMismatch { .. } => Code::AlgForbidden,
        JwsError::AlgorithmUnsupported(_) => Code::AlgorithmUnsupported,
        JwsError::Key(error) => return super::binding::key_reason("", error),
        JwsError::PrivateKeyInJwk(_) => Code::PrivateKeyInJwk,
        JwsError::Signature(_) => Code::ProofFailed,
        _ => Code::Malformed,
    };
    Reason::new(code, "", error.to_string())
}

/// Where the credential stands: in `vc` for VC 1.1, at the top for VC 2.0, never in both.
pub(super) fn credential_of<'p, 'a>(
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
    if payload.get("@context").is_some() || payload.get("credentialSubject").is_some() {
        return Err(place("the token holds two credentials: one in vc and one beside it"));
    }
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

/// Checks header, key and signature, and writes down `proof[0]` and `binding`.
pub(super) fn check_token(judge: &mut Judge<'_>, token: &Compact<'_>, issuer: &str, work: &Work) {
    let header = token.header();
    let fetched = header.others.iter().find(|name| KEY_BRINGING.contains(&name.as_str()));
    if let Some(name) = fetched {
        let message = format!("the header holds {name}: keys come from the issuer, not from the token");
        judge.record(CheckName::Proof(0), Err(Reason::new(Code::AlgForbidden, "", message)));
        return judge.skip(CheckName::Binding);
    }
    if header.typ.as_deref().is_some_and(|typ| typ != "JWT") {
        judge.find(Code::TokenType, "", "the header says another typ than JWT");
    }
    let others: Vec<_> = header
        .cty
        .as_deref()
        .map(|_| "cty")
        .into_iter()
        .chain(header.others.iter().map(String::as_str))
        .collect();
    if !others.is_empty() {
        judge.find(Code::HeaderExtra, "", format!("the header says more than it may: {}", others.join(", ")));
    }
    let found = match key_of_token(header, issuer, judge.options) {
        Ok(found) => found,
        Err(reason) => {
            judge.record(CheckName::Proof(0), Err(reason));
            return judge.skip(CheckName::Binding);
        }
    };
    if !found.keys().all(|key| work.allows(key)) {
        let message = "more proofs than any honest badge carries";
        judge.record(CheckName::Proof(0), Err(Reason::new(Code::TooComplex, "", message)));
        return judge.skip(CheckName::Binding);
    }
    match found.any(|key| token.verify(key)) {
        Ok(()) => {
            judge.record(CheckName::Proof(0), Ok(()));
            record_binding(judge, Some(found.bound));
        }
        Err(error) => {
            judge.record(CheckName::Proof(0), Err(jws_reason(&error)));
            judge.skip(CheckName::Binding);
        }
    }
}

/// What the claims say of the time from which and until which the credential is valid.
#[derive(Default)]
pub(super) struct TokenTimes {
    pub(super) not_before: Option<Timestamp>,
    pub(super) expires: Option<Timestamp>,
}

/// The claims must say what the credential says (OB 3.0 §8.2.4.2 steps 6 to 9).
///
/// `required` is false for credentials that are no badges: VC-JOSE-COSE asks only that what is there agrees.
pub(super) fn check_claims(
    judge: &mut Judge<'_>,
    payload: &Object<'_>,
    credential: &Object<'_>,
    required: bool,
) -> Answer<TokenTimes> {
    let subject = credential.get("credentialSubject").and_then(Json::as_object);
    let texts = [
        ("iss", credential.get("issuer").and_then(Json::id)),
        ("jti", credential.text("id")),
        ("sub", subject.and_then(|subject| subject.text("id"))),
    ];
    for (claim, expected) in texts {
        match payload.get(claim) {
            None => missing(judge, claim, required)?,
            Some(value) if value.as_str().is_some() && value.as_str() == expected => {}
            Some(_) => return Err(mismatch(claim)),
        }
    }
    let valid_from = credential.text("validFrom").or_else(|| credential.text("issuanceDate"));
    let not_before = numeric_date(payload, "nbf")?;
    match not_before {
        None => missing(judge, "nbf", required)?,
        Some(point) => {
            let own: Option<Timestamp> = valid_from.and_then(|text| text.parse().ok());
            // A NumericDate is mostly written in whole seconds where validFrom has a fraction, never the reverse.
            let finer = matches!(payload.get("nbf"), Some(Json::Number(seconds)) if seconds.fract() != 0.0);
            if own.is_none_or(|own| own.truncated() != point || finer && own == point) {
                return Err(mismatch("nbf"));
            }
        }
    }
    let expires = numeric_date(payload, "exp")?;
    let until = credential.text("validUntil").or_else(|| credential.text("expirationDate"));
    if let (None, Some(_)) = (expires, until) {
        judge.find(Code::ClaimMissing, "$.exp", "the credential has an end, and the token lacks exp");
    }
    Ok(TokenTimes { not_before, expires })
}

fn missing(judge: &mut Judge<'_>, claim: &str, required: bool) -> Answer {
    let reason =
        Reason::new(Code::ClaimsMismatch, format!("$.{claim}"), format!("the token lacks the claim {claim}"));
    if required { liberty(judge, Code::ClaimMissing, reason) } else { Ok(()) }
}

fn mismatch(claim: &str) -> Reason {
    Reason::new(
        Code::ClaimsMismatch,
        format!("$.{claim}"),
        format!("the claim {claim} says otherwise than the credential"),
    )
}

fn numeric_date(payload: &Object<'_>, claim: &str) -> Answer<Option<Timestamp>> {
    let Some(value) = payload.get(claim) else { return Ok(None) };
    let seconds = match value {
        Json::Number(seconds) => Timestamp::from_unix_seconds(seconds.floor() as i64),
        _ => None,
    };
    let message = || format!("the claim {claim} must be a number of seconds since 1970");
    seconds.map(Some).ok_or_else(|| Reason::new(Code::ClaimsMismatch, format!("$.{claim}"), message()))
}

/// What strict refuses and lenient only finds.
pub(super) fn liberty(judge: &mut Judge<'_>, code: Code, reason: Reason) -> Answer {
    if judge.options.lenient() {
        judge.find(code, &reason.path, reason.message);
        return Ok(());
    }
    Err(reason)
}
