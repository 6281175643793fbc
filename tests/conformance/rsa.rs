//! RSASSA-PKCS1-v1_5 with SHA-256.

use badges_core::{
    key::{KeyKind, PublicKey, Signer, SignerError},
    proof::jws::{Compact, HeaderToWrite, sign},
};
use rsa::{
    RsaPrivateKey,
    pkcs1::DecodeRsaPrivateKey as _,
    pkcs1v15::SigningKey,
    signature::{SignatureEncoding as _, Signer as _},
};

use crate::{
    vectors::Suite,
    wycheproof::{Form, signatures},
};

#[test]
fn rsa_signatures_get_the_answer_of_the_suite() {
    for bits in ["2048", "3072", "4096"] {
        let file = format!("rsa_signature_{bits}_sha256_test.json");
        signatures(&format!("wycheproof-rsa-{bits}"), &file, KeyKind::Rsa, Form::Jws);
    }
}

#[test]
fn pss_signatures_are_refused_also_where_they_hold() {
    signatures("wycheproof-rsa-pss", "rsa_pss_2048_sha256_mgf1_32_test.json", KeyKind::Rsa, Form::Foreign);
}

/// A host that holds the key itself.
struct Host {
    secret: SigningKey<rsa::sha2::Sha256>,
    public: PublicKey,
}

impl Signer for Host {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn verification_method(&self) -> &str {
        "https://issuer.example/key"
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(self.secret.sign(message).to_vec())
    }
}

#[test]
fn tokens_of_a_host_s_rsa_key_hold_under_that_key_only() {
    let Some(mut suite) = Suite::open("mozilla-rsa-keys", "mozilla-openbadges-validator") else { return };

    let names = ["rsa", "rsa-wrong"];
    let keys = names.map(|name| PublicKey::from_pem(&suite.text(format!("{name}-public.pem"))).unwrap());
    for (own, name) in names.iter().enumerate() {
        let secret = RsaPrivateKey::from_pkcs1_pem(&suite.text(format!("{name}-private.pem"))).unwrap();
        let host = Host { secret: SigningKey::new(secret), public: keys[own].clone() };

        let token = sign(b"{}", &HeaderToWrite::default(), &host).unwrap();

        let jws = Compact::parse(&token).unwrap();
        let holds = keys.each_ref().map(|key| jws.verify(key).is_ok());
        let expected = [own == 0, own == 1];
        suite.check(name, (holds == expected).then_some(()).ok_or(format!("{holds:?}")));
    }
    suite.finish();
}
