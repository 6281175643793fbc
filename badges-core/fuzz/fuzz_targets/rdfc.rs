//! RDFC-1.0: the canonical form is its own, whatever the labels and the order of the quads.
#![no_main]

use badges_core::jsonld::{Budget, HashAlgorithm, canonicalize_nquads};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(form) = canonical(text) else { return };

    assert_eq!(canonical(&form).as_ref(), Some(&form));

    let mut lines: Vec<_> = form.lines().collect();
    lines.reverse();
    assert_eq!(canonical(&relabelled(&lines.join("\n"))).as_ref(), Some(&form));
});

fn canonical(text: &str) -> Option<String> {
    Some(canonicalize_nquads(text, HashAlgorithm::Sha256, &Budget::default()).ok()?.text)
}

/// Gives every blank node another label; what only looks like one, in a literal or an IRI, stays.
fn relabelled(quads: &str) -> String {
    let (mut text, mut end, mut escaped) = (String::with_capacity(quads.len()), None, false);
    for char in quads.chars() {
        match (end, char) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(last), _) if last == char => end = None,
            (None, '<') => end = Some('>'),
            (None, '"') => end = Some('"'),
            (None, ':') => text.push_str(":other-"),
            _ => {}
        }
        if !(end.is_none() && char == ':') {
            text.push(char);
        }
    }
    text
}
