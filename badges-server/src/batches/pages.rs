//! The pages of lists: one is sent, looked through, begun, watched and stopped.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Deserialize;

use super::{
    BatchError, beginning, list,
    progress::{self, Batch, Refusal, Row},
    taking::{self, Asked},
    views::{BatchPage, BatchRow, Batches, FirstRow, NewBatch, RefusedRow, list_form},
};
use crate::{
    auth::Access,
    awards::{
        chosen,
        desk::Desk,
        list::{Choice as BadgeChoice, badges_for, choices},
        rehearsal,
        routes::{giver, may_award},
    },
    badges::versions,
    body::Query,
    clock::Clock,
    config::Config,
    db::{Db, DbError},
    forms::{Form as Posted, Nothing},
    ids::{BadgeId, BatchId},
    problem::{FieldError, Problem, sentence},
    rights::{Action, can},
    routes::{Route, route},
    web::{
        Frame, Section, answer,
        components::{Flash, Pill, Progress, Tone, When},
        form::Form,
        number::grouped,
        table,
    },
};

/// What this capability shows to those who award to lists.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/batches", AwardInBulk over Scoped, show_batches, "Lists that were sent, the newest first"),
    route!(GET "/batches/new", AwardInBulk over Scoped, show_form, "The form that takes a list"),
    route!(POST "/batches/new", AwardInBulk over Body, take_list, "Send a list, to be looked through"),
    route!(GET "/batches/{batch}", AwardInBulk over Batch, show_batch, "One list: its first rows, how far it is, what was refused"),
    route!(POST "/batches/{batch}/begin", AwardInBulk over Batch, begin_batch, "Award the badge to everybody on the list"),
    route!(POST "/batches/{batch}/cancel", AwardInBulk over Batch, cancel_batch, "Stop what is not awarded yet, or throw the list away"),
];

/// How many stand on a page.
const ROWS: i64 = 50;

/// How many rows of a list are shown before it begins.
const FIRST: usize = 10;

#[derive(Debug, Deserialize)]
struct After {
    after: Option<BatchId>,
}

async fn show_batches(
    request: HttpRequest,
    access: Access,
    (db, config): (Data<Db>, Data<Config>),
    after: Query<After>,
) -> Result<HttpResponse, Problem> {
    let (actor, after) = (access.actor()?.clone(), after.after);
    let read = db.read(move |conn| {
        let badges = badges_for(conn, &actor, Action::AwardInBulk, false)?;
        let own: Vec<BadgeId> = badges.iter().map(|(id, ..)| *id).collect();
        let whole = can(Some(&actor), Action::AwardInBulk, Some(&actor.organisation_place()));
        let some = (!whole).then_some(own.as_slice());
        let rows = list::list(conn, actor.organisation, some, after, ROWS + 1)?;
        Ok::<_, DbError>((badges, rows))
    });
    let (badges, rows) = read.await.map_err(Problem::from)?;
    let (rows, paging) = table::part(rows, ROWS, "/batches", after.is_some(), |batch| batch.id);
    let row = |batch: &Batch| BatchRow {
        href: format!("/batches/{}", batch.id),
        name: batch.name.clone(),
        badge: named(&badges, batch.badge_id),
        state: state(batch),
        awarded: number(batch.awarded),
        refused: number(batch.refused),
        sent: When::minute(batch.created_at.timestamp().unwrap_or(badges_core::time::Timestamp::EPOCH)),
    };
    let page = Batches {
        frame: Frame::of(&access, &config, "/batches", "Lists", "Badges for everybody on a list.")
            .within(Section::Award),
        rows: rows.iter().map(row).collect(),
        paging,
    };
    answer::page(&request, &access, &page)
}

fn named(badges: &[BadgeChoice], badge: BadgeId) -> String {
    badges.iter().find(|(id, ..)| *id == badge).map(|(_, _, name, _)| name.clone()).unwrap_or_default()
}

fn number(count: i32) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

fn state(batch: &Batch) -> Pill {
    match batch.state.as_str() {
        "receiving" if batch.total == 0 => Pill::new(Tone::Neutral, "Coming in"),
        "receiving" => Pill::new(Tone::Caution, "Not begun"),
        "ready" => {
            Pill::new(Tone::Neutral, format!("{} of {}", grouped(batch.next_row), grouped(batch.total)))
        }
        "cancelled" => Pill::new(Tone::Negative, "Stopped"),
        _ if batch.refused > 0 => Pill::new(Tone::Caution, "Done, with refusals"),
        _ => Pill::new(Tone::Positive, "Done"),
    }
}

/// What is chosen already.
#[derive(Debug, Deserialize)]
struct Chosen {
    #[serde(default)]
    badge: String,
}

