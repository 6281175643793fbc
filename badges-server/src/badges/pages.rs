//! The pages on which badges are made and changed, and the drawing that follows the form.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};
use serde::Deserialize;

use super::{
    BadgeError, Content, changes,
    editing::{self, Forms, Typed, Written},
    public::views::{BadgeEditor, Version},
    settings::Settings,
    stands::{self, Stand},
    versions::NewBadge,
};
use crate::{
    artwork::Artwork,
    auth::{Access, place_of_issuer},
    body::Query,
    caching::{self, Freshness},
    clock::{Clock, Moment},
    config::Config,
    db::{Conn, Db, Trail},
    forms::Form,
    idempotency,
    ids::BadgeId,
    images,
    issuers::{IssuerError, slugs},
    problem::{self, FieldError, Problem},
    rights::Actor,
    routes::{Route, route},
    web::{
        Frame, Section, answer,
        components::{Flash, Picture, Pill, Tone, When},
        form::Choice,
    },
};

/// What this capability shows to those who make badges.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/artwork.svg", Public over None, draw, "A badge as its words draw it"),
    route!(GET "/badges/new", DesignBadges over Scoped, show_new, "The form for a new badge"),
    route!(POST "/badges/new", DesignBadges over Body, add_badge, "Make a badge"),
    route!(GET "/badges/{badge}/edit", DesignBadges over Badge, show_editor, "The editor of a badge"),
    route!(POST "/badges/{badge}/edit", DesignBadges over Badge, save_badge, "Save the draft of a badge, or publish it"),
    route!(POST "/badges/{badge}/archive", DesignBadges over Badge, archive_badge, "Archive a badge, or take it out"),
];

/// Where a new badge is to stand.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    under: String,
}

/// Words of a drawing; none is longer than what can be drawn.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Drawing {
    track: String,
    icon: String,
    colour: String,
    level: String,
    short_title: String,
    year: String,
}

/// The longest words on a drawing, in characters.
const LONGEST_WORDS: usize = 60;

async fn draw(request: HttpRequest, drawing: Query<Drawing>) -> HttpResponse {
    let Drawing { track, icon, colour, level, short_title, year } = drawing.into_inner();
    let cut = |text: String| text.chars().take(LONGEST_WORDS).collect::<String>();
    let [track, icon, colour, level, title, year] = [track, icon, colour, level, short_title, year].map(cut);
    let svg = Artwork { track, level, colour, icon, title, year }.svg();
    caching::answer(&request, "image/svg+xml", svg.into_bytes(), Freshness::Short, &[])
}

async fn show_new(
    request: HttpRequest,
    access: Access,
    (db, config): (Data<Db>, Data<Config>),
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?.clone();
    let stand = db.read(move |conn| stands::new(conn, &actor)).await.map_err(Problem::from)?;
    let mut typed = Typed::from([("visibility".to_owned(), "link".to_owned())]);
    for (name, value) in [
        ("issuer", asked.under.as_str()),
        ("achievement_type", "Badge"),
        ("suspendable", "yes"),
        ("source", "drawn"),
    ] {
        typed.insert(name.to_owned(), value.to_owned());
    }
    editor(&request, &access, &config, stand, &typed, "", None)
}

async fn add_badge(
    request: HttpRequest,
    access: Access,
    (db, config, clock): (Data<Db>, Data<Config>, Data<Clock>),
    form: Form<Typed>,
) -> Result<HttpResponse, Problem> {
    save(&request, &access, &db, &config, &clock, form, None).await
}

async fn show_editor(
    request: HttpRequest,
    access: Access,
    (db, config): (Data<Db>, Data<Config>),
) -> Result<HttpResponse, Problem> {
    let (id, actor) = (access.badge()?, access.actor()?.clone());
    let (stand, typed) = db.read(move |conn| stands::of(conn, id, &actor)).await?;
    editor(&request, &access, &config, stand, &typed, "", None)
}

async fn save_badge(
    request: HttpRequest,
    access: Access,
    (db, config, clock): (Data<Db>, Data<Config>, Data<Clock>),
    form: Form<Typed>,
) -> Result<HttpResponse, Problem> {
    let id = access.badge()?;
    save(&request, &access, &db, &config, &clock, form, Some(id)).await
}

