//! Status lists on the way from the badge to the verdict: whose they are, and how many.

use badges_core::{
    did::MemoryDocuments,
    json::{Json, Limits, read},
    jsonld::Contexts,
    key::{KeyKind, LocalSigner, SecretKey, Signer as _},
    proof::integrity::{ProofOptions, Suite, sign},
    status::{Bitstring, EntrySize},
    verify::{Options, Report, Verdict, inspect},
};
use serde_json::{Value, json};

const LIST: &str = "https://hive.example/status/1";

fn signer(seed: u8) -> LocalSigner {
    of_kind(KeyKind::Ed25519, seed)
}

fn of_kind(kind: KeyKind, seed: u8) -> LocalSigner {
    LocalSigner::did_key(SecretKey::from_seed(kind, &[seed; 32]).unwrap()).unwrap()
}

fn signed(mut document: Value, signer: &LocalSigner) -> Value {
    let text = document.to_string();
    let limits = Limits { bytes: 1 << 24, ..Limits::default() };
    let Json::Object(object) = read(text.as_bytes(), &limits).unwrap() else { unreachable!() };
    let suite = match signer.public_key().kind() {
        KeyKind::Ed25519 => Suite::EddsaJcs2022,
        _ => Suite::EcdsaJcs2019,
    };
    let options = ProofOptions { created: None, suite };
    let proof = sign(&object, &options, signer, &Contexts::new()).unwrap();
    document["proof"] = serde_json::from_str(&proof).unwrap();
    document
}

fn list(issuer: &str, bits: &Bitstring) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": "2024-01-01T00:00:00Z",
        "credentialSubject": {
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": bits.encode(),
        },
    })
}

fn entry(index: usize) -> Value {
    json!({
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": index.to_string(),
        "statusListCredential": LIST,
    })
}

fn credential(kind: &str, id: &str, signer: &LocalSigner, subject: Value) -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": id,
        "type": ["VerifiableCredential", kind],
        "name": "Astronaut",
        "issuer": { "id": signer.controller(), "type": ["Profile"] },
        "validFrom": "2024-01-01T00:00:00Z",
        "credentialStatus": [entry(7)],
        "credentialSubject": subject,
    })
}

fn badge(signer: &LocalSigner) -> Value {
    let achievement = json!({
        "id": "https://hive.example/astronaut",
        "type": ["Achievement"],
        "name": "Astronaut",
        "description": "Knows how to leave the planet.",
        "criteria": { "narrative": "Built a rocket and flew it." },
    });
    let subject =
        json!({ "id": "did:example:ada", "type": ["AchievementSubject"], "achievement": achievement });
    credential("OpenBadgeCredential", "urn:uuid:1", signer, subject)
}

fn judge(badge: &Value, list: &Value) -> Report {
    let mut documents = MemoryDocuments::new();
    documents.insert(LIST, list.to_string());
    let contexts = Contexts::new();
    inspect(
        badge.to_string().as_bytes(),
        &Options::new("2026-01-01T00:00:00Z".parse().unwrap(), &contexts, &documents),
    )
}

#[test]
fn a_list_within_the_list_of_another_speaks_for_nobody() {
    let (issuer, attacker) = (signer(1), signer(2));
    let bits = Bitstring::new(131_072, EntrySize::ONE).unwrap();
    let badge = signed(badge(&issuer), &issuer);
    let own = list(issuer.controller(), &bits);
    let mut around = list(attacker.controller(), &bits);
    around["vc"] = own.clone();

    assert_eq!(judge(&badge, &signed(own, &issuer)).verdict, Verdict::Valid);
    let report = judge(&badge, &signed(around, &attacker));

    assert_eq!((report.verdict, report.code.as_str()), (Verdict::Undecided, "status_not_bound"));
}

#[test]
fn endorsements_cannot_make_a_verifier_inflate_long_lists_for_ever() {
    let issuer = signer(1);
    let long = Bitstring::new(8 << 23, EntrySize::ONE).unwrap();
    let list = signed(list(issuer.controller(), &long), &issuer);
    let mut plain = badge(&issuer);
    plain["credentialStatus"] = (0..4).map(entry).collect();

    assert_eq!(judge(&signed(plain, &issuer), &list).verdict, Verdict::Valid);
    let report = judge(&heavy(&issuer, entry), &list);

    assert_eq!((report.verdict, report.code.as_str()), (Verdict::Invalid, "too_complex"));
}

#[test]
fn endorsements_cannot_make_a_verifier_read_long_plain_lists_for_ever() {
    let issuer = signer(1);
    let plain = |_| json!({ "type": "1EdTechRevocationList", "id": LIST });
    let list = |items: usize| {
        let items: Vec<_> = (0..items).map(|at| json!({ "id": format!("urn:{at:06}") })).collect();
        json!({ "id": LIST, "issuer": issuer.controller(), "revokedCredential": items })
    };
    let mut light = badge(&issuer);
    light["credentialStatus"] = (0..4).map(plain).collect();
    let light = signed(light, &issuer);
    let long = list(400_000);

    assert_eq!(judge(&light, &long).verdict, Verdict::Valid);
    let report = judge(&heavy(&issuer, plain), &long);

    assert_eq!((report.verdict, report.code.as_str()), (Verdict::Invalid, "too_complex"));
    let report = judge(&light, &list(450_000));
    assert_eq!((report.verdict, report.code.as_str()), (Verdict::Undecided, "status_malformed"));
}

#[test]
fn lists_cannot_make_a_verifier_check_signatures_for_ever() {
    let issuer = of_kind(KeyKind::P256, 1);
    let bits = Bitstring::new(131_072, EntrySize::ONE).unwrap();
    let mut list = signed(list(issuer.controller(), &bits), &issuer);
    list["proof"] = json!(vec![list["proof"].clone(); 8]);
    let entries = |count| {
        let mut badge = badge(&issuer);
        badge["credentialStatus"] = (0..count).map(entry).collect();
        signed(badge, &issuer)
    };

    assert_eq!(judge(&entries(4), &list).verdict, Verdict::Valid);
    let report = judge(&entries(16), &list);

    assert_eq!((report.verdict, report.code.as_str()), (Verdict::Invalid, "too_complex"));
}

/// A badge with as many endorsements as there may be, each with as many entries.
fn heavy(issuer: &LocalSigner, entry: impl Fn(usize) -> Value) -> Value {
    let endorsement = |at: usize| {
        let subject = json!({ "id": "urn:uuid:1", "type": ["EndorsementSubject"] });
        let id = format!("urn:uuid:e{at}");
        let mut endorsement = credential("EndorsementCredential", &id, issuer, subject);
        endorsement["credentialStatus"] = (0..16).map(&entry).collect();
        signed(endorsement, issuer)
    };
    let mut badge = badge(issuer);
    badge["endorsement"] = (0..32).map(endorsement).collect();
    signed(badge, issuer)
}
