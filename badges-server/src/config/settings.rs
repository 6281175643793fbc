//! The list of settings: name, default, and what it is for. `badges serve --settings` and specs/settings.md show it.

use std::net::SocketAddr;

use serde::{Deserialize as _, Deserializer, de::Error as _};
use toml::{Table, Value};

use super::ConfigError;

/// One setting.
pub(crate) struct Setting {
    /// Its place in the file: `smtp.url`.
    pub(crate) name: &'static str,
    /// As it would be written in the file.
    pub(crate) default: &'static str,
    pub(crate) about: &'static str,
}

const fn setting(name: &'static str, default: &'static str, about: &'static str) -> Setting {
    Setting { name, default, about }
}

/// All of them.
pub(crate) const SETTINGS: &[Setting] = &[
    setting("listen", "\"127.0.0.1:8080\"", "the address that the service listens on"),
    setting(
        "administration",
        "\"127.0.0.1:8081\"",
        "the address of /ops/metrics, for this machine alone; empty: none",
    ),
    setting(
        "public_url",
        "\"http://127.0.0.1:8080\"",
        "the address under which the world reaches the service; the first award fixes it",
    ),
    setting("public_url_aliases", "[]", "earlier public addresses that still lead here"),
    setting("data", "\"badges-data\"", "the folder of the SQLite file and of backups"),
    setting(
        "database",
        "\"\"",
        "postgres://USER@HOST/NAME, or the path of an SQLite file; empty: badges.db in the data folder",
    ),
    setting(
        "key_file",
        "\"badges-key/seal.key\"",
        "the file, outside the data folder, with the key that seals the signing keys",
    ),
    setting(
        "smtp.url",
        "\"\"",
        "smtps://USER@HOST or smtp://HOST:PORT; smtp:// asks for STARTTLS but on this machine, where ?tls=required does; \
         empty: mails are kept and shown on the outbox page",
    ),
    setting("smtp.password_file", "\"\"", "the file that holds the password of the mail server"),
    setting(
        "smtp.authority_file",
        "\"\"",
        "the file with certificates (PEM) of authorities of one's own, beside those that browsers know, which the mail \
         server's certificate may come from",
    ),
    setting("smtp.from", "\"Badges <badges@localhost>\"", "whom mail comes from"),
    setting("trusted_proxies", "[]", "addresses of proxies whose X-Forwarded-For counts"),
    setting("workers", "2", "how many threads serve"),
    setting("readers", "4", "how many connections read the database"),
    setting("waiting_writes", "1024", "how many writes wait before further ones get 503"),
    setting("requests", "1024", "how many requests are under way before further ones get 503"),
    setting("patience", "20", "how many seconds a client may take to send a request"),
    setting(
        "drain",
        "0",
        "how many seconds /readyz says no before a service that is told to stop stops listening: as long as the \
         load balancer takes to notice",
    ),
    setting(
        "keep_messages",
        "90",
        "how many days messages are kept after they were delivered or called back",
    ),
    setting("body_limit", "1048576", "the largest request in bytes, but for the list of a bulk award"),
    setting(
        "awards_batches",
        "true",
        "whether this server awards what lies in batches: a fleet may leave it to some of its servers",
    ),
    setting("bulk_limit", "268435456", "the longest list of a bulk award in bytes"),
    setting("quotas.awards_mentor", "200", "awards of a mentor in a day"),
    setting("quotas.awards_administrator", "5000", "awards of an owner or administrator in a day"),
    setting(
        "quotas.awards_bulk",
        "10000000",
        "awards in a day of a token with awards:bulk, and of the command",
    ),
    setting(
        "quotas.mails_address",
        "20",
        "mails to one address in a day, but for links that somebody waits for; what is more leaves on the next day",
    ),
    setting(
        "quotas.mails_organisation",
        "100000",
        "mails of an organisation in a day, but for links that somebody waits for; what is more leaves on the next day",
    ),
    setting(
        "quotas.sign_in_links",
        "5",
        "how often a link may be asked for with one address: so often at once, and so often in each hour after that",
    ),
    setting("log.level", "\"info\"", "error, warn, info, debug or trace"),
    setting("log.format", "\"text\"", "text or json"),
    setting(
        "traces.endpoint",
        "\"\"",
        "the address of an OpenTelemetry collector that takes OTLP over HTTP in JSON, such as http://127.0.0.1:4318; \
         empty: no traces are sent",
    ),
    setting(
        "traces.authority_file",
        "\"\"",
        "the file with certificates (PEM) of authorities of one's own, beside those that browsers know, which the \
         collector's certificate may come from",
    ),
    setting(
        "traces.ratio",
        "1.0",
        "the share of requests that are traced, from 0.0 to 1.0, where no trusted proxy has decided",
    ),
    setting("traces.service", "\"badges\"", "the name of this service in traces"),
    setting(
        "oidc.providers",
        "[]",
        "short names of the OIDC providers that people may sign in with, in the order of their buttons",
    ),
];

