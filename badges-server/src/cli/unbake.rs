//! `badges unbake`: the credential out of a picture.

use std::path::{Path, PathBuf};

use badges_core::bake::{BakeError, Selection};
use clap::Args;
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    credential::{self, OpenError, Sizes},
    files,
    output::{Output, Tone, complain},
};

const EXAMPLE: &str = "\
Example:
  badges unbake ada.png -o ada.json";

/// Take the credential out of a baked picture
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Unbake {
    /// The picture, PNG or SVG; - for standard input
    #[arg(value_name = "IMAGE")]
    image: PathBuf,
    /// Where to write the credential [default: standard output]
    #[arg(short, long, value_name = "OUT")]
    out: Option<PathBuf>,
    /// The largest file that is read, in bytes [default: credentials 262144, images 4194304]
    #[arg(long, value_name = "N")]
    max_size: Option<usize>,
    /// Write over a file that exists
    #[arg(long)]
    force: bool,
}

#[derive(Serialize)]
struct Unbaked<'a> {
    image: String,
    generation: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    out: Option<String>,
    text: &'a str,
    findings: Vec<String>,
}

pub(super) fn run(verb: Unbake, output: Output) -> Result<Outcome, Failure> {
    let sizes = Sizes::new(verb.max_size);
    let image = verb.image.as_path();
    // Compressed text is no reason to withhold it: nothing is believed here.
    let opened = match credential::open(image, sizes, Selection::Strict) {
        Err(OpenError::Compressed { .. }) if !files::is_standard(image) => {
            credential::open(image, sizes, Selection::Lenient)?
        }
        other => other?,
    };
    let Some(generation) = opened.baked else {
        let reason = BakeError::NotAnImage;
        return Err(OpenError::Damaged { path: verb.image, reason }.into());
    };
    let findings: Vec<_> = opened.findings.iter().map(credential::in_words).collect();
    for finding in &findings {
        complain(format!("{}: {finding}", image.display()));
    }
    let text = String::from_utf8_lossy(&opened.text);
    let generation = super::generation(generation);
    let out = verb.out.as_deref().filter(|out| !files::is_standard(out));
    let shown = |path: &Path| path.display().to_string();
    let record = Unbaked { image: shown(image), generation, out: out.map(shown), text: &text, findings };
    match out {
        Some(path) => {
            super::deliver(path, &opened.text, verb.force, output)?;
            let line = format!("{} holds the badge of Open Badges {generation}", path.display());
            output.answer(&record, &[(Tone::Positive, line)])?;
        }
        None if output.is_json() => output.answer(&record, &[])?,
        None => output.foreign(&opened.text)?,
    }
    Ok(Outcome::Done)
}
