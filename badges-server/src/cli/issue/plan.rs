//! What the options of `badges issue` come to.

use badges_core::{bake::ImageKind, issue::ProofKind};

use super::{Failure, Format, Issue, Proof};
use crate::{credential::Sizes, files, issuing::Form};

/// The proof and the form that the options come to; what cannot go together is found before a file is
/// read, but for what the picture is.
pub(super) fn plan(verb: &Issue) -> Result<(ProofKind, Form), Failure> {
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
