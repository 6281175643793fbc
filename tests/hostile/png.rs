//! PNGs: damage, floods, bombs, and badges where no reader may look.

use badges_core::bake::{BakeError, Generation, ImageLimits, extract};
use miniz_oxide::deflate::compress_to_vec_zlib;

use crate::cases::{Cases, Seen, case, look};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const JSON: &[u8] = br#"{"id":"urn:uuid:1"}"#;

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let checked = [&kind[..], data].concat();
    let length = u32::try_from(data.len()).unwrap();
    [&length.to_be_bytes()[..], &checked, &crc32fast::hash(&checked).to_be_bytes()].concat()
}

/// A chunk whose length is not that of its data.
fn lying_chunk(kind: &[u8; 4], length: u32, data: &[u8]) -> Vec<u8> {
    let mut chunk = chunk(kind, data);
    chunk[..4].copy_from_slice(&length.to_be_bytes());
    chunk
}

fn header() -> Vec<u8> {
    chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
}

fn pixels() -> Vec<u8> {
    chunk(b"IDAT", &compress_to_vec_zlib(&[0, 0], 6))
}

fn end() -> Vec<u8> {
    chunk(b"IEND", &[])
}

fn badge(fields: &[&[u8]]) -> Vec<u8> {
    chunk(b"iTXt", &fields.concat())
}

fn v3(text: &[u8]) -> Vec<u8> {
    badge(&[b"openbadgecredential\0\0\0\0\0", text])
}

fn v2(text: &[u8]) -> Vec<u8> {
    badge(&[b"openbadges\0\0\0\0\0", text])
}

fn compressed(text: &[u8]) -> Vec<u8> {
    badge(&[b"openbadgecredential\0\x01\0\0\0", &compress_to_vec_zlib(text, 6)])
}

/// A good image with these chunks after its header.
fn with(chunks: &[Vec<u8>]) -> Vec<u8> {
    [SIGNATURE, &header(), &chunks.concat(), &pixels(), &end()].concat()
}

fn image(chunks: &[Vec<u8>]) -> Vec<u8> {
    [SIGNATURE, &chunks.concat()].concat()
}

#[test]
fn damage_is_named() {
    let mut cases = Cases::new("png damage");
    let chunks = [("IHDR", header()), ("iTXt", v3(JSON)), ("IDAT", pixels()), ("IEND", end())];
    let whole = image(&chunks.clone().map(|(_, chunk)| chunk));

    let mut at = SIGNATURE.len();
    for (kind, chunk) in &chunks {
        let cuts = [("before", 0), ("in the length", 2), ("in the kind of", 6), ("before the data of", 8)];
        for (place, cut) in cuts.into_iter().chain([("in the check sum of", chunk.len() - 1)]) {
            let cut = &whole[..at + cut];
            case!(cases, format!("cut {place} {kind}"), look(cut), Seen::Bad(BakeError::Truncated { .. }));
        }
        let mut flipped = whole.clone();
        flipped[at + chunk.len() - 1] ^= 1;
        case!(cases, format!("wrong check sum of {kind}"), look(&flipped),
            Seen::Bad(BakeError::Crc { kind: named, .. }) if named == kind);
        at += chunk.len();
    }
    let mut flipped = whole.clone();
    let middle = whole.len() - end().len() - 6;
    flipped[middle] ^= 0x10;
    case!(cases, "one bit of a pixel", look(&flipped), Seen::Bad(BakeError::Crc { .. }));
    case!(cases, "an empty file", look(b""), Seen::Bad(BakeError::NotAnImage));
    case!(cases, "half a signature", look(&SIGNATURE[..4]), Seen::Bad(BakeError::NotAnImage));
    case!(cases, "a signature alone", look(SIGNATURE), Seen::Bad(BakeError::Truncated { at: 8 }));
    let converted = [b"\x89PNG\n\x1a\n", &whole[8..]].concat();
    case!(cases, "line ends converted", look(&converted), Seen::Bad(BakeError::NotAnImage));
    case!(cases, "a GIF", look(b"GIF89a\x01\0\x01\0"), Seen::Bad(BakeError::NotAnImage));
    case!(cases, "a JPEG", look(b"\xff\xd8\xff\xe0\0\x10JFIF"), Seen::Bad(BakeError::NotAnImage));
    cases.finish();
}

