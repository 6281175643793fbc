//! Signing in with OpenID Connect: services that the operator named vouch for who somebody is.
//!
//! The authorisation code flow of OpenID Connect Core 1.0 with PKCE (RFC 7636). Nothing here knows a table or a page.

mod metadata;
mod token;
mod provider;
mod trip;

use std::io;

use tokio::sync::{Mutex, Semaphore};
use url::Url;
use zeroize::Zeroizing;

pub(crate) use self::{
    provider::{Person, Provider},
    token::TokenError,
    trip::Trip,
};
use crate::{
    config::{Config, OidcProvider},
    files,
    upstream::{self, Upstream, UpstreamError},
};

/// The providers of an installation, in the order of their buttons.
#[derive(Debug, Default)]
pub(crate) struct Providers(Vec<Provider>);

/// Why a provider cannot be used as it is set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetupError {
    #[error("oidc.{0}.client_secret: {0} has a client_secret_file too: leave one of them out")]
    BothSecrets(String),
    #[error("oidc.{0}.client_id: is missing: write the identifier that the provider gave to this service")]
    ClientId(String),
    #[error(transparent)]
    Client(#[from] UpstreamError),
    #[error(
        "oidc.{key}.issuer: {issuer:?} is no address of a provider: it starts with https:// (http:// is for this \
         machine alone) and has nothing behind its path"
    )]
    Issuer { key: String, issuer: String },
    #[error(
        "oidc.{key}.issuer: oidc.{other} names the same provider for the same people: leave one of them out"
    )]
    Repeated { key: String, other: String },
    #[error(
        "oidc.{key}.client_secret_file: {file} cannot be read ({reason}): name a file that the service may read"
    )]
    Secret { key: String, file: String, reason: io::Error },
}

/// Why a provider did not say who somebody is. No person's data stands in it.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum OidcError {
    #[error("more people sign in at this moment than the service takes")]
    Busy,
    #[error("{what} cannot be used: {reason}")]
    Document { what: &'static str, reason: String },
    #[error("the answer is from another provider than the one that was asked (RFC 9207)")]
    Elsewhere,
    #[error("the provider does not take the code: {0}")]
    Refused(String),
    #[error("the token of the provider does not hold: {0}")]
    Token(#[from] TokenError),
    #[error("{what} cannot be had: {reason}")]
    Unreachable { what: &'static str, reason: String },
}

impl Providers {
    /// Those of the settings. Nobody is asked yet.
    pub(crate) fn new(config: &Config) -> Result<Self, SetupError> {
        let mut all: Vec<Provider> = Vec::new();
        if config.oidc.providers.is_empty() {
            return Ok(Self(all));
        }
        let shared = Upstream::new(Vec::new())?;
        for key in &config.oidc.providers {
            let Some(settings) = config.oidc.named.get(key) else { continue };
            let provider = provider(config, key, settings, upstream(key, settings, &shared)?)?;
            let same = |known: &&Provider| {
                known.issuer == provider.issuer && known.organisation == provider.organisation
            };
            if let Some(other) = all.iter().find(same) {
                return Err(SetupError::Repeated { key: key.clone(), other: other.key.clone() });
            }
            all.push(provider);
        }
        Ok(Self(all))
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Provider> {
        self.0.iter()
    }

    /// The one of a short name.
    pub(crate) fn named(&self, key: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.key == key)
    }
}

/// The client of a provider: one of its own where it has an authority of its own.
fn upstream(key: &str, settings: &OidcProvider, shared: &Upstream) -> Result<Upstream, SetupError> {
    let setting = format!("oidc.{key}.authority_file");
    let authorities = upstream::authorities(&setting, &settings.authority_file)?;
    if authorities.is_empty() { Ok(shared.clone()) } else { Ok(Upstream::new(authorities)?) }
}

fn provider(
    config: &Config,
    key: &str,
    settings: &OidcProvider,
    upstream: Upstream,
) -> Result<Provider, SetupError> {
    let OidcProvider {
        issuer,
        name,
        client_id,
        client_secret,
        client_secret_file,
        authority_file: _,
        trusted,
        organisation,
    } = settings;
    let named = || key.to_owned();
    let plain = |url: &Url| {
        upstream::may_be_asked(url)
            && (url.query(), url.fragment(), url.password()) == (None, None, None)
            && url.username().is_empty()
    };
    if !issuer.parse::<Url>().is_ok_and(|url| plain(&url)) {
        return Err(SetupError::Issuer { key: named(), issuer: issuer.clone() });
    }
    if client_id.is_empty() {
        return Err(SetupError::ClientId(named()));
    }
    let secret = match (client_secret.0.as_str(), client_secret_file.as_str()) {
        ("", "") => None,
        (secret, "") => Some(secret.to_owned()),
        ("", file) => {
            let read = files::named(file.as_ref());
            let read =
                read.map_err(|reason| SetupError::Secret { key: named(), file: file.to_owned(), reason })?;
            Some(read.trim_end().to_owned())
        }
        _ => return Err(SetupError::BothSecrets(named())),
    };
    Ok(Provider {
        key: key.to_owned(),
        name: if name.is_empty() { key } else { name }.to_owned(),
        issuer: issuer.clone(),
        trusted: *trusted,
        organisation: Some(organisation.clone()).filter(|named| !named.is_empty()),
        client_id: client_id.clone(),
        client_secret: secret.map(Zeroizing::new),
        redirect: format!("{}/sign-in/with/{key}/back", config.base()),
        upstream,
        memory: Mutex::default(),
        room: Semaphore::new(provider::ROOM),
    })
}
