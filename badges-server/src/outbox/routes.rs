//! Messages over HTTP, for those who run the service.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    OutboxError,
    letter::{self, Composed},
    message::{State, Stored, one},
    minting::{self, Minted},
    pages,
};
use crate::{
    auth::Access,
    body::{Page, unkeyed},
    clock::{Clock, Moment},
    config::Config,
    db::{Conn, Db, DbError, Event, Trail, on},
    idempotency::{Answer, Once},
    ids::{AwardId, IdentityId, MessageId},
    problem::Problem,
    rights::{Action, Actor},
    routes::{Route, route},
    schema::{awards, badges, identities, issuers, outbox},
    texts::schema::{kinds, one_of},
};

kinds! {
    /// Where a message stands.
    MessageState one_of(State::ALL.map(State::name));
}

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/api/v1/outbox", ViewOutbox over Scoped, list_messages, "Messages, newest first", .asks::<Asked>().gives_part::<MessageResponse>().behind::<MessageId>()),
    route!(GET "/api/v1/outbox/{message}", ViewOutbox over Message, show_message, "One message, as it reads", .gives::<MessageResponse>(200)),
    route!(POST "/api/v1/outbox/{message}/retry", ViewOutbox over Message, retry_message, "Send one that failed again", .gives::<MessageResponse>(200).repeats()),
    route!(POST "/api/v1/outbox/{message}/discard", ViewOutbox over Message, discard_message, "Call one back that has not left", .gives::<MessageResponse>(200).repeats()),
    route!(POST "/api/v1/outbox/{message}/link", MintLinks over Message, mint_link, "A message with a link that acts for its receiver", .gives::<MessageResponse>(200).refuses(&[422])),
    route!(GET "/outbox", ViewOutbox over Scoped, pages::show_outbox, "Messages, newest first"),
    route!(GET "/outbox/{message}", ViewOutbox over Message, pages::show_message, "One message, as it reads"),
    route!(POST "/outbox/{message}/retry", ViewOutbox over Message, pages::retry_message, "Send one that failed again"),
    route!(POST "/outbox/{message}/discard", ViewOutbox over Message, pages::discard_message, "Call one back that has not left"),
    route!(POST "/outbox/{message}/link", MintLinks over Message, pages::mint_link, "Show a message with a link that works"),
];

/// Which messages are asked for.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[param(inline, value_type = Option<MessageState>)]
    state: Option<StateName>,
}

/// A state, by its name in the API.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct StateName(pub(crate) State);

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Message)]
struct MessageResponse {
    id: MessageId,
    receiver: String,
    template: String,
    award: Option<AwardId>,
    /// `queued`, `leased`, `kept`, `done`, `dead` or `cancelled`.
    state: String,
    attempts: i32,
    created_at: Option<String>,
    /// When it is tried next.
    next_at: Option<String>,
    done_at: Option<String>,
    last_error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    letter: Option<LetterResponse>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Letter)]
struct LetterResponse {
    to: String,
    subject: String,
    text: String,
    html: String,
    files: Vec<String>,
}

/// Messages of the nodes that the actor looks after.
async fn list_messages(access: Access, page: Page<Asked>, db: Data<Db>) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?.clone();
    let (after, state, limit) = (page.behind()?, page.filter.state, page.limit);
    let found =
        db.read(move |conn| list(conn, &actor, after, state, limit + 1)).await.map_err(Problem::from)?;
    let row = |(message, award)| MessageResponse::new(message, award);
    Ok(page.answer(found, |(message, _)| message.id.to_string(), row))
}

/// One message, with a placeholder where a link would act for its receiver.
async fn show_message(
    db: Data<Db>,
    clock: Data<Clock>,
    config: Data<Config>,
    message: Path<MessageId>,
) -> Result<HttpResponse, Problem> {
    let (id, base, now) = (message.into_inner(), config.base().to_owned(), clock.now());
    let (stored, award, letter) = db
        .read(move |conn| {
            let (stored, award) = one(conn, id)?;
            let letter = letter::compose(conn, &stored, &base, None, now)?;
            Ok::<_, Problem>((stored, award, letter))
        })
        .await?;
    Ok(HttpResponse::Ok().json(MessageResponse::reads(stored, award, letter)))
}

/// The owner's alone, and noted: whoever has the link can be the receiver.
async fn mint_link(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    config: Data<Config>,
    message: Path<MessageId>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    unkeyed(&request)?;
    let actor = access.actor()?.clone();
    let (id, base, now) = (message.into_inner(), config.base().to_owned(), clock.now());
    let Minted { stored, award, letter, .. } =
        db.write(move |conn, trail| minting::mint(conn, trail, &actor, id, &base, now)).await?;
    let response = MessageResponse::reads(stored, award, letter);
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(response))
}

/// Puts a message that failed, or was kept, into the queue again.
async fn retry_message(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    config: Data<Config>,
    message: Path<MessageId>,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?.clone();
    let (id, now, sends) = (message.into_inner(), clock.now(), !config.smtp.keeps());
    let done = once.write(&db, now, move |conn, trail| {
        retry(conn, trail, &actor, id, sends, now)?;
        let (stored, award) = one(conn, id)?;
        Ok::<_, Problem>(Answer::json(200, &MessageResponse::new(stored, award)))
    });
    done.await
}

/// Calls a message back.
async fn discard_message(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    message: Path<MessageId>,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let (actor, id, now) = (access.actor()?.clone(), message.into_inner(), clock.now());
    let done = once.write(&db, now, move |conn, trail| {
        discard(conn, trail, &actor, id, now)?;
        let (stored, award) = one(conn, id)?;
        Ok::<_, Problem>(Answer::json(200, &MessageResponse::new(stored, award)))
    });
    done.await
}

