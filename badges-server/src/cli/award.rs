//! `badges award`: one award, from the command, in an installation.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    awards::{
        credential::Evidence,
        desk::{Gift, Recipient},
    },
    clock::Clock,
    contacts::{EmailAddress, address::AddressError, did},
    installation::Installation,
    output::{Output, Tone},
    problem::{Faults, FieldError},
    texts,
};

const EXAMPLE: &str = "\
Example:
  badges award --badge astronaut --to ada@example.org --evidence https://ada.example/rocket";

/// Award a badge of the installation to one person
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Award {
    /// The badge: its short name in addresses, or its identifier
    #[arg(long, value_name = "BADGE")]
    badge: String,
    /// The e-mail address, or the DID, of whom it is for
    #[arg(long, value_name = "EMAIL|DID")]
    to: String,
    /// What they are called
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// A sentence that stands in the badge
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// The address of something that shows it; several are possible
    #[arg(long, value_name = "URL")]
    evidence: Vec<String>,
    /// Tell them nothing by mail
    #[arg(long)]
    no_mail: bool,
    /// The file of settings; variables such as BADGES_DATA go before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Serialize)]
struct Given {
    id: String,
    url: String,
    state: String,
}

pub(super) fn run(verb: Award, output: Output) -> Result<Outcome, Failure> {
    let recipient = recipient(&verb)?;
    check(&verb)?;
    let evidence = verb
        .evidence
        .into_iter()
        .map(|url| Evidence { url: Some(url), name: None, narrative: None })
        .collect();
    let installation = Installation::open(super::config(verb.config.as_ref())?, Clock::system())?;
    let (note, mail) = (verb.note, !verb.no_mail);
    let award = actix_web::rt::System::new().block_on(async {
        let badge = installation.badge(verb.badge).await?;
        let gift = Gift {
            badge,
            recipients: vec![recipient],
            evidence,
            note,
            expires_at: None,
            visibility: None,
            mail,
            replaces: None,
            code: None,
        };
        installation.award(gift).await
    })?;
    let base = installation.config.base();
    let url = format!("{base}/awards/{}", award.public_id);
    let record = Given { id: award.public_id.to_string(), url, state: award.state };
    let line = match record.state.as_str() {
        "scheduled" => format!("It is signed later, and will be {}.", record.url),
        _ => format!("It is {}.", record.url),
    };
    output.answer(&record, &[(Tone::Positive, line)])?;
    Ok(Outcome::Done)
}

/// As the API reads it.
fn check(verb: &Award) -> Result<(), Failure> {
    let mut faults = Faults::default();
    if let Some(name) = &verb.name {
        faults.line("--name", name);
    }
    faults.at_most("--note", verb.note.as_deref().unwrap_or_default(), texts::NOTE);
    if verb.evidence.len() > texts::EVIDENCE {
        faults.note(
            "--evidence",
            "too_many",
            format!("is given more than {} times: leave some out", texts::EVIDENCE),
        );
    }
    verb.evidence.iter().for_each(|url| faults.address("--evidence", url));
    match faults.0.into_iter().next() {
        Some(FieldError { path, message, .. }) => Err(Failure::Usage(format!("{path} {message}"))),
        None => Ok(()),
    }
}

fn recipient(verb: &Award) -> Result<Recipient, Failure> {
    if verb.to.starts_with("did:") {
        did::check(&verb.to).map_err(|error| Failure::Usage(format!("--to {error}")))?;
        return Ok(Recipient {
            email: None,
            did: Some(verb.to.clone()),
            name: verb.name.clone(),
            external_id: None,
        });
    }
    let email: Result<EmailAddress, AddressError> = verb.to.parse();
    let email = email.map_err(|error| Failure::Usage(format!("--to {error}")))?;
    Ok(Recipient { email: Some(email), did: None, name: verb.name.clone(), external_id: None })
}
