//! `badges status`: lists by which badges are revoked and suspended.

use std::path::{Path, PathBuf};

use badges_core::{
    issue::ProofKind,
    json::Object,
    key::LocalSigner,
    status::{self, Bitstring, EntrySize, ListDraft, StatusList},
    time::Timestamp,
    verify::Verdict,
};
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    clock,
    content::Content,
    entry::{self, Which},
    files,
    issuing::Issuer,
    keyfile,
    lists::{self, ListFileError},
    output::{Output, Tone},
    places::Places,
};

const NEW: &str = "\
Example:
  badges status new --key hive.json --id https://hive.example/status/1 -o status-1.json";

const SET: &str = "\
Example:
  badges status set status-1.json ada.png 1 --key hive.json
  badges status set status-1.json 4711 1 --key hive.json";

const GET: &str = "\
Example:
  badges status get status-1.json ada.png
  badges status get status-1.json 4711";

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
    /// Write over a file that exists
    #[arg(long)]
    force: bool,
}

/// Change one entry and sign the list anew
#[derive(Args)]
#[command(help_template = HELP, before_help = SET)]
pub(super) struct Set {
    /// The list
    #[arg(value_name = "LIST")]
    list: PathBuf,
    /// The file of a badge that has its place in the list; or the entry itself, from 0
    #[arg(value_name = "BADGE|INDEX", value_parser = entry::which)]
    which: Which,
    /// The new value: 1 revokes or suspends, 0 takes it back
    #[arg(value_name = "VALUE")]
    value: u32,
    /// How many bits an entry has [default: `statusSize` of the badge, else 1]
    #[arg(long, value_name = "N")]
    bits: Option<u64>,
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
    /// The file of a badge that has its place in the list; or the entry itself, from 0
    #[arg(value_name = "BADGE|INDEX", value_parser = entry::which)]
    which: Which,
    /// How many bits an entry has [default: `statusSize` of the badge, else 1]
    #[arg(long, value_name = "N")]
    bits: Option<u64>,
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
        Status::New(verb) => new(&verb, output),
        Status::Set(verb) => set(&verb, output),
        Status::Get(verb) => get(&verb, output),
    }
}

/// What a new list is.
#[derive(Serialize)]
struct Made<'a> {
    out: String,
    list: &'a str,
    entries: usize,
    purpose: &'static str,
}

fn new(verb: &New, output: Output) -> Result<Outcome, Failure> {
    if url::Url::parse(&verb.id).map_or(true, |url| url.scheme() != "https") || verb.id.contains('#') {
        let text = format!(
            "--id: {:?} is not an https URL without fragment: name where you will publish the list",
            verb.id
        );
        return Err(Failure::Usage(text));
    }
    let key = keyfile::read(&verb.key)?;
    let refused = |reason| ListFileError::Status { path: verb.out.clone(), reason };
    let bits = Bitstring::new(verb.size, EntrySize::ONE).map_err(refused)?;
    let purpose = match verb.purpose {
        Purpose::Revocation => status::Purpose::Revocation,
        Purpose::Suspension => status::Purpose::Suspension,
    };
    let now = clock::now().ok_or(Failure::Clock)?;
    let draft = ListDraft {
        id: verb.id.clone(),
        issuer: key.controller().to_owned(),
        purposes: vec![purpose],
        valid_from: Some(now),
        valid_until: None,
        ttl: None,
    };
    let list = draft.credential(&bits).map_err(refused)?;
    let text = sign(key, now, &verb.out, &list)?;
    super::deliver(&verb.out, text.as_bytes(), verb.force, output)?;
    if !files::is_standard(&verb.out) {
        let purpose = if verb.purpose == Purpose::Revocation { "revocation" } else { "suspension" };
        let record =
            Made { out: verb.out.display().to_string(), list: &verb.id, entries: verb.size, purpose };
        let lines = [
            (
                Tone::Positive,
                format!("{} is a list for the {purpose} of {} badges", verb.out.display(), verb.size),
            ),
            (
                Tone::Plain,
                format!("Next: name it with --status when you issue, and publish it at {}", verb.id),
            ),
        ];
        output.answer(&record, &lines)?;
    }
    Ok(Outcome::Done)
}

