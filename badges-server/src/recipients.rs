//! Who receives a badge: one person from the command line, or the rows of a CSV file.

use std::collections::HashMap;

use badges_core::time::{TimeError, Timestamp};

use crate::dates::{self, Edge};

/// The columns of a CSV file, in the order in which messages name them.
const COLUMNS: [&str; 7] = ["email", "id", "name", "valid_from", "valid_until", "evidence", "narrative"];

/// One recipient, and what differs for them from the template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Recipient {
    pub(crate) email: Option<String>,
    /// A DID or another absolute URI.
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) valid_from: Option<Timestamp>,
    pub(crate) valid_until: Option<Timestamp>,
    /// The address of a page or file, or words.
    pub(crate) evidence: Option<String>,
    pub(crate) narrative: Option<String>,
}

impl Recipient {
    /// What people call them: the name, where there is one.
    pub(crate) fn shown(&self) -> Option<&str> {
        self.name.as_deref().or(self.email.as_deref()).or(self.id.as_deref())
    }
}

/// A row with the line on which it stands, from 1.
pub(crate) type Row = (u64, Result<Recipient, RowError>);

/// Why a list of recipients was not read at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListError {
    #[error("the list has neither a column email nor a column id: its first line names the columns, which are {}", COLUMNS.join(", "))]
    NoRecipientColumn,
    #[error(
        "the quote that opens in line {0} is not closed at the end of its field: write \" there, and two of them where a \" belongs to the text"
    )]
    OpenQuote(u64),
    #[error("the list names no recipient: its first line names the columns ({}), each further line one person", COLUMNS.join(", "))]
    Empty,
    #[error("the column {0:?} stands twice in the first line: strike one")]
    TwiceColumn(String),
    #[error("the column {0:?} is not known: the columns are {known}", known = COLUMNS.join(", "))]
    UnknownColumn(String),
    #[error("the first line cannot be read ({0}): save the list as CSV in UTF-8")]
    Unreadable(csv::Error),
}

/// Why one recipient cannot receive the badge.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RowError {
    #[error("{0:?} is not an e-mail address: write it like ada@example.org")]
    Email(String),
    #[error(
        "there are {found} fields where the first line has {expected}: put quotes around a field that holds a comma"
    )]
    Fields { found: usize, expected: usize },
    #[error(
        "the quote that opens in line {from} goes on to line {to}, and then there are {found} fields where the first line has {expected}: write \" at its end"
    )]
    LongQuote { from: u64, to: u64, found: usize, expected: usize },
    #[error("{0:?} is not an id: write a DID or another absolute URL")]
    Id(String),
    #[error("neither email nor id is given: fill one of them in")]
    Nobody,
    #[error("{column}: {reason}")]
    Time { column: &'static str, reason: TimeError },
    #[error("the recipient stands in line {0} already: strike one of the two")]
    Twice(u64),
    #[error("the line is not UTF-8: save the list as CSV in UTF-8")]
    Utf8,
}

/// The recipient that `--to` names: an e-mail address, or a DID or other URL.
pub(crate) fn one(text: &str) -> Result<Recipient, RowError> {
    let text = text.trim();
    if is_id(text) {
        Ok(Recipient { id: Some(text.to_owned()), ..Recipient::default() })
    } else if is_email(text) {
        Ok(Recipient { email: Some(text.to_owned()), ..Recipient::default() })
    } else if text.contains('@') {
        Err(RowError::Email(text.to_owned()))
    } else {
        Err(RowError::Id(text.to_owned()))
    }
}

/// Reads a list in CSV: a comma, semicolon or tab between fields, the columns named in the first line.
///
/// A row that cannot be used stands in the result as its error and stops no other.
pub(crate) fn list(text: &[u8]) -> Result<Vec<Row>, ListError> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if let Some(line) = open_quote(text, delimiter(text)) {
        return Err(ListError::OpenQuote(line));
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text);
    let columns = columns(reader.headers().map_err(ListError::Unreadable)?)?;
    let mut rows: Vec<Row> = Vec::new();
    let mut seen = HashMap::new();
    for record in reader.byte_records() {
        let record = record.map_err(ListError::Unreadable)?;
        let line = record.position().map_or(0, csv::Position::line);
        let mut row = recipient(&columns, &record, line);
        if let Ok(recipient) = &row {
            let who = (recipient.email.clone(), recipient.id.clone());
            let first = *seen.entry(who).or_insert(line);
            if first != line {
                row = Err(RowError::Twice(first));
            }
        }
        rows.push((line, row));
    }
    if rows.is_empty() { Err(ListError::Empty) } else { Ok(rows) }
}

