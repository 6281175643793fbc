//! One document over the wire: the question, the redirects, the answer within its bounds.

use std::{error::Error, io, sync::Arc};

use reqwest::{
    Response, StatusCode,
    header::{ACCEPT, AGE, CACHE_CONTROL, HeaderMap, HeaderName, LOCATION},
};
use tokio::time::timeout;
use url::Url;

use super::{Fetched, Fetcher, REDIRECTS, Wanted, elsewhere};
use crate::verifier::{
    address::{follow, speaks_for},
    fetch_error::{FetchError, shown},
    names::NameError,
};

/// JSON first: many an address gives a page to those who do not ask.
const KINDS: &str = "application/ld+json, application/json;q=0.9, application/did+json;q=0.9, \
    application/jwt;q=0.8, image/png;q=0.7, image/svg+xml;q=0.7, */*;q=0.1";

/// How it went, and for how many seconds the publisher lets that be remembered, if it says so.
pub(super) struct Exchanged {
    pub(super) answer: Result<Arc<Fetched>, FetchError>,
    pub(super) fresh: Option<u64>,
}

impl From<FetchError> for Exchanged {
    fn from(error: FetchError) -> Self {
        Self { answer: Err(error), fresh: None }
    }
}

impl Fetcher {
    /// Asks, and follows where the answer leads, all in the time that one document may take.
    pub(super) async fn exchange(&self, url: &Url, wanted: Wanted) -> Exchanged {
        match timeout(self.patience, self.ask(url, wanted)).await {
            Ok(Ok(exchanged)) => exchanged,
            Ok(Err(error)) => error.into(),
            Err(_) => FetchError::Slow { host: host(url), seconds: self.patience.as_secs() }.into(),
        }
    }

    async fn ask(&self, url: &Url, wanted: Wanted) -> Result<Exchanged, FetchError> {
        let mut at = url.clone();
        for _ in 0..=REDIRECTS {
            let question = self.client.get(at.clone()).header(ACCEPT, KINDS);
            let response = question.send().await.map_err(|error| reason(&at, &error))?;
            let location = response.status().is_redirection().then(|| response.headers().get(LOCATION));
            let Some(location) = location.flatten() else {
                let fresh = lifetime(response.headers());
                let fetched = read(response, at, wanted).await?;
                return Ok(Exchanged { answer: Ok(Arc::new(fetched)), fresh });
            };
            let location = location.to_str().map_err(|_| FetchError::Characters(shown(at.as_str())))?;
            at = follow(&at, location, self.reserved)?;
            if wanted == Wanted::Document && !speaks_for(&at, url) {
                return Err(elsewhere(url, &at));
            }
        }
        Err(FetchError::Redirects(shown(url.as_str())))
    }
}

/// The body, as long as it stays within the limit.
async fn read(mut response: Response, address: Url, wanted: Wanted) -> Result<Fetched, FetchError> {
    let status = response.status();
    let gone = status == StatusCode::GONE;
    if status != StatusCode::OK && !gone {
        return Err(FetchError::Status { url: shown(address.as_str()), status: status.as_u16() });
    }
    let limit = wanted.limit();
    let too_long = || FetchError::TooLong { url: shown(address.as_str()), limit };
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_long());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| reason(&address, &error))? {
        if chunk.len() > limit - body.len() {
            return Err(too_long());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Fetched { address, body, gone })
}

/// For how long the publisher lets an answer be kept, in seconds (RFC 9111 §4.2 and §5.2.2).
fn lifetime(headers: &HeaderMap) -> Option<u64> {
    let text = |name: HeaderName| {
        let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        values.collect::<Vec<_>>().join(",").to_ascii_lowercase()
    };
    let control = text(CACHE_CONTROL);
    let directives = || control.split(',').map(str::trim);
    if directives().any(|one| ["no-store", "no-cache", "private"].contains(&one)) {
        return Some(0);
    }
    let seconds = |name: &str| {
        let value = directives().find_map(|one| one.strip_prefix(name)?.strip_prefix('='))?;
        Some(value.trim_matches('"').parse::<u64>().unwrap_or(0))
    };
    let age = text(AGE).trim().parse().unwrap_or(0);
    seconds("s-maxage").or_else(|| seconds("max-age")).map(|seconds| seconds.saturating_sub(age))
}

/// Why there is no answer, from what the layers of the client say.
fn reason(url: &Url, error: &reqwest::Error) -> FetchError {
    let mut layer: Option<&(dyn Error + 'static)> = Some(error);
    let mut last = String::new();
    while let Some(error) = layer {
        match error.downcast_ref::<NameError>() {
            Some(NameError::NotPublic) => return FetchError::NotPublicName(host(url)),
            Some(NameError::Unknown) => return FetchError::Unknown(host(url)),
            None => {}
        }
        last = error.to_string();
        // An error of input and output hides the one that it carries.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        layer = inner.map(|inner| inner as &(dyn Error + 'static)).or_else(|| error.source());
    }
    FetchError::Failed { host: host(url), reason: shown(&last) }
}

fn host(url: &Url) -> String {
    shown(url.host_str().unwrap_or_default())
}
