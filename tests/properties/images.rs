//! Baking: what goes in comes out, and nothing else moves.

use badges_core::bake::{BakeError, Found, Generation, ImageLimits, Selection, bake, choose, extract};
use proptest::prelude::*;

use crate::config;

const WRITTEN: [Generation; 2] = [Generation::V2, Generation::V3];

fn finds(image: &[u8]) -> Vec<Found<'_>> {
    extract(image, &ImageLimits::default()).unwrap()
}

/// Bakes a text into an image that holds none, and looks at what has changed.
fn check(image: &[u8], text: &str, writable: impl Fn(char) -> bool) -> Result<(), TestCaseError> {
    for generation in WRITTEN {
        let baked = match bake(image, text, generation) {
            Ok(baked) => baked,
            Err(BakeError::TextEmpty) => {
                prop_assert!(text.is_empty());
                continue;
            }
            Err(BakeError::UnwritableText { character }) => {
                prop_assert!(!writable(character) && text.contains(character));
                continue;
            }
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
        prop_assert!(text.chars().all(&writable));
        let all = finds(&baked);
        prop_assert_eq!(all.len(), 1);
        // A 2.0 assertion in an SVG is found by its address, and stands beside it.
        prop_assert_eq!((all[0].generation, all[0].document()), (generation, text));
        prop_assert!(all[0].findings.is_empty());
        prop_assert_eq!(without_insertion(image, &baked), None);
        prop_assert_eq!(&bake(&baked, text, generation).unwrap(), &baked);

        let replaced =
            bake(&bake(&baked, "https://a.example/", generation).unwrap(), text, generation).unwrap();
        prop_assert_eq!(&replaced, &baked);
        let other = if generation == Generation::V3 { Generation::V2 } else { Generation::V3 };
        let both = bake(&baked, "e30.e30.e30", other).unwrap();
        prop_assert_eq!(finds(&both).len(), 2);
        prop_assert_eq!(choose(finds(&both), Selection::Strict).unwrap().generation, Generation::V3);
    }
    Ok(())
}

/// The first byte at which the image cannot be had by leaving bytes of the baked one out.
fn without_insertion(image: &[u8], baked: &[u8]) -> Option<usize> {
    let mut rest = baked.iter();
    image.iter().position(|byte| !rest.any(|other| other == byte))
}

fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let checked = [kind, data].concat();
    [&(data.len() as u32).to_be_bytes()[..], &checked, &crc32fast::hash(&checked).to_be_bytes()].concat()
}

fn any_png() -> impl Strategy<Value = Vec<u8>> {
    let data = prop::collection::vec(any::<u8>(), 0..40);
    let chunks = prop::collection::vec(("[a-zA-Z]{4}", data), 0..8);
    chunks.prop_map(|chunks| {
        let kept = chunks.iter().filter(|(kind, _)| !["IHDR", "IEND"].contains(&kind.as_str()));
        let chunks = kept.flat_map(|(kind, data)| chunk(kind.as_bytes(), data));
        let start = [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &[1; 13])].concat();
        start.into_iter().chain(chunks).chain(chunk(b"IEND", b"")).collect()
    })
}

fn any_svg() -> impl Strategy<Value = String> {
    let prologue = prop::sample::select(vec![
        "",
        "\u{feff}",
        "<?xml version='1.0'?>\n",
        "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\r\n<!-- <svg> -->",
    ]);
    let prefix = prop::sample::select(vec!["", "svg:", "openbadges:", "x:"]);
    let declared = prop::sample::select(vec![
        "",
        " xmlns:ob='https://purl.imsglobal.org/ob/v3p0'",
        " xmlns:ob = \"http://openbadges.org\"\n",
        " xmlns:openbadges='https://purl.imsglobal.org/ob/v3p0'",
        " xmlns:openbadges='http://openbadges.org' ",
        " xmlns:openbadges='https://a.example/'",
    ]);
    let content = prop::sample::select(vec![
        None,
        Some(""),
        Some("<g a='>' b=\"'/>\"><!-- > --></g>"),
        Some(" text &lt; <![CDATA[<a>]]><?x ?>"),
        Some("\r\n\t<path d='M0 0'/>\u{e9}\u{1f3c5}\n"),
        Some("<openbadges:credential xmlns:openbadges='https://b.example/' verify='x'/>"),
    ]);
    (prologue, prefix, declared, content).prop_map(|(prologue, prefix, declared, content)| {
        let declared = if prefix == "openbadges:" { "" } else { declared };
        let own = if prefix.is_empty() {
            "xmlns".to_owned()
        } else {
            format!("xmlns:{}", &prefix[..prefix.len() - 1])
        };
        let start = format!("{prologue}<{prefix}svg {own}=\"http://www.w3.org/2000/svg\"{declared}");
        match content {
            None => format!("{start}/>\n"),
            Some(content) => format!("{start}>{content}</{prefix}svg>"),
        }
    })
}

fn any_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "]]>",
        "]]",
        ">",
        "<![CDATA[",
        "\r\n",
        "\r",
        "\t",
        " ",
        "&amp;",
        "&",
        "\"",
        "'",
        "<",
        "{}",
        "\u{2028}",
        "\u{85}",
        "\u{fffd}",
        "\u{feff}",
        "a.b.c",
        "https://a.example/",
        "\0",
        "\u{1}",
        "\u{ffff}",
    ]);
    let made = prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat());
    let hosted = any::<String>().prop_map(|name| {
        serde_json::json!({ "id": "https://a.example/?a=1&b=\"2\"", "name": name }).to_string()
    });
    prop_oneof![made, hosted, any::<String>(), Just("eyJ.e30.x".to_owned())]
}

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn a_png_gives_back_what_was_baked(image in any_png(), text in any_text()) {
        check(&image, &text, |character| character != '\0')?;
    }

    #[test]
    fn an_svg_gives_back_what_was_baked(image in any_svg(), text in any_text()) {
        check(image.as_bytes(), &text, |character| {
            let barred = character.is_ascii_control() || matches!(character, '\u{fffe}' | '\u{ffff}');
            !barred || matches!(character, '\t' | '\n' | '\r' | '\u{7f}')
        })?;
    }

    #[test]
    fn no_bytes_make_a_reader_fall(image in prop::collection::vec(any::<u8>(), 0..200), svg in ".{0,200}") {
        for bytes in [
            image.clone(),
            [b"\x89PNG\r\n\x1a\n", &image[..]].concat(),
            [b"<svg xmlns='http://www.w3.org/2000/svg' ", svg.as_bytes()].concat(),
        ] {
            let read = extract(&bytes, &ImageLimits::default());
            let baked = bake(&bytes, "a.b.c", Generation::V3);
            prop_assert_eq!(read.is_ok(), baked.is_ok());
        }
    }
}
