//! `badges doctor`: what is wrong with an installation, and what to do.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    clock::Clock,
    doctor::{self, Health},
    output::{Output, Tone},
};

const EXAMPLE: &str = "\
Example:
  badges doctor";

/// Look through an installation and say what is wrong; changes nothing
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Doctor {
    /// The file of settings; variables such as BADGES_DATA go before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Serialize)]
struct Looked {
    check: &'static str,
    health: Health,
    said: String,
}

pub(super) fn run(verb: &Doctor, output: Output) -> Result<Outcome, Failure> {
    let config = super::config(verb.config.as_ref())?;
    let mut worst = Health::Well;
    for finding in doctor::examine(&config, super::strange(&config), &Clock::system()) {
        let doctor::Finding { check, health, said } = finding;
        let (tone, mark) = match health {
            Health::Well => (Tone::Positive, "well"),
            Health::Unwell => (Tone::Caution, "look"),
            Health::Ill => (Tone::Negative, "wrong"),
        };
        worst = worst.max(health);
        let line = format!("{mark:<6}{check:<13}{said}");
        output.answer(&Looked { check, health, said }, &[(tone, line)])?;
    }
    Ok(if worst == Health::Ill { Outcome::Refused } else { Outcome::Done })
}
