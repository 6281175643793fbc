//! Ed25519 signatures in which implementations differ: only the strict answer is ours.

use badges_core::key::PublicKey;
use serde_json::{Value, json};

use crate::{bytes::hex, vectors::Suite};

/// What each of these in a signature means for the strict: it does not hold.
const REFUSED: [&str; 6] =
    ["low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue", "reencoded_k"];

#[test]
fn edge_cases_of_cctv_hold_only_where_everybody_agrees() {
    let Some(mut suite) = Suite::open("cctv-ed25519", "badinput/cctv-ed25519") else { return };

    for case in suite.json("ed25519vectors.json").as_array().unwrap() {
        let flags = case["flags"].as_array().map(Vec::as_slice).unwrap_or_default();
        let refused = flags.iter().any(|flag| REFUSED.contains(&flag.as_str().unwrap()));
        let holds = holds(&case["key"], case["msg"].as_str().unwrap().as_bytes(), &case["sig"]);
        let wrong = format!("holds: {holds}, flags: {flags:?}");
        suite.check(&case["number"].to_string(), (holds != refused).then_some(()).ok_or(wrong));
    }
    suite.finish();
}

#[test]
fn of_the_speccheck_cases_only_the_third_holds() {
    let Some(mut suite) = Suite::open("ed25519-speccheck", "badinput/ed25519-speccheck") else { return };

    for (number, case) in suite.json("cases.json").as_array().unwrap().iter().enumerate() {
        let message = hex(case["message"].as_str().unwrap());
        let holds = holds(&case["pub_key"], &message, &case["signature"]);
        suite.check(
            &number.to_string(),
            (holds == (number == 3)).then_some(()).ok_or(format!("holds: {holds}")),
        );
    }
    suite.finish();
}

fn holds(key: &Value, message: &[u8], signature: &Value) -> bool {
    let key = crate::wycheproof::jwk(&json!({
        "kty": "OKP",
        "crv": "Ed25519",
        "x": crate::bytes::base64url(hex(key.as_str().unwrap())),
    }));
    let verified = |key: PublicKey| key.verify(message, &hex(signature.as_str().unwrap())).is_ok();
    key.is_ok_and(verified)
}
