//! Baking: whatever text goes into an image comes out of it, or is refused on the way in.
#![no_main]

use badges_core::bake::{Generation, ImageLimits, bake, extract};
use libfuzzer_sys::fuzz_target;

const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>"#;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\x0dIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\xa3X\xa0(\0\0\0\0IEND\xaeB`\x82";

fuzz_target!(|text: &str| {
    for image in [SVG.as_bytes(), PNG] {
        for generation in [Generation::V2, Generation::V3] {
            let Ok(baked) = bake(image, text, generation) else { continue };
            let found = extract(&baked, &ImageLimits::default()).expect("what was baked can be read");
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].generation, generation);
            // A 2.0 assertion is found by its address, and stands beside it.
            assert!(
                [Some(&found[0].text), found[0].copy.as_ref()]
                    .into_iter()
                    .flatten()
                    .any(|found| found == text)
            );
        }
    }
});
