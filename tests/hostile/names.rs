//! Names of issuers.

use badges_core::{
    did::{DidError, SelfContained, document_url, key_in_did_url},
    key::{KeyError, KeyKind, PublicKey, SecretKey},
};
use serde_json::{Value, json};

use crate::{
    bytes::base64url,
    cases::{Cases, refused},
};

fn key() -> PublicKey {
    SecretKey::from_seed(KeyKind::Ed25519, &[1; 32]).unwrap().public_key()
}

fn other_key() -> PublicKey {
    SecretKey::from_seed(KeyKind::Ed25519, &[2; 32]).unwrap().public_key()
}

#[test]
fn names_that_hold_their_key_are_refused() {
    let mut cases = Cases::new("did:key and did:jwk");
    let own = key().to_multikey().unwrap();
    let other = other_key().to_multikey().unwrap();
    let jwk = |jwk: Value| {
        let answer = key_in_did_url(&format!("did:jwk:{}#0", base64url(jwk.to_string())));
        answer.map(Option::unwrap)
    };
    let at = |text: String| -> Result<SelfContained, DidError> { key_in_did_url(&text).map(Option::unwrap) };

    refused!(
        cases,
        "the fragment of another key",
        at(format!("did:key:{own}#{other}")),
        DidError::Fragment(_)
    );
    refused!(cases, "an empty fragment", at(format!("did:key:{own}#")), DidError::Fragment(_));
    refused!(cases, "the fragment key-1", at(format!("did:key:{own}#key-1")), DidError::Fragment(_));
    refused!(cases, "two fragments", at(format!("did:key:{own}#{own}#{own}")), DidError::Fragment(_));
    refused!(cases, "a path", at(format!("did:key:{own}/path#{own}")), DidError::Key { .. });
    refused!(cases, "a query", at(format!("did:key:{own}?versionId=1#{own}")), DidError::Key { .. });
    refused!(cases, "a version", at(format!("did:key:1.1:{own}#{own}")), DidError::Key { .. });
    refused!(cases, "nothing", at("did:key:".to_owned()), DidError::Key { .. });
    refused!(cases, "an escape", at(format!("did:key:%7A{}#{own}", &own[1..])), DidError::Key { .. });
    refused!(cases, "a line end", at(format!("did:key:{own}\n")), DidError::Key { .. });
    let public = serde_json::to_value(key().to_jwk()).unwrap();
    assert!(jwk(public.clone()).is_ok());
    let mut private = public.clone();
    private["d"] = json!(base64url([1; 32]));
    refused!(cases, "a private key", jwk(private), DidError::Key { error: KeyError::PrivateMember(_), .. });
    refused!(
        cases,
        "a symmetric key",
        jwk(json!({ "kty": "oct", "k": "AA" })),
        DidError::Key { error: KeyError::PrivateMember(_), .. }
    );
    let mut encrypts = public.clone();
    encrypts["use"] = json!("enc");
    refused!(cases, "a key for encryption", jwk(encrypts), DidError::Key { error: KeyError::Purpose(_), .. });
    let text = public.to_string();
    refused!(cases, "padding", at(format!("did:jwk:{}=#0", base64url(&text))), DidError::Malformed { .. });
    refused!(cases, "the fragment 1", at(format!("did:jwk:{}#1", base64url(&text))), DidError::Fragment(_));
    refused!(cases, "the fragment 00", at(format!("did:jwk:{}#00", base64url(&text))), DidError::Fragment(_));
    refused!(cases, "no JSON", at(format!("did:jwk:{}#0", base64url("{"))), DidError::Malformed { .. });
    refused!(
        cases,
        "an array",
        jwk(json!([public])),
        DidError::Key { error: KeyError::Malformed { .. }, .. }
    );
    let twice = text.replacen('{', r#"{"kty":"OKP","#, 1);
    refused!(
        cases,
        "a name twice",
        at(format!("did:jwk:{}#0", base64url(twice))),
        DidError::Malformed { .. }
    );
    let long = format!("did:jwk:{}#0", "A".repeat(1_000_000));
    refused!(cases, "a million letters", at(long), DidError::Malformed { .. });
    cases.finish();
}

#[test]
fn addresses_that_readers_take_differently_are_refused() {
    let mut cases = Cases::new("did:web and https");

    for ip in
        ["127.0.0.1", "2130706433", "0x7f.1", "0x7f000001", "017700000001", "127.1", "169.254.169.254", "0"]
    {
        refused!(cases, ip, document_url(&format!("did:web:{ip}")), DidError::IpAddress(_));
    }
    for odd in [
        "",
        "%5B%3A%3A1%5D",
        "[::1]",
        "user@issuer.example",
        "user%40issuer.example",
        "issuer..example",
        ".example",
        "issuer.example.",
        "issuer.example/evil",
        "issuer.example?x",
        "issuer.example\\evil",
        "iss uer.example",
        "iss\tuer.example",
        "issuer.example\n",
        "issuer\0.example",
        "íssuer.example",
        "%69ssuer.example",
        "issuer。example",
        "issuer.example%3A",
        "issuer.example%3A0",
        "issuer.example%3A65536",
        "issuer.example%3A+80",
        "issuer.example%3A443%3A80",
        "issuer.example%3A080",
        "issuer.example%3A80x",
        "issuer.example:",
        "issuer.example::a",
        "issuer.example:.",
        "issuer.example:..",
        "issuer.example:..:admin",
        "issuer.example:%2e%2e",
        "issuer.example:a%2Fb",
        "issuer.example:a/b",
        "issuer.example:a\\b",
        "issuer.example:a?b",
        "issuer.example:a%00",
    ] {
        refused!(
            cases,
            &format!("did:web:{odd}"),
            document_url(&format!("did:web:{odd}")),
            DidError::Malformed { .. }
        );
    }
    let label = "a".repeat(64);
    refused!(
        cases,
        "a label of 64 letters",
        document_url(&format!("did:web:{label}.example")),
        DidError::Malformed { .. }
    );
    for (name, kind) in
        [("did:example:1", "did:example"), ("did:ion:1", "did:ion"), ("did:WEB:issuer.example", "did:WEB")]
    {
        refused!(cases, name, document_url(name), DidError::Unsupported(found) if found == kind);
    }
    refused!(cases, "did:web", document_url("did:web"), DidError::Malformed { .. });
    for other in [
        "http://issuer.example/key",
        "HTTPS://issuer.example/key",
        "ftp://issuer.example/key",
        "file:///etc/passwd",
        "data:application/json,{}",
        "javascript:alert(1)",
        "urn:uuid:4ca4a241-fc3b-4d92-978e-f56fa96ae795",
        "blob:https://a.example",
        "https:issuer.example/key",
        "https:/issuer.example/key",
        " https://issuer.example/",
    ] {
        refused!(cases, other, document_url(other), DidError::NotHttps(_));
    }
    for odd in [
        "",
        "key-1",
        "#key-1",
        "//issuer.example",
        "/key",
        "https://",
        "https://issuer.example:99999/",
        "https://%00/",
        "https://user@issuer.example/",
        "https://user:word@issuer.example/",
        "https://@issuer.example/",
        "https://issuer.example%2e/",
        "https://íssuer.example/",
        "https://issuer.example\\@evil.example/",
        "https://iss\tuer.example/",
        "https://issuer.example/a b",
        "https://issuer.example/\n",
        "https://issuer.example/ü",
        "https:///issuer.example/key",
    ] {
        refused!(cases, &format!("{odd:?}"), document_url(odd), DidError::Malformed { .. });
    }
    for ip in ["https://1.2.3.4/key", "https://[::1]/key", "https://0x7f.1/key", "https://2130706433/key"] {
        refused!(cases, ip, document_url(ip), DidError::IpAddress(_));
    }
    let long = format!("https://issuer.example/{}", "a".repeat(1_000_000));
    refused!(cases, "a million letters", document_url(&long), DidError::Malformed { .. });
    cases.finish();
}
