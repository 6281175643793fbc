//! Lists of what was revoked, as they should be and otherwise.

use badges_core::{
    did::document_url,
    proof::{integrity::Suite, jws::HeaderToWrite},
};
use serde_json::{Value, json};

use crate::{
    actors::{
        HTTPS, LIST, WEB, badge, but, claims, controller, embedded, entry, issuer, issuer_as, jwt_with, list,
        list_of, other, rdfc,
    },
    table::{Table, World},
};

fn with_entry(entry: &Value) -> String {
    rdfc(&but(badge(issuer().controller()), json!({"credentialStatus": entry})), &issuer()).to_string()
}

#[test]
fn a_list_says_what_its_bits_say() {
    let mut table = Table::new("status lists");
    let own = issuer();
    let unsigned = list(own.controller(), &[7, 9]);
    let world = World::empty().with(LIST, rdfc(&unsigned, &own));
    let header = HeaderToWrite {
        kid: Some(badges_core::key::Signer::verification_method(&own)),
        ..HeaderToWrite::default()
    };
    let (clear, set) = (with_entry(&entry("revocation", 3)), with_entry(&entry("revocation", 7)));

    table.says("clear", &clear, &world, "valid", &["status[0] passed"]);
    table.says("revoked", &set, &world, "revoked", &["status[0] failed revoked"]);
    table.both("suspended", &with_entry(&entry("suspension", 9)), &world, "suspended");
    let two = json!([entry("revocation", 3), entry("suspension", 3)]);
    table.says(
        "two clear ones",
        &with_entry(&two),
        &world,
        "valid",
        &["status[0] passed", "status[1] passed"],
    );
    let unknown = rdfc(
        &but(
            unsigned.clone(),
            json!({"credentialSubject": but(
        unsigned["credentialSubject"].clone(), json!({"statusPurpose": "withdrawal"}))}),
        ),
        &own,
    );
    let unknown = World::empty().with(LIST, unknown);
    table.both("clear for what nobody knows", &with_entry(&entry("withdrawal", 3)), &unknown, "valid");
    let no = "undecided status_unsupported";
    table.both("set for what nobody knows", &with_entry(&entry("withdrawal", 7)), &unknown, no);
    for (form, text) in [
        ("JCS", embedded(&unsigned, Suite::EddsaJcs2022, &own).to_string()),
        ("JWT", jwt_with(&unsigned, &header, &own)),
        (
            "JWT with claims",
            jwt_with(&but(unsigned.clone(), json!({"iss": own.controller(), "jti": LIST})), &header, &own),
        ),
    ] {
        let world = World::empty().with(LIST, text);
        table.both(&format!("clear in a list as {form}"), &clear, &world, "valid");
        table.both(&format!("set in a list as {form}"), &set, &world, "revoked");
    }
    let moved = World::empty()
        .with(LIST, rdfc(&but(unsigned.clone(), json!({"id": "https://hive.example/status/9"})), &own));
    table.says("a list of another id", &clear, &moved, "valid", &["finding status_other_id"]);
    let endless = World::empty()
        .with(LIST, rdfc(&but(unsigned.clone(), json!({"validUntil": "2026-11-21T00:00:00Z"})), &own));
    table.both("a list in its last moment", &clear, &endless, "valid");
    // A list has no status of its own that could lead in a circle.
    let circle = World::empty()
        .with(LIST, rdfc(&but(unsigned, json!({"credentialStatus": entry("revocation", 3)})), &own));
    table.both("a list that names itself as its status", &clear, &circle, "undecided status_not_bound");
    table.finish();
}

#[test]
fn what_a_list_cannot_say_is_unknown() {
    let mut table = Table::new("status lists that fail");
    let own = issuer();
    let good = list(own.controller(), &[7]);
    let (clear, set) = (with_entry(&entry("revocation", 3)), with_entry(&entry("revocation", 7)));
    let signed = |list: &Value| World::empty().with(LIST, rdfc(list, &own));
    let (malformed, expired) = ("undecided status_malformed", "undecided status_expired");

    table.says(
        "missing",
        &clear,
        &World::empty(),
        "undecided status_missing",
        &["status[0] unknown status_missing"],
    );
    let old = but(good.clone(), json!({"validUntil": "2026-11-20T00:00:00Z"}));
    table.both("expired", &clear, &signed(&old), expired);
    table.both(
        "not yet valid",
        &clear,
        &signed(&but(good.clone(), json!({"validFrom": "2026-12-01T00:00:00Z"}))),
        expired,
    );
    table.both("unsigned", &clear, &World::empty().with(LIST, &good), malformed);
    let changed = but(rdfc(&good, &own), json!({"validFrom": "2026-11-01T00:00:00Z"}));
    table.both("changed", &clear, &World::empty().with(LIST, changed.clone()), malformed);
    table.both("changed, and the bit is set", &set, &World::empty().with(LIST, changed), malformed);
    table.both("no JSON", &clear, &World::empty().with(LIST, "{"), malformed);
    table.both(
        "a badge",
        &clear,
        &World::empty().with(LIST, rdfc(&badge(own.controller()), &own)),
        malformed,
    );
    table.both("beyond its end", &with_entry(&entry("revocation", 131_072)), &signed(&good), malformed);
    table.both("without that purpose", &with_entry(&entry("refresh", 3)), &signed(&good), malformed);
    let mut one = good.clone();
    one["credentialSubject"]["statusPurpose"] = json!("suspension");
    table.both("of another purpose", &clear, &signed(&one), malformed);
    let short = list_of(own.controller(), 1024, &[7]);
    table.both("too short, and clear", &clear, &signed(&short), malformed);
    table.both("too short, and set", &set, &signed(&short), "revoked");
    let mut raw = good.clone();
    raw["credentialSubject"]["encodedList"] = json!("uAAAA");
    table.both("no gzip", &clear, &signed(&raw), malformed);
    let mut foreign = rdfc(&good, &own);
    foreign["proof"]["cryptosuite"] = json!("bbs-2023");
    table.both(
        "of a foreign suite",
        &clear,
        &World::empty().with(LIST, foreign),
        "undecided status_unsupported",
    );
    let kind = but(entry("revocation", 3), json!({"type": "RevocationList2099"}));
    let unknown = but(badge(own.controller()), json!({"credentialStatus": kind}));
    let text = embedded(&unknown, Suite::EddsaJcs2022, &own).to_string();
    table.both("a kind that nobody knows", &text, &World::empty(), "undecided status_unsupported");
    for (case, index) in [("signed", "-3"), ("padded", "03"), ("in words", "three"), ("empty", "")] {
        let index = but(entry("revocation", 3), json!({"statusListIndex": index}));
        table.both(&format!("an index {case}"), &with_entry(&index), &signed(&good), malformed);
    }
    table.finish();
}

