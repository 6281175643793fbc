//! `badges import`: an installation from a file of `badges export`.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    output::{Output, Tone},
    transfer,
};

const EXAMPLE: &str = "\
Example:
  BADGES_DATABASE=postgres://badges@localhost/badges badges import badges-2026-06-21.export
  badges doctor
  badges messages resume";

/// Make an installation from a file of `badges export`, in a database where there is none
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Import {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The file of settings; variables such as BADGES_DATA go before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Serialize)]
struct Made {
    database: String,
    rows: u64,
    keys: usize,
    audit_links: i64,
    messages: &'static str,
}

pub(super) fn run(verb: &Import, output: Output) -> Result<Outcome, Failure> {
    let config = super::config(verb.config.as_ref())?;
    let database = config.address()?.to_string();
    let imported = transfer::import(&config, &verb.file, &|done, all| super::progress(output, done, all))?;
    let record = Made {
        database,
        rows: imported.rows,
        keys: imported.keys,
        audit_links: imported.links,
        messages: "paused",
    };
    let lines = [
        (
            Tone::Positive,
            format!(
                "{} holds all {} rows: {} keys open, {} links of the audit log follow each other.",
                record.database, record.rows, record.keys, record.audit_links
            ),
        ),
        (
            Tone::Caution,
            "No message leaves, as the original may still deliver: when it does not, `badges messages resume`."
                .to_owned(),
        ),
        (Tone::Plain, "Next: badges doctor".to_owned()),
    ];
    output.answer(&record, &lines)?;
    Ok(Outcome::Done)
}
