//! Sends spans in batches, tries again where that helps, and gives up rather than to keep more than it may.

use std::{sync::Arc, time::Duration};

use serde::Deserialize;
use tokio::{
    sync::{mpsc, watch},
    time,
};
use tracing::warn;
use url::Url;

use super::{Sent, Span, otlp::Resource};
use crate::{
    config::Config,
    upstream::{Answer, Upstream},
};

/// The most spans of one batch.
const BATCH: usize = 512;
/// How long the first span of a batch waits for others.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long it waits before it tries again, for each further try.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

/// The half that sends.
#[derive(Debug)]
pub(crate) struct Sender {
    upstream: Upstream,
    collector: Url,
    waiting: mpsc::Receiver<Span>,
    resource: Resource,
    sent: Arc<Sent>,
}

/// How a batch went.
enum Outcome {
    Again(String),
    /// How many of it the collector did not want.
    Taken(usize),
    Refused(String),
}

/// What a collector says where it does not want all of a batch.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Said {
    partial_success: Partial,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Partial {
    /// A number, or a text that is one.
    rejected_spans: serde_json::Value,
}

impl Sender {
    pub(super) fn new(
        upstream: Upstream,
        collector: Url,
        waiting: mpsc::Receiver<Span>,
        config: &Config,
        sent: Arc<Sent>,
    ) -> Self {
        Self { upstream, collector, waiting, resource: Resource::of(config), sent }
    }

    /// Sends until it is told to stop, and then what waits still.
    pub(crate) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let (mut batch, mut arrives) = (Vec::with_capacity(BATCH), true);
        while !*stop.borrow() {
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { break },
                () = self.fill(&mut batch) => arrives = self.send(&mut batch, &mut stop).await,
            }
        }
        self.waiting.close();
        loop {
            while batch.len() < BATCH
                && let Ok(span) = self.waiting.try_recv()
            {
                batch.push(span);
            }
            if batch.is_empty() {
                return;
            }
            // A collector that is away does not keep the service from ending.
            if arrives {
                arrives = self.send(&mut batch, &mut stop).await;
            } else {
                self.sent.dropped.add(batch.len());
                batch.clear();
            }
        }
    }

    /// Waits for a batch to be full, or for its first span to have waited long enough. What is in it stays there if
    /// this is not waited for.
    async fn fill(&mut self, batch: &mut Vec<Span>) {
        if batch.is_empty() {
            match self.waiting.recv().await {
                Some(span) => batch.push(span),
                None => return std::future::pending().await,
            }
        }
        let filled = async {
            while batch.len() < BATCH {
                match self.waiting.recv().await {
                    Some(span) => batch.push(span),
                    None => return,
                }
            }
        };
        drop(time::timeout(PATIENCE, filled).await);
    }

    /// Tells whether the collector took it.
    async fn send(&mut self, batch: &mut Vec<Span>, stop: &mut watch::Receiver<bool>) -> bool {
        let (body, count) = (self.resource.export(batch), batch.len());
        batch.clear();
        let mut pauses = PAUSES.iter();
        loop {
            let reason = match self.exchange(body.clone()).await {
                Outcome::Taken(unwanted) => {
                    self.sent.taken.add(count.saturating_sub(unwanted));
                    self.sent.dropped.add(unwanted.min(count));
                    return true;
                }
                Outcome::Again(reason) => match pauses.next() {
                    // Who is told to stop tries each batch once.
                    Some(pause) if !*stop.borrow() => {
                        tokio::select! { _ = stop.changed() => {}, () = time::sleep(*pause) => {} }
                        continue;
                    }
                    _ => reason,
                },
                Outcome::Refused(reason) => reason,
            };
            warn!(%reason, spans = count, "the collector did not take spans: they are dropped");
            self.sent.dropped.add(count);
            return false;
        }
    }

    async fn exchange(&self, body: Vec<u8>) -> Outcome {
        match self.upstream.send_json(&self.collector, body).await {
            Err(error) => Outcome::Again(error.to_string()),
            // OTLP §"Retryable Response Codes".
            Ok(Answer { status: status @ (429 | 502 | 503 | 504), .. }) => {
                Outcome::Again(format!("status {status}"))
            }
            Ok(Answer { status: 200..300, body }) => {
                let said: Said = serde_json::from_slice(&body).unwrap_or_default();
                let rejected = said.partial_success.rejected_spans;
                let count = rejected.as_u64().or_else(|| rejected.as_str()?.parse().ok()).unwrap_or(0);
                Outcome::Taken(usize::try_from(count).unwrap_or(usize::MAX))
            }
            Ok(Answer { status, .. }) => Outcome::Refused(format!("status {status}")),
        }
    }
}
