//! Images that broke other programs: ours answers soon, and baking changes no pixel.

use std::{
    fs,
    io::Cursor,
    path::Path,
    time::{Duration, Instant},
};

use badges_core::bake::{Finding, Generation, ImageKind, ImageLimits, Selection, bake, choose, extract};

use crate::vectors::{Suite, say};

const TEXT: &str = r#"{"id": "urn:uuid:1", "name": "]]> & <b> \u00e9"}"#;

#[test]
fn bad_images_are_refused_or_baked_without_a_changed_pixel() {
    let mut totals = (0, 0);
    for folder in ["pngsuite", "libpng-testpngs", "image-png-bugfixes", "resvg-recursive", "svg-attack"] {
        let Some(mut suite) = Suite::open(&format!("bad-images-{folder}"), &format!("badinput/{folder}"))
        else {
            continue;
        };
        for case in images(&suite.folder.clone(), Path::new("")) {
            let image = suite.read(&case);
            let (outcome, took) = timed(|| bake_and_compare(&image));
            totals.0 += usize::from(outcome == Ok(Outcome::Baked));
            totals.1 += usize::from(outcome == Ok(Outcome::Refused));
            let outcome = outcome.map(|_| ());
            let soon = took < Duration::from_secs(2);
            suite.check(&case, if soon { outcome } else { Err(format!("took {took:?}")) });
        }
        suite.finish();
    }
    say(&format!("vectors: bad-images: {} baked, {} refused", totals.0, totals.1));
}

#[expect(clippy::disallowed_methods, reason = "how long a reader takes is what is tested")]
fn timed<T>(action: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    let outcome = action();
    (outcome, started.elapsed())
}

#[derive(PartialEq, Eq)]
enum Outcome {
    Baked,
    Refused,
}

fn bake_and_compare(image: &[u8]) -> Result<Outcome, String> {
    let limits = ImageLimits::default();
    let before = extract(image, &limits);
    let mut refused = true;
    for generation in [Generation::V2, Generation::V3] {
        let Ok(baked) = bake(image, TEXT, generation) else { continue };
        refused = false;
        let finds = extract(&baked, &limits).map_err(|error| format!("baked image: {error}"))?;
        let own = finds.iter().find(|found| found.generation == generation).ok_or("the text is gone")?;
        if own.text != TEXT || own.findings.iter().any(|finding| *finding != Finding::Doctype) {
            return Err(format!("another find: {own:?}"));
        }
        if bake(&baked, TEXT, generation).as_ref() != Ok(&baked) {
            return Err("baking again changes the image".to_owned());
        }
        choose(finds, Selection::Strict).map_err(|error| error.to_string())?;
        same_pixels(image, &baked)?;
    }
    match (before, refused) {
        (Ok(_), false) => Ok(Outcome::Baked),
        (Err(_), true) => Ok(Outcome::Refused),
        (before, _) => Err(format!("bake and extract do not agree: {before:?}")),
    }
}

fn same_pixels(image: &[u8], baked: &[u8]) -> Result<(), String> {
    if ImageKind::sniff(image) != Some(ImageKind::Png) {
        return Ok(());
    }
    match (pixels(image), pixels(baked)) {
        (Some(before), after) if Some(&before) != after.as_ref() => Err("other pixels".to_owned()),
        (None, Some(_)) => Err("baking mended the image".to_owned()),
        _ => Ok(()),
    }
}

/// The frame as an independent decoder has it; none if it refuses the image.
fn pixels(image: &[u8]) -> Option<Vec<u8>> {
    let limits = png::Limits { bytes: 64 << 20 };
    let mut reader = png::Decoder::new_with_limits(Cursor::new(image), limits).read_info().ok()?;
    let size = reader.output_buffer_size().filter(|size| *size <= 64 << 20)?;
    let mut pixels = vec![0; size];
    reader.next_frame(&mut pixels).ok()?;
    reader.finish().ok()?;
    Some(pixels)
}

fn images(root: &Path, below: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root.join(below)).unwrap() {
        let name = below.join(entry.unwrap().file_name());
        if root.join(&name).is_dir() {
            found.extend(images(root, &name));
        } else if name.extension().is_some_and(|kind| kind == "png" || kind == "svg") {
            found.push(name.to_str().unwrap().to_owned());
        }
    }
    found.sort();
    found
}
