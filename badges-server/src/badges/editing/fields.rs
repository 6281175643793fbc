//! What stands in one field of the editor's form.

use super::Typed;
use crate::texts::ENTRIES;

/// The numbers of the rows of a kind in which something stands.
pub(super) fn rows<'t>(
    typed: &'t Typed,
    kind: &'t str,
    parts: &'t [&'t str],
) -> impl Iterator<Item = usize> + 't {
    (1..=ENTRIES)
        .filter(move |at| parts.iter().any(|part| !text(typed, &format!("{kind}-{at}-{part}")).is_empty()))
}

/// What was typed, without what surrounds it, and with one kind of line break.
pub(super) fn text(typed: &Typed, name: &str) -> String {
    typed.get(name).map(|value| value.trim().replace("\r\n", "\n")).unwrap_or_default()
}

/// The same, if anything was typed.
pub(super) fn filled(typed: &Typed, name: &str) -> Option<String> {
    Some(text(typed, name)).filter(|text| !text.is_empty())
}

/// Whether a box is ticked.
pub(super) fn ticked(typed: &Typed, name: &str) -> bool {
    typed.get(name).is_some_and(|value| value == "yes")
}

/// The lines in which something stands.
pub(super) fn lines(typed: &Typed, name: &str) -> impl Iterator<Item = String> + use<> {
    let all: Vec<_> = text(typed, name)
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    all.into_iter()
}
