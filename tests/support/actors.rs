//! Who issues, signs and vouches in the tests, and the documents that they publish.

use badges_core::{
    json::{Json, Limits, Object, read},
    jsonld::{Budget, Contexts},
    key::{KeyKind, LocalSigner, SecretKey, Signer as _},
    proof::{
        integrity::{self, Document, ProofOptions, Suite},
        jws::{HeaderToWrite, sign as sign_jws},
    },
    status::{Bitstring, EntrySize, ListDraft, MIN_ENTRIES, Purpose},
};
use serde_json::{Value, json};

/// The time for which every verdict is asked, where a case does not say another.
pub const AT: &str = "2026-11-21T00:00:00Z";
/// An issuer whose keys stand in a document.
pub const WEB: &str = "did:web:hive.example";
pub const WEB_DOCUMENT: &str = "https://hive.example/.well-known/did.json";
/// An issuer by address.
pub const HTTPS: &str = "https://hive.example/issuer";
pub const JWKS: &str = "https://hive.example/.well-known/jwks.json";
/// Where the status list is supplied.
pub const LIST: &str = "https://hive.example/status/1";

pub const CONTEXTS: [&str; 2] =
    ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"];

/// The issuer's key, under its own did:key.
pub fn issuer() -> LocalSigner {
    of_seed(KeyKind::Ed25519, 1)
}

/// Somebody else.
pub fn other() -> LocalSigner {
    of_seed(KeyKind::Ed25519, 2)
}

/// The issuer's key under another name.
pub fn issuer_as(method: &str) -> LocalSigner {
    LocalSigner::new(SecretKey::from_seed(KeyKind::Ed25519, &[1; 32]).unwrap(), method)
}

pub fn of_seed(kind: KeyKind, seed: u8) -> LocalSigner {
    LocalSigner::did_key(SecretKey::from_seed(kind, &[seed; 32]).unwrap()).unwrap()
}

/// An unsigned badge of an issuer, valid at [`AT`].
pub fn badge(issuer: &str) -> Value {
    json!({
        "@context": CONTEXTS,
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
    })
}

/// What an endorser says of the achievement.
pub fn endorsement(endorser: &str) -> Value {
    json!({
        "@context": CONTEXTS,
        "id": "urn:uuid:2",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": endorser, "type": ["Profile"]},
        "name": "Seen",
        "validFrom": "2026-11-02T09:30:00Z",
        "credentialSubject": {"id": "urn:uuid:1", "type": ["EndorsementSubject"]},
    })
}

/// The same document with these members instead.
pub fn but(mut document: Value, members: Value) -> Value {
    for (name, value) in members.as_object().unwrap() {
        document[name] = value.clone();
    }
    document
}

/// Signs whatever can be hashed, without looking for what a verifier would refuse.
pub fn rdfc(document: &Value, signer: &LocalSigner) -> Value {
    embedded(document, Suite::EddsaRdfc2022, signer)
}

/// As [`rdfc`], with a suite.
pub fn embedded(document: &Value, suite: Suite, signer: &LocalSigner) -> Value {
    let text = document.to_string();
    let object = tree(&text);
    let options = ProofOptions { created: Some(AT.parse().unwrap()), suite };
    let proof = integrity::sign(&object, &options, signer, &Contexts::new()).unwrap();
    but(document.clone(), json!({"proof": serde_json::from_str::<Value>(&proof).unwrap()}))
}

/// A proof with these members beside the usual ones; the document may carry others already.
pub fn proof_with(document: &Value, members: Value, signer: &LocalSigner) -> Value {
    let proof = but(
        json!({
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "verificationMethod": signer.verification_method(),
            "proofPurpose": "assertionMethod",
        }),
        members,
    );
    let (document, config) = (document.to_string(), proof.to_string());
    let (document, config, contexts) = (tree(&document), tree(&config), Contexts::new());
    let data = Document::new(&document, &contexts, &Budget::default()).hash_data(
        &config,
        Suite::EddsaRdfc2022,
        KeyKind::Ed25519,
    );
    let signature = signer.sign(data.unwrap().bytes()).unwrap();
    but(proof, json!({"proofValue": format!("z{}", bs58::encode(signature).into_string())}))
}

