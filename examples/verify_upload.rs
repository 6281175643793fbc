//! A web service that embeds the library: it takes an uploaded image or credential and answers with the report.
//!
//! The program starts the service on a free port, uploads a good badge, a forged one, an image without a badge
//! and a file that is too large, prints the answers and stops.

use std::{
    error::Error,
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::{SystemTime, UNIX_EPOCH},
};

use actix_web::{
    App, HttpResponse, HttpServer,
    error::InternalError,
    http::StatusCode,
    web::{self, Bytes, Data, PayloadConfig},
};
use badges_core::{
    bake::{Generation, ImageKind, ImageLimits, Selection, bake, choose, extract},
    did::MemoryDocuments,
    issue::{self, ProofKind},
    jsonld::Contexts,
    key::{KeyKind, LocalSigner, SecretKey},
    model::{Achievement, Criteria, OpenBadgeCredential, Profile, Recipient},
    time::Timestamp,
    verify::{Options, Report, inspect},
};
use serde_json::json;

/// The largest upload: more than most badges have, less than would hurt.
const LARGEST: usize = 1 << 20;

const SVG: &str =
    r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>"#;

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let contexts = Data::new(Contexts::new());
    let signed = signed_badge(now()?, &contexts)?;

    let server = HttpServer::new(move || {
        App::new()
            .app_data(contexts.clone())
            .app_data(PayloadConfig::new(LARGEST))
            .route("/upload", web::post().to(verify_upload))
    });
    let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0))?;
    let address = *server.addrs().first().ok_or("the service has no address")?;
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    println!("listening on http://{address}");

    let baked = bake(SVG.as_bytes(), &signed, Generation::V3)?;
    let forged = signed.replace("First aid", "Neurosurgery");
    let uploads: [(&str, Vec<u8>, &str, &str); 4] = [
        ("a badge in an image", baked, "200", r#""verdict":"valid""#),
        ("a forged badge", forged.into(), "200", r#""code":"proof_failed""#),
        ("an image without a badge", SVG.into(), "422", "there is no badge in the image"),
        ("too large a file", vec![b' '; LARGEST + 1], "413", ""),
    ];
    for (what, body, status, part) in uploads {
        let answer = web::block(move || post(address, &body)).await??;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer in HTTP")?;
        let line = head.lines().next().unwrap_or_default();
        println!("{what}: {line}\n  {body}");
        if !line.contains(status) || !body.contains(part) {
            return Err(format!("{what}: expected {status} with {part}").into());
        }
    }
    handle.stop(true).await;
    Ok(())
}

/// Answers with the report, whatever the verdict; an image in which nothing can be verified is a 422.
async fn verify_upload(contexts: Data<Contexts>, upload: Bytes) -> Result<HttpResponse, actix_web::Error> {
    let now = now().map_err(|error| InternalError::new(error, StatusCode::INTERNAL_SERVER_ERROR))?;
    // Worth a thread of its own: an image of the largest size takes longer than a poll should.
    let report = web::block(move || report_on(&upload, now, &contexts)).await?;
    Ok(match report {
        Ok(report) => HttpResponse::Ok().json(report),
        Err(reason) => HttpResponse::UnprocessableEntity().json(json!({ "error": reason })),
    })
}

fn report_on(upload: &[u8], now: Timestamp, contexts: &Contexts) -> Result<Report, String> {
    let documents = MemoryDocuments::new();
    let options = Options::new(now, contexts, &documents);
    if ImageKind::sniff(upload).is_none() {
        return Ok(inspect(upload, &options));
    }
    let found = extract(upload, &ImageLimits::default()).map_err(|error| error.to_string())?;
    let found = choose(found, Selection::Strict).map_err(|error| error.to_string())?;
    Ok(inspect(found.text.as_bytes(), &options))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the library takes the time as an argument; this is the caller"
)]
fn now() -> Result<Timestamp, &'static str> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    let seconds = since.and_then(|since| i64::try_from(since.as_secs()).ok());
    seconds.and_then(Timestamp::from_unix_seconds).ok_or("the clock of this machine is wrong")
}

/// A client of few words: one request, one connection.
fn post(address: SocketAddr, body: &[u8]) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    let head = "POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    write!(stream, "{head}Content-Length: {}\r\n\r\n", body.len())?;
    // A service that finds the file too large answers before it has read it all, and hangs up.
    let sent = stream.write_all(body);
    let mut answer = String::new();
    match stream.read_to_string(&mut answer) {
        Err(_) if !answer.is_empty() => Ok(answer),
        Err(error) => Err(sent.err().unwrap_or(error)),
        Ok(_) => Ok(answer),
    }
}

fn signed_badge(now: Timestamp, contexts: &Contexts) -> Result<String, Box<dyn Error>> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    let signer = LocalSigner::did_key(SecretKey::from_seed(KeyKind::Ed25519, &seed)?)?;
    let mut issuer = Profile::new(signer.controller().parse()?);
    issuer.name = Some("Mountain Rescue".into());
    let achievement = Achievement::new(
        "https://rescue.example/badges/first-aid".parse()?,
        "First aid".into(),
        "Knows what to do until help comes".into(),
        Criteria::narrative("Two days of practice, and an examination on the third."),
    );
    let recipient = Recipient::id("https://rescue.example/people/florence".parse()?);
    let id = "urn:uuid:5a0d7c52-8f5e-4c8a-9a53-3a9b1c2d4e5f".parse()?;
    let badge = OpenBadgeCredential::builder(id, issuer, recipient, achievement, now).build()?;
    Ok(issue::sign(&badge, ProofKind::Rdfc, now, &signer, contexts)?)
}
