//! Making badges that are valid from the start.

use crate::json::{JsonError, Limits, read};
use crate::time::Timestamp;

use super::{
    achievement::{Achievement, Criteria, Evidence},
    contexts,
    credential::{
        AchievementSubject, CredentialSchema, CredentialStatus, OpenBadgeCredential, RefreshService,
    },
    endorsement::{EndorsementCredential, EndorsementSubject},
    profile::{IdentifierType, IdentityObject, Image, Profile},
    result::Achieved,
    structure::{Violation, check_badge, check_endorsement},
    text::Text,
    value::{CompactJws, DateTime, Number, Uri},
};

/// Why no badge was built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The document would not be valid.
    #[error("the document would not be valid: {}", listed(.0))]
    Invalid(Vec<Violation>),
    /// The document would be too long, or hold a text that must not be signed.
    #[error("the document could not be read again: {0}")]
    Json(#[from] JsonError),
    /// A value that serde_json cannot write.
    #[error("the document could not be written: {0}")]
    Unwritable(String),
}

fn listed(violations: &[Violation]) -> String {
    violations.iter().map(Violation::to_string).collect::<Vec<_>>().join("; ")
}

/// Whom a badge is for: always with an id or an identity.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipient {
    id: Option<Uri>,
    identities: Vec<IdentityObject>,
}

impl Recipient {
    /// A recipient by a DID or another URI.
    pub fn id(id: Uri) -> Self {
        Self { id: Some(id), identities: Vec::new() }
    }

    /// A recipient by a name in another system.
    pub fn identity(identity: IdentityObject) -> Self {
        Self { id: None, identities: vec![identity] }
    }

    /// A recipient by an e-mail address, which is hashed with a salt that the caller drew at random.
    pub fn email(address: &str, salt: &[u8; 16]) -> Self {
        Self::identity(IdentityObject::hashed(IdentifierType::EmailAddress, address, salt))
    }

    /// The same recipient by one more name.
    pub fn and(mut self, identity: IdentityObject) -> Self {
        self.identities.push(identity);
        self
    }
}

impl Criteria {
    /// Criteria told in Markdown.
    pub fn narrative(text: impl Into<Text>) -> Self {
        Self { narrative: Some(text.into()), ..Self::new() }
    }

    /// Criteria told on a page.
    pub fn page(id: Uri) -> Self {
        Self { id: Some(id), ..Self::new() }
    }
}

impl OpenBadgeCredential {
    /// Begins a badge; what it cannot be without are the arguments.
    ///
    /// ```
    /// use badges_core::model::{Achievement, Criteria, OpenBadgeCredential, Profile, Recipient};
    ///
    /// let issuer = Profile::new("did:web:astronomy.example".parse()?);
    /// let achievement = Achievement::new(
    ///     "https://astronomy.example/badges/comets".parse()?,
    ///     "Comet hunter".into(),
    ///     "Found a comet".into(),
    ///     Criteria::narrative("Report a comet that nobody saw before."),
    /// );
    /// let recipient = Recipient::email("ada@example.org", b"sixteen bytes !!");
    ///
    /// let badge = OpenBadgeCredential::builder(
    ///     "urn:uuid:91537dba-56cb-11ec-bf63-0242ac130002".parse()?,
    ///     issuer,
    ///     recipient,
    ///     achievement,
    ///     "2026-11-01T10:00:00Z".parse()?,
    /// )
    /// .build()?;
    ///
    /// assert_eq!(badge.name, Some("Comet hunter".into()));
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(
        id: Uri,
        issuer: Profile,
        recipient: Recipient,
        achievement: Achievement,
        valid_from: Timestamp,
    ) -> BadgeBuilder {
        let name = achievement.name.clone();
        let subject = AchievementSubject {
            id: recipient.id,
            identifier: recipient.identities,
            ..AchievementSubject::new(achievement)
        };
        let badge = Self {
            name: Some(name),
            valid_from: Some(valid_from.into()),
            ..Self::new(id, issuer.into(), subject)
        };
        BadgeBuilder { badge }
    }
}

/// A badge in the making.
#[derive(Clone, Debug)]
#[must_use]
pub struct BadgeBuilder {
    badge: OpenBadgeCredential,
}

impl BadgeBuilder {
    /// The name of the credential; without it that of the achievement.
    pub fn name(mut self, name: impl Into<Text>) -> Self {
        self.badge.name = Some(name.into());
        self
    }

    /// A short description.
    pub fn description(mut self, text: impl Into<Text>) -> Self {
        self.badge.description = Some(text.into());
        self
    }

    /// A picture of this credential.
    pub fn image(mut self, image: Image) -> Self {
        self.badge.image = Some(image);
        self
    }

    /// Until when it holds.
    pub fn valid_until(mut self, at: Timestamp) -> Self {
        self.badge.valid_until = Some(at.into());
        self
    }

    /// When it was first given, if this is a newer version.
    pub fn awarded_date(mut self, at: Timestamp) -> Self {
        self.badge.awarded_date = Some(at.into());
        self
    }

    /// Adds work that earned it.
    pub fn evidence(mut self, evidence: Evidence) -> Self {
        self.badge.evidence.push(evidence);
        self
    }

    /// What connects the pieces of evidence, in Markdown.
    pub fn narrative(mut self, text: impl Into<Text>) -> Self {
        self.badge.credential_subject.narrative = Some(text.into());
        self
    }

