//! From an address or a DID to the contact it belongs to.

use std::collections::HashMap;

use diesel::{pg::Pg, prelude::*, sql_types::Text, sqlite::Sqlite};

use super::words;
use crate::{
    clock::Moment,
    db::{Conn, DbError, Insert, Unnest, list, on, row},
    ids::{ContactId, IdentityId, IssuerId},
    random::RandomError,
    schema::{Key, contacts, identities},
};

/// The source of identities that are e-mail addresses.
pub(crate) const EMAIL: &str = "email";
/// The source of identities that are DIDs.
pub(crate) const DID: &str = "did";

/// An identity as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, QueryableByName, Selectable, Insertable)]
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

row!(NewContact of contacts: id, organisation_id, display_name, search_name, created_at);

row!(Identity of identities unless there: id, organisation_id, source, subject, address, contact_id, is_primary, created_at);

/// Who somebody is: known already, or to be added with the award.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) identity: Identity,
    /// What to add, where nobody is known by this identity.
    pub(crate) new: Option<NewContact>,
}

/// Who is sought, and what becomes of them where nobody is known by it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sought<'a> {
    pub(crate) source: &'static str,
    pub(crate) subject: &'a str,
    pub(crate) address: Option<&'a str>,
    pub(crate) name: Option<&'a str>,
}

/// What somebody is known by: an organisation, a source and a subject.
pub(crate) type Name = (IssuerId, String, String);

/// How many are sought with one query.
const TOGETHER: usize = 500;

