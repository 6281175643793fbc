//! A list on its way in: read row by row, so that its length costs no memory.

use std::io::{self, Read};

use actix_web::web::Bytes;
use tokio::sync::mpsc::Receiver;

use super::{BatchError, progress::Row};
use crate::{
    clock::Moment,
    contacts::{EmailAddress, did},
    problem::{Faults, FieldError},
    recipients::{self, ListError, Quotes, Recipient},
    texts::{self, shortened},
};

/// How many rows are stored, and awarded, together.
pub(super) const PIECE: usize = 500;

/// The most faults that are named at once.
const MOST_FAULTS: usize = 100;

/// The longest row, in bytes: a quote that is never closed must not swallow the whole list.
const LONGEST_ROW: usize = 1 << 20;

/// Parts of a body as they arrive, as a stream of bytes.
pub(super) struct Arriving {
    parts: Receiver<Bytes>,
    part: Bytes,
    /// How many bytes were read since the last row was whole.
    since: usize,
    /// Whether the last byte was a CR, which ends a line with or without an LF behind it.
    after_cr: bool,
    ended: bool,
    /// Once it is known what stands between the fields.
    quotes: Option<Quotes>,
    /// The line of a quote that is never closed.
    open_quote: Option<u64>,
}

impl Arriving {
    pub(super) fn new(parts: Receiver<Bytes>) -> Self {
        Self {
            parts,
            part: Bytes::new(),
            since: 0,
            after_cr: true,
            ended: false,
            quotes: None,
            open_quote: None,
        }
    }
}

impl Read for Arriving {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.part.is_empty() {
            match self.parts.blocking_recv() {
                Some(part) => self.part = part,
                None if self.ended => return Ok(0),
                // The last line ends as each of the others does.
                None => (self.part, self.ended) = (Bytes::from_static(b"\n"), true),
            }
        }
        let taken = self.part.split_to(self.part.len().min(into.len()));
        self.since += taken.len();
        if self.since > LONGEST_ROW {
            return Err(io::Error::other("a row is longer than 1 MiB: a quote may not be closed"));
        }
        // Lines end with LF alone from here on, so that the reader's count of them is the editor's.
        let mut written = 0;
        for (byte, place) in taken.iter().filter(|byte| !self.half(**byte)).zip(into.iter_mut()) {
            *place = if *byte == b'\r' { b'\n' } else { *byte };
            written += 1;
        }
        self.watch(into.get(..written).unwrap_or_default())?;
        if written == 0 { self.read(into) } else { Ok(written) }
    }
}

impl Arriving {
    /// Looks for a quote that swallows the rows behind it.
    fn watch(&mut self, text: &[u8]) -> io::Result<()> {
        let Some(quotes) = &mut self.quotes else { return Ok(()) };
        self.open_quote = text.iter().find_map(|byte| quotes.see(*byte));
        if self.ended && self.part.is_empty() {
            self.open_quote = self.open_quote.or(quotes.open());
        }
        self.open_quote.map_or(Ok(()), |_| Err(io::Error::other("a quote is not closed")))
    }

    /// Whether this is the second half of a line end.
    fn half(&mut self, byte: u8) -> bool {
        let half = byte == b'\n' && self.after_cr;
        self.after_cr = byte == b'\r';
        half
    }
}

