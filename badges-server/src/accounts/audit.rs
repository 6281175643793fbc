//! The audit log for people and programs: who did what, and whether its chain holds.

mod log;
mod names;
mod words;

use actix_web::{HttpRequest, HttpResponse, web::Data};
use badges_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use self::{
    log::{End, Entry, Filter},
    names::Names,
};
use super::views::{AuditLog, AuditRow, audit_form};
use crate::{
    auth::Access,
    body::{Page, Query, astray},
    clock::Moment,
    config::Config,
    db::{self, Db, DbError},
    hex,
    problem::Problem,
    routes::{Route, route},
    texts::schema::DayOrTime,
    web::{
        Frame, Section, answer,
        components::{Tone, Verdict, When},
        table::Paging,
        way,
    },
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/api/v1/audit", ViewAudit over Scoped, list_entries, "Who did what, the newest first", .asks::<Asked>().gives_part::<EntryResponse>()),
    route!(GET "/api/v1/audit/chain", ViewAudit over Scoped, show_chain, "Whether the newest links of the log's chain hold", .gives::<ChainResponse>(200)),
    route!(GET "/audit", ViewAudit over Scoped, show_log, "Who did what"),
];

/// How many entries stand on a page, and how many links of the chain are checked for it: each may have 256 entries.
const ROWS: i64 = 50;
const CHECKED: i64 = 8;

/// What is asked for. Times are days or RFC 3339.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default)]
    actor: String,
    #[serde(default)]
    action: String,
    #[serde(default)]
    object: String,
    #[serde(default)]
    #[param(inline, value_type = DayOrTime)]
    since: String,
    #[serde(default)]
    #[param(inline, value_type = DayOrTime)]
    until: String,
    #[serde(default)]
    after: String,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AuditEntry)]
struct EntryResponse {
    actor: String,
    action: String,
    object: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
    at: Option<String>,
    /// The link of the chain that holds it.
    link: i64,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AuditChain)]
struct ChainResponse {
    links: i64,
    /// The newest, as hexadecimal; keep it elsewhere to prove later that nothing before it changed.
    hash: Option<String>,
    checked_from: i64,
    broken_at: Option<i64>,
}

/// What the newest links say of themselves.
struct Chain {
    head: Option<(i64, Vec<u8>)>,
    checked_from: i64,
    broken_at: Option<i64>,
}

impl Asked {
    fn filter(&self) -> Result<Filter, Problem> {
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(Filter {
            actor: text(&self.actor),
            action: text(&self.action),
            object: text(&self.object),
            since: time("since", &self.since, "T00:00:00Z")?,
            until: time("until", &self.until, "T23:59:59Z")?,
        })
    }

    /// The address of the list with all that is asked for, but not where it goes on.
    fn address(&self) -> String {
        let asked = [
            ("actor", &self.actor),
            ("action", &self.action),
            ("object", &self.object),
            ("since", &self.since),
            ("until", &self.until),
        ];
        let named = asked.into_iter().filter(|(_, value)| !value.is_empty());
        named.fold("/audit".to_owned(), |address, (name, value)| way::with(&address, name, value))
    }
}

fn time(path: &str, text: &str, of_day: &str) -> Result<Option<Moment>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let whole = if text.len() == 10 { format!("{text}{of_day}") } else { text.to_owned() };
    let read = whole.parse::<Timestamp>().map(|time| Some(Moment::from(time)));
    read.map_err(|_| {
        Problem::field(path, "time", "is no time: write a day such as 2026-06-30, or 2026-06-30T12:00:00Z")
    })
}

/// Behind what a part begins.
fn behind(after: Option<&str>) -> Result<Option<End>, Problem> {
    let Some(after) = after.filter(|after| !after.is_empty()) else { return Ok(None) };
    let end = after.split_once('.').and_then(|(link, place)| Some((link.parse().ok()?, place.parse().ok()?)));
    end.map(Some).ok_or_else(|| astray("is no end of a part of the log"))
}

fn end((link, place): End) -> String {
    format!("{link}.{place}")
}

