//! Where the service is, where its data is, and whether that can be meant.

use url::Url;

use super::{Config, ConfigError};
use crate::{
    db::{Address, AddressError},
    upstream,
};

impl Config {
    /// The origin of the public address, without a slash.
    pub(crate) fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// The public address, without a slash at its end.
    pub(crate) fn base(&self) -> &str {
        self.public_url.as_str().trim_end_matches('/')
    }

    /// Whether the world reaches the service by https.
    pub(crate) fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// Where the data is.
    pub(crate) fn address(&self) -> Result<Address, ConfigError> {
        let named = if self.database.is_empty() {
            self.data.join("badges.db").to_string_lossy().into_owned()
        } else {
            self.database.clone()
        };
        named.parse().map_err(|error: AddressError| ConfigError::Database(error.to_string()))
    }

    /// Where spans are sent; none: nowhere.
    pub(crate) fn collector(&self) -> Result<Option<Url>, ConfigError> {
        let endpoint = &self.traces.endpoint;
        if endpoint.is_empty() {
            return Ok(None);
        }
        match format!("{}/v1/traces", endpoint.trim_end_matches('/')).parse() {
            Ok(url) if upstream::may_be_asked(&url) && url.query().is_none() => Ok(Some(url)),
            _ => Err(ConfigError::Setting(
                "traces.endpoint: must start with https:// (http:// is for this machine alone)".to_owned(),
            )),
        }
    }

    /// Whether the addresses are some that a service can have.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.collector()?;
        let url = &self.public_url;
        if !upstream::may_be_asked(url) {
            return Err(ConfigError::PublicUrl(
                "it must start with https:// (http:// is for this machine alone): name the address of the proxy \
                 before the service",
            ));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(ConfigError::PublicUrl(
                "it must be an origin: scheme, host and port, nothing behind",
            ));
        }
        if self.administration.is_some_and(|address| !address.ip().is_loopback()) {
            return Err(ConfigError::Setting(
                "administration: must be a loopback address, such as 127.0.0.1:8081".to_owned(),
            ));
        }
        self.address().map(drop)
    }
}
