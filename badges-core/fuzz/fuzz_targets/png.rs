//! PNG: raw bytes, and chunks with right checksums, so that fuzzing gets past them.
#![no_main]

use badges_core::bake::{BakeError, Generation, ImageLimits, bake, extract};
use libfuzzer_sys::fuzz_target;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const KINDS: [&[u8; 4]; 8] = [b"iTXt", b"tEXt", b"zTXt", b"IDAT", b"PLTE", b"IEND", b"IHDR", b"teSt"];

fuzz_target!(|bytes: &[u8]| {
    let image = if bytes.starts_with(SIGNATURE) { bytes.to_vec() } else { chunks(bytes) };
    let limits = ImageLimits::default();
    let Ok(found) = extract(&image, &limits) else { return };
    let text: usize = found.iter().map(|found| found.text.len()).sum();
    assert!(text <= limits.text, "{text} bytes of text came out");

    let baked = match bake(&image, "a credential", Generation::V3) {
        Ok(baked) => baked,
        // One chunk more may be one too many.
        Err(BakeError::TooLarge { .. } | BakeError::TooMany { .. }) => return,
        Err(error) => panic!("what can be read can be baked: {error}"),
    };
    let mut again = extract(&baked, &limits).expect("what was baked can be read");
    again.retain(|found| found.generation == Generation::V3);
    assert_eq!(again.len(), 1, "baking replaces");
    assert_eq!(again[0].text, "a credential");
});

/// A PNG of chunks: each takes a byte for its kind, one for its length, and the keyword is put before odd ones.
fn chunks(mut bytes: &[u8]) -> Vec<u8> {
    let mut image = SIGNATURE.to_vec();
    push(&mut image, b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0]);
    while let [kind, length, rest @ ..] = bytes {
        let (data, rest) = rest.split_at(rest.len().min(usize::from(*length)));
        let keyword: &[u8] = match kind / 8 % 4 {
            0 => b"",
            1 => b"openbadges\0",
            2 => b"openbadgecredential\0",
            _ => b"openbadgecredential\0\0\0\0\0",
        };
        push(&mut image, KINDS[usize::from(*kind) % KINDS.len()], &[keyword, data].concat());
        bytes = rest;
    }
    push(&mut image, b"IDAT", &[0]);
    push(&mut image, b"IEND", &[]);
    image
}

fn push(image: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).expect("a short chunk");
    let checked = [kind.as_slice(), data].concat();
    let crc = checked.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ (crc & 1) * 0xedb8_8320)
    });
    image.extend(length.to_be_bytes());
    image.extend(checked);
    image.extend((!crc).to_be_bytes());
}
