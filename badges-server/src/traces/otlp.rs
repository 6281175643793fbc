//! Spans as OTLP has them in JSON (OpenTelemetry Protocol 1.x, JSON Protobuf encoding: identifiers in hexadecimal,
//! numbers of 64 bits as texts), named by the semantic conventions for HTTP servers.

use serde_json::{Value, json};

use super::Span;
use crate::config::Config;

/// A span of a server (`SPAN_KIND_SERVER`).
const SERVER: u8 = 2;
/// `STATUS_CODE_ERROR`; the request of a client that was refused rightly is no error of the server.
const ERROR: u8 = 2;
/// That it is sampled, that the next bit says something, and that the parent is in another process.
const SAMPLED: u32 = 1;
const KNOWN: u32 = 1 << 8;
const REMOTE: u32 = 1 << 9;

/// Which version of the names is meant.
const SCHEMA: &str = "https://opentelemetry.io/schemas/1.37.0";

/// What sends spans.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    attributes: Vec<Value>,
    /// What all spans have: scheme, host and port under which the world reaches the service.
    address: Vec<Value>,
}

impl Resource {
    pub(super) fn of(config: &Config) -> Self {
        let url = &config.public_url;
        let port = url.port_or_known_default().map_or(0, i64::from);
        Self {
            attributes: vec![
                text("service.name", &config.traces.service),
                text("service.version", env!("CARGO_PKG_VERSION")),
            ],
            address: vec![
                text("url.scheme", url.scheme()),
                text("server.address", url.host_str().unwrap_or_default()),
                number("server.port", port),
            ],
        }
    }

    /// A request to the collector.
    pub(super) fn export(&self, spans: &[Span]) -> Vec<u8> {
        let spans: Vec<Value> = spans.iter().map(|span| self.span(span)).collect();
        let scope = json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")});
        let whole = json!({
            "resourceSpans": [{
                "resource": {"attributes": self.attributes},
                "scopeSpans": [{"scope": scope, "spans": spans, "schemaUrl": SCHEMA}],
                "schemaUrl": SCHEMA,
            }],
        });
        whole.to_string().into_bytes()
    }

    fn span(&self, span: &Span) -> Value {
        let Span { begun, id, method, route, status, microseconds } = span;
        let start = begun.start.microseconds();
        let end = start.saturating_add(i64::try_from(*microseconds).unwrap_or(i64::MAX));
        // What a stranger invents as a method is no name (HTTP spans, `http.request.method`).
        let shown = if *method == "OTHER" { "_OTHER" } else { method };
        let called = if *method == "OTHER" { "HTTP" } else { method };
        let mut attributes =
            vec![text("http.request.method", shown), number("http.response.status_code", i64::from(*status))];
        attributes.extend(self.address.iter().cloned());
        attributes.extend(route.as_ref().map(|route| text("http.route", route)));
        let mut written = json!({
            "traceId": begun.trace.to_string(),
            "spanId": id.to_string(),
            "name": route.as_ref().map_or_else(|| called.to_owned(), |route| format!("{called} {route}")),
            "kind": SERVER,
            "startTimeUnixNano": nanoseconds(start),
            "endTimeUnixNano": nanoseconds(end),
            "flags": SAMPLED | KNOWN | begun.parent.map_or(0, |_| REMOTE),
            "status": {},
        });
        if let Some(parent) = begun.parent {
            written["parentSpanId"] = json!(parent.to_string());
        }
        if *status >= 500 {
            attributes.push(text("error.type", &status.to_string()));
            written["status"] = json!({"code": ERROR});
        }
        written["attributes"] = Value::Array(attributes);
        written
    }
}

fn text(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}

fn number(key: &str, value: i64) -> Value {
    json!({"key": key, "value": {"intValue": value.to_string()}})
}

fn nanoseconds(microseconds: i64) -> String {
    (i128::from(microseconds.max(0)) * 1_000).to_string()
}