#[test]
fn lengths_and_orders_that_cannot_be_are_refused() {
    let mut cases = Cases::new("png structure");

    for length in [0x8000_0000_u32, 0xffff_ffff] {
        let lying = image(&[header(), lying_chunk(b"iTXt", length, JSON)]);
        case!(
            cases,
            format!("a length of {length:#x}"),
            look(&lying),
            Seen::Bad(BakeError::ChunkLength { .. })
        );
    }
    let lying = image(&[header(), lying_chunk(b"iTXt", 0x7fff_ffff, JSON), end()]);
    case!(cases, "a length of 2 GiB", look(&lying), Seen::Bad(BakeError::Truncated { .. }));
    let lying = image(&[header(), lying_chunk(b"iTXt", JSON.len() as u32 - 1, JSON), end()]);
    case!(cases, "a length one short", look(&lying), Seen::Bad(BakeError::Crc { .. }));
    for length in [0, 12, 14] {
        let odd = image(&[chunk(b"IHDR", &vec![0; length]), end()]);
        case!(cases, format!("IHDR of {length} bytes"), look(&odd), Seen::Bad(BakeError::ChunkLength { .. }));
    }
    let odd = image(&[header(), chunk(b"IEND", JSON)]);
    case!(cases, "IEND with data", look(&odd), Seen::Bad(BakeError::ChunkLength { .. }));
    for (name, chunks) in [
        ("two IHDR", vec![header(), header(), v3(JSON), end()]),
        ("IHDR after the badge", vec![v3(JSON), header(), end()]),
        ("no IHDR", vec![v3(JSON), pixels(), end()]),
        ("IEND alone", vec![end()]),
        ("CgBI of Apple", vec![chunk(b"CgBI", &[0; 4]), header(), end()]),
    ] {
        case!(cases, name, look(&image(&chunks)), Seen::Bad(BakeError::ChunkOrder { .. }));
    }
    for kind in [b"iTX\0", b"i Xt", b"1234", b"iTX\xff"] {
        let odd = with(&[chunk(kind, JSON)]);
        case!(cases, format!("the kind {kind:?}"), look(&odd), Seen::Bad(BakeError::ChunkType { .. }));
    }
    case!(cases, "a chunk without data", look(&with(&[chunk(b"iTXt", b"")])), Seen::Nothing);
    case!(cases, "no pixels", look(&image(&[header(), v3(JSON), end()])), Seen::Badge(Generation::V3, _));
    cases.finish();
}

#[test]
fn floods_and_bombs_stop_at_the_limits() {
    let mut cases = Cases::new("png floods");

    let full = with(&vec![chunk(b"teSt", b""); 997]);
    case!(cases, "1,000 chunks", look(&full), Seen::Nothing);
    let flood = with(&vec![chunk(b"teSt", b""); 998]);
    case!(cases, "1,001 chunks", look(&flood), Seen::Bad(BakeError::TooMany { limit: 1000, .. }));
    let flood = with(&vec![chunk(b"teSt", b""); 300_000]);
    case!(cases, "300,000 empty chunks", look(&flood), Seen::Bad(BakeError::TooMany { .. }));
    let large = with(&[chunk(b"teSt", &vec![0; 4 << 20])]);
    case!(cases, "5 MiB", look(&large), Seen::Bad(BakeError::TooLarge { .. }));
    let long = with(&[v3(&vec![b' '; (1 << 20) + 1])]);
    case!(
        cases,
        "more than 1 MiB of text",
        look(&long),
        Seen::Bad(BakeError::TextTooLarge { limit: 0x10_0000 })
    );
    let long = with(&[v3(&[b' '; 600 << 10]), v2(&[b' '; 600 << 10])]);
    case!(cases, "two texts too long together", look(&long), Seen::Bad(BakeError::TextTooLarge { .. }));
    let bomb = with(&[compressed(&vec![0; 64 << 20])]);
    case!(cases, "a bomb of 64 MiB", look(&bomb), Seen::Bad(BakeError::TextTooLarge { .. }));
    let bombs = with(&vec![compressed(&vec![b' '; 1 << 20]); 900]);
    case!(cases, "900 bombs of 1 MiB", look(&bombs), Seen::Bad(BakeError::TextTooLarge { .. }));
    let bomb = chunk(b"IDAT", &compress_to_vec_zlib(&vec![0; 64 << 20], 6));
    case!(cases, "a bomb of pixels is not inflated", look(&with(&[v3(JSON), bomb])), Seen::Badge(..));
    let bomb =
        chunk(b"zTXt", &[b"openbadgecredential\0\0", &compress_to_vec_zlib(&[0; 1 << 20], 6)[..]].concat());
    case!(cases, "a bomb in zTXt is not inflated", look(&with(&[bomb])), Seen::Nothing);
    let many = with(&vec![v3(JSON); 900]);
    case!(cases, "900 badges", look(&many), Seen::Ambiguous(900));
    let good = with(&[v3(JSON)]);
    let tight = ImageLimits { text: JSON.len() - 1, ..ImageLimits::default() };
    case!(cases, "a limit of the host", extract(&good, &tight), Err(BakeError::TextTooLarge { .. }));
    cases.finish();
}

