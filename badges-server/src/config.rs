//! Settings: one file, and the environment over it; each with a default and a sentence.

mod addresses;
mod bounds;
mod sections;
mod settings;
mod strange;
mod table;

use std::{io, net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

pub use self::sections::{Hidden, Log, Oidc, OidcProvider, Quotas, Smtp, Traces};
pub(crate) use self::settings::{OF_PROVIDER, SETTINGS};
use crate::files;

/// All settings of a service; `badges serve --settings` tells what each means.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address that the service listens on.
    pub listen: SocketAddr,
    /// The address of the operator's own pages: metrics, nothing for the public; none: there are none.
    #[serde(deserialize_with = "table::address")]
    pub administration: Option<SocketAddr>,
    /// The address under which the world reaches the service.
    pub public_url: Url,
    /// Earlier ones, that still lead here.
    pub public_url_aliases: Vec<Url>,
    /// The folder of the SQLite file and of backups.
    pub data: PathBuf,
    /// A URL of PostgreSQL, or the path of an SQLite file.
    pub database: String,
    /// The file with the key that seals the signing keys.
    pub key_file: PathBuf,
    /// Where mail leaves.
    pub smtp: Smtp,
    /// Proxies whose word about the visitor's address counts.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// How many threads serve.
    pub workers: usize,
    /// How many connections read the database.
    pub readers: usize,
    /// How many writes wait before further ones are refused.
    pub waiting_writes: usize,
    /// How many requests are under way before further ones are refused.
    pub requests: usize,
    /// How many seconds a client may take to send a request.
    pub patience: u64,
    /// How many seconds pass between saying no to the load balancer and the end of listening.
    pub drain: u64,
    /// How many days delivered messages are kept.
    pub keep_messages: u64,
    /// The largest request, in bytes.
    pub body_limit: usize,
    /// Whether this server awards what lies in batches.
    pub awards_batches: bool,
    /// The longest list of a bulk award in bytes.
    pub bulk_limit: usize,
    /// How much somebody may do, or gets, in a day.
    pub quotas: Quotas,
    /// What is logged.
    pub log: Log,
    /// Where requests are told of as spans.
    pub traces: Traces,
    /// The OIDC providers that people may sign in with.
    pub oidc: Oidc,
    /// Whether this is a demonstration, which never becomes more.
    #[serde(default, skip_deserializing)]
    pub demo: bool,
}

