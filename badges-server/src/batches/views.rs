//! `/batches`: lists of recipients, from the file to the last row.

use askama::Template;

use crate::web::{
    components::{Empty, Pill, Progress, When},
    form::{Choice, Field, Form},
    frame::Frame,
    table::{Cell, Paging, Table},
};

/// `/batches`: the lists that were sent.
#[derive(Debug, Template)]
#[template(path = "batches/list.html")]
pub(crate) struct Batches {
    /// The frame.
    pub(crate) frame: Frame,
    /// The lists.
    pub(crate) rows: Vec<BatchRow>,
    /// The way to the next ones.
    pub(crate) paging: Paging,
}

/// One list among others.
#[derive(Clone, Debug)]
pub(crate) struct BatchRow {
    /// Its page.
    pub(crate) href: String,
    /// What people call it.
    pub(crate) name: String,
    /// The badge.
    pub(crate) badge: String,
    /// How far it is.
    pub(crate) state: Pill,
    /// How many rows were awarded.
    pub(crate) awarded: u64,
    /// How many rows were refused.
    pub(crate) refused: u64,
    /// When it was sent.
    pub(crate) sent: When,
}

/// The form that takes a list.
#[derive(Debug, Template)]
#[template(path = "batches/new.html")]
pub(crate) struct NewBatch {
    /// The frame.
    pub(crate) frame: Frame,
    /// Where it posts.
    pub(crate) action: String,
    /// The badge and the list: [`list_form`].
    pub(crate) form: Form,
    /// What is wrong with lines of the list: where, and what.
    pub(crate) lines: Vec<(String, String)>,
    /// Whether there is no badge that the reader may award.
    pub(crate) none: bool,
}

/// The badge and the list. `badges` are those that the reader may award, as slug and name.
pub(crate) fn list_form(badges: Vec<Choice>) -> Form {
    Form::new(
        "list",
        [
            Field::list("badge", "Badge", badges).required(),
            Field::file("list", "The list, as a file", ".csv,text/csv,text/plain")
                .hint("CSV from any spreadsheet, up to 1 MB: some 20,000 people.")
                .unmarked(),
            Field::lines("rows", "Or paste it here", 6).unmarked(),
            Field::text("name", "What you call it").hint("Such as: Maker Party, June. Only staff see it."),
            Field::lines("note", "What they did for it", 3)
                .hint("For those in whose row it does not stand. Everybody can read it on the award."),
            Field::tick("mail", "Send each of them a message").ticked(),
        ],
    )
}

/// One list: what it will do, how far it is, and what became of it.
#[derive(Debug, Template)]
#[template(path = "batches/batch.html")]
pub(crate) struct BatchPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The badge.
    pub(crate) badge: String,
    /// The list in one sentence.
    pub(crate) lead: String,
    /// How far it is, once it has begun.
    pub(crate) progress: Option<Progress>,
    /// The first rows, before it has begun.
    pub(crate) first: Vec<FirstRow>,
    /// Where to post to begin; none where it has begun, or cannot.
    pub(crate) begin: Option<String>,
    /// How many will be awarded.
    pub(crate) count: u64,
    /// Where to post to stop it, or to throw it away.
    pub(crate) cancel: Option<String>,
    /// What stands on the awards.
    pub(crate) note: Option<String>,
    /// Whether a message goes out to each.
    pub(crate) mail: bool,
    /// The rows that were refused.
    pub(crate) refused: Vec<RefusedRow>,
    /// How many were refused, and where they are had as CSV.
    pub(crate) table: Option<(u64, String)>,
    /// The way to further refusals.
    pub(crate) paging: Paging,
    /// The awards of the badge.
    pub(crate) awards: String,
    /// Whether it goes on while the page is looked at.
    pub(crate) running: bool,
}

/// A row as it stands in the list.
#[derive(Clone, Debug)]
pub(crate) struct FirstRow {
    /// Where it stands, from 1.
    pub(crate) line: u64,
    /// The name.
    pub(crate) name: Option<String>,
    /// The address or the DID.
    pub(crate) to: String,
}

/// A row that was not awarded.
#[derive(Clone, Debug)]
pub(crate) struct RefusedRow {
    /// Where it stands in the list, from 1.
    pub(crate) line: u64,
    /// Who it was for.
    pub(crate) recipient: String,
    /// Why, as a sentence.
    pub(crate) reason: String,
}

impl Batches {
    fn table(&self) -> Table {
        let rows = self.rows.iter().cloned().map(|row| {
            let BatchRow { href, name, badge, state, awarded, refused, sent } = row;
            vec![
                Cell::Link { label: name, href },
                Cell::text(badge),
                Cell::State(state),
                Cell::Number(awarded),
                Cell::Number(refused),
                Cell::Time(sent),
            ]
        });
        Table {
            caption: "Lists, newest first",
            columns: vec!["List", "Badge", "State", "Awarded", "Refused", "Sent"],
            rows: rows.collect(),
            paging: self.paging.clone(),
        }
    }
}

impl NewBatch {
    fn table(&self) -> Table {
        let rows = self.lines.iter().cloned().map(|(line, fault)| vec![Cell::text(line), Cell::text(fault)]);
        Table {
            caption: "What is wrong with the list",
            columns: vec!["Where", "What to mend"],
            rows: rows.collect(),
            paging: Paging::default(),
        }
    }
}

impl BatchPage {
    fn first(&self) -> Table {
        let rows = self.first.iter().cloned().map(|row| {
            let name = row.name.map_or(Cell::Nothing, Cell::Text);
            vec![Cell::text(row.to), name, Cell::Number(row.line)]
        });
        Table {
            caption: "The first rows",
            columns: vec!["Address", "Name", "Line"],
            rows: rows.collect(),
            paging: Paging::default(),
        }
    }

    fn refusals(&self) -> Table {
        let rows = self.refused.iter().cloned().map(|row| {
            let RefusedRow { line, recipient, reason } = row;
            vec![Cell::text(recipient), Cell::text(reason), Cell::Number(line)]
        });
        Table {
            caption: "Rows that were not awarded",
            columns: vec!["For", "Why not", "Line"],
            rows: rows.collect(),
            paging: self.paging.clone(),
        }
    }
}
