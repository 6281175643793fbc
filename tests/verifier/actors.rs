//! An issuer on the web, its badges, and what it publishes.

use badges_core::{
    json::{Json, Limits, read},
    jsonld::Contexts,
    key::{KeyKind, LocalSigner, SecretKey, Signer as _},
    proof::{
        integrity::{self, ProofOptions, Suite},
        jws::{HeaderToWrite, sign as sign_jws},
    },
    status::{Bitstring, EntrySize, ListDraft, MIN_ENTRIES, Purpose},
};
use serde_json::{Value, json};

pub(crate) const HIVE: &str = "did:web:hive.example";
pub(crate) const DID: &str = "https://hive.example/.well-known/did.json";
pub(crate) const LIST: &str = "https://hive.example/status/1";

/// The issuer's key under a name.
pub(crate) fn signer(method: &str) -> LocalSigner {
    LocalSigner::new(SecretKey::from_seed(KeyKind::Ed25519, &[1; 32]).unwrap(), method)
}

/// The key of did:web:hive.example.
pub(crate) fn hive() -> LocalSigner {
    signer("did:web:hive.example#key-1")
}

/// An unsigned badge with these members beside the usual ones.
pub(crate) fn badge(issuer: &str, members: Value) -> Value {
    let badge = json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:7b1d7f9e-6a2c-4f0e-9d3b-0f6a5b1c2d3e",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Hive"},
        "name": "Comet",
        "validFrom": "2026-11-01T09:30:00Z",
        "credentialSubject": {
            "id": "did:example:ada",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "urn:uuid:1",
                "type": ["Achievement"],
                "name": "Comet",
                "description": "Found one",
                "criteria": {"narrative": "Find one."},
            },
        },
    });
    but(badge, members)
}

/// A badge of did:web:hive.example with a place in its list, signed.
pub(crate) fn listed(index: u32) -> Vec<u8> {
    signed(&badge(HIVE, json!({"credentialStatus": entry(LIST, index)})), &hive()).to_string().into_bytes()
}

pub(crate) fn entry(list: &str, index: u32) -> Value {
    json!({
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": index.to_string(),
        "statusListCredential": list,
    })
}

pub(crate) fn but(mut document: Value, members: Value) -> Value {
    for (name, value) in members.as_object().unwrap() {
        document[name] = value.clone();
    }
    document
}

pub(crate) fn signed(document: &Value, signer: &LocalSigner) -> Value {
    signed_by(Suite::EddsaRdfc2022, document, signer)
}

/// The same by a suite.
pub(crate) fn signed_by(suite: Suite, document: &Value, signer: &LocalSigner) -> Value {
    let text = document.to_string();
    let Ok(Json::Object(object)) = read(text.as_bytes(), &Limits::default()) else { panic!("{text}") };
    let created = Some("2026-11-01T09:30:00Z".parse().unwrap());
    let options = ProofOptions { created, suite };
    let proof = integrity::sign(&object, &options, signer, &Contexts::new()).unwrap();
    but(document.clone(), json!({"proof": serde_json::from_str::<Value>(&proof).unwrap()}))
}

/// A token of this badge that names its key so.
pub(crate) fn token(credential: &Value, kid: &str) -> String {
    let claims = json!({
        "iss": credential["issuer"]["id"], "jti": credential["id"],
        "sub": credential["credentialSubject"]["id"], "nbf": 1_793_525_400,
    });
    let header = HeaderToWrite { kid: Some(kid), ..HeaderToWrite::default() };
    sign_jws(but(credential.clone(), claims).to_string().as_bytes(), &header, &signer(kid)).unwrap()
}

/// The document of did:web:hive.example.
pub(crate) fn did_document() -> String {
    let method = "did:web:hive.example#key-1";
    json!({
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": HIVE,
        "verificationMethod": [{
            "id": method, "type": "Multikey", "controller": HIVE,
            "publicKeyMultibase": hive().public_key().to_multikey(),
        }],
        "assertionMethod": [method],
    })
    .to_string()
}

/// The key set of an issuer by address.
pub(crate) fn key_set(kid: &str) -> String {
    let jwk = serde_json::to_value(signer(kid).public_key().to_jwk()).unwrap();
    json!({"keys": [but(jwk, json!({"kid": kid}))]}).to_string()
}

/// The signed list of did:web:hive.example with these bits set.
pub(crate) fn list(set: &[u64]) -> String {
    let mut bits = Bitstring::new(MIN_ENTRIES, EntrySize::ONE).unwrap();
    for at in set {
        bits.set(*at, EntrySize::ONE, 1).unwrap();
    }
    let draft = ListDraft {
        id: LIST.to_owned(),
        issuer: HIVE.to_owned(),
        purposes: vec![Purpose::Revocation],
        valid_from: None,
        valid_until: None,
        ttl: None,
    };
    signed(&serde_json::to_value(draft.credential(&bits).unwrap()).unwrap(), &hive()).to_string()
}

/// A hosted badge of Open Badges 2.0, its class and its issuer, each with its address.
pub(crate) fn hosted() -> [(&'static str, Value); 3] {
    let [id, class, issuer] =
        ["https://hive.example/1", "https://hive.example/class", "https://hive.example/issuer"];
    let context = "https://w3id.org/openbadges/v2";
    let assertion = json!({
        "@context": context, "type": "Assertion", "id": id, "badge": class,
        "recipient": {"type": "email", "hashed": false, "identity": "ada@example.org"},
        "issuedOn": "2026-01-01T00:00:00Z", "verification": {"type": "HostedBadge"},
    });
    let badge_class = json!({
        "@context": context, "type": "BadgeClass", "id": class, "issuer": issuer, "name": "Bee",
        "description": "Keeps bees", "image": "https://hive.example/b.png", "criteria": {"narrative": "Keep bees"},
    });
    let profile = json!({
        "@context": context, "type": "Issuer", "id": issuer, "name": "Hive",
        "url": "https://hive.example", "email": "bees@hive.example",
    });
    [(id, assertion), (class, badge_class), (issuer, profile)]
}
