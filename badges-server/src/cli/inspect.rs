//! `badges inspect`: every intermediate value of a proof.

use std::path::PathBuf;

use badges_core::{
    bake::Selection,
    did::key_in_did_url,
    json::Json,
    jsonld::{Budget, Contexts},
    key::{KeyKind, PublicKey},
    proof::{
        integrity::{Document, Proof},
        jws::Compact,
    },
};
use clap::Args;
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{Failure, HELP, Outcome};
use crate::{
    content::{Content, TextError},
    credential::{self, Sizes},
    output::{Output, Tone},
};

/// How many proofs are shown: as many as the verifier takes.
const MOST: usize = 8;

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
    let opened = credential::open(&verb.file, sizes, Selection::Strict)?;
    let refused = |reason| Failure::Text { path: verb.file.clone(), reason };
    let content = Content::of(&opened.text).map_err(refused)?;
    if let Some(token) = &content.token {
        return show(&[of_token(token)], output);
    }
    let document = content.document().map_err(refused)?;
    let proofs = document.get("proof").map(Json::one_or_many).unwrap_or_default();
    if proofs.is_empty() {
        return Err(refused(TextError::NoProof));
    }
    let contexts = Contexts::new();
    let budget = Budget::default();
    let hashed = Document::new(&document, &contexts, &budget);
    let all = proofs.iter().take(MOST).enumerate();
    let all: Vec<_> = all.map(|(at, proof)| of_proof(at, &hashed, proof)).collect();
    show(&all, output)
}

fn of_token(token: &Compact<'_>) -> Values {
    let header = token.header();
    let key = header.jwk.clone().or_else(|| header.kid.as_deref().and_then(key_in));
    let mut values = vec![("algorithm", header.algorithm.to_string())];
    values.extend(header.kid.clone().map(|kid| ("kid", kid)));
    values.extend(key.as_ref().and_then(PublicKey::to_multikey).map(|key| ("key", key)));
    values.push(("payload", String::from_utf8_lossy(token.payload()).into_owned()));
    values.push(("signing input", token.signing_input().to_owned()));
    values.push(("signature", hexadecimal(token.signature())));
    let holds = key.map(|key| token.verify(&key).map_err(|reason| reason.to_string()));
    finish(0, values, holds)
}

fn of_proof(at: usize, document: &Document<'_, '_>, proof: &Json<'_>) -> Values {
    let mut values = Vec::new();
    match steps(document, proof, &mut values) {
        Ok(holds) => finish(at, values, holds),
        Err(problem) => Values { proof: at, values, problem: Some(problem) },
    }
}

/// Computes as far as it goes; what was computed before a problem stands in `values`.
fn steps(
    document: &Document<'_, '_>,
    proof: &Json<'_>,
    values: &mut Vec<(&'static str, String)>,
) -> Result<Option<Result<(), String>>, String> {
    let object = proof.as_object().ok_or("the proof is not an object")?;
    let proof = Proof::parse(object).map_err(|reason| reason.to_string())?;
    let key = key_in(proof.verification_method);
    // Without the key its kind is what suite and signature allow.
    let kind = match &key {
        Some(key) => key.kind(),
        None if proof.suite.uses(KeyKind::Ed25519) => KeyKind::Ed25519,
        None if proof.value.len() == 96 => KeyKind::P384,
        None => KeyKind::P256,
    };
    values.push(("suite", proof.suite.name().to_owned()));
    values.push(("verification method", proof.verification_method.to_owned()));
    values.extend(key.as_ref().and_then(PublicKey::to_multikey).map(|key| ("key", key)));
    let data = document.hash_data(object, proof.suite, kind).map_err(|reason| reason.to_string())?;
    values.push(("canonical proof", data.canonical_proof.clone()));
    values.push(("canonical document", data.canonical_document.clone()));
    values.push(("proof hash", hexadecimal(data.proof_hash())));
    values.push(("document hash", hexadecimal(data.document_hash())));
    values.push(("hash data", hexadecimal(data.bytes())));
    values.push(("signature", hexadecimal(&proof.value)));
    Ok(key.map(|key| key.verify(data.bytes(), &proof.value).map_err(|reason| reason.to_string())))
}

fn finish(
    proof: usize,
    mut values: Vec<(&'static str, String)>,
    holds: Option<Result<(), String>>,
) -> Values {
    let said = match holds {
        Some(Ok(())) => "it holds, whoever's the key may be".to_owned(),
        Some(Err(reason)) => format!("it does not hold: {reason}"),
        None => "not known: the key stands in a document; `badges verify --documents` looks there".to_owned(),
    };
    values.push(("answer", said));
    Values { proof, values, problem: None }
}

/// The key that stands in its own name.
fn key_in(method: &str) -> Option<PublicKey> {
    if let Ok(Some(own)) = key_in_did_url(method) {
        return Some(own.key);
    }
    PublicKey::from_multikey(method.split_once('#')?.1).ok()
}

/// The values as members of the object, each under its name in one word.
fn members<S: Serializer>(values: &[(&'static str, String)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(values.len()))?;
    for (name, value) in values {
        map.serialize_entry(&name.replace(' ', "_"), value)?;
    }
    map.end()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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
        output.answer(values, &lines)?;
    }
    let whole = all.iter().all(|values| values.problem.is_none());
    Ok(if whole { Outcome::Done } else { Outcome::Unable })
}
