//! Foreign words on their way to a person.

use std::borrow::Cow;

/// How much is shown, in characters: more than any message has that holds no stranger's words.
const LONGEST: usize = 1000;

/// The text as it can be shown to a person, whoever wrote it: every character that [`steers`] is made visible
/// (`\u{1b}`), except the tab, and of what is then longer than 1,000 characters only the beginning is there, with
/// `…` as its thousandth. All messages of a [`Report`](super::Report) have passed it.
///
/// ```
/// use badges_core::verify::printable;
///
/// assert_eq!(printable("Ada\u{202e}\t漢"), "Ada\\u{202e}\t漢");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    let shown = |character: char| character == '\t' || !steers(character);
    if text.len() <= LONGEST && text.chars().all(shown) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    // Where the text ends if more than the rest of it comes.
    let (mut written, mut end) = (0, 0);
    for character in text.chars() {
        if shown(character) {
            out.push(character);
            written += 1;
        } else {
            out.extend(character.escape_unicode());
            written += character.escape_unicode().len();
        }
        if written < LONGEST {
            end = out.len();
        }
        if written > LONGEST {
            out.truncate(end);
            out.push('…');
            break;
        }
    }
    Cow::Owned(out)
}

/// Whether a character could steer a terminal or turn the reading direction, the tab and the end of a line
/// among them.
pub fn steers(character: char) -> bool {
    let turns = matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    turns || character.is_control()
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_a_document_says_has_an_end_and_steers_nothing() {
        assert_eq!(printable("é\t漢"), "é\t漢");
        assert_eq!(printable("a\x1b[2J\u{9b}b\u{202e}\n"), "a\\u{1b}[2J\\u{9b}b\\u{202e}\\u{a}");
        assert_eq!(printable(&"é".repeat(1000)), "é".repeat(1000));
        assert_eq!(printable(&"é".repeat(1001)), "é".repeat(999) + "…");
    }

    #[test]
    fn what_is_made_visible_counts_as_it_is_shown() {
        let shown = printable(&"\u{202e}".repeat(1000)).into_owned();

        assert_eq!(shown, "\\u{202e}".repeat(124) + "…");
        assert_eq!(printable(&"\u{202e}".repeat(125)), "\\u{202e}".repeat(125));
    }
}
