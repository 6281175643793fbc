//! Hosted assertions of 2.0, which are what stands in the issuer's own place.

use serde_json::{Value, json};

use crate::{
    actors::but,
    table::{Table, World},
};

const ISSUER: &str = "https://hive.example/issuer.json";
const CLASS: &str = "https://hive.example/class.json";

#[test]
fn a_hosted_badge_stands_in_the_issuer_s_own_place() {
    let mut table = Table::new("places of hosted badges");
    let elsewhere = "undecided hosted_elsewhere";
    let prefix = json!({"startsWith": ["https://hive.example/badges/"]});
    let origin = json!({"allowedOrigins": ["hive.example"]});

    for (rules, id, verdict) in [
        (&Value::Null, "https://hive.example/1", "valid"),
        (&Value::Null, "https://other.example/1", elsewhere),
        (&prefix, "https://hive.example/badges/1", "valid"),
        (&prefix, "https://hive.example/badges-evil/1", elsewhere),
        (&prefix, "https://hive.example/badges/../users/evil", elsewhere),
        (&prefix, "https://hive.example/badges/%2e%2e/users/evil", elsewhere),
        (&prefix, "https://hive.example/badges/a/../../users/evil", elsewhere),
        (&origin, "https://hive.example/users/1", "valid"),
        (&origin, "https://other.example/badges/1", elsewhere),
    ] {
        let context = "https://w3id.org/openbadges/v2";
        let assertion = json!({
            "@context": context, "type": "Assertion", "id": id, "badge": CLASS,
            "recipient": {"type": "email", "hashed": false, "identity": "ada@example.org"},
            "issuedOn": "2026-01-01T00:00:00Z", "verification": {"type": "HostedBadge"},
        });
        let class = json!({
            "@context": context, "type": "BadgeClass", "id": CLASS, "issuer": ISSUER, "name": "Bee",
            "description": "Keeps bees", "image": "https://hive.example/b.png", "criteria": {"narrative": "Keep bees"},
        });
        let issuer = json!({
            "@context": context, "type": "Issuer", "id": ISSUER, "name": "Hive",
            "url": "https://hive.example", "email": "bees@hive.example",
        });
        let issuer = if rules.is_null() { issuer } else { but(issuer, json!({"verification": rules})) };
        let world = World::empty().with(id, &assertion).with(CLASS, class).with(ISSUER, issuer);
        table.both(&format!("{id} under {rules}"), &assertion.to_string(), &world, verdict);
    }
    table.finish();
}
