//! What an award is asked for with, and everything that is wrong with it at once.

use badges_core::time::Timestamp;
use serde::Deserialize;

use super::{
    credential::Evidence,
    desk::{Gift, Recipient},
};
use crate::{
    badges::settings::{SEEN_BY, Visibility},
    clock::Moment,
    contacts::{
        Email, EmailAddress,
        did::{self, Did},
    },
    ids::BadgeId,
    problem::{Faults, Problem},
    texts::{
        self, RECIPIENTS,
        schema::{Crowd, Few, Line, Name, Note},
    },
};

/// A badge, and whom it is for: one by `email`, or several as `recipients`.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAward)]
pub(super) struct AwardRequest {
    pub(super) badge: BadgeId,
    #[serde(default)]
    #[schema(value_type = Option<Email>)]
    pub(super) email: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<Name>)]
    pub(super) name: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub(super) external_id: Option<String>,
    #[serde(default)]
    #[schema(value_type = Crowd<RecipientRequest>, inline)]
    pub(super) recipients: Vec<RecipientRequest>,
    #[serde(default)]
    #[schema(value_type = Few<Evidence>, inline)]
    pub(super) evidence: Vec<Evidence>,
    #[serde(default)]
    #[schema(value_type = Option<Note>)]
    pub(super) note: Option<String>,
    /// When it is signed and told of; now, if it is left out.
    #[serde(default)]
    pub(super) issue_at: Option<String>,
    #[serde(default)]
    pub(super) expires_at: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<Visibility>)]
    pub(super) visibility: Option<String>,
    /// Whether they are told by mail.
    #[serde(default = "yes")]
    pub(super) mail: bool,
    /// Whether everything is checked and nothing written.
    #[serde(default)]
    pub(super) dry_run: bool,
}

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Recipient)]
pub(super) struct RecipientRequest {
    #[serde(default)]
    #[schema(value_type = Option<Email>)]
    pub(super) email: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<Did>)]
    pub(super) did: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<Name>)]
    pub(super) name: Option<String>,
    /// What the caller calls the award, to find it by.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub(super) external_id: Option<String>,
}

fn yes() -> bool {
    true
}

impl AwardRequest {
    /// When it is to be issued; what cannot be read is refused by [`Self::gift`].
    pub(super) fn issue_at(&self) -> Option<Moment> {
        self.issue_at.as_ref()?.parse::<Timestamp>().ok().map(Moment::from)
    }

    /// What is to be given, at a moment.
    pub(super) fn gift(self, now: Moment) -> Result<Gift, Problem> {
        let mut faults = Faults::default();
        let begins = self.issue_at().map_or(now, |issue_at| issue_at.max(now));
        if self.issue_at.is_some() && self.issue_at().is_none() {
            faults.note("issue_at", "time", "is no time: write one such as 2030-06-30T09:00:00Z");
        }
        let mut asked = self.recipients;
        let single = asked.is_empty();
        if let Some(email) = self.email {
            let (name, external_id) = (self.name, self.external_id);
            asked.insert(0, RecipientRequest { email: Some(email), did: None, name, external_id });
        }
        if asked.is_empty() {
            faults.note("email", "missing", "is missing: say whom the badge is for");
        }
        if asked.len() > RECIPIENTS {
            let found = asked.len();
            let message =
                format!("has {found} entries, and {RECIPIENTS} are the most in one call: use a bulk award");
            faults.note("recipients", "too_many", message);
        }
        let mut recipients = Vec::with_capacity(asked.len());
        for (at, one) in asked.into_iter().enumerate() {
            let before = if single { String::new() } else { format!("recipients[{at}].") };
            recipients.push(one.recipient(&before, &mut faults));
        }
        said(self.note.as_deref(), &self.evidence, &mut faults);
        let expires_at = self.expires_at.as_deref().map(str::parse::<Timestamp>);
        match &expires_at {
            Some(Err(_)) => {
                faults.note("expires_at", "time", "is no time: write one such as 2030-06-30T23:59:59Z");
            }
            Some(Ok(end)) if Moment::from(*end) <= begins => {
                faults.note("expires_at", "past", "is over before the award begins: write a later time");
            }
            _ => {}
        }
        if self.visibility.as_deref().is_some_and(|seen| !SEEN_BY.contains(&seen)) {
            faults.note("visibility", "value", "must be public, link or private");
        }
        faults.none()?;
        Ok(Gift {
            badge: self.badge,
            recipients,
            evidence: self.evidence,
            note: self.note,
            expires_at: expires_at.and_then(Result::ok),
            visibility: self.visibility,
            mail: self.mail,
            replaces: None,
            code: None,
        })
    }
}

/// What is said on an award: the note, and what shows it.
pub(super) fn said(note: Option<&str>, evidence: &[Evidence], faults: &mut Faults) {
    if let Some(note) = note {
        faults.at_most("note", note, texts::NOTE);
    }
    faults.at_most_entries("evidence", evidence.len(), texts::EVIDENCE);
    for (at, Evidence { url, name, narrative }) in evidence.iter().enumerate() {
        let path = |field: &str| format!("evidence[{at}].{field}");
        if url.is_none() && name.is_none() && narrative.is_none() {
            faults.note(format!("evidence[{at}]"), "missing", "says nothing: give url or narrative");
        }
        if let Some(url) = url {
            faults.address(&path("url"), url);
        }
        if let Some(name) = name {
            faults.line(&path("name"), name);
        }
        if let Some(narrative) = narrative {
            faults.at_most(&path("narrative"), narrative, texts::NOTE);
        }
    }
}

impl RecipientRequest {
    fn recipient(self, before: &str, faults: &mut Faults) -> Recipient {
        let email = self.email.as_deref().map(str::parse::<EmailAddress>);
        if let Some(Err(error)) = &email {
            faults.note(format!("{before}email"), "email", error.to_string());
        }
        if let Some(Err(error)) = self.did.as_deref().map(did::check) {
            faults.note(format!("{before}did"), "did", error.to_string());
        }
        // Programs that know no name may say so with an empty one.
        let name = self.name.filter(|name| !name.is_empty());
        if let Some(name) = &name {
            faults.line(&format!("{before}name"), name);
        }
        if self.email.is_none() && self.did.is_none() {
            faults.note(format!("{before}email"), "missing", "is missing: give email or did");
        }
        if let Some(id) = &self.external_id {
            faults.line(&format!("{before}external_id"), id);
        }
        Recipient { email: email.and_then(Result::ok), did: self.did, name, external_id: self.external_id }
    }
}
