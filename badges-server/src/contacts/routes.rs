//! Contacts over HTTP, for programs and for people.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Path},
};
use serde::Deserialize;

use super::{
    ContactError, Email, EmailAddress,
    find::{self, After, Hit, Search},
    held::{self, Held, View},
    identities, owned, pages,
    record::{self, Change, Line, Record},
    response::{ContactResponse, LineResponse},
};
use crate::{
    auth::Access,
    body::{Json, Page, astray},
    clock::{Clock, Moment},
    db::{Conn, Db, DbError, Event, Trail},
    ids::{ContactId, IdentityId, LinkId},
    problem::{Faults, Problem},
    rights::{Action, Actor, can},
    routes::{Route, route},
    texts::{
        LINE,
        schema::{self, Entries, Words, either, kinds},
    },
};

kinds! {
    /// Where a part of the list ended: with a contact, or with one of its addresses.
    EndOfContacts either::<ContactId, IdentityId>();
}

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/api/v1/contacts", ViewContacts over Scoped, list_contacts, "Contacts by name or address, or the newest", .asks::<Asked>().gives_part::<LineResponse>().behind::<EndOfContacts>()),
    route!(GET "/api/v1/contacts/{contact}", ViewContacts over Contact, show_contact, "One contact with what it holds", .gives::<ContactResponse>(200)),
    route!(PATCH "/api/v1/contacts/{contact}", EditContacts over Contact, change_contact, "Change a name, add addresses and links to other systems", .json::<ContactRequest>().gives::<ContactResponse>(200).refuses(&[412])),
    route!(GET "/contacts", ViewContacts over Scoped, pages::show_contacts, "People by name or address"),
    route!(GET "/contacts/{contact}", ViewContacts over Contact, pages::show_contact, "One person with what they hold"),
    route!(POST "/contacts/{contact}", EditContacts over Contact, pages::change_contact, "Change what is known of a person"),
    route!(POST "/contacts/{contact}/addresses", EditContacts over Contact, pages::add_address, "Add an address to a person"),
];

/// How many awards stand beside a contact.
const AWARDS: i64 = 50;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    #[param(inline, value_type = Words)]
    pub(super) q: String,
    pub(super) after: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ContactChange)]
struct ContactRequest {
    #[serde(default)]
    #[schema(value_type = Option<schema::Line>)]
    display_name: Option<String>,
    #[serde(default)]
    do_not_contact: Option<bool>,
    #[serde(default)]
    #[schema(value_type = Entries<Email>, inline)]
    add_addresses: Vec<String>,
    #[serde(default)]
    #[schema(value_type = Option<Email>)]
    primary_address: Option<String>,
    #[serde(default)]
    #[schema(value_type = Entries<LinkRequest>, inline)]
    add_links: Vec<LinkRequest>,
    #[serde(default)]
    #[schema(value_type = Entries<LinkId>, inline)]
    remove_links: Vec<LinkId>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLink)]
struct LinkRequest {
    #[schema(value_type = schema::Line)]
    connector: String,
    #[schema(value_type = schema::Line)]
    external_id: String,
}

/// What an actor sees of contacts: all of the organisation, or who holds something below the actor's nodes.
pub(super) fn view(actor: &Actor) -> View {
    if can(Some(actor), Action::ViewContacts, Some(&actor.organisation_place())) {
        return View::Whole;
    }
    View::Below(actor.reach(Action::ViewContacts).into_iter().map(str::to_owned).collect())
}

/// A part of a list, with where it goes on behind each row.
pub(super) fn part(
    conn: &mut Conn,
    search: &Search,
    after: Option<After>,
    limit: i64,
) -> Result<(Vec<Line>, Option<String>), DbError> {
    let mut hits = find::find(conn, search, after, limit + 1)?;
    let shown = usize::try_from(limit).unwrap_or_default();
    let more = hits.len() > shown;
    hits.truncate(shown);
    let next = hits.last().filter(|_| more).map(Hit::end);
    // Somebody may be found by two of their addresses.
    let mut ids: Vec<ContactId> = Vec::new();
    for hit in hits {
        if !ids.contains(&hit.contact) {
            ids.push(hit.contact);
        }
    }
    Ok((record::lines(conn, &ids, &search.view)?, next))
}

impl Asked {
    /// Whom to look for, and behind whom.
    pub(super) fn search(
        &self,
        actor: &Actor,
        after: Option<&str>,
    ) -> Result<(Search, Option<After>), Problem> {
        let words = self.q.trim().to_owned();
        let mut faults = Faults::default();
        faults.at_most("q", &words, LINE);
        faults.none()?;
        let search = Search { organisation: actor.organisation, view: view(actor), words };
        let after = after.map(|after| {
            let contact = after.parse().map(After::Contact);
            let fault = |error: crate::ids::IdError| astray(&error.to_string());
            contact.or_else(|_| after.parse().map(After::Identity)).map_err(fault)
        });
        Ok((search, after.transpose()?))
    }
}

impl Hit {
    fn end(&self) -> String {
        self.identity.map_or_else(|| self.contact.to_string(), |identity| identity.to_string())
    }
}

