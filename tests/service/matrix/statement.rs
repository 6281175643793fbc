//! `specs/rights.toml`: who may do what, as it is written down for people.

use std::collections::BTreeMap;

use serde::Deserialize;

const TEXT: &str = include_str!("../../../specs/rights.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Statement {
    pub(super) actions: BTreeMap<String, Right>,
    pub(super) routes: Vec<Row>,
}

/// Who may.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Right {
    pub(super) means: String,
    pub(super) roles: Vec<String>,
    pub(super) badges: bool,
    pub(super) scope: String,
    pub(super) everybody: bool,
}

/// An address with a request that succeeds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) route: String,
    pub(super) at: Option<String>,
    pub(super) action: String,
    pub(super) over: Over,
    pub(super) body: Option<toml::Value>,
    pub(super) form: Option<BTreeMap<String, String>>,
    pub(super) text: Option<String>,
    #[serde(default)]
    pub(super) media_type: String,
    #[serde(default = "done")]
    pub(super) answer: u16,
    pub(super) fresh: Option<String>,
    #[serde(default)]
    pub(super) traceless: bool,
    pub(super) holds: Option<String>,
    pub(super) ended: Option<u16>,
    #[serde(default)]
    pub(super) top: bool,
}

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Over {
    Anywhere,
    Award,
    Badge,
    Batch,
    Code,
    Contact,
    Draft,
    Issuer,
    Key,
    Message,
    Node,
    Organisation,
    Private,
    Role,
    #[serde(rename = "self")]
    Oneself,
    Session,
    Token,
    World,
}

fn done() -> u16 {
    200
}

impl Statement {
    pub(super) fn read() -> Self {
        toml::from_str(TEXT).unwrap()
    }

    pub(super) fn right(&self, row: &Row) -> &Right {
        self.actions
            .get(&row.action)
            .unwrap_or_else(|| panic!("{} is no action of specs/rights.toml", row.action))
    }
}

impl Row {
    pub(super) fn method(&self) -> &str {
        self.route.split(' ').next().unwrap()
    }

    /// What is called, with words in braces.
    pub(super) fn address(&self) -> &str {
        self.at.as_deref().unwrap_or_else(|| self.route.split(' ').nth(1).unwrap())
    }

    pub(super) fn is_api(&self) -> bool {
        self.address().starts_with("/api/")
    }

    pub(super) fn changes(&self) -> bool {
        self.method() != "GET" && !self.traceless
    }

    /// What is sent, with words in braces, and its media type.
    pub(super) fn sent(&self) -> Option<(String, &str)> {
        if let Some(text) = &self.text {
            return Some((text.clone(), &self.media_type));
        }
        if let Some(fields) = &self.form {
            let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            // The words are put in later, as they are.
            return Some((form.replace("%7B", "{").replace("%7D", "}"), "application/x-www-form-urlencoded"));
        }
        self.body.as_ref().map(|body| (serde_json::to_string(body).unwrap(), "application/json"))
    }

    /// Whether the address names something with a place that the request is not about, and that is asked for first.
    pub(super) fn stands_under_another(&self) -> bool {
        let path = self.route.split(' ').nth(1).unwrap();
        let things = ["{award}", "{badge}", "{batch}", "{contact}", "{issuer}", "{message}"];
        !self.is_named_by_path()
            && self.over != Over::Private
            && things.iter().any(|thing| path.contains(thing))
    }

    /// Whether the address says what it is about, so that it is asked for before the request is read.
    pub(super) fn is_named_by_path(&self) -> bool {
        let path = self.route.split(' ').nth(1).unwrap();
        let name = match self.over {
            Over::Award => "{award}",
            Over::Badge => "{badge}",
            Over::Batch => "{batch}",
            Over::Contact => "{contact}",
            Over::Issuer => "{issuer}",
            Over::Message => "{message}",
            _ => return false,
        };
        path.contains(name)
    }
}
