//! The credential that holds a bitstring (Bitstring Status List 1.0 §2.2).

use super::{Bitstring, BitstringEntry, Purpose, StatusError};
use crate::{
    json::{Json, Object},
    time::Timestamp,
};

/// The two specifications of bitstrings in credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// W3C Bitstring Status List 1.0.
    Bitstring,
    /// Its draft of 2021, which is read only.
    StatusList2021,
}

impl ListKind {
    fn credential_type(self) -> &'static str {
        match self {
            Self::Bitstring => "BitstringStatusListCredential",
            Self::StatusList2021 => "StatusList2021Credential",
        }
    }

    fn subject_type(self) -> &'static str {
        match self {
            Self::Bitstring => "BitstringStatusList",
            Self::StatusList2021 => "StatusList2021",
        }
    }
}

/// A list credential, read but not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusList<'a> {
    /// Which of the two specifications it follows.
    pub kind: ListKind,
    /// The URL under which it should be found.
    pub id: Option<&'a str>,
    /// The id of its issuer.
    pub issuer: &'a str,
    /// What its bits may mean.
    pub purposes: Vec<Purpose>,
    /// From when it holds.
    pub valid_from: Option<Timestamp>,
    /// Until when it holds.
    pub valid_until: Option<Timestamp>,
    /// For how many milliseconds a copy may be kept; it does not prolong `valid_until`.
    pub ttl: Option<u64>,
    /// The bits as they stand in the credential.
    pub encoded: &'a str,
}

impl<'a> StatusList<'a> {
    /// Reads the members of a list credential; the bits stay packed.
    ///
    /// # Errors
    ///
    /// If the credential is no status list, or a member is missing or not as the specification has it.
    pub fn read(credential: &'a Object<'_>) -> Result<Self, StatusError> {
        let malformed = StatusError::malformed;
        let kinds = [ListKind::Bitstring, ListKind::StatusList2021];
        let kind = kinds.into_iter().find(|kind| credential.has_type(kind.credential_type()));
        let kind = kind.ok_or_else(|| malformed("type", "it must name BitstringStatusListCredential"))?;
        let subject = credential.get("credentialSubject").and_then(Json::as_object);
        let subject = subject.ok_or_else(|| malformed("credentialSubject", "it must be one object"))?;
        if !subject.has_type(kind.subject_type()) {
            let problem = format!("it must be {}", kind.subject_type());
            return Err(malformed("credentialSubject.type", &problem));
        }
        let issuer = credential.get("issuer").and_then(Json::id);
        let encoded = subject.text("encodedList");
        Ok(Self {
            kind,
            id: credential.text("id"),
            issuer: issuer.ok_or_else(|| malformed("issuer", "it must be a URL or an object with an id"))?,
            purposes: purposes(subject)?,
            valid_from: time(credential, ["validFrom", "issuanceDate"])?,
            valid_until: time(credential, ["validUntil", "expirationDate"])?,
            ttl: ttl(subject)?,
            encoded: encoded
                .ok_or_else(|| malformed("credentialSubject.encodedList", "it must be a text"))?,
        })
    }

    /// Whether the list is of the entry's kind and has its purpose.
    ///
    /// # Errors
    ///
    /// [`StatusError::Verification`] if not.
    pub fn check_entry(&self, entry: &BitstringEntry) -> Result<(), StatusError> {
        let verification = |problem| Err(StatusError::Verification { problem });
        if self.kind != entry.kind {
            return verification("the credential refers to a list of the other kind".to_owned());
        }
        if !self.purposes.contains(&entry.purpose) {
            return verification(format!("it does not have the purpose {:?}", entry.purpose.as_str()));
        }
        Ok(())
    }

    /// Whether the list holds at a point in time.
    ///
    /// # Errors
    ///
    /// [`StatusError::Verification`] if it does not yet, or no longer.
    pub fn check_time(&self, at: Timestamp) -> Result<(), StatusError> {
        let verification = |problem| Err(StatusError::Verification { problem });
        match (self.valid_from, self.valid_until) {
            (Some(from), _) if at < from => verification(format!("it is valid from {from}")),
            (_, Some(until)) if at > until => {
                verification(format!("it expired on {until}; supply a newer one"))
            }
            _ => Ok(()),
        }
    }

    /// The bits, inflated to no more than `max` bytes.
    ///
    /// # Errors
    ///
    /// As [`Bitstring::decode`].
    pub fn expand(&self, max: usize) -> Result<Bitstring, StatusError> {
        match self.kind {
            ListKind::Bitstring => Bitstring::decode(self.encoded, max),
            ListKind::StatusList2021 => Bitstring::decode_2021(self.encoded, max),
        }
    }
}

fn purposes(subject: &Object<'_>) -> Result<Vec<Purpose>, StatusError> {
    let malformed =
        || StatusError::malformed("credentialSubject.statusPurpose", "it must be a text or several");
    let given = subject.get("statusPurpose").ok_or_else(malformed)?.one_or_many();
    let purposes: Option<Vec<_>> = given.iter().map(|purpose| purpose.as_str().map(Purpose::new)).collect();
    purposes.filter(|purposes| !purposes.is_empty()).ok_or_else(malformed)
}

fn time(credential: &Object<'_>, members: [&'static str; 2]) -> Result<Option<Timestamp>, StatusError> {
    let Some((member, value)) = members.iter().find_map(|name| Some((*name, credential.get(name)?))) else {
        return Ok(None);
    };
    let text = value.as_str().ok_or_else(|| StatusError::malformed(member, "it must be a time"))?;
    text.parse()
        .map(Some)
        .map_err(|error: crate::time::TimeError| StatusError::malformed(member, error.to_string()))
}

fn ttl(subject: &Object<'_>) -> Result<Option<u64>, StatusError> {
    match subject.get("ttl") {
        None => Ok(None),
        Some(Json::Number(ttl)) if ttl.fract() == 0.0 && *ttl >= 0.0 => Ok(Some(*ttl as u64)),
        Some(_) => Err(StatusError::malformed("credentialSubject.ttl", "it must be milliseconds, 0 or more")),
    }
}
