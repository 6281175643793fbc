//! `badges backup`: a copy of the whole database in one file.

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
  badges backup badges-2026-06-21.backup";

/// Copy the whole database into one file, while the service runs
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Backup {
    /// Where the copy goes; nothing may be there
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
    /// The id of the sealing key, which is not in the copy.
    sealed_by: String,
    key_file: String,
}

pub(super) fn run(verb: &Backup, output: Output) -> Result<Outcome, Failure> {
    let config = super::config(verb.config.as_ref())?;
    let copied = backup::backup(&config, &verb.file)?;
    let record = Made {
        file: verb.file.display().to_string(),
        bytes: copied.bytes,
        sealed_by: copied.sealed_by,
        key_file: config.key_file.display().to_string(),
    };
    let lines = [
        (Tone::Positive, format!("{} holds the whole database, {} bytes.", record.file, record.bytes)),
        (
            Tone::Caution,
            format!(
                "The sealing key {} is not in it: keep a copy of {} in another place than this file.",
                record.sealed_by, record.key_file
            ),
        ),
    ];
    output.answer(&record, &lines)?;
    Ok(Outcome::Done)
}
