//! `/contacts`: people by name or address, and one of them with all that they hold.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Deserialize;

use super::{
    ContactError, EmailAddress,
    held::{self, Held},
    record::{self, Change, Known, Line, Record},
    routes::{self, Asked, changed, view},
    views::{ContactPage, ContactRow, Contacts, address_form, contact_form},
};
use crate::{
    auth::Access,
    body::Query,
    clock::{Clock, Moment},
    config::Config,
    db::{Db, DbError},
    forms::{self, Form},
    ids::{AwardId, ContactId},
    problem::{FieldError, Problem},
    rights::{Action, can},
    texts,
    web::{
        Crumb, Frame, Section, answer,
        components::{Flash, PersonChip, Pill, Tone, When},
        table::{self, Paging},
        way,
    },
};

/// How many people and how many awards stand on a page.
const ROWS: i64 = 50;
const AWARDS: i64 = 24;

/// What the form of a person holds.
#[derive(Debug, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    do_not_contact: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct TypedAddress {
    #[serde(default)]
    email: String,
}

/// Where the awards of a person go on.
#[derive(Debug, Deserialize)]
pub(super) struct Part {
    after: Option<AwardId>,
}

pub(super) async fn show_contacts(
    request: HttpRequest,
    access: Access,
    (db, config): (Data<Db>, Data<Config>),
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let (search, after) = asked.search(access.actor()?, asked.after.as_deref())?;
    let words = search.words.clone();
    let (lines, next) =
        db.read(move |conn| routes::part(conn, &search, after, ROWS)).await.map_err(Problem::from)?;
    let list = if words.is_empty() { "/contacts".to_owned() } else { way::with("/contacts", "q", &words) };
    let page = Contacts {
        frame: Frame::of(&access, &config, "/contacts", "Contacts", "People who hold badges.")
            .within(Section::Contacts),
        words,
        rows: lines.into_iter().map(row).collect(),
        paging: Paging {
            next: next.map(|next| way::with(&list, "after", &next)),
            first: after.map(|_| list.clone()),
            count: None,
        },
    };
    answer::page(&request, &access, &page)
}

fn row(line: Line) -> ContactRow {
    let Line { contact, address, held, newest } = line;
    let mark = match &address {
        _ if contact.do_not_contact => Some(Pill::new(Tone::Caution, "Not to be contacted")),
        Some((_, status)) if status != "ok" => Some(state(status, true)),
        _ => None,
    };
    let address = address.map(|(address, _)| address);
    let name = contact.display_name.filter(|name| !name.is_empty());
    let detail = name.is_some().then(|| address.clone()).flatten();
    let shown = name.or(address).unwrap_or_else(|| "Without a name".to_owned());
    let person = PersonChip::new(shown).at(format!("/contacts/{}", contact.id));
    ContactRow {
        person: match detail {
            Some(detail) => person.detail(detail),
            None => person,
        },
        held: u64::try_from(held).unwrap_or_default(),
        newest: newest.map(When::at),
        mark,
    }
}

/// Whether mail arrives at an address.
fn state(status: &str, proved: bool) -> Pill {
    match status {
        "bouncing" => Pill::new(Tone::Caution, "Bounces"),
        "complained" => Pill::new(Tone::Caution, "Wants no mail"),
        "invalid" => Pill::new(Tone::Negative, "Refused"),
        _ if proved => Pill::new(Tone::Positive, "Proved"),
        _ => Pill::new(Tone::Neutral, "Not proved"),
    }
}

pub(super) async fn show_contact(
    request: HttpRequest,
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    contact: Path<ContactId>,
    part: Query<Part>,
) -> Result<HttpResponse, Problem> {
    let (page, merged) = contact_page(&access, &db, &config, *contact, part.after, clock.now()).await?;
    if let Some(winner) = merged {
        return Ok(answer::see_other(&format!("/contacts/{winner}")).finish());
    }
    answer::page(&request, &access, &page)
}

