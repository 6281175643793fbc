//! Documents of 0.5, 1.0 and 1.1 as those of 2.0 (OB 2.0 §5; where it is silent, 1EdTech's validator-core).

use std::borrow::Cow;

use crate::json::{Json, Object, shortened};
use crate::model::{
    form,
    kind::{DocumentKind, Edition, Ob2Class, kind_of},
};
use crate::time::Timestamp;

use super::{OB_20, point_in_time};

/// A document of 2.0, and what it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Upgraded<'a> {
    /// The document as one of 2.0; whether it is a valid one is for [`check_ob2`](super::check_ob2) to say.
    pub document: Object<'a>,
    /// Its class.
    pub class: Ob2Class,
    /// The edition that it was.
    pub edition: Edition,
    /// What was changed, in the order in which it was.
    pub changes: Vec<Change>,
}

/// Something that an upgrade changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where, in the document of 2.0.
    pub path: String,
    /// What was done.
    pub what: &'static str,
}

/// Why a document could not be upgraded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UpgradeError {
    /// Nothing says what the id is.
    #[error("nothing says the id of the document: give the address where it was found")]
    NoId,
    /// Not a document of Open Badges 0.5 to 2.0.
    #[error("not a document of Open Badges 0.5, 1.0, 1.1 or 2.0")]
    NotOb2,
    /// The issuer's origin is not scheme, host and port.
    #[error("the issuer's origin is {0:?}: scheme, host and port are wanted")]
    Origin(String),
    /// A time that no edition has.
    #[error("{0:?} is no time of any edition")]
    Time(String),
}

/// Brings a document to Open Badges 2.0; one of 2.0 comes back as it was.
///
/// `location` is the address where the document was found, which is the id of what has none.
///
/// # Errors
///
/// [`UpgradeError`] for what no edition knows, or without anything that could be its id.
pub fn upgrade<'a>(document: &Object<'a>, location: Option<&str>) -> Result<Upgraded<'a>, UpgradeError> {
    let DocumentKind::Ob2(edition, class) = kind_of(document) else { return Err(UpgradeError::NotOb2) };
    let mut upgraded = Upgraded { document: document.clone(), class, edition, changes: Vec::new() };
    if edition == Edition::V2_0 {
        return Ok(upgraded);
    }
    if edition == Edition::V0_5 {
        upgraded.beyond_05()?;
    }
    if edition <= Edition::V1_0 {
        upgraded.beyond_10(location)?;
    }
    upgraded.beyond_11()?;
    Ok(upgraded)
}

impl<'a> Upgraded<'a> {
    fn changed(&mut self, path: &str, what: &'static str) {
        self.changes.push(Change { path: path.to_owned(), what });
    }

    fn set(&mut self, name: &'static str, value: Json<'a>, what: &'static str) {
        self.document.set(name, value);
        self.changed(&format!("$.{name}"), what);
    }

    /// 0.5 has no recipient object, other names, and everything inside the assertion.
    fn beyond_05(&mut self) -> Result<(), UpgradeError> {
        if let Some(issued) = self.document.remove("issued_on")
            && self.document.get("issuedOn").is_none()
        {
            self.set("issuedOn", issued, "renamed from issued_on");
        }
        if let Some(Json::String(identity)) = self.document.get("recipient").cloned() {
            let mut recipient = Object::new();
            recipient.set("type", text("email"));
            recipient.set("hashed", Json::Boolean(!identity.contains('@')));
            recipient.set("identity", Json::String(identity));
            if let Some(salt) = self.document.remove("salt") {
                recipient.set("salt", salt);
            }
            self.set("recipient", Json::Object(recipient), "made an object of the text");
        }
        let mut verify = Object::new();
        verify.set("type", text("hosted"));
        self.set("verify", Json::Object(verify), "taken as hosted");
        let Some(Json::Object(mut badge)) = self.document.get("badge").cloned() else { return Ok(()) };
        let mut origin = String::new();
        if let Some(Json::Object(mut issuer)) = badge.get("issuer").cloned() {
            origin = self.issuer_05(&mut issuer)?;
            badge.set("issuer", Json::Object(issuer));
        }
        badge.set("type", text("BadgeClass"));
        self.changed("$.badge.type", "added");
        for (name, path) in [("image", "$.badge.image"), ("criteria", "$.badge.criteria")] {
            if let Some(absolute) = absolute(badge.text(name), &origin) {
                badge.set(name, absolute);
                self.changed(path, "put behind the issuer's origin");
            }
        }
        self.document.set("badge", Json::Object(badge));
        if let Some(absolute) = absolute(self.document.text("evidence"), &origin) {
            self.set("evidence", absolute, "put behind the issuer's origin");
        }
        Ok(())
    }