async fn show_form(
    request: HttpRequest,
    access: Access,
    (db, config): (Data<Db>, Data<Config>),
    chosen: Query<Chosen>,
) -> Result<HttpResponse, Problem> {
    let badges = badges(&access, &db).await?;
    let mut form = list_form(choices(&badges));
    form.fill([("badge", chosen.badge.as_str()), ("mail", "yes")]);
    form_page(&request, &access, &config, form, &badges, &[])
}

async fn badges(access: &Access, db: &Db) -> Result<Vec<BadgeChoice>, Problem> {
    let actor = access.actor()?.clone();
    let read = db.read(move |conn| badges_for(conn, &actor, Action::AwardInBulk, true));
    read.await.map_err(Problem::from)
}

/// The form as it was sent.
#[derive(Debug, Deserialize)]
struct Sent {
    #[serde(default)]
    badge: String,
    #[serde(default)]
    rows: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    mail: String,
}

async fn take_list(
    request: HttpRequest,
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    posted: Posted<Sent>,
) -> Result<HttpResponse, Problem> {
    let sent = &posted.value;
    let badges = badges(&access, &desk.db).await?;
    let known = chosen::badge(&badges, &sent.badge);
    let badge = match known {
        Some((id, ..)) => Some(*id),
        None => sent.badge.parse().ok(),
    };
    if let Some(badge) = badge {
        may_award(&access, &desk, badge).await?;
    }
    let mut form = list_form(choices(&badges));
    form.fill(posted.typed());
    if let Some((_, slug, ..)) = known {
        form.set("badge", slug.as_str());
    }
    let pasted = Some(sent.rows.as_bytes()).filter(|rows| !rows.trim_ascii().is_empty());
    let file = posted.file("list");
    let both = file.is_some() && pasted.is_some();
    let (Some(badge), Some(rows), false) = (badge, file.or(pasted), both) else {
        if both {
            form.problem(
                "rows",
                "There are a file and rows: empty this field or choose no file. Nothing was taken.",
            );
        } else if badge.is_none() {
            form.problem("badge", "Choose a badge that you may award.");
        } else {
            form.problem("list", "Choose a file, or paste the list below.");
        }
        return form_page(&request, &access, &config, form, &badges, &[]);
    };
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let asked = Asked { badge, name: filled(&sent.name), note: filled(&sent.note), mail: sent.mail == "yes" };
    let stored = match taking::batch(access.actor()?, asked, clock.now()) {
        Ok(batch) => {
            let keyed = posted.keyed(&batch.account_id.to_string(), "POST /batches/new");
            taking::keep(&desk.db, &batch, rows.to_vec(), keyed).await.map_err(Problem::from)
        }
        Err(problem) => Err(problem),
    };
    match stored {
        Ok(place) => Ok(answer::see_other(&place).finish()),
        Err(problem) if !problem.errors.is_empty() => {
            let (lines, fields): (Vec<_>, Vec<_>) =
                problem.errors.into_iter().partition(|fault| fault.code == "line");
            fields.iter().for_each(|fault| form.fault(&fault.path, &fault.message));
            if !lines.is_empty() {
                let field = if posted.file("list").is_some() { "list" } else { "rows" };
                form.problem(field, "Some lines cannot be taken as they are; nothing was awarded.");
            }
            form_page(&request, &access, &config, form, &badges, &lines)
        }
        Err(problem) => Err(problem),
    }
}

fn form_page(
    request: &HttpRequest,
    access: &Access,
    config: &Config,
    form: Form,
    badges: &[BadgeChoice],
    lines: &[FieldError],
) -> Result<HttpResponse, Problem> {
    let status = if form.has_problems() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let line = |fault: &FieldError| (sentence(&fault.path), sentence(&fault.message));
    let page = NewBatch {
        frame: Frame::of(access, config, "/batches/new", "Award to a list", "A badge for everybody on it.")
            .within(Section::Award),
        action: "/batches/new".to_owned(),
        form,
        lines: lines
            .iter()
            .map(line)
            .map(|(place, said)| (place.trim_end_matches('.').to_owned(), said))
            .collect(),
        none: badges.is_empty(),
    };
    answer::page_as(request, access, status, &page)
}

#[derive(Debug, Deserialize)]
struct Further {
    after: Option<i32>,
}

