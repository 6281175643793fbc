//! `badges inspect`: every intermediate value of a proof.

use std::path::PathBuf;

use badges_core::{
    bake::Selection,
    json::Json,
    jsonld::{Budget, Contexts},
    key::{KeyKind, PublicKey},
    proof::{
        integrity::{Document, Proof},
        jws::Compact,
    },
    verify::{Bounds, printable},
};
use clap::Args;
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{Failure, HELP, Outcome};
use crate::{
    clock,
    content::{Content, TextError},
    credential::{self, Sizes},
    documents::Folder,
    hex,
    output::{Output, Tone},
    published::Published,
};

const EXAMPLE: &str = "\
Example:
  badges inspect badge.json";

/// Show every intermediate value of a badge's proofs
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Inspect {
    /// The badge: JSON, JWT, PNG or SVG; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A folder of fetched documents, in which keys are looked up: index.json maps each URL to a file
    #[arg(long, value_name = "DIR")]
    documents: Option<PathBuf>,
    /// The largest file that is read, in bytes [default: 262144, images 4194304]
    #[arg(long, value_name = "N")]
    max_size: Option<usize>,
}

/// The values of one proof, in the order in which they are computed.
#[derive(Default, Serialize)]
struct Values {
    proof: usize,
    #[serde(flatten, serialize_with = "members")]
    values: Vec<(&'static str, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

pub(super) fn run(verb: Inspect, output: Output) -> Result<Outcome, Failure> {
    let sizes = Sizes::new(verb.max_size);
    let documents = verb.documents.as_deref().map(Folder::open).transpose()?.unwrap_or_default();
    let published = Published { documents, at: clock::now().ok_or(Failure::Clock)? };
    let opened = credential::open(&verb.file, sizes, Selection::Strict)?;
    let refused = |reason| Failure::Text { path: verb.file.clone(), reason };
    let content = Content::of(&opened.text).map_err(refused)?;
    if let Some(token) = &content.token {
        let document = content.document();
        let issuer = match document.as_ref().ok().and_then(|document| document.get("issuer")) {
            Some(Json::String(id)) => id.as_ref(),
            Some(Json::Object(profile)) => profile.text("id").unwrap_or_default(),
            _ => "",
        };
        return show(&[of_token(token, issuer, &published)], output);
    }
    let document = content.document().map_err(refused)?;
    let proofs = document.get("proof").map(Json::one_or_many).unwrap_or_default();
    if proofs.is_empty() {
        return Err(refused(TextError::NoProof));
    }
    let contexts = Contexts::new();
    let budget = Budget::default();
    let hashed = Document::new(&document, &contexts, &budget);
    // As many as the verifier takes.
    let all = proofs.iter().take(Bounds::default().proofs).enumerate();
    let all: Vec<_> = all.map(|(at, proof)| of_proof(at, &hashed, proof, &published)).collect();
    show(&all, output)
}

fn of_token(token: &Compact<'_>, issuer: &str, published: &Published) -> Values {
    let header = token.header();
    let key = match (&header.jwk, header.kid.as_deref()) {
        (Some(key), _) => Ok(key.clone()),
        (None, Some(kid)) => published.key_of_kid(kid, issuer).map_err(|reason| reason.to_string()),
        (None, None) => Err("the header names no key".to_owned()),
    };
    let mut values = vec![("algorithm", header.algorithm.to_string())];
    values.extend(header.kid.clone().map(|kid| ("kid", kid)));
    values.extend(key.as_ref().ok().and_then(PublicKey::to_multikey).map(|key| ("key", key)));
    values.push(("payload", String::from_utf8_lossy(token.payload()).into_owned()));
    values.push(("signing input", token.signing_input().to_owned()));
    values.push(("signature", hex::encode(token.signature())));
    let holds = key.map(|key| token.verify(&key).map_err(|reason| reason.to_string()));
    finish(0, values, holds)
}

fn of_proof(at: usize, document: &Document<'_, '_>, proof: &Json<'_>, published: &Published) -> Values {
    let mut values = Vec::new();
    match steps(document, proof, published, &mut values) {
        Ok(holds) => finish(at, values, holds),
        Err(problem) => Values { proof: at, values, problem: Some(printable(&problem).into_owned()) },
    }
}

/// Computes as far as it goes; what was computed before a problem stands in `values`.
fn steps(
    document: &Document<'_, '_>,
    proof: &Json<'_>,
    published: &Published,
    values: &mut Vec<(&'static str, String)>,
) -> Result<Holds, String> {
    let object = proof.as_object().ok_or("the proof is not an object")?;
    let proof = Proof::parse(object).map_err(|reason| reason.to_string())?;
    let key = published.key(proof.verification_method).map_err(|reason| reason.to_string());
    // Without the key its kind is what suite and signature allow.
    let kind = match &key {
        Ok(key) => key.kind(),
        Err(_) if proof.suite.uses(KeyKind::Ed25519) => KeyKind::Ed25519,
        Err(_) if proof.value.len() == 96 => KeyKind::P384,
        Err(_) => KeyKind::P256,
    };
    values.push(("suite", proof.suite.name().to_owned()));
    values.push(("verification method", proof.verification_method.to_owned()));
    values.extend(key.as_ref().ok().and_then(PublicKey::to_multikey).map(|key| ("key", key)));
    let data = document.hash_data(object, proof.suite, kind).map_err(|reason| reason.to_string())?;
    values.push(("canonical proof", data.canonical_proof.clone()));
    values.push(("canonical document", data.canonical_document.clone()));
    values.push(("proof hash", hex::encode(data.proof_hash())));
    values.push(("document hash", hex::encode(data.document_hash())));
    values.push(("hash data", hex::encode(data.bytes())));
    values.push(("signature", hex::encode(&proof.value)));
    Ok(key.map(|key| key.verify(data.bytes(), &proof.value).map_err(|reason| reason.to_string())))
}

/// Whether the signature holds; or why that is not known.
type Holds = Result<Result<(), String>, String>;

fn finish(proof: usize, mut values: Vec<(&'static str, String)>, holds: Holds) -> Values {
    let said = match holds {
        Ok(Ok(())) => "it holds, whoever's the key may be".to_owned(),
        Ok(Err(reason)) => format!("it does not hold: {reason}"),
        Err(reason) => format!("not known: {reason}"),
    };
    values.push(("answer", printable(&said).into_owned()));
    Values { proof, values, problem: None }
}

/// The values as members of the object, each under its name in one word.
fn members<S: Serializer>(values: &[(&'static str, String)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(values.len()))?;
    for (name, value) in values {
        map.serialize_entry(&name.replace(' ', "_"), value)?;
    }
    map.end()
}

fn show(all: &[Values], output: Output) -> Result<Outcome, Failure> {
    for values in all {
        let mut lines = vec![(Tone::Plain, format!("proof[{}]", values.proof))];
        for (name, value) in &values.values {
            if value.trim_end().contains('\n') {
                lines.push((Tone::Plain, format!("  {name}:")));
                lines.extend(value.lines().map(|line| (Tone::Plain, format!("    {line}"))));
            } else {
                lines.push((Tone::Plain, format!("  {name}: {}", value.trim_end())));
            }
        }
        lines.extend(values.problem.iter().map(|problem| (Tone::Negative, format!("  stopped: {problem}"))));
        output.values(values, &lines)?;
    }
    let whole = all.iter().all(|values| values.problem.is_none());
    Ok(if whole { Outcome::Done } else { Outcome::Unable })
}