/// Stores what was written; what keeps it from that stands beside the fields of the same page.
async fn save(
    request: &HttpRequest,
    access: &Access,
    db: &Db,
    config: &Config,
    clock: &Clock,
    form: Form<Typed>,
    id: Option<BadgeId>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (access.actor()?.clone(), clock.now());
    let mut typed = form.value.clone();
    // What is published is what stands in the form.
    let publish = id.is_some() && typed.remove("save").is_some_and(|how| how == "publish");
    let mut written = editing::read(&typed);
    if written.settings.permitted(access).is_err() {
        let (path, message) = ("rights_level".to_owned(), editing::NOT_YOURS.to_owned());
        written.faults.push(FieldError { path, code: "forbidden", message });
    }
    if let (None, Some(issuer)) = (id, written.settings.issuer) {
        access
            .permit_found(db.read(move |conn| place_of_issuer(conn, issuer)).await.map_err(Problem::from)?)?;
    }
    let image = picture_of(db, &form, &mut typed, &mut written, now).await?;
    let more = typed.remove("more").unwrap_or_default();
    if !more.is_empty() {
        return editor(request, access, config, stand(db, id, actor).await?, &typed, &more, None);
    }
    let form_of = if publish { "POST /badges/edit" } else { "POST /badges/new" };
    let keyed = form.keyed(&actor.account.to_string(), form_of).filter(|_| publish || id.is_none());
    let (by, base) = (actor.clone(), config.base().to_owned());
    let saved = match std::mem::take(&mut written.faults) {
        none if none.is_empty() => {
            let storing = db.write(move |conn, trail| {
                idempotency::once(conn, keyed.as_ref(), now, |conn| {
                    let Some(id) = id else { return add(conn, trail, written, image, &by, now) };
                    let place = change(conn, trail, &base, id, written, image, &by, now)?;
                    if publish {
                        changes::publish(conn, trail, &base, id, &by, now)?;
                    }
                    Ok(place)
                })
            });
            storing.await.map_err(Problem::from)
        }
        mut faults => {
            // What else is wrong is said at once.
            faults.extend(written.content.excess());
            Err(Problem::invalid(faults))
        }
    };
    match saved {
        Ok(place) => {
            let said = match id {
                Some(_) if publish => "The version is published. From now on awards name it.",
                Some(_) => "The draft is saved.",
                None => "The badge is made. It stays a draft until you publish it.",
            };
            Ok(answer::done(config, &place, &Flash::done(said)))
        }
        Err(wrong) if wrong.errors.is_empty() && wrong.status != StatusCode::CONFLICT => Err(wrong),
        Err(wrong) => editor(request, access, config, stand(db, id, actor).await?, &typed, "", Some(&wrong)),
    }
}

/// The picture that was uploaded now or before, by its hash; what keeps it from being read is a fault of its field.
async fn picture_of(
    db: &Db,
    form: &Form<Typed>,
    typed: &mut Typed,
    written: &mut Written,
    now: Moment,
) -> Result<Option<String>, Problem> {
    match images::uploaded(db, form, now).await {
        // What was uploaded is kept, whatever else is wrong.
        Ok(Some(hash)) => {
            typed.insert("kept".to_owned(), hash);
            typed.insert("source".to_owned(), "file".to_owned());
            written.own_picture = true;
            written.content.artwork = None;
        }
        Ok(None) => {}
        Err(problem) if problem.errors.is_empty() => return Err(problem),
        Err(problem) => written.faults.extend(problem.errors),
    }
    Ok(typed.get("kept").filter(|hash| written.own_picture && !hash.is_empty()).cloned())
}

async fn stand(db: &Db, id: Option<BadgeId>, actor: Actor) -> Result<Stand, Problem> {
    let found = db.read(move |conn| match id {
        Some(id) => stands::of(conn, id, &actor).map(|(stand, _)| stand),
        None => Ok(stands::new(conn, &actor)?),
    });
    found.await.map_err(|error: BadgeError| error.into())
}

fn add(
    conn: &mut Conn,
    trail: &mut Trail,
    mut written: Written,
    image: Option<String>,
    actor: &Actor,
    now: Moment,
) -> Result<String, BadgeError> {
    stands::resolve(conn, &mut written, None, actor)?;
    let Written { mut settings, content, .. } = written;
    let slug = match settings.slug.take() {
        Some(slug) => slug,
        None => slugs::free(conn, "badge", &content.name)?,
    };
    let issuer = settings.issuer.ok_or(IssuerError::NoNode)?;
    require_name(&content)?;
    let badge = changes::add(conn, trail, NewBadge { issuer, slug, settings, content, image }, actor, now)?;
    Ok(format!("/badges/{}/edit", badge.slug))
}

#[expect(clippy::too_many_arguments, reason = "each is a part of the one form")]
fn change(
    conn: &mut Conn,
    trail: &mut Trail,
    base: &str,
    id: BadgeId,
    mut written: Written,
    image: Option<String>,
    actor: &Actor,
    now: Moment,
) -> Result<String, BadgeError> {
    stands::resolve(conn, &mut written, Some(id), actor)?;
    require_name(&written.content)?;
    let badge = changes::change(conn, trail, base, id, &written.settings, actor, now)?;
    changes::draft(conn, trail, id, &written.content, image.as_deref(), actor, now)?;
    Ok(format!("/badges/{}/edit", badge.slug))
}

