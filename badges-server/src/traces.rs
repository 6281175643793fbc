//! Requests as spans of traces, sent to a collector of OpenTelemetry: OTLP over HTTP, in JSON.
//!
//! A span holds the template of an address, never the address, and nothing of who asked.

mod context;
mod otlp;
mod sender;

use std::{net::IpAddr, sync::Arc};

use tokio::sync::mpsc;
use url::Url;

use self::context::{SpanId, TraceId};
pub(crate) use self::{context::Context, sender::Sender};
use crate::{
    clock::Moment,
    config::Config,
    metrics::Count,
    upstream::{self, Upstream, UpstreamError},
};

/// How many spans wait before further ones are dropped.
const WAITING: usize = 4_096;

/// Where spans are handed over; what is slow behind it holds no request up.
#[derive(Clone, Debug)]
pub(crate) struct Traces {
    queue: mpsc::Sender<Span>,
    sent: Arc<Sent>,
    ratio: f64,
    /// Whose word counts on whether a request is traced.
    trusted: Arc<[IpAddr]>,
}

/// What became of spans.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    /// Those that the collector took.
    pub(crate) taken: Count,
    /// Those that found no room, or no collector.
    pub(crate) dropped: Count,
}

/// One request, as it is told.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    begun: Begun,
    id: SpanId,
    method: &'static str,
    /// The template of the address; none where no route answers.
    route: Option<String>,
    status: u16,
    microseconds: u64,
}

/// A request that is traced and whose answer is not there yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Begun {
    trace: TraceId,
    parent: Option<SpanId>,
    start: Moment,
}

/// What was answered.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) method: &'static str,
    pub(crate) route: Option<String>,
    pub(crate) status: u16,
    pub(crate) microseconds: u64,
}

impl Traces {
    /// By the settings, with the half that sends what is handed over.
    pub(crate) fn new(config: &Config, collector: Url) -> Result<(Self, Sender), UpstreamError> {
        let (queue, waiting) = mpsc::channel(WAITING);
        let sent = Arc::new(Sent::default());
        let authorities = upstream::authorities("traces.authority_file", &config.traces.authority_file)?;
        let upstream = Upstream::new(authorities)?;
        let sender = Sender::new(upstream, collector, waiting, config, Arc::clone(&sent));
        let trusted = config.trusted_proxies.as_slice().into();
        Ok((Self { queue, sent, ratio: config.traces.ratio, trusted }, sender))
    }

    /// A request in the trace of whoever asks, or in one of its own; none where it is not traced. A proxy of ours
    /// decides that for us; with a stranger it is the share that is set.
    pub(crate) fn begin(&self, asked: Option<Context>, peer: Option<IpAddr>, start: Moment) -> Option<Begun> {
        let Some(context) = asked else {
            let trace = TraceId::random().ok()?;
            return trace.is_among(self.ratio).then_some(Begun { trace, parent: None, start });
        };
        let trusted = peer.is_some_and(|peer| self.trusted.contains(&peer.to_canonical()));
        let traced = if trusted { context.is_sampled } else { context.trace.is_among(self.ratio) };
        traced.then_some(Begun { trace: context.trace, parent: Some(context.span), start })
    }

    /// Hands a request over that was answered.
    pub(crate) fn end(&self, begun: Begun, answered: Answered) {
        let Answered { method, route, status, microseconds } = answered;
        let Ok(id) = SpanId::random() else { return };
        let span = Span { begun, id, method, route, status, microseconds };
        if self.queue.try_send(span).is_err() {
            self.sent.dropped.add(1);
        }
    }

    /// What became of spans.
    pub(crate) fn sent(&self) -> Arc<Sent> {
        Arc::clone(&self.sent)
    }
}

impl Begun {
    /// As in a line of the log.
    pub(crate) fn trace(&self) -> String {
        self.trace.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_finds_no_room_is_dropped_and_counted() {
        let config = Config::read(None, |_| None).unwrap();
        let (traces, _sender) =
            Traces::new(&config, "http://127.0.0.1:9/v1/traces".parse().unwrap()).unwrap();
        let answered = Answered { method: "GET", route: None, status: 200, microseconds: 1 };

        for _ in 0..WAITING + 10 {
            let begun = traces.begin(None, None, Moment::from_microseconds(1)).unwrap();
            traces.end(begun, answered.clone());
        }

        assert_eq!((traces.sent().dropped.value(), traces.sent().taken.value()), (10, 0));
    }
}
