//! Documents of Open Badges 2.0 with one fault.

use badges_core::{
    json::{Limits, read},
    model::{Severity, ob2},
};
use serde_json::{Value, json};

use crate::cases::{Cases, case};

#[test]
fn documents_of_2_0_are_refused_at_their_path() {
    let mut cases = Cases::new("structure, 2.0");
    let assertion = json!({
        "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://a.example/1",
        "recipient": { "type": "email", "hashed": false, "identity": "ada@example.org" },
        "badge": {
            "type": "BadgeClass", "id": "https://a.example/2", "name": "Comets", "description": "Found one",
            "image": "https://a.example/2.png", "criteria": { "narrative": "Report one." },
            "issuer": {
                "type": "Issuer", "id": "https://a.example/3", "name": "Observatory",
                "url": "https://a.example/", "email": "stars@a.example"
            }
        },
        "issuedOn": "2026-01-01T00:00:00Z", "verification": { "type": "hosted" }
    });
    let found = |change: &dyn Fn(&mut Value)| {
        let mut assertion = assertion.clone();
        change(&mut assertion);
        let text = assertion.to_string();
        let tree = read(text.as_bytes(), &Limits::default()).unwrap();
        let upgraded = ob2::upgrade(tree.as_object().unwrap(), None).unwrap();
        let found = ob2::check_ob2(&upgraded.document, upgraded.class, upgraded.edition);
        found.iter().map(|one| (one.path.clone(), one.severity)).collect::<Vec<_>>()
    };
    let faults: &[(&str, &str, Value)] = &[
        ("/id", "$.id", json!("1")),
        ("/@context", "$[\"@context\"]", json!("https://w3id.org/openbadges/v3")),
        ("/recipient/identity", "$.recipient.identity", json!("ada")),
        ("/recipient/hashed", "$.recipient.hashed", json!("yes")),
        ("/recipient/hashed", "$.recipient.identity", json!(true)),
        ("/image", "$.image", json!("data:image/png;base64,AAAA")),
        ("/issuedOn", "$.issuedOn", json!("2026-01-01")),
        ("/expires", "$.expires", json!("2025-01-01T00:00:00Z")),
        ("/verification/type", "$.verification.type", json!("trust me")),
        ("/evidence", "$.evidence[0]", json!([5])),
        ("/badge/type", "$.badge.type", json!("Badge")),
        ("/badge/name", "$.badge.name", json!(["Comets"])),
        ("/badge/image", "$.badge.image", json!("data:image/jpeg;base64,AAAA")),
        ("/badge/criteria", "$.badge.criteria", json!({ "type": "Criteria" })),
        ("/badge/alignment", "$.badge.alignment.targetUrl", json!({ "targetName": "x", "targetUrl": "y" })),
        ("/badge/issuer/url", "$.badge.issuer.url", json!("ftp://a.example/")),
        ("/badge/issuer/email", "$.badge.issuer.email", json!("nobody")),
        ("/badge/issuer/telephone", "$.badge.issuer.telephone", json!("0041")),
        (
            "/badge/issuer/verification",
            "$.badge.issuer.verification.allowedOrigins",
            json!({ "allowedOrigins": "https://a.example" }),
        ),
        ("/extensions:x", "$[\"extensions:x\"].type", json!({ "type": ["Something"] })),
        ("/extensions:x", "$[\"extensions:x\"]", json!("text")),
    ];

    case!(cases, "nothing", found(&|_| {}), found if found.is_empty());
    for (pointer, path, value) in faults {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let change = |assertion: &mut Value| assertion.pointer_mut(parent).unwrap()[name] = value.clone();
        case!(cases, format!("{pointer} = {value}"), found(&change), found
            if found.iter().any(|(own, severity)| own == path && *severity == Severity::Always));
    }
    for pointer in [
        "/id",
        "/recipient",
        "/badge",
        "/issuedOn",
        "/verification",
        "/@context",
        "/badge/id",
        "/badge/name",
        "/badge/description",
        "/badge/image",
        "/badge/criteria",
        "/badge/issuer",
        "/badge/issuer/id",
        "/badge/issuer/type",
        "/badge/issuer/name",
        "/badge/issuer/url",
        "/badge/issuer/email",
        "/recipient/type",
        "/recipient/identity",
        "/recipient/hashed",
        "/verification/type",
    ] {
        let path = format!("${}", pointer.replace('/', ".").replace(".@context", "[\"@context\"]"));
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let change = |assertion: &mut Value| {
            assertion.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
        };
        case!(cases, format!("without {pointer}"), found(&change), found
            if found.iter().any(|(own, severity)| *own == path && *severity == Severity::Always));
    }
    case!(cases, "revoked", found(&|assertion| *assertion = json!({
        "@context": "https://w3id.org/openbadges/v2", "id": "https://a.example/1", "revoked": true
    })), found if found.is_empty());
    cases.finish();
}