/// Finds who is known, or makes the rows that would make somebody known; in the order in which they are sought.
pub(crate) fn find_or_make<E>(
    conn: &mut Conn,
    organisation: IssuerId,
    sought: &[Sought<'_>],
    now: Moment,
) -> Result<Vec<Person>, E>
where
    E: From<DbError> + From<RandomError>,
{
    let names: Vec<Name> = sought.iter().map(|one| one.named(organisation)).collect();
    let known = find_all(conn, &names)?;
    Ok(make(organisation, sought, known, now)?)
}

/// Who is known, and the rows that would make the others known.
pub(crate) fn make(
    organisation: IssuerId,
    sought: &[Sought<'_>],
    known: Vec<Option<Identity>>,
    now: Moment,
) -> Result<Vec<Person>, RandomError> {
    let person = |(one, known): (&Sought<'_>, Option<Identity>)| match known {
        Some(identity) => Ok(Person { identity, new: None }),
        None => one.person(organisation, now),
    };
    sought.iter().zip(known).map(person).collect()
}

/// Finds or adds one person.
pub(crate) fn ensure<E>(
    conn: &mut Conn,
    organisation: IssuerId,
    sought: Sought<'_>,
    now: Moment,
) -> Result<Identity, E>
where
    E: From<DbError> + From<RandomError>,
{
    let found = find(conn, organisation, sought.source, sought.subject)?;
    if let Some(identity) = found {
        return Ok(identity);
    }
    let mut person = sought.person(organisation, now)?;
    add(conn, &mut [&mut person])?;
    Ok(person.identity)
}

/// Looks each name up by itself. PostgreSQL might otherwise read the whole table, because it plans a query while the
/// table is small and keeps the plan while it grows.
const FIND: &str = "
    SELECT found.id, found.organisation_id, found.source, found.subject, found.address, found.contact_id,
        found.is_primary, found.created_at
    FROM";
const EACH: &str = "AS name (organisation_id, source, subject)
    CROSS JOIN LATERAL (
        SELECT * FROM identities
        WHERE organisation_id = name.organisation_id AND source = name.source AND subject = name.subject
        LIMIT 1
    ) AS found";

/// Who is known by these names, in their order.
pub(crate) fn find_all(conn: &mut Conn, names: &[Name]) -> Result<Vec<Option<Identity>>, DbError> {
    if let [(organisation, source, subject)] = names {
        return Ok(vec![find(conn, *organisation, source, subject)?]);
    }
    let mut known: HashMap<Name, Identity> = HashMap::new();
    for names in names.chunks(TOGETHER) {
        let organisations = || names.iter().map(|(organisation, ..)| *organisation);
        let sources = || names.iter().map(|(_, source, _)| source.as_str());
        let subjects = || names.iter().map(|(.., subject)| subject.as_str());
        let found: Vec<Identity> = match conn {
            Conn::Postgresql(c) => {
                let lists = vec![
                    list::<Key, _>(organisations()),
                    list::<Text, _>(sources()),
                    list::<Text, _>(subjects()),
                ];
                Unnest::default().words(FIND).lists(lists).words(EACH).load(c)
            }
            Conn::Sqlite(c) => identities::table
                .filter(identities::organisation_id.eq_any(organisations()))
                .filter(identities::source.eq_any(sources()))
                .filter(identities::subject.eq_any(subjects()))
                .select(Identity::as_select())
                .load(c),
        }?;
        known.extend(found.into_iter().map(|identity| (identity.name(), identity)));
    }
    Ok(names.iter().map(|name| known.get(name).cloned()).collect())
}

impl Identity {
    /// What it is found by.
    pub(crate) fn name(&self) -> Name {
        (self.organisation_id, self.source.clone(), self.subject.clone())
    }
}

impl Sought<'_> {
    /// What they would be known by in an organisation.
    pub(crate) fn named(&self, organisation: IssuerId) -> Name {
        (organisation, self.source.to_owned(), self.subject.to_owned())
    }

    fn person(&self, organisation: IssuerId, now: Moment) -> Result<Person, RandomError> {
        let contact = ContactId::new(now)?;
        let identity = Identity {
            id: IdentityId::new(now)?,
            organisation_id: organisation,
            source: self.source.to_owned(),
            subject: self.subject.to_owned(),
            address: self.address.map(str::to_owned),
            contact_id: contact,
            is_primary: true,
            created_at: now,
        };
        let new = NewContact {
            id: contact,
            organisation_id: organisation,
            display_name: self.name.map(str::to_owned),
            search_name: self.name.map(str::to_lowercase),
            created_at: now,
        };
        Ok(Person { identity, new: Some(new) })
    }
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

/// Who is known by a source and a subject, the first of them where several organisations know them.
pub(crate) fn find_within(
    conn: &mut Conn,
    organisations: &[IssuerId],
    source: &str,
    subject: &str,
) -> Result<Option<Identity>, DbError> {
    on!(conn, c => {
        identities::table
            .inner_join(contacts::table.on(contacts::id.eq(identities::contact_id)))
            .filter(identities::organisation_id.eq_any(organisations))
            .filter(identities::source.eq(source))
            .filter(identities::subject.eq(subject))
            .filter(contacts::erased_at.is_null())
            .order(identities::id)
            .select(Identity::as_select())
            .first(c)
            .optional()
    })
}

/// Makes a contact known by a name elsewhere too; tells whether it is, as another contact may have become so first.
pub(crate) fn attach<E>(
    conn: &mut Conn,
    organisation: IssuerId,
    contact: ContactId,
    (source, subject): (&str, &str),
    now: Moment,
) -> Result<bool, E>
where
    E: From<DbError> + From<RandomError>,
{
    let identity = Identity {
        id: IdentityId::new(now)?,
        organisation_id: organisation,
        source: source.to_owned(),
        subject: subject.to_owned(),
        address: None,
        contact_id: contact,
        is_primary: false,
        created_at: now,
    };
    on!(conn, c => diesel::insert_into(identities::table).values(&identity).on_conflict_do_nothing().execute(c))?;
    let known = find(conn, organisation, source, subject)?;
    Ok(known.is_some_and(|known| known.contact_id == contact))
}

/// Lets nobody else change a contact until this transaction ends.
pub(crate) fn hold(conn: &mut Conn, contact: ContactId) -> Result<(), DbError> {
    let same = contacts::version.eq(contacts::version);
    on!(conn, c => diesel::update(contacts::table.find(contact)).set(same).execute(c)).map(drop)
}

/// The further addresses of whoever an identity is of, each as it is compared and as it was given. None is added until
/// this transaction ends.
pub(crate) fn other_addresses(
    conn: &mut Conn,
    identity: IdentityId,
) -> Result<Vec<(String, String)>, DbError> {
    let contact: ContactId =
        on!(conn, c => identities::table.find(identity).select(identities::contact_id).first(c))?;
    hold(conn, contact)?;
    on!(conn, c => {
        identities::table
            .filter(identities::contact_id.eq(contact))
            .filter(identities::source.eq(EMAIL))
            .filter(identities::id.ne(identity))
            .filter(identities::address.is_not_null())
            .order(identities::id)
            .limit(1_000)
            .select((identities::subject, identities::address.assume_not_null()))
            .load(c)
    })
}

/// The sources besides addresses that a contact is known from.
pub(crate) fn other_sources(conn: &mut Conn, contact: ContactId) -> Result<Vec<String>, DbError> {
    on!(conn, c => {
        identities::table
            .filter(identities::contact_id.eq(contact))
            .filter(identities::source.ne_all([EMAIL, DID]))
            .order(identities::id)
            .limit(100)
            .select(identities::source)
            .load(c)
    })
}

/// Makes a contact unknown by a source; tells whether it was known by it.
pub(crate) fn detach(conn: &mut Conn, contact: ContactId, source: &str) -> Result<bool, DbError> {
    let own =
        identities::table.filter(identities::contact_id.eq(contact)).filter(identities::source.eq(source));
    on!(conn, c => diesel::delete(own).execute(c)).map(|gone| gone > 0)
}

/// Adds people. One of them may have become known since, by another server or another request: then the one who
/// is known stands in `people` afterwards.
pub(crate) fn add(conn: &mut Conn, people: &mut [&mut Person]) -> Result<(), DbError> {
    let new: Vec<&NewContact> = people.iter().filter_map(|person| person.new.as_ref()).collect();
    if new.is_empty() {
        return Ok(());
    }
    let rows = || people.iter().filter(|person| person.new.is_some()).map(|person| &person.identity);
    let added = Insert::default().rows(new.iter().copied()).rows(rows()).run(conn)?;
    if added == new.len() {
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
    let new: Vec<&NewContact> = people.iter().filter_map(|person| person.new.as_ref()).collect();
    words::add(conn, &new)
}
