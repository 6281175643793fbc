//! What the claims of a token say, beside what the credential in it says (OB 3.0 §8.2.4.2).

use super::liberty;
use crate::{
    json::{Json, Object},
    time::Timestamp,
    verify::{
        Code,
        judge::{Answer, Judge, Reason},
    },
};

/// What the claims say of the time from which and until which the credential is valid.
#[derive(Default)]
pub(in crate::verify) struct TokenTimes {
    pub(in crate::verify) not_before: Option<Timestamp>,
    pub(in crate::verify) expires: Option<Timestamp>,
}

/// The claims must say what the credential says (OB 3.0 §8.2.4.2 steps 6 to 9).
///
/// `required` is false for credentials that are no badges: VC-JOSE-COSE asks only that what is there agrees.
pub(in crate::verify) fn check_claims(
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
