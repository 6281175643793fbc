//! Rows of the same kind, paged by key; on a phone each row is a card.

use askama::Template;

use crate::web::{
    components::{PersonChip, Picture, Pill, When, escapes_itself},
    way,
};

/// A word of more bytes may break anywhere, so that its column does not push others out of the page.
const LONG: usize = 30;

/// Rows under a heading, and the way to the next ones.
#[derive(Clone, Debug, Template)]
#[template(path = "components/table.html")]
pub(crate) struct Table {
    /// What the rows are, for those who hear the page.
    pub(crate) caption: &'static str,
    /// The names of the columns; an empty name is for a column of actions.
    pub(crate) columns: Vec<&'static str>,
    /// The rows, each with one cell per column.
    pub(crate) rows: Vec<Vec<Cell>>,
    /// The way to the next and to the first rows.
    pub(crate) paging: Paging,
}

/// The way through a list that is paged by key.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/paging.html")]
pub(crate) struct Paging {
    /// The address of the next rows.
    pub(crate) next: Option<String>,
    /// The address of the first rows, where these are not they.
    pub(crate) first: Option<String>,
    /// How many there are in all, where that is known: "1,284 awards".
    pub(crate) count: Option<String>,
}

/// One part of a list, from a row more than it shows, and the way to the next: `path` with all that is asked for
/// besides, `end` what the next part comes after.
pub(crate) fn part<T, K: std::fmt::Display>(
    mut rows: Vec<T>,
    limit: i64,
    path: &str,
    further: bool,
    end: impl Fn(&T) -> K,
) -> (Vec<T>, Paging) {
    let limit = usize::try_from(limit).unwrap_or_default();
    let more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().filter(|_| more).map(|row| end(row).to_string());
    let next = last.map(|last| way::with(path, "after", &last));
    (rows, Paging { next, first: further.then(|| path.to_owned()), count: None })
}

/// What stands in one place of a table.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    /// A text.
    Text(String),
    /// A number, at the right.
    Number(u64),
    /// A text that leads to a page.
    Link {
        /// The text.
        label: String,
        /// The page.
        href: String,
    },
    /// A badge: its picture and its name.
    Badge {
        /// The picture.
        picture: Picture,
        /// The name.
        name: String,
        /// Its page.
        href: String,
    },
    /// A person.
    Person(PersonChip),
    /// A state.
    State(Pill),
    /// A time.
    Time(When),
    /// A button that posts, with the guard of the page.
    Action {
        /// What it says.
        label: &'static str,
        /// What it is done to, for those who hear the page.
        object: String,
        /// Where it posts.
        href: String,
        /// Asks once more before it acts, where a script runs.
        confirm: Option<String>,
        /// The proof that the form is ours.
        csrf: String,
        /// What makes a second submit do nothing.
        form_key: String,
    },
    /// Nothing.
    Nothing,
}

impl Paging {
    /// Whether there is anything to show of it.
    pub(crate) fn any(&self) -> bool {
        self.next.is_some() || self.first.is_some() || self.count.is_some()
    }
}

impl Cell {
    /// A text, or nothing.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    fn says(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Nothing => false,
            _ => true,
        }
    }

    fn class(&self) -> &'static str {
        match self {
            Self::Number(_) => "number",
            Self::Text(text) if text.split_whitespace().any(|word| word.len() > LONG) => "long",
            Self::Badge { .. } | Self::Person(_) | Self::Action { .. } => "bare",
            _ => "",
        }
    }
}

impl Table {
    /// The columns in which some row says something, and where they stand.
    fn columns(&self) -> impl Iterator<Item = (usize, &'static str)> {
        let says = |at: usize| self.rows.iter().any(|row| row.get(at).is_some_and(Cell::says));
        self.columns.iter().copied().enumerate().filter(move |(at, _)| says(*at))
    }

    fn cells<'a>(&'a self, row: &'a [Cell]) -> impl Iterator<Item = (&'static str, &'a Cell)> {
        self.columns().filter_map(|(at, column)| Some((column, row.get(at)?)))
    }

    fn numeric(&self, column: &usize) -> bool {
        self.rows.first().and_then(|row| row.get(*column)).is_some_and(|cell| matches!(cell, Cell::Number(_)))
    }
}

escapes_itself!(Paging, Table);
