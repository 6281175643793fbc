//! Holds the layout that ARCHITECTURE.md describes.

use std::{fs, path::Path};

#[test]
fn no_file_passes_400_lines() {
    let mut long = Vec::new();

    visit(Path::new(env!("CARGO_MANIFEST_DIR")), &mut |path, text| {
        if text.lines().count() > 400 {
            long.push(path.to_owned());
        }
    });

    assert!(long.is_empty(), "split these files: {long:?}");
}

fn visit(folder: &Path, check: &mut dyn FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !["target", ".git", "node_modules"].iter().any(|skip| path.ends_with(skip)) {
            visit(&path, check);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            check(&path, &fs::read_to_string(&path).unwrap());
        }
    }
}
