//! `badges bake` and `badges unbake`.

use crate::place::{PNG, Place, SVG};

const BADGE: &str = r#"{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"urn:uuid:1","type":["VerifiableCredential","OpenBadgeCredential"],"proof":{"type":"DataIntegrityProof"}}"#;
const OB2: &str =
    r#"{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"https://a.example/1"}"#;

fn place(name: &str) -> Place {
    let place = Place::new(name);
    place.write("plain.svg", SVG);
    place.write("plain.png", PNG);
    place.write("badge.json", format!("\u{feff}{BADGE}\n"));
    place.write("ob2.json", OB2);
    place
}

#[test]
fn what_was_baked_comes_out_letter_for_letter() {
    let place = place("bake");

    for kind in ["png", "svg"] {
        place.run(&format!("bake plain.{kind} badge.json -o baked.{kind}")).done();
        let out = place.run(&format!("unbake baked.{kind}")).done();
        place.run(&format!("unbake baked.{kind} -o {kind}.json")).done();
        let json = place.run(&format!("unbake baked.{kind} --json")).done();

        assert_eq!(out.out, BADGE);
        assert_eq!(place.text(&format!("{kind}.json")), BADGE);
        assert_eq!(json.answers()[0]["generation"], "3.0");
        assert_eq!(json.answers()[0]["text"], BADGE);
    }
    assert_eq!(place.text("plain.svg"), SVG, "the picture itself is not touched");
}

#[test]
fn both_generations_fit_into_one_picture_and_the_newer_counts() {
    let place = place("bake-both");

    place.run("bake plain.png ob2.json -o old.png").done();
    let old = place.run("unbake old.png --json").done();
    place.run("bake old.png badge.json -o both.png").done();
    let both = place.run("unbake both.png").done();

    assert_eq!(old.answers()[0]["generation"], "2.0");
    assert_eq!(both.out, BADGE);
    assert!(both.err.contains("older Open Badges"), "{both:?}");
}

#[test]
fn a_second_badge_takes_the_place_of_the_first_and_says_so() {
    let place = place("bake-twice");
    place.run("bake plain.png badge.json -o one.png").done();

    let run = place.run("bake one.png badge.json -o two.png").done();

    assert!(run.out.contains("takes the place"), "{run:?}");
    assert_eq!(place.read("one.png"), place.read("two.png"));
}

#[test]
fn pictures_flow_through_standard_input_and_output() {
    let place = place("bake-pipe");

    let baked = place.feed("bake plain.svg - -o -", BADGE.as_bytes()).done();
    let out = place.feed("unbake -", baked.out.as_bytes()).done();

    assert_eq!(out.out, BADGE);
}

#[test]
fn no_file_is_written_over_without_being_told_to() {
    let place = place("bake-over");
    place.write("there.png", "mine");
    place.run("bake plain.png badge.json -o baked.png").done();

    place.run("bake plain.png badge.json -o there.png").failed(2, &["there.png exists already", "--force"]);
    place.run("unbake baked.png -o there.png").failed(2, &["there.png exists already", "--force"]);
    assert_eq!(place.text("there.png"), "mine");
    place.run("unbake baked.png -o there.png --force").done();

    assert_eq!(place.text("there.png"), BADGE);
}

#[cfg(unix)]
#[test]
fn force_replaces_what_a_link_leads_to_and_no_pipe() {
    let place = place("bake-links");
    place.write("there.svg", SVG);
    std::os::unix::fs::symlink("there.svg", place.path("link.svg")).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(place.path("pipe.svg")).status().unwrap();
    assert!(pipe.success());

    place.run("bake there.svg badge.json --force -o link.svg").done();
    place.run("bake there.svg badge.json --force -o pipe.svg").failed(2, &["a device or a pipe"]);

    assert!(place.path("link.svg").symlink_metadata().unwrap().is_symlink());
    assert_ne!(place.text("there.svg"), SVG);
}

#[test]
fn bad_pictures_and_badges_are_refused_with_a_remedy() {
    let place = place("bake-bad");
    place.write("unsigned.json", BADGE.replace(",\"proof\":{\"type\":\"DataIntegrityProof\"}", ""));
    place.write("other.json", r#"{"hello":"world"}"#);
    place.write("text.json", "hello");
    place.write("token.jwt", "a.b.c");
    place.write("binary.json", [0xff, 0xfe, 0xfd]);
    place.write("cut.png", &PNG[..50]);
    let two = SVG.replace(
        "<title>",
        r#"<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0" verify="a.b.c"/><o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0" verify="d.e.f"/><title>"#,
    );
    place.write("two.svg", two);
    place.write("large.json", vec![b' '; 10 << 20]);

    place.run("unbake plain.png").failed(2, &["there is no badge in the image", "badges bake"]);
    place.run("unbake badge.json").failed(2, &["neither a PNG nor an SVG"]);
    place.run("unbake cut.png").failed(2, &["ends in the middle"]);
    place.run("unbake two.svg").failed(2, &["2 badges", "--policy lenient"]);
    place.run("unbake absent.png").failed(2, &["there is no file absent.png"]);
    place.run("bake plain.png unsigned.json -o o.png").failed(2, &["badges issue"]);
    place.run("bake plain.png other.json -o o.png").failed(2, &["no badge"]);
    place.run("bake plain.png text.json -o o.png").failed(2, &["neither JSON"]);
    place.run("bake plain.png token.jwt -o o.png").failed(2, &["JWT"]);
    place.run("bake plain.png binary.json -o o.png").failed(2, &["UTF-8"]);
    place.run("bake plain.png large.json -o o.png").failed(2, &["longer than the 262144 bytes"]);
    place.run("bake badge.json badge.json -o o.png").failed(2, &["neither a PNG nor an SVG"]);
    place.run("bake plain.png badge.json -o absent/o.png").failed(2, &["cannot be written"]);
    assert!(!place.path("o.png").exists());
}
