//! The tables of the settings: mail, quotas, logs, traces, and the providers that people may sign in with.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize, Serializer};

/// Where mail leaves.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// `smtps://user@host`, `smtp://host:25`; empty: mails are kept and shown to the operator.
    pub url: String,
    /// The file that holds the password.
    pub password_file: String,
    /// The file with the certificate of an authority of one's own.
    pub authority_file: String,
    /// Whom mail comes from.
    pub from: String,
}

impl Smtp {
    /// Whether messages are kept for the operator to see, because no mail server is set up.
    pub(crate) fn keeps(&self) -> bool {
        self.url.is_empty()
    }
}

/// How much somebody may do, or gets, in a day.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Quotas {
    /// Awards by a mentor.
    pub awards_mentor: i32,
    /// Awards by an owner or administrator.
    pub awards_administrator: i32,
    /// Awards by a token with `awards:bulk`, and by the command.
    pub awards_bulk: i32,
    /// Mails to one address.
    pub mails_address: i32,
    /// Mails of an organisation.
    pub mails_organisation: i32,
    /// Links to sign in with for one address: at once, and in each hour after that.
    pub sign_in_links: u32,
}

/// What is logged.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub level: String,
    /// `text` or `json`.
    pub format: String,
}

/// Where requests are told of as spans.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Traces {
    /// The address of a collector; empty: none.
    pub endpoint: String,
    /// The file with the certificate of an authority of one's own.
    pub authority_file: String,
    /// The share of requests that are traced.
    pub ratio: f64,
    /// The name of this service there.
    pub service: String,
}

/// The OIDC providers that people may sign in with.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Oidc {
    /// Their short names, in the order of their buttons.
    pub providers: Vec<String>,
    /// Each by its short name.
    #[serde(flatten)]
    pub named: BTreeMap<String, OidcProvider>,
}

/// An OIDC provider that people may sign in with.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OidcProvider {
    /// Its address, letter for letter as it writes it itself.
    pub issuer: String,
    /// What it is called on the page; empty: its short name.
    pub name: String,
    /// The identifier of this service there.
    pub client_id: String,
    /// The secret of this service there.
    pub client_secret: Hidden,
    /// The file that holds the secret.
    pub client_secret_file: String,
    /// The file with the certificate of an authority of one's own.
    pub authority_file: String,
    /// Whether an address that it calls verified counts as proved.
    pub trusted: bool,
    /// The organisation whose people it knows, by short name or identifier; empty: all.
    pub organisation: String,
}

/// A text that no page, log or error shows.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Hidden(pub(crate) String);

impl Serialize for Hidden {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if self.0.is_empty() { "" } else { "Set, and not shown" })
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Hidden(..)")
    }
}
