//! `/ops/metrics` on the administration address: for the operator's Prometheus, not for the public.

use std::{fs, sync::Arc};

use actix_web::{
    HttpResponse,
    web::{self, Data, ServiceConfig},
};
use diesel::{QueryableByName, RunQueryDsl as _, sql_query, sql_types::BigInt};

use super::{Gate, health};
use crate::{
    clock::Clock,
    db::{Conn, Db, DbError, on},
    metrics::Page,
    problem::Problem,
    traces::Sent,
    verifier::Fetches,
};

/// What the page tells of.
#[derive(Clone)]
pub(crate) struct Reported {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) gate: Data<Gate>,
    pub(crate) fetches: Arc<Fetches>,
    /// None where no spans are sent.
    pub(crate) spans: Option<Arc<Sent>>,
}

/// What waits in the outbox; each number is found by an index.
#[derive(QueryableByName)]
struct Outbox {
    #[diesel(sql_type = BigInt)]
    queued: i64,
    #[diesel(sql_type = BigInt)]
    leased: i64,
    #[diesel(sql_type = BigInt)]
    dead: i64,
    /// When the first of those that wait was due; 0 where none waits.
    #[diesel(sql_type = BigInt)]
    due: i64,
    #[diesel(sql_type = BigInt)]
    scheduled: i64,
}

/// The addresses of the second listener. They are no rows of the tables: no role reaches them, the address does.
pub(crate) fn mount(config: &mut ServiceConfig, reported: &Reported) {
    config
        .app_data(Data::new(reported.clone()))
        .app_data(Data::new(reported.db.clone()))
        .app_data(reported.gate.clone())
        .route("/healthz", web::get().to(health::show_life))
        .route("/readyz", web::get().to(health::show_readiness))
        .route("/ops/metrics", web::get().to(show_metrics));
}

async fn show_metrics(reported: Data<Reported>) -> Result<HttpResponse, Problem> {
    let Reported { db, clock, gate, fetches, spans } = reported.get_ref();
    let mut page = Page::default();
    let version = [(env!("CARGO_PKG_VERSION"), 1.0)];
    page.gauges("badges_build_info", "The version that runs.", "version", &version);
    page.metrics(db.metrics());
    page.gauge("badges_requests_under_way", "Requests under way.", gate.under_way() as f64);
    page.gauge("badges_writes_waiting", "Writes that wait for the writer.", db.waiting() as f64);
    page.gauge("badges_readers_in_use", "Connections that read at this moment.", db.reading() as f64);
    let (asked, failed) = (fetches.asked.value(), fetches.failed.value());
    page.count("badges_fetches_total", "Documents of strangers that were asked for on the web.", asked);
    page.count("badges_fetches_failed_total", "Those of them that did not come.", failed);
    if let Some(Sent { taken, dropped }) = spans.as_deref() {
        page.count("badges_spans_sent_total", "Spans that the collector took.", taken.value());
        page.count(
            "badges_spans_dropped_total",
            "Spans that found no room or no collector.",
            dropped.value(),
        );
    }
    // Without its database the service still tells what it knows by itself.
    if let Ok(found) = db.read(outbox).await {
        waiting(&mut page, &found, clock.now().microseconds());
    }
    process(&mut page);
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(page.into_text()))
}

fn waiting(page: &mut Page, found: &Outbox, now: i64) {
    let states =
        [("dead", found.dead as f64), ("leased", found.leased as f64), ("queued", found.queued as f64)];
    page.gauges("badges_outbox_messages", "Messages that did not leave yet.", "state", &states);
    let late = if found.due == 0 { 0 } else { now.saturating_sub(found.due).max(0) };
    let help = "How long the first message is over its time.";
    page.gauge("badges_outbox_late_seconds", help, late as f64 / 1e6);
    page.gauge("badges_awards_scheduled", "Awards that are signed later.", found.scheduled as f64);
}

fn outbox(conn: &mut Conn) -> Result<Outbox, DbError> {
    on!(conn, c => {
        sql_query(
            "SELECT (SELECT count(*) FROM outbox WHERE state = 'queued') AS queued, \
             (SELECT count(*) FROM outbox WHERE state = 'leased') AS leased, \
             (SELECT count(*) FROM outbox WHERE state = 'dead') AS dead, \
             (SELECT coalesce(min(next_at), 0) FROM outbox WHERE state IN ('queued', 'leased')) AS due, \
             (SELECT count(*) FROM awards WHERE state = 'scheduled') AS scheduled",
        )
        .get_result(c)
    })
}

/// What the kernel knows of this process, where it tells.
fn process(page: &mut Page) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<f64>().ok()
    };
    if let Some(resident) = kilobytes("VmRSS:") {
        page.gauge("process_resident_memory_bytes", "Memory in use.", resident * 1024.0);
    }
    if let Some(threads) = kilobytes("Threads:") {
        page.gauge("process_threads", "Threads.", threads);
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        page.gauge("process_open_fds", "Open files and connections.", open.count() as f64);
    }
}
