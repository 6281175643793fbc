//! `badges export`: the whole installation in one file that either database reads.

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
  badges export badges-2026-06-21.export";

/// Write the whole installation into one file, to be imported into SQLite or PostgreSQL
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Export {
    /// Where it goes; nothing may be there
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The file of settings; variables such as BADGES_DATA go before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Serialize)]
struct Made {
    file: String,
    bytes: u64,
    tables: usize,
    rows: u64,
    /// The id of the sealing key, which is not in the file.
    sealed_by: String,
    key_file: String,
}

pub(super) fn run(verb: &Export, output: Output) -> Result<Outcome, Failure> {
    let config = super::config(verb.config.as_ref())?;
    let exported = transfer::export(&config, &verb.file, &|done, all| super::progress(output, done, all))?;
    let record = Made {
        file: verb.file.display().to_string(),
        bytes: exported.bytes,
        tables: exported.tables,
        rows: exported.rows,
        sealed_by: exported.sealed_by,
        key_file: config.key_file.display().to_string(),
    };
    let lines = [
        (
            Tone::Positive,
            format!(
                "{} holds the whole installation: {} rows, {} bytes.",
                record.file, record.rows, record.bytes
            ),
        ),
        (
            Tone::Caution,
            format!(
                "The sealing key {} is not in it: whoever imports it needs {} as well. What is written from now on \
                 is not in it either: stop the service before you move for good.",
                record.sealed_by, record.key_file
            ),
        ),
    ];
    output.answer(&record, &lines)?;
    Ok(Outcome::Done)
}