    /// Adds a result.
    pub fn result(mut self, result: Achieved) -> Self {
        self.badge.credential_subject.result.push(result);
        self
    }

    /// When the activity began and ended.
    pub fn activity(mut self, start: Timestamp, end: Timestamp) -> Self {
        self.badge.credential_subject.activity_start_date = Some(start.into());
        self.badge.credential_subject.activity_end_date = Some(end.into());
        self
    }

    /// The credit that was earned.
    pub fn credits_earned(mut self, credits: Number) -> Self {
        self.badge.credential_subject.credits_earned = Some(credits);
        self
    }

    /// The number of a licence.
    pub fn license_number(mut self, number: impl Into<Text>) -> Self {
        self.badge.credential_subject.license_number = Some(number.into());
        self
    }

    /// The part that the recipient had.
    pub fn role(mut self, role: impl Into<Text>) -> Self {
        self.badge.credential_subject.role = Some(role.into());
        self
    }

    /// Who assessed it for the issuer.
    pub fn source(mut self, profile: Profile) -> Self {
        self.badge.credential_subject.source = Some(Box::new(profile));
        self
    }

    /// The term of study.
    pub fn term(mut self, term: impl Into<Text>) -> Self {
        self.badge.credential_subject.term = Some(term.into());
        self
    }

    /// Adds an entry of a status list.
    pub fn status(mut self, status: CredentialStatus) -> Self {
        self.badge.credential_status.0.push(status);
        self
    }

    /// Adds a schema that it follows.
    pub fn schema(mut self, schema: CredentialSchema) -> Self {
        self.badge.credential_schema.push(schema);
        self
    }

    /// Where to get a newer one.
    pub fn refresh_service(mut self, service: RefreshService) -> Self {
        self.badge.refresh_service = Some(service);
        self
    }

    /// Adds what somebody says of it, with embedded proof.
    pub fn endorsement(mut self, endorsement: EndorsementCredential) -> Self {
        self.badge.endorsement.push(endorsement);
        self
    }

    /// Adds what somebody says of it, as JWT.
    pub fn endorsement_jwt(mut self, endorsement: CompactJws) -> Self {
        self.badge.endorsement_jwt.push(endorsement);
        self
    }

    /// Adds the context that defines members of one's own.
    pub fn context(mut self, url: &Uri) -> Self {
        self.badge.context.add(url.as_str());
        self
    }

    /// The badge, without proof.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if the strict structure check finds anything at all, findings included, or if the
    /// strict reader would not take the document.
    pub fn build(mut self) -> Result<OpenBadgeCredential, BuildError> {
        let badge = &mut self.badge;
        let statuses = badge.credential_status.0.iter().map(|status| &status.kind);
        let schemas = badge.credential_schema.iter().map(|schema| &schema.kind);
        let refresh = badge.refresh_service.iter().map(|service| &service.kind);
        // Only this context defines them; without it a reader would drop them from what is signed.
        if statuses.chain(schemas).chain(refresh).any(|kind| kind.as_str().starts_with("1EdTech")) {
            badge.context.add(contexts::OB_30_EXTENSIONS);
        }
        checked(badge, check_badge)?;
        Ok(self.badge)
    }
}

impl EndorsementCredential {
    /// Begins an endorsement; what it cannot be without are the arguments.
    pub fn builder(
        id: Uri,
        name: impl Into<Text>,
        issuer: Profile,
        endorsed: Uri,
        valid_from: Timestamp,
    ) -> EndorsementBuilder {
        let subject = EndorsementSubject::new(endorsed);
        let endorsement = Self {
            valid_from: Some(valid_from.into()),
            ..Self::new(id, name.into(), issuer.into(), subject)
        };
        EndorsementBuilder { endorsement }
    }
}

/// An endorsement in the making.
#[derive(Clone, Debug)]
#[must_use]
pub struct EndorsementBuilder {
    endorsement: EndorsementCredential,
}

impl EndorsementBuilder {
    /// The claim in words, in Markdown.
    pub fn comment(mut self, text: impl Into<Text>) -> Self {
        self.endorsement.credential_subject.endorsement_comment = Some(text.into());
        self
    }

    /// A short description.
    pub fn description(mut self, text: impl Into<Text>) -> Self {
        self.endorsement.description = Some(text.into());
        self
    }

    /// Until when it holds.
    pub fn valid_until(mut self, at: Timestamp) -> Self {
        self.endorsement.valid_until = Some(DateTime::from(at));
        self
    }

    /// Adds an entry of a status list.
    pub fn status(mut self, status: CredentialStatus) -> Self {
        self.endorsement.credential_status.0.push(status);
        self
    }

    /// The endorsement, without proof.
    ///
    /// # Errors
    ///
    /// As [`BadgeBuilder::build`].
    pub fn build(self) -> Result<EndorsementCredential, BuildError> {
        checked(&self.endorsement, check_endorsement)?;
        Ok(self.endorsement)
    }
}

/// What is built is judged by its text, as a verifier would.
fn checked(
    document: &impl serde::Serialize,
    check: fn(&crate::json::Object<'_>) -> Vec<Violation>,
) -> Result<(), BuildError> {
    let text = serde_json::to_string(document).map_err(|error| BuildError::Unwritable(error.to_string()))?;
    let tree = read(text.as_bytes(), &Limits::default())?;
    let violations = tree.as_object().map(check).unwrap_or_default();
    if violations.is_empty() { Ok(()) } else { Err(BuildError::Invalid(violations)) }
}