/// Reads a list in CSV and hands its rows on in pieces, with the number of the first of them; tells how many there
/// were. One bad line refuses the list, and as many as there is room for are named.
pub(super) fn read(
    mut arriving: Arriving,
    now: Moment,
    mut keep: impl FnMut(i32, Vec<Row>) -> Result<(), BatchError>,
) -> Result<i32, BatchError> {
    let first = first_line(&mut arriving)?;
    let delimiter = recipients::delimiter(&first);
    let mut quotes = Quotes::new(delimiter);
    arriving.open_quote =
        first.iter().find_map(|byte| quotes.see(*byte)).or(arriving.ended.then(|| quotes.open()).flatten());
    if let Some(line) = arriving.open_quote {
        return Err(ListError::OpenQuote(line).into());
    }
    arriving.quotes = Some(quotes);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(io::Cursor::new(first).chain(arriving));
    let columns = recipients::columns(reader.headers().map_err(ListError::Unreadable)?)?;
    let (mut record, mut faults, mut piece, mut total) =
        (csv::ByteRecord::new(), Faults::default(), Vec::new(), 0_i32);
    loop {
        let more = reader.read_byte_record(&mut record);
        let arriving = &mut reader.get_mut().get_mut().1;
        if let Some(line) = arriving.open_quote {
            return Err(ListError::OpenQuote(line).into());
        }
        arriving.since = 0;
        if !more? {
            break;
        }
        // The reader stands on the line behind the row.
        let behind = reader.position().line().saturating_sub(1);
        let inner = record.iter().flatten().filter(|byte| **byte == b'\n').count() as u64;
        let line = behind.saturating_sub(inner);
        match recipients::recipient(&columns, &record, line, behind).map_err(|error| error.to_string()) {
            Ok(recipient) => note(row(line, recipient, now), line, &mut faults, &mut piece),
            Err(fault) => note(Err(fault), line, &mut faults, &mut piece),
        }
        if faults.0.len() >= MOST_FAULTS {
            break;
        }
        if piece.len() == PIECE {
            let rows = std::mem::replace(&mut piece, Vec::with_capacity(PIECE));
            keep(total, rows)?;
            total += PIECE as i32;
        }
    }
    if !faults.0.is_empty() {
        return Err(BatchError::Lines(faults.0));
    }
    let rest = i32::try_from(piece.len()).unwrap_or_default();
    if rest > 0 {
        keep(total, piece)?;
    }
    if total + rest == 0 { Err(ListError::Empty.into()) } else { Ok(total + rest) }
}

fn note(row: Result<Row, String>, line: u64, faults: &mut Faults, piece: &mut Vec<Row>) {
    match row {
        Ok(row) => piece.push(row),
        Err(message) => {
            faults.0.push(FieldError { path: format!("line {line}"), code: "line", message });
        }
    }
}

fn row(line: u64, recipient: Recipient, now: Moment) -> Result<Row, String> {
    let Recipient { email, id, name, valid_from, valid_until, evidence, narrative } = recipient;
    if valid_from.is_some() {
        return Err("an award is valid from when it is given: leave valid_from out".to_owned());
    }
    if valid_until.is_some_and(|until| Moment::from(until) <= now) {
        return Err("valid_until is over already: write a later day".to_owned());
    }
    if let Some(email) = &email {
        email.parse::<EmailAddress>().map_err(|error| format!("{:?} {error}", shortened(email)))?;
    }
    if let Some(id) = &id {
        did::check(id).map_err(|error| format!("{:?} {error}", shortened(id)))?;
    }
    let mut faults = Faults::default();
    if let Some(name) = &name {
        faults.line("name", name);
    }
    for (column, text) in [("evidence", &evidence), ("narrative", &narrative)] {
        faults.at_most(column, text.as_deref().unwrap_or_default(), texts::NOTE);
    }
    if let Some(FieldError { path, message, .. }) = faults.0.into_iter().next() {
        return Err(format!("{path} {message}"));
    }
    let expires_at = valid_until.map(|until| until.to_string());
    Ok(Row { line, email, did: id, name, expires_at, evidence, note: narrative })
}

/// All up to the first line end behind a text, without the mark that some programs write before it.
fn first_line(arriving: &mut Arriving) -> Result<Vec<u8>, BatchError> {
    let (mut first, mut part) = (Vec::new(), [0; 4_096]);
    loop {
        let read = arriving.read(&mut part).map_err(csv::Error::from)?;
        first.extend_from_slice(part.get(..read).unwrap_or_default());
        let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first);
        let whole = text.trim_ascii_start().contains(&b'\n');
        if whole || read == 0 || first.len() > LONGEST_ROW / 2 {
            return Ok(text.to_vec());
        }
    }
}
