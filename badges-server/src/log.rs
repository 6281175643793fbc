//! Logs to standard error, as text or JSON, without personal data.

use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::config::Log;

/// Starts logging; a second start changes nothing.
pub(crate) fn start(log: &Log) {
    let level = log.level.parse().unwrap_or(LevelFilter::INFO);
    let mut told = Targets::new().with_default(level);
    if level <= LevelFilter::INFO {
        // The server of HTTP says nothing but which requests it cannot read, and calls them errors: what strangers send
        // that is no HTTP is an error of theirs, to whom it is said.
        told = told.with_target("actix_http", LevelFilter::OFF);
    }
    if level == LevelFilter::INFO {
        // How its threads come and go is of no use to the operator.
        told = told.with_target("actix_server", LevelFilter::WARN);
    }
    let writes = fmt().with_max_level(level).with_writer(std::io::stderr).with_target(false);
    let started = if log.format == "json" {
        writes.json().finish().with(told).try_init()
    } else {
        writes.with_ansi(false).finish().with(told).try_init()
    };
    // Tests start several services in one process; the first one's logger stays.
    drop(started);
}
