//! Templates: a badge in the words of Open Badges 3.0, without what differs from one award to the next.

mod classes;
mod reading;

use std::borrow::Cow;

use badges_core::{
    json::{Json, JsonError, Object},
    model::{OpenBadgeCredential, Severity, check_badge, contexts},
    time::Timestamp,
};

use crate::dates::DateError;

/// What is the same in each badge of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Template<'t> {
    /// The credential, complete but for [`Award`].
    badge: Object<'t>,
}

/// What differs from one badge to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Award {
    /// The identifier of the credential, an absolute URL.
    pub(crate) id: String,
    /// The recipient's own identifier.
    pub(crate) subject: Option<String>,
    /// `IdentityObject`s.
    pub(crate) identifiers: Vec<Object<'static>>,
    pub(crate) narrative: Option<String>,
    /// An address, or words.
    pub(crate) evidence: Option<String>,
    pub(crate) valid_from: Option<Timestamp>,
    pub(crate) valid_until: Option<Timestamp>,
    /// `BitstringStatusListEntry`s.
    pub(crate) status: Vec<Object<'static>>,
}

/// Why a template cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TemplateError {
    #[error("the template holds {0}, which `badges issue` adds to each badge: strike it")]
    Award(&'static str),
    #[error("the template lacks what is awarded: add achievement with id, name, description and criteria")]
    NoAchievement,
    #[error("{path} is {found} where an object belongs: write its members")]
    NotAnObject { path: String, found: &'static str },
    #[error("{0} is not a finite number")]
    NotFinite(String),
    #[error("the template makes no badge: {0}")]
    Structure(String),
    #[error("the template cannot be read as JSON: {0}")]
    SyntaxJson(JsonError),
    #[error("the template cannot be read as TOML: {0}")]
    SyntaxToml(String),
    #[error("{path}: {reason}")]
    Time { path: String, reason: DateError },
    #[error("the template has achievement and credentialSubject.achievement: strike one of them")]
    TwoAchievements,
    #[error("{path} is not known: {class} has {known}")]
    Unknown { path: String, class: &'static str, known: String },
}

impl<'t> Template<'t> {
    /// Reads what a person wrote, completes it, and checks it as far as the recipient does not matter.
    ///
    /// `issuer` is the identifier of the key's controller, which stands in where the template names none.
    pub(crate) fn read(bytes: &'t [u8], issuer: &str) -> Result<Self, TemplateError> {
        let written = reading::read(bytes)?;
        let lifted = written.get("achievement").is_some();
        Self::complete(written, issuer).map_err(|error| error.with_own_path(lifted))
    }

    fn complete(mut written: Object<'t>, issuer: &str) -> Result<Self, TemplateError> {
        for name in ["id", "proof"] {
            if written.get(name).is_some() {
                return Err(TemplateError::Award(name));
            }
        }
        let mut subject = object(written.remove("credentialSubject"), "credentialSubject")?;
        for name in ["id", "identifier"] {
            if subject.get(name).is_some() {
                return Err(TemplateError::Award("a recipient"));
            }
        }
        match (written.remove("achievement"), subject.get("achievement").is_some()) {
            (Some(_), true) => return Err(TemplateError::TwoAchievements),
            (Some(achievement), false) => subject.set("achievement", achievement),
            (None, true) => {}
            (None, false) => return Err(TemplateError::NoAchievement),
        }
        written.set("credentialSubject", Json::Object(subject));
        let mut profile = match written.remove("issuer") {
            // As with every profile, a text is the name.
            Some(Json::String(name)) => {
                let mut profile = Object::new();
                profile.set("name", Json::String(name));
                profile
            }
            other => object(other, "issuer")?,
        };
        if profile.get("id").is_none() {
            profile.set("id", text(issuer.to_owned()));
        }
        written.set("issuer", Json::Object(profile));
        let badge = arranged(classes::complete(written, OpenBadgeCredential::class(), "$")?);
        let template = Self { badge };
        template.check()?;
        Ok(template)
    }

    /// Checks a badge for nobody in particular.
    fn check(&self) -> Result<(), TemplateError> {
        let nobody = Award {
            id: "urn:uuid:00000000-0000-4000-8000-000000000000".to_owned(),
            subject: Some("did:example:recipient".to_owned()),
            ..Award::default()
        };
        // The rules know no time: any will do.
        let badge = self.badge(nobody, Timestamp::EPOCH);
        let violation =
            check_badge(&badge).into_iter().find(|violation| violation.severity > Severity::Notice);
        violation.map_or(Ok(()), |violation| Err(TemplateError::Structure(violation.to_string())))
    }

    /// The identifier of the issuer.
    pub(crate) fn issuer(&self) -> &str {
        let issuer = self.badge.get("issuer").and_then(Json::as_object);
        issuer.and_then(|issuer| issuer.text("id")).unwrap_or_default()
    }

    /// The identifier of what is awarded.
    pub(crate) fn achievement(&self) -> &str {
        let subject = self.badge.get("credentialSubject").and_then(Json::as_object);
        let achievement = subject.and_then(|subject| subject.get("achievement")).and_then(Json::as_object);
        achievement.and_then(|achievement| achievement.text("id")).unwrap_or_default()
    }

    /// One badge, complete but for the proof.
    pub(crate) fn badge(&self, award: Award, now: Timestamp) -> Object<'t> {
        let mut badge = self.badge.clone();
        badge.set("id", text(award.id));
        if let Some(from) = award.valid_from {
            badge.set("validFrom", text(from.to_string()));
        } else if badge.get("validFrom") == Some(&Json::Null) {
            badge.set("validFrom", text(now.to_string()));
        }
        if let Some(until) = award.valid_until {
            badge.set("validUntil", text(until.to_string()));
        } else if badge.get("validUntil") == Some(&Json::Null) {
            badge.remove("validUntil");
        }
        let mut subject = Object::new();
        if let Some(id) = award.subject {
            subject.set("id", text(id));
        }
        if let Some(Json::Object(same)) = badge.get("credentialSubject").cloned() {
            for (name, value) in same.iter() {
                subject.set(name.to_owned(), value.clone());
            }
        }
        if !award.identifiers.is_empty() {
            subject.set("identifier", Json::Array(award.identifiers.into_iter().map(Json::Object).collect()));
        }
        if let Some(narrative) = award.narrative {
            subject.set("narrative", text(narrative));
        }
        badge.set("credentialSubject", Json::Object(subject));
        append(&mut badge, "evidence", award.evidence.map(classes::evidence));
        append(&mut badge, "credentialStatus", award.status);
        badge
    }
}

impl TemplateError {
    /// The same with its path as the author wrote it: what is awarded may stand at the top.
    fn with_own_path(mut self, lifted: bool) -> Self {
        let (Self::NotAnObject { path, .. }
        | Self::Structure(path)
        | Self::Time { path, .. }
        | Self::Unknown { path, .. }) = &mut self
        else {
            return self;
        };
        let inner = path
            .strip_prefix("$.credentialSubject.")
            .filter(|rest| lifted && rest.starts_with("achievement"));
        if let Some(rest) = inner.or_else(|| path.strip_prefix("$.")) {
            *path = rest.to_owned();
        }
        self
    }
}

/// Adds objects to a member that is an array, if it is there.
fn append<'t>(badge: &mut Object<'t>, name: &'static str, more: impl IntoIterator<Item = Object<'t>>) {
    let mut all = match badge.remove(name) {
        Some(Json::Array(all)) => all,
        other => other.into_iter().collect(),
    };
    all.extend(more.into_iter().map(Json::Object));
    if !all.is_empty() {
        badge.set(name, Json::Array(all));
    }
}

