//! Awards as a table for spreadsheets: those of the list, all of them, read a part at a time while they are sent.

use actix_web::{HttpResponse, web::Data};

use super::{
    AwardError,
    asked::Asked,
    desk::Desk,
    glance::{self, Glance},
    list::{self, Filter, Sought},
    routes,
    rows::Award,
};
use crate::{
    auth::Access,
    body::Query,
    clock::{Clock, Moment},
    ids::AwardId,
    problem::Problem,
    rights::{Action, Actor},
    routes::{Route, route},
    sheets::{self, Sheet},
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/awards.csv", ViewAwards over Scoped, export_asked, "What was given, for a spreadsheet"),
    route!(GET "/api/v1/awards.csv", ViewAwards over Scoped, export_awards, "Awards as CSV, all that the list holds, the newest first", .asks::<Filter>().gives_file("text/csv")),
];

const COLUMNS: [&str; 14] = [
    "id",
    "url",
    "badge",
    "badge_name",
    "holder",
    "email",
    "state",
    "issued_at",
    "expires_at",
    "claimed_at",
    "message",
    "external_id",
    "note",
    "reason",
];

/// How many are read at a time.
const PART: usize = 500;

/// The rest of a list.
struct Walk {
    desk: Data<Desk>,
    actor: Actor,
    sought: Sought,
    after: Option<AwardId>,
}

/// Those that the page shows.
async fn export_asked(
    access: Access,
    (desk, clock): (Data<Desk>, Data<Clock>),
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let (actor, now, asked) = (access.actor()?.clone(), clock.now(), asked.into_inner());
    let by = actor.clone();
    let found = desk.db.read(move |conn| {
        let badges = list::badges_for(conn, &by, Action::ViewAwards, false).map_err(Problem::from)?;
        asked.sought(conn, &by, &badges, now)
    });
    let sought = found.await?;
    sheets::answer("awards.csv", &COLUMNS, Walk { desk, actor, sought, after: None }, part).await
}

/// Those that the API lists.
async fn export_awards(
    access: Access,
    desk: Data<Desk>,
    filter: Query<Filter>,
) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?.clone();
    let sought = routes::sought(&access, &desk.db, filter.into_inner()).await?;
    sheets::answer("awards.csv", &COLUMNS, Walk { desk, actor, sought, after: None }, part).await
}

/// As many rows as are read at a time.
async fn part(mut walk: Walk, mut sheet: Sheet) -> Result<(Sheet, Option<Walk>), Problem> {
    let (actor, sought, after) = (walk.actor.clone(), walk.sought.clone(), walk.after);
    let limit = i64::try_from(PART).unwrap_or(i64::MAX);
    let read = walk.desk.db.read(move |conn| {
        let rows = list::list(conn, &actor, &sought, after, limit)?;
        let glance = glance::glance(conn, &rows)?;
        Ok::<_, AwardError>((rows, glance))
    });
    let (rows, glance) = read.await?;
    rows.iter().for_each(|award| write(&mut sheet, award, &glance, &walk));
    walk.after = rows.last().map(|award| award.public_id);
    Ok((sheet, (rows.len() == PART).then_some(walk)))
}

fn write(sheet: &mut Sheet, award: &Award, glance: &Glance, walk: &Walk) {
    let time = |moment: Option<Moment>| {
        moment.and_then(Moment::timestamp).map(|time| time.to_string()).unwrap_or_default()
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let id = award.public_id.to_string();
    let cells: [String; COLUMNS.len()] = [
        id.clone(),
        format!("{}/awards/{id}", walk.desk.base),
        award.badge_id.to_string(),
        glance.badge(award).0,
        glance.name(award).unwrap_or_default().to_owned(),
        text(&award.recipient),
        award.state.clone(),
        time(Some(award.issue_at)),
        time(award.expires_at),
        time(award.claimed_at),
        glance.message(award).map(|pill| pill.word).unwrap_or_default(),
        text(&award.external_id),
        text(&award.note),
        text(&award.reason),
    ];
    sheet.row(cells.iter().map(String::as_str));
}
