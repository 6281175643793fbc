//! `/settings`: how the installation is set up, to be read; the operator changes it in the configuration.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde_json::Value;
use url::Url;

use super::views::{SettingGroup, Settings};
use crate::{
    auth::Access,
    config::{Config, OF_PROVIDER, SETTINGS},
    problem::{Problem, sentence},
    routes::{Route, route},
    web::{Frame, Section, answer},
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] =
    &[route!(GET "/settings", ViewSettings over Scoped, show_settings, "How the installation is set up")];

async fn show_settings(
    request: HttpRequest,
    access: Access,
    config: Data<Config>,
) -> Result<HttpResponse, Problem> {
    access.permit(&access.actor()?.organisation_place())?;
    let page = Settings {
        frame: Frame::of(&access, &config, "/settings", "Settings", "How this installation is set up.")
            .within(Section::Settings),
        groups: groups(&config),
        warnings: warnings(&config),
    };
    answer::page(&request, &access, &page)
}

fn groups(config: &Config) -> Vec<SettingGroup> {
    let values = serde_json::to_value(config).unwrap_or_default();
    let mut groups: Vec<SettingGroup> = Vec::new();
    let of_providers = config.oidc.providers.iter();
    let of_providers =
        of_providers.flat_map(|key| OF_PROVIDER.iter().map(move |setting| (setting, setting.of(key))));
    let all = SETTINGS.iter().map(|setting| (setting, setting.name.to_owned())).chain(of_providers);
    for (setting, name) in all {
        let title = title(&name);
        let shown = (sentence(setting.about), value(&values, &name), name);
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.settings.push(shown),
            None => groups.push(SettingGroup { title: title.to_owned(), settings: vec![shown] }),
        }
    }
    groups
}

fn title(name: &str) -> &'static str {
    match name.split('.').next().unwrap_or_default() {
        "listen" | "administration" | "public_url" | "public_url_aliases" | "trusted_proxies" => "Addresses",
        "data" | "database" | "key_file" => "Where it is kept",
        "smtp" => "Mail",
        "quotas" => "Quotas",
        "log" | "traces" => "Logs and traces",
        "oidc" => "Signing in with other services",
        _ => "How much at a time",
    }
}

/// A value as people read it; what is secret in it stays hidden.
fn value(values: &Value, name: &str) -> String {
    match values.pointer(&format!("/{}", name.replace('.', "/"))) {
        None | Some(Value::Null) => "Not set".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "Not set".to_owned(),
        Some(Value::String(text)) => without_secrets(text),
        Some(Value::Bool(yes)) => if *yes { "Yes" } else { "No" }.to_owned(),
        Some(Value::Array(list)) if list.is_empty() => "None".to_owned(),
        Some(Value::Array(list)) => {
            let text = |one: &Value| one.as_str().map_or_else(|| one.to_string(), str::to_owned);
            list.iter().map(text).collect::<Vec<_>>().join(", ")
        }
        Some(other) => other.to_string(),
    }
}

/// A URL may hold a password, and so may what only looks like one.
fn without_secrets(text: &str) -> String {
    if !text.contains("://") {
        return text.to_owned();
    }
    let Ok(mut url) = text.parse::<Url>() else { return "Set, and not shown".to_owned() };
    let hidden = url.password().is_some() && url.set_password(Some("hidden")).is_err();
    let in_query = url.query().is_some_and(|query| query.to_lowercase().contains("password"));
    if hidden || in_query {
        return "Set, and not shown".to_owned();
    }
    // An origin is read without the slash that belongs to it.
    let text = url.to_string();
    if url.path() == "/" { text.trim_end_matches('/').to_owned() } else { text }
}

fn warnings(config: &Config) -> Vec<String> {
    let mut warnings = Vec::new();
    if config.smtp.keeps() {
        warnings.push(
            "No mail server is set up: messages stay in the outbox until somebody hands them on.".to_owned(),
        );
    }
    if !config.is_https() {
        warnings.push(
            "The public address is no https address: this installation is for one machine alone.".to_owned(),
        );
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        let shown = without_secrets("smtps://badges:s3cr%40t@mail.example.org:465");

        assert!(!shown.contains("s3cr") && shown.contains("mail.example.org"), "{shown}");
        assert!(!without_secrets("postgres://u:p4ss@db/x").contains("p4ss"));
        assert!(!without_secrets("postgres://db/x?password=p4ss").contains("p4ss"));
        assert!(!without_secrets("postgres://u:p4ss@h:99999/x").contains("p4ss"));
        assert_eq!(without_secrets("https://badges.example.org/"), "https://badges.example.org");
        assert_eq!(without_secrets("badges-data"), "badges-data");
    }
}