/// Why there are no settings to go by.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The database is named in a way that leads nowhere.
    #[error("database: {0}")]
    Database(String),
    /// The file cannot be read.
    #[error("the settings {file} cannot be read: {source}")]
    File {
        /// Its path.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The public address cannot be one.
    #[error("public_url: {0}")]
    PublicUrl(&'static str),
    /// A setting is not what it should be.
    #[error("{0}")]
    Setting(String),
}

impl Config {
    /// Reads a file, if one is named, and the environment over it.
    pub fn read(
        file: Option<&PathBuf>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let mut table = toml::Table::new();
        if let Some(file) = file {
            let text =
                files::named(file).map_err(|source| ConfigError::File { file: file.clone(), source })?;
            table = text.parse().map_err(|error: toml::de::Error| {
                ConfigError::Setting(format!("{}: {}", file.display(), error.message()))
            })?;
        }
        for setting in SETTINGS {
            table::complete(&mut table, setting, setting.name, environment(&setting.variable()))?;
        }
        table::complete_providers(&mut table, &environment)?;
        let config: Self = table.clone().try_into().map_err(|error: toml::de::Error| {
            let named = table::blamed::<Self>(&table).map_or(String::new(), |name| format!("{name}: "));
            let unknown =
                error.message().strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
            if let Some(name) = unknown {
                return ConfigError::Setting(strange::unknown(name, &table));
            }
            let said = match error.message() {
                said if said.starts_with("relative URL") => {
                    "must be an address such as https://badges.example.org"
                }
                said => said,
            };
            ConfigError::Setting(format!("{named}{said}"))
        })?;
        config.check()?;
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::{settings::Setting, *};
    use crate::db::Address;

    fn read(environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::read(None, |name| {
            environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn every_setting_has_a_default_that_works() {
        let config = read(&[]).unwrap();

        assert_eq!(config.base(), "http://127.0.0.1:8080");
        assert!(!config.is_https() && matches!(config.address(), Ok(Address::Sqlite(_))));
    }

    #[test]
    fn every_setting_stands_in_the_specification() {
        let text = include_str!("../../specs/settings.md");
        let written: Vec<_> = text.lines().filter(|line| line.starts_with("| `")).collect();

        let line = |Setting { name, default, takes, about }: &Setting| {
            format!("| `{name}` | `{default}` | {takes} | {about} |")
        };
        let own: Vec<_> = SETTINGS.iter().chain(OF_PROVIDER).map(line).collect();

        assert_eq!(written, own);
    }

    #[test]
    fn a_wrong_setting_says_which_and_why() {
        let refused = |name, value| read(&[(name, value)]).unwrap_err().to_string();

        assert!(refused("BADGES_PUBLIC_URL", "http://badges.example").contains("https://"));
        assert!(refused("BADGES_LISTEN", "somewhere").contains("listen"));
        assert!(refused("BADGES_QUOTAS_AWARDS_MENTOR", "many").contains("quotas.awards_mentor"));
        assert!(refused("BADGES_DATABASE", "postgres://db.example/x").contains("sslmode=disable"));
        assert!(refused("BADGES_TRACES_ENDPOINT", "http://collector.example:4318").contains("https://"));
        assert!(refused("BADGES_TRACES_RATIO", "1.1").contains("traces.ratio"));
        assert!(refused("BADGES_OIDC_PROVIDERS", "[\"My school\"]").contains("oidc.providers"));
        for (name, value, says) in [
            ("BADGES_READERS", "0", "readers: must be a whole number from 1 to 1024, and is 0"),
            ("BADGES_WORKERS", "0", "workers: must be a whole number from 1"),
            ("BADGES_WORKERS", "100000", "workers: must be a whole number from 1"),
            ("BADGES_READERS", "-1", "readers: must be a whole number from 1 to 1024, and is -1"),
            ("BADGES_QUOTAS_AWARDS_MENTOR", "-5", "quotas.awards_mentor: must be a whole number from 0"),
            ("BADGES_QUOTAS_SIGN_IN_LINKS", "-5", "quotas.sign_in_links: must be a whole number from 1 to"),
            ("BADGES_BODY_LIMIT", "0", "body_limit: must be"),
            ("BADGES_LOG_LEVEL", "loud", "log.level: must be one of error, warn, info, debug, trace"),
            ("BADGES_LOG_FORMAT", "xml", "log.format: must be one of text, json"),
            ("BADGES_TRACES_RATIO", "-0.1", "traces.ratio: must be a number from 0.0 to 1.0, and is -0.1"),
        ] {
            assert!(refused(name, value).starts_with(says), "{}", refused(name, value));
        }
    }

    #[test]
    fn each_provider_is_set_up_by_its_short_name() {
        let said = [
            ("BADGES_OIDC_PROVIDERS", "[\"our-school\", \"mozilla\"]"),
            ("BADGES_OIDC_OUR_SCHOOL_ISSUER", "https://login.school.example"),
            ("BADGES_OIDC_OUR_SCHOOL_CLIENT_SECRET", "s3cret"),
            ("BADGES_OIDC_MOZILLA_TRUSTED", "true"),
        ];

        let config = read(&said).unwrap();

        assert_eq!(config.oidc.providers, ["our-school", "mozilla"]);
        assert_eq!(config.oidc.named["our-school"].issuer, "https://login.school.example");
        assert!(config.oidc.named["mozilla"].trusted && !config.oidc.named["our-school"].trusted);
        let shown = format!("{config:?} {}", serde_json::to_string(&config).unwrap());
        assert!(!shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn what_stands_in_the_file_and_sets_nothing_is_refused() {
        let file = std::env::temp_dir().join(format!("badges_settings_{}.toml", std::process::id()));
        std::fs::write(&file, "[oidc.school]\nissuer = \"https://login.school.example\"\n").unwrap();

        let refused = Config::read(Some(&file), |_| None).unwrap_err().to_string();

        assert!(refused.contains("oidc.school") && refused.contains("oidc.providers"), "{refused}");
        std::fs::write(&file, "[quotas]\nawards_mentors = 5\n").unwrap();
        let refused = Config::read(Some(&file), |_| None).unwrap_err().to_string();
        assert!(
            refused.contains("awards_mentors is no setting (did you mean quotas.awards_mentor?)"),
            "{refused}"
        );
        let of_provider = "[oidc]\nproviders = [\"school\"]\n[oidc.school]\nisuer = \"https://a.example\"\n";
        std::fs::write(&file, of_provider).unwrap();
        let refused = Config::read(Some(&file), |_| None).unwrap_err().to_string();
        assert!(
            refused.contains("oidc.school.isuer is no setting (did you mean oidc.school.issuer?)"),
            "{refused}"
        );
        std::fs::remove_file(file).unwrap();
    }
}
