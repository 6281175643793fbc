//! What requests carry, read strictly: one meaning, no member that is not known, and the field named in each refusal.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::StatusCode, web::Bytes};
use serde::de::DeserializeOwned;

use crate::{
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
        let bytes = Bytes::from_request(request, payload);
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
            let bytes = bytes.await.map_err(|error| too_large(&error))?;
            badges_core::json::read(&bytes, &badges_core::json::Limits::default())
                .map_err(|error| Problem::bad_request("json", format!("this is no JSON: {error}")))?;
            let value = serde_json::from_slice(&bytes).map_err(|error| shape(&error))?;
            Ok(Self { value, bytes, key })
        })
    }
}

fn too_large(error: &actix_web::Error) -> Problem {
    let status = error.as_response_error().status_code();
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(
            status,
            "too_large",
            "the request is larger than this service takes: send less at once",
        );
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
