//! Logs to standard error, as text or JSON, without personal data.

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::Log;

/// The server of HTTP says nothing but which requests it cannot read, and calls them errors.
const STRANGERS: &str = "actix_http=off";

/// Starts logging; a second start changes nothing.
pub(crate) fn start(log: &Log) {
    let filter = match log.level.as_str() {
        level @ ("debug" | "trace") => level.to_owned(),
        // How its threads come and go is of no use to the operator; what strangers send that is no HTTP is an error
        // of theirs, to whom it is said.
        "info" => format!("info,actix_server=warn,{STRANGERS}"),
        level => format!("{level},{STRANGERS}"),
    };
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let writes = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let started =
        if log.format == "json" { writes.json().try_init() } else { writes.with_ansi(false).try_init() };
    // Tests start several services in one process; the first one's logger stays.
    drop(started);
}
