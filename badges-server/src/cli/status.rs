//! `badges status`: lists by which badges are revoked and suspended.

use std::path::PathBuf;

use badges_core::status::EntrySize;
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    lists::{self, ListFileError},
    output::{Output, Tone},
};

const NEW: &str = "\
Example:
  badges status new --key hive.json --id https://hive.example/status/1 -o status-1.json
";

const SET: &str = "\
Example:
  badges status set status-1.json 4711 1 --key hive.json
";

const GET: &str = "\
Example:
  badges status get status-1.json 4711
";

/// Make, change and read status lists
#[derive(Subcommand)]
#[command(help_template = HELP, before_help = NEW)]
pub(super) enum Status {
    New(New),
    Set(Set),
    Get(Get),
}

/// Make a status list in which nothing is revoked
#[derive(Args)]
#[command(help_template = HELP, before_help = NEW)]
pub(super) struct New {
    /// The issuer's key
    #[arg(long, value_name = "KEY.json")]
    key: PathBuf,
    /// The URL under which you will publish the list
    #[arg(long, value_name = "URL")]
    id: String,
    /// How many badges it has room for
    #[arg(long, value_name = "N", default_value_t = 131_072)]
    size: usize,
    /// What a set bit means
    #[arg(long, value_enum, default_value_t = Purpose::Revocation)]
    purpose: Purpose,
    /// Where to write the list; - for standard output
    #[arg(short, long, value_name = "LIST")]
    out: PathBuf,
}

/// Change one entry and sign the list anew
#[derive(Args)]
#[command(help_template = HELP, before_help = SET)]
pub(super) struct Set {
    /// The list
    #[arg(value_name = "LIST")]
    list: PathBuf,
    /// The entry, from 0: `statusListIndex` of the badge
    #[arg(value_name = "INDEX")]
    index: u64,
    /// The new value: 1 revokes or suspends, 0 takes it back
    #[arg(value_name = "VALUE")]
    value: u32,
    /// The key of the issuer of the list
    #[arg(long, value_name = "KEY.json")]
    key: PathBuf,
}

/// Read one entry
#[derive(Args)]
#[command(help_template = HELP, before_help = GET)]
pub(super) struct Get {
    /// The list
    #[arg(value_name = "LIST")]
    list: PathBuf,
    /// The entry, from 0: `statusListIndex` of the badge
    #[arg(value_name = "INDEX")]
    index: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Purpose {
    /// For good
    Revocation,
    /// For a time
    Suspension,
}

/// What an entry says.
#[derive(Serialize)]
struct Entry<'a> {
    list: Option<&'a str>,
    index: u64,
    value: u32,
    purposes: Vec<&'a str>,
}

pub(super) fn run(verb: Status, output: Output) -> Result<Outcome, Failure> {
    match verb {
        Status::New(_) | Status::Set(_) => Err(Failure::Usage("this verb is not built yet".to_owned())),
        Status::Get(verb) => get(&verb, output),
    }
}

fn get(verb: &Get, output: Output) -> Result<Outcome, Failure> {
    let text = lists::read(&verb.list)?;
    let list = lists::parse(&verb.list, &text)?;
    let (about, bits) = lists::expand(&verb.list, &list)?;
    let refused = |reason| ListFileError::Status { path: verb.list.clone(), reason };
    let value = bits.get(verb.index, EntrySize::ONE).map_err(refused)?;
    let purposes: Vec<_> = about.purposes.iter().map(|purpose| purpose.as_str()).collect();
    let said = format!("{} is {value}: {}", verb.index, meaning(&purposes, value));
    let tone = if value == 0 { Tone::Positive } else { Tone::Caution };
    output.answer(&Entry { list: about.id, index: verb.index, value, purposes }, &[(tone, said)])?;
    Ok(Outcome::Done)
}

/// A value in words.
fn meaning(purposes: &[&str], value: u32) -> String {
    let not = if value == 0 { "not " } else { "" };
    let said = purposes.iter().map(|purpose| match *purpose {
        "revocation" => format!("{not}revoked"),
        "suspension" => format!("{not}suspended"),
        other => format!("{not}set ({})", other.chars().take(64).collect::<String>()),
    });
    said.collect::<Vec<_>>().join(", ")
}
