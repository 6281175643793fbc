//! `badges endorse`: stand up for somebody's badge.

use std::{borrow::Cow, path::PathBuf};

use badges_core::{
    bake::Selection,
    issue::ProofKind,
    json::{Json, Object},
    model::contexts,
    time::Timestamp,
    verify::Verdict,
};
use clap::Args;
use serde::Serialize;

use super::{Failure, FailureCode, HELP, Outcome};
use crate::{
    clock,
    content::Content,
    credential::{self, Sizes},
    files,
    issuing::Issuer,
    keyfile,
    output::{Output, Tone},
    random,
};

const EXAMPLE: &str = "\
Example:
  badges endorse --key uni.json --of ada.json --comment \"We accept it for credit.\" --out endorsement.json";

/// Endorse a badge: sign a statement about it
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Endorse {
    /// The endorser's key
    #[arg(long, value_name = "KEY.json")]
    key: PathBuf,
    /// The badge that is endorsed: JSON, JWT, PNG or SVG
    #[arg(long, value_name = "CREDENTIAL")]
    of: PathBuf,
    /// What you say about it
    #[arg(long, value_name = "TEXT")]
    comment: String,
    /// The endorser's name [default: the identifier of the key]
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Where to write the endorsement; - for standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Write over a file that exists
    #[arg(long)]
    force: bool,
}

#[derive(Serialize)]
struct Endorsed<'a> {
    out: String,
    id: &'a str,
    of: &'a str,
}

pub(super) fn run(verb: Endorse, output: Output) -> Result<Outcome, Failure> {
    let key = keyfile::read(&verb.key)?;
    let opened = credential::open(&verb.of, Sizes::new(None), Selection::Strict)?;
    let now = clock::now().ok_or(Failure::Clock)?;
    let controller = key.controller().to_owned();
    let issuer = Issuer::new(key, ProofKind::Rdfc, now);
    let report = issuer.judge(&opened.text);
    if matches!(report.verdict, Verdict::Invalid | Verdict::Unbound | Verdict::Revoked) {
        let of = verb.of.display();
        let message = format!("{of} is not to be endorsed: {} ({})", report.message, report.code);
        output.problem(FailureCode::Refused, &message, 1);
        return Ok(Outcome::Refused);
    }
    let nameless = || Failure::NoId { path: verb.of.clone() };
    let content = Content::of(&opened.text).map_err(|_| nameless())?;
    let document = content.document().map_err(|_| nameless())?;
    let endorsed = document.text("id").ok_or_else(nameless)?;
    let id = random::urn()?;
    let endorsement = endorsement(&verb, &controller, &id, endorsed, report.name.as_deref(), now);
    let text =
        issuer.sign(&endorsement).map_err(|reason| Failure::Sign { path: verb.out.clone(), reason })?;
    super::deliver(&verb.out, text.as_bytes(), verb.force, output)?;
    if !files::is_standard(&verb.out) {
        let record = Endorsed { out: verb.out.display().to_string(), id: &id, of: endorsed };
        let line = format!("{} endorses {endorsed}", verb.out.display());
        output.answer(&record, &[(Tone::Positive, line)])?;
    }
    Ok(Outcome::Done)
}

/// An EndorsementCredential (OB 3.0 §B.1.10).
fn endorsement(
    verb: &Endorse,
    issuer: &str,
    id: &str,
    of: &str,
    badge: Option<&str>,
    now: Timestamp,
) -> Object<'static> {
    let text = |text: &str| Json::String(Cow::Owned(text.to_owned()));
    let texts = |all: &[&str]| Json::Array(all.iter().map(|one| text(one)).collect());
    let mut profile = Object::new();
    profile.set("id", text(issuer));
    profile.set("type", texts(&["Profile"]));
    if let Some(name) = &verb.name {
        profile.set("name", text(name));
    }
    let mut subject = Object::new();
    subject.set("id", text(of));
    subject.set("type", texts(&["EndorsementSubject"]));
    subject.set("endorsementComment", text(&verb.comment));
    let mut endorsement = Object::new();
    endorsement.set("@context", texts(&[contexts::VC_20, contexts::OB_30]));
    endorsement.set("id", text(id));
    endorsement.set("type", texts(&["VerifiableCredential", "EndorsementCredential"]));
    endorsement.set("name", text(&format!("Endorsement of {}", badge.unwrap_or(of))));
    endorsement.set("issuer", Json::Object(profile));
    endorsement.set("validFrom", text(&now.to_string()));
    endorsement.set("credentialSubject", Json::Object(subject));
    endorsement
}
