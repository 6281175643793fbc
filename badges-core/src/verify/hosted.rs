//! Open Badges 2.0 as hosted assertions: what stands at the address counts, not what was handed in
//! (OB 2.0, Hosted Verification).

use url::Url;

use super::{
    Bound, CheckName, Code, Generation, Options, Report,
    assertion::{Assertion, Party, check_assertion},
    documents::{fetch, malformed, missing},
    judge::{Answer, Judge, Reason},
    proofs::record_binding,
};
use crate::json::{Json, Object, canonical_members, read};

/// Judges a badge of which only the address is known, by what stands there.
pub(super) fn judge_address(address: &str, text: Option<&[u8]>, options: &Options<'_>) -> Report {
    let mut judge = Judge::new(options);
    judge.generation(Generation::V2);
    let Some(text) = text else {
        return judge.refuse(CheckName::Proof(0), missing(address));
    };
    match read(text, &options.bounds.json) {
        Ok(Json::Object(object)) if object.text("id").is_none_or(|id| id == address) => {
            judge_assertion(&object, Some(address), options)
        }
        Ok(_) => {
            let message = format!("what stands at {address} is not the badge of that address");
            judge.refuse(CheckName::Proof(0), Reason::new(Code::HostedOtherwise, "", message))
        }
        Err(error) => judge.refuse(CheckName::Proof(0), malformed(address, error)),
    }
}

/// Judges an assertion that was handed in as JSON.
pub(super) fn judge_assertion(object: &Object<'_>, location: Option<&str>, options: &Options<'_>) -> Report {
    let mut judge = Judge::new(options);
    let assertion = match Assertion::read(&mut judge, object, location) {
        Ok(assertion) => assertion,
        Err(reason) => return judge.refuse(CheckName::Structure, reason),
    };
    check_assertion(&mut judge, &assertion);
    match hosted(&mut judge, &assertion) {
        Ok(bound) => {
            judge.record(CheckName::Proof(0), Ok(()));
            record_binding(&mut judge, Some(Ok(bound)));
        }
        Err(reason) => {
            judge.record(CheckName::Proof(0), Err(reason));
            judge.skip(CheckName::Binding);
        }
    }
    judge.finish()
}

/// Whether the issuer publishes this assertion under its own address.
fn hosted(judge: &mut Judge<'_>, assertion: &Assertion<'_, '_>) -> Answer<Bound> {
    let object = assertion.object();
    if assertion.is_signed() {
        let message = "the badge is to be verified by its signature: supply the signed form";
        return Err(Reason::new(Code::NoProof, "$.verification.type", message));
    }
    let nowhere = || Reason::new(Code::DocumentMissing, "$.id", "nothing says where the badge is hosted");
    let id = object.text("id").ok_or_else(nowhere)?;
    let text = judge.options.documents.document(id).ok_or_else(|| missing(id))?;
    let published = fetch(&text, id, judge.options)?;
    if published.get("revoked") == Some(&Json::Boolean(true)) {
        let why = published.text("revocationReason").unwrap_or("the issuer gives no reason");
        judge.record(
            CheckName::Status(0),
            Err(Reason::new(Code::Revoked, "$.revoked", format!("revoked: {why}"))),
        );
    } else if canonical_members(published.iter()) != canonical_members(assertion.received().iter()) {
        let message = format!("what stands at {id} is not what was handed in");
        return Err(Reason::new(Code::HostedOtherwise, "$.id", message));
    }
    let issuer = assertion.issuer()?;
    match in_scope(id, issuer) {
        true => Ok(Bound::Hosted),
        false => {
            let message = format!("{id} is not where {} publishes its badges", issuer.id);
            Err(Reason::new(Code::HostedElsewhere, "$.id", message))
        }
    }
}

/// The scope of an issuer: `startsWith` and `allowedOrigins` of the profile that stands at its address, else
/// the origin of that address (OB 2.0, VerificationObject). A prefix ends at a boundary of the path, so that
/// `https://a.example/b` does not reach `https://a.example/b-evil`.
fn in_scope(id: &str, issuer: &Party) -> bool {
    let (Ok(address), Ok(home)) = (Url::parse(id), Url::parse(&issuer.id)) else { return false };
    let rules = issuer.fetched.then(|| issuer.object.get("verification")?.as_object()).flatten();
    let values = |name| rules.and_then(|rules| rules.get(name)).map(Json::one_or_many).unwrap_or_default();
    let (prefixes, origins) = (values("startsWith"), values("allowedOrigins"));
    if prefixes.is_empty() && origins.is_empty() {
        return address.origin() == home.origin();
    }
    let reaches = |prefix: &Json<'_>| {
        // Parsed, because `/badges/../users/` begins with `/badges/` and is fetched from `/users/`.
        let prefix = prefix.as_str().and_then(|prefix| Url::parse(prefix).ok());
        let rest = prefix.as_ref().map(Url::as_str).and_then(|prefix| {
            let rest = address.as_str().strip_prefix(prefix)?;
            Some(rest.is_empty() || prefix.ends_with('/') || rest.starts_with(['/', '?', '#']))
        });
        rest == Some(true)
    };
    let allowed =
        |origin: &Json<'_>| origin.as_str().is_some_and(|origin| Some(origin) == address.host_str());
    prefixes.iter().any(reaches) || origins.iter().any(allowed)
}
