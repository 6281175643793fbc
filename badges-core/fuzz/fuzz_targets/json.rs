//! The strict reader: what it reads has a canonical form, and that reads as the same tree.
#![no_main]

use badges_core::json::{Limits, canonical, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let Ok(tree) = read(text, &Limits::default()) else { return };

    let form = canonical(&tree);
    let again = read(form.as_bytes(), &Limits { bytes: usize::MAX, ..Limits::default() })
        .expect("canonical JSON is JSON");

    assert_eq!(canonical(&again), form, "the canonical form is its own");
});
