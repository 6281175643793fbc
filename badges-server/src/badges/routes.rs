//! Badges over HTTP, for programs.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use serde::{Deserialize, Serialize};

use super::{
    BadgeError, Content, changes, narrowing,
    settings::Settings,
    versions::{self, Badge, NewBadge, Version},
};
use crate::{
    auth::{Access, place_of_issuer},
    body::{Json, Page, Raw},
    clock::Clock,
    config::Config,
    db::{Db, DbError},
    idempotency::{Answer, Once},
    ids::{BadgeId, IssuerId},
    images::{self, Image},
    issuers::slugs::Slug,
    problem::Problem,
    routes::{Route, route},
    texts::schema::ImageHash,
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/api/v1/badges", ViewHierarchy over Scoped, list_badges, "All badges of the organisation", .gives_part::<BadgeResponse>().behind::<BadgeId>()),
    route!(POST "/api/v1/badges", DesignBadges over Body, add_badge, "Add a badge with its first draft", .json::<BadgeRequest>().gives::<BadgeResponse>(201).repeats()),
    route!(GET "/api/v1/badges/{badge}", ViewHierarchy over Badge, show_badge, "One badge with its versions", .gives::<BadgeResponse>(200)),
    route!(PATCH "/api/v1/badges/{badge}", DesignBadges over Badge, change_badge, "Change the settings of a badge", .json::<Settings>().gives::<BadgeResponse>(200)),
    route!(PUT "/api/v1/badges/{badge}/draft", DesignBadges over Badge, write_draft, "Write the draft of the next version", .json::<DraftRequest>().gives::<Versions>(200)),
    route!(POST "/api/v1/badges/{badge}/publish", DesignBadges over Badge, publish_badge, "Publish the draft", .gives::<BadgeResponse>(200).repeats().refuses(&[422])),
    route!(POST "/api/v1/images", DesignBadges over Scoped, add_image, "Upload a PNG or SVG", .bytes(&["image/png", "image/svg+xml"]).gives::<Uploaded>(201).repeats()),
];

/// A badge as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Badge)]
struct BadgeResponse {
    id: BadgeId,
    url: String,
    issuer: IssuerId,
    slug: String,
    track: Option<String>,
    /// The version that is awarded; none before the first is published.
    newest: Option<i32>,
    unique: bool,
    limit: Option<i32>,
    undo_seconds: i32,
    suspendable: bool,
    hosted_ob2: bool,
    visibility: String,
    rights_level: i32,
    /// Over which badges and nodes alone, where one badge is shown; none: over all of a lower level.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rights_over: Vec<String>,
    archived: bool,
    version: i32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    versions: Vec<Version>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewBadge)]
struct BadgeRequest {
    issuer: IssuerId,
    #[schema(value_type = Slug)]
    slug: String,
    #[serde(default)]
    settings: Settings,
    content: Content,
    /// The hash that an upload was answered with.
    #[serde(default)]
    #[schema(value_type = Option<ImageHash>)]
    image: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Draft)]
struct DraftRequest {
    content: Content,
    #[serde(default)]
    #[schema(value_type = Option<ImageHash>)]
    image: Option<String>,
}

impl BadgeResponse {
    fn new(badge: Badge, versions: Vec<Version>, base: &str) -> Self {
        Self {
            id: badge.id,
            url: format!("{base}/badges/{}", badge.slug),
            issuer: badge.issuer_id,
            slug: badge.slug,
            track: badge.track,
            newest: badge.newest,
            unique: badge.held_once,
            limit: badge.award_limit,
            undo_seconds: badge.undo_seconds,
            suspendable: badge.suspendable,
            hosted_ob2: badge.hosted_ob2,
            visibility: badge.visibility,
            rights_level: badge.rights_level,
            rights_over: Vec::new(),
            archived: badge.archived_at.is_some(),
            version: badge.version,
            versions,
        }
    }
}

async fn list_badges(
    access: Access,
    db: Data<Db>,
    config: Data<Config>,
    page: Page,
) -> Result<HttpResponse, Problem> {
    let organisation = access.actor()?.organisation;
    let (after, limit) = (page.behind()?, page.limit + 1);
    let rows = db.read(move |conn| versions::list(conn, organisation, after, limit)).await?;
    Ok(page.answer(
        rows,
        |badge| badge.id.to_string(),
        |badge| BadgeResponse::new(badge, Vec::new(), config.base()),
    ))
}

