//! The file as a table of TOML, filled up from the environment and with what is so by default.

use std::net::SocketAddr;

use serde::{Deserialize as _, Deserializer, de::Error as _};
use toml::{Table, Value};

use super::{
    ConfigError,
    settings::{OF_PROVIDER, SETTINGS, Setting, variable},
};

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
        None if table.contains_key(name) => return fits(setting, place, table.get(name), &default),
        None => default.clone(),
    };
    table.insert(name.to_owned(), value);
    fits(setting, place, table.get(name), &default)
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

fn fits(setting: &Setting, place: &str, value: Option<&Value>, default: &Value) -> Result<(), ConfigError> {
    match value {
        Some(value) if value.same_type(default) => setting.takes.check(place, value),
        _ => Err(ConfigError::Setting(format!(
            "{place} must be written like its default, {}: it is {}",
            setting.default, setting.about
        ))),
    }
}

fn read(text: &str) -> Option<Value> {
    format!("value = {text}").parse::<Table>().ok()?.remove("value")
}
