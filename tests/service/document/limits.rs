//! The limits that the document tells are those that the service holds requests to.

use serde_json::{Value, json};

use crate::harness::Service;

/// What the document says of a member, through all that it refers to.
fn of<'d>(document: &'d Value, schema: &'d Value, words: &[&str]) -> &'d Value {
    let resolved = match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
        None => schema,
    };
    let member =
        |one: &'d Value| one["oneOf"].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null"));
    if let Some(inner) = member(resolved) {
        return of(document, inner, words);
    }
    match words {
        [] => resolved,
        ["[]", rest @ ..] => of(document, &resolved["items"], rest),
        [word, rest @ ..] => of(document, &resolved["properties"][word], rest),
    }
}

#[test]
fn what_the_document_tells_is_enforced_to_the_character() {
    let service = Service::start();
    let (owner, badge) = (service.owner(), service.badge("astronaut", &json!({})));
    let document = service.get("/api/v1/openapi.json").expect(200).json();
    let codes = format!("/api/v1/badges/{badge}/claim-codes");
    let one = json!({"badge": badge, "recipients": [{"email": "ada@example.org"}], "evidence": [{"url": "https://example.org/a"}]});
    let content = json!({"name": "B", "description": "b", "criteria": {"narrative": "c"}});
    let draft = json!({"issuer": service.organisation, "slug": "pilot", "content": content});

    for (address, name, request, path) in [
        ("/api/v1/awards?dry_run=true", "NewAward", &one, "note"),
        ("/api/v1/awards?dry_run=true", "NewAward", &one, "recipients.[].name"),
        ("/api/v1/awards?dry_run=true", "NewAward", &one, "recipients.[].external_id"),
        ("/api/v1/awards?dry_run=true", "NewAward", &one, "evidence.[].narrative"),
        ("/api/v1/badges", "NewBadge", &draft, "content.name"),
        ("/api/v1/badges", "NewBadge", &draft, "content.criteria.narrative"),
        (codes.as_str(), "NewClaimCode", &json!({"label": "Fair"}), "label"),
        ("/api/v1/tokens", "NewToken", &json!({"name": "CRM", "scopes": ["awards:read"]}), "name"),
    ] {
        let words: Vec<_> = path.split('.').collect();
        let schema = of(&document, &document["components"]["schemas"][name], &words);
        let most = schema["maxLength"].as_u64().unwrap_or_else(|| panic!("{name} {path}: {schema}"));
        let most = usize::try_from(most).unwrap();
        let (pointer, field) =
            (format!("/{}", path.replace("[]", "0").replace('.', "/")), path.replace(".[]", "[0]"));
        for (length, good) in [(most, true), (most + 1, false)] {
            let mut request = request.clone();
            if name == "NewBadge" {
                request["slug"] = json!(format!("pilot-{}-{length}", path.len()));
            }
            set(&mut request, &pointer, json!("é".repeat(length)));
            let answer = service.post_as(&owner, address, &request);
            let refused = answer.status == 422 && answer.json()["errors"][0]["path"] == field.as_str();
            assert_eq!(refused, !good, "{name} {path} of {length}: {} {}", answer.status, answer.text());
        }
    }
    for (name, path, most) in [
        ("NewAward", "recipients", 100),
        ("NewAward", "evidence", 10),
        ("NewBadge", "content.tags", 50),
        ("BadgeSettings", "rights_over", 50),
        ("ContactChange", "add_links", 50),
    ] {
        let words: Vec<_> = path.split('.').collect();
        let schema = of(&document, &document["components"]["schemas"][name], &words);
        assert_eq!(schema["maxItems"], most, "{name} {path}: {schema}");
    }
    for (name, path, format) in [
        ("NewAward", "email", "email"),
        ("NewAward", "expires_at", "date-time"),
        ("NewClaimCode", "evidence", "uri"),
    ] {
        let schema = of(&document, &document["components"]["schemas"][name], &[path]);
        assert_eq!(schema["format"], format, "{name} {path}: {schema}");
    }
    let level = of(&document, &document["components"]["schemas"]["BadgeSettings"], &["rights_level"]);
    assert_eq!((&level["minimum"], &level["maximum"]), (&json!(0), &json!(9)));
    let slug = of(&document, &document["components"]["schemas"]["NewIssuer"], &["slug"]);
    assert!(slug["pattern"].as_str().unwrap().starts_with("^[a-z0-9]"), "{slug}");
}

/// Puts a value where a pointer leads, in objects that are made where there are none.
fn set(document: &mut Value, pointer: &str, value: Value) {
    let (above, last) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(above).unwrap()[last] = value;
}
