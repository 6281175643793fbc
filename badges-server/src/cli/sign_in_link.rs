//! `badges sign-in-link`: lets somebody in where no mail arrives.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    clock::Clock,
    contacts::{EmailAddress, address::AddressError},
    installation::Installation,
    output::{Output, Tone},
};

const EXAMPLE: &str = "\
Example:
  badges sign-in-link ada@example.org";

/// Make a link with which somebody signs in once, where no mail arrives
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct SignInLink {
    /// The e-mail address of who signs in
    #[arg(value_name = "ADDRESS")]
    address: String,
    /// The file of settings; variables such as BADGES_DATA go before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Serialize)]
struct Made {
    link: String,
}

pub(super) fn run(verb: SignInLink, output: Output) -> Result<Outcome, Failure> {
    let email: EmailAddress =
        verb.address.parse().map_err(|error: AddressError| Failure::Usage(format!("ADDRESS {error}")))?;
    let installation = Installation::open(super::config(verb.config.as_ref())?, Clock::system())?;
    let link = actix_web::rt::System::new().block_on(installation.sign_in_link(email))?;
    let record = Made { link };
    let lines = [
        (Tone::Plain, record.link.clone()),
        (Tone::Caution, "It works once, for 15 minutes; whoever has it can use it.".to_owned()),
    ];
    output.answer(&record, &lines)?;
    Ok(Outcome::Done)
}
