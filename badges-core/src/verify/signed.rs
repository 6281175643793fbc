//! Open Badges 2.0 as signed assertions (OB 2.0, Signed Badges).

use super::{
    Bound, CheckName, Code, Options, Report,
    assertion::{Assertion, Party, check_assertion},
    binding::key_reason,
    documents::{fetch, missing},
    judge::{Answer, Judge, Reason},
    proofs::record_binding,
    status::look_up_assertion,
    token::{check_type, jws_reason},
};
use crate::{
    json::{Json, Object},
    key::PublicKey,
    proof::jws::Compact,
};

/// Judges an assertion that stands in a token.
pub(super) fn judge_assertion(token: &Compact<'_>, payload: &Object<'_>, options: &Options<'_>) -> Report {
    let mut judge = Judge::new(options);
    if let Err(reason) = check_type(&mut judge, token.header()) {
        return judge.refuse(CheckName::Structure, reason);
    }
    let assertion = match Assertion::read(&mut judge, payload, None) {
        Ok(assertion) => assertion,
        Err(reason) => return judge.refuse(CheckName::Structure, reason),
    };
    check_assertion(&mut judge, &assertion);
    let issuer = match own_profile(&assertion) {
        Ok(issuer) => issuer,
        Err(reason) => return judge.refuse(CheckName::Proof(0), reason),
    };
    let (key, binding) = match key_of(&assertion, issuer, options) {
        Ok(found) => found,
        Err(reason) => return judge.refuse(CheckName::Proof(0), reason),
    };
    let held = token.verify(&key).map_err(|error| jws_reason(&error));
    let binding = held.is_ok().then_some(binding);
    judge.record(CheckName::Proof(0), held);
    record_binding(&mut judge, binding);
    check_revocation(&mut judge, &assertion, issuer);
    judge.finish()
}

/// The issuer as its own address describes it: a profile that the token brings along proves nothing.
fn own_profile<'p>(assertion: &'p Assertion<'_, '_>) -> Answer<&'p Party> {
    let issuer = assertion.issuer()?;
    if issuer.fetched { Ok(issuer) } else { Err(missing(&issuer.id)) }
}

/// The key that the assertion or the issuer names, and whether the issuer lists it and owns it.
fn key_of(
    assertion: &Assertion<'_, '_>,
    issuer: &Party,
    options: &Options<'_>,
) -> Answer<(PublicKey, Answer<Bound>)> {
    let listed = issuer.object.get("publicKey").map(Json::one_or_many).unwrap_or_default();
    let verification = assertion.object().get("verification").and_then(Json::as_object);
    let creator = verification.and_then(|own| own.text("creator").or(own.text("url")));
    let id = creator.or_else(|| listed.first()?.id());
    let id = id.ok_or_else(|| missing(&format!("{} (its publicKey)", issuer.id)))?;
    let embedded = listed.iter().filter_map(Json::as_object).find(|key| key.text("id") == Some(id));
    let (key, owner) = match (embedded, options.documents.document(id)) {
        (Some(object), _) => key_in(object)?,
        // Before 2.0 the address held the key itself.
        (None, Some(text)) if text.starts_with(b"-----BEGIN") => {
            (pem(&String::from_utf8_lossy(&text))?, None)
        }
        (None, Some(text)) => key_in(&fetch(&text, id, options)?)?,
        (None, None) => return Err(missing(id)),
    };
    let owned = owner.is_none_or(|owner| owner == issuer.id);
    let binding = match owned && listed.iter().any(|key| key.id() == Some(id)) {
        true => Ok(Bound::ControllerDocument),
        false => {
            let message = format!("the profile at {} does not list the key {id}", issuer.id);
            Err(Reason::new(Code::KeyNotListed, "$.verification.creator", message))
        }
    };
    Ok((key, binding))
}

fn key_in(object: &Object<'_>) -> Answer<(PublicKey, Option<String>)> {
    let text = object.text("publicKeyPem");
    let text = text
        .ok_or_else(|| Reason::new(Code::DocumentMalformed, "", "a CryptographicKey needs publicKeyPem"))?;
    // A key without an owner belongs to nobody who could be the issuer.
    let owner = object.text("owner").unwrap_or_default().to_owned();
    Ok((pem(text)?, Some(owner)))
}

fn pem(text: &str) -> Answer<PublicKey> {
    PublicKey::from_pem(text).map_err(|error| key_reason("", &error))
}

/// Looks the assertion up in the issuer's list (OB 2.0, RevocationList).
fn check_revocation(judge: &mut Judge<'_>, assertion: &Assertion<'_, '_>, issuer: &Party) {
    let Some(list) = issuer.object.get("revocationList") else { return };
    let answer = look_up_assertion(judge.options, list.id().unwrap_or_default(), assertion.object());
    judge.record(CheckName::Status(0), answer);
}
