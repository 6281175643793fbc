//! Documents that cost as much as the limits allow: signed, for an attacker has a key too.

use badges_core::{
    did::did_key,
    issue::{ProofKind, sign_text},
    json::{Limits, read},
    jsonld::Contexts,
    key::{KeyKind, LocalSigner, PublicKey, SecretKey, Signer, SignerError},
    proof::integrity::{self, ProofOptions, Suite},
    time::Timestamp,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use p384::ecdsa::{Signature, SigningKey, signature::Signer as _};
use serde_json::{Value, json};

/// The size that documents may have by default, less what signing adds.
const ROOM: usize = 256 * 1024 - 4096;

/// A name and a document for each kind of work that an attacker may ask for.
pub(crate) fn documents(contexts: &Contexts) -> Vec<(&'static str, String)> {
    let signer = LocalSigner::did_key(SecretKey::from_seed(KeyKind::Ed25519, &[9; 32]).unwrap()).unwrap();
    let slow = SlowSigner::new();
    let repeat = |member: &str, item: Value| {
        let mut badge = badge(signer.controller());
        let count = (ROOM - badge.to_string().len()) / (item.to_string().len() + 1);
        badge["credentialSubject"]["achievement"][member] = vec![item; count].into();
        badge
    };
    let rdfc = |badge: &Value| signed(badge, Suite::EddsaRdfc2022, &signer, contexts);
    let same = |count: usize| {
        let mut badge = badge(signer.controller());
        badge["evidence"] = vec![json!({"type": ["Evidence"]}); count].into();
        badge
    };
    let tags: Vec<_> = (0..ROOM / 9).map(|number| format!("{number:06}")).collect();
    let mut tagged = badge(signer.controller());
    tagged["credentialSubject"]["achievement"]["tag"] = tags.into();
    let alignment = json!({"type": ["Alignment"], "targetName": "a", "targetUrl": "urn:a:b"});
    let related = json!({"type": ["Related"], "id": "urn:a:b", "version": "1"});
    let eight = |badge: &Value| many_proofs(&rdfc(badge));
    let endorsed = |signer: &dyn Signer, issuer: &str, count| endorsed(signer, issuer, count, contexts);
    let mut all = vec![
        ("thousands of blank nodes, one proof", rdfc(&repeat("alignment", alignment.clone()))),
        ("thousands of blank nodes, eight proofs", eight(&repeat("alignment", alignment))),
        ("one node told thousands of times, eight proofs", eight(&repeat("related", related))),
        ("thousands of tags, eight proofs", eight(&tagged)),
        ("thousands of tags, JCS", signed(&tagged, Suite::EddsaJcs2022, &signer, contexts)),
    ];
    for (name, count) in [("20 nodes alike", 20), ("200 nodes alike", 200), ("2,000 nodes alike", 2000)] {
        all.push((name, rdfc(&same(count))));
    }
    all.push(("32 endorsements, Ed25519", endorsed(&signer, signer.controller(), 32)));
    all.push(("32 endorsements, P-384", endorsed(&slow, &slow.issuer(), 32)));
    all
}

fn now() -> Timestamp {
    "2026-11-21T00:00:00Z".parse().unwrap()
}

fn badge(issuer: &str) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": issuer, "type": ["Profile"], "name": "a"},
        "validFrom": "2024-01-01T00:00:00Z",
        "name": "a",
        "credentialSubject": {"id": "urn:a", "type": ["AchievementSubject"], "achievement": {
            "id": "urn:a:c", "type": ["Achievement"], "name": "a", "description": "a", "criteria": {"narrative": "a"},
        }},
    })
}

