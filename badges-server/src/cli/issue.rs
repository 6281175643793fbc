//! `badges issue`: badges from a template, for one person or a list.

mod batch;
mod plan;
mod reserve;

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

use self::{
    batch::{Batch, Candidate, Row, RowOutcome},
    plan::plan,
    reserve::reserve,
};
use super::{Failure, HELP, Outcome};
use crate::{
    clock,
    files::{self, NewFolder},
    issuing::Issuer,
    keyfile,
    output::{Output, Tone, complain},
    recipients,
    template::Template,
    workers::each_in_order,
};

/// The longest template that is read, in bytes.
const LONGEST_TEMPLATE: usize = 256 * 1024;

/// The longest list of recipients that is read, in bytes.
const LONGEST_LIST: usize = 64 * 1024 * 1024;

const EXAMPLE: &str = "\
Example:
  badges issue --key hive.json --template astronaut.toml --to ada@example.org --out awarded
  badges issue --key hive.json --template astronaut.toml --csv class.csv --image astronaut.png --out awarded";

const TEMPLATE: &str = "\
The template holds the badge in the words of Open Badges 3.0, in TOML or JSON:
  [issuer]
  name = \"Hive Chicago\"
  [achievement]
  id = \"https://hive.example/badges/astronaut\"
  name = \"Astronaut\"
  description = \"Knows how to leave the planet.\"
  criteria = \"Built a rocket and flew it.\"

The columns of a list are email or id, and optionally name, valid_from, valid_until, evidence, narrative.
A time is a date like 2030-12-31, or a time with offset like 2030-12-31T09:30:00Z.";

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
    /// The kind of proof [default: rdfc, or jwt with --format jwt]
    #[arg(long, value_enum)]
    proof: Option<Proof>,
    /// The kind of file [default: that of the image, jwt with --proof jwt, else json]
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
    /// The folder for the badges, made if it is not there; - for one badge to standard output
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

pub(super) fn run(verb: Issue, output: Output) -> Result<Outcome, Failure> {
    let (proof, form) = plan(&verb)?;
    let rows = recipients(&verb)?;
    if files::is_standard(&verb.out) && rows.len() != 1 {
        let text = format!(
            "--out -: the list has {} rows, and standard output takes one badge: name a folder",
            rows.len()
        );
        return Err(Failure::Usage(text));
    }
    let key = keyfile::read(&verb.key)?;
    let written = files::read(&verb.template, LONGEST_TEMPLATE)?;
    let template = Template::read(&written, key.controller())
        .map_err(|reason| Failure::Template { path: verb.template.clone(), reason })?;
    if template.issuer() != key.controller() {
        let (issuer, key) = (template.issuer().to_owned(), key.controller().to_owned());
        return Err(Failure::WrongKey { issuer, key });
    }
    let mut issuer = Issuer::new(key, proof, clock::now().ok_or(Failure::Clock)?);
    let mut candidates: Vec<_> = rows
        .into_iter()
        .map(|(line, row)| {
            let file = row.as_ref().ok().map(|recipient| batch::file(&verb, &template, &form, recipient));
            let there = file.filter(|file| !files::is_standard(&verb.out) && file.is_file());
            Candidate { line: verb.csv.is_some().then_some(line), row, there, place: None }
        })
        .collect();
    // Who has the badge already needs no second place in the list.
    let awarded = |one: &Candidate| one.row.is_ok() && one.there.is_none();
    let wanted = candidates.iter().filter(|one| awarded(one)).count();
    let (list, places) = match &verb.status {
        None => (None, Vec::new()),
        Some(path) => {
            let (list, places) = reserve(path, template.issuer(), &mut issuer, wanted, verb.dry_run)?;
            (Some(list), places)
        }
    };
    let writes = !verb.dry_run && !files::is_standard(&verb.out);
    let _folder = writes.then(|| NewFolder::make(&verb.out)).transpose()?;
    for (one, place) in candidates.iter_mut().filter(|one| awarded(one)).zip(places) {
        one.place = Some(place);
    }
    let batch = Batch { verb: &verb, issuer: &issuer, template: &template, form, list };
    let mut tally = Tally::default();
    each_in_order(
        &candidates,
        |one| batch.award(one),
        |at, row| {
            output.progress(at + 1, candidates.len());
            tally.count(row.outcome);
            show(&row, verb.csv.is_none(), output)
        },
    )?;
    if verb.csv.is_some() && !files::is_standard(&verb.out) {
        output.summary(&[tally.in_words(&verb)])?;
    }
    Ok(tally.outcome())
}

fn recipients(verb: &Issue) -> Result<Vec<recipients::Row>, Failure> {
    match (&verb.to, &verb.csv) {
        (Some(to), _) => Ok(vec![(1, Ok(recipients::one(to).map_err(Failure::To)?))]),
        (None, Some(path)) => Ok(recipients::list(&files::read(path, LONGEST_LIST)?)?),
        (None, None) => Ok(Vec::new()),
    }
}

fn show(row: &Row, alone: bool, output: Output) -> Result<(), Failure> {
    if let Some(text) = &row.text {
        return Ok(output.foreign(text)?);
    }
    let mut lines = Vec::new();
    match (&row.message, &row.file) {
        (Some(message), _) if !output.is_json() => match row.line {
            Some(line) => complain(format!("line {line}: {message}")),
            None => complain(message),
        },
        (None, Some(file)) if alone => {
            let recipient = row.recipient.as_deref().unwrap_or_default();
            let (tone, verb) = match row.outcome {
                RowOutcome::Exists => (Tone::Caution, "was there already, and stays"),
                RowOutcome::WouldBeIssued => (Tone::Positive, "would be"),
                _ => (Tone::Positive, "is"),
            };
            lines.push((tone, format!("{file} {verb} the badge of {recipient}")));
        }
        _ => {}
    }
    Ok(output.answer(row, &lines)?)
}

/// How many recipients got which answer.
#[derive(Default)]
struct Tally {
    issued: usize,
    there: usize,
    refused: usize,
    failed: usize,
}

impl Tally {
    fn count(&mut self, outcome: RowOutcome) {
        match outcome {
            RowOutcome::Exists => self.there += 1,
            RowOutcome::Failed => self.failed += 1,
            RowOutcome::Issued | RowOutcome::WouldBeIssued => self.issued += 1,
            RowOutcome::Refused => self.refused += 1,
        }
    }

    fn outcome(&self) -> Outcome {
        match (self.refused, self.failed) {
            (0, 0) => Outcome::Done,
            (0, _) => Outcome::Unable,
            _ => Outcome::Refused,
        }
    }

    fn in_words(&self, verb: &Issue) -> (Tone, String) {
        let Self { issued, there, refused, failed } = self;
        let tone = if refused + failed == 0 { Tone::Positive } else { Tone::Caution };
        let would = if verb.dry_run { "would be " } else { "" };
        let badges = if *issued == 1 { "badge" } else { "badges" };
        let mut line = format!("{issued} {badges} {would}issued to {}", verb.out.display());
        if *there > 0 {
            line.push_str(&format!(", {there} there already and left as they were"));
        }
        if *refused > 0 {
            line.push_str(&format!(", {refused} not: mend those lines and issue the list again"));
        }
        if *failed > 0 {
            line.push_str(&format!(
                ", {failed} failed: clear what stood in the way and issue the list again"
            ));
        }
        (tone, line)
    }
}
