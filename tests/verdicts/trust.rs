//! What the host says of issuers.

use badges_core::{key::Signer as _, proof::jws::HeaderToWrite};
use serde_json::{Value, json};

use crate::{
    actors::{
        HTTPS, LIST, WEB, WEB_DOCUMENT, badge, but, claims, controller, entry, issuer, issuer_as, jwt_with,
        list, other, rdfc,
    },
    table::{Table, World},
};

fn trusting(issuers: Value) -> Value {
    json!({"issuers": issuers})
}

#[test]
fn trust_is_asked_where_the_host_gives_a_list() {
    let mut table = Table::new("trust");
    let own = issuer();
    let text = rdfc(&badge(own.controller()), &own).to_string();
    let listed = trusting(json!([{"id": own.controller()}]));
    let unlisted = trusting(json!([{"id": other().controller()}]));

    table.says("no list", &text, &World::empty(), "valid", &["trust not_asked"]);
    table.says("listed", &text, &World::empty().trusting(&listed), "valid", &["trust passed"]);
    let failed = &["trust failed not_listed", "finding not_listed"];
    table.says("unlisted", &text, &World::empty().trusting(&unlisted), "valid", failed);
    table.says("an empty list", &text, &World::empty().trusting(&trusting(json!([]))), "valid", failed);
    table.both("listed and required", &text, &World::empty().requiring(&listed), "valid");
    let required = World::empty().requiring(&unlisted);
    table.says(
        "unlisted and required",
        &text,
        &required,
        "invalid issuer_not_trusted",
        &["trust failed issuer_not_trusted"],
    );
    // An endorser is not the issuer whom the host asks for.
    let endorsement = rdfc(&crate::actors::endorsement(other().controller()), &other());
    let endorsed = rdfc(&but(badge(own.controller()), json!({"endorsement": [endorsement]})), &own);
    table.both("an unlisted endorser", &endorsed.to_string(), &World::empty().requiring(&listed), "valid");
    table.finish();
}

#[test]
fn a_pinned_key_binds() {
    let mut table = Table::new("pinned keys");
    let own = issuer();
    let key = own.public_key().to_multikey();
    let jwk = serde_json::to_value(own.public_key().to_jwk()).unwrap();
    let pinned = |id: &str| World::empty().trusting(&trusting(json!([{"id": id, "keys": [key]}])));
    let bound = &["bound pinned", "trust passed"];
    let web = rdfc(&badge(WEB), &issuer_as("did:web:hive.example#key-1")).to_string();

    table.says("in place of a document", &web, &pinned(WEB), "valid", bound);
    let by_jwk = World::empty().trusting(&trusting(json!([{"id": WEB, "keys": [jwk]}])));
    table.says("as JWK", &web, &by_jwk, "valid", bound);
    table.says(
        "with did:key as method",
        &rdfc(&badge(HTTPS), &own).to_string(),
        &pinned(HTTPS),
        "valid",
        bound,
    );
    let header = HeaderToWrite { jwk: true, ..HeaderToWrite::default() };
    let token = jwt_with(&claims(&badge(HTTPS)), &header, &own);
    table.says("with jwk in the header", &token, &pinned(HTTPS), "valid", bound);
    let delegated = rdfc(&badge(other().controller()), &own).to_string();
    table.says("for another's did:key", &delegated, &pinned(other().controller()), "valid", bound);
    table.both("for another issuer", &web, &pinned(HTTPS), "undecided document_missing");
    let two = json!([{"id": WEB, "keys": [other().public_key().to_multikey(), key]}]);
    table.says("the second of two", &web, &World::empty().trusting(&trusting(two)), "valid", bound);
    let strange = json!([{"id": WEB, "keys": [other().public_key().to_multikey()]}]);
    table.both("another key", &web, &World::empty().trusting(&trusting(strange)), "invalid proof_failed");
    let document = controller(WEB, "did:web:hive.example#key-1", &own, json!({}));
    let both = pinned(WEB).with(WEB_DOCUMENT, &document);
    table.says("beside the document", &web, &both, "valid", &["bound controller_document"]);
    let changed = web.replace("Find one.", "Find two.");
    table.both("a badge that was changed", &changed, &both, "invalid proof_failed");
    table.finish();
}

#[test]
fn another_may_publish_lists_where_the_host_says_so() {
    let mut table = Table::new("status issuers");
    let (own, publisher) = (issuer(), other());
    let of = |index| {
        rdfc(&but(badge(own.controller()), json!({"credentialStatus": entry("revocation", index)})), &own)
    };
    let (clear, set) = (of(3).to_string(), of(7).to_string());
    let world = World::empty().with(LIST, rdfc(&list(publisher.controller(), &[7]), &publisher));
    let known = trusting(json!([{"id": own.controller(), "statusIssuers": [publisher.controller()]}]));
    let elsewhere =
        trusting(json!([{"id": publisher.controller(), "statusIssuers": [publisher.controller()]}]));

    table.both("nobody says so", &clear, &world, "undecided status_not_bound");
    table.both("the host says so", &clear, &world.clone().trusting(&known), "valid");
    table.both(
        "for another issuer",
        &clear,
        &world.clone().trusting(&elsewhere),
        "undecided status_not_bound",
    );
    table.both("the host says so, and the bit is set", &set, &world.clone().trusting(&known), "revoked");
    table.both("nobody says so, and the bit is set", &set, &world, "revoked");
    table.finish();
}
