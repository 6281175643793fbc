//! The form of the document, as the typed model demands it.

use super::{
    CheckName, Code,
    judge::{Judge, Reason},
};
use crate::{
    json::Object,
    model::{self, DocumentKind, Fault, Severity, Violation},
};

/// Writes down `structure`.
pub(super) fn check_structure(judge: &mut Judge<'_>, object: &Object<'_>, kind: DocumentKind) {
    let violations = match kind {
        DocumentKind::Badge(_) => model::check_badge(object),
        DocumentKind::Endorsement(_) => model::check_endorsement(object),
        _ => model::check_structure(object),
    };
    // What is wrong with a proof is the proof's own check to say.
    let of_document = |violation: &Violation| !violation.path.starts_with("$.proof");
    record(judge, violations.into_iter().filter(of_document).collect());
}

/// Writes down `structure` with every violation as a finding; the first that the policy does not forgive is
/// the reason.
///
/// A period that ends before it begins is left to the check of time, which it can pass at no time.
pub(super) fn record(judge: &mut Judge<'_>, violations: Vec<Violation>) {
    let lenient = judge.options.lenient();
    let mut first = None;
    for violation in violations {
        let Violation { path, fault, severity } = &violation;
        let timeless = matches!(fault, Fault::Backwards(_));
        let forgiven = timeless || *severity == Severity::Notice || lenient && *severity == Severity::Strict;
        let code = match fault {
            Fault::IssuerUri => Code::IssuerString,
            Fault::OldContext => Code::ContextVersion,
            Fault::Missing(_) if forgiven && path == "$.name" => Code::NameMissing,
            _ => Code::Structure,
        };
        judge.find(code, path, fault.to_string());
        if !forgiven && first.is_none() {
            first = Some(Reason::new(Code::Structure, path.clone(), violation.to_string()));
        }
    }
    judge.record(CheckName::Structure, first.map_or(Ok(()), Err));
}

/// What is neither a badge nor another document that is judged here.
pub(super) fn kind_reason(kind: DocumentKind) -> Option<Reason> {
    let reason = |code, message: &str| Some(Reason::new(code, "$.type", message));
    let name = match kind {
        DocumentKind::Badge(_)
        | DocumentKind::Endorsement(_)
        | DocumentKind::Ob2(..)
        | DocumentKind::StatusList(_) => return None,
        DocumentKind::Clr => "ClrCredential",
        DocumentKind::Presentation => "VerifiablePresentation",
        _ => {
            return reason(
                Code::NotABadge,
                "neither a badge nor an endorsement: its type says something else",
            );
        }
    };
    reason(Code::DocumentUnsupported, &format!("documents of type {name} are not supported"))
}