async fn list_contacts(access: Access, db: Data<Db>, page: Page<Asked>) -> Result<HttpResponse, Problem> {
    let (search, after) = page.filter.search(access.actor()?, page.after.as_deref())?;
    let limit = page.limit;
    let (lines, next) =
        db.read(move |conn| part(conn, &search, after, limit)).await.map_err(Problem::from)?;
    Ok(page.answer_with(lines.into_iter().map(LineResponse::from).collect(), next))
}

async fn show_contact(
    access: Access,
    db: Data<Db>,
    contact: Path<ContactId>,
) -> Result<HttpResponse, Problem> {
    let (id, view) = (contact.into_inner(), view(access.actor()?));
    let found = db
        .read(move |conn| {
            let Some(record) = record::record(conn, id)? else { return Ok(None) };
            let held = held::held(conn, id, &view, None, AWARDS)?;
            Ok::<_, DbError>(Some((record, held)))
        })
        .await?;
    let (record, held) = found.ok_or_else(Problem::not_found)?;
    Ok(answer(record, held))
}

async fn change_contact(
    access: Access,
    request: HttpRequest,
    (db, clock): (Data<Db>, Data<Clock>),
    contact: Path<ContactId>,
    body: Json<ContactRequest>,
) -> Result<HttpResponse, Problem> {
    let (actor, now, id) = (access.actor()?.clone(), clock.now(), contact.into_inner());
    let seen = seen(&request)?;
    let change = body.value.read()?;
    let (record, held) = db
        .write(move |conn, trail| {
            let record = changed(conn, trail, &actor, id, seen, &change, now)?;
            let held = held::held(conn, id, &View::Whole, None, AWARDS)?;
            Ok::<_, ContactError>((record, held))
        })
        .await?;
    Ok(answer(record, held))
}

/// Changes a contact and notes it: what pages and programs share.
pub(super) fn changed(
    conn: &mut Conn,
    trail: &mut Trail,
    actor: &Actor,
    id: ContactId,
    seen: Option<i32>,
    change: &Change,
    now: Moment,
) -> Result<Record, ContactError> {
    if !change.add_addresses.is_empty() || change.primary.is_some() {
        // Nobody gets a role meanwhile, of which this would be unseen.
        identities::hold(conn, id)?;
        owned::permit(conn, actor, id, now)?;
    }
    let record = record::change(conn, id, seen, change, now)?;
    trail.note(Event {
        organisation: Some(record.contact.organisation_id),
        actor: actor.name_for_audit(),
        action: "change_contact",
        object: id.to_string(),
        detail: change.fields().join(" "),
        at: now,
    });
    Ok(record)
}

/// The version in `If-Match` (RFC 9110 §13.1.1), if there is one.
fn seen(request: &HttpRequest) -> Result<Option<i32>, Problem> {
    let Some(tag) = request.headers().get(header::IF_MATCH) else { return Ok(None) };
    let tag = tag.to_str().unwrap_or_default().trim();
    if tag == "*" {
        return Ok(None);
    }
    let version = tag.trim_matches('"').parse().map_err(|_| ContactError::Stale)?;
    Ok(Some(version))
}

impl ContactRequest {
    fn read(self) -> Result<Change, Problem> {
        let mut faults = Faults::default();
        let name = self.display_name.map(|name| name.trim().to_owned());
        if let Some(name) = &name {
            faults.line("display_name", name);
        }
        for (at, link) in self.add_links.iter().enumerate() {
            faults.line(&format!("add_links[{at}].connector"), &link.connector);
            faults.line(&format!("add_links[{at}].external_id"), &link.external_id);
        }
        faults.entries("add_addresses", self.add_addresses.len());
        faults.entries("add_links", self.add_links.len());
        faults.entries("remove_links", self.remove_links.len());
        let mut address = |path: String, text: &str| match text.parse::<EmailAddress>() {
            Ok(address) => Some(address),
            Err(error) => {
                faults.note(path, "email", error.to_string());
                None
            }
        };
        let add_addresses = self.add_addresses.iter().enumerate();
        let add_addresses =
            add_addresses.filter_map(|(at, text)| address(format!("add_addresses[{at}]"), text)).collect();
        let primary = self.primary_address.and_then(|text| address("primary_address".to_owned(), &text));
        faults.none()?;
        Ok(Change {
            display_name: name,
            do_not_contact: self.do_not_contact,
            add_addresses,
            primary,
            add_links: self.add_links.into_iter().map(|link| (link.connector, link.external_id)).collect(),
            remove_links: self.remove_links,
        })
    }
}

impl Change {
    /// What it is about, for the audit log: names of fields, without personal data.
    fn fields(&self) -> Vec<&'static str> {
        let fields = [
            (self.display_name.is_some(), "display_name"),
            (self.do_not_contact.is_some(), "do_not_contact"),
            (!self.add_addresses.is_empty(), "addresses"),
            (self.primary.is_some(), "primary_address"),
            (!self.add_links.is_empty() || !self.remove_links.is_empty(), "links"),
        ];
        fields.into_iter().filter_map(|(touched, name)| touched.then_some(name)).collect()
    }
}

fn answer(record: Record, held: Vec<Held>) -> HttpResponse {
    let tag = format!("\"{}\"", record.contact.version);
    let response = ContactResponse::new(record, held);
    HttpResponse::Ok().insert_header((header::ETAG, tag)).json(response)
}
