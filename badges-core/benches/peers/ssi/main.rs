//! CPU of one verification of a file by `ssi`: contexts preloaded, no network, warmed up.
//!
//! `peer-ssi FILE TIMES` verifies so often and ends. Identity hashes must not be in the file: `ssi` 0.16 takes
//! the datatype that the Open Badges context gives `hashed` for another one, and its signature check fails.

use std::{collections::HashMap, env, fs, hint::black_box, path::Path};

use ssi::{
    claims::{
        data_integrity::{AnySuite, DataIntegrity},
        vc::syntax::AnyJsonCredential,
    },
    dids::DIDKey,
    json_ld::ContextLoader,
    prelude::*,
};

const CONTEXTS: [(&str, &str); 3] = [
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "ob-v3p0-context-3.0.3.json"),
    ("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", "ob-v3p0-extensions.json"),
    ("https://www.w3.org/ns/credentials/v2", "w3c-credentials-v2.jsonld"),
];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = env::args().collect();
    let text = fs::read_to_string(&arguments[1]).unwrap();
    let folder = env::var("BADGES_CONTEXTS").unwrap();
    let context = |file: &str| fs::read_to_string(Path::new(&folder).join(file)).unwrap();
    let contexts: HashMap<_, _> =
        CONTEXTS.into_iter().map(|(url, file)| (url.to_owned(), context(file))).collect();
    let loader = ContextLoader::default().with_context_map_from(contexts).unwrap();
    let parameters =
        VerificationParameters::from_resolver(DIDKey.into_vm_resolver()).with_json_ld_loader(loader);
    let verify = async |text: &str| {
        let badge: DataIntegrity<AnyJsonCredential, AnySuite> = serde_json::from_str(text).unwrap();
        badge.verify(&parameters).await.unwrap()
    };

    assert!(verify(&text.replace("\"name\":\"", "\"name\":\"changed ")).await.is_err());
    for _ in 0..arguments[2].parse().unwrap() {
        black_box(verify(black_box(&text)).await).unwrap();
    }
}
