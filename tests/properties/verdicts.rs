//! What we sign we believe, whatever is changed we do not, and nothing makes the verifier fall over.

use badges_core::{
    did::MemoryDocuments,
    issue::{ProofKind, sign_text},
    jsonld::Contexts,
    key::{KeyKind, LocalSigner, SecretKey},
    verify::{Options, Policy, Report, Verdict, inspect},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};

use crate::config;

const AT: &str = "2026-11-21T00:00:00Z";
const KINDS: [(ProofKind, KeyKind); 6] = [
    (ProofKind::Rdfc, KeyKind::Ed25519),
    (ProofKind::Jcs, KeyKind::Ed25519),
    (ProofKind::Jwt, KeyKind::Ed25519),
    (ProofKind::Rdfc, KeyKind::P256),
    (ProofKind::Jcs, KeyKind::P256),
    (ProofKind::Jwt, KeyKind::P256),
];

fn judge(input: &[u8], policy: Policy) -> Report {
    let (contexts, documents) = (Contexts::new(), MemoryDocuments::new());
    inspect(input, &Options { policy, ..Options::new(AT.parse().unwrap(), &contexts, &documents) })
}

fn signer(kind: KeyKind, seed: u8) -> LocalSigner {
    LocalSigner::did_key(SecretKey::from_seed(kind, &[seed.max(1); 32]).unwrap()).unwrap()
}

/// Texts with whatever may be signed in them.
fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "\"",
        "\\",
        "\n",
        "\u{7f}",
        "\u{2028}",
        "e\u{301}",
        "\u{1f3c5}",
        "<b>",
        "_:b0",
        "@id",
    ]);
    let piece = prop_oneof!["[ -~]{1,12}", odd.prop_map(str::to_owned), "[äöüß宇航員]{1,6}"];
    prop::collection::vec(piece, 1..5).prop_map(|pieces| pieces.concat())
}

/// Unsigned badges with this or that property.
fn badge() -> impl Strategy<Value = Value> {
    let texts = prop::collection::vec(text(), 8);
    let more = prop::collection::vec(prop::bool::ANY, 8);
    (texts, more, 0_u32..4000, 1_usize..4).prop_map(|(texts, more, number, many)| {
        let mut achievement = json!({
            "id": format!("https://hive.example/badges/{number}"),
            "type": ["Achievement"],
            "name": texts[0],
            "description": texts[1],
            "criteria": {"narrative": texts[2]},
        });
        let mut subject = json!({"id": "did:example:ada", "type": ["AchievementSubject"]});
        let mut badge = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            "id": format!("urn:uuid:00000000-0000-4000-8000-{number:012}"),
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": texts[3],
            "validFrom": "2026-11-01T09:30:00Z",
        });
        if more[0] {
            achievement["tag"] = json!(texts[..many]);
        }
        if more[1] {
            achievement["creditsAvailable"] = json!(f64::from(number) / 8.0);
        }
        if more[2] {
            let one = |name: &String| json!({"type": ["Alignment"], "targetName": name, "targetUrl": "https://s.example/1"});
            achievement["alignment"] = texts[..many].iter().map(one).collect();
        }
        if more[3] {
            subject["narrative"] = json!(texts[4]);
        }
        if more[4] {
            subject["identifier"] = json!([{"type": "IdentityObject", "hashed": false, "identityHash": texts[5], "identityType": "userName"}]);
        }
        if more[5] {
            badge["evidence"] = texts[..many].iter().map(|text| json!({"type": ["Evidence"], "narrative": text})).collect();
        }
        if more[6] {
            badge["validUntil"] = json!("2030-01-01T00:00:00+02:00");
        }
        if more[7] {
            badge["description"] = json!(texts[6]);
        }
        subject["achievement"] = achievement;
        badge["credentialSubject"] = subject;
        badge
    })
}

/// Every place in a document where something stands.
fn places(value: &Value, pointer: String, all: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.replace('~', "~0").replace('/', "~1"), value)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (name, value) in members {
        let place = format!("{pointer}/{name}");
        all.push(place.clone());
        places(value, place, all);
    }
}

