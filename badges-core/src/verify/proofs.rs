//! The proofs in a document: which hold, and which of them decides (VC Data Integrity §4.4, §4.5).

use super::{
    Bound, CheckName, Code, Options, Verdict,
    binding::key_of_method,
    judge::{Answer, Judge, Reason},
    work::Work,
};
use crate::{
    json::{Json, Object},
    jsonld::{Contexts, JsonLdError},
    proof::integrity::{self, Document, IntegrityError, Proof},
};

/// How one proof came out.
enum Standing {
    /// The signature holds; whether the key is the issuer's stands inside.
    Held(Answer<Bound>),
    /// Nothing more can be said without another document.
    Open(Reason),
    /// A suite, algorithm or key that is known by name only.
    Foreign(Reason),
    /// It does not hold.
    Broken(Reason),
}

/// Checks every proof of a document and writes down `proof[n]` and `binding`.
///
/// One proof that holds and is bound decides. One that does not hold makes the document invalid, whatever the
/// others say: honest issuers do not publish such.
pub(super) fn check_proofs(judge: &mut Judge<'_>, document: &Object<'_>, issuer: &str, work: &Work) {
    match standings(judge, document, issuer, work) {
        Ok(standings) => decide(judge, standings),
        Err(reason) => {
            judge.record(CheckName::Proof(0), Err(reason));
            judge.skip(CheckName::Binding);
        }
    }
}

/// Checks the proofs that a credential carries within a token, and writes them down from `proof[1]` on.
///
/// The token decides whose the credential is. A proof in it that does not hold still makes it invalid: somebody
/// has changed what was signed.
pub(super) fn check_enclosed(judge: &mut Judge<'_>, document: &Object<'_>, issuer: &str, work: &Work) {
    let standings = match standings(judge, document, issuer, work) {
        Ok(standings) => standings,
        Err(reason) => return judge.record(CheckName::Proof(1), Err(reason)),
    };
    for (at, standing) in standings.into_iter().enumerate() {
        let check = CheckName::Proof(at + 1);
        match standing {
            Standing::Held(bound) => {
                judge.record(check, Ok(()));
                if let Err(Reason { code, path, message }) = bound {
                    judge.find(code, &path, message);
                }
            }
            Standing::Broken(reason) => judge.record(check, Err(reason)),
            Standing::Open(reason) | Standing::Foreign(reason) => judge.note(check, &reason),
        }
    }
}

/// How each proof of a document came out; an error if there are none, or too many.
fn standings(
    judge: &mut Judge<'_>,
    document: &Object<'_>,
    issuer: &str,
    work: &Work,
) -> Answer<Vec<Standing>> {
    let proofs = document.get("proof").filter(|proof| **proof != Json::Null);
    let proofs = proofs.map(Json::one_or_many).unwrap_or_default();
    let most = judge.options.bounds.proofs;
    if proofs.is_empty() {
        return Err(Reason::new(Code::NoProof, "$.proof", "nobody has signed this: it carries no proof"));
    }
    if proofs.len() > most {
        let message = format!("{} proofs, and at most {most} are read", proofs.len());
        return Err(Reason::new(Code::TooComplex, "$.proof", message));
    }
    let many = document.get("proof").is_some_and(|all| all.as_array().is_some());
    let secured = Document::new(document, judge.options.contexts, &work.budget);
    let each = proofs.iter().enumerate().map(|(at, proof)| {
        let path = if many { format!("$.proof[{at}]") } else { "$.proof".to_owned() };
        check_proof(judge, &secured, proof, issuer, &path, work)
    });
    Ok(each.collect())
}

fn decide(judge: &mut Judge<'_>, standings: Vec<Standing>) {
    let bound = standings.iter().any(|standing| matches!(standing, Standing::Held(Ok(_))));
    let ours = standings.iter().any(|standing| !matches!(standing, Standing::Foreign(_)));
    let mut binding: Option<Answer<Bound>> = None;
    for (at, standing) in standings.into_iter().enumerate() {
        let check = CheckName::Proof(at);
        match standing {
            Standing::Held(answer) => {
                judge.record(check, Ok(()));
                if binding.as_ref().is_none_or(Result::is_err) {
                    binding = Some(answer);
                }
            }
            Standing::Broken(reason) => judge.record(check, Err(reason)),
            Standing::Open(reason) if bound => judge.note(check, &reason),
            Standing::Foreign(reason) if ours => judge.note(check, &reason),
            Standing::Open(reason) | Standing::Foreign(reason) => judge.record(check, Err(reason)),
        }
    }
    record_binding(judge, binding);
}

/// Writes down whether the key is the issuer's; nobody asks where no signature holds.
pub(super) fn record_binding(judge: &mut Judge<'_>, binding: Option<Answer<Bound>>) {
    match binding {
        Some(Ok(bound)) => {
            judge.bind(bound);
            judge.record(CheckName::Binding, Ok(()));
        }
        Some(Err(reason)) => judge.record(CheckName::Binding, Err(reason)),
        None => judge.skip(CheckName::Binding),
    }
}

