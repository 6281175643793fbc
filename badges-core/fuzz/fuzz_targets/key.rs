//! Keys in JWK and PEM: what is read prints to a JWK of the same key; what is secret never passes as public.
#![no_main]

use badges_core::{
    json::{Json, Limits, read},
    key::{PublicKey, SecretKey},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    if let Ok(json) = read(text, &Limits::default()) {
        if let Ok(key) = PublicKey::from_jwk(&json) {
            assert_eq!(PublicKey::from_jwk(&Json::Object(key.to_jwk())), Ok(key));
        }
        if let Ok(secret) = SecretKey::from_jwk(&json) {
            assert!(PublicKey::from_jwk(&json).is_err(), "a secret key was read as a public one");
            assert_eq!(secret.public_key().verify(b"text", &secret.sign(b"text")), Ok(()));
        }
    }
    if let Ok(text) = str::from_utf8(text) {
        if let Ok(key) = PublicKey::from_pem(text) {
            assert_eq!(PublicKey::from_jwk(&Json::Object(key.to_jwk())), Ok(key));
        }
        let secrets = [SecretKey::from_pkcs8_pem(text), SecretKey::from_multikey(text)];
        for secret in secrets.into_iter().flatten() {
            assert_eq!(secret.public_key().verify(b"text", &secret.sign(b"text")), Ok(()));
        }
    }
});
