//! `/outbox`: messages and how far they are, and one of them as it reads.

use std::collections::HashMap;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use diesel::prelude::*;
use serde::Deserialize;

use super::{
    OutboxError, courier,
    letter::{self, Composed},
    message::{State, Stored, Template, one},
    minting::{self, Minted},
    routes::{self, StateName},
    views::{MessagePage, MessageRow, MessageState, Outbox, outbox_form},
};
use crate::{
    auth::Access,
    body::Query,
    clock::Clock,
    config::Config,
    db::{Conn, Db, DbError, on},
    forms::{Form, Nothing},
    ids::{AwardKey, IdentityId, MessageId},
    problem::{Problem, sentence},
    rights::{Action, can},
    schema::{awards, badge_versions, contacts, identities},
    web::{
        Crumb, Frame, Section, answer,
        components::{Flash, When},
        table, way,
    },
};

/// How many messages stand on a page.
const ROWS: i64 = 50;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    after: Option<MessageId>,
    #[serde(default)]
    state: String,
}

impl Asked {
    /// The state of the filter; none: all.
    fn state(&self) -> Result<Option<State>, Problem> {
        if self.state.is_empty() {
            return Ok(None);
        }
        let wrong = || format!("must be one of {}, or left out", State::ALL.map(State::name).join(", "));
        State::named(&self.state).map(Some).ok_or_else(|| Problem::field("state", "value", wrong()))
    }
}

/// Names of receivers and badges, for the messages of one page.
struct Names {
    receivers: HashMap<IdentityId, String>,
    badges: HashMap<AwardKey, String>,
}

pub(super) async fn show_outbox(
    request: HttpRequest,
    access: Access,
    (db, config): (Data<Db>, Data<Config>),
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?.clone();
    let (state, after) = (asked.state()?, asked.after);
    let (found, names, paused) = db
        .read(move |conn| {
            let found = routes::list(conn, &actor, after, state.map(StateName), ROWS + 1)?;
            let names = names(conn, found.iter().map(|(message, _)| message))?;
            Ok::<_, DbError>((found, names, courier::paused(conn)?))
        })
        .await?;
    let list = match state {
        Some(state) => way::with("/outbox", "state", state.name()),
        None => "/outbox".to_owned(),
    };
    let (found, paging) = table::part(found, ROWS, &list, after.is_some(), |(message, _)| message.id);
    let sends = !config.smtp.keeps();
    let mut filter = outbox_form();
    filter.set("state", state.map_or("", State::name));
    let page = Outbox {
        frame: Frame::of(&access, &config, "/outbox", "Outbox", "Messages and how far they are.")
            .within(Section::Outbox),
        filter,
        filtered: state.is_some(),
        rows: found.iter().map(|(message, _)| row(message, &names, sends)).collect(),
        paging,
        kept: !sends,
        paused,
    };
    answer::page(&request, &access, &page)
}

fn row(message: &Stored, names: &Names, sends: bool) -> MessageRow {
    let href = format!("/outbox/{}", message.id);
    let state = MessageState::of(&message.state);
    let badge = message.award_id.and_then(|award| names.badges.get(&award));
    let subject = match Template::named(&message.template) {
        Some(Template::Award) => {
            badge.map_or_else(|| "A badge".to_owned(), |badge| format!("The badge {badge}"))
        }
        Some(Template::ClaimCode) => "A link to take a badge with".to_owned(),
        Some(Template::Role) => "A role".to_owned(),
        Some(Template::SignIn) => "A link to sign in with".to_owned(),
        None => message.template.clone(),
    };
    let to = message.identity_id.and_then(|identity| names.receivers.get(&identity));
    MessageRow {
        subject,
        to: to.cloned().unwrap_or_else(|| "Nobody any more".to_owned()),
        state,
        written: When::at_minute(message.created_at),
        retry: (sends && state.may_go_again()).then(|| format!("{href}/retry")),
        href,
    }
}

fn names<'a>(conn: &mut Conn, messages: impl Iterator<Item = &'a Stored> + Clone) -> Result<Names, DbError> {
    let receivers: Vec<IdentityId> = messages.clone().filter_map(|message| message.identity_id).collect();
    let receivers: Vec<(IdentityId, Option<String>, Option<String>)> = on!(conn, c => {
        identities::table
            .inner_join(contacts::table.on(contacts::id.eq(identities::contact_id)))
            .filter(identities::id.eq_any(&receivers))
            .select((identities::id, contacts::display_name, identities::address))
            .load(c)
    })?;
    let told: Vec<AwardKey> = messages.filter_map(|message| message.award_id).collect();
    let badges: Vec<(AwardKey, String)> = on!(conn, c => {
        awards::table
            .inner_join(
                badge_versions::table.on(badge_versions::badge_id
                    .eq(awards::badge_id)
                    .and(badge_versions::number.eq(awards::badge_version))),
            )
            .filter(awards::id.eq_any(&told))
            .select((awards::id, badge_versions::name))
            .load(c)
    })?;
    let named = |(id, name, address): (IdentityId, Option<String>, Option<String>)| {
        Some((id, name.filter(|name| !name.is_empty()).or(address)?))
    };
    Ok(Names {
        receivers: receivers.into_iter().filter_map(named).collect(),
        badges: badges.into_iter().collect(),
    })
}

