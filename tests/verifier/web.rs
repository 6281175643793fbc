//! A small web: names, servers over TLS, an authority, and a trap in private space.

use std::{
    collections::HashMap,
    convert::Infallible,
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use badges_core::time::Timestamp;
use badges_server::verifier::{FetchError, Fetched, Fetcher, Outside, Wanted, reserved};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// Where the servers of the web listen; the tests call this address public.
pub(crate) const SERVED: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Longer than a busy machine takes for anything here.
const PATIENT: Duration = Duration::from_secs(60);

/// What a server answers at one address.
#[derive(Clone, Debug)]
pub(crate) enum Page {
    /// A status, headers as they stand on the wire, and a body.
    Plain(u16, String, Vec<u8>),
    /// A body that does not end.
    Endless,
    /// Headers, and then a byte now and then.
    Dripping,
    /// Nothing at all.
    Silent,
}

/// The names, pages and counters of one test.
#[derive(Default)]
pub(crate) struct Web {
    /// For each name the answers of the name server, one a question; the last one stays.
    names: Mutex<HashMap<String, Vec<Vec<IpAddr>>>>,
    pages: Mutex<HashMap<String, Page>>,
    /// Hosts whose pages are those of a server without TLS, such as one behind its proxy.
    behind: Mutex<HashMap<String, SocketAddr>>,
    /// Every address that a server was asked for, in order.
    asked: Mutex<Vec<String>>,
    /// How many names were looked up.
    pub(crate) lookups: AtomicUsize,
    /// How many connections came to the trap.
    pub(crate) trapped: AtomicUsize,
}

/// A web that runs, and a fetcher before it.
pub(crate) struct Running {
    pub(crate) web: Arc<Web>,
    pub(crate) fetcher: Fetcher,
}

/// The time of the tests.
pub(crate) fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

/// Seconds later.
pub(crate) fn later(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(now().unix_seconds() + seconds).unwrap()
}

/// Runs something that waits.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

impl Page {
    pub(crate) fn text(text: impl Into<Vec<u8>>) -> Self {
        Self::Plain(200, String::new(), text.into())
    }

    pub(crate) fn with(headers: &str, text: impl Into<Vec<u8>>) -> Self {
        Self::Plain(200, format!("{headers}\r\n"), text.into())
    }

    pub(crate) fn to(location: &str) -> Self {
        Self::Plain(302, format!("Location: {location}\r\n"), Vec::new())
    }

    pub(crate) fn status(status: u16) -> Self {
        Self::Plain(status, String::new(), b"nothing here".to_vec())
    }
}

impl Web {
    /// Puts a page up, and its host on the name server.
    pub(crate) fn put(&self, url: &str, page: Page) {
        let host = url.strip_prefix("https://").unwrap().split('/').next().unwrap();
        self.name(host, &[&[SERVED]]);
        self.pages.lock().unwrap().insert(url.to_owned(), page);
    }

    /// Puts a server without TLS behind a host.
    pub(crate) fn forward(&self, host: &str, server: SocketAddr) {
        self.name(host, &[&[SERVED]]);
        self.behind.lock().unwrap().insert(host.to_owned(), server);
    }

    /// Says what the name server answers for a host, one question after the other.
    pub(crate) fn name(&self, host: &str, answers: &[&[IpAddr]]) {
        let answers = answers.iter().map(|answer| answer.to_vec()).collect();
        self.names.lock().unwrap().insert(host.to_owned(), answers);
    }

    /// The addresses that were asked for so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn trapped(&self) -> usize {
        self.trapped.load(Ordering::SeqCst)
    }

    /// Starts servers for this web, with a certificate for these hosts.
    pub(crate) fn serve(self: Arc<Self>, hosts: &[&str]) -> Running {
        self.start(authority(hosts), local, PATIENT)
    }

    /// The same for a fetcher that soon leaves whoever is slow.
    pub(crate) fn serve_impatiently(self: Arc<Self>, hosts: &[&str]) -> Running {
        self.start(authority(hosts), local, Duration::from_millis(300))
    }

    /// The same where the servers too stand in private space.
    pub(crate) fn serve_privately(self: Arc<Self>, hosts: &[&str]) -> Running {
        self.start(authority(hosts), reserved, PATIENT)
    }

    /// The same for a fetcher that has no guard.
    pub(crate) fn serve_all(self: Arc<Self>, hosts: &[&str]) -> Running {
        self.start(authority(hosts), |_| None, PATIENT)
    }

    /// The same with certificates by an authority that the fetcher does not know.
    pub(crate) fn serve_by_strangers(self: Arc<Self>, hosts: &[&str]) -> Running {
        self.start((authority(hosts).0, authority(hosts).1), local, PATIENT)
    }

    fn start(
        self: Arc<Self>,
        (roots, tls): Authority,
        reserved: fn(IpAddr) -> Option<&'static str>,
        patience: Duration,
    ) -> Running {
        let (trap, served) = (self.set_trap(), Arc::clone(&self).listen(tls));
        let names = Arc::new(NameServer { web: Arc::clone(&self), served, trap });
        let fetcher = Fetcher::new(Outside { names, reserved, roots, patience }).unwrap();
        Running { web: self, fetcher }
    }

    /// Counts whatever arrives at any local address but that of the servers.
    fn set_trap(self: &Arc<Self>) -> u16 {
        // One socket for IPv6 and IPv4, where there is IPv6.
        let listener = TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0))
            .or_else(|_| TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)))
            .unwrap();
        let (port, web) = (listener.local_addr().unwrap().port(), Arc::clone(self));
        thread::spawn(move || {
            for connection in listener.incoming() {
                web.trapped.fetch_add(1, Ordering::SeqCst);
                drop(connection);
            }
        });
        port
    }

    fn listen(self: Arc<Self>, tls: Arc<ServerConfig>) -> u16 {
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            run(async move {
                let listener = tokio::net::TcpListener::bind((SERVED, 0)).await.unwrap();
                tell.send(listener.local_addr().unwrap().port()).unwrap();
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    let (web, acceptor) = (Arc::clone(&self), TlsAcceptor::from(Arc::clone(&tls)));
                    tokio::spawn(async move {
                        if let Ok(stream) = acceptor.accept(stream).await {
                            // A client that hangs up is no matter of the server's.
                            web.answer(stream).await.ok();
                        }
                    });
                }
            })
        });
        told.recv().unwrap()
    }

    async fn answer(&self, mut stream: TlsStream<tokio::net::TcpStream>) -> io::Result<()> {
        let mut question = Vec::new();
        while !question.ends_with(b"\r\n\r\n") {
            question.push(stream.read_u8().await?);
        }
        let question = String::from_utf8_lossy(&question).into_owned();
        let lower = question.to_lowercase();
        assert!(!lower.contains("\r\ncookie:") && !lower.contains("\r\nauthorization:"), "{question}");
        assert!(!lower.contains("\r\nreferer:"), "{question}");
        let path = question.split(' ').nth(1).unwrap();
        let host = lower.split("\r\nhost: ").nth(1).unwrap().split("\r\n").next().unwrap();
        let url = format!("https://{host}{path}");
        let page = self.pages.lock().unwrap().get(&url).cloned();
        self.asked.lock().unwrap().push(url);
        let behind = self.behind.lock().unwrap().get(host).copied();
        if let Some(server) = behind {
            let mut answering = tokio::net::TcpStream::connect(server).await?;
            let alone = question.replacen("\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1);
            answering.write_all(alone.as_bytes()).await?;
            tokio::io::copy(&mut answering, &mut stream).await?;
            return stream.shutdown().await;
        }
        send(stream, page.unwrap_or(Page::status(404))).await
    }
}

