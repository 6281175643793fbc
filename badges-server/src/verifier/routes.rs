//! `/verify` for people and for programs: a file, a text or an address, and the answer.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Bytes, Data, Payload},
};
use badges_core::{time::Timestamp, verify::Recipient};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::Semaphore;

use super::{
    Judged, Owners, Question, Verifier,
    address::PublicAddress,
    page,
    views::{VerifyPage, verify_form},
};
use crate::{
    auth::Access,
    body::{self, Query, multipart},
    clock::Clock,
    config::Config,
    limits::{self, Limits, Tried},
    problem::Problem,
    routes::{Route, route},
    web::{Frame, Section, answer, form::Form},
    wording::Answer,
};

/// What this capability answers to the world.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/verify", Public over None, show_form, "Verify a badge of anybody"),
    route!(POST "/verify", Public over None, verify_form_sent, "Verify a file, a text or an address"),
    route!(POST "/api/v1/verify", Public over None, verify, "Verify a badge: the report as JSON", .json_or::<Envelope>(MEDIA_TYPES).asks::<Manner>().gives::<Answer<'_>>(200).refuses(&[429])),
];

/// What a badge may come as by itself.
const MEDIA_TYPES: &[&str] = &["application/ld+json", "application/vc+jwt", "image/png", "image/svg+xml"];

/// The longest request: a badge of 4 MB and the form around it.
const LARGEST: usize = (4 << 20) + (64 << 10);

/// The most parts of the form.
const PARTS: usize = 16;

/// How many badges are looked at at a time: each may wait for a stranger's server.
const ROOM: usize = 32;

/// The longest name that is repeated, in characters.
const LONGEST_NAME: usize = 200;

/// The verifier of this installation, and how much it does at a time.
pub(crate) struct Counter {
    verifier: Verifier,
    owners: Owners,
    room: Semaphore,
}

/// What is asked.
#[derive(Debug, Default)]
struct Asked {
    /// What was brought, with its name.
    file: Option<(String, Vec<u8>)>,
    url: String,
    recipient: String,
    offline: bool,
}

#[derive(Debug, Deserialize)]
struct Address {
    #[serde(default)]
    url: String,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Manner {
    #[serde(default)]
    offline: bool,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Presentation)]
struct Envelope {
    /// A document, or a document or token as text.
    #[schema(value_type = Option<serde_json::Value>)]
    credential: Option<Box<RawValue>>,
    #[schema(value_type = Option<PublicAddress>)]
    url: Option<String>,
    recipient: Option<String>,
}

impl Counter {
    pub(crate) fn new(verifier: Verifier, owners: Owners) -> Self {
        Self { verifier, owners, room: Semaphore::new(ROOM) }
    }

    async fn judge(&self, asked: Asked, clock: &Clock) -> Result<Judged, Problem> {
        let now = now(clock)?;
        let busy = |_| Problem::busy("many badges are being verified: try again in a moment", 2);
        let _turn = self.room.try_acquire().map_err(busy)?;
        let mut question = Question::new(now);
        question.online = !asked.offline;
        question.trust = Some(self.owners.trust(clock.now()).await?);
        let recipient = asked.recipient.trim();
        question.recipient = (!recipient.is_empty()).then(|| Recipient::parse(recipient));
        Ok(match asked.file {
            Some((name, bytes)) => self.verifier.verify_bytes(&name, bytes, question, now).await,
            None => self.verifier.verify_address(asked.url.trim(), question, now).await,
        })
    }
}

/// A stranger may make us fetch something: they wait after many. Who is signed in is known.
fn counted(request: &HttpRequest, access: &Access, limits: &Limits, config: &Config) -> Result<(), Problem> {
    if access.visitor().is_some() {
        return Ok(());
    }
    limits.visitor(Tried::Verify, &limits::visitor(request, config))
}

async fn show_form(
    request: HttpRequest,
    access: Access,
    counter: Data<Counter>,
    clock: Data<Clock>,
    (config, limits): (Data<Config>, Data<Limits>),
    address: Query<Address>,
) -> Result<HttpResponse, Problem> {
    let mut form = verify_form();
    if address.url.trim().is_empty() {
        return answer::page_of(StatusCode::OK, &VerifyPage { frame: frame(&access, &config), form });
    }
    counted(&request, &access, &limits, &config)?;
    form.set("url", &address.url);
    let asked = Asked { url: address.into_inner().url, ..Asked::default() };
    told(&access, &counter, &clock, &config, asked, form).await
}

