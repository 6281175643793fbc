//! Every request: let in while there is room, measured, and told of in one line of the log.

use actix_web::{
    Error, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use tracing::info;

use super::{Gate, health};
use crate::{
    clock::{Clock, Stopwatch},
    db::Db,
    problem::Problem,
    random,
    traces::{Answered, Begun, Context, Traces},
};

/// By which an answer, a line of the log and a report of a user are brought together.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Sends away who finds no room, at once: whoever waited would be answered too late.
pub(crate) async fn admitted(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let gate = request.app_data::<Data<Gate>>().cloned();
    let inside = gate.as_ref().and_then(|gate| gate.enter());
    if inside.is_none() && !health::is_health(request.path()) {
        if let Some(db) = request.app_data::<Data<Db>>() {
            db.metrics().turned_away.add(1);
        }
        let problem = Problem::busy("more requests are under way than this service takes: try again", 1);
        return Ok(request.error_response(problem));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Measures it. The log holds the template of the address, never the address: no identifier, no query, no visitor.
pub(crate) async fn watched(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let (watch, method) = (Stopwatch::start(), name(request.method()));
    let db = request.app_data::<Data<Db>>().cloned();
    let (traces, asked) = (request.app_data::<Data<Traces>>().cloned(), asked(request.headers()));
    let begun = traces.as_ref().and_then(|traces| begun(traces, &request, asked));
    let mut answered = next.call(request).await?.map_into_boxed_body();
    let template = answered.request().match_pattern();
    let route = format!("{method} {}", template.as_deref().unwrap_or("other"));
    let (status, microseconds) = (answered.status().as_u16(), watch.microseconds());
    if let Some(db) = db {
        db.metrics().answered(&route, status, microseconds);
    }
    let id = random::hexadecimal().unwrap_or_default();
    let trace = begun.map(|begun| begun.trace()).or_else(|| Some(asked?.trace.to_string()));
    info!(target: "request", %route, status, microseconds, %id, trace, "answered");
    if let Some((traces, begun)) = traces.zip(begun) {
        traces.end(begun, Answered { method, route: template, status, microseconds });
    }
    stamp(answered.response_mut(), &id);
    Ok(answered)
}

/// Probes are no requests of anybody.
fn begun(traces: &Traces, request: &ServiceRequest, asked: Option<Context>) -> Option<Begun> {
    let clock = request.app_data::<Data<Clock>>().filter(|_| !health::is_health(request.path()))?;
    traces.begin(asked, request.peer_addr().map(|peer| peer.ip()), clock.now())
}

/// The trace of whoever asks; who names two names none.
fn asked(headers: &HeaderMap) -> Option<Context> {
    let mut named = headers.get_all("traceparent");
    let first = named.next()?.to_str().ok()?;
    Context::read(first).filter(|_| named.next().is_none())
}

fn stamp(response: &mut HttpResponse, id: &str) {
    if let Ok(value) = HeaderValue::from_str(id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
}

/// What a stranger invents as a method makes no series of its own.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::DELETE => "DELETE",
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        Method::POST => "POST",
        Method::PUT => "PUT",
        _ => "OTHER",
    }
}
