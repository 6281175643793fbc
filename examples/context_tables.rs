//! Makes the context tables of badges-core from the official documents.
//!
//! ```text
//! cargo run -p badges --example context_tables -- [FOLDER]
//! ```
//!
//! FOLDER, by default that of the test data, holds the documents and an `index.json` that tells the URL, the
//! file and the SHA-256 of each.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use badges_core::jsonld::Contexts;

/// Each table, and the file in FOLDER from which it is made.
const TABLES: &[(&str, &str)] = &[
    ("cid-v1", "cid-v1.jsonld"),
    ("clr-2.0.0", "clr-v2p0-context.json"),
    ("clr-2.0.1", "clr-v2p0-context-2.0.1.json"),
    ("credentials-status-v1", "status-v1.jsonld"),
    ("credentials-v1", "w3c-credentials-v1.jsonld"),
    ("credentials-v2", "w3c-credentials-v2.jsonld"),
    ("data-integrity-v1", "data-integrity-v1.jsonld"),
    ("data-integrity-v2", "data-integrity-v2.jsonld"),
    ("dcc-v1", "dcc-v1.json"),
    ("ed25519-2020-v1", "ed25519-2020-v1.jsonld"),
    ("jff-plugfest-1", "jff-plugfest-1.json"),
    ("jwk-v1", "jwk-v1.jsonld"),
    ("multikey-v1", "multikey-v1.jsonld"),
    ("ob-3.0.0", "ob-v3p0-context.json"),
    ("ob-3.0.1", "ob-v3p0-context-3.0.1.json"),
    ("ob-3.0.2", "ob-v3p0-context-3.0.2.json"),
    ("ob-3.0.3", "ob-v3p0-context-3.0.3.json"),
    ("ob-extensions", "ob-v3p0-extensions.json"),
    ("status-list-2021-v1", "status-list-2021-v1.jsonld"),
    ("vc-revocation-list-2020-v1", "vc-revocation-list-2020-v1.jsonld"),
];

#[derive(serde::Deserialize)]
struct Entry {
    url: String,
    file: String,
    sha256: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = env::args().nth(1).map_or_else(|| root.join("../shared/vectors/contexts"), PathBuf::from);
    if !folder.is_dir() {
        println!("there is no folder {}, so the tables stay as they are", folder.display());
        return Ok(());
    }
    let target = root.join("badges-core/src/jsonld/tables");
    let index: Vec<Entry> = serde_json::from_slice(&fs::read(folder.join("index.json"))?)?;
    for (name, file) in TABLES {
        let entry = index.iter().find(|entry| entry.file == *file).ok_or(format!("no entry for {file}"))?;
        let table = Contexts::table_of(&entry.url, &fs::read(folder.join(file))?)?;
        if !table.contains(&entry.sha256) {
            return Err(format!("{file} does not have the hash that the index tells").into());
        }
        fs::write(target.join(format!("{name}.txt")), table)?;
    }
    Ok(())
}
