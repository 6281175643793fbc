//! `badges verify`: is this badge what it says.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use badges_core::{
    did::Documents as _,
    json::Limits,
    jsonld::Contexts,
    verify::{Code, Policy, Recipient, Trust, Verdict, inspect},
};
use clap::{Args, ValueEnum};
use serde::Serialize;
use tokio::runtime::{Builder, Runtime};

use super::{Failure, HELP, Outcome};
use crate::{
    clock,
    credential::{self, OpenError},
    dates::{self, Edge},
    documents::{Asked, Folder},
    files::{self, FileError},
    output::{Output, Tone, complain},
    verifier::{Answer, Fetcher, Judged, Outside, Own, Question, Verifier},
    wording,
    workers::each_in_order,
};

const EXAMPLE: &str = "\
Example:
  badges verify badge.png
  badges verify --online badge.png
  badges verify awarded --documents fetched --recipient ada@example.org";

const MORE: &str = "\
Nothing is fetched without --online. What a badge needs beside itself stands in the folder of --documents, and an
index.json in it says which file is what:
  {\"https://hive.example/status/1\": \"status.json\", \"https://hive.example/.well-known/did.json\": \"did.json\"}

The file of --trust is like this:
  {\"issuers\": [{\"id\": \"did:web:hive.example\"}]}

Exit codes:
  0  each badge is valid
  1  a badge is not to be relied on
  2  no badge is refused, but one could not be read or decided";

/// Verify badges: files, or folders of files
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE, after_help = MORE)]
pub(super) struct Verify {
    /// Badges in JSON, JWT, PNG or SVG; folders; - for standard input; with --online https addresses too
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// A folder of fetched documents, with an index.json as below
    #[arg(long, value_name = "DIR")]
    documents: Option<PathBuf>,
    /// Fetch what the folder of --documents does not have: the issuer's key, status lists, hosted badges
    #[arg(long)]
    online: bool,
    /// The issuers that you trust, in JSON as below
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Believe no badge of an issuer that the trust file does not list
    #[arg(long, requires = "trust")]
    require_trust: bool,
    /// The time for which the answer holds, or a date, which means its first second in UTC [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// To whom the badge must have been given
    #[arg(long, value_name = "[TYPE:]VALUE")]
    recipient: Option<String>,
    /// How strictly the specifications are read
    #[arg(long, value_enum, default_value_t = PolicyName::Strict)]
    policy: PolicyName,
    /// The largest file that is read, in bytes [default: 262144, images 4194304]
    #[arg(long, value_name = "N")]
    max_size: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PolicyName {
    /// The text of the specifications
    Strict,
    /// With what is common in the wild, each as a finding
    Lenient,
}

pub(super) fn run(verb: Verify, output: Output) -> Result<Outcome, Failure> {
    let at = match &verb.at {
        Some(text) => dates::read(text, Edge::Start).map_err(Failure::At)?,
        None => clock::now().ok_or(Failure::Clock)?,
    };
    let mut question = Question::new(at);
    question.policy = match verb.policy {
        PolicyName::Strict => Policy::Strict,
        PolicyName::Lenient => Policy::Lenient,
    };
    question.trust = verb.trust.as_deref().map(read_trust).transpose()?;
    question.require_trust = verb.require_trust;
    question.recipient = verb.recipient.as_deref().map(Recipient::parse);
    question.max_size = verb.max_size;
    question.online = verb.online;
    let documents = verb.documents.as_deref().map(Folder::open).transpose()?.unwrap_or_default();
    let desk = match verb.online {
        false => Desk::Offline { documents, named: verb.documents, contexts: Contexts::new() },
        true => Desk::online(documents)?,
    };
    let judge = |(path, error): &(PathBuf, Option<FileError>)| match error {
        Some(error) => Judged::unopened(Code::Unreadable, &error.to_string()),
        None => desk.judge(path, &question),
    };
    let files = gather(&verb.files, verb.online);
    let mut tally = Tally::default();
    each_in_order(&files, judge, |at, judged| {
        tally.count(judged.report.verdict);
        output.progress(at + 1, files.len());
        files.get(at).map_or(Ok(()), |(path, _)| show(path, judged, at > 0, output))
    })?;
    if files.len() > 1 {
        output.summary(&[(Tone::Plain, String::new()), (Tone::Plain, tally.in_words())])?;
    }
    Ok(tally.outcome())
}

/// Where badges are judged: with what is at hand, or with what the web publishes.
enum Desk {
    Offline { documents: Folder, named: Option<PathBuf>, contexts: Contexts },
    Online { verifier: Verifier, runtime: Runtime },
}

impl Desk {
    fn online(documents: Folder) -> Result<Self, Failure> {
        let fetcher = Arc::new(Fetcher::new(Outside::public())?);
        let own = move |url: &str| match documents.document(url) {
            Some(document) => Own::Document(document.into_owned()),
            None => Own::Foreign,
        };
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Failure::Runtime)?;
        Ok(Self::Online { verifier: Verifier::new(fetcher, own), runtime })
    }