/// The members in the order in which people expect them, with room for what [`Award`] brings.
fn arranged(mut written: Object<'_>) -> Object<'_> {
    let subject = written.get("credentialSubject").and_then(Json::as_object);
    let achievement = subject.and_then(|subject| subject.get("achievement")).and_then(Json::as_object);
    let name = achievement.and_then(|achievement| achievement.get("name")).cloned();
    let contexts = [contexts::VC_20, contexts::OB_30].map(|url| Json::String(Cow::Borrowed(url)));
    let mut badge = Object::new();
    badge.set("@context", written.remove("@context").unwrap_or_else(|| Json::Array(contexts.to_vec())));
    badge.set("id", Json::Null);
    badge.set("type", written.remove("type").unwrap_or(Json::Null));
    if let Some(name) = written.remove("name").or(name) {
        badge.set("name", name);
    }
    for first in ["description", "image", "issuer"] {
        if let Some(value) = written.remove(first) {
            badge.set(first, value);
        }
    }
    for time in ["validFrom", "validUntil"] {
        badge.set(time, written.remove(time).unwrap_or(Json::Null));
    }
    for (name, value) in written.iter() {
        badge.set(name.to_owned(), value.clone());
    }
    badge
}

fn object<'t>(value: Option<Json<'t>>, name: &str) -> Result<Object<'t>, TemplateError> {
    match value {
        None => Ok(Object::new()),
        Some(Json::Object(object)) => Ok(object),
        Some(other) => Err(TemplateError::NotAnObject { path: format!("$.{name}"), found: other.kind() }),
    }
}