async fn contact_page(
    access: &Access,
    db: &Db,
    config: &Config,
    id: ContactId,
    after: Option<AwardId>,
    now: Moment,
) -> Result<(ContactPage, Option<ContactId>), Problem> {
    let actor = access.actor()?;
    let view = view(actor);
    let found = db
        .read(move |conn| {
            let Some(record) = record::record(conn, id)? else { return Ok(None) };
            Ok::<_, DbError>(Some((record, held::held(conn, id, &view, after, AWARDS + 1)?)))
        })
        .await?;
    let (record, held) = found.ok_or_else(Problem::not_found)?;
    let path = format!("/contacts/{id}");
    let (held, paging) = table::part(held, AWARDS, &path, after.is_some(), |held: &Held| held.id);
    let edits = can(Some(actor), Action::EditContacts, Some(&actor.organisation_place()));
    let address = record.known.iter().find_map(|known| known.address.clone());
    let name = record.contact.display_name.clone().filter(|name| !name.is_empty());
    let name = name.or_else(|| address.clone()).unwrap_or_else(|| "Without a name".to_owned());
    let mut frame = Frame::of(access, config, &path, &name, "One person.").within(Section::Contacts);
    frame.crumbs = vec![Crumb { name: "Contacts".to_owned(), href: "/contacts".to_owned() }];
    let mut form = contact_form();
    form.set("display_name", record.contact.display_name.clone().unwrap_or_default());
    form.set("do_not_contact", if record.contact.do_not_contact { "yes" } else { "" });
    let merged = record.contact.merged_into;
    let page = ContactPage {
        frame,
        name,
        addresses: record.known.iter().filter_map(shown_address).collect(),
        facts: facts(&record, edits),
        awards: held.into_iter().map(|held| held.card(now)).collect(),
        paging,
        award: address
            .filter(|_| actor.may_anywhere(Action::Award))
            .map(|address| way::with("/award", "email", &address)),
        edit: edits.then(|| (path.clone(), form)),
        add_address: edits.then(|| (format!("{path}/addresses"), address_form())),
    };
    Ok((page, merged))
}

fn shown_address(known: &Known) -> Option<(String, Pill)> {
    Some((known.address.clone()?, state(&known.status, known.verified_at.is_some())))
}

fn facts(record: &Record, whole: bool) -> Vec<(String, String)> {
    let mut facts = vec![("Known since".to_owned(), When::at(record.contact.created_at).words)];
    let others = record.known.iter().filter(|known| known.address.is_none());
    facts.extend(others.map(|known| (known.source.to_uppercase(), known.subject.clone())));
    if whole {
        let link = |link: &record::ExternalLink| (link.connector.clone(), link.external_id.clone());
        facts.extend(record.links.iter().map(link));
    }
    facts
}

pub(super) async fn change_contact(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    contact: Path<ContactId>,
    form: Form<Typed>,
) -> Result<HttpResponse, Problem> {
    let name = form.value.display_name.trim().to_owned();
    if !texts::fits(&name, texts::LINE) || texts::breaks(&name) {
        let message = "Write the name in one line, in 1 to 200 characters.".to_owned();
        let fault = FieldError { path: "display_name".to_owned(), code: "length", message };
        let (mut page, _) = contact_page(&access, &db, &config, *contact, None, clock.now()).await?;
        if let Some((_, shown)) = &mut page.edit {
            shown.fill(form.typed());
            shown.refused("", &[fault]);
        }
        return answer::page_of(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let silent = form.value.do_not_contact == "yes";
    let change = Change { display_name: Some(name), do_not_contact: Some(silent), ..Change::default() };
    let (actor, now, id) = (access.actor()?.clone(), clock.now(), *contact);
    db.write(move |conn, trail| changed(conn, trail, &actor, id, None, &change, now)).await?;
    Ok(answer::done(&config, &format!("/contacts/{id}"), &Flash::done("Saved.")))
}

pub(super) async fn add_address(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    contact: Path<ContactId>,
    form: Form<TypedAddress>,
) -> Result<HttpResponse, Problem> {
    let (actor, now, id) = (access.actor()?.clone(), clock.now(), *contact);
    let mut faults = Vec::new();
    if let Some(address) = forms::parsed::<EmailAddress>("email", &form.value.email, &mut faults) {
        let change = Change { add_addresses: vec![address], ..Change::default() };
        let added = db.write(move |conn, trail| changed(conn, trail, &actor, id, None, &change, now)).await;
        match added {
            Ok(_) => {
                let flash = Flash::done("The address leads to this person from now on.");
                return Ok(answer::done(&config, &format!("/contacts/{id}"), &flash));
            }
            Err(error @ (ContactError::AddressTaken | ContactError::Lacking | ContactError::TooMany(..))) => {
                let message = crate::problem::sentence(&error.to_string());
                faults.push(FieldError { path: "email".to_owned(), code: "refused", message });
            }
            Err(error) => return Err(error.into()),
        }
    }
    let (mut page, _) = contact_page(&access, &db, &config, id, None, now).await?;
    if let Some((_, shown)) = &mut page.add_address {
        shown.fill(form.typed());
        shown.refused("The address", &faults);
    }
    answer::page_of(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
