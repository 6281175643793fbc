//! The words of a name, by any of which somebody is found.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::identities::NewContact;
use crate::{
    db::{Conn, DbError, Insert, on, row},
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

/// A word by which somebody is found.
#[derive(Debug, Insertable)]
#[diesel(table_name = contact_words, treat_none_as_default_value = false)]
struct Word {
    organisation_id: IssuerId,
    word: String,
    contact_id: ContactId,
}

row!(Word of contact_words: organisation_id, word, contact_id);

/// Adds the words of new contacts.
pub(crate) fn add(conn: &mut Conn, new: &[&NewContact]) -> Result<(), DbError> {
    let rows: Vec<Word> = new
        .iter()
        .flat_map(|contact| {
            words(contact.organisation_id, contact.id, contact.search_name.as_deref().unwrap_or_default())
        })
        .collect();
    Insert::default().rows(&rows).run(conn).map(drop)
}

/// Puts the words of another name in the place of those that were.
pub(crate) fn replace(
    conn: &mut Conn,
    organisation: IssuerId,
    contact: ContactId,
    name: &str,
) -> Result<(), DbError> {
    remove(conn, contact)?;
    let rows: Vec<Word> = words(organisation, contact, name).collect();
    Insert::default().rows(&rows).run(conn).map(drop)
}

/// Takes the words of a contact away.
pub(crate) fn remove(conn: &mut Conn, contact: ContactId) -> Result<(), DbError> {
    let own = contact_words::table.filter(contact_words::contact_id.eq(contact));
    on!(conn, c => diesel::delete(own).execute(c)).map(drop)
}

fn words(organisation_id: IssuerId, contact_id: ContactId, name: &str) -> impl Iterator<Item = Word> {
    of(name).into_iter().map(move |word| Word { organisation_id, word, contact_id })
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
