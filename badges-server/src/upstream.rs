//! HTTP to the services that the operator named: by https, or by http to this machine alone; no redirects, and a bound
//! on time and length.

use std::{io, sync::Arc, time::Duration};

use reqwest::{Client, RequestBuilder, redirect::Policy};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use url::{Host, Url};

use crate::files;

/// How long one exchange may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest answer that is read, in bytes.
const LONGEST: usize = 256 * 1_024;

/// The way out to what the settings name. What documents or people name goes through the guarded fetcher instead.
#[derive(Clone, Debug)]
pub(crate) struct Upstream(Client);

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Why nothing came back, or nobody can be asked. No address stands in it: one may hold what is secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UpstreamError {
    #[error(
        "{setting}: {file} cannot be used ({reason}): name a file with the certificate (PEM) of an authority"
    )]
    Authority { setting: String, file: String, reason: io::Error },
    #[error("no answer came ({0})")]
    Failed(String),
    #[error("the client for https cannot be set up ({0}): this is a fault of the program")]
    Setup(String),
    #[error("it took longer than {} seconds", PATIENCE.as_secs())]
    Slow,
    #[error("the answer is longer than {LONGEST} bytes")]
    TooLong,
}

/// Whether an address is one that may be asked: https, or http on this machine.
pub(crate) fn may_be_asked(url: &Url) -> bool {
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Domain(name))) => name == "localhost",
        ("http", Some(Host::Ipv4(address))) => address.is_loopback(),
        ("http", Some(Host::Ipv6(address))) => address.is_loopback(),
        _ => false,
    }
}

/// The certificates (PEM) of authorities of one's own, in a file that a setting names; nothing where it names none.
pub(crate) fn authorities(setting: &str, file: &str) -> Result<Vec<CertificateDer<'static>>, UpstreamError> {
    certificates(file).map_err(|reason| UpstreamError::Authority {
        setting: setting.to_owned(),
        file: file.to_owned(),
        reason,
    })
}

fn certificates(file: &str) -> io::Result<Vec<CertificateDer<'static>>> {
    if file.is_empty() {
        return Ok(Vec::new());
    }
    let text = files::named(file.as_ref())?;
    let read = CertificateDer::pem_slice_iter(text.as_bytes()).collect::<Result<Vec<_>, _>>();
    let known = read.map_err(|error| io::Error::other(format!("it is not in PEM: {error}")))?;
    let mut roots = RootCertStore::empty();
    for one in &known {
        roots.add(one.clone()).map_err(|error| io::Error::other(format!("it is no certificate: {error}")))?;
    }
    if roots.is_empty() {
        return Err(io::Error::other("it holds no certificate in PEM"));
    }
    Ok(known)
}

impl Upstream {
    /// A client with the authorities that browsers know, and these.
    pub(crate) fn new(authorities: Vec<CertificateDer<'static>>) -> Result<Self, UpstreamError> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        roots.add_parsable_certificates(authorities);
        let setup = |error: &dyn std::error::Error| UpstreamError::Setup(error.to_string());
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| setup(&error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .timeout(PATIENCE)
            .connect_timeout(PATIENCE * 3 / 5)
            .pool_max_idle_per_host(2)
            .user_agent(concat!("badges/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| setup(&error))?;
        Ok(Self(client))
    }

    /// Asks for a JSON document, with a token where one is needed.
    pub(crate) async fn get(&self, url: &Url, token: Option<&str>) -> Result<Answer, UpstreamError> {
        let question = self.0.get(url.clone()).header("Accept", "application/json");
        exchange(match token {
            Some(token) => question.bearer_auth(token),
            None => question,
        })
        .await
    }

    /// Sends a JSON document.
    pub(crate) async fn send_json(&self, url: &Url, body: Vec<u8>) -> Result<Answer, UpstreamError> {
        exchange(self.0.post(url.clone()).header("Content-Type", "application/json").body(body)).await
    }

    /// Sends a form, with the name and password of this service where they go into the header.
    pub(crate) async fn send_form(
        &self,
        url: &Url,
        form: String,
        credentials: Option<(String, String)>,
    ) -> Result<Answer, UpstreamError> {
        let question = self
            .0
            .post(url.clone())
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form);
        exchange(match credentials {
            Some((name, password)) => question.basic_auth(name, Some(password)),
            None => question,
        })
        .await
    }
}

async fn exchange(question: RequestBuilder) -> Result<Answer, UpstreamError> {
    let mut answer = question.send().await.map_err(|error| reason(&error))?;
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| reason(&error))? {
        if chunk.len() > LONGEST - body.len() {
            return Err(UpstreamError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, body })
}

/// The innermost reason; the layers around it repeat the address.
fn reason(error: &reqwest::Error) -> UpstreamError {
    if error.is_timeout() {
        return UpstreamError::Slow;
    }
    let mut layer = std::error::Error::source(error);
    let mut last = "the exchange broke off".to_owned();
    while let Some(inner) = layer {
        last = inner.to_string();
        layer = inner.source();
    }
    UpstreamError::Failed(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_asked_in_the_clear() {
        let check = |text: &str, may: bool| assert_eq!(may_be_asked(&text.parse().unwrap()), may, "{text}");

        check("https://login.example.org/realms/school", true);
        check("http://127.0.0.1:8080", true);
        check("http://localhost/x", true);
        check("http://[::1]:9000/", true);
        check("http://login.example.org", false);
        check("http://localhost.example.org", false);
        check("http://192.168.0.1", false);
        check("http://0.0.0.0", false);
        check("ftp://127.0.0.1", false);
        check("file:///etc/passwd", false);
    }
}
