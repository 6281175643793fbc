//! `badges issue`: badges from a template, for one person or a list.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

use super::{Failure, HELP, Outcome};
use crate::output::Output;

const EXAMPLE: &str = "\
Example:
  badges issue --key hive.json --template astronaut.toml --to ada@example.org --out awarded
  badges issue --key hive.json --template astronaut.toml --csv class.csv --image astronaut.png --out awarded
";

const TEMPLATE: &str = "\
The template holds the badge in the words of Open Badges 3.0, in TOML or JSON:
  [issuer]
  name = \"Hive Chicago\"
  [achievement]
  id = \"https://hive.example/badges/astronaut\"
  name = \"Astronaut\"
  description = \"Knows how to leave the planet.\"
  criteria = \"Built a rocket and flew it.\"

The columns of a list are email or id, and optionally name, valid_from, valid_until, evidence, narrative.";

/// Issue badges: sign one for each recipient and write it to a file
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE, after_help = TEMPLATE)]
#[command(group(ArgGroup::new("recipients").required(true)))]
pub(super) struct Issue {
    /// The issuer's key
    #[arg(long, value_name = "KEY.json")]
    key: PathBuf,
    /// What is awarded, in TOML or JSON
    #[arg(long, value_name = "FILE")]
    template: PathBuf,
    /// The recipient: an e-mail address, a DID or another URL
    #[arg(long, value_name = "EMAIL|DID", group = "recipients")]
    to: Option<String>,
    /// The recipients: a CSV file, the columns named in its first line
    #[arg(long, value_name = "FILE", group = "recipients")]
    csv: Option<PathBuf>,
    /// The kind of proof [default: what the key and the format call for]
    #[arg(long, value_enum)]
    proof: Option<Proof>,
    /// The kind of file [default: that of the image or the proof]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The picture that the badge is baked into, PNG or SVG
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
    /// A status list of yours: each badge gets a place in it, so that you can revoke it
    #[arg(long, value_name = "LIST")]
    status: Option<PathBuf>,
    /// Do all but write
    #[arg(long)]
    dry_run: bool,
    /// The folder for the badges, made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Proof {
    /// Data Integrity, eddsa-rdfc-2022: what every Open Badges 3.0 verifier must know
    Rdfc,
    /// Data Integrity, eddsa-jcs-2022
    Jcs,
    /// JSON Web Token: needs a recipient with an id
    Jwt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Jwt,
    Png,
    Svg,
}

pub(super) fn run(_: Issue, _: Output) -> Result<Outcome, Failure> {
    Err(Failure::Usage("this verb is not built yet".to_owned()))
}