/// The claims of a token around a credential.
pub fn claims(credential: &Value) -> Value {
    let seconds = |name: &str| {
        let point = credential[name].as_str()?.parse::<badges_core::time::Timestamp>().unwrap();
        Some(json!(point.unix_seconds()))
    };
    let issuer = &credential["issuer"];
    let mut claims = json!({
        "iss": issuer.as_str().or(issuer["id"].as_str()),
        "jti": credential["id"],
        "sub": credential["credentialSubject"]["id"],
        "nbf": seconds("validFrom"),
    });
    if let Some(until) = seconds("validUntil") {
        claims["exp"] = until;
    }
    but(credential.clone(), claims)
}

/// A token that names its key by the signer's method.
pub fn jwt(credential: &Value, signer: &LocalSigner) -> String {
    let header = HeaderToWrite { kid: Some(signer.verification_method()), ..HeaderToWrite::default() };
    jwt_with(&claims(credential), &header, signer)
}

pub fn jwt_with(payload: &Value, header: &HeaderToWrite<'_>, signer: &LocalSigner) -> String {
    sign_jws(payload.to_string().as_bytes(), header, signer).unwrap()
}

/// The document of an issuer with one key, which has these members beside the usual ones.
pub fn controller(id: &str, method: &str, key: &LocalSigner, members: Value) -> Value {
    let method_object = json!({
        "id": method,
        "type": "Multikey",
        "controller": id,
        "publicKeyMultibase": key.public_key().to_multikey(),
    });
    json!({
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": id,
        "verificationMethod": [but(method_object, members)],
        "assertionMethod": [method],
    })
}

/// A set of keys with this one in it.
pub fn jwks(kid: &str, key: &LocalSigner) -> Value {
    let jwk = serde_json::to_value(key.public_key().to_jwk()).unwrap();
    json!({"keys": [but(jwk, json!({"kid": kid}))]})
}

/// An entry of a bitstring.
pub fn entry(purpose: &str, index: u32) -> Value {
    json!({
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": index.to_string(),
        "statusListCredential": LIST,
    })
}

/// An unsigned list for revocation and suspension, with these bits set.
pub fn list(issuer: &str, set: &[u64]) -> Value {
    list_of(issuer, MIN_ENTRIES, set)
}

pub fn list_of(issuer: &str, entries: usize, set: &[u64]) -> Value {
    let mut bits = Bitstring::new(MIN_ENTRIES, EntrySize::ONE).unwrap();
    for at in set {
        bits.set(*at, EntrySize::ONE, 1).unwrap();
    }
    let draft = ListDraft {
        id: LIST.to_owned(),
        issuer: issuer.to_owned(),
        purposes: vec![Purpose::Revocation, Purpose::Suspension],
        valid_from: None,
        valid_until: None,
        ttl: None,
    };
    let mut list = serde_json::to_value(draft.credential(&bits).unwrap()).unwrap();
    if entries < MIN_ENTRIES {
        list["credentialSubject"]["encodedList"] = json!(short(entries, set));
    }
    list
}

/// A packed list that is shorter than any may be.
fn short(entries: usize, set: &[u64]) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let mut bytes = vec![0_u8; entries / 8];
    for at in set {
        bytes[*at as usize / 8] |= 0x80 >> (at % 8);
    }
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    packed.extend(miniz_oxide::deflate::compress_to_vec(&bytes, 6));
    packed.extend(crc32fast::hash(&bytes).to_le_bytes());
    packed.extend((bytes.len() as u32).to_le_bytes());
    format!("u{}", URL_SAFE_NO_PAD.encode(packed))
}

fn tree(text: &str) -> Object<'_> {
    match read(text.as_bytes(), &Limits::default()) {
        Ok(Json::Object(object)) => object,
        other => panic!("{other:?}"),
    }
}
