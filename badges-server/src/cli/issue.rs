//! `badges issue`: badges from a template, for one person or a list.

use std::path::{Path, PathBuf};

use badges_core::{bake::ImageKind, issue::ProofKind, verify::Verdict};
use clap::{ArgGroup, Args, ValueEnum};
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    awards, clock,
    credential::Sizes,
    files::{self, FileError, NewFolder, Readers},
    issuing::{Form, Issuer, Revocable},
    keyfile, lists,
    output::{Output, Tone, complain, shortened},
    places::Places,
    recipients::{self, Recipient, RowError},
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

/// What became of one recipient.
#[derive(Serialize)]
struct Row {
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<String>,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// The badge itself, where it goes to standard output.
    #[serde(skip)]
    text: Option<Vec<u8>>,
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
    let wanted = rows.iter().filter(|(_, row)| row.is_ok()).count();
    let (list, places) = match &verb.status {
        None => (None, Vec::new()),
        Some(path) => {
            let (list, places) = reserve(path, template.issuer(), &mut issuer, wanted, verb.dry_run)?;
            (Some(list), places)
        }
    };
    let writes = !verb.dry_run && !files::is_standard(&verb.out);
    let _folder = writes.then(|| NewFolder::make(&verb.out)).transpose()?;
    let mut places = places.into_iter();
    let placed: Vec<_> = rows
        .into_iter()
        .map(|(line, row)| {
            let place = row.is_ok().then(|| places.next()).flatten();
            (line, row, place)
        })
        .collect();
    let one = |(line, row, place): &(u64, Result<Recipient, RowError>, Option<u64>)| {
        let place = list.as_ref().zip(*place);
        let line = verb.csv.is_some().then_some(*line);
        award(&verb, &issuer, &template, &form, line, row.as_ref(), place)
    };
    let mut issued = 0;
    each_in_order(&placed, one, |at, row| {
        output.progress(at + 1, placed.len());
        issued += usize::from(row.message.is_none());
        show(&row, verb.csv.is_none(), output)
    })?;
    finish(&verb, issued, placed.len(), output)
}

/// The proof and the form that the options come to; what cannot go together is found before a file is read.
fn plan(verb: &Issue) -> Result<(ProofKind, Form), Failure> {
    let usage = |text: &str| Err(Failure::Usage(text.to_owned()));
    let picture = verb.image.is_some() || matches!(verb.format, Some(Format::Png | Format::Svg));
    if picture && files::is_standard(&verb.out) {
        return usage("--out -: a picture does not go to standard output: name a folder");
    }
    let image = match (verb.format, verb.proof, &verb.image) {
        (Some(Format::Png | Format::Svg), _, None) => {
            return usage("a badge is baked into a picture: name one with --image");
        }
        (Some(Format::Json | Format::Jwt), _, Some(_)) => {
            return usage("--image is for badges baked into a picture: write --format png or svg");
        }
        (Some(Format::Json), Some(Proof::Jwt), _) => {
            return usage("a JWT is not JSON: write --format jwt, or --proof rdfc");
        }
        (Some(Format::Jwt), Some(Proof::Rdfc | Proof::Jcs), _) => {
            return usage("an embedded proof is not a JWT: write --format json, or --proof jwt");
        }
        (_, _, image) => image.as_deref(),
    };
    let proof = match (verb.proof, verb.format) {
        (Some(Proof::Jwt), _) | (None, Some(Format::Jwt)) => ProofKind::Jwt,
        (Some(Proof::Jcs), _) => ProofKind::Jcs,
        (Some(Proof::Rdfc) | None, _) => ProofKind::Rdfc,
    };
    let Some(path) = image else {
        return Ok((proof, if proof == ProofKind::Jwt { Form::Jwt } else { Form::Json }));
    };
    let image = files::read(path, Sizes::new(None).image)?;
    match (ImageKind::sniff(&image), verb.format) {
        (Some(ImageKind::Svg), Some(Format::Png)) => {
            usage("--image is an SVG: write --format svg, or name a PNG")
        }
        (Some(ImageKind::Png), Some(Format::Svg)) => {
            usage("--image is a PNG: write --format png, or name an SVG")
        }
        (Some(kind), _) => Ok((proof, Form::Image(kind, image))),
        (None, _) => usage("--image is neither a PNG nor an SVG: name a picture"),
    }
}

