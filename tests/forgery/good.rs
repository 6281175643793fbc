//! Three good badges of each kind of proof: the least, one that others vouch for, and one with most of what a
//! badge can say.

use badges_core::{
    did::MemoryDocuments,
    issue::{ProofKind, sign_text},
    jsonld::Contexts,
    key::{KeyKind, LocalSigner, SecretKey},
    proof::jws::{HeaderToWrite, sign},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::actors::{AT, badge, but, endorsement, of_seed};

/// How a badge is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Rdfc,
    Jcs,
    Jwt,
    Es256,
    Ob2,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Rdfc, Self::Jcs, Self::Jwt, Self::Es256, Self::Ob2];
}

/// A badge that is believed.
pub struct Good {
    pub kind: Kind,
    pub name: &'static str,
    pub text: String,
    pub documents: MemoryDocuments,
}

pub fn good(kind: Kind) -> Vec<Good> {
    let (issuer, endorser) = (signer(kind, 7), signer(kind, 8));
    let proof = match kind {
        Kind::Rdfc => ProofKind::Rdfc,
        Kind::Jcs => ProofKind::Jcs,
        Kind::Jwt | Kind::Es256 => ProofKind::Jwt,
        Kind::Ob2 => return assertions(),
    };
    let all = [
        ("minimal", badge(issuer.controller())),
        ("endorsed", endorsed(issuer.controller(), &endorser, proof)),
        ("full", full(issuer.controller())),
    ];
    // One kind of badge shows what is different about the other curve.
    let many = if kind == Kind::Es256 { 1 } else { all.len() };
    let signed = |(name, badge): (&'static str, Value)| {
        let text = signed(&badge, proof, &issuer);
        Good { kind, name, text, documents: MemoryDocuments::new() }
    };
    all.into_iter().take(many).map(signed).collect()
}

fn signer(kind: Kind, seed: u8) -> LocalSigner {
    of_seed(if kind == Kind::Es256 { KeyKind::P256 } else { KeyKind::Ed25519 }, seed)
}

fn signed(credential: &Value, proof: ProofKind, signer: &LocalSigner) -> String {
    sign_text(&credential.to_string(), proof, AT.parse().unwrap(), signer, &Contexts::new()).unwrap()
}

fn endorsed(issuer: &str, endorser: &LocalSigner, proof: ProofKind) -> Value {
    let of_issuer = json!({"id": issuer, "type": ["EndorsementSubject"], "endorsementComment": "Good"});
    let endorsement = but(endorsement(endorser.controller()), json!({"credentialSubject": of_issuer}));
    let endorsement = signed(&endorsement, proof, endorser);
    let mut badge = badge(issuer);
    match proof {
        ProofKind::Jwt => badge["endorsementJwt"] = json!([endorsement]),
        _ => badge["endorsement"] = json!([serde_json::from_str::<Value>(&endorsement).unwrap()]),
    }
    badge["credentialSubject"]["identifier"] = json!([{
        "type": "IdentityObject",
        "hashed": true,
        "identityHash": "sha256$1d2f3a8ef2b9ab7e4f6a1d0c8b5e7a90c3d4e5f60718293a4b5c6d7e8f901234",
        "identityType": "emailAddress",
        "salt": "c1b8f0d2a4e6490b",
    }]);
    badge
}

/// The badge of the benches, with less to read.
fn full(issuer: &str) -> Value {
    let mut badge: Value =
        serde_json::from_str(include_str!("../../badges-core/benches/support/badge.json")).unwrap();
    badge["issuer"]["id"] = json!(issuer);
    let achievement = &mut badge["credentialSubject"]["achievement"];
    achievement["criteria"]["narrative"] = json!("## How\n\n1. Mend **it**.");
    achievement["description"] = json!("Finds what is wrong, \u{e9}t\u{e9}.");
    achievement["creditsAvailable"] = json!(2.5);
    achievement["alignment"][0]["targetDescription"] = json!("Keeping vehicles safe.");
    badge
}

/// Signed assertions of 2.0, whose issuer and key stand at their addresses.
fn assertions() -> Vec<Good> {
    let secret = SecretKey::from_seed(KeyKind::Ed25519, &[9; 32]).unwrap();
    let key = secret.public_key().to_multikey().unwrap();
    // RFC 8410: the frame of a public key of Ed25519 around its 32 bytes.
    let bytes = bs58::decode(&key[1..]).into_vec().unwrap();
    let frame = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let pem = STANDARD.encode([&frame, &bytes[2..]].concat());
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{pem}\n-----END PUBLIC KEY-----\n");
    let signer = LocalSigner::new(secret, "https://hive.example/key");
    let supplied = [
        json!({
            "@context": "https://w3id.org/openbadges/v2", "id": "https://hive.example/key",
            "type": "CryptographicKey", "owner": "https://hive.example/issuer", "publicKeyPem": pem,
        }),
        json!({
            "@context": "https://w3id.org/openbadges/v2", "id": "https://hive.example/issuer",
            "type": "Issuer", "name": "Hive", "url": "https://hive.example", "email": "bee@hive.example",
            "publicKey": "https://hive.example/key",
        }),
        json!({
            "@context": "https://w3id.org/openbadges/v2", "id": "https://hive.example/badge",
            "type": "BadgeClass", "name": "Comet", "description": "Found one",
            "image": "https://hive.example/badge.png", "criteria": {"narrative": "Find one."},
            "issuer": "https://hive.example/issuer",
        }),
    ];
    let mut documents = MemoryDocuments::new();
    for document in &supplied {
        documents.insert(document["id"].as_str().unwrap(), document.to_string());
    }
    let minimal = json!({
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": "urn:uuid:3",
        "recipient": {"type": "email", "hashed": false, "identity": "ada@hive.example"},
        "badge": "https://hive.example/badge",
        "verification": {"type": "SignedBadge", "creator": "https://hive.example/key"},
        "issuedOn": "2026-11-01T09:30:00Z",
    });
    let mut hashed = minimal.clone();
    hashed["recipient"] = json!({
        "type": "email", "hashed": true, "salt": "c1b8f0d2",
        "identity": "sha256$1d2f3a8ef2b9ab7e4f6a1d0c8b5e7a90c3d4e5f60718293a4b5c6d7e8f901234",
    });
    hashed["badge"] = supplied[2].clone();
    let mut full = hashed.clone();
    full["expires"] = json!("2031-11-01T09:30:00Z");
    full["narrative"] = json!("Three evenings.");
    full["image"] = json!("https://hive.example/assertions/3.png");
    full["evidence"] = json!([{"id": "https://hive.example/notes", "narrative": "Notes.", "name": "Notes"}]);
    let header = HeaderToWrite::default();
    [("minimal", minimal), ("hashed", hashed), ("full", full)]
        .map(|(name, assertion)| {
            let text = sign(assertion.to_string().as_bytes(), &header, &signer).unwrap();
            Good { kind: Kind::Ob2, name, text, documents: documents.clone() }
        })
        .into()
}
