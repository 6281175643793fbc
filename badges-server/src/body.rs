//! What requests carry, read strictly: one meaning, no member that is not known, and the field named in each refusal.

pub(crate) mod multipart;

use std::{future::Future, pin::Pin, time::Duration};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::StatusCode,
    web::{self, Bytes, Data},
};
use serde::de::DeserializeOwned;
use tokio::time;

use crate::{
    config::Config,
    idempotency::{Keyed, LONGEST_KEY},
    problem::Problem,
};

/// JSON that was read, with its bytes.
#[derive(Debug)]
pub(crate) struct Json<T> {
    pub(crate) value: T,
    bytes: Bytes,
    key: Option<String>,
}

impl<T> Json<T> {
    /// The request as one that may come again, if it carries an `Idempotency-Key`.
    pub(crate) fn keyed(&self, actor: &str, route: &str) -> Option<Keyed> {
        self.key.as_ref().map(|key| Keyed::new(actor, route, key, &self.bytes))
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let kind =
            request.headers().get("Content-Type").and_then(|kind| kind.to_str().ok()).map(str::to_owned);
        let key = request.headers().get("Idempotency-Key").map(|key| key.to_str().map(str::to_owned));
        let bytes = whole(request, payload);
        Box::pin(async move {
            let json = kind.as_deref().is_some_and(|kind| {
                let kind = kind.split(';').next().unwrap_or_default().trim();
                kind.eq_ignore_ascii_case("application/json") || kind.ends_with("+json")
            });
            if !json {
                let detail = "send JSON, with Content-Type: application/json";
                return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", detail));
            }
            let key = match key {
                None => None,
                Some(Ok(key)) if (1..=LONGEST_KEY).contains(&key.len()) => Some(key),
                Some(_) => {
                    let detail = "Idempotency-Key must have 1 to 255 characters of ASCII";
                    return Err(Problem::bad_request("idempotency_key", detail));
                }
            };
            let bytes = bytes.await?;
            badges_core::json::read(&bytes, &badges_core::json::Limits::default())
                .map_err(|error| Problem::bad_request("json", format!("this is no JSON: {error}")))?;
            let value = serde_json::from_slice(&bytes).map_err(|error| shape(&error))?;
            Ok(Self { value, bytes, key })
        })
    }
}

/// The body of a request, if it comes within the bounds of size and time.
pub(crate) fn whole(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<Bytes, Problem>> + 'static {
    let bytes = Bytes::from_request(request, payload);
    in_time(request, async move { bytes.await.map_err(|error| too_large(&error)) })
}

/// The same with a bound of its own, for what carries a file.
pub(crate) fn up_to(
    request: &HttpRequest,
    payload: &mut Payload,
    most: usize,
) -> impl Future<Output = Result<Bytes, Problem>> + 'static {
    let body = web::Payload::from_request(request, payload);
    in_time(request, async move {
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

/// What serde found, with the field where it says one.
fn shape(error: &serde_json::Error) -> Problem {
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    match said.split('`').nth(1) {
        Some(field) if said.starts_with("missing field") => {
            Problem::field(field, "missing", "is missing: add it")
        }
        Some(field) if said.starts_with("unknown field") => Problem::field(
            field,
            "unknown",
            said.replacen(&format!("unknown field `{field}`, "), "is not known: ", 1),
        ),
        _ => Problem::field("body", "type", said),
    }
}

/// Which part of a list is asked for: `?after=` the end of the last part, `?limit=` at most so many.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) after: Option<String>,
    pub(crate) limit: i64,
    /// The address of the list, with all that is asked for besides, up to where these two go.
    path: String,
}

/// The most rows of a part, and how many there are unasked.
const MOST_ROWS: i64 = 200;
const ROWS: i64 = 50;

#[derive(serde::Deserialize)]
struct PageQuery {
    after: Option<String>,
    limit: Option<i64>,
}

#[derive(serde::Serialize)]
struct Part<R> {
    items: Vec<R>,
    /// What to ask for next, as `?after=`; none at the end.
    next: Option<String>,
}

impl Page {
    /// A part of a list, from one row more than it shows.
    pub(crate) fn answer<T, R: serde::Serialize>(
        &self,
        mut rows: Vec<T>,
        end: impl Fn(&T) -> String,
        row: impl Fn(T) -> R,
    ) -> HttpResponse {
        let limit = usize::try_from(self.limit).unwrap_or_default();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(end);
        self.answer_with(rows.into_iter().map(row).collect(), next)
    }

    /// A part of a list, where it is known already what the next one comes after.
    pub(crate) fn answer_with<R: serde::Serialize>(
        &self,
        items: Vec<R>,
        next: Option<String>,
    ) -> HttpResponse {
        let limit = self.limit;
        let mut response = HttpResponse::Ok();
        if let Some(next) = &next {
            let after: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
            let link = format!("<{}after={after}&limit={limit}>; rel=\"next\"", self.path);
            response.insert_header(("Link", link));
        }
        response.json(Part { items, next })
    }
}

impl FromRequest for Page {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let query = web::Query::<PageQuery>::from_query(request.query_string());
        std::future::ready(match query {
            Err(_) => {
                Err(Problem::field("limit", "number", format!("must be a number from 1 to {MOST_ROWS}")))
            }
            Ok(query) => match query.limit.unwrap_or(ROWS) {
                limit @ 1..=MOST_ROWS => {
                    Ok(Self { after: query.into_inner().after, limit, path: address(request) })
                }
                _ => Err(Problem::field("limit", "range", format!("must be a number from 1 to {MOST_ROWS}"))),
            },
        })
    }
}

fn address(request: &HttpRequest) -> String {
    let asked = url::form_urlencoded::parse(request.query_string().as_bytes());
    let besides = asked.filter(|(name, _)| !matches!(name.as_ref(), "after" | "limit"));
    let besides = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(besides).finish();
    let and = if besides.is_empty() { "" } else { "&" };
    format!("{}?{besides}{and}", request.path())
}
