//! `badges verify`: is this badge what it says.

use std::path::{Path, PathBuf};

use badges_core::{
    bake::{BakeError, Finding as Odd, Selection},
    json::Limits,
    jsonld::Contexts,
    verify::{Code, Finding, Options, Policy, Recipient, Report, Trust, Verdict, inspect, printable},
};
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    clock,
    credential::{self, OpenError, Sizes},
    dates::{self, Edge},
    documents::{Asked, Folder},
    files::{self, FileError},
    output::{Output, Tone, complain},
    wording::{self, Facts},
    workers::each_in_order,
};

const EXAMPLE: &str = "\
Example:
  badges verify badge.png
  badges verify awarded --documents fetched --recipient ada@example.org";

const MORE: &str = "\
Nothing is fetched. What a badge needs beside itself stands in the folder of --documents, and an index.json in it says
which file is what:
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
    /// Badges in JSON, JWT, PNG or SVG; folders; - for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// A folder of fetched documents, with an index.json as below
    #[arg(long, value_name = "DIR")]
    documents: Option<PathBuf>,
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
    let documents = verb.documents.as_deref().map(Folder::open).transpose()?.unwrap_or_default();
    let trust = verb.trust.as_deref().map(read_trust).transpose()?;
    let recipient = verb.recipient.as_deref().map(Recipient::parse);
    let contexts = Contexts::new();
    let sizes = Sizes::new(verb.max_size);
    let (policy, selection) = match verb.policy {
        PolicyName::Strict => (Policy::Strict, Selection::Strict),
        PolicyName::Lenient => (Policy::Lenient, Selection::Lenient),
    };
    let judge = |(path, error): &(PathBuf, Option<FileError>)| {
        let asked = Asked::new(&documents);
        let mut options = Options::new(at, &contexts, &asked);
        options.policy = policy;
        options.trust = trust.as_ref();
        options.require_trust = verb.require_trust;
        options.recipient = recipient.as_ref();
        options.bounds.json.bytes = sizes.text;
        match error {
            Some(error) => Judged::unopened(Code::Unreadable, error.to_string()),
            None => {
                let mut judged = judge(path, sizes, selection, &options);
                let name = verb.documents.as_deref();
                judged.facts.looked_for(name, || asked.file_missing(&judged.report.message));
                judged
            }
        }
    };
    let files = files::gather(&verb.files);
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

/// A report with the sentence that says it.
struct Judged {
    report: Report,
    facts: Facts,
    opened: bool,
}

impl Judged {
    fn unopened(code: Code, message: String) -> Self {
        let report = Report::unopened(code.verdict(), code, printable(&message));
        Self { report, facts: Facts::default(), opened: false }
    }
}

fn read_trust(path: &Path) -> Result<Trust, Failure> {
    let text = files::read(path, Limits::default().bytes)?;
    Trust::parse(&text).map_err(|reason| Failure::Trust { path: path.to_owned(), reason })
}

fn judge(path: &Path, sizes: Sizes, selection: Selection, options: &Options<'_>) -> Judged {
    let opened = match credential::open(path, sizes, selection) {
        Ok(opened) => opened,
        Err(error) => return Judged::unopened(code(&error), error.to_string()),
    };
    let mut report = inspect(&opened.text, options);
    for finding in &opened.findings {
        let code = match finding {
            Odd::Compressed => Code::CompressedText,
            Odd::FirstOf(_) | Odd::PassedOver(_) => Code::OtherBadgeInImage,
            _ => continue,
        };
        let message = credential::in_words(finding);
        report.findings.push(Finding { code, path: String::new(), message });
    }
    let facts = Facts::of(&opened.text);
    Judged { report, facts, opened: true }
}

/// What the verdict calls it that a file gives no credential.
fn code(error: &OpenError) -> Code {
    match error {
        OpenError::Ambiguous { .. } => Code::AmbiguousImage,
        OpenError::Damaged { reason: BakeError::Utf8, .. } => Code::Malformed,
        OpenError::File(FileError::TooLarge { .. })
        | OpenError::TooLarge { .. }
        | OpenError::TooMany { .. } => Code::TooLarge,
        OpenError::NoBadge { .. } => Code::NoBadgeInImage,
        OpenError::Compressed { .. } | OpenError::Damaged { .. } | OpenError::File(_) => Code::Unreadable,
    }
}

/// One line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    #[serde(flatten)]
    report: &'a Report,
    #[serde(flatten)]
    facts: &'a Facts,
}

fn show(path: &Path, judged: Judged, apart: bool, output: Output) -> Result<(), Failure> {
    let Judged { report, facts, opened } = judged;
    if !opened && !output.is_json() {
        complain(&report.message);
        return Ok(());
    }
    let (tone, sentence) = wording::sentence(&report, &facts);
    let mut lines = Vec::new();
    if apart {
        lines.push((Tone::Plain, String::new()));
    }
    let file = path.display().to_string();
    lines.push((Tone::Plain, format!("{file}: {}", report.verdict)));
    lines.push((tone, sentence));
    lines.extend(wording::details(&report));
    Ok(output.answer(&Line { file: &file, report: &report, facts: &facts }, &lines)?)
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
