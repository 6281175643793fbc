//! Names that hold a key: a Multikey has one spelling, and a DID leads to the key that it names.
#![no_main]

use badges_core::{
    did::{did_key, document_url, jwks_url, key_in_did_url},
    key::PublicKey,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(key) = PublicKey::from_multikey(text) {
        assert_eq!(key.to_multikey().as_deref(), Some(text), "a key has one Multikey");
    }
    if let Ok(Some(found)) = key_in_did_url(text) {
        assert!(text.starts_with(&found.did));
        assert!(!found.did.starts_with("did:key:") || did_key(&found.key).as_ref() == Some(&found.did));
    }
    if let Ok(url) = document_url(text) {
        assert!(url.starts_with("https://") && !url.contains('#'), "{url}");
        assert_eq!(document_url(&url).as_ref(), Ok(&url), "an address leads to itself");
    }
    assert!(
        jwks_url(text)
            .is_none_or(|url| url.starts_with("https://") && url.ends_with("/.well-known/jwks.json"))
    );
});
