//! `badges bake`: a credential into a picture.

use std::path::PathBuf;

use badges_core::bake::{self, ImageLimits};
use clap::Args;
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    content::Content,
    credential::{OpenError, Sizes},
    files,
    output::{Output, Tone},
};

const EXAMPLE: &str = "\
Example:
  badges bake astronaut.png ada.json -o ada.png";

/// Bake a credential into a PNG or SVG picture
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Bake {
    /// The picture, PNG or SVG
    #[arg(value_name = "IMAGE")]
    image: PathBuf,
    /// The credential, JSON or JWT; - for standard input
    #[arg(value_name = "CREDENTIAL")]
    credential: PathBuf,
    /// Where to write the baked picture; - for standard output
    #[arg(short, long, value_name = "OUT")]
    out: PathBuf,
    /// Write over a file that exists
    #[arg(long)]
    force: bool,
}

#[derive(Serialize)]
struct Baked {
    out: String,
    generation: &'static str,
    replaced: bool,
}

pub(super) fn run(verb: Bake, output: Output) -> Result<Outcome, Failure> {
    let sizes = Sizes::new(None);
    let image = files::read(&verb.image, sizes.image)?;
    let credential = files::read(&verb.credential, sizes.text)?;
    let refused = |reason| Failure::Text { path: verb.credential.clone(), reason };
    // The mark that some editors put in front is no part of the credential.
    let content = credential.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&credential);
    let content = Content::of(content).map_err(refused)?;
    let generation = content.generation().map_err(refused)?;
    let damaged = |reason| OpenError::Damaged { path: verb.image.clone(), reason };
    let before = bake::extract(&image, &ImageLimits::default()).map_err(damaged)?;
    let replaced = before.iter().any(|found| found.generation == generation);
    let baked = bake::bake(&image, content.text, generation).map_err(damaged)?;
    super::deliver(&verb.out, &baked, verb.force, output)?;
    if !files::is_standard(&verb.out) {
        let record = Baked {
            out: verb.out.display().to_string(),
            generation: super::generation(generation),
            replaced,
        };
        let mut lines = vec![(Tone::Positive, format!("{} carries the badge now", verb.out.display()))];
        if replaced {
            let line = "It takes the place of the badge that the picture carried before.";
            lines.push((Tone::Caution, line.to_owned()));
        }
        output.answer(&record, &lines)?;
    }
    Ok(Outcome::Done)
}
