//! Documents that are nearly badges, or that were made to keep the structure check busy.

use std::time::{Duration, Instant};

use badges_core::{
    json::{Limits, read},
    model::{DocumentKind, Fault, Severity, Violation, check_badge, check_structure, kind_of},
};
use serde_json::{Value, json};

use crate::cases::{Cases, case};

pub fn badge() -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ],
        "id": "urn:uuid:1", "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": { "id": "did:web:issuer.example", "type": ["Profile"], "name": "Observatory" },
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "did:web:ada.example", "type": ["AchievementSubject"],
            "achievement": {
                "id": "urn:uuid:2", "type": ["Achievement"], "name": "Comets",
                "description": "Found a comet", "criteria": { "narrative": "Report one." }
            }
        }
    })
}

/// What stands in the way of a badge with this value at this place, in both policies.
fn with(pointer: &str, value: Value) -> Vec<Violation> {
    let mut badge = badge();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = badge.pointer_mut(parent).unwrap();
    match parent.as_array_mut() {
        Some(items) => items.insert(name.parse().unwrap(), value),
        None => parent[name] = value,
    }
    refusals(&badge)
}

fn without(pointer: &str) -> Vec<Violation> {
    let mut badge = badge();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    badge.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
    refusals(&badge)
}

fn refusals(badge: &Value) -> Vec<Violation> {
    let text = badge.to_string();
    let tree = read(text.as_bytes(), &Limits::default()).unwrap();
    check_badge(tree.as_object().unwrap())
}

/// The path and the severity of the only violation.
fn only(found: &[Violation]) -> Option<(&str, Severity)> {
    match found {
        [one] => Some((&one.path, one.severity)),
        _ => None,
    }
}

#[test]
fn what_is_missing_is_named_by_its_path() {
    let mut cases = Cases::new("structure, missing");

    case!(cases, "nothing", refusals(&badge()), found if found.is_empty());
    for pointer in [
        "/@context",
        "/id",
        "/type",
        "/issuer",
        "/validFrom",
        "/credentialSubject",
        "/issuer/id",
        "/issuer/type",
        "/credentialSubject/type",
        "/credentialSubject/achievement",
        "/credentialSubject/achievement/id",
        "/credentialSubject/achievement/type",
        "/credentialSubject/achievement/name",
        "/credentialSubject/achievement/description",
        "/credentialSubject/achievement/criteria",
    ] {
        let path = format!("${}", pointer.replace('/', ".").replace(".@context", "[\"@context\"]"));
        case!(cases, pointer, without(pointer), found if only(found) == Some((&path, Severity::Always)));
    }
    case!(cases, "recipient", without("/credentialSubject/id"),
        found if found[0].fault == Fault::NoRecipient && found[0].path == "$.credentialSubject");
    cases.finish();
}

