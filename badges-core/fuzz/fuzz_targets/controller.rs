//! Controller documents, key documents and JWKS: a key that is listed is found under its name.
#![no_main]

use badges_core::{
    did::{ControllerDocument, Jwks, KeyDocument, KeyStanding},
    json::{Limits, read},
    time::Timestamp,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let Ok(json) = read(text, &Limits::default()) else { return };
    let at = Timestamp::from_unix_seconds(1_800_000_000).expect("a moment of this century");
    if let Ok(document) = ControllerDocument::parse(&json) {
        for (method, key) in document.assertion_keys(at) {
            assert!(document.lists_for_assertion(&method), "{method}");
            assert!(document.assertion_key(&method, at).is_ok_and(|found| found == key), "{method}");
            assert_ne!(document.standing(&key, at), KeyStanding::Absent, "{method}");
        }
    }
    if let Ok(jwks) = Jwks::parse(&json) {
        for kid in json.as_object().and_then(|set| set.get("keys")?.as_array()).into_iter().flatten() {
            let Some(kid) = kid.as_object().and_then(|key| key.text("kid")) else { continue };
            assert!(jwks.by_kid(kid).map_or(true, |key| jwks.contains(&key)));
        }
    }
    let _ = KeyDocument::parse(&json);
});
