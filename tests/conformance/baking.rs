//! Credentials in images: the unit vectors, and images that others baked.

use badges_core::{
    bake::{
        BakeError, Carrier, ChoiceError, Finding, Found, Generation, ImageLimits, Selection, choose, extract,
    },
    json,
};

use crate::vectors::Suite;

fn finds(image: &[u8]) -> Result<Vec<Found<'_>>, BakeError> {
    extract(image, &ImageLimits::default())
}

/// What an image must give: the generation and text that count.
enum Must {
    Give(Generation, String),
    Nothing,
}

fn compare(image: &[u8], must: &Must) -> Result<(), String> {
    match (finds(image).map(|finds| choose(finds, Selection::Lenient)), must) {
        (Ok(Ok(found)), Must::Give(generation, text)) if found.generation == *generation => {
            (found.text.trim() == text.trim()).then_some(()).ok_or(format!("another text: {}", found.text))
        }
        (Ok(Err(ChoiceError::Nothing)), Must::Nothing) => Ok(()),
        (other, _) => Err(format!("{other:?}")),
    }
}

#[test]
fn unit_images_give_what_they_must() {
    let Some(mut suite) = Suite::open("unit-baking", "unit/baking") else { return };
    let expected = suite.json("expected.json");
    let credential = suite.json("../../interop-digitalbazaar/ob3-v2-eddsa-rdfc-2022.json");

    for case in expected["cases"].as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        let image = suite.read(file);
        let outcome = unit_case(file, case["expect"].as_str().unwrap(), &image, &credential);
        suite.check(file, outcome);
    }
    suite.finish();
}

