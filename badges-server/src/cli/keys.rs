//! `badges keys`: make, import and show signing keys.

use std::path::{Path, PathBuf};

use badges_core::{
    did::did_key,
    json::{Object, canonical_members},
    key::{KeyKind, LocalSigner, SecretKey, Signer as _},
};
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    clock::Clock,
    installation, keyfile,
    output::{Output, Tone},
};

const NEW: &str = "\
Example:
  badges keys new hive.json
  badges keys new hive.json --kid did:web:hive.example#key-1";

const IMPORT: &str = "\
Example:
  badges keys import hive.pem hive.json";

const RESEAL: &str = "\
Example:
  badges keys reseal";

const SHOW: &str = "\
Example:
  badges keys show hive.json";

/// Make, import and show signing keys
#[derive(Subcommand)]
#[command(help_template = HELP, before_help = NEW)]
pub(super) enum Keys {
    New(New),
    Import(Import),
    Show(Show),
    Reseal(Reseal),
}

/// Make a key and write it to a file that only you can read
#[derive(Args)]
#[command(help_template = HELP, before_help = NEW)]
pub(super) struct New {
    /// Where to write the key
    #[arg(value_name = "KEY.json")]
    key: PathBuf,
    /// The algorithm that it signs with
    #[arg(long = "alg", value_enum, ignore_case = true, default_value = "EdDSA")]
    algorithm: Algorithm,
    /// The URL under which you publish the key, with a fragment; without it the key is a did:key
    #[arg(long, value_name = "URL")]
    kid: Option<String>,
}

/// Import an Ed25519 key from PEM (PKCS#8)
#[derive(Args)]
#[command(help_template = HELP, before_help = IMPORT)]
pub(super) struct Import {
    /// The key in PEM, as `openssl genpkey -algorithm ed25519` writes it
    #[arg(value_name = "PEM")]
    pem: PathBuf,
    /// Where to write the key
    #[arg(value_name = "KEY.json")]
    key: PathBuf,
    /// The URL under which you publish the key, with a fragment; without it the key is a did:key
    #[arg(long, value_name = "URL")]
    kid: Option<String>,
}

/// Show what others may know of a key: its DID, Multikey and public JWK
#[derive(Args)]
#[command(help_template = HELP, before_help = SHOW)]
pub(super) struct Show {
    /// The key
    #[arg(value_name = "KEY.json")]
    key: PathBuf,
}

/// Give an installation a new sealing key; no server may run meanwhile
#[derive(Args)]
#[command(help_template = HELP, before_help = RESEAL)]
pub(super) struct Reseal {
    /// The file of settings; variables such as BADGES_KEY_FILE go before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Algorithm {
    #[value(name = "EdDSA")]
    EdDsa,
    #[value(name = "ES256")]
    Es256,
}

pub(super) fn run(verb: Keys, output: Output) -> Result<Outcome, Failure> {
    match verb {
        Keys::New(New { key, algorithm, kid }) => {
            let kind = match algorithm {
                Algorithm::EdDsa => KeyKind::Ed25519,
                Algorithm::Es256 => KeyKind::P256,
            };
            keep(&key, keyfile::make(kind)?, kid.as_deref(), output)
        }
        Keys::Import(Import { pem, key, kid }) => {
            keep(&key, keyfile::read_pem(&pem)?, kid.as_deref(), output)
        }
        Keys::Show(Show { key }) => show(&keyfile::read(&key)?, output),
        Keys::Reseal(Reseal { config }) => reseal(config.as_ref(), output),
    }
}

/// A new sealing key.
#[derive(Serialize)]
struct Resealed {
    keys: usize,
    sealed_by: String,
    key_file: String,
    earlier: String,
}

fn reseal(config: Option<&PathBuf>, output: Output) -> Result<Outcome, Failure> {
    let config = super::config(config)?;
    let done = installation::reseal(&config, &Clock::system())?;
    let record = Resealed {
        keys: done.keys,
        sealed_by: done.sealed_by,
        key_file: config.key_file.display().to_string(),
        earlier: done.earlier.display().to_string(),
    };
    let lines = [
        (
            Tone::Positive,
            format!("{} keys are sealed with {}, in {}.", record.keys, record.sealed_by, record.key_file),
        ),
        (Tone::Caution, "Start every server again: those that run still have the earlier one.".to_owned()),
        (
            Tone::Caution,
            format!("Keep {} as long as a copy of the database from before is kept.", record.earlier),
        ),
    ];
    output.answer(&record, &lines)?;
    Ok(Outcome::Done)
}

/// What others may know of a key.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    algorithm: &'static str,
    issuer: &'a str,
    verification_method: &'a str,
    did_key: Option<String>,
    multikey: Option<String>,
    jwk: Object<'static>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publish: Option<Publish>,
}

/// The document that says whose the key is, where the issuer's name does not say it by itself.
#[derive(Serialize)]
struct Publish {
    at: String,
    document: Object<'static>,
}

fn keep(path: &Path, secret: SecretKey, kid: Option<&str>, output: Output) -> Result<Outcome, Failure> {
    let key = keyfile::named(secret, kid)?;
    keyfile::write(path, &key, kid)?;
    let shown = shown(&key);
    let said = format!("{} holds the key of the issuer {}", path.display(), shown.issuer);
    let care = "Whoever has the file can issue badges in that name: keep a copy in a safe place.";
    let mut lines = vec![(Tone::Positive, said), (Tone::Plain, care.to_owned())];
    if let Some(publish) = &shown.publish {
        let next = format!("Next: publish what `badges keys show` prints at {}", publish.at);
        lines.push((Tone::Caution, next));
    }
    output.answer(&shown, &lines)?;
    Ok(Outcome::Done)
}

fn show(key: &LocalSigner, output: Output) -> Result<Outcome, Failure> {
    let shown = shown(key);
    let mut lines = vec![
        (Tone::Plain, format!("issuer               {}", shown.issuer)),
        (Tone::Plain, format!("verification method  {}", shown.verification_method)),
        (Tone::Plain, format!("algorithm            {}", shown.algorithm)),
    ];
    let other = [("did:key             ", &shown.did_key), ("Multikey            ", &shown.multikey)];
    for (label, value) in other {
        lines.extend(value.as_ref().map(|value| (Tone::Plain, format!("{label} {value}"))));
    }
    lines.push((Tone::Plain, format!("public JWK           {}", canonical_members(shown.jwk.iter()))));
    if let Some(publish) = &shown.publish {
        lines.push((Tone::Plain, format!("Publish this at {}:", publish.at)));
        lines.push((Tone::Plain, canonical_members(publish.document.iter())));
    }
    output.values(&shown, &lines)?;
    Ok(Outcome::Done)
}

fn shown(key: &LocalSigner) -> Shown<'_> {
    let public = key.public_key();
    Shown {
        algorithm: public.algorithm().as_str(),
        issuer: key.controller(),
        verification_method: key.verification_method(),
        did_key: did_key(public),
        multikey: public.to_multikey(),
        jwk: public.to_jwk(),
        publish: keyfile::controller_document(key).map(|(at, document)| Publish { at, document }),
    }
}
