//! Compact JWS: one spelling for each, and no signature but the signer's holds.
#![no_main]

use badges_core::{
    key::{KeyKind, LocalSigner, SecretKey},
    proof::jws::{Compact, HeaderToWrite, sign},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let signer = LocalSigner::did_key(SecretKey::from_seed(KeyKind::Ed25519, &[7; 32]).expect("a seed"));
    let signer = signer.expect("Ed25519 has a did:key");
    let key = signer.secret_key().public_key();
    if let Ok(jws) = Compact::parse(text) {
        assert!(text.starts_with(jws.signing_input()));
        assert!(jws.verify(&key).is_err(), "nobody signed this");
    }

    let token =
        sign(text.as_bytes(), &HeaderToWrite { typ: Some(text), ..HeaderToWrite::default() }, &signer);
    let token = token.expect("a local key signs");
    // A header may be longer than we read.
    if let Ok(jws) = Compact::parse(&token) {
        assert_eq!((jws.payload(), jws.header().typ.as_deref()), (text.as_bytes(), Some(text)));
        assert_eq!(jws.verify(&key), Ok(()));
    }
});