pub(super) async fn show_message(
    request: HttpRequest,
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    message: Path<MessageId>,
) -> Result<HttpResponse, Problem> {
    let (id, base, now) = (message.into_inner(), config.base().to_owned(), clock.now());
    let (stored, letter) = db
        .read(move |conn| {
            let (stored, _) = one(conn, id)?;
            let letter = letter::compose(conn, &stored, &base, None, now)?;
            Ok::<_, Problem>((stored, letter))
        })
        .await?;
    answer::page(&request, &access, &message_page(&access, &config, &stored, letter))
}

fn message_page(access: &Access, config: &Config, stored: &Stored, letter: Composed) -> MessagePage {
    let href = format!("/outbox/{}", stored.id);
    let state = MessageState::of(&stored.state);
    let (subject, to, text, holds_link) = match letter {
        Composed::Letter(letter) => {
            let to = letter.name.map_or_else(|| letter.to.clone(), |name| format!("{name} <{}>", letter.to));
            (letter.text.subject, to, letter.text.plain, letter.target.is_some())
        }
        Composed::Void(why) => {
            ("A message without content".to_owned(), "nobody".to_owned(), sentence(why), false)
        }
    };
    let mut frame = Frame::of(access, config, &href, &subject, "A message.").within(Section::Outbox);
    frame.crumbs = vec![Crumb { name: "Outbox".to_owned(), href: "/outbox".to_owned() }];
    let mints = access
        .visitor()
        .is_some_and(|actor| can(Some(actor), Action::MintLinks, Some(&actor.organisation_place())));
    MessagePage {
        frame,
        subject,
        to,
        state,
        written: When::at_minute(stored.created_at),
        attempts: u32::try_from(stored.attempts).unwrap_or_default(),
        fault: stored.last_error.as_deref().map(sentence),
        text,
        retry: (!config.smtp.keeps() && state.may_go_again()).then(|| format!("{href}/retry")),
        discard: state.may_be_discarded().then(|| format!("{href}/discard")),
        mint: (mints && holds_link).then(|| format!("{href}/link")),
        made: None,
    }
}

pub(super) async fn retry_message(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    message: Path<MessageId>,
    _: Form<Nothing>,
) -> Result<HttpResponse, Problem> {
    let (actor, id, now) = (access.actor()?.clone(), message.into_inner(), clock.now());
    let sends = !config.smtp.keeps();
    let done = db.write(move |conn, trail| routes::retry(conn, trail, &actor, id, sends, now)).await;
    told(&config, id, done, "It is on its way again.")
}

pub(super) async fn discard_message(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    message: Path<MessageId>,
    _: Form<Nothing>,
) -> Result<HttpResponse, Problem> {
    let (actor, id, now) = (access.actor()?.clone(), message.into_inner(), clock.now());
    let done = db.write(move |conn, trail| routes::discard(conn, trail, &actor, id, now)).await;
    told(&config, id, done, "It was called back and will not be sent.")
}

fn told(
    config: &Config,
    id: MessageId,
    done: Result<(), OutboxError>,
    sentence_done: &str,
) -> Result<HttpResponse, Problem> {
    let flash = match done {
        Ok(()) => Flash::done(sentence_done),
        Err(
            error @ (OutboxError::NoMailServer | OutboxError::NotRetried(_) | OutboxError::NotDiscarded(_)),
        ) => Flash::caution(sentence(&error.to_string())),
        Err(error) => return Err(error.into()),
    };
    Ok(answer::done(config, &format!("/outbox/{id}"), &flash))
}

/// Shows the message with a link that acts for its receiver: the owner's alone, and noted.
pub(super) async fn mint_link(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    message: Path<MessageId>,
    _: Form<Nothing>,
) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?.clone();
    let (id, base, now) = (message.into_inner(), config.base().to_owned(), clock.now());
    let Minted { stored, letter, link, .. } =
        db.write(move |conn, trail| minting::mint(conn, trail, &actor, id, &base, now)).await?;
    let page = MessagePage { made: link, ..message_page(&access, &config, &stored, letter) };
    answer::page_of(actix_web::http::StatusCode::OK, &page)
}