fn check_proof(
    judge: &mut Judge<'_>,
    document: &Document<'_, '_>,
    proof: &Json<'_>,
    issuer: &str,
    path: &str,
    work: &Work,
) -> Standing {
    let Some(object) = proof.as_object() else {
        return Standing::Broken(Reason::new(Code::ProofFailed, path, "a proof must be an object"));
    };
    let proof = match Proof::parse(object) {
        Ok(proof) => proof,
        Err(error) => return standing_of(integrity_reason(path, &error)),
    };
    if proof.suite.is_outdated() {
        let name = proof.suite.name();
        judge.find(
            Code::SuiteOutdated,
            path,
            format!("{name} is outdated: issuers should use eddsa-rdfc-2022"),
        );
    }
    if !proof.verification_method.contains('#') {
        let message = "verificationMethod names a DID and no key of it";
        judge.find(Code::MethodWithoutFragment, path, message);
    }
    if let Err(reason) = expected(&proof, path, judge.options) {
        return Standing::Broken(reason);
    }
    let found = match key_of_method(proof.verification_method, issuer, path, judge.options) {
        Ok(found) => found,
        Err(reason) => return standing_of(reason),
    };
    if let Err(reason) = contexts_of_json(judge, document.object(), &proof, path) {
        return Standing::Broken(reason);
    }
    let again = proof.object.get("previousProof").is_some() || proof.object.get("@context").is_some();
    if !found.keys().all(|key| work.allows(key)) || again && !work.allows_again(document.object()) {
        return Standing::Broken(Reason::new(
            Code::TooComplex,
            path,
            "more proofs than any honest badge carries",
        ));
    }
    match found.any(|key| integrity::verify(document, &proof, key)) {
        Ok(()) => Standing::Held(found.bound),
        Err(error) => standing_of(integrity_reason(path, &error)),
    }
}

/// The members that depend on the moment and on what the verifier expects (VC Data Integrity §4.4 steps 5 to 7).
fn expected(proof: &Proof<'_, '_>, path: &str, options: &Options<'_>) -> Answer {
    let failed = |message: &str| Err(Reason::new(Code::ProofFailed, path, message));
    if proof.expires.is_some_and(|expires| expires < options.at) {
        return failed("the proof has expired");
    }
    let names = |member: &str, wanted: &str| {
        let values = proof.object.get(member).map(Json::one_or_many).unwrap_or_default();
        values.iter().any(|value| value.as_str() == Some(wanted))
    };
    if options.domain.is_some_and(|domain| !names("domain", domain)) {
        return failed("the proof was not made for the domain that is expected");
    }
    if options.challenge.is_some_and(|challenge| !names("challenge", challenge)) {
        return failed("the proof does not answer the challenge that is expected");
    }
    Ok(())
}

/// A suite over JCS does not look into contexts, so this does (VC Data Integrity §2.4.1).
pub(super) fn check_contexts(document: &Object<'_>, contexts: &Contexts) -> Answer {
    for context in document.get("@context").map(Json::one_or_many).unwrap_or_default() {
        match context.as_str() {
            Some(url) if contexts.knows(url) => {}
            Some(url) => {
                let message = format!("the context {url} is not known here");
                return Err(Reason::new(Code::ContextUnknown, "$[\"@context\"]", message));
            }
            None => {
                let message = "a context must be named by its URL, not written out";
                return Err(Reason::new(Code::ContextRule, "$[\"@context\"]", message));
            }
        }
    }
    Ok(())
}

/// The contexts of a suite over JCS: all known, and one that the proof does not name is a finding.
fn contexts_of_json(
    judge: &mut Judge<'_>,
    document: &Object<'_>,
    proof: &Proof<'_, '_>,
    path: &str,
) -> Answer {
    if !proof.suite.signs_json() {
        return Ok(());
    }
    check_contexts(document, judge.options.contexts)?;
    let all = document.get("@context").map(Json::one_or_many).unwrap_or_default();
    let signed = proof.object.get("@context").map(Json::one_or_many);
    if signed.is_some_and(|signed| signed.len() < all.len()) {
        judge.find(
            Code::ContextAdded,
            path,
            "the document names a context that the signature does not cover",
        );
    }
    Ok(())
}

fn standing_of(reason: Reason) -> Standing {
    match reason.code.verdict() {
        Verdict::Unsupported => Standing::Foreign(reason),
        Verdict::Undecided | Verdict::Unbound => Standing::Open(reason),
        _ => Standing::Broken(reason),
    }
}

pub(super) fn integrity_reason(path: &str, error: &IntegrityError) -> Reason {
    match error {
        IntegrityError::JsonLd(error) => jsonld_reason(error),
        IntegrityError::Unsupported(_) => Reason::new(Code::SuiteUnsupported, path, error.to_string()),
        IntegrityError::KeyKind { .. } => Reason::new(Code::AlgForbidden, path, error.to_string()),
        other => Reason::new(Code::ProofFailed, path, other.to_string()),
    }
}

fn jsonld_reason(error: &JsonLdError) -> Reason {
    let (code, path) = match error {
        JsonLdError::ContextUnknown { path, .. } => (Code::ContextUnknown, path.as_str()),
        JsonLdError::TooComplex => (Code::TooComplex, "$"),
        JsonLdError::ContextClash { path, .. }
        | JsonLdError::ContextRule { path, .. }
        | JsonLdError::Dropped { path, .. }
        | JsonLdError::Unsupported { path, .. } => (Code::ContextRule, path.as_str()),
    };
    Reason::new(code, path, error.to_string())
}