async fn add_badge(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    config: Data<Config>,
    request: Json<BadgeRequest>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (access.actor()?.clone(), clock.now());
    let BadgeRequest { issuer, slug, settings, content, image } = request.value;
    let place = db.read(move |conn| place_of_issuer(conn, issuer)).await?;
    access.permit_found(place)?;
    settings.permitted(&access)?;
    let (new, base) = (NewBadge { issuer, slug, settings, content, image }, config.base().to_owned());
    let done = request.once.write(&db, now, move |conn, trail| {
        let badge = changes::add(conn, trail, new, &actor, now).map_err(placed)?;
        let location = format!("/api/v1/badges/{}", badge.id);
        let response = BadgeResponse::new(badge, Vec::new(), &base);
        Ok::<_, Problem>(Answer::json(201, &response).at(location))
    });
    done.await
}

async fn show_badge(
    db: Data<Db>,
    config: Data<Config>,
    badge: Path<BadgeId>,
) -> Result<HttpResponse, Problem> {
    let id = badge.into_inner();
    let (badge, all, over) = db
        .read(move |conn| {
            let badge = versions::find(conn, id)?.ok_or(BadgeError::NoBadge)?;
            Ok::<_, BadgeError>((badge, versions::all(conn, id)?, narrowing::over(conn, id)?))
        })
        .await?;
    let shown = BadgeResponse::new(badge, all, config.base());
    Ok(HttpResponse::Ok().json(BadgeResponse { rights_over: over, ..shown }))
}

async fn change_badge(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    config: Data<Config>,
    badge: Path<BadgeId>,
    request: Json<Settings>,
) -> Result<HttpResponse, Problem> {
    let (actor, now, id) = (access.actor()?.clone(), clock.now(), badge.into_inner());
    request.value.permitted(&access)?;
    let base = config.base().to_owned();
    let badge = db
        .write(move |conn, trail| changes::change(conn, trail, &base, id, &request.value, &actor, now))
        .await?;
    Ok(HttpResponse::Ok().json(BadgeResponse::new(badge, Vec::new(), config.base())))
}

async fn write_draft(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    badge: Path<BadgeId>,
    request: Json<DraftRequest>,
) -> Result<HttpResponse, Problem> {
    let (actor, now, id) = (access.actor()?.clone(), clock.now(), badge.into_inner());
    let DraftRequest { content, image } = request.value;
    let all = db
        .write(move |conn, trail| {
            changes::draft(conn, trail, id, &content, image.as_deref(), &actor, now)?;
            versions::all(conn, id)
        })
        .await
        .map_err(placed)?;
    Ok(HttpResponse::Ok().json(Versions { versions: all }))
}

/// What belongs to a version, and what to the badge: members of a request that holds both.
const OF_CONTENT: [&str; 11] = [
    "name",
    "description",
    "earner_description",
    "criteria",
    "image_caption",
    "tags",
    "achievement_type",
    "alignments",
    "results",
    "artwork",
    "expires_after",
];
const OF_SETTINGS: [&str; 9] = [
    "track",
    "limit",
    "undo_seconds",
    "hosted_ob2",
    "visibility",
    "rights_level",
    "rights_over",
    "requires",
    "also_in",
];

/// Names each field as it stands in the request.
fn placed(error: BadgeError) -> Problem {
    let mut problem = Problem::from(error);
    for fault in &mut problem.errors {
        let head = fault.path.split(['.', '[']).next().unwrap_or_default();
        let within = [("content", &OF_CONTENT[..]), ("settings", &OF_SETTINGS[..])];
        let within = within.into_iter().find(|(_, members)| members.contains(&head));
        if let Some((whole, _)) = within {
            fault.path = format!("{whole}.{}", fault.path);
        }
    }
    if problem.errors.is_empty() { problem } else { Problem::invalid(problem.errors) }
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = BadgeVersions)]
struct Versions {
    versions: Vec<Version>,
}

async fn publish_badge(
    access: Access,
    db: Data<Db>,
    clock: Data<Clock>,
    config: Data<Config>,
    badge: Path<BadgeId>,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let (actor, now, id) = (access.actor()?.clone(), clock.now(), badge.into_inner());
    let base = config.base().to_owned();
    let done = once.write(&db, now, move |conn, trail| {
        let (badge, all) = changes::publish(conn, trail, &base, id, &actor, now)?;
        Ok::<_, BadgeError>(Answer::json(200, &BadgeResponse::new(badge, all, &base)))
    });
    done.await
}

async fn add_image(db: Data<Db>, clock: Data<Clock>, request: Raw) -> Result<HttpResponse, Problem> {
    let (image, now) = (Image::read(&request.bytes).map_err(BadgeError::from)?, clock.now());
    let done = request.once.write(&db, now, move |conn, _| {
        let hash = images::add(conn, &image, now)?;
        let location = format!("/images/{hash}");
        Ok::<_, DbError>(Answer::json(201, &Uploaded { hash }).at(location))
    });
    done.await
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Image)]
struct Uploaded {
    hash: String,
}
