//! From an address or a DID to the contact it belongs to.

use diesel::{pg::Pg, prelude::*, sqlite::Sqlite};

use super::words;
use crate::{
    clock::Moment,
    db::{Conn, DbError, on},
    ids::{ContactId, IdentityId, IssuerId},
    random::RandomError,
    schema::{contacts, identities},
};

/// The source of identities that are e-mail addresses.
pub(crate) const EMAIL: &str = "email";
/// The source of identities that are DIDs.
pub(crate) const DID: &str = "did";

/// An identity as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = identities, check_for_backend(Pg, Sqlite), treat_none_as_default_value = false)]
pub(crate) struct Identity {
    pub(crate) id: IdentityId,
    pub(crate) organisation_id: IssuerId,
    pub(crate) source: String,
    pub(crate) subject: String,
    pub(crate) address: Option<String>,
    pub(crate) contact_id: ContactId,
    pub(crate) is_primary: bool,
    pub(crate) created_at: Moment,
}

/// A contact as it is added.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = contacts, treat_none_as_default_value = false)]
pub(crate) struct NewContact {
    pub(crate) id: ContactId,
    pub(crate) organisation_id: IssuerId,
    pub(crate) display_name: Option<String>,
    pub(crate) search_name: Option<String>,
    pub(crate) created_at: Moment,
}

/// Who somebody is: known already, or to be added with the award.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) identity: Identity,
    /// What to add, where nobody is known by this identity.
    pub(crate) new: Option<NewContact>,
}

/// Finds who is known by this, or makes the rows that would make somebody known.
pub(crate) fn find_or_make<E>(
    conn: &mut Conn,
    organisation: IssuerId,
    source: &str,
    subject: &str,
    address: Option<&str>,
    name: Option<&str>,
    now: Moment,
) -> Result<Person, E>
where
    E: From<DbError> + From<RandomError>,
{
    if let Some(identity) = find(conn, organisation, source, subject)? {
        return Ok(Person { identity, new: None });
    }
    let contact = ContactId::new(now)?;
    let identity = Identity {
        id: IdentityId::new(now)?,
        organisation_id: organisation,
        source: source.to_owned(),
        subject: subject.to_owned(),
        address: address.map(str::to_owned),
        contact_id: contact,
        is_primary: true,
        created_at: now,
    };
    let new = NewContact {
        id: contact,
        organisation_id: organisation,
        display_name: name.map(str::to_owned),
        search_name: name.map(str::to_lowercase),
        created_at: now,
    };
    Ok(Person { identity, new: Some(new) })
}

/// The identity of a source and subject.
pub(crate) fn find(
    conn: &mut Conn,
    organisation: IssuerId,
    source: &str,
    subject: &str,
) -> Result<Option<Identity>, DbError> {
    on!(conn, c => {
        identities::table
            .filter(identities::organisation_id.eq(organisation))
            .filter(identities::source.eq(source))
            .filter(identities::subject.eq(subject))
            .select(Identity::as_select())
            .first(c)
            .optional()
    })
}

/// Adds people. One of them may have become known since, by another server or another request: then the one who
/// is known stands in `people` afterwards.
pub(crate) fn add(conn: &mut Conn, people: &mut [&mut Person]) -> Result<(), DbError> {
    let new: Vec<NewContact> = people.iter().filter_map(|person| person.new.clone()).collect();
    if new.is_empty() {
        return Ok(());
    }
    on!(conn, c => diesel::insert_into(contacts::table).values(&new).execute(c))?;
    let rows: Vec<Identity> =
        people.iter().filter(|person| person.new.is_some()).map(|person| person.identity.clone()).collect();
    let added = on!(conn, c => {
        diesel::insert_into(identities::table).values(&rows).on_conflict_do_nothing().execute(c)
    })?;
    if added == rows.len() {
        return words::add(conn, &new);
    }
    for person in people.iter_mut().filter(|person| person.new.is_some()) {
        let own = person.identity.clone();
        let known = find(conn, own.organisation_id, &own.source, &own.subject)?;
        if let Some(known) = known.filter(|known| known.id != own.id) {
            on!(conn, c => diesel::delete(contacts::table.find(own.contact_id)).execute(c))?;
            **person = Person { identity: known, new: None };
        }
    }
    let new: Vec<NewContact> = people.iter().filter_map(|person| person.new.clone()).collect();
    words::add(conn, &new)
}