    fn issuer_05(&mut self, issuer: &mut Object<'a>) -> Result<String, UpgradeError> {
        issuer.set("type", text("Issuer"));
        self.changed("$.badge.issuer.type", "added");
        let origin = issuer.text("origin").unwrap_or_default().trim_end_matches('/').to_owned();
        if !is_origin(&origin) {
            return Err(UpgradeError::Origin(shortened(&origin)));
        }
        for (old, new, what) in
            [("contact", "email", "renamed from contact"), ("origin", "url", "renamed from origin")]
        {
            if issuer.get(new).is_none()
                && let Some(value) = issuer.remove(old)
            {
                issuer.set(new, value);
                self.changed(&format!("$.badge.issuer.{new}"), what);
            }
        }
        if let (Some(name), Some(org)) = (issuer.text("name"), issuer.text("org")) {
            let joined = Json::String(format!("{name}: {org}").into());
            issuer.set("name", joined);
            issuer.remove("org");
            self.changed("$.badge.issuer.name", "joined with org");
        }
        Ok(origin)
    }

    /// 1.0 has neither id, type nor context.
    fn beyond_10(&mut self, location: Option<&str>) -> Result<(), UpgradeError> {
        if self.document.get("id").is_none() {
            let verify = self.document.get("verify").and_then(Json::as_object);
            let kind = verify.and_then(|own| own.text("type")).map(str::to_ascii_lowercase);
            let own = match kind.as_deref() {
                Some("hosted") => verify.and_then(|own| own.text("url")).map(str::to_owned),
                Some("signed") => self.document.text("uid").map(|uid| format!("uid:{uid}")),
                _ => None,
            };
            match own.or_else(|| location.map(str::to_owned)) {
                Some(id) => {
                    self.set("id", Json::String(id.into()), "taken from verify.url, uid or the address")
                }
                None if self.edition == Edition::V0_5 => {}
                None => return Err(UpgradeError::NoId),
            }
        }
        let class = match self.class {
            Ob2Class::Assertion => "Assertion",
            Ob2Class::BadgeClass => "BadgeClass",
            _ => "Issuer",
        };
        self.set("type", text(class), "added");
        Ok(())
    }

    /// 1.1 has looser times, other names in alignments, and `verify`.
    fn beyond_11(&mut self) -> Result<(), UpgradeError> {
        self.set("@context", text(OB_20), "set to the context of 2.0");
        for name in ["issuedOn", "expires"] {
            if let Some(time) = self.document.get(name).map(upgraded_time).transpose()?.flatten() {
                self.set(name, time, "written as ISO 8601 in UTC");
            }
        }
        self.verification();
        self.recipient();
        if let Some(value) = self.document.get("alignment").cloned() {
            let items = value.one_or_many().iter().map(|item| self.alignment(item)).collect();
            self.document.set("alignment", Json::Array(items));
        }
        Ok(())
    }