/// The document without what stands at one of its places, and with something else there.
fn tampered(document: &Value, place: Index) -> [(String, Value); 2] {
    let mut all = Vec::new();
    places(document, String::new(), &mut all);
    let place = place.get(&all).clone();
    let (around, name) = place.rsplit_once('/').unwrap();
    let (mut without, mut other) = (document.clone(), document.clone());
    match without.pointer_mut(around).unwrap() {
        Value::Object(members) => drop(members.remove(&name.replace("~1", "/").replace("~0", "~"))),
        Value::Array(items) => drop(items.remove(name.parse().unwrap())),
        _ => unreachable!(),
    }
    match other.pointer_mut(&place).unwrap() {
        Value::String(text) => text.push('x'),
        Value::Number(number) => *number = (number.as_f64().unwrap().floor() as i64 + 1).into(),
        Value::Bool(value) => *value = !*value,
        Value::Array(items) => items.push(json!("x")),
        Value::Object(members) => drop(members.insert("narrativ".to_owned(), json!("x"))),
        Value::Null => unreachable!(),
    }
    [(format!("without {place}"), without), (format!("another {place}"), other)]
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn what_we_sign_we_believe_and_nothing_else(badge in badge(), seed: u8, places: [Index; 4]) {
        for (proof, key) in KINDS {
            let signer = signer(key, seed);
            let mut badge = badge.clone();
            badge["issuer"] = json!({"id": signer.controller(), "type": ["Profile"]});
            let text = sign_text(&badge.to_string(), proof, AT.parse().unwrap(), &signer, &Contexts::new()).unwrap();

            let report = judge(text.as_bytes(), Policy::Strict);
            prop_assert_eq!(report.verdict, Verdict::Valid, "{}: {}", report.message, text);

            let parts: Vec<_> = text.split('.').collect();
            let token = proof == ProofKind::Jwt;
            let document: Value = match token {
                true => serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap(),
                false => serde_json::from_str(&text).unwrap(),
            };
            for (what, changed) in places.iter().flat_map(|place| tampered(&document, *place)) {
                let changed = match token {
                    true => format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(changed.to_string()), parts[2]),
                    false => changed.to_string(),
                };
                let report = judge(changed.as_bytes(), Policy::Lenient);
                prop_assert_ne!(report.verdict, Verdict::Valid, "{:?}, {}: {}", proof, what, changed);
            }
        }
    }
}

/// JSON that has the names of badges in it, and values that do not belong there.
fn like_a_badge() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|value| json!(value)),
        any::<f64>().prop_map(|value| json!(value)),
        any::<i32>().prop_map(|value| json!(value)),
        "\\PC{0,20}".prop_map(|value| json!(value)),
        prop::sample::select(vec![
            "VerifiableCredential", "OpenBadgeCredential", "EndorsementCredential", "Assertion", "DataIntegrityProof",
            "eddsa-rdfc-2022", "eddsa-jcs-2022", "assertionMethod", "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "https://w3id.org/openbadges/v2",
            "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
            "2026-11-21T00:00:00Z", "BitstringStatusListEntry", "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme",
        ]).prop_map(|value| json!(value)),
    ];
    let name = prop::sample::select(vec![
        "@context",
        "id",
        "type",
        "issuer",
        "name",
        "validFrom",
        "validUntil",
        "credentialSubject",
        "achievement",
        "proof",
        "cryptosuite",
        "verificationMethod",
        "proofPurpose",
        "proofValue",
        "previousProof",
        "created",
        "credentialStatus",
        "statusListIndex",
        "statusListCredential",
        "endorsement",
        "endorsementJwt",
        "identifier",
        "credentialSchema",
        "vc",
        "badge",
        "recipient",
        "verification",
        "issuedOn",
        "evidence",
        "criteria",
        "x",
    ]);
    leaf.prop_recursive(6, 64, 8, move |inner| {
        let members = prop::collection::vec((name.clone(), inner.clone()), 0..12);
        prop_oneof![
            1 => prop::collection::vec(inner, 0..4).prop_map(Value::Array),
            3 => members.prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #![proptest_config(config(1024))]

    #[test]
    fn no_bytes_bring_the_verifier_down(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,80}") {
        for input in [bytes.as_slice(), text.as_bytes(), format!("{{{text}}}").as_bytes()] {
            for policy in [Policy::Strict, Policy::Lenient] {
                prop_assert_ne!(judge(input, policy).verdict, Verdict::Valid);
            }
        }
    }

    #[test]
    fn no_json_brings_the_verifier_down(value in like_a_badge(), header in like_a_badge(), forced: bool) {
        let mut value = value;
        if forced && let Some(members) = value.as_object_mut() {
            members.insert("type".to_owned(), json!(["VerifiableCredential", "OpenBadgeCredential"]));
        }
        let payload = URL_SAFE_NO_PAD.encode(value.to_string());
        let plain = URL_SAFE_NO_PAD.encode(r#"{"alg":"EdDSA"}"#);
        let strange = URL_SAFE_NO_PAD.encode(header.to_string());
        let signature = URL_SAFE_NO_PAD.encode([7; 64]);
        for input in [
            value.to_string(),
            format!("{plain}.{payload}.{signature}"),
            format!("{strange}.{payload}.{signature}"),
        ] {
            for policy in [Policy::Strict, Policy::Lenient] {
                prop_assert_ne!(judge(input.as_bytes(), policy).verdict, Verdict::Valid);
            }
        }
    }
}