async fn verify_form_sent(
    request: HttpRequest,
    access: Access,
    counter: Data<Counter>,
    clock: Data<Clock>,
    (config, limits): (Data<Config>, Data<Limits>),
    body: Payload,
) -> Result<HttpResponse, Problem> {
    counted(&request, &access, &limits, &config)?;
    body::unpacked(&request)?;
    let kind = media_type(&request);
    let body = whole(body).await?;
    let unreadable = || Problem::bad_request("form", "this form cannot be read: send the one of the page");
    let parts = multipart::boundary(&kind).and_then(|boundary| multipart::parts(&body, boundary, PARTS));
    let mut form = verify_form();
    let mut asked = Asked::default();
    let mut text = String::new();
    for part in parts.ok_or_else(unreadable)? {
        let words = || String::from_utf8_lossy(part.bytes).into_owned();
        match part.name.as_str() {
            "file" if !part.bytes.is_empty() => {
                let name: String = part.file.unwrap_or_default().chars().take(LONGEST_NAME).collect();
                let name = if name.is_empty() { "the file".to_owned() } else { name };
                asked.file = Some((name, part.bytes.to_vec()));
            }
            "url" => asked.url = words(),
            "text" => text = words(),
            "recipient" => asked.recipient = words(),
            _ => {}
        }
    }
    form.fill([("url", asked.url.as_str()), ("text", &text), ("recipient", &asked.recipient)]);
    if asked.file.is_none() && !text.trim().is_empty() {
        asked.file = Some(("the text".to_owned(), text.into_bytes()));
    }
    if asked.file.is_none() && asked.url.trim().is_empty() {
        form.problem("file", "Choose a file, or give an address or a text.");
        return again(&access, &config, form);
    }
    told(&access, &counter, &clock, &config, asked, form).await
}

async fn told(
    access: &Access,
    counter: &Counter,
    clock: &Clock,
    config: &Config,
    asked: Asked,
    mut form: Form,
) -> Result<HttpResponse, Problem> {
    let field = match &asked.file {
        None => "url",
        Some((name, _)) if name == "the text" => "text",
        Some(_) => "file",
    };
    let source = asked.file.as_ref().map_or_else(|| asked.url.trim().to_owned(), |(name, _)| name.clone());
    let judged = counter.judge(asked, clock).await?;
    if !judged.opened {
        form.problem(field, page::sentence(&judged));
        return again(access, config, form);
    }
    answer::page_of(StatusCode::OK, &page::result(frame(access, config), config.base(), &judged, source))
}

fn again(access: &Access, config: &Config, form: Form) -> Result<HttpResponse, Problem> {
    let page = VerifyPage { frame: frame(access, config), form };
    answer::page_of(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn frame(access: &Access, config: &Config) -> Frame {
    let about = "Whether a badge is genuine, who awarded it, and whether it still holds.";
    let mut frame = Frame::of(access, config, "/verify", "Verify a badge", about);
    frame.section = Some(Section::Verify);
    frame.listed = true;
    frame
}

async fn verify(
    request: HttpRequest,
    access: Access,
    (counter, clock): (Data<Counter>, Data<Clock>),
    (config, limits): (Data<Config>, Data<Limits>),
    manner: Query<Manner>,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    counted(&request, &access, &limits, &config)?;
    body::unpacked(&request)?;
    let kind = media_type(&request);
    let body = whole(body).await?;
    let mut asked = match kind.split(';').next().unwrap_or_default().trim() {
        "application/json" => enveloped(&body)?,
        _ => Asked { file: Some(("the request".to_owned(), body.to_vec())), ..Asked::default() },
    };
    asked.offline = manner.offline;
    if asked.offline && asked.file.is_none() {
        return Err(Problem::field("url", "offline", "cannot be fetched offline: send the credential"));
    }
    let judged = counter.judge(asked, &clock).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(judged.answer()))
}

fn enveloped(body: &[u8]) -> Result<Asked, Problem> {
    serde_json::from_slice::<&RawValue>(body).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        let detail = format!(
            "this is no JSON ({place}): send {{\"credential\": …}} or {{\"url\": …}}, or the badge with its own media type"
        );
        Problem::bad_request("json", detail)
    })?;
    let envelope: Envelope = body::read(body)?;
    let recipient = envelope.recipient.unwrap_or_default();
    match (envelope.credential, envelope.url) {
        (Some(credential), None) => {
            // A token or a whole document as text stands in a string.
            let text = serde_json::from_str(credential.get()).unwrap_or_else(|_| credential.get().to_owned());
            let file = Some(("the credential".to_owned(), text.into_bytes()));
            Ok(Asked { file, recipient, ..Asked::default() })
        }
        (None, Some(url)) => Ok(Asked { url, recipient, ..Asked::default() }),
        _ => Err(Problem::field("credential", "one", "give either credential or url")),
    }
}

fn now(clock: &Clock) -> Result<Timestamp, Problem> {
    let wrong = || Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the clock is wrong");
    clock.now().timestamp().ok_or_else(wrong)
}

fn media_type(request: &HttpRequest) -> String {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.unwrap_or_default().to_owned()
}

async fn whole(body: Payload) -> Result<Bytes, Problem> {
    let too_large = |_| {
        let detail = "a badge is at most 4 MB: send the original";
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
    };
    let read = body.to_bytes_limited(LARGEST).await.map_err(too_large)?;
    read.map_err(|error| Problem::bad_request("body", format!("the request did not arrive whole: {error}")))
}
