//! The quotes of a list in CSV, watched byte by byte: one that is never closed would swallow the rows behind it.

use super::is_line_end;

/// Watches the quotes of a list go by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quotes {
    delimiter: u8,
    at: At,
    /// From 1, as an editor counts.
    line: u64,
    after_cr: bool,
    /// The line of the last quote that opened, and whether lines ended behind it.
    opened: u64,
    several: bool,
}

#[derive(Clone, Copy, Debug)]
enum At {
    Start,
    Plain,
    Quoted,
    /// After a quote in a quoted field: its end, or the first half of a quote that belongs to it.
    Closed,
}

impl Quotes {
    pub(crate) fn new(delimiter: u8) -> Self {
        Self { delimiter, at: At::Start, line: 1, after_cr: false, opened: 0, several: false }
    }

    /// The line of a quote that should have been closed before this byte.
    pub(crate) fn see(&mut self, byte: u8) -> Option<u64> {
        self.at = match (self.at, byte) {
            (At::Start, b'"') => {
                (self.opened, self.several) = (self.line, false);
                At::Quoted
            }
            (At::Closed, b'"') => At::Quoted,
            (At::Quoted, b'"') | (At::Closed, b' ') => At::Closed,
            (At::Quoted, byte) => {
                self.several |= is_line_end(&byte);
                At::Quoted
            }
            (_, byte) if byte == self.delimiter || is_line_end(&byte) => At::Start,
            (At::Closed, _) if self.several => return Some(self.opened),
            _ => At::Plain,
        };
        if byte == b'\r' || byte == b'\n' && !self.after_cr {
            self.line += 1;
        }
        self.after_cr = byte == b'\r';
        None
    }

    /// The line of a quote that is open where the list ends.
    pub(crate) fn open(&self) -> Option<u64> {
        matches!(self.at, At::Quoted).then_some(self.opened)
    }
}