/// A draft may lack anything but a name to find it by.
fn require_name(content: &Content) -> Result<(), BadgeError> {
    let faults: Vec<_> = content.faults().into_iter().filter(|fault| fault.path == "name").collect();
    if faults.is_empty() { Ok(()) } else { Err(BadgeError::Fields(faults)) }
}

async fn archive_badge(
    access: Access,
    (db, config, clock): (Data<Db>, Data<Config>, Data<Clock>),
    form: Form<Typed>,
) -> Result<HttpResponse, Problem> {
    let (id, actor, now) = (access.badge()?, access.actor()?.clone(), clock.now());
    let archived = form.value.get("archived").is_none_or(|value| value != "no");
    let settings = Settings { archived: Some(archived), ..Settings::default() };
    let base = config.base().to_owned();
    let badge =
        db.write(move |conn, trail| changes::change(conn, trail, &base, id, &settings, &actor, now)).await?;
    let said = match archived {
        true => "The badge is archived: nobody can award it any more.",
        false => "The badge is out of the archive and can be awarded again.",
    };
    Ok(answer::done(&config, &format!("/badges/{}/edit", badge.slug), &Flash::done(said)))
}

fn editor(
    request: &HttpRequest,
    access: &Access,
    config: &Config,
    stand: Stand,
    typed: &Typed,
    more: &str,
    wrong: Option<&Problem>,
) -> Result<HttpResponse, Problem> {
    let places = stand.places.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    let mut forms = editing::forms(places, typed, more);
    forms.faults(typed, wrong.map(|wrong| wrong.errors.as_slice()).unwrap_or_default());
    let Forms { badge: form, criteria, alignments, results } = forms;
    let (path, title) = match &stand.badge {
        Some(badge) => (format!("/badges/{}", badge.slug), format!("Edit {}", form.value("name"))),
        None => ("/badges/new".to_owned(), "Make a badge".to_owned()),
    };
    let mut frame = Frame::of(access, config, &path, title, "What a badge says, and its rules.");
    frame.section = Some(Section::Hierarchy);
    // What is wrong with no field of it is said above the form, which keeps what was typed.
    frame.flash = wrong
        .filter(|wrong| wrong.errors.is_empty())
        .map(|wrong| Flash::caution(problem::sentence(&wrong.detail)))
        .or(frame.flash);
    let newest = stand.badge.as_ref().filter(|badge| badge.newest.is_some());
    let of_badge = |part: &str| stand.badge.as_ref().map(|_| format!("{path}/{part}"));
    let page = BadgeEditor {
        new: stand.badge.is_none(),
        action: of_badge("edit").unwrap_or_else(|| path.clone()),
        publish: stand.badge.is_some() && stand.versions.first().is_some_and(|(_, at)| at.is_none()),
        award: newest.map(|badge| format!("/award?badge={}", badge.slug)),
        preview: of_badge("preview"),
        archive: of_badge("archive"),
        claims: of_badge("claims").filter(|_| newest.is_some()),
        archived: stand.badge.as_ref().is_some_and(|badge| badge.archived_at.is_some()),
        picture: picture(typed, stand.image.as_deref()),
        kept: typed.get("kept").cloned().or_else(|| stand.image.clone()).filter(|hash| !hash.is_empty()),
        versions: stand
            .versions
            .iter()
            .map(|(number, at)| version(&path, stand.id(), *number, *at))
            .collect(),
        frame,
        form,
        criteria,
        alignments,
        results,
    };
    answer::page_as(request, access, wrong.map_or(StatusCode::OK, |wrong| wrong.status), &page)
}

fn version(path: &str, id: &str, number: i32, published: Option<Moment>) -> Version {
    let state = match published.and_then(Moment::timestamp) {
        Some(at) => Pill::new(Tone::Positive, format!("Published on {}", When::day(at).words)),
        None => Pill::new(Tone::Caution, "Draft"),
    };
    let href = match published {
        Some(_) => format!("/badges/{id}/versions/{number}"),
        None => format!("{path}/preview"),
    };
    Version { number: u32::try_from(number).unwrap_or(1), href, state }
}

fn picture(typed: &Typed, image: Option<&str>) -> Picture {
    let text = |name: &str| typed.get(name).map(String::as_str).unwrap_or_default();
    let kept = Some(text("kept")).filter(|hash| !hash.is_empty()).or(image);
    if let (Some(hash), "file") = (kept, text("source")) {
        return Picture::new(format!("/images/{hash}"), text("caption"));
    }
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for name in ["track", "icon", "colour", "level", "short_title", "year"] {
        query.append_pair(name, text(name));
    }
    Picture::new(format!("/artwork.svg?{}", query.finish()), text("caption"))
}