async fn send(mut stream: TlsStream<tokio::net::TcpStream>, page: Page) -> io::Result<()> {
    match page {
        Page::Plain(status, headers, body) => {
            let head = format!("HTTP/1.1 {status} So\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&body).await?;
            stream.shutdown().await
        }
        Page::Endless => {
            stream.write_all(b"HTTP/1.1 200 So\r\nConnection: close\r\n\r\n").await?;
            loop {
                stream.write_all(&[b' '; 4096]).await?;
            }
        }
        Page::Dripping => {
            stream.write_all(b"HTTP/1.1 200 So\r\nConnection: close\r\n\r\n").await?;
            loop {
                stream.write_all(b" ").await?;
                stream.flush().await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Page::Silent => {
            std::future::pending::<Infallible>().await;
            Ok(())
        }
    }
}

impl Running {
    pub(crate) fn fetch(&self, url: &str, wanted: Wanted) -> Result<Arc<Fetched>, FetchError> {
        run(self.fetcher.fetch(url, wanted, now()))
    }

    pub(crate) fn document(&self, url: &str) -> Result<Arc<Fetched>, FetchError> {
        self.fetch(url, Wanted::Document)
    }
}

/// The name server: the servers' address leads to them, every other to the trap.
struct NameServer {
    web: Arc<Web>,
    served: u16,
    trap: u16,
}

impl Resolve for NameServer {
    fn resolve(&self, name: Name) -> Resolving {
        self.web.lookups.fetch_add(1, Ordering::SeqCst);
        let mut names = self.web.names.lock().unwrap();
        let answers = names.get_mut(name.as_str());
        let answer = answers.map(|answers| match answers.len() {
            1 => answers[0].clone(),
            _ => answers.remove(0),
        });
        let (served, trap) = (self.served, self.trap);
        let found = answer.unwrap_or_default().into_iter();
        let found: Vec<_> =
            found.map(|ip| SocketAddr::new(ip, if ip == SERVED { served } else { trap })).collect();
        Box::pin(async move { Ok(Box::new(found.into_iter()) as Addrs) })
    }
}

/// The address of the servers counts as public; everything else is as it is outside.
fn local(address: IpAddr) -> Option<&'static str> {
    if address == SERVED { None } else { reserved(address) }
}

/// An authority that only the fetcher of this test knows, and a certificate for the servers.
type Authority = (RootCertStore, Arc<ServerConfig>);

fn authority(hosts: &[&str]) -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let hosts: Vec<_> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(hosts).unwrap().signed_by(&key, &issuer).unwrap();

    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(issuer.der().to_vec())).unwrap();
    let chain = vec![CertificateDer::from(certificate.der().to_vec())];
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::try_from(key.serialize_der()).unwrap())
        .unwrap();
    (roots, Arc::new(config))
}
