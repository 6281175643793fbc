//! Whether the badge was given to the recipient asked for (OB 3.0 §8.4).

use super::{
    CheckName, Code, Recipient, RecipientKind,
    judge::{Answer, Judge, Reason},
};
use crate::{
    json::{Json, Object},
    model::same_identity,
};

/// Writes down `recipient`.
pub(super) fn check_recipient(judge: &mut Judge<'_>, object: &Object<'_>) {
    match judge.options.recipient {
        None => judge.skip(CheckName::Recipient),
        Some(wanted) => judge.record(CheckName::Recipient, given_to(object, wanted)),
    }
}

fn given_to(object: &Object<'_>, wanted: &Recipient) -> Answer {
    let subjects = object.get("credentialSubject").map(Json::one_or_many).unwrap_or_default();
    let hit = subjects.iter().filter_map(Json::as_object).any(|subject| match &wanted.kind {
        RecipientKind::Id => subject.text("id") == Some(&wanted.value),
        kind => {
            let identities = subject.get("identifier").map(Json::one_or_many).unwrap_or_default();
            let identities = identities.iter().filter_map(Json::as_object);
            identities
                .filter(|one| one.text("identityType") == Some(kind.as_str()))
                .any(|one| matches(one, &wanted.value))
        }
    });
    hit.then_some(()).ok_or_else(|| somebody_else("$.credentialSubject"))
}

pub(super) fn somebody_else(path: &str) -> Reason {
    Reason::new(Code::RecipientMismatch, path, "given to somebody else than the recipient asked for")
}

fn matches(identity: &Object<'_>, value: &str) -> bool {
    let hashed = identity.get("hashed") == Some(&Json::Boolean(true));
    let known = identity.text("identityHash").unwrap_or_default();
    same_identity(hashed, known, identity.text("salt"), value)
}
