//! `badges init`: a new installation with its first organisation and owner.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    clock::Clock,
    contacts::EmailAddress,
    installation::{First, Installation},
    issuers::slugs,
    output::{Output, Tone},
    texts,
};

const EXAMPLE: &str = "\
Example:
  badges init --organisation \"Hive Chicago\" --owner ada@example.org";

/// Make an installation: database, sealing key, first organisation and owner
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Init {
    /// What the organisation is called
    #[arg(long, value_name = "NAME")]
    organisation: String,
    /// Its short name in addresses; made from the name if it is left out
    #[arg(long, value_name = "SLUG")]
    slug: Option<String>,
    /// The e-mail address of who owns it
    #[arg(long, value_name = "ADDRESS")]
    owner: String,
    /// What the owner is called
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The file of settings; variables such as BADGES_DATA go before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Serialize)]
struct Made {
    organisation: String,
    account: String,
    key_file: String,
    database: String,
}

pub(super) fn run(verb: Init, output: Output) -> Result<Outcome, Failure> {
    let config = super::config(verb.config.as_ref())?;
    let owner: EmailAddress = verb
        .owner
        .parse()
        .map_err(|error: crate::contacts::address::AddressError| Failure::Owner(error.to_string()))?;
    for (option, name) in [("--organisation", Some(&verb.organisation)), ("--name", verb.name.as_ref())] {
        if name.is_some_and(|name| !texts::fits(name, texts::LINE)) {
            let most = texts::LINE;
            return Err(Failure::Usage(format!(
                "{option} must have 1 to {most} characters, and something to see"
            )));
        }
    }
    let with = verb.config.as_ref().map_or_else(String::new, |file| format!(" --config {}", file.display()));
    let called = owner.as_given().to_owned();
    let slug = verb.slug.unwrap_or_else(|| slugs::stem("organisation", &verb.organisation));
    let clock = Clock::system();
    let database = config.address().map_err(Failure::Config)?.to_string();
    let key_file = config.key_file.display().to_string();
    Installation::make(&config, clock.now())?;
    let installation = Installation::open(config, clock)?;
    let first = First { organisation: verb.organisation, slug, owner, owner_name: verb.name };
    let (node, account) = actix_web::rt::System::new().block_on(installation.found(first))?;
    let record = Made { organisation: node.id.to_string(), account: account.to_string(), key_file, database };
    let lines = [
        (Tone::Positive, format!("{} can award badges now; its data is in {}.", node.name, record.database)),
        (
            Tone::Caution,
            format!(
                "Keep a copy of {} elsewhere: without it no key in the data can be used.",
                record.key_file
            ),
        ),
        (Tone::Plain, format!("Next: badges serve{with}")),
        (
            Tone::Plain,
            format!("Then: badges sign-in-link {called}{with}, which lets the owner in without mail"),
        ),
    ];
    output.answer(&record, &lines)?;
    Ok(Outcome::Done)
}
