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
        "the file with the certificate (PEM) of an authority of one's own, which the mail server's certificate comes from",
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
        "oidc.issuer",
        "\"\"",
        "the address of an OIDC provider that people may sign in with; empty: none",
    ),
    setting("oidc.name", "\"\"", "what the provider is called on the page"),
    setting("oidc.client_id", "\"\"", "the identifier of this service at the provider"),
    setting(
        "oidc.client_secret_file",
        "\"\"",
        "the file that holds the secret of this service at the provider",
    ),
    setting("oidc.trusted", "false", "whether an address that the provider calls verified counts as proved"),
];

impl Setting {
    /// The variable of the environment that goes before the file.
    pub(crate) fn variable(&self) -> String {
        format!("BADGES_{}", self.name.replace('.', "_").to_uppercase())
    }
}

/// Puts into the table what the environment says, or the default where nothing is said.
pub(super) fn complete(
    table: &mut Table,
    setting: &Setting,
    environment: Option<String>,
) -> Result<(), ConfigError> {
    let (section, name) = match setting.name.split_once('.') {
        Some((section, name)) => (Some(section), name),
        None => (None, setting.name),
    };
    let table = match section {
        None => table,
        Some(section) => table
            .entry(section)
            .or_insert_with(|| Value::Table(Table::new()))
            .as_table_mut()
            .ok_or_else(|| ConfigError::Setting(format!("{section}: must be a table, [{section}]")))?,
    };
    let default = read(setting.default).unwrap_or_else(|| Value::String(String::new()));
    let value = match environment {
        // What is text by nature needs no quotes in the environment.
        Some(said) if default.is_str() => Value::String(said),
        Some(said) => read(&said).unwrap_or(Value::String(said)),
        None if table.contains_key(name) => return same_type(setting, table.get(name), &default),
        None => default.clone(),
    };
    table.insert(name.to_owned(), value);
    same_type(setting, table.get(name), &default)
}

/// Which setting keeps a table from being read: the one that does so alone, among defaults.
pub(super) fn blamed<T: serde::de::DeserializeOwned>(table: &Table) -> Option<&'static str> {
    let alone = |setting: &&Setting| {
        let mut defaults = Table::new();
        for other in SETTINGS {
            complete(&mut defaults, other, None).ok()?;
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

fn same_type(setting: &Setting, value: Option<&Value>, default: &Value) -> Result<(), ConfigError> {
    match value {
        Some(value) if value.same_type(default) => Ok(()),
        _ => Err(ConfigError::Setting(format!(
            "{} must be written like its default, {}: it is {}",
            setting.name, setting.default, setting.about
        ))),
    }
}

fn read(text: &str) -> Option<Value> {
    format!("value = {text}").parse::<Table>().ok()?.remove("value")
}