/// What stands between the fields: spreadsheets write semicolons where the comma is the decimal sign.
fn delimiter(text: &[u8]) -> u8 {
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    [b',', b';', b'\t'].into_iter().find(|mark| first.contains(mark)).unwrap_or(b',')
}

/// The line on which a quote opens that nothing closes at the end of its field, so that the rows after it would be
/// part of that field. Where it closes on its own line it swallows none.
fn open_quote(text: &[u8], delimiter: u8) -> Option<u64> {
    enum At {
        Start,
        Plain,
        Quoted,
        /// After a quote in a quoted field: its end, or the first half of a quote that belongs to it.
        Closed,
    }
    let (mut at, mut line, mut opened) = (At::Start, 1, 1);
    for byte in text {
        at = match (at, *byte) {
            (At::Start, b'"') => {
                opened = line;
                At::Quoted
            }
            (At::Closed, b'"') => At::Quoted,
            (At::Quoted, b'"') | (At::Closed, b' ') => At::Closed,
            (At::Quoted, _) => At::Quoted,
            (_, byte) if byte == delimiter || byte == b'\n' || byte == b'\r' => At::Start,
            (At::Closed, _) if opened < line => return Some(opened),
            _ => At::Plain,
        };
        line += u64::from(*byte == b'\n');
    }
    matches!(at, At::Quoted).then_some(opened)
}

fn columns(header: &csv::StringRecord) -> Result<Vec<&'static str>, ListError> {
    if header.iter().all(str::is_empty) {
        return Err(ListError::Empty);
    }
    let mut columns = Vec::new();
    for name in header {
        let Some(known) = COLUMNS.into_iter().find(|known| known.eq_ignore_ascii_case(name)) else {
            return Err(ListError::UnknownColumn(name.to_owned()));
        };
        if columns.contains(&known) {
            return Err(ListError::TwiceColumn(name.to_owned()));
        }
        columns.push(known);
    }
    let named = columns.contains(&"email") || columns.contains(&"id");
    if named { Ok(columns) } else { Err(ListError::NoRecipientColumn) }
}

