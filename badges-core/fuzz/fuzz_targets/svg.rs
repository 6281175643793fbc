//! SVG: what is read without a find can be baked, and then holds exactly that.
#![no_main]

use badges_core::bake::{Generation, ImageKind, ImageLimits, bake, extract};
use libfuzzer_sys::fuzz_target;

const TEXT: &str = r#"{"name":"a <credential> & ]]> more"}"#;

fuzz_target!(|image: &[u8]| {
    let limits = ImageLimits::default();
    if ImageKind::sniff(image) != Some(ImageKind::Svg) {
        return;
    }
    let Ok(found) = extract(image, &limits) else { return };
    assert!(found.iter().all(|found| found.text.len() <= limits.text));

    let Ok(baked) = bake(image, TEXT, Generation::V3) else { return };
    let mut again = extract(&baked, &limits).expect("what was baked can be read");
    again.retain(|found| found.generation == Generation::V3);
    assert_eq!(again.len(), 1, "baking replaces");
    assert_eq!(again[0].text, TEXT);
});
