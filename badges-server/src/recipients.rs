//! Who receives a badge: one person from the command line, or the rows of a CSV file.

mod quotes;

use std::collections::HashMap;

use badges_core::time::Timestamp;

pub(crate) use self::quotes::Quotes;
use crate::{
    dates::{self, DateError, Edge},
    texts::shortened,
};

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
    /// No line stands below the first.
    #[error("the list names no recipient: its first line names the columns ({}), each further line one person", COLUMNS.join(", "))]
    Empty,
    /// No column says who receives the badge.
    #[error("the list has neither a column email nor a column id: its first line names the columns, which are {}", COLUMNS.join(", "))]
    NoRecipientColumn,
    /// A quote swallows the rest of the list.
    #[error(
        "the quote that opens in line {0} is not closed at the end of its field: write \" there, and two of them where a \" belongs to the text"
    )]
    OpenQuote(u64),
    /// It would not be clear which of the two counts.
    #[error("the column {0:?} stands twice in the first line: strike one")]
    TwiceColumn(String),
    /// What it says would be lost without a word.
    #[error("the column {name:?} is not known{}: the columns are {}", meant.map(|known| format!(" (did you mean {known}?)")).unwrap_or_default(), COLUMNS.join(", "))]
    UnknownColumn { name: String, meant: Option<&'static str> },
    /// The first line is not CSV in UTF-8.
    #[error("the first line cannot be read ({0}): save the list as CSV in UTF-8")]
    Unreadable(csv::Error),
}

/// Why one recipient cannot receive the badge.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RowError {
    /// An address that is none.
    #[error("{0:?} is not an e-mail address: write it like ada@example.org")]
    Email(String),
    /// Too many or too few fields.
    #[error(
        "there are {found} fields where the first line has {expected}: put quotes around a field that holds a comma"
    )]
    Fields { found: usize, expected: usize },
    /// An identifier that is none.
    #[error("{0:?} is not an id: write a DID or another absolute URL")]
    Id(String),
    /// A quote swallows lines that follow.
    #[error(
        "the quote that opens in line {from} goes on to line {to}, and then there are {found} fields where the first line has {expected}: write \" at its end"
    )]
    LongQuote { from: u64, to: u64, found: usize, expected: usize },
    /// A text that could be either and is neither.
    #[error(
        "{0:?} is neither an e-mail address nor an id: write it like ada@example.org, or a DID or another absolute URL"
    )]
    Neither(String),
    /// Neither an address nor an identifier.
    #[error("neither email nor id is given: fill one of them in")]
    Nobody,
    /// A time that is none.
    #[error("{column}: {reason}")]
    Time { column: &'static str, reason: DateError },
    /// A character that no text has.
    #[error("{0} holds the character U+0000: take it out, or save the list as CSV in UTF-8")]
    Nul(&'static str),
    /// Nobody gets two badges of one list.
    #[error("the recipient stands in line {0} already: strike one of the two")]
    Twice(u64),
    /// Bytes that are no text.
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
        Err(RowError::Email(shortened(text)))
    } else {
        Err(RowError::Neither(shortened(text)))
    }
}

/// Reads a list in CSV: a comma, semicolon or tab between fields, the columns named in the first line.
///
/// A row that cannot be used stands in the result as its error and stops no other.
pub(crate) fn list(text: &[u8]) -> Result<Vec<Row>, ListError> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let delimiter = delimiter(text);
    if let Some(line) = open_quote(text, delimiter) {
        return Err(ListError::OpenQuote(line));
    }
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).flexible(true).from_reader(text);
    let columns = columns(reader.headers().map_err(ListError::Unreadable)?)?;
    let mut rows: Vec<Row> = Vec::new();
    let mut seen = HashMap::new();
    let (mut record, mut counted, mut line) = (csv::ByteRecord::new(), 0, 1);
    while reader.read_byte_record(&mut record).map_err(ListError::Unreadable)? {
        // The reader's own count stands before the line ends that it passes over.
        let start = record.position().map_or(counted, |position| position.byte() as usize);
        let skipped = part(text, start, text.len()).iter().take_while(|byte| is_line_end(byte)).count();
        line += line_ends(part(text, counted, start + skipped));
        counted = start + skipped;
        let written = part(text, counted, reader.position().byte() as usize);
        let last = line + line_ends(written.trim_ascii_end());
        let mut row = recipient(&columns, &record, line, last);
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

fn part(text: &[u8], from: usize, to: usize) -> &[u8] {
    text.get(from..to).unwrap_or_default()
}

fn is_line_end(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// How many lines end in this text, as an editor counts them: with LF, CRLF or a CR alone.
fn line_ends(text: &[u8]) -> u64 {
    let after = text.iter().skip(1).map(Some).chain([None]);
    let ends = |(byte, after): (&u8, Option<&u8>)| *byte == b'\n' || *byte == b'\r' && after != Some(&b'\n');
    text.iter().zip(after).filter(|pair| ends(*pair)).count() as u64
}

/// What stands between the fields: spreadsheets write semicolons where the comma is the decimal sign.
pub(crate) fn delimiter(text: &[u8]) -> u8 {
    let first = text.split(is_line_end).find(|line| !line.is_empty()).unwrap_or_default();
    [b',', b';', b'\t'].into_iter().find(|mark| first.contains(mark)).unwrap_or(b',')
}

/// The line of a quote that nothing closes at the end of its field, so that the rows after it would be part of that
/// field. Where it closes on its own line it swallows none.
fn open_quote(text: &[u8], delimiter: u8) -> Option<u64> {
    let mut quotes = Quotes::new(delimiter);
    text.iter().find_map(|byte| quotes.see(*byte)).or_else(|| quotes.open())
}

/// What the fields of each row are, by the first line.
pub(crate) fn columns(header: &csv::StringRecord) -> Result<Vec<&'static str>, ListError> {
    if header.iter().all(str::is_empty) {
        return Err(ListError::Empty);
    }
    let mut columns = Vec::new();
    for name in header {
        let Some(known) = COLUMNS.into_iter().find(|known| known.eq_ignore_ascii_case(name)) else {
            return Err(ListError::UnknownColumn { name: shortened(name), meant: meant(name) });
        };
        if columns.contains(&known) {
            return Err(ListError::TwiceColumn(name.to_owned()));
        }
        columns.push(known);
    }
    let named = columns.contains(&"email") || columns.contains(&"id");
    if named { Ok(columns) } else { Err(ListError::NoRecipientColumn) }
}

/// The column that is probably meant by what people and their programs call it.
fn meant(name: &str) -> Option<&'static str> {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let other = match plain.as_str() {
        "mail" | "emailaddress" | "mailaddress" | "address" | "adresse" | "correo" | "courriel" => "email",
        "did" | "url" | "uri" | "identifier" | "recipient" => "id",
        "fullname" | "firstname" | "lastname" | "student" | "participant" => "name",
        "from" | "start" | "issued" | "issuedon" | "date" => "valid_from",
        "until" | "end" | "expires" | "expiry" | "validto" => "valid_until",
        other => other,
    };
    COLUMNS.into_iter().find(|known| known.replace('_', "") == other || *known == other)
}

