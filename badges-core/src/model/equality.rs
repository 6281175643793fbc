//! When two credentials are the same, and which of them counts (OB 3.0 §6, "Credential equality and
//! comparison").

use crate::json::{Json, Object};
use crate::time::Timestamp;

use super::kind::Form;

/// What a credential says of itself that decides whether another is the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialName {
    /// `issuer.id`, percent-decoded and trimmed.
    pub issuer: String,
    /// `id`, percent-decoded and trimmed.
    pub id: String,
}

impl CredentialName {
    /// The name of a credential; none if it has no issuer with id, or no id.
    pub fn of(credential: &Object<'_>) -> Option<Self> {
        let issuer = credential.get("issuer").and_then(Json::id)?;
        Some(Self { issuer: plain(issuer), id: plain(credential.text("id")?) })
    }
}

/// Whether `new` takes the place of `old`: the same credential with a later `validFrom`.
pub fn replaces(new: &Object<'_>, old: &Object<'_>) -> bool {
    let from = |credential: &Object<'_>| -> Option<Timestamp> {
        credential.text(Form::of(credential).from_member())?.parse().ok()
    };
    let same = CredentialName::of(new).is_some_and(|name| Some(name) == CredentialName::of(old));
    same && from(new) > from(old)
}

/// Percent-decoded and trimmed; bytes that are no UTF-8 stay as they were written.
fn plain(id: &str) -> String {
    let mut bytes = Vec::with_capacity(id.len());
    let mut rest = id.as_bytes();
    while let [first, behind @ ..] = rest {
        let hex = |at: usize| behind.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.extend(u8::try_from(high * 16 + low));
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    let decoded = String::from_utf8(bytes).unwrap_or_else(|_| id.to_owned());
    decoded.trim().to_owned()
}
