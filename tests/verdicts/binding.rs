//! Whose key it is, by each way to show it.

use badges_core::proof::jws::HeaderToWrite;
use serde_json::json;

use crate::{
    actors::{
        HTTPS, JWKS, WEB, WEB_DOCUMENT, badge, but, claims, controller, issuer, issuer_as, jwks, jwt,
        jwt_with, other, rdfc,
    },
    table::{Table, World},
};

const METHOD: &str = "did:web:hive.example#key-1";

#[test]
fn a_document_binds_the_keys_that_it_lists() {
    let mut table = Table::new("documents");
    let own = issuer_as(METHOD);
    let signed = rdfc(&badge(WEB), &own).to_string();
    let document = controller(WEB, METHOD, &own, json!({}));
    let with = |document: &serde_json::Value| World::empty().with(WEB_DOCUMENT, document);
    let (unlisted, missing) = ("unbound key_not_listed", "undecided document_missing");

    table.says("did:web", &signed, &with(&document), "valid", &["bound controller_document"]);
    table.says(
        "did:web, JWT",
        &jwt(&badge(WEB), &own),
        &with(&document),
        "valid",
        &["bound controller_document"],
    );
    table.both("did:web without its document", &signed, &World::empty(), missing);
    table.both("did:web without its document, JWT", &jwt(&badge(WEB), &own), &World::empty(), missing);
    let not_for_assertions =
        but(document.clone(), json!({"assertionMethod": [], "authentication": [METHOD]}));
    table.both("a key for another purpose", &signed, &with(&not_for_assertions), unlisted);
    let another = controller(WEB, "did:web:hive.example#key-2", &own, json!({}));
    table.both("a key that the document lacks", &signed, &with(&another), unlisted);
    let relative = controller(WEB, "#key-1", &own, json!({}));
    table.both("relative names", &signed, &with(&relative), "valid");
    for member in ["revoked", "expires"] {
        let times = |time: &str| controller(WEB, METHOD, &own, json!({member: time}));
        table.both(
            &format!("a key {member} before"),
            &signed,
            &with(&times("2026-11-20T00:00:00Z")),
            unlisted,
        );
        table.both(&format!("a key {member} later"), &signed, &with(&times("2026-12-01T00:00:00Z")), "valid");
    }
    let foreign = controller(WEB, METHOD, &own, json!({"controller": "did:web:eve.example"}));
    table.both("a key of another controller", &signed, &with(&foreign), unlisted);
    let broken = World::empty().with(WEB_DOCUMENT, "{");
    table.both("a document that is no JSON", &signed, &broken, "undecided document_malformed");
    let evil = controller(WEB, METHOD, &other(), json!({}));
    table.both("another key under that name", &signed, &with(&evil), "invalid proof_failed");

    let https = issuer_as("https://hive.example/issuer#key-1");
    let signed = rdfc(&badge(HTTPS), &https).to_string();
    let document = controller(HTTPS, "https://hive.example/issuer#key-1", &https, json!({}));
    let world = World::empty().with(HTTPS, &document);
    table.says("an https document", &signed, &world, "valid", &["bound controller_document"]);
    table.both("an https document that is missing", &signed, &World::empty(), missing);
    // The key is at hand by its did:key, and the issuer's document speaks for it or not.
    let at_hand = rdfc(&badge(HTTPS), &issuer()).to_string();
    table.both("a did:key, and no document", &at_hand, &World::empty(), "unbound binding_not_established");
    let method = badges_core::key::Signer::verification_method(&issuer()).to_owned();
    let listing = controller(HTTPS, "https://hive.example/issuer#key-1", &issuer(), json!({}));
    table.says(
        "a did:key whose key is listed",
        &at_hand,
        &World::empty().with(HTTPS, &listing),
        "valid",
        &["bound controller_document"],
    );
    let other = controller(HTTPS, "https://hive.example/issuer#key-1", &other(), json!({}));
    table.both("a did:key whose key is not", &at_hand, &World::empty().with(HTTPS, &other), unlisted);
    assert!(method.starts_with("did:key:"));
    table.finish();
}

#[test]
fn a_key_set_binds_the_keys_in_it() {
    let mut table = Table::new("key sets");
    let own = issuer();
    let good = badge(HTTPS);
    let token = |kid: Option<&str>, jwk| {
        let header = HeaderToWrite { kid, jwk, ..HeaderToWrite::default() };
        jwt_with(&claims(&good), &header, &own)
    };
    let set = World::empty().with(JWKS, jwks("key-1", &own));
    let strange = World::empty().with(JWKS, jwks("key-1", &other()));

    let bound = &["bound jwks"];
    table.says("kid in the set at its place", &token(Some("key-1"), false), &set, "valid", bound);
    table.says(
        "kid as the URL of the set",
        &token(Some(&format!("{JWKS}#key-1")), false),
        &set,
        "valid",
        bound,
    );
    table.says("jwk in the set", &token(None, true), &set, "valid", bound);
    table.says("kid and jwk", &token(Some("key-1"), true), &set, "valid", bound);
    table.both("jwk that the set lacks", &token(None, true), &strange, "unbound key_not_listed");
    table.both("jwk alone", &token(None, true), &World::empty(), "unbound binding_not_established");
    table.both("kid and no set", &token(Some("key-1"), false), &World::empty(), "undecided document_missing");
    table.both("kid of another key", &token(Some("key-1"), false), &strange, "invalid proof_failed");
    table.both("kid and another's jwk", &token(Some("key-1"), true), &strange, "invalid proof_failed");

    let method = format!("{HTTPS}#key-1");
    let revoked = controller(HTTPS, &method, &own, json!({"revoked": "2020-01-01T00:00:00Z"}));
    let barred = World::empty().with(JWKS, jwks("key-1", &own)).with(HTTPS, revoked);
    let profile = json!({"id": HTTPS, "type": "Profile"});
    let described = World::empty().with(JWKS, jwks("key-1", &own)).with(HTTPS, profile);
    for (case, token) in [("jwk", token(None, true)), ("kid", token(Some("key-1"), false))] {
        table.both(&format!("{case} that the issuer revoked"), &token, &barred, "unbound key_not_listed");
        table.says(&format!("{case} beside a profile"), &token, &described, "valid", bound);
    }
    table.finish();
}

#[test]
fn a_self_contained_issuer_binds_its_own_key() {
    let mut table = Table::new("self-contained issuers");
    let own = issuer();
    let jwk = HeaderToWrite { jwk: true, ..HeaderToWrite::default() };
    let token = |id: &str| jwt_with(&claims(&badge(id)), &jwk, &own);
    let bare = issuer_as(own.controller());

    table.says(
        "jwk of the issuer's did:key",
        &token(own.controller()),
        &World::empty(),
        "valid",
        &["bound did"],
    );
    table.both("jwk of another", &token(other().controller()), &World::empty(), "unbound key_of_another");
    let named = rdfc(&badge(own.controller()), &bare).to_string();
    table.says(
        "a did:key without fragment",
        &named,
        &World::empty(),
        "valid",
        &["finding method_without_fragment"],
    );
    let mut wrong = rdfc(&badge(own.controller()), &own);
    wrong["proof"]["verificationMethod"] = json!(format!("{}#key-1", own.controller()));
    table.both(
        "a did:key with another fragment",
        &wrong.to_string(),
        &World::empty(),
        "invalid proof_failed",
    );
    table.finish();
}
