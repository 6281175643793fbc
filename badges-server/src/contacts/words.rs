//! The words of a name, by any of which somebody is found.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::identities::NewContact;
use crate::{
    db::{Conn, DbError, on},
    ids::{ContactId, IssuerId},
    schema::contact_words,
};

/// How many words of a name are kept, and how much of each.
const MOST: usize = 12;
const LONGEST: usize = 64;

/// The words of a name or of what is looked for, in lower case.
pub(crate) fn of(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.chars().take(LONGEST).collect()).take(MOST).collect()
}

/// Adds the words of new contacts.
pub(crate) fn add(conn: &mut Conn, new: &[NewContact]) -> Result<(), DbError> {
    let rows: Vec<_> = new
        .iter()
        .flat_map(|contact| {
            let words = of(contact.search_name.as_deref().unwrap_or_default());
            words.into_iter().map(|word| row(contact.organisation_id, word, contact.id))
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    on!(conn, c => diesel::insert_into(contact_words::table).values(rows).execute(c)).map(drop)
}

/// Puts the words of another name in the place of those that were.
pub(crate) fn replace(
    conn: &mut Conn,
    organisation: IssuerId,
    contact: ContactId,
    name: &str,
) -> Result<(), DbError> {
    remove(conn, contact)?;
    let rows: Vec<_> = of(name).into_iter().map(|word| row(organisation, word, contact)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    on!(conn, c => diesel::insert_into(contact_words::table).values(rows).execute(c)).map(drop)
}

/// Takes the words of a contact away.
pub(crate) fn remove(conn: &mut Conn, contact: ContactId) -> Result<(), DbError> {
    let own = contact_words::table.filter(contact_words::contact_id.eq(contact));
    on!(conn, c => diesel::delete(own).execute(c)).map(drop)
}

type Row = (
    diesel::dsl::Eq<contact_words::organisation_id, IssuerId>,
    diesel::dsl::Eq<contact_words::word, String>,
    diesel::dsl::Eq<contact_words::contact_id, ContactId>,
);

fn row(organisation: IssuerId, word: String, contact: ContactId) -> Row {
    (
        contact_words::organisation_id.eq(organisation),
        contact_words::word.eq(word),
        contact_words::contact_id.eq(contact),
    )
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn a_name_is_found_by_each_of_its_words() {
        let words = |text: &str| of(text).into_iter().collect::<Vec<_>>().join(" ");

        assert_eq!(words("Mei-Ling  O'Neil (Zoë)"), "ling mei neil o zoë");
        assert_eq!(words(" ... "), "");
        assert_eq!(of(&"a b c d e f g h i j k l m n o p".repeat(9)).len(), 12);
    }
}
