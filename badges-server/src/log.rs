//! Logs to standard error, as text or JSON, without personal data.

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::Log;

/// Starts logging; a second start changes nothing.
pub(crate) fn start(log: &Log) {
    // How its threads come and go is of no use to the operator.
    let level = if log.level == "info" { "info,actix_server=warn" } else { &log.level };
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    let writes = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let started =
        if log.format == "json" { writes.json().try_init() } else { writes.with_ansi(false).try_init() };
    // Tests start several services in one process; the first one's logger stays.
    drop(started);
}