/// One row, whose fields stand under these columns; it goes from one line to another.
pub(crate) fn recipient(
    columns: &[&'static str],
    record: &csv::ByteRecord,
    from: u64,
    to: u64,
) -> Result<Recipient, RowError> {
    if record.len() != columns.len() {
        let (found, expected) = (record.len(), columns.len());
        // Only within quotes does a line end not end the row.
        let one = from == to;
        return Err(if one {
            RowError::Fields { found, expected }
        } else {
            RowError::LongQuote { from, to, found, expected }
        });
    }
    let mut recipient = Recipient::default();
    for (column, field) in columns.iter().zip(record) {
        let text = str::from_utf8(field).map_err(|_| RowError::Utf8)?;
        if text.is_empty() {
            continue;
        }
        if text.contains('\0') {
            return Err(RowError::Nul(column));
        }
        let time = |edge| dates::read(text, edge).map_err(|reason| RowError::Time { column, reason });
        match *column {
            "email" if is_email(text) => recipient.email = Some(text.to_owned()),
            "email" => return Err(RowError::Email(shortened(text))),
            "id" if is_id(text) => recipient.id = Some(text.to_owned()),
            "id" => return Err(RowError::Id(shortened(text))),
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
            (7, Some(RowError::Time { column: "valid_until", reason: DateError("tomorrow".to_owned()) })),
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
        assert!(refused("E-mail\na@b\n").contains("(did you mean email?): the"));
        assert!(refused("mail,valid from\na@b,\n").contains("did you mean email?"));
        assert!(refused("id,valid-from\na@b,\n").contains("did you mean valid_from?"));
        assert!(refused("name\nAda\n").contains("neither a column email nor a column id"));
        assert!(refused("email,Email\na@b,c@d\n").contains("twice"));
        assert!(refused("email,name\na@b,\"A\nc@d,C\n").contains("opens in line 2 is not closed"));
        assert!(refused("email,\"name\na@b,A\n").contains("opens in line 1 is not closed"));
    }

    #[test]
    fn a_row_stands_in_the_line_that_an_editor_shows() {
        let text = "\n\nemail,name\nada@b,Ada\n\n\nbob@b,\"B\no\n\nb\"\n\ncy@b,Cy\nada@b,\nnobody,\nx@y,\"\n\"\",\",1\n";

        for (mark, end) in [("", "\n"), ("", "\r\n"), ("", "\r"), ("\u{feff}", "\r\n"), ("\u{feff}", "\n")] {
            let rows = list(format!("{mark}{}", text.replace('\n', end)).as_bytes()).unwrap();

            let lines: Vec<_> = rows.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [4, 7, 12, 13, 14, 15], "{end:?}");
            assert_eq!(rows[3].1, Err(RowError::Twice(4)), "{end:?}");
            assert_eq!(
                rows[5].1,
                Err(RowError::LongQuote { from: 15, to: 16, found: 3, expected: 2 }),
                "{end:?}"
            );
        }
    }

    #[test]
    fn one_recipient_is_an_address_or_an_id() {
        assert_eq!(one("ada@example.org").unwrap().email.as_deref(), Some("ada@example.org"));
        assert_eq!(one("did:key:z6Mk").unwrap().id.as_deref(), Some("did:key:z6Mk"));
        assert_eq!(one("Ada"), Err(RowError::Neither("Ada".to_owned())));
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
