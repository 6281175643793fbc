//! `badges restore`: an installation from a copy.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    backup,
    output::{Output, Tone},
};

const EXAMPLE: &str = "\
Example:
  badges restore badges-2026-06-21.backup
  badges doctor
  badges messages resume";

/// Make an installation from a copy of `badges backup`, where there is none
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Restore {
    /// The copy
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The file of settings; variables such as BADGES_DATA go before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Serialize)]
struct Made {
    database: String,
    keys: usize,
    audit_links: i64,
    migrated: usize,
    messages: &'static str,
}

pub(super) fn run(verb: &Restore, output: Output) -> Result<Outcome, Failure> {
    let config = super::config(verb.config.as_ref())?;
    let database = config.address()?.to_string();
    let restored = backup::restore(&config, &verb.file)?;
    let record = Made {
        database,
        keys: restored.keys,
        audit_links: restored.links,
        migrated: restored.migrated,
        messages: "paused",
    };
    let lines = [
        (
            Tone::Positive,
            format!(
                "{} is whole: {} keys open, {} links of the audit log follow each other.",
                record.database, record.keys, record.audit_links
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