async fn show_batch(
    request: HttpRequest,
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    batch: Path<BatchId>,
    further: Query<Further>,
) -> Result<HttpResponse, Problem> {
    let (id, after, now) = (batch.into_inner(), further.after, clock.now());
    let giver = giver(access.actor()?, &config);
    let read = desk.db.read(move |conn| {
        let Some(batch) = progress::find(conn, id)? else { return Ok(None) };
        let badge = versions::name(conn, batch.badge_id)?.unwrap_or_default();
        let slug = versions::find(conn, batch.badge_id)?.map(|badge| badge.slug).unwrap_or_default();
        let first = if batch.state == "receiving" { progress::piece(conn, id, 0)? } else { Vec::new() };
        let refused = list::refusals(conn, id, after.unwrap_or(-1), ROWS + 1)?;
        let left = rehearsal::left(conn, &giver, now)?;
        Ok::<_, DbError>(Some((batch, (badge, slug), first, refused, left)))
    });
    let (batch, (badge, slug), first, refused, left) =
        read.await.map_err(Problem::from)?.ok_or_else(Problem::not_found)?;
    let path = format!("/batches/{id}");
    let (refused, paging) = table::part(refused, ROWS, &path, after.is_some(), |row| row.batch_row);
    let whole = batch.state == "receiving" && batch.total > 0;
    let open = matches!(batch.state.as_str(), "receiving" | "ready");
    let begun = !matches!(batch.state.as_str(), "receiving");
    let lead = lead(&batch, left);
    let enough = left.is_none_or(|left| left >= batch.total);
    let page = BatchPage {
        frame: Frame::of(&access, &config, &path, batch.name.clone(), "One list, and what becomes of it.")
            .within(Section::Award),
        lead,
        progress: (begun && batch.total > 0).then(|| Progress {
            id: "decided",
            done: number(batch.next_row),
            all: number(batch.total),
            noun: format!(
                "rows decided: {} awarded, {} refused",
                grouped(batch.awarded),
                grouped(batch.refused)
            ),
        }),
        first: first.into_iter().take(FIRST).map(FirstRow::from).collect(),
        begin: (whole && enough).then(|| format!("{path}/begin")),
        count: number(batch.total),
        cancel: open.then(|| format!("{path}/cancel")),
        table: (batch.refused > 0).then(|| (number(batch.refused), format!("{path}/refusals.csv"))),
        refused: refused.into_iter().map(RefusedRow::from).collect(),
        paging,
        awards: format!("/awards?badge={slug}"),
        running: batch.state == "ready",
        note: batch.note,
        mail: batch.mail,
        badge,
    };
    answer::page(&request, &access, &page)
}

/// The list in one sentence.
fn lead(batch: &Batch, left: Option<i32>) -> String {
    match batch.state.as_str() {
        "receiving" if batch.total == 0 => "The list is still coming in.".to_owned(),
        "receiving" => match left {
            Some(left) if left < batch.total => format!(
                "These are {} people, and you may award {} more today: come back tomorrow, or send a shorter list.",
                grouped(batch.total),
                grouped(left)
            ),
            _ => "Nothing has gone out yet. A list with which nobody begins is thrown away after a day."
                .to_owned(),
        },
        "ready" => "It goes on by itself, also when you close this page. Load it again to see how far it is."
            .to_owned(),
        "cancelled" if batch.awarded > 0 => {
            "It was stopped. What was awarded before stays awarded.".to_owned()
        }
        "cancelled" => "It was thrown away: nothing was awarded.".to_owned(),
        _ if batch.refused > 0 => {
            "Every row is decided. Mend those below in a list of their own, and send that.".to_owned()
        }
        _ => "Everybody on the list has the badge.".to_owned(),
    }
}

async fn begin_batch(
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    batch: Path<BatchId>,
    _: Posted<Nothing>,
) -> Result<HttpResponse, Problem> {
    let id = batch.into_inner();
    let place = format!("/batches/{id}");
    // A second click finds what the first one did.
    match beginning::begin(&access, &desk, &config, id, clock.now()).await? {
        None => Ok(answer::see_other(&place).finish()),
        Some(state) => Ok(begun_before(&config, &place, &state)),
    }
}

fn begun_before(config: &Config, place: &str, state: &str) -> HttpResponse {
    let said = match state {
        "cancelled" => Flash::caution("The list was thrown away before it began."),
        "done" => Flash::done("The list has been awarded already."),
        _ => Flash::done("The list is going already."),
    };
    answer::done(config, place, &said)
}

async fn cancel_batch(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    batch: Path<BatchId>,
    _: Posted<Nothing>,
) -> Result<HttpResponse, Problem> {
    let (id, now, actor) = (batch.into_inner(), clock.now(), access.actor()?.name_for_audit());
    let done: Result<_, BatchError> =
        db.write(move |conn, trail| progress::cancel(conn, trail, id, actor, now)).await;
    let said = match done {
        Ok(batch) if batch.next_row == 0 => Flash::done("The list is thrown away."),
        Ok(_) => Flash::done("The rest of the list is thrown away."),
        Err(BatchError::Ended(_)) => Flash::caution("The list was at its end already."),
        Err(error) => return Err(error.into()),
    };
    Ok(answer::done(&config, &format!("/batches/{id}"), &said))
}

impl From<Row> for FirstRow {
    fn from(row: Row) -> Self {
        let to = row.email.or(row.did).unwrap_or_default();
        Self { line: row.line, name: row.name, to }
    }
}

impl From<Refusal> for RefusedRow {
    fn from(refusal: Refusal) -> Self {
        let Refusal { line, recipient, reason, .. } = refusal;
        Self { line: u64::try_from(line).unwrap_or_default(), recipient, reason: sentence(&reason) }
    }
}
