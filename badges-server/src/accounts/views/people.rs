//! `/people`: who works here, and in which role.

use askama::Template;

use crate::{
    rights::Role,
    web::{
        components::{Empty, PersonChip, When},
        form::{Choice, Field, Form},
        frame::Frame,
        table::{Cell, Paging, Table},
    },
};

/// Everybody with a role.
#[derive(Debug, Template)]
#[template(path = "accounts/people.html")]
pub(crate) struct People {
    /// The frame.
    pub(crate) frame: Frame,
    /// Below which node: [`place_form`]; none where there is one alone.
    pub(crate) filter: Option<Form>,
    /// The roles, one a row.
    pub(crate) rows: Vec<PersonRow>,
    /// Gives a role: [`role_form`]; none where the reader may not.
    pub(crate) form: Option<Form>,
    /// The way to the next ones.
    pub(crate) paging: Paging,
}

/// One role of one person.
#[derive(Clone, Debug)]
pub(crate) struct PersonRow {
    /// Who it is.
    pub(crate) person: PersonChip,
    /// "Mentor".
    pub(crate) role: String,
    /// Where it holds: the name of a node.
    pub(crate) place: String,
    /// Since when; none for a role that comes from a badge.
    pub(crate) since: Option<When>,
    /// Where to post to take it away; none where the reader may not.
    pub(crate) remove: Option<String>,
}

/// Who gets which role, where. `places` are nodes as id and name; `roles` those that the reader may give.
pub(crate) fn role_form(roles: Vec<Choice>, places: Vec<Choice>) -> Form {
    Form::new(
        "role",
        [
            Field::email("email", "Address")
                .hint("A message with a link to sign in is written to them.")
                .required(),
            Field::one_of("role", "Role", roles).required(),
            Field::list("issuer", "Where it holds", places)
                .hint("There and in everything under it.")
                .required(),
        ],
    )
}

/// Whether further addresses of a person are theirs, for whoever gives them a role.
pub(crate) fn others_field(others: &[String]) -> Field {
    let yes = Choice::new(others.join(" "), format!("{}: theirs too", others.join(", ")))
        .hint("If you do not know, ask them first: a link to each signs in with the role.");
    Field::one_of("other_addresses", "Further addresses in their record", vec![yes]).required()
}

/// Below which node roles are shown.
pub(crate) fn place_form(places: Vec<Choice>) -> Form {
    let all = std::iter::once(Choice::new("", "Everywhere"));
    Form::new("where", [Field::list("issuer", "Where", all.chain(places).collect())])
}

/// What a role lets somebody do.
pub(crate) fn role_hint(role: Role) -> &'static str {
    match role {
        Role::Administrator => "Awards, designs, gives roles; everything but keys and contacts.",
        Role::Designer => "Makes and publishes badges.",
        Role::Mentor => "Awards badges.",
        Role::Owner => "Does everything, also with signing keys.",
        Role::Reviewer => "Judges evidence.",
        Role::Steward => "Looks after contacts.",
        Role::Viewer => "Sees awards, contacts and the audit log.",
    }
}

/// A role as people say it.
pub(crate) fn role_word(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default() + letters.as_str()
}

impl People {
    fn table(&self) -> Table {
        let rows = self.rows.iter().cloned().map(|row| {
            let action = row.remove.map_or(Cell::Nothing, |href| Cell::Action {
                label: "Take away",
                object: format!("the role {} from {}", row.role, row.person.name),
                href,
                confirm: Some(format!("{} can no longer act as {} there.", row.person.name, row.role)),
                csrf: self.frame.csrf.clone(),
                form_key: self.frame.form_key.clone(),
            });
            let since = row.since.map_or_else(|| Cell::text("By a badge"), Cell::Time);
            vec![Cell::Person(row.person), Cell::text(row.role), Cell::text(row.place), since, action]
        });
        Table {
            caption: "People and roles",
            columns: vec!["Name", "Role", "Where", "Since", ""],
            rows: rows.collect(),
            paging: self.paging.clone(),
        }
    }
}