#[test]
fn an_unbound_list_can_only_warn() {
    let mut table = Table::new("unbound status lists");
    let own = issuer();
    let (clear, set) = (with_entry(&entry("revocation", 3)), with_entry(&entry("revocation", 7)));
    let not_bound = "undecided status_not_bound";

    let by_another = World::empty().with(LIST, rdfc(&list(own.controller(), &[7]), &other()));
    table.both("signed by another, clear", &clear, &by_another, not_bound);
    table.both("signed by another, set", &set, &by_another, "revoked");
    let established = World::empty().with(LIST, rdfc(&list(HTTPS, &[7]), &other()));
    table.both("of an issuer without document, clear", &clear, &established, not_bound);
    let web = issuer_as("did:web:hive.example#key-1");
    let keyless = World::empty().with(LIST, rdfc(&list(WEB, &[7]), &web));
    table.both("whose key is missing, clear", &clear, &keyless, not_bound);
    table.both("whose key is missing, set", &set, &keyless, not_bound);
    let foreign = World::empty().with(LIST, rdfc(&list(other().controller(), &[7]), &other()));
    table.both("of another issuer, clear", &clear, &foreign, not_bound);
    table.finish();
}

#[test]
fn a_plain_list_names_what_was_revoked() {
    let mut table = Table::new("1EdTech revocation lists");
    let own = issuer();
    let good = but(
        badge(own.controller()),
        json!({"@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    ], "credentialStatus": {"id": LIST, "type": "1EdTechRevocationList"}}),
    );
    let text = rdfc(&good, &own).to_string();
    let list = |issuer: &str, items: Value| {
        World::empty().with(LIST, json!({"id": LIST, "issuer": issuer, "revokedCredential": items}))
    };
    let id = &good["id"];
    let by = own.controller();
    let not_bound = "undecided status_not_bound";

    table.says("empty", &text, &list(by, json!([])), "valid", &["status[0] passed"]);
    table.both("of others", &text, &list(by, json!([{"id": "urn:uuid:9"}])), "valid");
    table.both("with it", &text, &list(by, json!([{"id": id, "revoked": true}])), "revoked");
    table.both("with it, and no more", &text, &list(by, json!([{"id": id}])), "revoked");
    table.both("taken back", &text, &list(by, json!([{"id": id, "revoked": false}])), "valid");
    table.both(
        "in words",
        &text,
        &list(by, json!([{"id": id, "revoked": "no"}])),
        "undecided status_malformed",
    );
    table.both("of another issuer", &text, &list("did:example:eve", json!([])), not_bound);
    table.both("missing", &text, &World::empty(), "undecided status_missing");
    table.both(
        "without items",
        &text,
        &World::empty().with(LIST, json!({"id": LIST, "issuer": by})),
        "undecided status_malformed",
    );
    let nobodys = |items: Value| World::empty().with(LIST, json!({"id": LIST, "revokedCredential": items}));
    let unknown = &["status[0] unknown status_not_bound"];
    table.says("of nobody", &text, &nobodys(json!([])), not_bound, unknown);
    table.both("of nobody, taken back", &text, &nobodys(json!([{"id": id, "revoked": false}])), not_bound);
    table.both("of nobody, with it", &text, &nobodys(json!([{"id": id}])), "revoked");
    for (case, issuer, answer) in [
        ("of nobody, at the home of a did:web", WEB, "valid"),
        ("of nobody, at the home of an address", HTTPS, "valid"),
        ("of nobody, next door", "did:web:hive.example%3A8443", not_bound),
    ] {
        let method = format!("{issuer}#key-1");
        let signer = issuer_as(&method);
        let named = but(good.clone(), json!({"issuer": {"id": issuer, "type": ["Profile"]}}));
        let document = controller(issuer, &method, &signer, json!({}));
        let home = document_url(issuer).unwrap();
        let world = nobodys(json!([])).with(&home, document);
        table.both(case, &rdfc(&named, &signer).to_string(), &world, answer);
    }
    let token = jwt_with(&claims(&good), &HeaderToWrite { jwk: true, ..HeaderToWrite::default() }, &own);
    table.both("with it, for a token", &token, &list(by, json!([{"id": id}])), "revoked");
    table.finish();
}