#[test]
fn what_is_nearly_right_is_refused_at_its_path() {
    let mut cases = Cases::new("structure, nearly right");
    let always = |pointer: &str, value: Value, path: &str| {
        let found = with(pointer, value);
        found.iter().any(|one| one.path == path && one.severity == Severity::Always)
    };
    let second = badge()["credentialSubject"].clone();
    let nearly: Vec<(&str, &str, Value, &str)> = vec![
        (
            "contexts swapped",
            "/@context/0",
            json!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"),
            "$[\"@context\"][0]",
        ),
        (
            "a context between",
            "/@context/1",
            json!("https://w3id.org/security/data-integrity/v2"),
            "$[\"@context\"][1]",
        ),
        ("contexts as text", "/@context", json!("https://www.w3.org/ns/credentials/v2"), "$[\"@context\"]"),
        ("contexts empty", "/@context", json!([]), "$[\"@context\"][0]"),
        ("context inline", "/@context/0", json!({ "@vocab": "urn:x:" }), "$[\"@context\"][0]"),
        (
            "context nearly",
            "/@context/1",
            json!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json#"),
            "$[\"@context\"][1]",
        ),
        ("context http", "/@context/0", json!("http://www.w3.org/ns/credentials/v2"), "$[\"@context\"][0]"),
        (
            "context slash",
            "/@context/0",
            json!("https://www.w3.org/ns/credentials/v2/"),
            "$[\"@context\"][0]",
        ),
        (
            "context of 10",
            "/@context/1",
            json!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.10.json"),
            "$[\"@context\"][1]",
        ),
        (
            "context beta",
            "/@context/1",
            json!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json.json"),
            "$[\"@context\"][1]",
        ),
        (
            "type by IRI",
            "/type",
            json!([
                "VerifiableCredential",
                "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential"
            ]),
            "$.type",
        ),
        ("type in other case", "/type", json!(["VerifiableCredential", "openBadgeCredential"]), "$.type"),
        ("type without the first", "/type", json!(["OpenBadgeCredential"]), "$.type"),
        ("type of a number", "/type/0", json!(1), "$.type[0]"),
        ("type nested", "/type/0", json!(["VerifiableCredential"]), "$.type[0]"),
        ("id relative", "/id", json!("badges/1"), "$.id"),
        ("id of two", "/id", json!(["urn:a:1", "urn:a:2"]), "$.id"),
        ("id empty", "/id", json!(""), "$.id"),
        ("id with space", "/id", json!("urn:a: 1"), "$.id"),
        ("id of scheme alone", "/id", json!("urn:"), "$.id"),
        ("id blank node", "/id", json!("_:b0"), "$.id"),
        ("two subjects", "/credentialSubject", json!([second, second]), "$.credentialSubject"),
        ("one subject in an array", "/credentialSubject", json!([second]), "$.credentialSubject"),
        ("no subject in an array", "/credentialSubject", json!([]), "$.credentialSubject"),
        ("two issuers", "/issuer", json!([{ "id": "urn:a:1", "type": ["Profile"] }]), "$.issuer"),
        ("issuer of no URI", "/issuer", json!("the observatory"), "$.issuer"),
        ("issuer of another type", "/issuer/type", json!(["IssuerProfile"]), "$.issuer.type"),
        ("time without offset", "/validFrom", json!("2026-01-01T00:00:00"), "$.validFrom"),
        ("time of a day", "/validFrom", json!("2026-01-01"), "$.validFrom"),
        ("time of a number", "/validFrom", json!(1_767_225_600), "$.validFrom"),
        ("time of February 30", "/validFrom", json!("2026-02-30T00:00:00Z"), "$.validFrom"),
        ("time of two", "/validFrom", json!(["2026-01-01T00:00:00Z"]), "$.validFrom"),
        ("end before beginning", "/validUntil", json!("2025-12-31T23:59:59Z"), "$.validUntil"),
        ("end null", "/validUntil", json!(null), "$.validUntil"),
        ("unknown null", "/other", json!(null), "$.other"),
        ("name of a number", "/name", json!(5), "$.name"),
        ("name of an odd value object", "/name", json!({ "@value": "x", "url": "y" }), "$.name.url"),
        ("name of an empty object", "/name", json!({}), "$.name"),
        (
            "criteria empty",
            "/credentialSubject/achievement/criteria",
            json!({}),
            "$.credentialSubject.achievement.criteria",
        ),
        (
            "criteria of a URL",
            "/credentialSubject/achievement/criteria",
            json!("https://a.example/"),
            "$.credentialSubject.achievement.criteria",
        ),
        (
            "kind unknown",
            "/credentialSubject/achievement/achievementType",
            json!("Medal"),
            "$.credentialSubject.achievement.achievementType",
        ),
        (
            "kind ext alone",
            "/credentialSubject/achievement/achievementType",
            json!("ext:"),
            "$.credentialSubject.achievement.achievementType",
        ),
        (
            "kind EXT",
            "/credentialSubject/achievement/achievementType",
            json!("EXT:Medal"),
            "$.credentialSubject.achievement.achievementType",
        ),
        (
            "credits of a text",
            "/credentialSubject/creditsEarned",
            json!("3"),
            "$.credentialSubject.creditsEarned",
        ),
        (
            "image of a text",
            "/credentialSubject/achievement/image",
            json!("https://a.example/x.png"),
            "$.credentialSubject.achievement.image",
        ),
        ("image with more", "/image", json!({ "id": "urn:a:1", "type": "Image", "alt": "x" }), "$.image.alt"),
        ("image of types", "/image", json!({ "id": "urn:a:1", "type": ["Image"] }), "$.image.type"),
        (
            "identity with more",
            "/credentialSubject/identifier",
            json!({ "type": "IdentityObject", "hashed": false, "identityHash": "x", "identityType": "name", "name": "x" }),
            "$.credentialSubject.identifier.name",
        ),
        (
            "identity of email",
            "/credentialSubject/identifier",
            json!([{ "type": "IdentityObject", "hashed": false, "identityHash": "x", "identityType": "email" }]),
            "$.credentialSubject.identifier[0].identityType",
        ),
        (
            "hashed of a text",
            "/credentialSubject/identifier",
            json!([{ "type": "IdentityObject", "hashed": "true", "identityHash": "x", "identityType": "name" }]),
            "$.credentialSubject.identifier[0].hashed",
        ),
        (
            "target of no URL",
            "/credentialSubject/achievement/alignment",
            json!({ "type": "Alignment", "targetName": "x", "targetUrl": "y" }),
            "$.credentialSubject.achievement.alignment.targetUrl",
        ),
        (
            "set in a set",
            "/credentialSubject/achievement/tag",
            json!([["x"]]),
            "$.credentialSubject.achievement.tag[0]",
        ),
        (
            "language",
            "/credentialSubject/achievement/inLanguage",
            json!("DE"),
            "$.credentialSubject.achievement.inLanguage",
        ),
        ("day", "/issuer/dateOfBirth", json!("2026-02-29"), "$.issuer.dateOfBirth"),
        ("token", "/endorsementJwt", json!(["a.b"]), "$.endorsementJwt[0]"),
        ("endorsement without name", "/endorsement", json!([{ "id": "urn:a:1" }]), "$.endorsement[0].name"),
        ("status without type", "/credentialStatus", json!({ "id": "urn:a:1" }), "$.credentialStatus.type"),
        ("schema without id", "/credentialSchema", json!([{ "type": "x" }]), "$.credentialSchema[0].id"),
        ("proof of a text", "/proof", json!("x"), "$.proof"),
        ("resource without digest", "/relatedResource", json!({ "id": "urn:a:1" }), "$.relatedResource"),
        (
            "resource twice",
            "/relatedResource",
            json!([{ "id": "urn:a:1", "digestMultibase": "uEi" }, { "id": "urn:a:1", "digestMultibase": "uEi" }]),
            "$.relatedResource[1].id",
        ),
        (
            "status of a result",
            "/credentialSubject/result",
            json!([{ "type": ["Result"], "status": "Done" }]),
            "$.credentialSubject.result[0].status",
        ),
    ];
    for (name, pointer, value, path) in nearly {
        case!(cases, name, always(pointer, value.clone(), path), refused if *refused);
    }
    case!(
        cases,
        "issuer of a URI",
        only(&with("/issuer", json!("did:web:issuer.example"))).map(|(_, severity)| severity),
        Some(Severity::Strict)
    );
    cases.finish();
}