/// The newest messages, or those after one.
pub(crate) fn list(
    conn: &mut Conn,
    actor: &Actor,
    after: Option<MessageId>,
    state: Option<StateName>,
    most: i64,
) -> Result<Vec<(Stored, Option<AwardId>)>, DbError> {
    let reach: Vec<String> = actor.reach(Action::ViewOutbox).into_iter().map(str::to_owned).collect();
    let whole = reach.contains(&format!("{}/", actor.organisation));
    on!(conn, c => {
        let mut query = outbox::table
            .left_join(awards::table.on(outbox::award_id.eq(awards::id.nullable())))
            .filter(outbox::organisation_id.eq(actor.organisation))
            .select((Stored::as_select(), awards::public_id.nullable()))
            .order(outbox::id.desc())
            .limit(most)
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(outbox::id.lt(after));
        }
        if let Some(StateName(state)) = state {
            query = query.filter(outbox::state.eq(state.name()));
        }
        if !whole {
            let mut nodes = issuers::table.select(issuers::id).into_boxed();
            for path in reach {
                // A subtree is a range of paths: no character of one comes after the tilde.
                let end = format!("{path}~");
                nodes = nodes.or_filter(issuers::path.ge(path).and(issuers::path.lt(end)));
            }
            let below = badges::table.filter(badges::issuer_id.eq_any(nodes)).select(badges::id);
            query = query.filter(awards::badge_id.eq_any(below));
        }
        query.load(c)
    })
}

/// Queues a message anew, from its first try.
pub(crate) fn retry(
    conn: &mut Conn,
    trail: &mut Trail,
    actor: &Actor,
    id: MessageId,
    sends: bool,
    now: Moment,
) -> Result<(), OutboxError> {
    if !sends {
        return Err(OutboxError::NoMailServer);
    }
    let ended = [State::Dead.name(), State::Kept.name()];
    let queued = on!(conn, c => {
        diesel::update(outbox::table.find(id).filter(outbox::state.eq_any(ended)))
            .set((
                outbox::state.eq(State::Queued.name()),
                outbox::attempts.eq(0),
                outbox::next_at.eq(now),
                outbox::done_at.eq(None::<Moment>),
            ))
            .execute(c)
    })?;
    if queued == 0 {
        let state: Option<String> =
            on!(conn, c => outbox::table.find(id).select(outbox::state).first(c).optional())?;
        return Err(OutboxError::NotRetried(state.unwrap_or_default()));
    }
    // Who sends it again says that the address is good.
    let receiver: Option<IdentityId> =
        on!(conn, c => outbox::table.find(id).select(outbox::identity_id).first(c))?;
    if let Some(receiver) = receiver {
        on!(conn, c => {
            diesel::update(identities::table.find(receiver).filter(identities::status.eq("invalid")))
                .set(identities::status.eq("ok"))
                .execute(c)
        })?;
    }
    trail.note(event(actor, "retry_message", id, now));
    Ok(())
}

/// Calls a message back that has not left: nobody gets it.
pub(crate) fn discard(
    conn: &mut Conn,
    trail: &mut Trail,
    actor: &Actor,
    id: MessageId,
    now: Moment,
) -> Result<(), OutboxError> {
    let here = [State::Queued.name(), State::Dead.name(), State::Kept.name()];
    let gone = on!(conn, c => {
        diesel::update(outbox::table.find(id).filter(outbox::state.eq_any(here)))
            .set((outbox::state.eq(State::Cancelled.name()), outbox::done_at.eq(now)))
            .execute(c)
    })?;
    if gone == 0 {
        let state: Option<String> =
            on!(conn, c => outbox::table.find(id).select(outbox::state).first(c).optional())?;
        return Err(OutboxError::NotDiscarded(state.unwrap_or_default()));
    }
    trail.note(event(actor, "discard_message", id, now));
    Ok(())
}

fn event(actor: &Actor, action: &'static str, id: MessageId, at: Moment) -> Event {
    Event {
        organisation: Some(actor.organisation),
        actor: actor.name_for_audit(),
        action,
        object: id.to_string(),
        detail: String::new(),
        at,
    }
}

impl TryFrom<String> for StateName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let names = || State::ALL.map(State::name).join(", ");
        State::named(&name).map(Self).ok_or_else(|| format!("must be one of {}", names()))
    }
}

impl MessageResponse {
    /// With what it says, unless that is void by now.
    fn reads(message: Stored, award: Option<AwardId>, letter: Composed) -> Self {
        let letter = match letter {
            Composed::Letter(letter) => Some(LetterResponse {
                to: letter.to,
                subject: letter.text.subject,
                text: letter.text.plain,
                html: letter.text.html,
                files: letter.files.into_iter().map(|file| file.name).collect(),
            }),
            Composed::Void(_) => None,
        };
        Self { letter, ..Self::new(message, award) }
    }

    fn new(message: Stored, award: Option<AwardId>) -> Self {
        let Stored {
            id,
            organisation_id: _,
            receiver,
            template,
            identity_id: _,
            award_id: _,
            claim_code_id: _,
            state,
            attempts,
            next_at,
            last_error,
            created_at,
            done_at,
        } = message;
        let time = |moment: Moment| moment.timestamp().map(|time| time.to_string());
        let waits = matches!(state.as_str(), "queued" | "leased");
        Self {
            id,
            receiver,
            template,
            award,
            state,
            attempts,
            created_at: time(created_at),
            next_at: waits.then(|| time(next_at)).flatten(),
            done_at: done_at.and_then(time),
            last_error,
            letter: None,
        }
    }
}
