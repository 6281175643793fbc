//! Baked images: others take out what we put in, and we what they put in.

use badges_core::bake::{Generation, ImageLimits, bake, extract};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::{
    badges::{Dice, badge},
    judge::{Judge, say},
};

const SVG: &str = r##"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>A badge</title><circle r="4" fill="#08f"/></svg>"##;
const JWS: &str = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6InVybjp1dWlkOjEifQ.c2lnbmF0dXJlLW9mLW5vYm9keQ";

#[test]
fn openbadges_bakery_and_we_bake_alike() {
    let texts = |dice: &mut Dice| {
        let id = format!("https://hive.example/assertions/{}", dice.below(1000));
        let assertion = json!({
            "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": id,
            "badge": badge(dice, "did:example:issuer", true)["credentialSubject"]["achievement"],
        });
        // The bakery itself cannot put the end of a CDATA section into one.
        [assertion.to_string().replace("]]>", ">"), JWS.to_owned(), id]
    };
    both_ways("bakery", Generation::V2, texts, 301);
}

#[test]
fn openbadgeslib_and_we_bake_alike() {
    let texts = |dice: &mut Dice| {
        let badges = [true, false].map(|with_id| badge(dice, "did:example:issuer", with_id).to_string());
        let [first, second] = badges;
        [first, second, JWS.to_owned()]
    };
    both_ways("openbadgeslib", Generation::V3, texts, 302);
}

fn both_ways(program: &str, generation: Generation, texts: impl Fn(&mut Dice) -> [String; 3], seed: u64) {
    let Some(judge) = Judge::open("judges.py") else { return };
    let mut dice = Dice::thrown(seed, &format!("{program}, images"));
    let png = judge.vector("workload/plain.png");
    let mut cases: Vec<(&str, &[u8], String)> = Vec::new();
    for _ in 0..20 {
        for text in texts(&mut dice) {
            cases.push(("png", &png, text.clone()));
            // XML 1.0 has no control characters.
            if !text.contains("\\u00") && !text.contains('\u{7f}') {
                cases.push(("svg", SVG.as_bytes(), text));
            }
        }
    }

    let ours = cases.iter().map(|(kind, image, text)| {
        let baked = bake(image, text, generation).unwrap_or_else(|error| panic!("{error}: {text}"));
        json!({"action": format!("{program}_unbake"), "kind": kind, "image": BASE64_STANDARD.encode(baked)})
    });
    for ((kind, _, text), answer) in cases.iter().zip(judge.ask(&ours.collect::<Vec<_>>())) {
        assert_eq!(answer["text"], expected(kind, generation, text), "{program}: {answer}");
    }

    let theirs = cases.iter().map(|(kind, image, text)| {
        let image = BASE64_STANDARD.encode(image);
        json!({"action": format!("{program}_bake"), "kind": kind, "image": image, "text": text})
    });
    for ((_, _, text), answer) in cases.iter().zip(judge.ask(&theirs.collect::<Vec<_>>())) {
        let image = answer["image"].as_str().unwrap_or_else(|| panic!("{program}: {answer}"));
        let image = BASE64_STANDARD.decode(image).unwrap();
        let found = extract(&image, &ImageLimits::default()).unwrap();
        let found = found.iter().find(|found| found.generation == generation).unwrap();
        assert!(
            &found.text == text || found.copy.as_ref() == Some(&text.as_str().into()),
            "{program}: {text}"
        );
    }
    say(&format!(
        "judges: {program} took {} texts out of our images, and we as many out of its",
        cases.len()
    ));
}

/// The bakery's answer for an SVG of 2.0 is the address in `verify`, even where the assertion stands beside it.
fn expected(kind: &str, generation: Generation, text: &str) -> Value {
    let assertion: Option<Value> = serde_json::from_str(text).ok();
    match assertion {
        Some(assertion) if kind == "svg" && generation == Generation::V2 => assertion["id"].clone(),
        _ => json!(text),
    }
}