fn text<'t>(text: String) -> Json<'t> {
    Json::String(Cow::Owned(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOML: &str = r#"
        validUntil = 2030-06-30
        [issuer]
        name = "Hive Chicago"
        [achievement]
        id = "https://hive.example/badges/astronaut"
        name = "Astronaut"
        description = "Knows how to leave the planet."
        criteria = "Built a rocket and flew it."
        image = "https://hive.example/astronaut.png"
        tag = "space"
        [[achievement.alignment]]
        targetName = "Orbit"
        targetUrl = "https://nasa.example/orbit"
    "#;

    fn template(text: &str) -> Result<Template<'_>, TemplateError> {
        Template::read(text.as_bytes(), "did:key:z6Mk")
    }

    #[test]
    fn what_everybody_can_know_need_not_be_written() {
        let template = template(TOML).unwrap();
        let award =
            Award { id: "urn:uuid:1".into(), subject: Some("did:example:ada".into()), ..Award::default() };

        let badge = template.badge(award, "2026-11-21T10:00:00Z".parse().unwrap());

        let expected = serde_json::json!({
            "@context": [contexts::VC_20, contexts::OB_30],
            "id": "urn:uuid:1",
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": "Astronaut",
            "issuer": {"id": "did:key:z6Mk", "type": ["Profile"], "name": "Hive Chicago"},
            "validFrom": "2026-11-21T10:00:00Z",
            "validUntil": "2030-06-30T23:59:59Z",
            "credentialSubject": {
                "id": "did:example:ada",
                "type": ["AchievementSubject"],
                "achievement": {
                    "id": "https://hive.example/badges/astronaut",
                    "type": ["Achievement"],
                    "name": "Astronaut",
                    "description": "Knows how to leave the planet.",
                    "criteria": {"narrative": "Built a rocket and flew it."},
                    "image": {"id": "https://hive.example/astronaut.png", "type": "Image"},
                    "tag": ["space"],
                    "alignment": [{
                        "type": ["Alignment"],
                        "targetName": "Orbit",
                        "targetUrl": "https://nasa.example/orbit",
                    }],
                },
            },
        });
        assert_eq!(serde_json::to_value(&badge).unwrap(), expected);
    }

    #[test]
    fn a_template_that_makes_no_badge_says_where_and_what_to_do() {
        let refused = |text: &str| template(text).unwrap_err().to_string();

        assert!(refused(&TOML.replace("name = \"Astronaut\"", "")).contains("badge: achievement.name"));
        assert!(
            refused(&TOML.replace("description", "desciption"))
                .contains("achievement.desciption is not known")
        );
        assert!(
            refused(&TOML.replace("2030-06-30", "\"soon\"")).contains("validUntil: \"soon\" is not a time")
        );
        assert!(refused("[issuer]\nname = \"Hive\"").contains("lacks what is awarded"));
        assert!(refused("name = ").contains("TOML"));
        assert!(refused("{\"name\": }").contains("JSON"));
        assert!(refused("[]").contains("TOML") || refused("[]").contains("object"));
        assert!(refused("{\"id\": \"urn:x\"}").contains("strike it"));
        assert!(refused("{\"credentialSubject\": []}").contains("an array where an object belongs"));
    }
}
