//! The guarded fetcher: what a stranger's document names is fetched here or not at all.
//!
//! Only https on port 443 of public addresses, without cookies, credentials or proxies; the address that was
//! checked is the one that is connected to; every redirect is checked as the first address was. What is read, how
//! long that takes and what is kept has a bound each, and no setting of an installation widens one.

mod cache;
mod exchange;

use std::{fmt, sync::Arc, time::Duration};

use badges_core::{bake::ImageLimits, json::Limits, time::Timestamp};
use reqwest::{Client, dns::Resolve, redirect::Policy};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio::{sync::Semaphore, time::timeout};
use url::Url;

use super::{
    address::{self, Reserved, speaks_for},
    fetch_error::{FetchError, shown},
    names::{PublicNames, SystemNames},
    public::reserved,
};
use crate::metrics::Count;
use cache::Cache;

/// How often an address may send on.
pub(super) const REDIRECTS: usize = 3;

/// How much is fetched at a time.
const ROOM: usize = 64;

/// What is at the other end of a connection. The tests set up their own; an installation has no say in it.
pub struct Outside {
    /// Who turns names into addresses.
    pub names: Arc<dyn Resolve>,
    /// What an address is for that is not public.
    pub reserved: fn(std::net::IpAddr) -> Option<&'static str>,
    /// The authorities whose certificates count.
    pub roots: RootCertStore,
    /// How long one document may take, with all that it leads on to.
    pub patience: Duration,
}

/// What something is fetched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A badge that a user has named: it speaks for itself, so it may come from wherever the address leads, and it
    /// may be an image.
    Badge,
    /// A document that speaks for its address: it must come from the same host.
    Document,
}

/// What stands at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Where it stood in the end.
    pub address: Url,
    /// The bytes.
    pub body: Vec<u8>,
    /// Whether the server said that it is gone (status 410): Open Badges 2.0 sends such a body with a hosted badge
    /// that was revoked.
    pub gone: bool,
}

/// The only way out for addresses that documents or users name.
pub struct Fetcher {
    client: Client,
    reserved: Reserved,
    patience: Duration,
    room: Semaphore,
    cache: Cache,
    fetches: Arc<Fetches>,
}

/// How often this service went out.
#[derive(Debug, Default)]
pub(crate) struct Fetches {
    pub(crate) asked: Count,
    pub(crate) failed: Count,
}

/// Why there is no fetcher.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The client cannot be set up.
    #[error("the client for https cannot be set up ({0}): this is a fault of the program")]
    Client(#[from] reqwest::Error),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up ({0}): this is a fault of the program")]
    Tls(#[from] rustls::Error),
}

impl Outside {
    /// The public network.
    pub fn public() -> Self {
        Self {
            names: Arc::new(SystemNames::default()),
            reserved,
            roots: RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
            patience: Duration::from_secs(5),
        }
    }
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Fetcher").field("patience", &self.patience).finish_non_exhaustive()
    }
}

impl Wanted {
    /// The longest that is read, in bytes: as much as the library reads of a document, or of an image.
    pub fn limit(self) -> usize {
        match self {
            Self::Badge => ImageLimits::default().file,
            Self::Document => Limits::default().bytes,
        }
    }

    /// Whether what was fetched serves this purpose too.
    fn accepts(self, asked: &Url, fetched: &Fetched) -> Result<(), FetchError> {
        if self == Self::Document && !speaks_for(&fetched.address, asked) {
            return Err(elsewhere(asked, &fetched.address));
        }
        if fetched.body.len() > self.limit() {
            return Err(FetchError::TooLong { url: shown(asked.as_str()), limit: self.limit() });
        }
        Ok(())
    }

    /// Whether an error under one purpose is one under this purpose.
    fn shares(self, error: &FetchError) -> bool {
        match error {
            FetchError::Elsewhere { .. } => self == Self::Document,
            FetchError::TooLong { limit, .. } => *limit >= self.limit(),
            _ => true,
        }
    }
}

impl Fetcher {
    /// A fetcher with nothing in its memory.
    ///
    /// # Errors
    ///
    /// [`ClientError`], which no input brings about.
    pub fn new(outside: Outside) -> Result<Self, ClientError> {
        let Outside { names, reserved, roots, patience } = outside;
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(PublicNames { names, reserved })
            .https_only(true)
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            // Nobody is asked twice in a row, and a connection that lives on was checked for another answer.
            .pool_max_idle_per_host(0)
            // Leaves time for a second address where the first does not answer.
            .connect_timeout(patience * 3 / 5)
            .user_agent(concat!("badges/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            client,
            reserved,
            patience,
            room: Semaphore::new(ROOM),
            cache: Cache::default(),
            fetches: Arc::default(),
        })
    }

    /// What stands at an address, perhaps from memory. All who ask for one address at a time wait for one answer.
    ///
    /// # Errors
    ///
    /// [`FetchError`], in words for the person who named the address.
    pub async fn fetch(
        &self,
        address: &str,
        wanted: Wanted,
        now: Timestamp,
    ) -> Result<Arc<Fetched>, FetchError> {
        let url = address::read(address, self.reserved)?;
        if let Some(known) = self.known(&url, wanted, now) {
            return known;
        }
        let turn = self.cache.turn(url.as_str());
        // Two of those before it may have taken all the time that they had.
        let Ok(held) = timeout(self.patience * 2, turn.lock()).await else { return Err(FetchError::Busy) };
        // Somebody else may have fetched it while this one waited for a turn.
        if let Some(known) = self.known(&url, wanted, now) {
            return known;
        }
        let room = timeout(self.patience, self.room.acquire()).await;
        let Ok(Ok(room)) = room else { return Err(FetchError::Busy) };
        let fetched = self.exchange(&url, wanted).await;
        drop(room);
        self.fetches.asked.add(1);
        if fetched.answer.is_err() {
            self.fetches.failed.add(1);
        }
        self.cache.keep(url.as_str(), &fetched, now);
        drop(held);
        fetched.answer
    }

    /// How often it went out.
    pub(crate) fn fetches(&self) -> Arc<Fetches> {
        Arc::clone(&self.fetches)
    }

    /// How long one document may take.
    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    fn known(&self, url: &Url, wanted: Wanted, now: Timestamp) -> Option<Result<Arc<Fetched>, FetchError>> {
        match self.cache.known(url.as_str(), now)? {
            Ok(fetched) => Some(wanted.accepts(url, &fetched).map(|()| fetched)),
            Err(error) => wanted.shares(&error).then_some(Err(error)),
        }
    }
}

fn elsewhere(from: &Url, to: &Url) -> FetchError {
    FetchError::Elsewhere { from: shown(from.as_str()), to: shown(to.host_str().unwrap_or_default()) }
}
