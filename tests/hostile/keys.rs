//! Keys: Multikey, JWK, PEM.

use badges_core::{
    json::{Limits, read},
    key::{KeyError, KeyKind, PublicKey, SecretKey},
};
use serde_json::{Value, json};

use crate::{
    bytes::{base64url, hex},
    cases::{Cases, refused},
};

const P256_X: &str = "04N0xi21hshyvBp7I167sbE_bXqyqkAPfefdklMO7wY";
const P256_Y: &str = "UI8exy-C06a7DUnjIdENkxeFtHM4-l_41LqEw9nVgmw";
const ED25519: &str = "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp";

/// Ed25519 points of order 1, 2, 4 and 8, and the same in other spellings.
const SMALL_ORDER: [(&str, &str); 7] = [
    ("the identity", "0100000000000000000000000000000000000000000000000000000000000000"),
    ("order 2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ("order 4", "0000000000000000000000000000000000000000000000000000000000000000"),
    ("order 4, negative", "0000000000000000000000000000000000000000000000000000000000000080"),
    ("order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    ("order 8, other", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ("the identity, negative", "0100000000000000000000000000000000000000000000000000000000000080"),
];
/// Points whose y is beyond the field.
const NOT_CANONICAL: [(&str, &str); 4] = [
    ("the identity as p + 1", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ("zero as p", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ("p + 3, a point of the large group", "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ("all ones", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
];

fn jwk(jwk: Value) -> Result<PublicKey, KeyError> {
    PublicKey::from_jwk(&read(jwk.to_string().as_bytes(), &Limits::default()).unwrap())
}

fn ed25519(key: &str) -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": base64url(hex(key)) })
}

/// The Multikey of any bytes, by the base58 of the library's own secret form.
fn multikey(bytes: &[u8]) -> String {
    format!("z{}", bs58::encode(bytes).into_string())
}

#[test]
fn multikeys_are_refused() {
    let mut cases = Cases::new("multikey");
    let key = |bytes: &[u8]| PublicKey::from_multikey(&multikey(bytes));
    let with = |code: &[u8], length: usize| [code, &vec![2; length]].concat();

    refused!(cases, "empty", PublicKey::from_multikey(""), KeyError::Malformed { .. });
    refused!(cases, "only z", PublicKey::from_multikey("z"), KeyError::Malformed { .. });
    refused!(cases, "no z", PublicKey::from_multikey(&ED25519[1..]), KeyError::Malformed { .. });
    refused!(cases, "Z", PublicKey::from_multikey(&ED25519.replace('z', "Z")), KeyError::Malformed { .. });
    let base64 = format!("u{}", base64url(with(&[0xED, 1], 32)));
    refused!(cases, "base64url", PublicKey::from_multikey(&base64), KeyError::Malformed { .. });
    for odd in ["0", "O", "I", "l", " ", "\n", "ö", "+"] {
        let text = format!("{ED25519}{odd}");
        refused!(
            cases,
            &format!("{odd:?} at the end"),
            PublicKey::from_multikey(&text),
            KeyError::Malformed { .. }
        );
    }
    let long = format!("z{}", "2".repeat(1_000_000));
    refused!(cases, "a million digits", PublicKey::from_multikey(&long), KeyError::Malformed { .. });
    let zeros = ED25519.replacen('z', "z1", 1);
    refused!(cases, "a zero in front", PublicKey::from_multikey(&zeros), KeyError::Unsupported(_));
    for length in [0, 31, 33, 64] {
        let name = format!("Ed25519 with {length} bytes");
        refused!(cases, &name, key(&with(&[0xED, 1], length)), KeyError::Malformed { .. });
    }
    for length in [0, 32, 34, 65] {
        let name = format!("P-256 with {length} bytes");
        refused!(cases, &name, key(&with(&[0x80, 0x24], length)), KeyError::Malformed { .. });
    }
    for length in [48, 50, 97] {
        let name = format!("P-384 with {length} bytes");
        refused!(cases, &name, key(&with(&[0x81, 0x24], length)), KeyError::Malformed { .. });
    }
    let uncompressed = [&[0x80, 0x24, 4][..], &[7; 64]].concat();
    refused!(cases, "P-256 uncompressed", key(&uncompressed), KeyError::Malformed { .. });
    for tag in [0, 1, 4, 5, 6, 0xFF] {
        let point = [&[0x80, 0x24, tag][..], &[7; 32]].concat();
        refused!(cases, &format!("P-256 with the tag {tag}"), key(&point), KeyError::Malformed { .. });
    }
    let off_curve = [&[0x80, 0x24, 2][..], &[0; 31], &[1]].concat();
    refused!(cases, "P-256 off the curve", key(&off_curve), KeyError::Malformed { .. });
    let beyond = [&[0x80, 0x24, 2][..], &[0xFF; 32]].concat();
    refused!(cases, "P-256 with x beyond the field", key(&beyond), KeyError::Malformed { .. });
    refused!(cases, "a number in vain bytes", key(&with(&[0xED, 0x81, 0], 32)), KeyError::Malformed { .. });
    refused!(cases, "a number without end", key(&[0xFF; 34]), KeyError::Malformed { .. });
    for (name, code) in [
        ("X25519", [0xEC, 1]),
        ("secp256k1", [0xE7, 1]),
        ("BLS12-381 G2", [0xEB, 1]),
        ("P-521", [0x82, 0x24]),
    ] {
        refused!(cases, name, key(&with(&code, 32)), KeyError::Unsupported(found) if found == name);
    }
    refused!(cases, "RSA", key(&with(&[0x85, 0x24], 270)), KeyError::Unsupported(name) if name.starts_with("RSA"));
    refused!(cases, "a number without a name", key(&with(&[0x70], 32)), KeyError::Unsupported(_));
    for (name, code) in [("Ed25519", [0x80, 0x26]), ("P-256", [0x86, 0x26]), ("P-384", [0x87, 0x26])] {
        let name = format!("the secret key of {name}");
        refused!(cases, &name, key(&with(&code, 32)), KeyError::PrivateMember(_));
    }
    for (name, point) in SMALL_ORDER {
        let answer = key(&[&[0xED, 1][..], &hex(point)].concat());
        refused!(cases, name, answer, KeyError::Weak(_));
    }
    for (name, point) in NOT_CANONICAL {
        let answer = key(&[&[0xED, 1][..], &hex(point)].concat());
        refused!(cases, name, answer, KeyError::Malformed { .. });
    }
    cases.finish();
}

#[test]
fn jwks_of_curves_are_refused() {
    let mut cases = Cases::new("jwk");
    let good = ed25519("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    let ec = json!({ "kty": "EC", "crv": "P-256", "x": P256_X, "y": P256_Y });
    let changed = |from: &Value, name: &str, value: Value| {
        let mut changed = from.clone();
        changed[name] = value;
        jwk(changed)
    };
    assert!(jwk(good.clone()).is_ok() && jwk(ec.clone()).is_ok());

    for value in [json!(null), json!([]), json!("key"), json!(7), json!({})] {
        refused!(cases, &format!("{value}"), jwk(value), KeyError::Malformed { .. });
    }
    for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        let answer = changed(&good, name, json!("AA"));
        refused!(cases, &format!("private {name}"), answer, KeyError::PrivateMember(found) if found == name);
    }
    refused!(cases, "private d that is null", changed(&ec, "d", json!(null)), KeyError::PrivateMember(_));
    let symmetric = jwk(json!({ "kty": "oct", "k": "c2VjcmV0" }));
    refused!(cases, "a symmetric key", symmetric, KeyError::PrivateMember(_));
    for (name, value) in [
        ("use", json!("enc")),
        ("use", json!("SIG")),
        ("key_ops", json!(["encrypt"])),
        ("key_ops", json!([])),
    ] {
        refused!(cases, &format!("{name} {value}"), changed(&good, name, value), KeyError::Purpose(_));
    }
    for (name, value) in
        [("use", json!(1)), ("use", json!(["sig"])), ("key_ops", json!("verify")), ("alg", json!(7))]
    {
        let case = format!("{name} {value}");
        refused!(cases, &case, changed(&good, name, value), KeyError::Malformed { .. });
    }
    for alg in ["none", "HS256", "ES256", "RS256", "eddsa", ""] {
        let answer = changed(&good, "alg", json!(alg));
        refused!(cases, &format!("Ed25519 for {alg:?}"), answer, KeyError::Algorithm { .. });
    }
    refused!(cases, "P-256 for ES384", changed(&ec, "alg", json!("ES384")), KeyError::Algorithm { .. });
    refused!(cases, "P-256 for ECDH", changed(&ec, "alg", json!("ECDH-ES")), KeyError::Algorithm { .. });
    for kty in ["okp", "EC2", "AKP", "ec", ""] {
        refused!(cases, &format!("kty {kty:?}"), changed(&good, "kty", json!(kty)), KeyError::Unsupported(_));
    }
    for crv in ["X25519", "Ed448", "ed25519", "P-256", "X448"] {
        refused!(cases, &format!("crv {crv}"), changed(&good, "crv", json!(crv)), KeyError::Unsupported(_));
    }
    for crv in ["secp256k1", "P-521", "p-256", "Ed25519", "BP-256"] {
        refused!(cases, &format!("EC crv {crv}"), changed(&ec, "crv", json!(crv)), KeyError::Unsupported(_));
    }
    refused!(
        cases,
        "EC crv P-384 with a P-256 point",
        changed(&ec, "crv", json!("P-384")),
        KeyError::Malformed { .. }
    );
    let x = good["x"].as_str().unwrap();
    for (name, text) in [
        ("padded", format!("{x}=")),
        ("with a space", format!(" {x}")),
        ("with a line end", format!("{x}\n")),
        ("in base64 of the other alphabet", x.replace(['-', '_'], "+") + "+"),
        ("with a stray bit", x[..42].to_owned() + "b"),
        ("one byte short", base64url([7; 31])),
        ("one byte long", base64url([7; 33])),
        ("in hex", "d7".repeat(32)),
        ("empty", String::new()),
    ] {
        refused!(cases, &format!("x {name}"), changed(&good, "x", json!(text)), KeyError::Malformed { .. });
    }
    refused!(cases, "x that is a number", changed(&good, "x", json!(7)), KeyError::Malformed { .. });
    let mut without_y = ec.clone();
    without_y.as_object_mut().unwrap().remove("y");
    refused!(cases, "a compressed point without y", jwk(without_y), KeyError::Malformed { .. });
    refused!(cases, "y off the curve", changed(&ec, "y", json!(P256_X)), KeyError::Malformed { .. });
    let zero = json!(base64url([0; 32]));
    let at_zero = jwk(json!({ "kty": "EC", "crv": "P-256", "x": zero, "y": zero }));
    refused!(cases, "the point 0, 0", at_zero, KeyError::Malformed { .. });
    let field = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    refused!(
        cases,
        "x at the field's end",
        changed(&ec, "x", json!(base64url(field))),
        KeyError::Malformed { .. }
    );
    refused!(
        cases,
        "y without its leading zero",
        changed(&ec, "y", json!(base64url([7; 31]))),
        KeyError::Malformed { .. }
    );
    for (name, point) in SMALL_ORDER {
        refused!(cases, name, jwk(ed25519(point)), KeyError::Weak(_));
    }
    for (name, point) in NOT_CANONICAL {
        refused!(cases, name, jwk(ed25519(point)), KeyError::Malformed { .. });
    }
    let off_curve = ed25519("0200000000000000000000000000000000000000000000000000000000000000");
    refused!(cases, "Ed25519 off the curve", jwk(off_curve), KeyError::Malformed { .. });
    cases.finish();
}

#[test]
fn rsa_keys_are_refused() {
    let mut cases = Cases::new("rsa keys");
    let rsa = |modulus: &[u8], exponent: &[u8]| {
        jwk(json!({ "kty": "RSA", "n": base64url(modulus), "e": base64url(exponent) }))
    };
    let f4 = [1, 0, 1];
    assert!(rsa(&[0xC5; 256], &f4).is_ok() && rsa(&[0xC5; 512], &[3]).is_ok());

    refused!(cases, "512 bits", rsa(&[0xC5; 64], &f4), KeyError::Weak(_));
    refused!(cases, "1024 bits", rsa(&[0xC5; 128], &f4), KeyError::Weak(_));
    let short = [&[0x45][..], &[0xC5; 255]].concat();
    refused!(cases, "2047 bits", rsa(&short, &f4), KeyError::Weak(_));
    let long = [&[1][..], &[0xC5; 512]].concat();
    refused!(cases, "4097 bits", rsa(&long, &f4), KeyError::Unsupported(_));
    refused!(cases, "8192 bits", rsa(&[0xC5; 1024], &f4), KeyError::Unsupported(_));
    refused!(cases, "a megabit", rsa(&[0xC5; 131_072], &f4), KeyError::Malformed { .. });
    refused!(cases, "no modulus", rsa(&[], &f4), KeyError::Malformed { .. });
    let padded = [&[0][..], &[0xC5; 256]].concat();
    refused!(cases, "a zero before the modulus", rsa(&padded, &f4), KeyError::Malformed { .. });
    refused!(cases, "an even modulus", rsa(&[0xC4; 256], &f4), KeyError::Malformed { .. });
    refused!(cases, "no exponent", rsa(&[0xC5; 256], &[]), KeyError::Malformed { .. });
    refused!(cases, "the exponent 0", rsa(&[0xC5; 256], &[0]), KeyError::Malformed { .. });
    refused!(cases, "the exponent 1", rsa(&[0xC5; 256], &[1]), KeyError::Weak(_));
    refused!(cases, "the exponent 2", rsa(&[0xC5; 256], &[2]), KeyError::Malformed { .. });
    refused!(cases, "the exponent 65536", rsa(&[0xC5; 256], &[1, 0, 0]), KeyError::Malformed { .. });
    refused!(
        cases,
        "a zero before the exponent",
        rsa(&[0xC5; 256], &[0, 1, 0, 1]),
        KeyError::Malformed { .. }
    );
    refused!(cases, "an exponent of 33 bits", rsa(&[0xC5; 256], &[1, 0, 0, 0, 1]), KeyError::Unsupported(_));
    refused!(
        cases,
        "an exponent as long as the modulus",
        rsa(&[0xC5; 256], &[0xC5; 256]),
        KeyError::Unsupported(_)
    );
    refused!(cases, "a modulus as ROCA makes them", rsa(&power_of_65537(128), &f4), KeyError::Weak(_));
    for alg in ["PS256", "RS512"] {
        let key = json!({ "kty": "RSA", "alg": alg, "n": base64url([0xC5; 256]), "e": "AQAB" });
        refused!(cases, &format!("for {alg}"), jwk(key), KeyError::Unsupported(_));
    }
    for alg in ["RSA-OAEP", "HS256", "ES256"] {
        let key = json!({ "kty": "RSA", "alg": alg, "n": base64url([0xC5; 256]), "e": "AQAB" });
        refused!(cases, &format!("for {alg}"), jwk(key), KeyError::Algorithm { .. });
    }
    cases.finish();
}

/// Great end first.
fn power_of_65537(power: usize) -> Vec<u8> {
    let mut digits = vec![1u64];
    for _ in 0..power {
        let mut carry = 0;
        for digit in &mut digits {
            carry += *digit * 65_537;
            *digit = carry & 0xFFFF_FFFF;
            carry >>= 32;
        }
        if carry > 0 {
            digits.push(carry);
        }
    }
    let bytes = digits.iter().rev().flat_map(|digit| (*digit as u32).to_be_bytes());
    bytes.skip_while(|byte| *byte == 0).collect()
}

#[test]
fn pems_and_secret_keys_are_refused() {
    let mut cases = Cases::new("pem and secret keys");
    let pem = |label: &str, body: &str| {
        PublicKey::from_pem(&format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"))
    };
    let spki = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    assert!(pem("PUBLIC KEY", spki).is_ok());

    refused!(cases, "empty", PublicKey::from_pem(""), KeyError::Malformed { .. });
    refused!(cases, "no frame", PublicKey::from_pem(spki), KeyError::Malformed { .. });
    refused!(cases, "a private key", pem("PRIVATE KEY", spki), KeyError::PrivateMember(_));
    refused!(cases, "a private RSA key", pem("RSA PRIVATE KEY", spki), KeyError::PrivateMember(_));
    refused!(cases, "a certificate", pem("CERTIFICATE", spki), KeyError::Unsupported(_));
    refused!(
        cases,
        "another name at the end",
        PublicKey::from_pem(&format!("-----BEGIN PUBLIC KEY-----\n{spki}\n-----END CERTIFICATE-----")),
        KeyError::Malformed { .. }
    );
    refused!(
        cases,
        "bytes after the key",
        pem("PUBLIC KEY", &spki.replace("MCow", "MCsw").replace('=', "AA==")),
        KeyError::Malformed { .. }
    );
    refused!(cases, "cut off", pem("PUBLIC KEY", &spki[..40]), KeyError::Malformed { .. });
    refused!(cases, "not base64", pem("PUBLIC KEY", "MCow!"), KeyError::Malformed { .. });
    refused!(cases, "X25519", pem("PUBLIC KEY", &spki.replace("K2Vw", "K2Vu")), KeyError::Unsupported(name) if name == "X25519");
    refused!(cases, "ten megabytes", pem("PUBLIC KEY", &"A".repeat(10_000_000)), KeyError::Malformed { .. });
    refused!(
        cases,
        "two blocks",
        PublicKey::from_pem(&format!(
            "{0}{0}",
            format_args!("-----BEGIN PUBLIC KEY-----\n{spki}\n-----END PUBLIC KEY-----\n")
        )),
        KeyError::Malformed { .. }
    );

    let order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    let order = order.as_slice().try_into().unwrap();
    refused!(
        cases,
        "the scalar 0 of P-256",
        SecretKey::from_seed(KeyKind::P256, &[0; 32]),
        KeyError::Malformed { .. }
    );
    refused!(
        cases,
        "the order of P-256",
        SecretKey::from_seed(KeyKind::P256, order),
        KeyError::Malformed { .. }
    );
    refused!(
        cases,
        "a secret RSA key",
        SecretKey::from_seed(KeyKind::Rsa, &[7; 32]),
        KeyError::Unsupported(_)
    );
    let other = json!({ "kty": "OKP", "crv": "Ed25519", "d": base64url([7; 32]), "x": base64url([9; 32]) })
        .to_string();
    let other = read(other.as_bytes(), &Limits::default()).unwrap();
    refused!(cases, "a public part of another key", SecretKey::from_jwk(&other), KeyError::Malformed { .. });
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----";
    refused!(cases, "an encrypted key", SecretKey::from_pkcs8_pem(encrypted), KeyError::Unsupported(_));
    refused!(
        cases,
        "no PKCS#8",
        SecretKey::from_pkcs8_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
        KeyError::Malformed { .. }
    );
    cases.finish();
}
