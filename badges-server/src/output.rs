//! What the command says: answers on standard output, progress and remedies on standard error.

use std::{
    fmt::Display,
    io::{self, IsTerminal as _, Write as _},
};

use badges_core::verify::{printable, steers};
use serde::Serialize;

/// Where answers go, and in which form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
    colour: bool,
    progress: bool,
}

/// How a line is meant, for those who see colours; the words say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Something to look into.
    Caution,
    /// A refusal.
    Negative,
    /// Details.
    Plain,
    /// All is well.
    Positive,
}

impl Output {
    /// One JSON object a line for machines, or text; colours and progress only where a person looks on.
    pub(crate) fn new(json: bool) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            json,
            colour: wanted && !dumb && io::stdout().is_terminal(),
            progress: !json && !dumb && io::stderr().is_terminal(),
        }
    }

    /// Whether a machine reads the answers.
    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Gives one answer: its record where machines read, its lines otherwise, none of them longer than anybody
    /// reads.
    pub(crate) fn answer(self, record: &impl Serialize, lines: &[(Tone, String)]) -> io::Result<()> {
        self.say(record, lines, |line| printable(line).into_owned())
    }

    /// The same with each line as long as it is: for values that people ask for whole.
    pub(crate) fn values(self, record: &impl Serialize, lines: &[(Tone, String)]) -> io::Result<()> {
        self.say(record, lines, harmless)
    }

    fn say(
        self,
        record: &impl Serialize,
        lines: &[(Tone, String)],
        shown: impl Fn(&str) -> String,
    ) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if self.json {
            writeln!(out, "{}", harmless_json(&serde_json::to_string(record)?))?;
        } else {
            for (tone, line) in lines {
                writeln!(out, "{}", self.paint(*tone, &shown(line)))?;
            }
        }
        out.flush()
    }

    /// Says why a whole run failed: among the answers where machines read, on standard error otherwise.
    pub(crate) fn problem(self, code: impl Serialize, message: &str, exit: u8) {
        if !self.json {
            return complain(message);
        }
        let problem = printable(message);
        // There is nowhere left to say that standard output is closed.
        self.answer(&Problem { code, problem: &problem, exit }, &[]).ok();
    }

    /// Says what many answers come to; machines count for themselves.
    pub(crate) fn summary(self, lines: &[(Tone, String)]) -> io::Result<()> {
        if self.json { Ok(()) } else { self.answer(&(), lines) }
    }

    /// Writes bytes to standard output as they are.
    pub(crate) fn bytes(self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    /// Writes somebody's text to standard output: as it is into a file or pipe, harmless to a terminal.
    pub(crate) fn foreign(self, text: &[u8]) -> io::Result<()> {
        if io::stdout().is_terminal() {
            let lines = String::from_utf8_lossy(text);
            let lines: Vec<_> = lines.lines().map(|line| (Tone::Plain, line.to_owned())).collect();
            // Where machines read, they read the text itself.
            return Self { json: false, ..self }.values(&(), &lines);
        }
        self.bytes(text)
    }

    fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Caution => "33",
            Tone::Negative => "31",
            Tone::Plain => return text.to_owned(),
            Tone::Positive => "32",
        };
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Shows how far a long list is, where a person looks on.
    pub(crate) fn progress(self, done: usize, all: usize) {
        let step = (all / 100).max(1);
        if !self.progress || all < 50 || (!done.is_multiple_of(step) && done != all) {
            return;
        }
        let end = if done == all { "\r\x1b[K" } else { "" };
        // Progress is a courtesy: a closed standard error must not stop the work.
        write!(io::stderr(), "\r{done} of {all}{end}").ok();
    }
}

/// Why a whole run failed.
#[derive(Serialize)]
struct Problem<'a, C> {
    code: C,
    problem: &'a str,
    exit: u8,
}

/// Says on standard error how the command is used; what was written wrong may be a stranger's name of a file.
pub(crate) fn explain(usage: &str) {
    let mut err = io::stderr().lock();
    for line in usage.lines() {
        writeln!(err, "{}", printable(line)).ok();
    }
}

/// Says something on standard error, one line.
pub(crate) fn complain(message: impl Display) {
    let mut err = io::stderr().lock();
    // What shows the progress makes room.
    let clear = if err.is_terminal() { "\r\x1b[K" } else { "" };
    // There is nowhere left to say that standard error is closed.
    writeln!(err, "{clear}{}", printable(&format!("badges: {message}"))).ok();
}

/// The whole text with every character made visible that could steer a terminal or turn the reading direction,
/// except the tab: names come from strangers.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if steers(character) && character != '\t' {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    out
}

/// The same for JSON, which says such characters in its own way: they stand in texts only.
fn harmless_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if steers(character) {
            out.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(harmless("a\x1b[2Jb\u{202e}c é 漢"), "a\\u{1b}[2Jb\\u{202e}c é 漢");
    }

    #[test]
    fn json_says_the_same_and_steers_nothing() {
        let name = "a\x1b\u{9b}\u{7f}\u{202e}b é 漢";

        let json = harmless_json(&serde_json::to_string(name).unwrap());

        assert!(!json.chars().any(steers), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), name);
    }
}
