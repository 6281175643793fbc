//! Texts from outside: how long each may be, and that a name has something in it to see. specs/limits.md lists them.

pub(crate) mod schema;

use badges_core::model::value::Uri;

use crate::problem::Faults;

/// The longest name, heading or other line, in characters.
pub(crate) const LINE: usize = 200;
/// The longest name of a token, in characters.
pub(crate) const TOKEN: usize = 100;
/// The longest note on an award, and narrative of its evidence.
pub(crate) const NOTE: usize = 5_000;
/// The longest description or other text of a badge or a node.
pub(crate) const PARAGRAPH: usize = 10_000;
/// The longest address of a page, and the longest DID.
pub(crate) const ADDRESS: usize = 2_000;
/// The most pieces of evidence for one award.
pub(crate) const EVIDENCE: usize = 10;
/// The most entries of a list that a badge holds.
pub(crate) const ENTRIES: usize = 50;
/// The most recipients of one call; more go as a bulk award.
pub(crate) const RECIPIENTS: usize = 100;
/// The longest reason for which an award is revoked, in characters.
pub(crate) const REASON: usize = 500;
/// The longest e-mail address: RFC 5321 §4.5.3.1 leaves so much for what stands between the angle brackets.
pub(crate) const EMAIL: usize = 254;
/// The most that a message repeats of a text, in characters.
const LONGEST_SHOWN: usize = 80;

/// Whether nothing in a text can be seen.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(is_unseen)
}

/// Whether a line says something, and no more than so many characters.
pub(crate) fn fits(text: &str, most: usize) -> bool {
    !is_blank(text) && text.chars().count() <= most
}

/// A text without what cannot be seen at its ends.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(is_unseen)
}

/// A text as a message repeats it: its beginning, where it is long.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// What Unicode lets programs leave out, and the letters that are drawn as nothing: ranges, first and last.
const UNSEEN: &[(char, char)] = &[
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// White space, controls, and what Unicode lets programs leave out (Default_Ignorable_Code_Point), with the letters
/// that are drawn as nothing.
fn is_unseen(c: char) -> bool {
    c.is_whitespace() || c.is_control() || UNSEEN.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

/// Whether a text is more than one line, or holds what ends one somewhere or acts there.
pub(crate) fn breaks(text: &str) -> bool {
    text.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// Whether an address is one as it stands (RFC 3986 §2, RFC 3987 §2.2): browsers mend others, and a signature over one
/// that has to be mended protects nothing.
fn is_written_out(text: &str) -> bool {
    let may_stand =
        |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(c);
    let mut escapes = text.split('%').skip(1);
    text.parse::<Uri>().is_ok()
        && text.chars().all(may_stand)
        && text.matches('#').count() < 2
        && escapes.all(|rest| rest.get(..2).is_some_and(|two| two.chars().all(|c| c.is_ascii_hexdigit())))
}

impl Faults {
    /// A name, or another line that must be there.
    pub(crate) fn line(&mut self, path: &str, text: &str) {
        self.needed(path, text, LINE);
        if !is_blank(text) && breaks(text) {
            self.note(path, "characters", "holds a line break or a control character: write it in one line");
        }
    }

    /// A longer text that must be there.
    pub(crate) fn paragraph(&mut self, path: &str, text: &str) {
        self.needed(path, text, PARAGRAPH);
    }

    fn needed(&mut self, path: &str, text: &str, most: usize) {
        if is_blank(text) {
            self.note(path, "missing", "is missing: write it");
        } else {
            self.at_most(path, text, most);
        }
    }

    /// A text that may be left out.
    pub(crate) fn at_most(&mut self, path: &str, text: &str, most: usize) {
        if text.chars().count() > most {
            self.note(path, "too_long", format!("is longer than {most} characters: shorten it"));
        }
    }

    /// A list of a badge.
    pub(crate) fn entries(&mut self, path: &str, found: usize) {
        self.at_most_entries(path, found, ENTRIES);
    }

    /// A list of at most so many.
    pub(crate) fn at_most_entries(&mut self, path: &str, found: usize, most: usize) {
        if found > most {
            let message = format!("has {found} entries, and {most} are the most: leave some out");
            self.note(path, "too_many", message);
        }
    }

    /// The address of something on the web.
    pub(crate) fn address(&mut self, path: &str, text: &str) {
        self.at_most(path, text, ADDRESS);
        let Some(url) = url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http"))
        else {
            return self.note(path, "url", "is no web address: write one that starts with https://");
        };
        if !url.username().is_empty() || url.password().is_some() {
            self.note(path, "url", "holds a name or a password, which everybody would read: leave it out");
        } else if !is_written_out(text) {
            let message =
                "holds a character that no web address has: write %20 for a space, and others in this way";
            self.note(path, "url", message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_no_name() {
        for blank in
            ["", " ", "\u{a0}\t", "\u{200b}\u{200d}", "\u{202e}\u{2066}", "\u{3164}", "\u{feff}", "\u{e0041}"]
        {
            assert!(is_blank(blank), "{blank:?}");
        }
        for seen in ["A", "李", "\u{200f}دنيا", "👩\u{200d}🚀", "-"] {
            assert!(!is_blank(seen), "{seen:?}");
        }
    }

    #[test]
    fn the_specification_names_each_limit() {
        let text = include_str!("../../specs/limits.md");
        let written: Vec<_> = text
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()?.parse::<usize>().ok())
            .collect();

        assert_eq!(
            written,
            [LINE, TOKEN, REASON, NOTE, PARAGRAPH, EMAIL, ADDRESS, EVIDENCE, ENTRIES, RECIPIENTS]
        );
    }
}