/// The badge signed without the lint, for an attacker does not ask it.
fn signed(badge: &Value, suite: Suite, signer: &dyn Signer, contexts: &Contexts) -> String {
    let text = badge.to_string();
    let json = read(text.as_bytes(), &Limits::default()).unwrap();
    let options = ProofOptions { created: Some(now()), suite };
    let Ok(proof) = integrity::sign(json.as_object().unwrap(), &options, signer, contexts) else {
        return forged(badge);
    };
    let mut badge = badge.clone();
    badge["proof"] = serde_json::from_str(&proof).unwrap();
    badge.to_string()
}

/// The badge with a proof that does not hold, where it is more than we would ever hash.
fn forged(badge: &Value) -> String {
    let mut badge = badge.clone();
    let issuer = badge["issuer"]["id"].as_str().unwrap().to_owned();
    let key = issuer.trim_start_matches("did:key:");
    badge["proof"] = json!({
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": "2026-11-21T00:00:00Z",
        "verificationMethod": format!("{issuer}#{key}"), "proofPurpose": "assertionMethod",
        "proofValue": format!("z{}", "2".repeat(86)),
    });
    badge.to_string()
}

/// The document with its proof eight times.
fn many_proofs(signed: &str) -> String {
    let mut badge: Value = serde_json::from_str(signed).unwrap();
    let proof = badge["proof"].clone();
    badge["proof"] = vec![proof; 8].into();
    badge.to_string()
}

/// A badge with endorsements of which each carries as many again, as far as there is room.
fn endorsed(signer: &dyn Signer, issuer: &str, count: usize, contexts: &Contexts) -> String {
    let endorsement = |number: usize, inner: &[String]| {
        let mut endorsement = json!({
            "@context": badge("")["@context"],
            "id": format!("urn:uuid:{number}"),
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "issuer": {"id": issuer, "type": ["Profile"], "name": "a"},
            "validFrom": "2024-01-01T00:00:00Z",
            "name": "a",
            "credentialSubject": {"id": "urn:a:c", "type": ["EndorsementSubject"], "endorsementComment": "a"},
        });
        if !inner.is_empty() {
            endorsement["endorsementJwt"] = inner.into();
        }
        sign_text(&endorsement.to_string(), ProofKind::Jwt, now(), signer, contexts)
    };
    let inner = endorsement(0, &[]).unwrap();
    let room = ROOM / count * 3 / 4;
    let inner = vec![inner.clone(); (room / (inner.len() + 200)).min(count)];
    let mut outer: Vec<_> = (1..=count).map(|number| endorsement(number, &inner).unwrap()).collect();
    let mut badge = badge(issuer);
    while outer.iter().map(String::len).sum::<usize>() > ROOM {
        outer.pop();
    }
    badge["endorsementJwt"] = outer.into();
    let suite = match signer.public_key().kind() {
        KeyKind::Ed25519 => Suite::EddsaJcs2022,
        _ => Suite::EcdsaJcs2019,
    };
    signed(&badge, suite, signer, contexts)
}

/// The key that takes longest to verify.
struct SlowSigner {
    secret: SigningKey,
    public: PublicKey,
    method: String,
}

impl SlowSigner {
    fn new() -> Self {
        let secret = SigningKey::from_slice(&[7; 48]).unwrap();
        let point = secret.verifying_key().to_sec1_point(false);
        let [x, y] = [1..49, 49..97].map(|part| URL_SAFE_NO_PAD.encode(&point.as_bytes()[part]));
        let jwk = format!(r#"{{"kty":"EC","crv":"P-384","x":"{x}","y":"{y}"}}"#);
        let public = PublicKey::from_jwk(&read(jwk.as_bytes(), &Limits::default()).unwrap()).unwrap();
        let did = did_key(&public).unwrap();
        let method = format!("{did}#{}", &did["did:key:".len()..]);
        Self { secret, public, method }
    }

    fn issuer(&self) -> String {
        did_key(&self.public).unwrap()
    }
}

impl Signer for SlowSigner {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn verification_method(&self) -> &str {
        &self.method
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let signature: Signature = self.secret.sign(message);
        Ok(signature.to_bytes().to_vec())
    }
}
