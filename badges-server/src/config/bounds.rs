//! What a number or a word in the settings may be, so that none of them makes a service that cannot work.

use super::{Config, ConfigError, Log, Quotas};

/// The levels that a log has, and its forms.
const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];
const FORMATS: [&str; 2] = ["text", "json"];

const DAY: u64 = 86_400;
const GIB: usize = 1 << 30;

impl Config {
    /// Whether every number can be meant.
    pub(super) fn check_bounds(&self) -> Result<(), ConfigError> {
        let Self { workers, readers, waiting_writes, requests, patience, drain, keep_messages, .. } = self;
        let Self { body_limit, bulk_limit, log: Log { level, format }, .. } = self;
        within("workers", *workers, 1, 1_024)?;
        within("readers", *readers, 1, 1_024)?;
        within("waiting_writes", *waiting_writes, 1, 1_000_000)?;
        within("requests", *requests, 1, 1_000_000)?;
        within("patience", *patience, 1, DAY)?;
        within("drain", *drain, 0, DAY)?;
        within("keep_messages", *keep_messages, 0, 36_500)?;
        within("body_limit", *body_limit, 1_024, GIB)?;
        within("bulk_limit", *bulk_limit, 1_024, 64 * GIB)?;
        let Quotas { awards_mentor, awards_administrator, awards_bulk, .. } = self.quotas;
        let Quotas { mails_address, mails_organisation, sign_in_links, .. } = self.quotas;
        within("quotas.awards_mentor", awards_mentor, 0, i32::MAX)?;
        within("quotas.awards_administrator", awards_administrator, 0, i32::MAX)?;
        within("quotas.awards_bulk", awards_bulk, 0, i32::MAX)?;
        within("quotas.mails_address", mails_address, 0, i32::MAX)?;
        within("quotas.mails_organisation", mails_organisation, 0, i32::MAX)?;
        within("quotas.sign_in_links", sign_in_links, 1, 10_000)?;
        one_of("log.level", level, &LEVELS)?;
        one_of("log.format", format, &FORMATS)
    }
}

fn within<N: PartialOrd + std::fmt::Display>(
    name: &str,
    found: N,
    least: N,
    most: N,
) -> Result<(), ConfigError> {
    if (&least..=&most).contains(&&found) {
        return Ok(());
    }
    Err(ConfigError::Setting(format!(
        "{name}: must be a whole number from {least} to {most}, and is {found}"
    )))
}

fn one_of(name: &str, found: &str, known: &[&str]) -> Result<(), ConfigError> {
    if known.contains(&found) {
        return Ok(());
    }
    Err(ConfigError::Setting(format!("{name}: must be one of {}, and is {found:?}", known.join(", "))))
}