fn recipient(columns: &[&'static str], record: &csv::ByteRecord, line: u64) -> Result<Recipient, RowError> {
    if record.len() != columns.len() {
        let (found, expected) = (record.len(), columns.len());
        let ends = record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        return Err(match ends {
            0 => RowError::Fields { found, expected },
            // Only within quotes does a line end not end the row.
            _ => RowError::LongQuote { from: line, to: line + ends, found, expected },
        });
    }
    let mut recipient = Recipient::default();
    for (column, field) in columns.iter().zip(record) {
        let text = str::from_utf8(field).map_err(|_| RowError::Utf8)?;
        if text.is_empty() {
            continue;
        }
        let time = |edge| dates::read(text, edge).map_err(|reason| RowError::Time { column, reason });
        match *column {
            "email" if is_email(text) => recipient.email = Some(text.to_owned()),
            "email" => return Err(RowError::Email(text.to_owned())),
            "id" if is_id(text) => recipient.id = Some(text.to_owned()),
            "id" => return Err(RowError::Id(text.to_owned())),
            "name" => recipient.name = Some(text.to_owned()),
            "valid_from" => recipient.valid_from = Some(time(Edge::Start)?),
            "valid_until" => recipient.valid_until = Some(time(Edge::End)?),
            "evidence" => recipient.evidence = Some(text.to_owned()),
            _ => recipient.narrative = Some(text.to_owned()),
        }
    }
    let nobody = recipient.email.is_none() && recipient.id.is_none();
    if nobody { Err(RowError::Nobody) } else { Ok(recipient) }
}

/// Whether this can be an e-mail address, as Open Badges 2.0 has it: one `@`, no space.
fn is_email(text: &str) -> bool {
    let odd = |part: &str| part.is_empty() || part.chars().any(|c| c.is_whitespace() || c.is_control());
    text.len() <= 320
        && text.split_once('@').is_some_and(|(own, host)| !odd(own) && !odd(host) && !host.contains('@'))
}

/// Whether this is an absolute URI: a DID, a web address, a URN.
fn is_id(text: &str) -> bool {
    !text.chars().any(|c| c.is_whitespace() || c.is_control()) && url::Url::parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_row_stands_with_its_line_and_stops_no_other() {
        let text = b"\xef\xbb\xbfEmail;name;valid_until\nada@example.org;\"Ada; Countess\";2030-01-31\n\
            nobody;x;\n;y;\nada@example.org;again;\nbob@example.org;Bob\ncy@example.org;Cy;tomorrow\n\
            d\xff@example.org;D;\neve@example.org;Eve;\n";

        let rows = list(text).unwrap();

        let ada = rows[0].1.clone().unwrap();
        assert_eq!(ada.name.as_deref(), Some("Ada; Countess"));
        assert_eq!(ada.valid_until.unwrap().to_string(), "2030-01-31T23:59:59Z");
        let found: Vec<_> = rows.into_iter().map(|(line, row)| (line, row.err())).collect();
        let expected = vec![
            (2, None),
            (3, Some(RowError::Email("nobody".to_owned()))),
            (4, Some(RowError::Nobody)),
            (5, Some(RowError::Twice(2))),
            (6, Some(RowError::Fields { found: 2, expected: 3 })),
            (7, Some(RowError::Time { column: "valid_until", reason: TimeError("tomorrow".to_owned()) })),
            (8, Some(RowError::Utf8)),
            (9, None),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_list_that_cannot_be_meant_says_what_a_list_is() {
        let refused = |text: &str| list(text.as_bytes()).unwrap_err().to_string();

        assert!(refused("").contains("names no recipient"));
        assert!(refused("email,name\n").contains("names no recipient"));
        assert!(
            refused("email,shoe\na@b,43\n").contains("\"shoe\" is not known: the columns are email, id,")
        );
        assert!(refused("name\nAda\n").contains("neither a column email nor a column id"));
        assert!(refused("email,Email\na@b,c@d\n").contains("twice"));
        assert!(refused("email,name\na@b,\"A\nc@d,C\n").contains("opens in line 2 is not closed"));
        assert!(refused("email,\"name\na@b,A\n").contains("opens in line 1 is not closed"));
    }

    #[test]
    fn one_recipient_is_an_address_or_an_id() {
        assert_eq!(one("ada@example.org").unwrap().email.as_deref(), Some("ada@example.org"));
        assert_eq!(one("did:key:z6Mk").unwrap().id.as_deref(), Some("did:key:z6Mk"));
        assert_eq!(one("Ada"), Err(RowError::Id("Ada".to_owned())));
        assert_eq!(one("ada@@example"), Err(RowError::Email("ada@@example".to_owned())));
    }

    #[test]
    fn a_quote_is_closed_or_named_with_its_line() {
        let open = |text: &str| open_quote(text.as_bytes(), b',');

        assert_eq!(open("a,b\n\"x, \"\"y\"\"\",z\n"), None);
        assert_eq!(open("a,b\nx \"y,z\n"), None, "within a field it is a letter");
        assert_eq!(open("a,b\n\"x\n y\",z\n"), None, "a field may have several lines");
        assert_eq!(open("a,b\nx,y\n\"x\"\"\nz\n"), Some(3));
        assert_eq!(open("a,b\n\"\"\"x,y\n"), Some(2));
        assert_eq!(open("\"a,b"), Some(1));
        assert_eq!(open("a,b\nx ,\"y\" \n"), None, "spaces around a field are nothing");
        assert_eq!(open("a,b\nx,\"y\nz,\"w\"\n"), Some(2), "the row of z would be part of y");
    }
}
