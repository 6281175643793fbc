//! Badges with several things wrong at once.

use badges_core::{
    key::KeyKind,
    proof::{integrity::Suite, jws::HeaderToWrite},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    actors::{
        LIST, WEB, badge, but, claims, embedded, endorsement, entry, issuer, issuer_as, jwt, jwt_with, list,
        of_seed, other, rdfc,
    },
    table::{Table, World},
};

fn expired() -> Value {
    json!({"validUntil": "2026-11-20T00:00:00Z"})
}

fn with_status(members: Value) -> Value {
    but(members, json!({"credentialStatus": entry("revocation", 7)}))
}

/// A signature by a suite that nobody here has built.
fn selective(document: &Value) -> Value {
    let mut signed = rdfc(document, &issuer());
    signed["proof"]["cryptosuite"] = json!("ecdsa-sd-2023");
    signed
}

#[test]
fn a_badge_that_holds_is_valid() {
    let mut table = Table::new("good");
    let (own, p256) = (issuer(), of_seed(KeyKind::P256, 3));
    let good = badge(own.controller());
    let curve = badge(p256.controller());
    let world = World::empty();
    let parts = &["structure passed", "proof[0] passed", "binding passed", "trust not_asked", "bound did"];

    for (case, text) in [
        ("eddsa-rdfc-2022", rdfc(&good, &own).to_string()),
        ("eddsa-jcs-2022", embedded(&good, Suite::EddsaJcs2022, &own).to_string()),
        ("ecdsa-rdfc-2019", embedded(&curve, Suite::EcdsaRdfc2019, &p256).to_string()),
        ("ecdsa-jcs-2019", embedded(&curve, Suite::EcdsaJcs2019, &p256).to_string()),
        ("JWT, EdDSA", jwt(&good, &own)),
        ("JWT, ES256", jwt(&curve, &p256)),
        ("an endorsement", rdfc(&endorsement(own.controller()), &own).to_string()),
    ] {
        table.says(case, &text, &world, "valid", parts);
    }
    let outdated = embedded(&good, Suite::Eddsa2022, &own).to_string();
    table.says("eddsa-2022", &outdated, &world, "valid", &["finding suite_outdated"]);
    table.finish();
}

