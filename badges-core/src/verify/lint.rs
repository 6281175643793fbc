//! What a verifier would refuse, for issuers who are about to sign.

use super::{
    CheckName, Code, Finding, Options, Outcome, Verdict,
    endorsements::check_endorsements,
    judge::{Judge, Reason},
    proofs::check_contexts,
    structure::{check_structure, kind_reason},
    work::{Within, Work},
};
use crate::{did::MemoryDocuments, json::Object, jsonld::Contexts, model::kind_of, time::Timestamp};

/// Every check of the verifier but the signature, for a credential that is about to be signed; empty if a
/// verifier would find nothing to refuse.
pub fn lint(credential: &Object<'_>, contexts: &Contexts) -> Vec<Finding> {
    let documents = MemoryDocuments::default();
    // Long past, so that nothing is found expired: dates are the issuer's to choose.
    let options = Options::new(Timestamp::EPOCH, contexts, &documents);
    let mut judge = Judge::new(&options);
    let kind = kind_of(credential);
    if let Some(reason) = kind_reason(kind) {
        judge.record(CheckName::Structure, Err(reason));
    } else {
        check_structure(&mut judge, credential, kind);
        check_endorsements(&mut judge, credential, Within { depth: 0, work: &Work::default() });
    }
    let report = judge.finish();
    // An endorsement of today is not yet valid in the long past.
    let dates = [Some(Code::Expired), Some(Code::NotYetValid)];
    let refused = report.checks.into_iter();
    let refused = refused.filter(|check| check.outcome == Outcome::Failed && !dates.contains(&check.code));
    // What is only worth knowing keeps nobody from signing.
    let refused = refused.filter(|check| check.code.is_some_and(|code| code.verdict() != Verdict::Valid));
    let refused = refused.filter_map(|check| {
        let message = check.detail.unwrap_or_default();
        Some(Finding { code: check.code?, path: check.path.unwrap_or_else(|| "$".to_owned()), message })
    });
    let violations = report.findings.into_iter().filter(|finding| finding.code == Code::Structure);
    // The reason of the check of structure is the first violation over again.
    violations.chain(refused.filter(|finding| finding.code != Code::Structure)).collect()
}

/// A context that a verifier of a suite over JCS would refuse; one over RDF refuses it when it is expanded.
pub(crate) fn lint_contexts(credential: &Object<'_>, contexts: &Contexts) -> Option<Finding> {
    let Reason { code, path, message } = check_contexts(credential, contexts).err()?;
    Some(Finding { code, path, message })
}