#[test]
fn what_a_document_is_goes_by_terms_alone() {
    let mut cases = Cases::new("structure, kinds");
    let kind = |value: Value| {
        let text = value.to_string();
        kind_of(read(text.as_bytes(), &Limits::default()).unwrap().as_object().unwrap())
    };

    case!(cases, "an empty object", kind(json!({})), DocumentKind::NotABadge);
    case!(
        cases,
        "@type",
        kind(json!({ "@type": ["VerifiableCredential", "OpenBadgeCredential"] })),
        DocumentKind::NotABadge
    );
    case!(
        cases,
        "types as object",
        kind(json!({ "type": { "OpenBadgeCredential": true } })),
        DocumentKind::NotABadge
    );
    case!(cases, "type nested", kind(json!({ "type": [["OpenBadgeCredential"]] })), DocumentKind::NotABadge);
    case!(
        cases,
        "a badge and a record",
        kind(json!({ "type": ["OpenBadgeCredential", "ClrCredential"] })),
        DocumentKind::Clr
    );
    case!(
        cases,
        "a presentation",
        kind(json!({ "type": "VerifiablePresentation" })),
        DocumentKind::Presentation
    );
    case!(
        cases,
        "a credential",
        kind(json!({ "type": "VerifiableCredential" })),
        DocumentKind::OtherCredential(_)
    );
    case!(
        cases,
        "a list",
        kind(json!({ "type": ["VerifiableCredential", "BitstringStatusListCredential"] })),
        DocumentKind::StatusList(_)
    );
    case!(cases, "a key", kind(json!({ "kty": "OKP", "crv": "Ed25519" })), DocumentKind::NotABadge);
    cases.finish();
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long it takes is the claim")]
fn large_documents_are_judged_soon_and_in_short() {
    let mut cases = Cases::new("structure, large");
    let many = |name: &str, item: &str, count: usize| {
        let mut badge = badge().to_string();
        badge.pop();
        let items = vec![item; count].join(",");
        format!("{badge},\"{name}\":[{items}]}}")
    };
    let members = |count: usize| {
        let mut badge = badge().to_string();
        badge.pop();
        let members: String = (0..count).map(|at| format!(",\"m{at}\":null")).collect();
        format!("{badge}{members}}}")
    };
    let deep = |count: usize| {
        let mut badge = badge().to_string();
        badge.pop();
        let profile = r#"{"id":"urn:a:1","type":"Profile","parentOrg":"#.repeat(count);
        format!("{badge},\"issuer2\":0,\"evidence\":{profile}0{}}}", "}".repeat(count))
    };
    let checked = |text: String| {
        let limits = Limits { bytes: 1 << 20, ..Limits::default() };
        let tree = read(text.as_bytes(), &limits).unwrap();
        let started = Instant::now();
        let found = check_badge(tree.as_object().unwrap()).len();
        (found, started.elapsed())
    };
    let soon = Duration::from_millis(100);

    case!(cases, "proofs of nothing", checked(many("proof", "0", 100_000)), (found, took)
        if *found == Violation::MOST && *took < soon);
    case!(cases, "evidence of nothing", checked(many("evidence", "{}", 60_000)), (found, took)
        if *found == Violation::MOST && *took < soon);
    case!(cases, "unknown nulls", checked(members(15_000)), (found, took)
        if *found == Violation::MOST && *took < soon);
    case!(cases, "deep", checked(deep(50)), (found, _) if *found > 0);
    let results = r#"{"type":"Result","resultDescription":"urn:a:1"}"#;
    case!(cases, "results", checked(many("result", results, 5000)).1, took if *took < soon);
    case!(cases, "a related resource many times", {
        let text = many("relatedResource", r#"{"id":"urn:a:1","digestMultibase":"uEi"}"#, 5000);
        let tree = read(text.as_bytes(), &Limits { bytes: 1 << 20, ..Limits::default() }).unwrap();
        check_structure(tree.as_object().unwrap()).len()
    }, found if *found == Violation::MOST);
    cases.finish();
}