#[test]
fn keywords_are_compared_byte_for_byte() {
    let mut cases = Cases::new("png keywords");
    let rest: &[u8] = b"\0\0\0\0\0";

    for keyword in [
        "OpenBadgeCredential",
        "openbadgecredential ",
        " openbadgecredential",
        "openbadgecredentials",
        "openbadgecredentia",
        "OPENBADGES",
        "openbadge",
        "open badges",
        "",
        "openbadgecredential\t",
        "openbadges\u{a0}",
        "\u{feff}openbadges",
        "openbadgеs",
    ] {
        let image = with(&[badge(&[keyword.as_bytes(), rest, JSON])]);
        case!(cases, format!("the keyword {keyword:?}"), look(&image), Seen::Nothing);
    }
    for kind in [b"tEXt", b"zTXt", b"ITXt", b"itxt", b"iTxt", b"eXIf"] {
        let image = with(&[chunk(kind, &[b"openbadgecredential", rest, JSON].concat())]);
        let name = format!("3.0 in {}", String::from_utf8_lossy(kind));
        case!(cases, name, look(&image), Seen::Nothing);
    }
    let image = with(&[badge(&[b"openbadgecredential", JSON])]);
    case!(cases, "no NUL after the keyword", look(&image), Seen::Nothing);
    let image = with(&[badge(&[b"openbadgecredential"])]);
    case!(cases, "a keyword and nothing else", look(&image), Seen::Nothing);
    let image = [with(&[]), v3(JSON)].concat();
    case!(cases, "a badge after the end", look(&image), Seen::Nothing);
    let image = [with(&[]), with(&[v3(JSON)])].concat();
    case!(cases, "a second PNG after the end", look(&image), Seen::Nothing);
    let image = [with(&[v3(b"first")]), v3(JSON), end()].concat();
    case!(cases, "another badge after the end", look(&image), Seen::Badge(_, text) if text == "first");
    let image = with(&[chunk(b"IDAT", &v3(JSON))]);
    case!(cases, "a badge inside the pixels", look(&image), Seen::Nothing);
    let image = with(&[badge(&[b"Comment\0\0\0\0\0", &v3(JSON)])]);
    case!(cases, "a badge inside a comment", look(&image), Seen::Nothing);
    cases.finish();
}

#[test]
fn texts_that_are_none_are_refused() {
    let mut cases = Cases::new("png texts");
    let key: &[u8] = b"openbadgecredential\0";

    for (name, fields) in [
        ("no compression flag", &b""[..]),
        ("no compression method", b"\0"),
        ("no language", b"\0\0"),
        ("no NUL after the language", b"\0\0en"),
        ("no NUL after the translated keyword", b"\0\0en\0Abzeichen"),
        ("the compression flag 2", b"\x02\0\0\0{}"),
        ("the compression method 1", b"\x01\x01\0\0{}"),
        ("the compression flag 255", b"\xff\0\0\0{}"),
        ("compressed, but not zlib", b"\x01\0\0\0{}"),
        ("compressed, but empty", b"\x01\0\0\0"),
        ("NUL in the text", b"\0\0\0\0{\0}"),
    ] {
        let image = with(&[badge(&[key, fields])]);
        case!(cases, name, look(&image), Seen::Bad(BakeError::TextChunk { .. }));
    }
    let mut packed = compress_to_vec_zlib(JSON, 6);
    packed.truncate(packed.len() - 5);
    let image = with(&[badge(&[key, b"\x01\0\0\0", &packed])]);
    case!(cases, "compressed and cut", look(&image), Seen::Bad(BakeError::TextChunk { .. }));
    case!(cases, "compressed", look(&with(&[compressed(JSON)])), Seen::Compressed);
    case!(cases, "compressed nonsense", look(&with(&[compressed(b"\xff\xfe")])), Seen::Bad(BakeError::Utf8));
    for (name, text) in [
        ("UTF-16", &b"\xff\xfe{\0}\0"[..]),
        ("Latin-1", b"{\"name\":\"Andr\xe9\"}"),
        ("an overlong slash", b"\xc0\xaf"),
        ("a surrogate in UTF-8", b"\xed\xa0\x80"),
        ("beyond U+10FFFF", b"\xf4\x90\x80\x80"),
        ("half a character", b"{\"name\":\"\xe2\x82"),
    ] {
        case!(cases, name, look(&with(&[v3(text)])), Seen::Bad(BakeError::Utf8));
    }
    case!(cases, "an empty text", look(&with(&[v3(b"")])), Seen::Badge(_, text) if text.is_empty());
    case!(cases, "an empty text first", look(&with(&[v3(b""), v3(JSON)])), Seen::Ambiguous(2));
    case!(cases, "the same badge twice", look(&with(&[v3(JSON), v3(JSON)])), Seen::Ambiguous(2));
    case!(cases, "two 2.0", look(&with(&[v2(JSON), v2(JSON)])), Seen::Ambiguous(2));
    let both = with(&[v2(b"https://a.example/"), v3(JSON)]);
    case!(cases, "both generations", look(&both), Seen::Badge(Generation::V3, _));
    let url = chunk(b"tEXt", b"openbadges\0https://a.example/");
    let three = with(&[url.clone(), v2(JSON), v3(JSON)]);
    case!(cases, "three generations", look(&three), Seen::Badge(Generation::V3, _));
    case!(cases, "1.x beside 2.0", look(&with(&[url, v2(JSON)])), Seen::Badge(Generation::V2, _));
    let latin = with(&[chunk(b"tEXt", b"openbadges\0https://a.example/\xe9")]);
    case!(cases, "1.x in Latin-1", look(&latin), Seen::Badge(_, text) if text.ends_with('\u{e9}'));
    cases.finish();
}