fn set(verb: &Set, output: Output) -> Result<Outcome, Failure> {
    let key = keyfile::read(&verb.key)?;
    let now = clock::now().ok_or(Failure::Clock)?;
    let asked = verb.bits.map(size).transpose()?;
    // What is no list of this key's gets no record of places beside it.
    let place = {
        let text = lists::read(&verb.list)?;
        let content = lists::open(&verb.list, &text)?;
        let list = lists::parse(&verb.list, &content)?;
        let (about, _) = lists::expand(&verb.list, &list)?;
        check_own(&verb.list, &content, &about, &key)?;
        verb.which.place(&about)?
    };
    let size = asked.or(place.size).unwrap_or(EntrySize::ONE);
    // Held until the list is written: of two changes at once, the second begins where the first has ended.
    let mut places = Places::open(&verb.list, false)?;
    let text = lists::read(&verb.list)?;
    let content = lists::open(&verb.list, &text)?;
    let list = lists::parse(&verb.list, &content)?;
    let (about, mut bits) = lists::expand(&verb.list, &list)?;
    // The first may have put another list there.
    check_own(&verb.list, &content, &about, &key)?;
    let refused = |reason| ListFileError::Status { path: verb.list.clone(), reason };
    bits.set(place.index, size, verb.value).map_err(refused)?;
    let changed = StatusList::with_bits(&list, &bits).map_err(refused)?;
    let issuer = Issuer::new(key, ProofKind::Rdfc, now);
    let report = issuer.judge(&text);
    if report.verdict != Verdict::Valid {
        return Err(Failure::StatusList { path: verb.list.clone(), problem: report.message });
    }
    // Whoever wrote the badge says which entry is its own: a forged one would name that of another.
    let forged = [Verdict::Invalid, Verdict::Unbound];
    let badge = place.badge.as_ref().map(|badge| issuer.judge(badge));
    if let (Some(report), Which::Badge(path)) = (badge, &verb.which)
        && forged.contains(&report.verdict)
    {
        return Err(Failure::Forged { path: path.clone(), reason: report.message });
    }
    let signed = issuer.sign(&changed).map_err(|reason| Failure::Sign { path: verb.list.clone(), reason })?;
    // A place is a bit, and the list has all those of the entry, or it could not have been set.
    let bits = u64::from(size.bits());
    let first = place.index.saturating_mul(bits);
    places.keep(first..first.saturating_add(bits))?;
    files::replace(&verb.list, signed.as_bytes())?;
    let purposes: Vec<_> = about.purposes.iter().map(status::Purpose::as_str).collect();
    let said = format!("{} is {} now: {}", place.index, verb.value, meaning(&purposes, verb.value));
    let next = about.id.map(|url| (Tone::Plain, format!("Next: publish {} at {url}", verb.list.display())));
    let lines: Vec<_> = [(Tone::Positive, said)].into_iter().chain(next).collect();
    output.answer(&Entry { list: about.id, index: place.index, value: verb.value, purposes }, &lines)?;
    Ok(Outcome::Done)
}

/// Refuses a list that this key has not signed.
fn check_own(
    path: &Path,
    content: &Content<'_>,
    about: &StatusList<'_>,
    key: &LocalSigner,
) -> Result<(), Failure> {
    if content.token.is_some() {
        let problem = "it is a JWT, which is changed where it was signed".to_owned();
        return Err(Failure::StatusList { path: path.to_owned(), problem });
    }
    if about.issuer == key.controller() {
        return Ok(());
    }
    let (issuer, key) = (about.issuer.to_owned(), key.controller().to_owned());
    Err(Failure::WrongKeyOfList { path: path.to_owned(), issuer, key })
}

fn sign(key: LocalSigner, now: Timestamp, path: &Path, list: &Object<'_>) -> Result<String, Failure> {
    let issuer = Issuer::new(key, ProofKind::Rdfc, now);
    issuer.sign(list).map_err(|reason| Failure::Sign { path: path.to_owned(), reason })
}

fn size(bits: u64) -> Result<EntrySize, Failure> {
    EntrySize::new(bits)
        .ok_or_else(|| Failure::Usage(format!("--bits: {bits} is not a size of an entry: write 1 to 16")))
}

fn get(verb: &Get, output: Output) -> Result<Outcome, Failure> {
    let asked = verb.bits.map(size).transpose()?;
    let text = lists::read(&verb.list)?;
    let content = lists::open(&verb.list, &text)?;
    let list = lists::parse(&verb.list, &content)?;
    let (about, bits) = lists::expand(&verb.list, &list)?;
    let refused = |reason| ListFileError::Status { path: verb.list.clone(), reason };
    let place = verb.which.place(&about)?;
    let size = asked.or(place.size).unwrap_or(EntrySize::ONE);
    let value = bits.get(place.index, size).map_err(refused)?;
    let purposes: Vec<_> = about.purposes.iter().map(status::Purpose::as_str).collect();
    let said = format!("{} is {value}: {}", place.index, meaning(&purposes, value));
    let tone = if value == 0 { Tone::Positive } else { Tone::Caution };
    output.answer(&Entry { list: about.id, index: place.index, value, purposes }, &[(tone, said)])?;
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
