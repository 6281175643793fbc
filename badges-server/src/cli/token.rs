//! `badges token`: a token of the API, for a program.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    clock::Clock,
    contacts::{EmailAddress, address::AddressError},
    installation::Installation,
    output::{Output, Tone},
    rights::Scope,
};

const EXAMPLE: &str = "\
Example:
  badges token --for ada@example.org --scope awards:write --scope awards:read

Scopes: admin, awards:bulk, awards:read, awards:write, badges:write, contacts:read, contacts:write";

/// Make a token with which a program may use the API in somebody's name
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Token {
    /// The e-mail address of the account; the token has its rights and no more
    #[arg(long = "for", value_name = "ADDRESS")]
    account: String,
    /// What the token may be used for; several are possible
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    scopes: Vec<String>,
    /// What the token is called in lists
    #[arg(long, value_name = "NAME", default_value = "made by the command")]
    name: String,
    /// The file of settings; variables such as BADGES_DATA go before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Serialize)]
struct Made {
    id: String,
    token: String,
}

pub(super) fn run(verb: Token, output: Output) -> Result<Outcome, Failure> {
    let email: EmailAddress =
        verb.account.parse().map_err(|error: AddressError| Failure::Usage(format!("--for {error}")))?;
    let mut scopes = Vec::new();
    for name in &verb.scopes {
        let known = Scope::named(name);
        scopes.push(known.ok_or_else(|| {
            Failure::Usage(format!("--scope: {name} is not known; see `badges help token`"))
        })?);
    }
    let installation = Installation::open(super::config(verb.config.as_ref())?, Clock::system())?;
    let made = installation.add_token(email, verb.name, scopes);
    let made = actix_web::rt::System::new().block_on(made)?;
    let record = Made { id: made.id.to_string(), token: made.secret.reveal().to_owned() };
    let lines = [
        (Tone::Plain, record.token.clone()),
        (Tone::Caution, "It is shown this once; whoever has it can use it.".to_owned()),
    ];
    output.answer(&record, &lines)?;
    Ok(Outcome::Done)
}
