//! Genuine badges, edited: whatever is still valid means what it meant.
#![no_main]

use std::sync::LazyLock;

use badges_core::{
    did::MemoryDocuments,
    issue::{ProofKind, sign_text},
    json::{Json, Limits, canonical_members, read},
    jsonld::{Budget, Contexts},
    key::{KeyKind, LocalSigner, SecretKey},
    proof::jws::Compact,
    verify::{Options, Verdict, inspect},
};
use libfuzzer_sys::fuzz_target;

const NOW: &str = "2026-11-21T00:00:00Z";
static CONTEXTS: LazyLock<Contexts> = LazyLock::new(Contexts::new);
static GENUINE: LazyLock<Vec<String>> = LazyLock::new(|| {
    let signer = SecretKey::from_seed(KeyKind::Ed25519, &[7; 32]).map(LocalSigner::did_key);
    let signer = signer.expect("a seed").expect("a did:key");
    let badge =
        include_str!("../../benches/support/badge.json").replace("did:example:issuer", signer.controller());
    let kinds = [ProofKind::Rdfc, ProofKind::Jcs, ProofKind::Jwt];
    kinds
        .map(|kind| sign_text(&badge, kind, NOW.parse().expect("a time"), &signer, &CONTEXTS).expect("signs"))
        .into()
});

// The first byte chooses the badge; then each edit is a place, a length to strike, a length to put, and its text.
fuzz_target!(|bytes: &[u8]| {
    let Some((kind, mut edits)) = bytes.split_first() else { return };
    let genuine = &GENUINE[usize::from(*kind) % GENUINE.len()];
    let mut text = genuine.clone().into_bytes();
    while let [high, low, strike, put, rest @ ..] = edits {
        let (put, rest) = rest.split_at(rest.len().min(usize::from(put % 64)));
        let at = usize::from(u16::from_be_bytes([*high, *low])) % (text.len() + 1);
        let end = text.len().min(at + usize::from(strike % 64));
        text.splice(at..end, put.iter().copied());
        edits = rest;
    }

    let documents = MemoryDocuments::new();
    let options = Options::new(NOW.parse().expect("a time"), &CONTEXTS, &documents);
    if inspect(&text, &options).verdict == Verdict::Valid {
        let text = str::from_utf8(&text).expect("a valid badge is text").trim();
        assert_eq!(meaning(text), meaning(genuine), "{text}");
    }
});

/// What a badge says: its graph without the proof, or what was signed of a token.
fn meaning(text: &str) -> String {
    if let Ok(token) = Compact::parse(text) {
        return String::from_utf8_lossy(token.payload()).into_owned();
    }
    let json = read(text.as_bytes(), &Limits::default()).expect("a valid badge reads");
    let object = json.as_object().expect("a valid badge is an object");
    let suite = object.get("proof").and_then(Json::as_object).and_then(|proof| proof.text("cryptosuite"));
    if suite == Some("eddsa-jcs-2022") {
        return canonical_members(object.iter().filter(|(name, _)| *name != "proof"));
    }
    let context = object.get("@context").expect("a context");
    CONTEXTS.canonicalize(object, &["proof"], context, &Budget::default()).expect("a graph")
}
