//! One contact with all that is known of it, several of them as rows of a list, and how one is changed.

use diesel::{dsl, pg::Pg, prelude::*, sqlite::Sqlite};

use super::{
    ContactError, EmailAddress,
    held::View,
    identities::{self, EMAIL, Identity},
    words,
};
use crate::{
    clock::Moment,
    db::{Conn, DbError, on},
    ids::{ContactId, IdentityId, IssuerId, LinkId},
    schema::{awards, badges, contacts, external_links, identities as identity_rows, issuers},
};

/// A contact as it is stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = contacts, check_for_backend(Pg, Sqlite))]
pub(crate) struct Contact {
    pub(crate) id: ContactId,
    pub(crate) organisation_id: IssuerId,
    pub(crate) display_name: Option<String>,
    pub(crate) do_not_contact: bool,
    pub(crate) merged_into: Option<ContactId>,
    pub(crate) created_at: Moment,
    pub(crate) version: i32,
}

/// How a contact is known: an address, or another name in another place.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = identity_rows, check_for_backend(Pg, Sqlite))]
pub(crate) struct Known {
    pub(crate) source: String,
    pub(crate) subject: String,
    pub(crate) address: Option<String>,
    pub(crate) is_primary: bool,
    pub(crate) status: String,
    pub(crate) verified_at: Option<Moment>,
}

/// A tie to a record elsewhere.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = external_links, check_for_backend(Pg, Sqlite))]
pub(crate) struct ExternalLink {
    pub(crate) id: LinkId,
    pub(crate) connector: String,
    pub(crate) external_id: String,
    pub(crate) state: String,
}

/// One contact with all that is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) contact: Contact,
    pub(crate) known: Vec<Known>,
    pub(crate) links: Vec<ExternalLink>,
}

/// A contact as a row of a list.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) contact: Contact,
    /// The address that is written to, and whether mail arrives there.
    pub(crate) address: Option<(String, String)>,
    pub(crate) held: i64,
    pub(crate) newest: Option<Moment>,
}

/// What is to be different; what is absent stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    pub(crate) display_name: Option<String>,
    pub(crate) do_not_contact: Option<bool>,
    pub(crate) add_addresses: Vec<EmailAddress>,
    pub(crate) primary: Option<EmailAddress>,
    pub(crate) add_links: Vec<(String, String)>,
    pub(crate) remove_links: Vec<LinkId>,
}

/// How many addresses and ties a contact has at the most.
const MOST: usize = 50;

/// A contact that is neither erased nor another organisation's.
pub(crate) fn record(conn: &mut Conn, id: ContactId) -> Result<Option<Record>, DbError> {
    let contact: Option<Contact> = on!(conn, c => {
        contacts::table
            .find(id)
            .filter(contacts::erased_at.is_null())
            .select(Contact::as_select())
            .first(c)
            .optional()
    })?;
    let Some(contact) = contact else { return Ok(None) };
    let known = on!(conn, c => {
        identity_rows::table
            .filter(identity_rows::contact_id.eq(id))
            .order((identity_rows::is_primary.desc(), identity_rows::id))
            .limit(1_000)
            .select(Known::as_select())
            .load(c)
    })?;
    let links = on!(conn, c => {
        external_links::table
            .filter(external_links::contact_id.eq(id))
            .order(external_links::id)
            .limit(1_000)
            .select(ExternalLink::as_select())
            .load(c)
    })?;
    Ok(Some(Record { contact, known, links }))
}

/// Several contacts as rows, in the order that they were named in.
pub(crate) fn lines(conn: &mut Conn, ids: &[ContactId], view: &View) -> Result<Vec<Line>, DbError> {
    let found: Vec<Contact> = on!(conn, c => {
        contacts::table
            .filter(contacts::id.eq_any(ids))
            .filter(contacts::erased_at.is_null())
            .filter(contacts::merged_into.is_null())
            .select(Contact::as_select())
            .load(c)
    })?;
    let addresses: Vec<(ContactId, Option<String>, String)> = on!(conn, c => {
        identity_rows::table
            .filter(identity_rows::contact_id.eq_any(ids))
            .filter(identity_rows::is_primary)
            .filter(identity_rows::source.eq(EMAIL))
            .select((identity_rows::contact_id, identity_rows::address, identity_rows::status))
            .load(c)
    })?;
    let counts = counts(conn, ids, view)?;
    let line = |id: &ContactId| {
        let contact = found.iter().find(|contact| contact.id == *id)?.clone();
        let address = addresses.iter().find(|(of, ..)| of == id);
        let address = address.and_then(|(_, address, status)| Some((address.clone()?, status.clone())));
        let (held, newest) =
            counts.iter().find(|(of, ..)| of == id).map_or((0, None), |(_, held, newest)| (*held, *newest));
        Some(Line { contact, address, held, newest })
    };
    Ok(ids.iter().filter_map(line).collect())
}

type Count = (ContactId, i64, Option<Moment>);

