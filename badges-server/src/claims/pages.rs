//! `/badges/{slug}/claims`: the codes of a badge, for those who may give it.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use fast_qr::{QRBuilder, convert::svg::SvgBuilder};
use serde::Deserialize;

use super::codes::{self, Code, NewCode};
use crate::{
    auth::Access,
    badges::{
        BadgeError,
        public::views::{ClaimLink, ClaimLinks, MadeLink, claim_form},
        versions,
    },
    clock::{Clock, Moment},
    config::Config,
    dates::{self, Edge},
    db::{Conn, Db},
    forms::Form as Posted,
    ids::{BadgeId, ClaimCodeId},
    problem::Problem,
    routes::{Route, route},
    web::{Crumb, Frame, Section, answer, components::Flash, form::Form},
};

/// What this capability shows to those who give badges.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/badges/{badge}/claims", Award over Badge, show_codes, "The claim links of a badge"),
    route!(POST "/badges/{badge}/claims", Award over Badge, add_code, "Make a claim link and show it once"),
    route!(POST "/badges/{badge}/claims/{code}", Award over Badge, change_code, "Close a claim link, or open it again"),
];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sent {
    label: String,
    most_uses: String,
    ends: String,
    evidence: String,
}

#[derive(Debug, Deserialize)]
struct Change {
    #[serde(default)]
    open: String,
}

/// What the page shows beside the links there are.
struct Beside {
    form: Form,
    made: Option<MadeLink>,
    status: StatusCode,
}

async fn show_codes(
    request: HttpRequest,
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
) -> Result<HttpResponse, Problem> {
    let beside = Beside { form: claim_form(), made: None, status: StatusCode::OK };
    page(&request, &access, &db, &config, clock.now(), beside).await
}

async fn add_code(
    request: HttpRequest,
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    posted: Posted<Sent>,
) -> Result<HttpResponse, Problem> {
    let (badge, actor, now) = (access.badge()?, access.actor()?.clone(), clock.now());
    let new = match read(&posted.value).and_then(|new| new.check(now)) {
        Ok(new) => new,
        Err(problem) => {
            let mut form = claim_form();
            form.fill(posted.typed());
            for fault in &problem.errors {
                form.fault(if fault.path == "expires_at" { "ends" } else { &fault.path }, &fault.message);
            }
            let beside = Beside { form, made: None, status: StatusCode::UNPROCESSABLE_ENTITY };
            return page(&request, &access, &db, &config, now, beside).await;
        }
    };
    // The same submit makes the same code, so that a second click shows it again: only its hash is kept.
    let text = match (posted.submit(), access.csrf()) {
        (Some(submit), Some(proof)) => codes::spelled(&format!("{proof} {submit}")),
        _ => codes::chance()?,
    };
    let kept = text.clone();
    db.write(move |conn, trail| codes::add(conn, trail, badge, &kept, new, &actor, now)).await?;
    let url = format!("{}/claim/{text}", config.base());
    let made = Some(MadeLink { code: picture(&url), url });
    let beside = Beside { form: claim_form(), made, status: StatusCode::OK };
    page(&request, &access, &db, &config, now, beside).await
}

fn read(sent: &Sent) -> Result<NewCode, Problem> {
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let most_uses = filled(&sent.most_uses).map(|number| number.parse()).transpose();
    let most_uses =
        most_uses.map_err(|_| Problem::field("most_uses", "number", "must be a whole number, or empty"))?;
    let ends = filled(&sent.ends).map(|day| dates::read(&day, Edge::End)).transpose();
    let ends = ends.map_err(|error| Problem::field("expires_at", "time", error.to_string()))?;
    let (label, expires_at) = (sent.label.clone(), ends.map(Moment::from));
    Ok(NewCode { label, most_uses, expires_at, evidence: filled(&sent.evidence) })
}

/// A code to scan, as an image within the page.
fn picture(url: &str) -> String {
    let Ok(code) = QRBuilder::new(url).build() else { return String::new() };
    let svg = SvgBuilder::default().to_str(&code);
    let part: String = url::form_urlencoded::byte_serialize(svg.as_bytes()).collect();
    format!("data:image/svg+xml,{}", part.replace('+', "%20"))
}

async fn change_code(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    path: Path<(String, ClaimCodeId)>,
    posted: Posted<Change>,
) -> Result<HttpResponse, Problem> {
    let (badge, actor, now) = (access.badge()?, access.actor()?.clone(), clock.now());
    let ((slug, id), open) = (path.into_inner(), posted.value.open == "yes");
    db.write(move |conn, trail| codes::set_open(conn, trail, (badge, id), open, &actor, now)).await?;
    let said = if open { "The link is open again." } else { "The link is closed. Nobody can use it." };
    Ok(answer::done(&config, &format!("/badges/{slug}/claims"), &Flash::done(said)))
}

async fn page(
    request: &HttpRequest,
    access: &Access,
    db: &Db,
    config: &Config,
    now: Moment,
    beside: Beside,
) -> Result<HttpResponse, Problem> {
    let Beside { form, made, status } = beside;
    let badge = access.badge()?;
    let (slug, name, found) = db.read(move |conn| read_page(conn, badge)).await?;
    let path = format!("/badges/{slug}/claims");
    let title = format!("Claim links for {name}");
    let about = "Links by which people take a badge themselves.";
    let mut frame = Frame::of(access, config, &path, title, about).within(Section::Award);
    frame.crumbs = vec![Crumb { name: name.clone(), href: format!("/badges/{slug}") }];
    let links = found.into_iter().map(|code| link(&path, code, now)).collect();
    let page = ClaimLinks { frame, badge: name, action: path, form, made, links };
    answer::page_as(request, access, status, &page)
}

fn read_page(conn: &mut Conn, badge: BadgeId) -> Result<(String, String, Vec<Code>), BadgeError> {
    let found = versions::find(conn, badge)?.ok_or(BadgeError::NoBadge)?;
    let name = versions::name(conn, badge)?.unwrap_or_else(|| found.slug.clone());
    Ok((found.slug, name, codes::list(conn, badge)?))
}

fn link(path: &str, code: Code, now: Moment) -> ClaimLink {
    let number = |count: i32| u64::try_from(count).unwrap_or_default();
    ClaimLink {
        open: code.is_open(now),
        uses: number(code.uses),
        most_uses: code.most_uses.map(number),
        ends: code.expires_at.and_then(Moment::timestamp).map(dates::written_out),
        change: format!("{path}/{}", code.id),
        label: code.label,
    }
}
