//! A credential as a VC-JWT: the token around it, and what both say (OB 3.0 §8.2.4, VC-JOSE-COSE).

mod claims;
mod place;

pub(super) use claims::{TokenTimes, check_claims};
pub(super) use place::{credential_of, without_claims};

use super::{
    CheckName, Code,
    binding::key_of_token,
    judge::{Answer, Judge, Reason},
    proofs::record_binding,
    work::Work,
};
use crate::{
    json::shortened,
    proof::jws::{Compact, Header, JwsError},
};

/// Headers that bring or fetch keys from elsewhere; OB 3.0 §8.2.4.1 allows none beside kid and jwk.
const KEY_BRINGING: &[&str] = &["jku", "x5u", "x5c", "x5t", "x5t#S256"];

/// Names for a credential in a token that VC-JOSE-COSE, its drafts and the plugfests have used beside `JWT`.
const TYPES: &[&str] = &["jwt", "vc", "vc+jwt", "vc+ld+json", "vc+ld+json+jwt", "vc+ld+jwt"];

/// Whether the token says of itself that it is a credential, or nothing (OB 3.0 §8.2.4.1: `JWT`).
///
/// What its signer meant as an access token or the end of a session is no badge, whatever it holds, by either
/// policy: types are there to keep one kind of token from being taken for another (RFC 8725 §3.11).
pub(super) fn check_type(judge: &mut Judge<'_>, header: &Header) -> Answer {
    let Some(typ) = header.typ.as_deref().filter(|typ| *typ != "JWT") else { return Ok(()) };
    // A media type, whose case and prefix say nothing (RFC 7515 §4.1.9).
    let name = typ.to_ascii_lowercase();
    let shown = shortened(typ);
    if TYPES.contains(&name.strip_prefix("application/").unwrap_or(&name)) {
        judge.find(Code::TokenType, "", format!("the header says the typ {shown:?} and not JWT"));
        return Ok(());
    }
    let message = format!("the header says that the token is a {shown:?}, which is no badge");
    Err(Reason::new(Code::NotABadge, "", message))
}

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

/// Checks header, key and signature, and writes down `proof[0]` and `binding`.
pub(super) fn check_token(judge: &mut Judge<'_>, token: &Compact<'_>, issuer: &str, work: &Work) {
    let header = token.header();
    let fetched = header.others.iter().find(|name| KEY_BRINGING.contains(&name.as_str()));
    if let Some(name) = fetched {
        let message = format!("the header holds {name}: keys come from the issuer, not from the token");
        judge.record(CheckName::Proof(0), Err(Reason::new(Code::AlgForbidden, "", message)));
        return judge.skip(CheckName::Binding);
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

/// What strict refuses and lenient only finds.
pub(super) fn liberty(judge: &mut Judge<'_>, code: Code, reason: Reason) -> Answer {
    if judge.options.lenient() {
        judge.find(code, &reason.path, reason.message);
        return Ok(());
    }
    Err(reason)
}