async fn list_entries(access: Access, db: Data<Db>, page: Page<Asked>) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?;
    access.permit(&actor.organisation_place())?;
    let filter = page.filter.filter()?;
    let (organisation, after) = (actor.organisation, behind(page.after.as_deref())?);
    let limit = page.limit;
    let (entries, next) = db
        .read(move |conn| log::list(conn, organisation, &filter, after, limit))
        .await
        .map_err(Problem::from)?;
    Ok(page.answer_with(entries.into_iter().map(EntryResponse::from).collect(), next.map(end)))
}

async fn show_chain(access: Access, db: Data<Db>) -> Result<HttpResponse, Problem> {
    access.permit(&access.actor()?.organisation_place())?;
    let chain = db.read(chain).await.map_err(Problem::from)?;
    let links = chain.head.as_ref().map_or(0, |(sequence, _)| *sequence);
    let hash = chain.head.map(|(_, hash)| hex::encode(&hash));
    let (checked_from, broken_at) = (chain.checked_from, chain.broken_at);
    Ok(HttpResponse::Ok().json(ChainResponse { links, hash, checked_from, broken_at }))
}

fn chain(conn: &mut db::Conn) -> Result<Chain, DbError> {
    let head = log::head(conn)?;
    let (checked_from, broken_at) = db::check_newest(conn, CHECKED)?;
    Ok(Chain { head, checked_from, broken_at })
}

async fn show_log(
    request: HttpRequest,
    access: Access,
    (db, config): (Data<Db>, Data<Config>),
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?;
    access.permit(&actor.organisation_place())?;
    let (organisation, filter, after) = (actor.organisation, asked.filter()?, behind(Some(&asked.after))?);
    let (entries, next, names, chain) = db
        .read(move |conn| {
            let (entries, next) = log::list(conn, organisation, &filter, after, ROWS)?;
            let names = Names::of(conn, &entries)?;
            Ok::<_, DbError>((entries, next, names, chain(conn)?))
        })
        .await?;
    let mut form = audit_form(words::choices());
    let list = asked.address();
    form.fill([
        ("actor", asked.actor.as_str()),
        ("action", &asked.action),
        ("object", &asked.object),
        ("since", &asked.since),
        ("until", &asked.until),
    ]);
    let page = AuditLog {
        frame: Frame::of(&access, &config, "/audit", "Audit log", "Who did what.").within(Section::Audit),
        filter: form,
        filtered: list != "/audit",
        rows: entries.into_iter().map(|entry| row(&names, entry)).collect(),
        paging: Paging {
            next: next.map(|next| way::with(&list, "after", &end(next))),
            first: after.map(|_| list.clone()),
            count: None,
        },
        chain: verdict(&chain),
        head: chain.head.map(|(_, hash)| hex::encode(&hash)),
    };
    answer::page(&request, &access, &page)
}

fn row(names: &Names, entry: Entry) -> AuditRow {
    AuditRow {
        at: When::at_minute(entry.created_at),
        actor: names.actor(&entry.actor),
        by: way::with("/audit", "actor", &entry.actor),
        action: words::meaning(&entry.action),
        object: names.object(&entry.object),
    }
}

fn verdict(chain: &Chain) -> Verdict {
    match (chain.broken_at, &chain.head) {
        (Some(link), _) => Verdict::new(
            Tone::Negative,
            format!(
                "The log was changed: link {link} of its chain does not fit. Stop, keep a copy, and compare with a backup."
            ),
        ),
        (None, None) => Verdict::new(Tone::Neutral, "The log is empty."),
        (None, Some((head, _))) => Verdict::new(
            Tone::Positive,
            format!(
                "The chain holds from link {} to {head}: nothing in them was changed.",
                chain.checked_from
            ),
        ),
    }
}

impl From<Entry> for EntryResponse {
    fn from(entry: Entry) -> Self {
        let Entry { sequence, position: _, organisation_id: _, actor, action, object, detail, created_at } =
            entry;
        let at = created_at.timestamp().map(|time| time.to_string());
        Self { actor, action, object, detail, at, link: sequence }
    }
}
