//! What people and attackers hand over: each verb answers quickly, says what is wrong, and never panics.

use crate::place::{PNG, Place, SVG};

#[test]
fn ten_megabytes_of_json_are_refused_by_name_of_the_limit() {
    let place = Place::furnished("bad-large");
    let file = place.issue("--to did:example:ada --out out");
    let mut large = place.text(&file);
    large.truncate(large.len() - 1);
    large.push_str(&format!(",\"padding\":\"{}\"}}", "x".repeat(10 << 20)));
    place.write("large.json", &large);
    place.write("wide.json", place.text(&file) + &" ".repeat(300 << 10));
    place.write("large.png", [PNG, &vec![0; 5 << 20]].concat());

    assert_eq!(place.verify("large.json")["code"], "too_large");
    place.run("verify large.json").failed(2, &["longer than 262144 bytes", "--max-size"]);
    place.run("verify large.png").failed(2, &["longer than 4194304 bytes", "--max-size"]);
    place.run("inspect large.json").failed(2, &["--max-size"]);
    assert_eq!(place.verify("wide.json")["code"], "too_large");
    assert_eq!(place.verify("wide.json --max-size 1000000")["code"], "valid");
    assert_eq!(place.verify(&format!("{file} --max-size 100"))["code"], "too_large");
    let read = place.verify("large.json --max-size 20000000");
    assert_eq!(read["verdict"], "invalid", "read now, and not what was signed: {}", read["code"]);
}

#[test]
fn two_badges_in_one_picture_are_ambiguous_unless_one_is_lenient() {
    let place = Place::furnished("bad-two");
    let file = place.issue("--to did:example:ada --proof jwt --out out");
    let token = place.text(&file);
    let element = format!(r#"<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0" verify="{token}"/>"#);
    place.write("two.svg", SVG.replace("<title>", &format!("{element}{element}<title>")));

    assert_eq!(place.verify("two.svg")["code"], "ambiguous_image");
    place.run("verify two.svg").failed(2, &["2 badges", "--policy lenient"]);
    let lenient = place.verify("two.svg --policy lenient");
    assert_eq!(lenient["verdict"], "valid");
    assert_eq!(lenient["findings"][0]["code"], "other_badge_in_image");
}

#[test]
fn a_newer_badge_in_a_picture_counts_before_an_older_one() {
    let place = Place::furnished("bad-both");
    place.write(
        "old.json",
        r#"{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"https://a.example/1"}"#,
    );
    let file = place.issue("--to did:example:ada --out out");
    place.run("bake plain.png old.json -o old.png").done();
    place.run(&format!("bake old.png {file} -o both.png")).done();

    let report = place.verify("both.png");

    assert_eq!(report["verdict"], "valid");
    assert_eq!(report["findings"][0]["code"], "other_badge_in_image");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_and_names_that_are_no_text_stop_nothing() {
    use std::os::unix::ffi::OsStringExt as _;

    let place = Place::furnished("bad-names");
    let file = place.issue("--to did:example:ada --out out");
    let odd = std::ffi::OsString::from_vec(b"odd\xff\n.json".to_vec());
    std::fs::copy(place.path(&file), place.path("out").join(&odd)).unwrap();
    std::os::unix::fs::symlink(place.path("out"), place.path("out/loop.json")).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(place.path("out/pipe.json")).status().unwrap();
    assert!(pipe.success());

    let run = place.run("verify out --json").done();
    let words = place.run("verify out").done();

    assert_eq!(run.answers().len(), 2, "{run:#?}");
    assert!(words.out.contains("\\u{a}"), "{words:#?}");
}

#[test]
fn no_bytes_make_any_verb_panic() {
    let place = Place::furnished("bad-bytes");
    let badge = place.issue("--to did:example:ada --out out");
    let good = place.read(&badge);
    let deep = "[".repeat(100_000);
    let inputs: [(&str, Vec<u8>); 12] = [
        ("empty", vec![]),
        ("nul", vec![0; 64]),
        ("binary", (0..=255).collect()),
        ("cut", good[..good.len() / 2].to_vec()),
        ("deep", deep.into_bytes()),
        ("null", b"null".to_vec()),
        ("number", b"1e999999".to_vec()),
        ("dots", b"..".to_vec()),
        ("token", b"e30.e30.AA".to_vec()),
        ("png", PNG[..20].to_vec()),
        ("svg", b"<svg".to_vec()),
        ("quote", b"\"\\ud800\"".to_vec()),
    ];

    for (name, bytes) in inputs {
        let file = format!("{name}.json");
        place.write(&file, bytes);
        for arguments in [
            format!("verify {file}"),
            format!("verify {badge} --trust {file}"),
            format!("inspect {file}"),
            format!("unbake {file}"),
            format!("bake plain.png {file} -o o.png"),
            format!("bake {file} {badge} -o o.png"),
            format!("keys show {file}"),
            format!("keys import {file} o.json"),
            format!("status get {file} 1"),
            format!("status set {file} 1 1 --key key.json"),
            format!("endorse --key key.json --of {file} --comment c --out o.json"),
            format!("issue --key key.json --template {file} --to a@b.example --out o"),
            format!("issue --key key.json --template template.toml --csv {file} --out o"),
            format!("issue --key {file} --template template.toml --to a@b.example --out o"),
        ] {
            let run = place.run(&arguments);
            assert!([1, 2].contains(&run.code), "{arguments}: {run:#?}");
            let said = format!("{}{}", run.out, run.err);
            assert!(!said.contains("panicked") && !said.trim().is_empty(), "{arguments}: {run:#?}");
        }
    }
    assert!(!place.path("o.png").exists() && !place.path("o.json").exists());
}

#[test]
fn a_name_cannot_steer_the_terminal() {
    let place = Place::furnished("bad-terminal");
    let template = place.text("template.toml").replace("\"Astronaut\"", "\"A\\u001b[2J\\u202e\"");
    place.write("template.toml", template);
    let file = place.issue("--to did:example:ada --out out");

    let run = place.run(&format!("verify {file}")).done();

    assert!(run.out.contains("A\\u{1b}[2J\\u{202e}"), "{run:#?}");
    assert!(!run.out.contains('\u{1b}') && !run.out.contains('\u{202e}'));
}