/// How many badges each holds that the reader may see, and since when the newest.
fn counts(conn: &mut Conn, ids: &[ContactId], view: &View) -> Result<Vec<Count>, DbError> {
    on!(conn, c => {
        let mut query = awards::table
            .group_by(awards::contact_id)
            .select((awards::contact_id, dsl::count_star(), dsl::max(awards::issue_at)))
            .filter(awards::contact_id.eq_any(ids))
            .filter(awards::state.eq_any(["issued", "suspended"]))
            .into_boxed();
        if let View::Below(paths) = view {
            let mut within = badges::table
                .inner_join(issuers::table.on(issuers::id.eq(badges::issuer_id)))
                .select(badges::id)
                .into_boxed();
            for path in paths {
                let end = format!("{path}~");
                within = within.or_filter(issuers::path.ge(path.clone()).and(issuers::path.lt(end)));
            }
            query = query.filter(awards::badge_id.eq_any(within));
        }
        query.load(c)
    })
}

/// Changes a contact that still is as somebody saw it.
pub(crate) fn change(
    conn: &mut Conn,
    id: ContactId,
    seen: Option<i32>,
    change: &Change,
    now: Moment,
) -> Result<Record, ContactError> {
    let record = record(conn, id)?.ok_or(ContactError::Missing)?;
    let contact = &record.contact;
    let own = contacts::table.find(id).filter(contacts::version.eq(seen.unwrap_or(contact.version)));
    let name = change.display_name.as_deref().or(contact.display_name.as_deref());
    let changed = on!(conn, c => {
        diesel::update(own)
            .set((
                contacts::display_name.eq(name),
                contacts::search_name.eq(name.map(str::to_lowercase)),
                contacts::do_not_contact.eq(change.do_not_contact.unwrap_or(contact.do_not_contact)),
                contacts::version.eq(contacts::version + 1),
            ))
            .execute(c)
    })?;
    if changed == 0 {
        return Err(ContactError::Stale);
    }
    if let Some(name) = &change.display_name {
        words::replace(conn, contact.organisation_id, id, name)?;
    }
    for (field, many) in [
        ("add_addresses", record.known.len() + change.add_addresses.len()),
        ("add_links", record.links.len() + change.add_links.len()),
    ] {
        if many > MOST {
            return Err(ContactError::TooMany(field, MOST));
        }
    }
    for address in change.add_addresses.iter().chain(&change.primary) {
        add_address(conn, contact, address, now)?;
    }
    if let Some(primary) = &change.primary {
        let of_mail = identity_rows::table
            .filter(identity_rows::contact_id.eq(id))
            .filter(identity_rows::source.eq(EMAIL));
        on!(conn, c => {
            diesel::update(of_mail)
                .set(identity_rows::is_primary.eq(identity_rows::subject.eq(primary.subject())))
                .execute(c)
        })?;
    }
    change_links(conn, contact, change, now)?;
    self::record(conn, id)?.ok_or(ContactError::Missing)
}

fn add_address(
    conn: &mut Conn,
    contact: &Contact,
    address: &EmailAddress,
    now: Moment,
) -> Result<(), ContactError> {
    let organisation = contact.organisation_id;
    if let Some(known) = identities::find(conn, organisation, EMAIL, address.subject())? {
        return if known.contact_id == contact.id { Ok(()) } else { Err(ContactError::AddressTaken) };
    }
    let identity = Identity {
        id: IdentityId::new(now)?,
        organisation_id: organisation,
        source: EMAIL.to_owned(),
        subject: address.subject().to_owned(),
        address: Some(address.as_given().to_owned()),
        contact_id: contact.id,
        is_primary: false,
        created_at: now,
    };
    let added = on!(conn, c => diesel::insert_into(identity_rows::table).values(&identity).execute(c));
    match added {
        Ok(_) => Ok(()),
        Err(DbError::Unique(_)) => Err(ContactError::AddressTaken),
        Err(error) => Err(error.into()),
    }
}

fn change_links(
    conn: &mut Conn,
    contact: &Contact,
    change: &Change,
    now: Moment,
) -> Result<(), ContactError> {
    if !change.remove_links.is_empty() {
        let own = external_links::table
            .filter(external_links::contact_id.eq(contact.id))
            .filter(external_links::id.eq_any(&change.remove_links));
        on!(conn, c => diesel::delete(own).execute(c))?;
    }
    for (connector, external) in &change.add_links {
        let known: Option<ContactId> = on!(conn, c => {
            external_links::table
                .filter(external_links::organisation_id.eq(contact.organisation_id))
                .filter(external_links::connector.eq(connector))
                .filter(external_links::external_id.eq(external))
                .select(external_links::contact_id)
                .first(c)
                .optional()
        })?;
        match known {
            Some(known) if known == contact.id => continue,
            Some(_) => return Err(ContactError::LinkTaken(connector.clone())),
            None => {}
        }
        let row = (
            external_links::id.eq(LinkId::new(now)?),
            external_links::organisation_id.eq(contact.organisation_id),
            external_links::contact_id.eq(contact.id),
            external_links::connector.eq(connector),
            external_links::external_id.eq(external),
            external_links::created_at.eq(now),
        );
        on!(conn, c => diesel::insert_into(external_links::table).values(row).execute(c))?;
    }
    Ok(())
}