    fn judge(&self, path: &Path, question: &Question) -> Judged {
        if let (Self::Online { verifier, runtime }, Some(address)) = (self, address(path)) {
            let now = clock::now().unwrap_or(question.at);
            return runtime.block_on(verifier.verify_address(address, question.clone(), now));
        }
        let opened = match credential::open(path, question.sizes(), question.selection()) {
            Ok(opened) => opened,
            Err(OpenError::File(FileError::Missing(_))) if address(path).is_some() => {
                let path = path.display();
                let message = format!("{path} is an address: add --online to fetch it");
                return Judged::unopened(Code::Unreadable, &message);
            }
            Err(error) => return Judged::closed(&error),
        };
        match self {
            Self::Offline { documents, named, contexts } => {
                let asked = Asked::new(documents);
                let report = inspect(&opened.text, &question.options(contexts, &asked));
                let mut judged = Judged::new(&opened, report);
                let named = named.as_deref();
                judged.facts.looked_for(named, || asked.file_missing(&judged.report.message));
                judged
            }
            Self::Online { verifier, runtime } => {
                let now = clock::now().unwrap_or(question.at);
                runtime.block_on(verifier.verify_opened(opened, question.clone(), now))
            }
        }
    }
}

/// What is to be verified: addresses as they are, files, and the files in folders.
fn gather(named: &[PathBuf], online: bool) -> Vec<(PathBuf, Option<FileError>)> {
    let (mut found, mut files) = (Vec::new(), Vec::new());
    for path in named {
        if online && address(path).is_some() {
            found.extend(files::gather(&std::mem::take(&mut files)));
            found.push((path.clone(), None));
        } else {
            files.push(path.clone());
        }
    }
    found.extend(files::gather(&files));
    found
}

/// The address that stands in the place of a file.
fn address(path: &Path) -> Option<&str> {
    path.to_str().filter(|text| text.starts_with("https://") || text.starts_with("http://"))
}

fn read_trust(path: &Path) -> Result<Trust, Failure> {
    let text = files::read(path, Limits::default().bytes)?;
    Trust::parse(&text).map_err(|reason| Failure::Trust { path: path.to_owned(), reason })
}

/// One line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    #[serde(flatten)]
    answer: Answer<'a>,
}

fn show(path: &Path, judged: Judged, apart: bool, output: Output) -> Result<(), Failure> {
    let Judged { report, facts, opened, .. } = &judged;
    if !opened && !output.is_json() {
        complain(&report.message);
        return Ok(());
    }
    let (tone, sentence) = wording::sentence(report, facts);
    let mut lines = Vec::new();
    if apart {
        lines.push((Tone::Plain, String::new()));
    }
    let file = path.display().to_string();
    lines.push((Tone::Plain, format!("{file}: {}", report.verdict)));
    lines.push((tone, sentence));
    lines.extend(wording::details(report));
    Ok(output.answer(&Line { file: &file, answer: judged.answer() }, &lines)?)
}

/// How many files got which answer.
#[derive(Default)]
struct Tally {
    believed: usize,
    refused: usize,
    open: usize,
}

impl Tally {
    fn count(&mut self, verdict: Verdict) {
        match verdict.exit_code() {
            0 => self.believed += 1,
            1 => self.refused += 1,
            _ => self.open += 1,
        }
    }

    fn outcome(&self) -> Outcome {
        match (self.refused, self.open) {
            (0, 0) => Outcome::Done,
            (0, _) => Outcome::Unable,
            _ => Outcome::Refused,
        }
    }

    fn in_words(&self) -> String {
        let Self { believed, refused, open } = self;
        format!(
            "{} files: {believed} genuine, {refused} not to be relied on, {open} not decided",
            believed + refused + open
        )
    }
}