fn recipients(verb: &Issue) -> Result<Vec<recipients::Row>, Failure> {
    match (&verb.to, &verb.csv) {
        (Some(to), _) => Ok(vec![(1, Ok(recipients::one(to).map_err(Failure::To)?))]),
        (None, Some(path)) => Ok(recipients::list(&files::read(path, LONGEST_LIST)?)?),
        (None, None) => Ok(Vec::new()),
    }
}

/// Takes a place in the status list for each badge; the list must be one that a verifier would believe.
fn reserve(
    path: &Path,
    issuer: &str,
    signer: &mut Issuer,
    wanted: usize,
    dry_run: bool,
) -> Result<(Revocable, Vec<u64>), Failure> {
    let text = lists::read(path)?;
    let content = lists::open(path, &text)?;
    let list = lists::parse(path, &content)?;
    let (about, bits) = lists::expand(path, &list)?;
    let refused = |problem: String| Failure::StatusList { path: path.to_owned(), problem };
    let report = signer.judge(&text);
    if about.issuer != issuer {
        return Err(refused(format!(
            "it is the list of {}, and the badges are those of {issuer}",
            about.issuer
        )));
    }
    if report.verdict != Verdict::Valid {
        return Err(refused(report.message));
    }
    let Some(url) = about.id else {
        return Err(refused("it does not say under which URL it is published".to_owned()));
    };
    let purposes: Vec<_> = about.purposes.iter().map(|purpose| purpose.as_str().to_owned()).collect();
    if let Some(other) =
        purposes.iter().find(|purpose| !["revocation", "suspension"].contains(&purpose.as_str()))
    {
        return Err(refused(format!("its purpose is {other:?}, and a badge needs revocation or suspension")));
    }
    let places = Places::open(path, dry_run)?.take(&bits, wanted)?;
    signer.publish(url, &text);
    Ok((Revocable { list: url.to_owned(), purposes }, places))
}

/// Issues to one recipient and writes the file.
fn award(
    verb: &Issue,
    issuer: &Issuer,
    template: &Template<'_>,
    form: &Form,
    line: Option<u64>,
    row: Result<&Recipient, &RowError>,
    place: Option<(&Revocable, u64)>,
) -> Row {
    let recipient = row.ok().and_then(Recipient::shown).map(str::to_owned);
    let refused = |message: String| Row {
        line,
        recipient: recipient.clone(),
        outcome: "refused",
        file: None,
        id: None,
        message: Some(shortened(&message).into_owned()),
        text: None,
    };
    let recipient = match row {
        Ok(recipient) => recipient,
        Err(reason) => return refused(reason.to_string()),
    };
    let finished = match issuer.issue(template, recipient, place, form) {
        Ok(finished) => finished,
        Err(reason) => return refused(reason.to_string()),
    };
    let name = awards::file_name(recipient, template.achievement());
    let standard = files::is_standard(&verb.out);
    let file = if standard { verb.out.clone() } else { verb.out.join(format!("{name}.{}", form.ending())) };
    let written = match verb.dry_run {
        _ if standard => Ok(()),
        true if file.symlink_metadata().is_ok() => Err(FileError::Exists(file.clone())),
        true => Ok(()),
        false => files::write_new(&file, &finished.bytes, Readers::Anyone),
    };
    match written {
        Ok(()) => Row {
            line,
            recipient: recipient.shown().map(str::to_owned),
            outcome: if verb.dry_run { "would_be_issued" } else { "issued" },
            file: Some(file.display().to_string()),
            id: Some(finished.id),
            message: None,
            text: (standard && !verb.dry_run).then_some(finished.bytes),
        },
        Err(reason) => refused(reason.to_string()),
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
            let verb = if row.outcome == "issued" { "is" } else { "would be" };
            lines.push((Tone::Positive, format!("{file} {verb} the badge of {recipient}")));
        }
        _ => {}
    }
    Ok(output.answer(row, &lines)?)
}

fn finish(verb: &Issue, issued: usize, all: usize, output: Output) -> Result<Outcome, Failure> {
    let refused = all - issued;
    if verb.csv.is_some() && !files::is_standard(&verb.out) {
        let tone = if refused == 0 { Tone::Positive } else { Tone::Caution };
        let would = if verb.dry_run { "would be " } else { "" };
        let badges = if issued == 1 { "badge" } else { "badges" };
        let mut line = format!("{issued} {badges} {would}issued to {}", verb.out.display());
        if refused > 0 {
            line.push_str(&format!(", {refused} not: mend those lines and issue them alone"));
        }
        output.summary(&[(tone, line)])?;
    }
    Ok(if refused == 0 { Outcome::Done } else { Outcome::Refused })
}
