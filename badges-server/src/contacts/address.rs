//! E-mail addresses: one string to send to and to hash, another to find a person by.

use std::{fmt, str::FromStr};

use crate::texts::{
    EMAIL,
    schema::{format, kinds, or_nothing, text},
};

/// An address that mail can be sent to. `Debug` does not show it: logs hold no personal data.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EmailAddress {
    as_given: String,
    subject: String,
}

kinds! {
    /// An e-mail address.
    Email text(EMAIL).format(format("email"));
    /// An e-mail address, or nothing: then it is that of the node above.
    EmailOrNothing or_nothing::<Email>();
}

/// Not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AddressError {
    #[error("is missing: write an e-mail address such as ada@example.org")]
    Empty,
    #[error("is no e-mail address: write one such as ada@example.org")]
    Form,
    #[error("is longer than an e-mail address can be ({EMAIL} characters)")]
    Long,
}

impl EmailAddress {
    /// Trimmed, the domain in lower case, the part before it as it was given: what is hashed and sent to.
    pub(crate) fn as_given(&self) -> &str {
        &self.as_given
    }

    /// All in lower case: what people are found by. Dots and tags stay, since they may tell people apart.
    pub(crate) fn subject(&self) -> &str {
        &self.subject
    }
}

impl FromStr for EmailAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        if text.len() > EMAIL {
            return Err(AddressError::Long);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(AddressError::Form)?;
        // Both would be the name of somebody else: the Kelvin sign in lower case is a plain k.
        if local.contains('\u{212a}') || domain.contains('%') {
            return Err(AddressError::Form);
        }
        let domain = match url::Host::parse(domain) {
            Ok(url::Host::Domain(domain)) if domain.contains('.') || domain == "localhost" => domain,
            _ => return Err(AddressError::Form),
        };
        let as_given = format!("{local}@{domain}");
        let plain =
            !local.chars().any(|c| c.is_control() || c.is_whitespace() || "\"<>()[]\\,;:".contains(c));
        if !plain || lettre::Address::new(local, &domain).is_err() {
            return Err(AddressError::Form);
        }
        let subject = as_given.to_lowercase();
        Ok(Self { as_given, subject })
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_is_found_however_the_address_is_spelled() {
        let given: EmailAddress = " Ada.Lovelace+badges@Example.ORG ".parse().unwrap();

        assert_eq!(given.as_given(), "Ada.Lovelace+badges@example.org");
        assert_eq!(given.subject(), "ada.lovelace+badges@example.org");
        assert_eq!(
            "ada@bücher.example".parse::<EmailAddress>().unwrap().subject(),
            "ada@xn--bcher-kva.example"
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for wrong in [
            "",
            "ada",
            "ada@",
            "@example.org",
            "a b@example.org",
            "ada@exa mple.org",
            "ada@example",
            "ada@example.org\nBcc: all@example.org",
            "<ada@example.org>",
            "ada@[127.0.0.1]",
            "a@b@example.org,c",
            "\u{212a}im@example.org",
            "kim@ex%61mple.org",
        ] {
            assert!(wrong.parse::<EmailAddress>().is_err(), "{wrong:?}");
        }
        assert!(format!("{}@example.org", "a".repeat(300)).parse::<EmailAddress>().is_err());
    }
}
