//! Badges that others made, genuine and forged, through the command.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::json;

use crate::place::Place;

/// A folder of other people's data; none, with a notice, where it is absent.
fn vectors(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors").join(folder);
    if path.is_dir() {
        return Some(path.canonicalize().unwrap());
    }
    eprintln!("vectors: command {folder}: SKIPPED, there is no folder ../shared/vectors/{folder}");
    None
}

#[test]
fn genuine_badges_of_others_are_believed_with_what_their_issuers_publish() {
    let Some(folder) = vectors("interop-digitalbazaar") else { return };
    let place = Place::new("third-party");
    let list = |name: &str| folder.join(format!("status-{name}.json"));
    let documents = json!({
        "https://badges.example.org/status/revocation": "revocation.json",
        "https://badges.example.org/status/suspension": "suspension.json",
    });
    place.write("docs/index.json", documents.to_string());
    for name in ["revocation", "suspension"] {
        place.write(&format!("docs/{name}.json"), fs::read(list(name)).unwrap());
    }
    let expected = [
        ("ob3-v1-eddsa-rdfc-2022", "valid"),
        ("ob3-v2-Ed25519Signature2020", "valid"),
        ("ob3-v2-ecdsa-rdfc-2019-p256", "valid"),
        ("ob3-v2-eddsa-jcs-2022", "valid"),
        ("ob3-v2-eddsa-rdfc-2022", "valid"),
        ("ob3-v2-eddsa-rdfc-2022-awardedDate", "valid"),
        ("ob3-v2-ecdsa-sd-2023-base", "unsupported"),
        ("ob3-status-not-revoked", "valid"),
        ("ob3-status-revoked-0", "revoked"),
        ("ob3-status-revoked-131071", "revoked"),
        ("ob3-status-suspended", "suspended"),
        ("ob3-status-unreachable", "undecided"),
    ];

    for (name, verdict) in expected {
        let file = folder.join(format!("{name}.json"));
        let report = place.verify(&format!("{} --documents docs --at 2024-06-01", file.display()));
        assert_eq!(report["verdict"], verdict, "{name}: {report:#}");
    }
}

#[test]
fn images_of_others_are_read_as_the_rule_for_several_says() {
    let Some(folder) = vectors("unit/baking") else { return };
    let place = Place::new("third-party-images");
    // File, code under `strict`, code under `lenient`.
    let expected = [
        ("01-ob3-json.png", "valid", "valid"),
        ("02-ob3-jwt.png", "valid", "valid"),
        ("05-ob3-compressed.png", "unreadable", "valid"),
        ("06-ob3-two-chunks.png", "ambiguous_image", "valid"),
        ("07-both-generations.png", "valid", "valid"),
        ("08-ob2-hosted-url.png", "document_missing", "document_missing"),
        ("10-ob1-legacy-tEXt.png", "document_missing", "document_missing"),
        ("11-zTXt.png", "no_badge_in_image", "no_badge_in_image"),
        ("13-none.png", "no_badge_in_image", "no_badge_in_image"),
        ("14-bad-crc.png", "unreadable", "unreadable"),
        ("16-truncated-chunk.png", "unreadable", "unreadable"),
        ("19-invalid-utf8.png", "malformed", "malformed"),
        ("20-not-png.png", "malformed", "malformed"),
        ("22-idat-bomb-untouched.png", "valid", "valid"),
        ("31-ob3-cdata.svg", "valid", "valid"),
        ("32-ob3-verify-jws.svg", "valid", "valid"),
        ("38-in-comment.svg", "no_badge_in_image", "no_badge_in_image"),
        ("40-two-credentials.svg", "ambiguous_image", "valid"),
        ("41-entity-bomb.svg", "unreadable", "unreadable"),
        ("42-xxe.svg", "unreadable", "unreadable"),
        ("47-not-svg-root.svg", "unreadable", "unreadable"),
    ];

    for (name, strict, lenient) in expected {
        let file = folder.join(name);
        for (policy, code) in [("strict", strict), ("lenient", lenient)] {
            let report = place.verify(&format!("{} --policy {policy}", file.display()));
            assert_eq!(report["code"], code, "{name} {policy}: {report:#}");
        }
    }
}

#[test]
fn forged_badges_are_refused_and_told_in_words() {
    let Some(folder) = vectors("attacks-jsonld") else { return };
    let place = Place::new("third-party-forged");
    // Those of the folder that must be believed: it holds genuine ones too.
    let genuine = ["00", "25", "30"];

    let run = place.run(&format!("verify --json --at 2026-11-21 {}", folder.display()));

    let answers = run.answers();
    let mut refused = 0;
    for answer in &answers {
        let name =
            Path::new(answer["file"].as_str().unwrap()).file_name().unwrap().to_str().unwrap().to_owned();
        let numbered = name.starts_with(|first: char| first.is_ascii_digit());
        if numbered && !genuine.iter().any(|genuine| name.starts_with(genuine)) {
            assert_ne!(answer["verdict"], "valid", "{name}");
            refused += 1;
        }
    }
    assert!(refused > 10, "{}", answers.len());
    assert_eq!(run.code, 1);
}
