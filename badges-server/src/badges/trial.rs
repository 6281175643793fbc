//! A version before it is published: what would keep every award of it from being believed.

use badges_core::{
    issue::{self, IssueError, ProofKind},
    jsonld::Contexts,
    key::{KeyError, KeyKind, LocalSigner, SecretKey},
    model::contexts,
    time::Timestamp,
    verify::Finding,
};
use serde_json::{json, value::RawValue};

use super::BadgeError;
use crate::{clock::Moment, problem::FieldError};

/// Signs an award of it to nobody with a key of nobody, which nobody sees, and tells what stands against it.
pub(super) fn check(achievement: &str, now: Moment) -> Result<(), BadgeError> {
    // A clock that stands outside of all dates is told of where it matters.
    let Some(at) = now.timestamp() else { return Ok(()) };
    let faults = match tried(achievement, at) {
        Ok(()) => return Ok(()),
        Err(Refused::Issue(IssueError::Lint(findings))) => findings.into_iter().map(fault).collect(),
        Err(refused) => vec![FieldError {
            path: "content".to_owned(),
            code: "unsignable",
            message: format!("makes no credential that a verifier would believe: {refused}"),
        }],
    };
    Err(BadgeError::Fields(faults))
}

#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error(transparent)]
    Issue(#[from] IssueError),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Key(#[from] KeyError),
}

fn tried(achievement: &str, at: Timestamp) -> Result<(), Refused> {
    let signer = LocalSigner::did_key(SecretKey::from_seed(KeyKind::Ed25519, &[7; 32])?)?;
    let achievement: &RawValue = serde_json::from_str(achievement)?;
    let credential = json!({
        "@context": [contexts::VC_20, contexts::OB_30],
        "id": "urn:uuid:00000000-0000-4000-8000-000000000000",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "A trial",
        "issuer": {"id": signer.controller(), "type": ["Profile"], "name": "Nobody"},
        "validFrom": at.to_string(),
        "credentialSubject": {
            "id": "urn:uuid:00000000-0000-4000-8000-000000000001",
            "type": ["AchievementSubject"],
            "achievement": achievement,
        },
    });
    issue::sign_text(&credential.to_string(), ProofKind::Rdfc, at, &signer, &Contexts::new())?;
    Ok(())
}

/// The field of our own that makes the member in which something was found.
fn fault(finding: Finding) -> FieldError {
    let Finding { path, message, .. } = finding;
    let member = path.strip_prefix("$.credentialSubject.achievement.").unwrap_or("content");
    let mut field = String::new();
    for character in member.chars() {
        if character.is_ascii_uppercase() {
            field.push('_');
        }
        field.push(character.to_ascii_lowercase());
    }
    for (theirs, ours) in [("alignment", "alignments"), ("result_description", "results"), ("tag", "tags")] {
        if let Some(rest) = field.strip_prefix(theirs).filter(|rest| rest.is_empty() || rest.starts_with('['))
        {
            field = format!("{ours}{rest}");
        }
    }
    for (theirs, ours) in [(".allowed_value[", ".allowed_values["), (".rubric_criterion_level[", ".levels[")]
    {
        field = field.replace(theirs, ours);
    }
    FieldError { path: field, code: "unsignable", message }
}
