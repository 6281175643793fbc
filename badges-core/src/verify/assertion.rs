//! An assertion of Open Badges 2.0 or older, with its badge class and issuer (OB 2.0, Data Classes).

use super::{
    CheckName, Code, Generation, Options, RecipientKind,
    documents::{fetch, missing},
    judge::{Answer, Judge, Reason},
    recipient::somebody_else,
    trust::check_trust,
};
use crate::{
    json::{Json, Object},
    model::{
        Edition, IdentifierType, Ob2Class,
        ob2::{self, Upgraded},
        same_identity,
    },
    time::Timestamp,
};

/// An assertion in the form of 2.0, as it was received, and who stands behind it.
pub(super) struct Assertion<'d, 'a> {
    received: &'d Object<'a>,
    upgraded: Upgraded<'a>,
    badge: Answer<Party>,
    issuer: Answer<Party>,
}

/// A badge class or an issuer, in the form of 2.0.
pub(super) struct Party {
    pub(super) id: String,
    pub(super) object: Object<'static>,
    edition: Edition,
    /// Whether it stands at its own address, and not only within another document.
    pub(super) fetched: bool,
}

impl<'d, 'a> Assertion<'d, 'a> {
    /// Brings an assertion to 2.0, describes it in the report, and looks its badge class and issuer up: once, so
    /// that all checks speak of the same. `location` is where it was found, if it was.
    pub(super) fn read(
        judge: &mut Judge<'_>,
        received: &'d Object<'a>,
        location: Option<&str>,
    ) -> Answer<Self> {
        let upgraded = ob2::upgrade(received, location);
        let upgraded = upgraded.map_err(|error| Reason::new(Code::Structure, "$", error.to_string()))?;
        if upgraded.class != Ob2Class::Assertion {
            let message = "this describes a badge or an issuer: what can be verified is an assertion";
            return Err(Reason::new(Code::NotABadge, "$.type", message));
        }
        let current = upgraded.edition == Edition::V2_0;
        judge.generation(if current { Generation::V2 } else { Generation::V1 });
        for change in &upgraded.changes {
            judge.find(Code::Upgraded, &change.path, change.what);
        }
        let badge = party(upgraded.document.get("badge"), "$.badge", judge.options);
        let issuer = badge.as_ref().map_err(Clone::clone);
        let issuer =
            issuer.and_then(|badge| party(badge.object.get("issuer"), "$.badge.issuer", judge.options));
        Ok(Self { received, upgraded, badge, issuer })
    }

    pub(super) fn object(&self) -> &Object<'a> {
        &self.upgraded.document
    }

    pub(super) fn received(&self) -> &'d Object<'a> {
        self.received
    }

    /// Whether a signature, and not the address, is to show that it is genuine.
    pub(super) fn is_signed(&self) -> bool {
        let kind = self.object().get("verification").and_then(Json::as_object);
        kind.is_some_and(|kind| kind.has_type("SignedBadge") || kind.has_type("signed"))
    }

    /// The profile of the issuer.
    pub(super) fn issuer(&self) -> Answer<&Party> {
        self.issuer.as_ref().map_err(Clone::clone)
    }
}

/// What an address stands for where it was supplied, else what stands within the document itself.
fn party(value: Option<&Json<'_>>, path: &str, options: &Options<'_>) -> Answer<Party> {
    let embedded = value.and_then(Json::as_object);
    let id = value.and_then(Json::id);
    let id =
        id.ok_or_else(|| Reason::new(Code::Structure, path, "must be an address, or an object with an id"))?;
    let text = options.documents.document(id);
    let (found, fetched) = match (&text, embedded) {
        (Some(text), _) => (fetch(text, id, options)?, true),
        (None, Some(object)) => (object.clone(), false),
        (None, None) => return Err(missing(id)),
    };
    let upgraded = ob2::upgrade(&found, Some(id))
        .map_err(|error| Reason::new(Code::Structure, path, format!("the document at {id}: {error}")))?;
    Ok(Party {
        id: id.to_owned(),
        object: upgraded.document.into_owned(),
        edition: upgraded.edition,
        fetched,
    })
}

/// Everything that does not depend on how the assertion is to be verified.
pub(super) fn check_assertion(judge: &mut Judge<'_>, assertion: &Assertion<'_, '_>) {
    let object = assertion.object();
    let mut violations = ob2::check_ob2(object, Ob2Class::Assertion, assertion.upgraded.edition);
    if let Ok(badge) = &assertion.badge {
        judge.report.name = badge.object.text("name").map(str::to_owned);
        violations.extend(ob2::check_ob2(&badge.object, Ob2Class::BadgeClass, badge.edition));
    }
    if let Ok(issuer) = &assertion.issuer {
        judge.report.issuer_name = issuer.object.text("name").map(str::to_owned);
        violations.extend(ob2::check_ob2(&issuer.object, Ob2Class::Profile, issuer.edition));
        judge.report.issuer = Some(issuer.id.clone());
    }
    super::structure::record(judge, violations);
    judge.record(CheckName::Time, period(object, judge.options.at));
    let recipient = object.get("recipient").and_then(Json::as_object);
    judge.report.recipients.extend(recipient.and_then(|one| one.text("identity")).map(str::to_owned));
    match judge.options.recipient {
        None => judge.skip(CheckName::Recipient),
        Some(wanted) => {
            // The types of OB 2.0 (IdentityObject) by the names of OB 3.0.
            let kinds: &[&str] = match &wanted.kind {
                RecipientKind::Id => &["id", "url"],
                RecipientKind::Identity(IdentifierType::EmailAddress) => &["email"],
                RecipientKind::Identity(_) => &[],
                RecipientKind::Telephone => &["telephone"],
            };
            let hit = recipient.is_some_and(|one| {
                kinds.iter().any(|kind| one.has_type(kind)) && given_to(one, &wanted.value)
            });
            let answer = hit.then_some(()).ok_or_else(|| somebody_else("$.recipient"));
            judge.record(CheckName::Recipient, answer);
        }
    }
    let issuer = judge.report.issuer.clone().unwrap_or_default();
    check_trust(judge, &issuer);
}

fn given_to(identity: &Object<'_>, value: &str) -> bool {
    let hashed = identity.get("hashed") == Some(&Json::Boolean(true));
    same_identity(hashed, identity.text("identity").unwrap_or_default(), identity.text("salt"), value)
}

fn period(object: &Object<'_>, at: Timestamp) -> Answer {
    let point = |name: &str| object.text(name).and_then(ob2::point_in_time);
    if let Some(from) = point("issuedOn").filter(|from| at < *from) {
        return Err(Reason::new(Code::NotYetValid, "$.issuedOn", format!("not valid before {from}")));
    }
    match point("expires").filter(|until| at > *until) {
        Some(until) => Err(Reason::new(Code::Expired, "$.expires", format!("no longer valid since {until}"))),
        None => Ok(()),
    }
}
