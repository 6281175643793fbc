//! For whom the host asks.

use crate::model::IdentifierType;

/// To whom a badge must have been given (OB 3.0 §8.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// By what.
    pub kind: RecipientKind,
    /// The identifier in plain text; it is compared as it is, without trimming or folding.
    pub value: String,
}

/// By what a recipient is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecipientKind {
    /// The subject's own `id`.
    Id,
    /// An identity of this type (OB 3.0 §B.5).
    Identity(IdentifierType),
    /// A telephone number, which Open Badges 3.0 has no type for (OB 2.0, IdentityObject).
    Telephone,
}

impl RecipientKind {
    /// The word that stands before the value.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Id => "id",
            Self::Identity(kind) => kind.as_str(),
            Self::Telephone => "telephone",
        }
    }
}

impl Recipient {
    /// Reads `type:value` or a value alone: an e-mail address if it holds `@`, else an `id`.
    ///
    /// The part before the first colon counts as a type only where it is one of OB 3.0's identity types, `id`,
    /// `telephone` or begins with `ext:`; otherwise `did:key:z6Mk..` could not be asked for.
    pub fn parse(text: &str) -> Self {
        let (kind, value) = match text.strip_prefix("ext:").and_then(|rest| rest.split_once(':')) {
            Some((name, value)) => {
                (RecipientKind::Identity(IdentifierType::Extension(format!("ext:{name}"))), value)
            }
            None => match text.split_once(':').map(|(kind, value)| (kind, kind.parse(), value)) {
                Some(("id", _, value)) => (RecipientKind::Id, value),
                Some(("telephone", _, value)) => (RecipientKind::Telephone, value),
                Some((_, Ok(kind), value)) => (RecipientKind::Identity(kind), value),
                _ if text.contains('@') => (RecipientKind::Identity(IdentifierType::EmailAddress), text),
                _ => (RecipientKind::Id, text),
            },
        };
        Self { kind, value: value.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::Recipient;

    #[test]
    fn a_type_before_the_colon_counts_where_it_is_one() {
        let check = |text: &str, kind: &str, value: &str| {
            let recipient = Recipient::parse(text);
            assert_eq!((recipient.kind.as_str(), recipient.value.as_str()), (kind, value), "{text}");
        };

        check("ada@hive.example", "emailAddress", "ada@hive.example");
        check("did:key:z6Mk", "id", "did:key:z6Mk");
        check("id:ada@hive.example", "id", "ada@hive.example");
        check("telephone:+41435550100", "telephone", "+41435550100");
        check("tel:+41435550100", "id", "tel:+41435550100");
        check("userName:ada:2", "userName", "ada:2");
        check("ext:badge:7:7", "ext:badge", "7:7");
    }
}