fn unit_case(file: &str, expect: &str, image: &[u8], credential: &serde_json::Value) -> Result<(), String> {
    let same_credential =
        |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap() == *credential;
    let lenient = finds(image).map(|finds| choose(finds, Selection::Lenient));
    let strict = finds(image).map(|finds| choose(finds, Selection::Strict));
    let jws = |text: &str| text.starts_with("eyJ") && text.split('.').count() == 3;
    let url = "https://example.org/beths-robotics-badge.json";
    let is = |generation, good: &dyn Fn(&Found<'_>) -> bool| matches!(&lenient, Ok(Ok(found)) if found.generation == generation && good(found));
    let with = |wanted: Finding| matches!(&lenient, Ok(Ok(found)) if found.findings.contains(&wanted));
    let v3 = || is(Generation::V3, &|found| same_credential(&found.text));
    let good = match (file.get(..2).unwrap(), expect) {
        ("05", _) => v3() && with(Finding::Compressed) && strict == Ok(Err(ChoiceError::Compressed)),
        ("06" | "40", _) => {
            let ambiguous = ChoiceError::Ambiguous { generation: Generation::V3, count: 2 };
            v3() && with(Finding::FirstOf(2)) && strict == Ok(Err(ambiguous))
        }
        ("07", _) => is(Generation::V3, &|_| true) && with(Finding::PassedOver(Generation::V2)),
        ("18" | "21", _) => matches!(lenient, Ok(Err(ChoiceError::Nothing))),
        ("32", _) => is(Generation::V3, &|found| found.carrier == Carrier::SvgAttribute && jws(&found.text)),
        ("44", _) => is(Generation::V2, &|found| found.text == url && found.copy.is_some()),
        ("46", _) => is(Generation::V3, &|found| found.text == r#"{"a":"x]]>y"}"#),
        ("48", _) => matches!(lenient, Err(BakeError::Encoding { .. })),
        (_, text) if text.starts_with("credential JSON") => v3() && strict == lenient,
        (_, "compact JWS") => is(Generation::V3, &|found| jws(&found.text)),
        (_, "OB 2.0 JWS") => is(Generation::V2, &|found| jws(&found.text)),
        (_, text) if text.starts_with("OB 2.0 hosted URL") => is(Generation::V2, &|found| found.text == url),
        (_, text) if text.starts_with("legacy URL") => is(Generation::V1, &|found| found.text == url),
        (_, text) if text.starts_with("no credential found") => lenient == Ok(Err(ChoiceError::Nothing)),
        (_, "error: CRC") => matches!(lenient, Err(BakeError::Crc { .. })),
        (_, "error: truncated") => matches!(lenient, Err(BakeError::Truncated { .. })),
        (_, text) if text.starts_with("error: bad length") => {
            matches!(lenient, Err(BakeError::ChunkLength { .. }))
        }
        (_, "error: not UTF-8") => lenient == Err(BakeError::Utf8),
        (_, "error: not a PNG") => lenient == Err(BakeError::NotAnImage),
        (_, "error: DTD/entities are refused") => lenient == Err(BakeError::Doctype),
        (_, "error: root is not svg") => matches!(lenient, Err(BakeError::NotSvg { .. })),
        (_, text) if text.starts_with("error: undeclared") => {
            matches!(lenient, Err(BakeError::UndeclaredPrefix { .. }))
        }
        _ => return Err(format!("no rule for {expect:?}")),
    };
    good.then_some(()).ok_or(format!("expected {expect:?}, found {lenient:?}"))
}

#[test]
fn images_of_others_give_their_texts() {
    let Some(mut suite) = Suite::open("baked-by-1edtech", "1edtech-public-validator") else { return };

    for case in
        ["simple-json.png", "simple-json.svg", "simple-jwt.png", "simple-jwt.svg", "simple-jwt_v1.png"]
            .into_iter()
            .chain(["simple-jwt_v1.svg"])
    {
        let text = suite.text(format!("extracted/{case}.txt"));
        let image = suite.read(format!("ob30/{case}"));
        suite.check(case, compare(&image, &Must::Give(Generation::V3, text)));
    }
    for case in
        ["ob20/simple-badge.png", "ob20/assets/beths-robot-badge.png", "ob20/assets/robotics-badge.png"]
    {
        let image = suite.read(case);
        let baked = case == "ob20/simple-badge.png";
        let outcome = match finds(&image).as_deref() {
            Ok([found]) if baked && found.generation == Generation::V2 => is_json(&found.text),
            Ok([]) if !baked => Ok(()),
            other => Err(format!("{other:?}")),
        };
        suite.check(case, outcome);
    }
    suite.finish();
}

#[test]
fn images_of_mozilla_give_their_addresses() {
    let Some(mut suite) = Suite::open("baked-by-mozilla-backpack", "mozilla-backpack") else { return };

    let legacy = |text: &str| Must::Give(Generation::V1, text.to_owned());
    for (case, must) in [
        ("valid-baked.png", legacy("https://example.org/assertion")),
        ("404.png", Must::Give(Generation::V1, "https://example.org/404".to_owned())),
        ("unbaked.png", Must::Nothing),
        ("unbaked.svg", Must::Nothing),
    ] {
        let image = suite.read(case);
        suite.check(case, compare(&image, &must));
    }
    suite.finish();

    let Some(mut suite) = Suite::open("baked-by-mozilla-bakery", "mozilla-openbadges-bakery") else { return };
    for (case, copied) in [("baked.svg", true), ("bad-json.svg", false), ("no-json.svg", false)] {
        let image = suite.read(case);
        let outcome = match finds(&image).as_deref() {
            Ok([Found { generation: Generation::V2, text, copy: Some(copy), .. }])
                if text == "http://example.org" && is_json(copy).is_ok() == copied =>
            {
                Ok(())
            }
            other => Err(format!("{other:?}")),
        };
        suite.check(case, outcome);
    }
    for case in ["unbaked.png", "unbaked.svg"] {
        let image = suite.read(case);
        suite.check(case, compare(&image, &Must::Nothing));
    }
    suite.finish();
}

#[test]
fn images_of_the_workload_give_what_was_baked() {
    let Some(mut suite) = Suite::open("baked-workload", "workload") else { return };

    for (case, generation, text) in
        [("baked_ob3.png", Generation::V3, "rdfc.json"), ("baked_ob2.png", Generation::V2, "ob2.RS256.jws")]
    {
        let text = suite.text(text);
        let image = suite.read(case);
        suite.check(case, compare(&image, &Must::Give(generation, text)));
    }
    let plain = suite.read("plain.png");
    suite.check("plain.png", compare(&plain, &Must::Nothing));
    suite.finish();
}

#[test]
fn a_file_past_the_limit_is_not_read() {
    let image = vec![0; 4097];

    let found = extract(&image, &ImageLimits { file: 4096, ..ImageLimits::default() });

    assert_eq!(found, Err(BakeError::TooLarge { bytes: 4097, limit: 4096 }));
}

fn is_json(text: &str) -> Result<(), String> {
    json::read(text.as_bytes(), &json::Limits::default()).map(|_| ()).map_err(|error| error.to_string())
}
