//! `/contacts`: people who hold badges, and one of them with all that they hold.

use askama::Template;

use crate::web::{
    components::{AwardCard, Empty, PersonChip, Pill, When},
    form::{ErrorSummary, Field, Form, summary_of},
    frame::Frame,
    table::{Cell, Paging, Table},
};

/// Everybody whom the reader may see.
#[derive(Debug, Template)]
#[template(path = "contacts/list.html")]
pub(crate) struct Contacts {
    /// The frame.
    pub(crate) frame: Frame,
    /// The words that were looked for.
    pub(crate) words: String,
    /// The people.
    pub(crate) rows: Vec<ContactRow>,
    /// The way to the next ones.
    pub(crate) paging: Paging,
}

/// One person in the list.
#[derive(Clone, Debug)]
pub(crate) struct ContactRow {
    /// Who it is, with the page.
    pub(crate) person: PersonChip,
    /// How many badges they hold.
    pub(crate) held: u64,
    /// When they earned the newest.
    pub(crate) newest: Option<When>,
    /// What stands in the way of a message: "Bounces", "Not to be contacted".
    pub(crate) mark: Option<Pill>,
}

impl Contacts {
    fn table(&self) -> Table {
        let rows = self.rows.iter().cloned().map(|row| {
            vec![
                Cell::Person(row.person),
                Cell::Number(row.held),
                row.newest.map_or(Cell::Nothing, Cell::Time),
                row.mark.map_or(Cell::Nothing, Cell::State),
            ]
        });
        Table {
            caption: "People",
            columns: vec!["Name", "Badges", "Newest", "Note"],
            rows: rows.collect(),
            paging: self.paging.clone(),
        }
    }
}

/// One person.
#[derive(Debug, Template)]
#[template(path = "contacts/contact.html")]
pub(crate) struct ContactPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The name, or the address where no name is known.
    pub(crate) name: String,
    /// The addresses, each with its state: "Proved", "Bounces".
    pub(crate) addresses: Vec<(String, Pill)>,
    /// What else is known, as term and meaning.
    pub(crate) facts: Vec<(String, String)>,
    /// What they hold.
    pub(crate) awards: Vec<AwardCard>,
    /// The way to further ones.
    pub(crate) paging: Paging,
    /// Where to award them something, for those who may.
    pub(crate) award: Option<String>,
    /// Where the name is changed: [`contact_form`].
    pub(crate) edit: Option<(String, Form)>,
    /// Where another address is added: [`address_form`].
    pub(crate) add_address: Option<(String, Form)>,
}

impl ContactPage {
    fn summary(&self) -> ErrorSummary<'_> {
        summary_of(self.edit.iter().chain(&self.add_address).map(|(_, form)| form))
    }
}

/// What is known of a person.
pub(crate) fn contact_form() -> Form {
    Form::new(
        "contact",
        [
            Field::text("display_name", "Name").hint("As they give it; it stands on new awards.").required(),
            Field::tick("do_not_contact", "Send them nothing but what they ask for"),
        ],
    )
}

/// Another address of a person.
pub(crate) fn address_form() -> Form {
    let address = Field::email("email", "Another address").hint("What is awarded to it is theirs too.");
    Form::new("address", [address.required()])
}
