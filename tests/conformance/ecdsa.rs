//! ECDSA on P-256 and P-384: the two numbers one after the other, never DER.

use badges_core::key::KeyKind;

use crate::wycheproof::{Form, signatures};

#[test]
fn p256_signatures_get_the_answer_of_the_suite() {
    signatures("wycheproof-p256", "ecdsa_secp256r1_sha256_p1363_test.json", KeyKind::P256, Form::Jws);
}

#[test]
fn p384_signatures_get_the_answer_of_the_suite() {
    signatures("wycheproof-p384", "ecdsa_secp384r1_sha384_p1363_test.json", KeyKind::P384, Form::Jws);
}

#[test]
fn der_signatures_are_refused_also_where_they_hold() {
    signatures("wycheproof-p256-der", "ecdsa_secp256r1_sha256_test.json", KeyKind::P256, Form::Foreign);
    signatures("wycheproof-p384-der", "ecdsa_secp384r1_sha384_test.json", KeyKind::P384, Form::Foreign);
}
