//! Tokens that hold and tokens that do not, and the keys that they are signed with.

use std::time::Duration;

use badges_core::key::KeyKind;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    World,
    hostile::{ACCESS, Plan, key, public},
    merged, refused, verified,
};

type Spoil = fn(&mut Plan, i64);

/// What is wrong with a token of somebody who would be signed in but for that.
const SPOILT: &[(&str, Spoil)] = &[
    ("another issuer", |plan, _| plan.claims["iss"] = json!("https://evil.example")),
    ("an issuer with a slash", |plan, _| {
        plan.claims["iss"] = json!(format!("{}/", plan.claims["iss"].as_str().unwrap()));
    }),
    ("another audience", |plan, _| plan.claims["aud"] = json!("other")),
    ("no audience", |plan, _| plan.claims["aud"] = json!([])),
    ("several without azp", |plan, _| plan.claims["aud"] = json!(["badges", "other"])),
    ("another azp", |plan, _| plan.claims["azp"] = json!("other")),
    ("another nonce", |plan, _| plan.claims["nonce"] = json!("n")),
    ("no nonce", |plan, _| plan.claims["nonce"] = json!(null)),
    ("over", |plan, now| plan.claims["exp"] = json!(now - 61)),
    ("of the future", |plan, now| plan.claims["iat"] = json!(now + 120)),
    ("not yet", |plan, now| plan.claims["nbf"] = json!(now + 120)),
    ("old", |plan, now| plan.claims["iat"] = json!(now - 700)),
    ("no end", |plan, _| plan.claims["exp"] = json!(null)),
    ("an end in words", |plan, _| plan.claims["exp"] = json!("tomorrow")),
    ("nobody", |plan, _| plan.claims["sub"] = json!("")),
    ("a number", |plan, _| plan.claims["sub"] = json!(1)),
    ("another access token", |plan, _| plan.claims["at_hash"] = json!("AAAA")),
    ("another key", |plan, _| plan.signer = key(KeyKind::P256, 2)),
    ("an unknown key", |plan, _| plan.kid = Some("2")),
    ("another algorithm", |plan, _| plan.signer = key(KeyKind::Ed25519, 1)),
    ("none", |plan, _| plan.token = Some(unsigned(&json!({"alg": "none"}), &plan.claims, ""))),
    ("none with a signature", |plan, _| {
        plan.token = Some(unsigned(&json!({"alg": "none", "kid": "1"}), &plan.claims, "AAAA"));
    }),
    ("HMAC", |plan, _| {
        plan.token = Some(unsigned(&json!({"alg": "HS256", "kid": "1"}), &plan.claims, "AAAA"));
    }),
    ("a key of its own", |plan, _| {
        let own = key(KeyKind::P256, 2);
        let header = json!({"alg": "ES256", "jwk": public(&own, "1")});
        plan.token = Some(unsigned(&header, &plan.claims, "AAAA"));
    }),
    ("no token", |plan, _| plan.token = Some(String::new())),
    ("a long token", |plan, _| plan.token = Some("a".repeat(100_000))),
    ("two subjects", |plan, _| {
        let twice = plan.claims.to_string().replacen('{', "{\"sub\":\"u1\",", 1);
        plan.token = Some(format!("e30.{}.AAAA", BASE64_URL_SAFE_NO_PAD.encode(twice)));
    }),
    ("two keys of one name", |plan, _| {
        plan.keys = json!({"keys": [public(&plan.signer, "1"), public(&key(KeyKind::P256, 2), "1")]});
    }),
    ("no keys", |plan, _| plan.keys = json!({"keys": "none"})),
];

#[test]
fn a_token_that_does_not_hold_signs_nobody_in() {
    let world = World::new();
    let (browser, _) = world.sign_in("trusted", "u1", verified("owner@example.org"));
    browser.get("/me").expect(200);

    for (name, spoil) in SPOILT {
        // What was remembered of the keys is over.
        world.service.clock.advance(Duration::from_secs(3_601));
        let mut away = world.leave("trusted");
        let claims = world.trusted.claims(&world.service, &away.nonce, "u1");
        let now = claims["iat"].as_i64().unwrap();
        world.trusted.change(|plan| {
            plan.signer = key(KeyKind::P256, 1);
            plan.keys = json!({"keys": [public(&plan.signer, "1")]});
            (plan.claims, plan.token, plan.kid) = (claims, None, Some("1"));
            spoil(plan, now);
        });

        let answer = away.back("trusted", "&code=c0de").expect(303);

        eprintln!("{name}");
        refused(&mut away.browser, &answer, "could not be relied on");
    }
}

#[test]
fn the_hash_of_the_access_token_holds_where_it_is_said() {
    let world = World::new();
    let hash = BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(ACCESS)[..16]);
    let said = json!({"at_hash": hash, "aud": ["badges", "other"], "azp": "badges"});

    let (browser, _) = world.sign_in("trusted", "u1", merged(verified("owner@example.org"), said));

    browser.get("/me").expect(200);
}

#[test]
fn keys_that_change_are_read_again_and_not_too_often() {
    let world = World::new();
    let known = verified("owner@example.org");
    world.sign_in("trusted", "u1", known.clone());
    assert_eq!(world.trusted.asked("/keys"), 1);
    world.trusted.change(|plan| {
        (plan.signer, plan.kid) = (key(KeyKind::Ed25519, 7), Some("7"));
        plan.keys = json!({"keys": [public(&plan.signer, "7")]});
    });

    // Within a minute of the last time they are not.
    let (mut browser, answer) = world.sign_in("trusted", "u1", known.clone());
    refused(&mut browser, &answer, "could not be relied on");
    assert_eq!(world.trusted.asked("/keys"), 1);
    world.service.clock.advance(Duration::from_secs(60));
    let (browser, _) = world.sign_in("trusted", "u1", known);
    browser.get("/me").expect(200);

    assert_eq!(world.trusted.asked("/keys"), 2);
    assert_eq!(world.trusted.asked("/.well-known/openid-configuration"), 1);
}

#[test]
fn keys_that_were_wrong_for_a_while_are_read_again() {
    let twice = |plan: &mut Plan| {
        plan.keys = json!({"keys": [public(&plan.signer, "1"), public(&key(KeyKind::P256, 2), "1")]});
    };
    let other = |plan: &mut Plan| plan.keys = json!({"keys": [public(&key(KeyKind::P256, 2), "1")]});
    let nothing = |plan: &mut Plan| plan.keys = json!({});
    for wrong in [twice as fn(&mut Plan), other, nothing] {
        let world = World::new();
        let known = verified("owner@example.org");
        let mut good = Value::Null;
        world.trusted.change(|plan| {
            good = plan.keys.clone();
            wrong(plan);
        });
        let (mut browser, answer) = world.sign_in("trusted", "u1", known.clone());
        refused(&mut browser, &answer, "could not be relied on");

        world.trusted.change(|plan| plan.keys = good);
        world.service.clock.advance(Duration::from_secs(60));

        let (browser, _) = world.sign_in("trusted", "u1", known);
        browser.get("/me").expect(200);
    }
}

fn unsigned(header: &Value, claims: &Value, signature: &str) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(header), part(claims))
}