    fn verification(&mut self) {
        let Some(Json::Object(mut verify)) = self.document.remove("verify") else { return };
        if let Some(kind) = verify.text("type").map(str::to_ascii_lowercase) {
            let kind = match kind.as_str() {
                "hosted" | "hostedbadge" => Some("hosted"),
                "signed" | "signedbadge" => Some("signed"),
                _ => None,
            };
            if kind == Some("signed")
                && let Some(url) = verify.remove("url")
            {
                verify.set("creator", url);
            }
            if let Some(kind) = kind {
                verify.set("type", text(kind));
            }
        }
        if self.document.get("verification").is_none() {
            self.set("verification", Json::Object(verify), "renamed from verify");
        }
    }

    /// The first validators took `"true"` for true and types in any case.
    fn recipient(&mut self) {
        let Some(Json::Object(mut recipient)) = self.document.get("recipient").cloned() else { return };
        let hashed = recipient.text("hashed").and_then(|own| own.to_ascii_lowercase().parse().ok());
        if let Some(hashed) = hashed {
            recipient.set("hashed", Json::Boolean(hashed));
            self.changed("$.recipient.hashed", "made a boolean of the text");
        }
        let kind =
            recipient.text("type").map(|own| (own.to_ascii_lowercase() != own, own.to_ascii_lowercase()));
        if let Some((true, kind)) = kind {
            recipient.set("type", Json::String(kind.into()));
            self.changed("$.recipient.type", "written in lower case");
        }
        self.document.set("recipient", Json::Object(recipient));
    }

    fn alignment(&mut self, item: &Json<'a>) -> Json<'a> {
        let Json::Object(alignment) = item else { return item.clone() };
        let mut alignment = alignment.clone();
        for (old, new) in [("url", "targetUrl"), ("name", "targetName"), ("description", "targetDescription")]
        {
            if alignment.get(new).is_none()
                && let Some(value) = alignment.remove(old)
            {
                alignment.set(new, value);
                self.changed("$.alignment", "members renamed to targetUrl, targetName, targetDescription");
            }
        }
        Json::Object(alignment)
    }
}

fn text(text: &'static str) -> Json<'static> {
    Json::String(Cow::Borrowed(text))
}

/// The same time as 2.0 writes it; none if it is written so already, or is for the check to refuse.
fn upgraded_time<'a>(value: &Json<'a>) -> Result<Option<Json<'a>>, UpgradeError> {
    let at = match value {
        Json::Number(seconds) => whole(*seconds).and_then(Timestamp::from_unix_seconds),
        Json::String(text) if point_in_time(text).is_some() => return Ok(None),
        Json::String(text) => old_time(text),
        _ => return Ok(None),
    };
    let shown = || match value {
        Json::String(text) => shortened(text),
        Json::Number(seconds) => seconds.to_string(),
        other => other.kind().to_owned(),
    };
    let at = at.ok_or_else(|| UpgradeError::Time(shown()))?;
    Ok(Some(Json::String(at.to_string().into())))
}

fn whole(seconds: f64) -> Option<i64> {
    (seconds.abs() < 1e11).then_some(seconds as i64)
}

/// Seconds since 1970 in ten digits, a day, a month, or a time without its offset, which is then UTC.
fn old_time(text: &str) -> Option<Timestamp> {
    if text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Timestamp::from_unix_seconds(text.parse().ok()?);
    }
    match form::iso_date(text) {
        Some(day) => format!("{day}T00:00:00Z").parse().ok(),
        None => point_in_time(&format!("{text}Z")),
    }
}

/// Scheme, host and port of the web, and nothing behind.
fn is_origin(text: &str) -> bool {
    let host = text.split_once("://").map(|(_, rest)| rest);
    form::is_web_url(text) && host.is_some_and(|host| !host.contains(['/', '?', '#', '@']))
}

/// 0.5 allowed addresses that begin at the issuer's origin.
fn absolute<'a>(own: Option<&str>, origin: &str) -> Option<Json<'a>> {
    let path = own.filter(|own| own.starts_with('/') && !own.starts_with("//"))?;
    Some(Json::String(format!("{origin}{path}").into()))
}
