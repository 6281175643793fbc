//! From recipients to awards: identifiers, hashed identities, places in a status list, names of files.

use std::borrow::Cow;

use badges_core::{
    json::{Json, Object},
    model::IdentityHash,
};
use sha2::{Digest as _, Sha256};

use crate::{
    random::{self, RandomError},
    recipients::Recipient,
    template::Award,
};

/// The longest part of a file's name that comes from the recipient, in characters.
const LONGEST: usize = 40;

/// What differs in the badge of one recipient; every identity is hashed with a salt of its own.
pub(crate) fn award(recipient: &Recipient, status: Vec<Object<'static>>) -> Result<Award, RandomError> {
    let mut identifiers = Vec::new();
    for (kind, value) in [("emailAddress", &recipient.email), ("name", &recipient.name)] {
        if let Some(value) = value {
            identifiers.push(hashed(kind, value)?);
        }
    }
    Ok(Award {
        id: random::urn()?,
        subject: recipient.id.clone(),
        identifiers,
        narrative: recipient.narrative.clone(),
        evidence: recipient.evidence.clone(),
        valid_from: recipient.valid_from,
        valid_until: recipient.valid_until,
        status,
    })
}

/// An `IdentityObject` (OB 3.0 §B.1.12) that does not tell the name to those who do not know it.
fn hashed(kind: &'static str, value: &str) -> Result<Object<'static>, RandomError> {
    let salt = random::hexadecimal()?;
    let hash = IdentityHash::sha256(value, &salt).to_string();
    let mut identity = Object::new();
    identity.set("type", text("IdentityObject"));
    identity.set("hashed", Json::Boolean(true));
    identity.set("identityHash", text(hash));
    identity.set("identityType", text(kind));
    identity.set("salt", text(salt));
    Ok(identity)
}

/// The entries of a place in a status list, one for each purpose of the list.
pub(crate) fn status(list: &str, purposes: &[String], place: u64) -> Vec<Object<'static>> {
    let entry = |purpose: &String| {
        let mut entry = Object::new();
        let mark = if purposes.len() > 1 { format!("{purpose}-") } else { String::new() };
        entry.set("id", text(format!("{list}#{mark}{place}")));
        entry.set("type", text("BitstringStatusListEntry"));
        entry.set("statusPurpose", text(purpose.clone()));
        entry.set("statusListIndex", text(place.to_string()));
        entry.set("statusListCredential", text(list.to_owned()));
        entry
    };
    purposes.iter().map(entry).collect()
}

/// The name of the file for a recipient, without its ending: the same for the same recipient and achievement,
/// so that a list that is issued again does not give anybody a second badge.
pub(crate) fn file_name(recipient: &Recipient, achievement: &str) -> String {
    let shown = recipient.name.as_ref().or(recipient.email.as_ref()).or(recipient.id.as_ref());
    let mut slug = String::new();
    for character in shown.map(String::as_str).unwrap_or_default().chars().take(LONGEST) {
        if character.is_alphanumeric() {
            slug.extend(character.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let mut hash = Sha256::new();
    for part in [recipient.email.as_deref(), recipient.id.as_deref(), Some(achievement)] {
        hash.update(part.unwrap_or_default());
        hash.update([0]);
    }
    let [a, b, c, d, ..]: [u8; 32] = hash.finalize().into();
    let short = u32::from_be_bytes([a, b, c, d]);
    format!("{}-{short:08x}", if slug.is_empty() { "badge" } else { slug.trim_end_matches('-') })
}

fn text(text: impl Into<Cow<'static, str>>) -> Json<'static> {
    Json::String(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str, email: &str) -> String {
        let recipient =
            Recipient { name: Some(name.to_owned()), email: Some(email.to_owned()), ..Recipient::default() };
        file_name(&recipient, "https://hive.example/astronaut")
    }

    #[test]
    fn a_file_is_named_for_its_recipient_and_cannot_leave_its_folder() {
        assert_eq!(name("Ada Lovelace", "ada@example.org"), name("Ada  LOVELACE!", "ada@example.org"));
        assert_ne!(name("Ada", "ada@example.org"), name("Ada", "ada@example.com"));
        assert!(name("../../etc/passwd\0\n", "a@b").starts_with("etc-passwd-"));
        assert!(name("..", "a@b").starts_with("badge-"));
        assert!(name(&"ß".repeat(400), "a@b").len() < 120);
    }
}
