//! Keys and tokens keep what they say through every form, and no changed bit goes unseen.

use badges_core::{
    did::{did_key, key_in_did_url},
    json::{Limits, read},
    key::{KeyKind, LocalSigner, PublicKey, SecretKey, Signer as _},
    proof::jws::{Compact, HeaderToWrite, sign},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use proptest::prelude::*;

use crate::config;

const KINDS: [KeyKind; 2] = [KeyKind::Ed25519, KeyKind::P256];

fn secret(kind: KeyKind, seed: [u8; 32]) -> SecretKey {
    SecretKey::from_seed(kind, &seed).unwrap()
}

/// A key in PEM: the frame of RFC 8410 around the bare key.
fn pem(label: &str, frame: &[u8], key: &[u8]) -> String {
    let body = STANDARD.encode([frame, key].concat());
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn a_key_is_the_same_in_every_form(seed: [u8; 32]) {
        for kind in KINDS {
            let secret = secret(kind, seed);
            let key = secret.public_key();
            prop_assert_eq!(key.kind(), kind);

            let multikey = key.to_multikey().unwrap();
            prop_assert_eq!(PublicKey::from_multikey(&multikey), Ok(key.clone()));

            let jwk = serde_json::to_string(&key.to_jwk()).unwrap();
            let jwk = read(jwk.as_bytes(), &Limits::default()).unwrap();
            prop_assert_eq!(PublicKey::from_jwk(&jwk), Ok(key.clone()));

            let did = did_key(&key).unwrap();
            let found = key_in_did_url(&format!("{did}#{multikey}")).unwrap().unwrap();
            prop_assert_eq!((found.did, &found.key), (did, &key));

            let kept = secret.to_jwk();
            let again = SecretKey::from_jwk(&read(kept.as_bytes(), &Limits::default()).unwrap()).unwrap();
            prop_assert_eq!(again.public_key(), key);
            prop_assert_eq!(again.to_jwk(), kept);
            prop_assert_eq!(again.sign(b"text"), secret.sign(b"text"), "one message gives one signature");
        }
    }

    #[test]
    fn our_base58_is_that_of_the_crate(seed: [u8; 32]) {
        for kind in KINDS {
            let multikey = secret(kind, seed).public_key().to_multikey().unwrap();
            let bytes = bs58::decode(&multikey[1..]).into_vec().unwrap();
            prop_assert_eq!(&multikey[1..], bs58::encode(bytes).into_string());
        }
    }

    #[test]
    fn ed25519_keys_are_read_from_pem(seed: [u8; 32]) {
        let key = secret(KeyKind::Ed25519, seed).public_key();
        let bytes = bs58::decode(&key.to_multikey().unwrap()[1..]).into_vec().unwrap();
        let public_frame = [0x30, 0x2A, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 3, 0x21, 0];
        let secret_frame = [0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20];

        let public = PublicKey::from_pem(&pem("PUBLIC KEY", &public_frame, &bytes[2..]));
        let secret = SecretKey::from_pkcs8_pem(&pem("PRIVATE KEY", &secret_frame, &seed)).unwrap();

        prop_assert_eq!(public.as_ref(), Ok(&key));
        prop_assert_eq!(secret.public_key(), key);
    }

    #[test]
    fn a_token_says_what_was_signed(seed: [u8; 32], payload: Vec<u8>, jwk: bool) {
        for kind in KINDS {
            let signer = LocalSigner::did_key(secret(kind, seed)).unwrap();
            let kid = signer.verification_method();
            let header = HeaderToWrite { kid: Some(kid), jwk, typ: Some("JWT"), cty: None };

            let token = sign(&payload, &header, &signer).unwrap();
            let jws = Compact::parse(&token).unwrap();

            prop_assert_eq!(jws.verify(signer.public_key()), Ok(()));
            prop_assert_eq!(jws.payload(), &payload);
            prop_assert_eq!(jws.header().algorithm, signer.public_key().algorithm());
            prop_assert_eq!((jws.header().kid.as_deref(), jws.header().typ.as_deref()), (Some(kid), Some("JWT")));
            prop_assert_eq!(jws.header().jwk.as_ref(), jwk.then(|| signer.public_key()));
        }
    }

    #[test]
    fn printing_a_secret_key_for_debugging_shows_no_secret(seed: [u8; 32]) {
        for kind in KINDS {
            let secret = secret(kind, seed);
            let jwk = serde_json::from_str::<serde_json::Value>(&secret.to_jwk()).unwrap();
            let printed = format!("{secret:?} {:?}", LocalSigner::did_key(self::secret(kind, seed)).unwrap());
            let bytes = format!("{}, {}, {}", seed[0], seed[1], seed[2]);
            let shown = [jwk["d"].as_str().unwrap(), &bytes].iter().any(|secret| printed.contains(secret));
            prop_assert!(!shown, "{}", printed);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text: String, bytes: Vec<u8>) {
        for text in [text.clone(), format!("z{}", bs58::encode(&bytes).into_string()), format!("did:jwk:{text}")] {
            drop((PublicKey::from_multikey(&text), PublicKey::from_pem(&text), Compact::parse(&text)));
            drop((key_in_did_url(&text), badges_core::did::document_url(&text)));
        }
    }
}

#[test]
fn no_flipped_bit_leaves_a_token_that_verifies() {
    for kind in KINDS {
        let signer = LocalSigner::did_key(secret(kind, [7; 32])).unwrap();
        let header = HeaderToWrite { jwk: true, typ: Some("JWT"), ..HeaderToWrite::default() };
        let token = sign(br#"{"iss":"did:web:issuer.example","nbf":1767225600}"#, &header, &signer).unwrap();
        let verified =
            |text: &str| Compact::parse(text).is_ok_and(|jws| jws.verify(signer.public_key()).is_ok());
        assert!(verified(&token));

        for at in 0..token.len() * 8 {
            let mut bytes = token.clone().into_bytes();
            bytes[at / 8] ^= 1 << (at % 8);
            if let Ok(flipped) = String::from_utf8(bytes) {
                assert!(!verified(&flipped), "{kind}: bit {at}");
            }
        }
    }
}

#[test]
fn no_flipped_bit_leaves_a_signature_that_holds() {
    for kind in KINDS {
        let secret = secret(kind, [7; 32]);
        let key = secret.public_key();
        let (message, signature) = (b"message".to_vec(), secret.sign(b"message"));
        for at in 0..signature.len() * 8 {
            let mut flipped = signature.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            assert!(key.verify(&message, &flipped).is_err(), "{kind}: bit {at} of the signature");
        }
        for at in 0..message.len() * 8 {
            let mut flipped = message.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            assert!(key.verify(&flipped, &signature).is_err(), "{kind}: bit {at} of the message");
        }
    }
}
