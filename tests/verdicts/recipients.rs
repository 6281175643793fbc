//! To whom a badge was given.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    actors::{badge, issuer, jwt, rdfc},
    bytes::to_hex,
    table::{Table, World},
};

fn hashed(value: &str, salt: &str) -> String {
    let digest = Sha256::digest(format!("{value}{salt}"));
    format!("sha256${}", to_hex(&digest))
}

fn identity(kind: &str, value: &str, salt: Option<&str>) -> Value {
    let mut identity = json!({
        "type": "IdentityObject", "hashed": salt.is_some(), "identityType": kind, "identityHash": value,
    });
    if let Some(salt) = salt.filter(|salt| !salt.is_empty()) {
        identity["salt"] = json!(salt);
    }
    identity
}

fn given(identities: Value) -> Value {
    let mut badge = badge(issuer().controller());
    badge["credentialSubject"]["identifier"] = identities;
    badge
}

#[test]
fn a_badge_is_for_whom_it_names() {
    let mut table = Table::new("recipients");
    let own = issuer();
    let text = |badge: &Value| rdfc(badge, &own).to_string();
    let wanted = |recipient: &str| World::empty().for_recipient(recipient);
    let good = badge(own.controller());
    let mismatch = "invalid recipient_mismatch";

    table.says("by id", &text(&good), &wanted("did:example:ada"), "valid", &["recipient passed"]);
    table.both("by id, in a token", &jwt(&good, &own), &wanted("id:did:example:ada"), "valid");
    let failed = &["recipient failed recipient_mismatch"];
    table.says("another id", &text(&good), &wanted("did:example:eve"), mismatch, failed);
    table.both("another id, in a token", &jwt(&good, &own), &wanted("did:example:eve"), mismatch);
    table.both("an id in capitals", &text(&good), &wanted("did:example:ADA"), mismatch);
    table.both("an address, and only an id", &text(&good), &wanted("ada@hive.example"), mismatch);

    let salted =
        text(&given(json!([identity("emailAddress", &hashed("ada@hive.example", "s4"), Some("s4"))])));
    table.both("a salted address", &salted, &wanted("ada@hive.example"), "valid");
    table.both("a salted address by its type", &salted, &wanted("emailAddress:ada@hive.example"), "valid");
    table.both("another address", &salted, &wanted("eve@hive.example"), mismatch);
    table.both("an address in capitals", &salted, &wanted("Ada@hive.example"), mismatch);
    table.both("an address with a space", &salted, &wanted("ada@hive.example "), mismatch);
    table.both(
        "the hash itself",
        &salted,
        &wanted(&format!("emailAddress:{}", hashed("ada@hive.example", "s4"))),
        mismatch,
    );
    table.both("another type of identity", &salted, &wanted("userName:ada@hive.example"), mismatch);
    table.both("by id beside the address", &salted, &wanted("did:example:ada"), "valid");
    let unsalted = text(&given(json!([identity("emailAddress", &hashed("ada@hive.example", ""), Some(""))])));
    table.both("a hash without salt", &unsalted, &wanted("ada@hive.example"), "valid");
    let plain = text(&given(json!([identity("emailAddress", "ada@hive.example", None)])));
    table.both("a plain address", &plain, &wanted("ada@hive.example"), "valid");
    table.both("another plain address", &plain, &wanted("eve@hive.example"), mismatch);
    let own_kind = text(&given(json!([identity("ext:payroll", "4711", None)])));
    table.both("a type of one's own", &own_kind, &wanted("ext:payroll:4711"), "valid");
    table.both("another value of that type", &own_kind, &wanted("ext:payroll:4712"), mismatch);
    table.both("another type of one's own", &own_kind, &wanted("ext:badge:4711"), mismatch);
    let several = text(&given(json!([
        identity("userName", "ada", None),
        identity("emailAddress", &hashed("ada@hive.example", "x"), Some("x")),
    ])));
    table.both("the first of two", &several, &wanted("userName:ada"), "valid");
    table.both("the second of two", &several, &wanted("ada@hive.example"), "valid");
    table.both("one's value with the other's type", &several, &wanted("emailAddress:ada"), mismatch);
    table.says("nobody asks", &several, &World::empty(), "valid", &["recipient not_asked"]);
    table.finish();
}
