//! `badges messages`: whether messages leave.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    clock::Clock,
    installation::Installation,
    output::{Output, Tone},
};

const EXAMPLE: &str = "\
Example:
  badges messages pause
  badges messages resume";

/// Hold messages back, or let them leave
#[derive(Subcommand)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) enum Messages {
    /// Hold them back: they are written and wait
    Pause(Where),
    /// Let them leave, those that wait included
    Resume(Where),
}

#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Where {
    /// The file of settings; variables such as BADGES_DATA go before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Serialize)]
struct Told {
    messages: &'static str,
}

pub(super) fn run(verb: &Messages, output: Output) -> Result<Outcome, Failure> {
    let (paused, place) = match verb {
        Messages::Pause(place) => (true, place),
        Messages::Resume(place) => (false, place),
    };
    let installation = Installation::open(super::config(place.config.as_ref())?, Clock::system())?;
    actix_web::rt::System::new().block_on(installation.pause(paused))?;
    let (messages, line) = if paused {
        ("paused", "Messages are written and wait.")
    } else {
        ("on", "Messages leave, those that waited first.")
    };
    output.answer(&Told { messages }, &[(Tone::Positive, line.to_owned())])?;
    Ok(Outcome::Done)
}
