//! What requests carry, read strictly: one meaning, no member that is not known, and the field named in each refusal.

mod braces;
pub(crate) mod multipart;
mod query;
mod shape;

use std::{
    future::{self, Future},
    pin::Pin,
    time::Duration,
};

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    http::StatusCode,
    web::{self, Bytes, Data},
};
use badges_core::json::{self, JsonError, Limits};
use serde::de::DeserializeOwned;
use serde_json::Deserializer;
use tokio::time;

use self::braces::Braces;
pub(crate) use self::query::{MOST_ROWS, Page, Query, ROWS, astray};
use crate::{
    auth::Access,
    config::Config,
    idempotency::{Keyed, LONGEST_KEY, Once},
    problem::Problem,
};

/// JSON that was read.
#[derive(Debug)]
pub(crate) struct Json<T> {
    pub(crate) value: T,
    /// The request as one that may come again.
    pub(crate) once: Once,
}

/// The bytes of a request, as they came.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) bytes: Bytes,
    /// The request as one that may come again.
    pub(crate) once: Once,
}

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let kind =
            request.headers().get("Content-Type").and_then(|kind| kind.to_str().ok()).map(str::to_owned);
        let (bytes, request) = (whole(request, payload), request.clone());
        Box::pin(async move {
            let json = kind.as_deref().is_some_and(|kind| {
                let kind = kind.split(';').next().unwrap_or_default().trim();
                kind.eq_ignore_ascii_case("application/json") || kind.ends_with("+json")
            });
            if !json {
                return Err(media_type("send JSON, with Content-Type: application/json"));
            }
            let bytes = bytes.await?;
            // How long it may be was decided as it came in.
            let limits = Limits { bytes: bytes.len(), ..Limits::default() };
            json::read(&bytes, &limits).map_err(|error| Problem::bad_request("json", unread(&error)))?;
            let value = read(&bytes)?;
            Ok(Self { value, once: once(&request, &bytes)? })
        })
    }
}

impl FromRequest for Raw {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (bytes, request) = (whole(request, payload), request.clone());
        Box::pin(async move {
            let bytes = bytes.await?;
            Ok(Self { once: once(&request, &bytes)?, bytes })
        })
    }
}

/// Of a request that says everything by its address.
impl FromRequest for Once {
    type Error = Problem;
    type Future = future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        future::ready(once(request, b""))
    }
}

/// What a request is known by, if it carries an `Idempotency-Key`: who asks, at which address, for what. The guard finds
/// it with the request.
fn once(request: &HttpRequest, body: &[u8]) -> Result<Once, Problem> {
    let Some(key) = repeated(request)? else { return Ok(Once::default()) };
    let actor = request.extensions().get::<Access>().and_then(|access| Some(access.visitor()?.account));
    let Some(actor) = actor else { return Ok(Once::default()) };
    let route = format!("{} {}", request.method(), request.path());
    let asked = [request.query_string().as_bytes(), b"\n", body].concat();
    let once = Once(Some(Keyed::new(&actor.to_string(), &route, &key, &asked)));
    request.extensions_mut().insert(once.clone());
    Ok(once)
}

fn unread(error: &JsonError) -> String {
    match error {
        JsonError::Syntax(found) => format!("this is no JSON: {found}"),
        error => format!("this JSON cannot be taken: {error}"),
    }
}

/// The `Idempotency-Key` of a request that may come again.
pub(crate) fn repeated(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(key) = request.headers().get("Idempotency-Key") else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
    let wrong = || {
        let detail = "Idempotency-Key must have 1 to 255 characters of ASCII";
        Problem::bad_request("idempotency_key", detail)
    };
    key.map(|key| Some(key.to_owned())).ok_or_else(wrong)
}

/// Refuses a key where the answer shows a secret that is not kept.
pub(crate) fn unkeyed(request: &HttpRequest) -> Result<(), Problem> {
    if request.headers().contains_key("Idempotency-Key") {
        let detail = "what is answered here holds a secret and is not kept: leave Idempotency-Key out";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_refused", detail));
    }
    Ok(())
}

/// What whole JSON stands for; in each refusal the field.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_path_to_error::deserialize(Braces(&mut Deserializer::from_slice(bytes)))
        .map_err(|error| shape::shape(&error, "body", &[]))
}

/// What a request carries is of a kind that is not read here.
pub(crate) fn media_type(detail: &str) -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", detail)
}

/// How a body is packed, where it is.
fn coding(request: &HttpRequest) -> Option<String> {
    let coding = request.headers().get("Content-Encoding")?.to_str().unwrap_or("unknown").trim();
    (!coding.is_empty() && !coding.eq_ignore_ascii_case("identity")).then(|| coding.to_ascii_lowercase())
}

/// Refuses a body that is packed.
pub(crate) fn unpacked(request: &HttpRequest) -> Result<(), Problem> {
    coding(request).map_or(Ok(()), |coding| {
        Err(media_type(&format!("a body in Content-Encoding: {coding} is not read here: send it as it is")))
    })
}

/// The body of a request, if it comes within the bounds of size and time.
pub(crate) fn whole(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<Bytes, Problem>> + 'static {
    let bytes = Bytes::from_request(request, payload);
    let known = match coding(request).as_deref() {
        None | Some("gzip" | "deflate") => Ok(()),
        Some(_) => unpacked(request),
    };
    in_time(request, async move {
        known?;
        bytes.await.map_err(|error| too_large(&error))
    })
}

/// The same with a bound of its own, for what carries a file.
pub(crate) fn up_to(
    request: &HttpRequest,
    payload: &mut Payload,
    most: usize,
) -> impl Future<Output = Result<Bytes, Problem>> + 'static {
    let (body, known) = (web::Payload::from_request(request, payload), unpacked(request));
    in_time(request, async move {
        known?;
        let body = body.await.map_err(|error| too_large(&error))?;
        let larger = |_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", TOO_LARGE);
        body.to_bytes_limited(most).await.map_err(larger)?.map_err(|error| too_large(&error))
    })
}

fn in_time(
    request: &HttpRequest,
    bytes: impl Future<Output = Result<Bytes, Problem>> + 'static,
) -> impl Future<Output = Result<Bytes, Problem>> + 'static {
    let patience = request.app_data::<Data<Config>>().map_or(u64::MAX, |config| config.patience);
    async move {
        time::timeout(Duration::from_secs(patience), bytes).await.unwrap_or_else(|_| {
            Err(Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                "too_slow",
                format!("the request did not arrive whole within {patience} seconds: send it again"),
            ))
        })
    }
}

const TOO_LARGE: &str = "the request is larger than this service takes: send less at once";

fn too_large(error: &actix_web::Error) -> Problem {
    let status = error.as_response_error().status_code();
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(status, "too_large", TOO_LARGE);
    }
    Problem::bad_request("body", format!("the request did not arrive whole: {error}"))
}
