//! `badges migrate`: the schema of the database, forward or one step back.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    installation,
    output::{Output, Tone},
};

const EXAMPLE: &str = "\
Example:
  badges migrate
  badges migrate --back     before the program of the version before is installed again";

/// Bring the database to this program's schema; every verb that uses it does the same
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Migrate {
    /// Take the newest migration back instead
    #[arg(long)]
    back: bool,
    /// The file of settings; variables such as BADGES_DATA go before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Serialize)]
struct Done {
    /// The migrations that the database has and had not, or the other way round.
    changed: Vec<String>,
    /// Where the copy of before is.
    #[serde(skip_serializing_if = "Option::is_none")]
    copy: Option<String>,
}

pub(super) fn run(verb: &Migrate, output: Output) -> Result<Outcome, Failure> {
    let config = super::config(verb.config.as_ref())?;
    let moved = installation::migrate(&config, verb.back)?;
    let record = Done { changed: moved.changed, copy: moved.copy.map(|copy| copy.display().to_string()) };
    let mut lines = Vec::new();
    let done = if verb.back { "taken back" } else { "applied" };
    lines.extend(record.changed.iter().map(|name| (Tone::Positive, format!("{name} was {done}."))));
    if record.changed.is_empty() {
        lines.push((Tone::Plain, "There is nothing to do.".to_owned()));
    }
    lines.extend(record.copy.iter().map(|copy| (Tone::Plain, format!("{copy} is the database before it."))));
    output.answer(&record, &lines)?;
    Ok(Outcome::Done)
}
