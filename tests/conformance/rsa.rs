//! RSASSA-PKCS1-v1_5 with SHA-256.

use badges_core::key::KeyKind;

use crate::wycheproof::{Form, signatures};

#[test]
fn rsa_signatures_get_the_answer_of_the_suite() {
    for bits in ["2048", "3072", "4096"] {
        let file = format!("rsa_signature_{bits}_sha256_test.json");
        signatures(&format!("wycheproof-rsa-{bits}"), &file, KeyKind::Rsa, Form::Jws);
    }
}
