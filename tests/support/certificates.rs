//! Certificates of an authority of one's own.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
    thread,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio_rustls::TlsAcceptor;

use crate::web::run;

/// `authority.pem`, and what it vouches for as a server of these names: `certificate.pem`, `key.pem`.
pub(crate) fn certify(folder: &Path, names: &[&str]) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut server = CertificateParams::new(names).unwrap();
    // One that is called like its issuer passes for its own.
    server.distinguished_name.push(DnType::CommonName, "a server");
    let certificate = server.signed_by(&key, &authority).unwrap();
    fs::create_dir_all(folder).unwrap();
    for (name, der) in [("authority.pem", authority.der()), ("certificate.pem", certificate.der())] {
        fs::write(folder.join(name), pem("CERTIFICATE", der)).unwrap();
    }
    fs::write(folder.join("key.pem"), pem("PRIVATE KEY", &key.serialize_der())).unwrap();
}

/// What rcgen writes itself only with a feature more.
fn pem(label: &str, der: &[u8]) -> String {
    let lines: Vec<String> = BASE64_STANDARD
        .encode(der)
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8(line.to_vec()).unwrap())
        .collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// A server over TLS with that certificate, before one that speaks in the clear; gives its port.
pub(crate) fn front(folder: &Path, behind: SocketAddr) -> u16 {
    let certificate = CertificateDer::from_pem_file(folder.join("certificate.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let (port, acceptor) = (listener.local_addr().unwrap().port(), TlsAcceptor::from(Arc::new(config)));
    thread::spawn(move || {
        run(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // Who does not believe the certificate goes away.
                    let Ok(mut guarded) = acceptor.accept(stream).await else { return };
                    let mut plain = tokio::net::TcpStream::connect(behind).await.unwrap();
                    tokio::io::copy_bidirectional(&mut guarded, &mut plain).await.ok();
                });
            }
        });
    });
    port
}
