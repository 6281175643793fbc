//! `badges inspect`: every intermediate value of a proof.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, HELP, Outcome};
use crate::output::Output;

const EXAMPLE: &str = "\
Example:
  badges inspect badge.json
";

/// Show every intermediate value of a badge's proofs
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Inspect {
    /// The badge: JSON, JWT, PNG or SVG; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The largest file that is read, in bytes [default: 262144, images 4194304]
    #[arg(long, value_name = "N")]
    max_size: Option<usize>,
}

pub(super) fn run(_: Inspect, _: Output) -> Result<Outcome, Failure> {
    Err(Failure::Usage("this verb is not built yet".to_owned()))
}