/// What is set for each of `oidc.providers`; NAME is its short name.
pub(crate) const OF_PROVIDER: &[Setting] = &[
    setting(
        "oidc.NAME.issuer",
        "\"\"",
        "the address of the provider, letter for letter as it writes it itself",
    ),
    setting("oidc.NAME.name", "\"\"", "what the provider is called on pages; empty: its short name"),
    setting("oidc.NAME.client_id", "\"\"", "the identifier of this service at the provider"),
    setting(
        "oidc.NAME.client_secret",
        "\"\"",
        "the secret of this service at the provider; it belongs into the environment rather than into a file of \
         settings",
    ),
    setting(
        "oidc.NAME.client_secret_file",
        "\"\"",
        "the file that holds the secret instead; neither: the provider asks for none",
    ),
    setting(
        "oidc.NAME.authority_file",
        "\"\"",
        "the file with certificates (PEM) of authorities of one's own, beside those that browsers know, which the \
         provider's certificate may come from",
    ),
    setting(
        "oidc.NAME.trusted",
        "false",
        "whether an address that the provider calls verified counts as proved",
    ),
    setting(
        "oidc.NAME.organisation",
        "\"\"",
        "the organisation whose people the provider knows, by short name or identifier; empty: all of them",
    ),
];

impl Setting {
    /// The variable of the environment that goes before the file.
    pub(crate) fn variable(&self) -> String {
        variable(self.name)
    }

    /// Its place in the file where it is set for one of several.
    pub(crate) fn of(&self, short_name: &str) -> String {
        self.name.replace("NAME", short_name)
    }
}

pub(super) fn variable(name: &str) -> String {
    format!("BADGES_{}", name.replace(['.', '-'], "_").to_uppercase())
}

/// Puts into the table what the environment says, or the default where nothing is said.
pub(super) fn complete(
    table: &mut Table,
    setting: &Setting,
    place: &str,
    environment: Option<String>,
) -> Result<(), ConfigError> {
    let (sections, name) = place.rsplit_once('.').unwrap_or(("", place));
    let mut table = table;
    for section in sections.split('.').filter(|section| !section.is_empty()) {
        table = table
            .entry(section)
            .or_insert_with(|| Value::Table(Table::new()))
            .as_table_mut()
            .ok_or_else(|| ConfigError::Setting(format!("{section}: must be a table, [{sections}]")))?;
    }
    let default = read(setting.default).unwrap_or_else(|| Value::String(String::new()));
    let value = match environment {
        // What is text by nature needs no quotes in the environment.
        Some(said) if default.is_str() => Value::String(said),
        Some(said) => read(&said).unwrap_or(Value::String(said)),
        None if table.contains_key(name) => return same_type(setting, place, table.get(name), &default),
        None => default.clone(),
    };
    table.insert(name.to_owned(), value);
    same_type(setting, place, table.get(name), &default)
}

/// The longest short name of a provider: it stands in an address.
const LONGEST_NAME: usize = 32;

/// Puts into the table what is set for each provider. A table of one that is not listed would do nothing, so that it
/// is refused.
pub(super) fn complete_providers(
    table: &mut Table,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<(), ConfigError> {
    let oidc = table.get("oidc").and_then(Value::as_table);
    let listed = oidc.and_then(|oidc| oidc.get("providers")).and_then(Value::as_array);
    let listed: Vec<&str> = listed.into_iter().flatten().filter_map(Value::as_str).collect();
    let plain = |name: &str| {
        (1..=LONGEST_NAME).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if let Some(wrong) = listed.iter().find(|name| !plain(name) || **name == "providers") {
        return Err(ConfigError::Setting(format!(
            "oidc.providers: {wrong:?} is no short name: take up to {LONGEST_NAME} small letters, digits and hyphens"
        )));
    }
    let unlisted = |name: &&String| *name != "providers" && !listed.contains(&name.as_str());
    if let Some(unlisted) = oidc.and_then(|oidc| oidc.keys().find(unlisted)) {
        return Err(ConfigError::Setting(format!(
            "oidc.{unlisted}: add {unlisted:?} to oidc.providers, or leave it out"
        )));
    }
    let listed: Vec<String> = listed.into_iter().map(str::to_owned).collect();
    for (short_name, setting) in listed.iter().flat_map(|name| OF_PROVIDER.iter().map(move |of| (name, of))) {
        let name = setting.of(short_name);
        let said = environment(&variable(&name));
        complete(table, setting, &name, said)?;
    }
    Ok(())
}

/// Which setting keeps a table from being read: the one that does so alone, among defaults.
pub(super) fn blamed<T: serde::de::DeserializeOwned>(table: &Table) -> Option<&'static str> {
    let alone = |setting: &&Setting| {
        let mut defaults = Table::new();
        for other in SETTINGS {
            complete(&mut defaults, other, other.name, None).ok()?;
        }
        let (from, into, name) = match setting.name.split_once('.') {
            Some((section, name)) => {
                (table.get(section)?.as_table()?, defaults.get_mut(section)?.as_table_mut()?, name)
            }
            None => (table, &mut defaults, setting.name),
        };
        into.insert(name.to_owned(), from.get(name)?.clone());
        defaults.try_into::<T>().is_err().then_some(())
    };
    SETTINGS.iter().find(|setting| alone(setting).is_some()).map(|setting| setting.name)
}

/// An address to listen on, or nothing.
pub(super) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|_| D::Error::custom("must be an address with a port, such as 127.0.0.1:8081"))
}

fn same_type(
    setting: &Setting,
    place: &str,
    value: Option<&Value>,
    default: &Value,
) -> Result<(), ConfigError> {
    match value {
        Some(value) if value.same_type(default) => Ok(()),
        _ => Err(ConfigError::Setting(format!(
            "{place} must be written like its default, {}: it is {}",
            setting.default, setting.about
        ))),
    }
}

fn read(text: &str) -> Option<Value> {
    format!("value = {text}").parse::<Table>().ok()?.remove("value")
}
