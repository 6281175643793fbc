//! `badges endorse`: stand up for somebody's badge.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, HELP, Outcome};
use crate::output::Output;

const EXAMPLE: &str = "\
Example:
  badges endorse --key uni.json --of ada.json --comment \"We accept it for credit.\" --out endorsement.json
";

/// Endorse a badge: sign a statement about it
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Endorse {
    /// The endorser's key
    #[arg(long, value_name = "KEY.json")]
    key: PathBuf,
    /// The badge that is endorsed: JSON, JWT, PNG or SVG
    #[arg(long, value_name = "CREDENTIAL")]
    of: PathBuf,
    /// What you say about it
    #[arg(long, value_name = "TEXT")]
    comment: String,
    /// The endorser's name [default: the identifier of the key]
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Where to write the endorsement; - for standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Write over a file that exists
    #[arg(long)]
    force: bool,
}

pub(super) fn run(_: Endorse, _: Output) -> Result<Outcome, Failure> {
    Err(Failure::Usage("this verb is not built yet".to_owned()))
}
