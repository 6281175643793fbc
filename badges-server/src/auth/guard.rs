//! The guard: finds the row of a request in the table, who asks, over what, and lets them in or not.

use std::{collections::HashMap, rc::Rc};

use actix_web::{
    Error, HttpMessage as _, HttpRequest,
    body::{BoxBody, MessageBody},
    cookie::Cookie,
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::{Next, from_fn},
    web::{self, Data, ServiceConfig},
};

use super::{
    Access, Credentials, Granted, actor,
    cookies::Jar,
    denied, place,
    uses::{Use, Uses},
};
use crate::{
    clock::Clock,
    config::Config,
    db::Db,
    problem::Problem,
    rights::{Action, Actor, Place, can},
    routes::{Object, Route},
    secret,
};

/// All rows, by what a request is matched with.
type Table = HashMap<(Method, &'static str), &'static Route>;

/// Puts all routes behind the guard.
pub(crate) fn mount(config: &mut ServiceConfig, tables: &[&'static [Route]]) {
    let mut paths: Vec<&'static str> = Vec::new();
    let mut table = Table::new();
    for route in tables.iter().copied().flatten() {
        if !paths.contains(&route.path) {
            paths.push(route.path);
        }
        table.insert((route.method.clone(), route.path), route);
    }
    let table = Data::new(table);
    for path in paths {
        let of_path = tables.iter().copied().flatten().filter(|route| route.path == path);
        let resource = of_path.fold(web::resource(path), |resource, route| resource.route((route.mount)()));
        config.service(resource.app_data(table.clone()).wrap(from_fn(guard)));
    }
}

async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let row = row(&request);
    let Some(route) = row else {
        // The resource answers that the method is not allowed.
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    if let Err(problem) = without_nul(request.request()) {
        return Ok(request.error_response(problem));
    }
    let access = match look(request.request(), route).await {
        Ok(access) => access,
        Err(problem) => return Ok(request.error_response(problem)),
    };
    // Also who is refused gets a page that knows them.
    request.extensions_mut().insert(access.clone());
    if let Err(problem) = decide(route, access.visitor(), access.place()) {
        return Ok(request.error_response(problem));
    }
    let renewed = note_use(request.request(), route, &access);
    let mut response = next.call(request).await?.map_into_boxed_body();
    if let Some(cookie) = renewed {
        response.response_mut().add_cookie(&cookie)?;
    }
    Ok(response)
}

/// PostgreSQL has no text with this character, and nobody means it.
fn without_nul(request: &HttpRequest) -> Result<(), Problem> {
    if request.path().contains("%00") {
        return Err(Problem::not_found());
    }
    if request.query_string().contains("%00") {
        return Err(Problem::bad_request("query", "the query holds the character U+0000: leave it out"));
    }
    Ok(())
}

/// Notes that a session or token is in use. A session that goes on needs its cookie again, on pages that nobody else
/// is given a copy of.
fn note_use(request: &HttpRequest, route: &Route, access: &Access) -> Option<Cookie<'static>> {
    let actor = access.visitor().filter(|_| route.action != Action::Public)?;
    let (db, clock) = (request.app_data::<Data<Db>>()?, request.app_data::<Data<Clock>>()?);
    let (uses, config) = (request.app_data::<Data<Uses>>()?, request.app_data::<Data<Config>>()?);
    if let Some((token, _)) = &actor.token {
        uses.note(Use::Token(*token), db, clock.now());
        return None;
    }
    let cookie = Jar::Session.of(request, config)?;
    let noted = uses.note(Use::of_cookie(&cookie), db, clock.now());
    noted.then(|| Jar::Session.with(config, &cookie))
}

fn row(request: &ServiceRequest) -> Option<&'static Route> {
    let table = request.app_data::<Data<Table>>()?;
    let pattern = request.match_pattern()?;
    let asked = if request.method() == Method::HEAD { Method::GET } else { request.method().clone() };
    table.get(&(asked, pattern.as_str())).copied()
}

/// Looks who asks, and over what.
async fn look(request: &HttpRequest, route: &'static Route) -> Result<Access, Problem> {
    let (Some(db), Some(clock), Some(config)) = (
        request.app_data::<Data<Db>>(),
        request.app_data::<Data<Clock>>(),
        request.app_data::<Data<Config>>(),
    ) else {
        return Err(Problem::not_found());
    };
    if !route.is_api() && !request.method().is_safe() && !from_our_pages(request, config) {
        return Err(Problem::new(
            actix_web::http::StatusCode::FORBIDDEN,
            "foreign_origin",
            "this form was sent from another site: open the page here and send it again",
        ));
    }
    let credentials = credentials(request, route, config);
    let csrf = match &credentials {
        Some(Credentials::Session(cookie)) => Some(secret::derived(cookie, "csrf")),
        _ => None,
    };
    let object = object_id(request, route.object);
    let (now, kind, action) = (clock.now(), route.object, route.action);
    let (actor, place) = if credentials.is_none() && object.is_none() {
        (None, None)
    } else {
        db.look(move |conn| {
            let actor = credentials.map_or(Ok(None), |credentials| actor(conn, &credentials, now))?;
            let place = match object {
                Some(id) => place(conn, kind, &id, actor.as_ref(), action)?,
                None => None,
            };
            Ok::<_, Problem>((actor, place))
        })
        .await?
    };
    let flash = if route.is_api() { None } else { Jar::Flash.of(request, config) };
    Ok(Access(Rc::new(Granted { actor, action: route.action, place, csrf, flash })))
}

/// The decision over what the path names; what the body or a query names is asked for later.
fn decide(route: &Route, actor: Option<&Actor>, place: Option<&Place>) -> Result<(), Problem> {
    if route.action == Action::Public {
        return Ok(());
    }
    let Some(known) = actor else { return Err(Problem::unauthorised()) };
    match (route.object, place) {
        (Object::None | Object::Body | Object::Scoped, _) => {
            if known.may_anywhere(route.action) {
                Ok(())
            } else {
                Err(Problem::forbidden())
            }
        }
        (_, None) => Err(Problem::not_found()),
        (_, Some(place)) if can(actor, route.action, Some(place)) => Ok(()),
        (_, Some(place)) => Err(denied(actor, place)),
    }
}

/// Under `/api` only a token counts, elsewhere only a cookie: so no page of another site can use the API.
fn credentials(request: &HttpRequest, route: &Route, config: &Config) -> Option<Credentials> {
    if route.is_api() {
        let header = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = header.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| Credentials::Token(token.trim().to_owned()));
    }
    Jar::Session.of(request, config).map(Credentials::Session)
}

/// Browsers say where a form comes from; what says nothing is no browser that carries a cookie by itself.
fn from_our_pages(request: &HttpRequest, config: &Config) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match (header("Sec-Fetch-Site"), header("Origin")) {
        (Some("same-origin" | "none"), _) => true,
        (None, Some(origin)) => origin == config.origin(),
        (None, None) => true,
        _ => false,
    }
}

fn object_id(request: &HttpRequest, object: Object) -> Option<String> {
    let name = match object {
        Object::Award => "award",
        Object::Badge => "badge",
        Object::Batch => "batch",
        Object::Contact => "contact",
        Object::Issuer => "issuer",
        Object::Message => "message",
        Object::Body | Object::None | Object::Scoped => return None,
    };
    request.match_info().get(name).map(str::to_owned)
}