#[test]
fn a_definite_no_comes_before_all() {
    let mut table = Table::new("invalid first");
    let (own, name) = (issuer(), json!({"name": "Another"}));
    let good = badge(own.controller());
    let end = but(good.clone(), expired());
    let world = World::empty();
    let mut check = |case: &str, text: &Value, world: &World, answer: &str| {
        table.both(case, &text.to_string(), world, &format!("invalid {answer}"));
    };

    check("changed and expired", &but(rdfc(&end, &own), name.clone()), &world, "proof_failed");
    check("unsigned and expired", &end, &world, "no_proof");
    let mut shapeless = end.clone();
    shapeless["credentialSubject"]["achievement"].as_object_mut().unwrap().remove("criteria");
    check("without criteria and expired", &rdfc(&shapeless, &own), &world, "structure");
    check("without criteria and changed", &but(rdfc(&shapeless, &own), name.clone()), &world, "structure");
    check("without criteria, of a foreign suite", &selective(&shapeless), &world, "structure");
    check("without criteria, by another", &rdfc(&shapeless, &other()), &world, "structure");
    let context = json!({"@context": ["https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "https://a.example/context"]});
    check("an unknown context and expired", &but(rdfc(&end, &own), context), &world, "context_unknown");
    check(
        "an unknown term and expired",
        &but(rdfc(&end, &own), json!({"grade": "A"})),
        &world,
        "context_rule",
    );
    let web = badge(WEB);
    let missing = issuer_as("did:web:hive.example#key-1");
    let theirs = World::empty().for_recipient("id:did:example:eve");
    check("of somebody else, without a document", &rdfc(&web, &missing), &theirs, "recipient_mismatch");
    check("of somebody else, of a foreign suite", &selective(&good), &theirs, "recipient_mismatch");
    let revoked = but(end.clone(), with_status(json!({})));
    let listed = theirs.with(LIST, rdfc(&list(own.controller(), &[7]), &own));
    check("of somebody else, revoked, expired", &rdfc(&revoked, &own), &listed, "recipient_mismatch");
    let trusting = World::empty().requiring(&json!({"issuers": []}));
    check("not trusted and expired", &rdfc(&end, &own), &trusting, "issuer_not_trusted");
    check("not trusted, without a document", &rdfc(&web, &missing), &trusting, "issuer_not_trusted");
    let mut forged = rdfc(&endorsement(other().controller()), &other());
    forged["name"] = json!("Praised");
    let endorsed = |one: &Value| rdfc(&but(end.clone(), json!({"endorsement": [one]})), &own);
    check("a forged endorsement and expired", &endorsed(&forged), &world, "endorsement_failed");
    let weak = "did:key:z6MkeTG3bFFSLYVU7VqhgZxqr6YzpaGrQtFMh1uvqGy1vDnP";
    let mut signed = rdfc(&end, &own);
    signed["proof"]["verificationMethod"] = json!(format!("{weak}#{}", &weak[8..]));
    check("a key of small order and expired", &signed, &world, "weak_key");
    table.finish();
}

#[test]
fn what_is_known_by_name_only_comes_next() {
    let mut table = Table::new("unsupported");
    let own = issuer();
    let end = but(badge(own.controller()), expired());
    let world = World::empty();
    let mut check = |case: &str, text: &str, world: &World, answer: &str| {
        table.both(case, text, world, answer);
    };

    check(
        "a foreign suite",
        &selective(&badge(own.controller())).to_string(),
        &world,
        "unsupported suite_unsupported",
    );
    check(
        "a foreign suite and expired",
        &selective(&end).to_string(),
        &world,
        "unsupported suite_unsupported",
    );
    let revoked = but(end.clone(), with_status(json!({})));
    let listed = World::empty().with(LIST, rdfc(&list(own.controller(), &[7]), &own));
    check(
        "a foreign suite and revoked",
        &selective(&revoked).to_string(),
        &listed,
        "unsupported suite_unsupported",
    );
    let token = |alg: &str| {
        let payload = claims(&end).to_string();
        let header = json!({"alg": alg, "kid": "did:web:hive.example#key-1"}).to_string();
        format!("{}.{}.AAAA", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload))
    };
    check("ES256K and expired", &token("ES256K"), &world, "unsupported algorithm_unsupported");
    check("none and expired", &token("none"), &world, "invalid alg_forbidden");
    check("HS256 and expired", &token("HS256"), &world, "invalid alg_forbidden");
    let clr = but(end.clone(), json!({"type": ["VerifiableCredential", "ClrCredential"]}));
    check(
        "a record of learning",
        &embedded(&clr, Suite::EddsaJcs2022, &own).to_string(),
        &world,
        "unsupported document_unsupported",
    );
    let other = but(end.clone(), json!({"type": ["VerifiableCredential"]}));
    check("another credential", &rdfc(&other, &own).to_string(), &world, "invalid not_a_badge");
    check(
        "a presentation",
        r#"{"@context":["https://www.w3.org/ns/credentials/v2"],"type":"VerifiablePresentation"}"#,
        &world,
        "unsupported document_unsupported",
    );
    let mut secp = rdfc(&end, &own);
    let foreign = "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme";
    secp["proof"]["verificationMethod"] = json!(format!("{foreign}#{}", &foreign[8..]));
    check("a key of secp256k1 and expired", &secp.to_string(), &world, "unsupported key_unsupported");
    table.finish();
}

#[test]
fn then_the_key_then_whose_it_is() {
    let mut table = Table::new("key and binding");
    let (own, stranger) = (issuer(), other());
    let missing = issuer_as("did:web:hive.example#key-1");
    let revocable = |issuer: &str| but(badge(issuer), with_status(expired()));
    let listed = |issuer: &str| World::empty().with(LIST, rdfc(&list(issuer, &[7]), &own));
    let empty = World::empty();
    let web = but(badge(WEB), expired());
    let mut check = |case: &str, text: &Value, world: &World, answer: &str| {
        table.both(case, &text.to_string(), world, answer);
    };

    check("no document and expired", &rdfc(&web, &missing), &empty, "undecided document_missing");
    check(
        "no document, revoked, expired",
        &rdfc(&revocable(WEB), &missing),
        &listed(WEB),
        "undecided document_missing",
    );
    let end = but(badge(own.controller()), expired());
    check("by another and expired", &rdfc(&end, &stranger), &empty, "unbound key_of_another");
    let all = revocable(own.controller());
    check(
        "by another, revoked, expired",
        &rdfc(&all, &stranger),
        &listed(own.controller()),
        "unbound key_of_another",
    );
    check("by another, without a list", &rdfc(&all, &stranger), &empty, "unbound key_of_another");
    check("not established and expired", &rdfc(&web, &own), &empty, "unbound binding_not_established");
    table.finish();
}

#[test]
fn then_the_status_then_the_time_then_what_is_unknown() {
    let mut table = Table::new("status and time");
    let own = issuer();
    let id = own.controller().to_owned();
    let of = |members: Value| rdfc(&but(badge(&id), members), &own).to_string();
    let listed = World::empty().with(LIST, rdfc(&list(&id, &[7, 9]), &own));
    let empty = World::empty();
    let (revocation, suspension) = (entry("revocation", 7), entry("suspension", 9));
    let two = |first: &Value, second: &Value| json!({"credentialStatus": [first, second]});

    table.both("revoked and expired", &of(with_status(expired())), &listed, "revoked");
    let suspended = json!({"credentialStatus": suspension});
    table.both("suspended and expired", &of(but(expired(), suspended)), &listed, "suspended");
    table.both("revoked, then suspended", &of(two(&revocation, &suspension)), &listed, "revoked");
    table.both("suspended, then revoked", &of(two(&suspension, &revocation)), &listed, "revoked");
    let early = json!({"validFrom": "2026-12-01T00:00:00Z"});
    table.both("revoked and not yet valid", &of(with_status(early.clone())), &listed, "revoked");
    table.both("expired, and no list", &of(with_status(expired())), &empty, "expired");
    table.both("not yet valid, and no list", &of(with_status(early.clone())), &empty, "not_yet_valid");
    table.both("only no list", &of(with_status(json!({}))), &empty, "undecided status_missing");
    let far = but(revocation.clone(), json!({"statusListCredential": "https://hive.example/status/2"}));
    table.both("revoked, and another list missing", &of(two(&far, &revocation)), &listed, "revoked");
    let number = json!({"credentialStatus": but(revocation.clone(), json!({"statusListIndex": 8}))});
    let malformed = "undecided status_malformed";
    table.each("a number as index", &of(number.clone()), &listed, malformed, "valid");
    table.both("a number as index, and expired", &of(but(number, expired())), &listed, "expired");
    let number = json!({"credentialStatus": but(revocation, json!({"statusListIndex": 7}))});
    table.each("a number as index of a set bit", &of(number), &listed, malformed, "revoked");

    let day = json!({"validUntil": "2026-11-21T00:00:00Z"});
    table.both("the last moment", &of(day.clone()), &empty, "valid");
    table.both("a moment later", &of(day), &World::empty().at("2026-11-21T00:00:01Z"), "expired");
    table.both("the first moment", &of(json!({})), &World::empty().at("2026-11-01T09:30:00Z"), "valid");
    table.both(
        "a moment earlier",
        &of(json!({})),
        &World::empty().at("2026-11-01T09:29:59Z"),
        "not_yet_valid",
    );
    let backward = but(early, expired());
    table.both("an end before the beginning", &of(backward), &empty, "not_yet_valid");
    table.finish();
}

#[test]
fn liberties_are_taken_by_lenient_alone() {
    let mut table = Table::new("liberties");
    let own = issuer();
    let good = badge(own.controller());
    let world = World::empty();
    let header = HeaderToWrite {
        kid: Some(badges_core::key::Signer::verification_method(&own)),
        ..HeaderToWrite::default()
    };
    let structure = "invalid structure";

    let text = rdfc(&but(good.clone(), json!({"issuer": own.controller()})), &own).to_string();
    table.each("an issuer as text", &text, &world, structure, "valid");
    for claim in ["iss", "sub", "jti", "nbf"] {
        let mut payload = claims(&good);
        payload.as_object_mut().unwrap().remove(claim);
        let text = jwt_with(&payload, &header, &own);
        table.each(&format!("without {claim}"), &text, &world, "invalid claims_mismatch", "valid");
        let text = jwt_with(&but(payload, expired()), &header, &own);
        table.each(
            &format!("without {claim}, and expired"),
            &text,
            &world,
            "invalid claims_mismatch",
            "expired",
        );
    }
    for (claim, value) in [
        ("iss", json!("did:example:eve")),
        ("sub", json!("did:example:eve")),
        ("jti", json!("urn:uuid:9")),
        ("nbf", json!(1)),
        ("exp", json!("2030")),
    ] {
        let text = jwt_with(&but(claims(&good), json!({claim: value})), &header, &own);
        table.both(&format!("another {claim}"), &text, &world, "invalid claims_mismatch");
    }
    let mut inner = claims(&good);
    let mut outer = json!({});
    for claim in ["iss", "sub", "jti", "nbf"] {
        outer[claim] = inner.as_object_mut().unwrap().remove(claim).unwrap();
    }
    outer["vc"] = inner;
    table.each("VC 2.0 within vc", &jwt_with(&outer, &header, &own), &world, structure, "valid");
    let nobody = jwt_with(&claims(&good), &HeaderToWrite::default(), &own);
    table.each("a token that names no key", &nobody, &world, structure, "valid");
    let early = but(claims(&good), json!({"exp": 1_763_000_000}));
    table.both("exp before the end", &jwt_with(&early, &header, &own), &world, "expired");
    table.finish();
}
