//! The guard: finds the row of a request in the table, who asks, over what, and lets them in or not.

use std::{collections::HashMap, rc::Rc};

use actix_web::{
    Error, HttpMessage as _, HttpRequest, Scope,
    body::{BoxBody, MessageBody},
    cookie::Cookie,
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::{Next, from_fn},
    web::{self, Data, ServiceConfig},
};

use super::{
    Access, Credentials, Granted, Visitors,
    cookies::Jar,
    denied, place,
    uses::{Use, Uses},
};
use crate::{
    clock::Clock,
    config::Config,
    db::Db,
    idempotency::Once,
    problem::Problem,
    rights::{Action, Actor, Place, can},
    routes::{Object, Route},
    secret,
};

/// All rows, by what a request is matched with.
type Table = HashMap<(Method, &'static str), &'static Route>;

/// Puts all routes behind the guard. Those with the same beginning stand in a scope, since a request is compared with
/// one pattern after the other.
pub(crate) fn mount(config: &mut ServiceConfig, tables: &[&'static [Route]]) {
    let mut scopes: Vec<(&'static str, Vec<&'static str>)> = Vec::new();
    let mut table = Table::new();
    for route in tables.iter().copied().flatten() {
        let beginning = beginning(route.path);
        let known = scopes.iter().position(|(found, _)| *found == beginning);
        let at = known.unwrap_or_else(|| {
            scopes.push((beginning, Vec::new()));
            scopes.len() - 1
        });
        if let Some((_, paths)) = scopes.get_mut(at).filter(|(_, paths)| !paths.contains(&route.path)) {
            paths.push(route.path);
        }
        table.insert((route.method.clone(), route.path), route);
    }
    // Every path has the empty beginning.
    scopes.sort_by_key(|(beginning, _)| beginning.is_empty());
    let table = Data::new(table);
    for (beginning, paths) in scopes {
        let resources = paths.into_iter().map(|path| {
            let of_path = tables.iter().copied().flatten().filter(|route| route.path == path);
            let resource = web::resource(path.strip_prefix(beginning).unwrap_or(path));
            let resource = of_path.fold(resource, |resource, route| resource.route((route.mount)()));
            resource.app_data(table.clone()).wrap(from_fn(guard))
        });
        config.service(resources.fold(web::scope(beginning), Scope::service));
    }
}

/// The first word of a path, or that of the API's after its version.
fn beginning(path: &'static str) -> &'static str {
    let words = if path.starts_with("/api/v1/") { 3 } else { 1 };
    let end = path.match_indices('/').nth(words).map_or(path.len(), |(end, _)| end);
    path.get(..end).filter(|beginning| *beginning != "/").unwrap_or_default()
}

async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let row = row(&request);
    let Some(route) = row else {
        if let Some(above) = above(&request) {
            request.extensions_mut().insert(above);
        }
        let methods = methods(&request);
        let allow = methods.parse();
        let mut response = request.error_response(Problem::not_allowed(&methods));
        if let Ok(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        return Ok(response);
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
    if route.exchange.repeats {
        response = settled(response).await;
    }
    if let Some(cookie) = renewed {
        response.response_mut().add_cookie(&cookie)?;
    }
    Ok(response)
}

/// What a request with an `Idempotency-Key` is answered where it was refused; what it did is kept with what it did.
async fn settled(response: ServiceResponse) -> ServiceResponse {
    let request = response.request();
    let once = request.extensions().get::<Once>().cloned();
    let problem = response.response().error().and_then(|error| error.as_error::<Problem>());
    let state = (request.app_data::<Data<Db>>(), request.app_data::<Data<Clock>>());
    if let (Some(once), Some(problem), (Some(db), Some(clock))) = (once, problem, state)
        && let Some(answer) = once.instead(db, problem, clock.now()).await
    {
        return response.into_response(answer.response());
    }
    response
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

/// Where somebody goes on who loads a page again that answered a form: the nearest one above it.
#[derive(Clone, Debug)]
pub(crate) struct Above(pub(crate) String);

fn above(request: &ServiceRequest) -> Option<Above> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let (table, pattern) = (request.app_data::<Data<Table>>()?, request.match_pattern()?);
    let (mut pattern, mut path) = (pattern.as_str(), request.path());
    while let (Some((above, _)), Some((place, _))) = (pattern.rsplit_once('/'), path.rsplit_once('/')) {
        if table.contains_key(&(Method::GET, above)) {
            return Some(Above(place.to_owned()));
        }
        (pattern, path) = (above, place);
    }
    None
}

/// The methods that an address has.
fn methods(request: &ServiceRequest) -> String {
    let (table, pattern) = (request.app_data::<Data<Table>>(), request.match_pattern());
    let rows = table.iter().flat_map(|table| table.keys());
    let mut own: Vec<_> = rows
        .filter(|(_, path)| pattern.as_deref() == Some(*path))
        .map(|(method, _)| method.as_str())
        .collect();
    if own.contains(&"GET") {
        own.push("HEAD");
    }
    own.sort_unstable();
    own.join(", ")
}

/// Looks who asks, and over what.
async fn look(request: &HttpRequest, route: &'static Route) -> Result<Access, Problem> {
    let (Some(db), Some(visitors), Some(config)) = (
        request.app_data::<Data<Db>>(),
        request.app_data::<Data<Visitors>>(),
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
    let (actor, csrf) = who(request, visitors, config, route.is_api()).await?;
    let object = object_id(request, route.object);
    let (kind, action) = (route.object, route.action);
    let (actor, place) = match object {
        Some(id) => {
            db.look(move |conn| {
                let place = place(conn, kind, &id, actor.as_ref(), action)?;
                Ok::<_, Problem>((actor, place))
            })
            .await?
        }
        None => (actor, None),
    };
    let flash = if route.is_api() { None } else { Jar::Flash.of(request, config) };
    Ok(Access(Rc::new(Granted { actor, action: route.action, place, csrf, flash })))
}

/// Who asks, and what forms on their pages must bring back. Under `/api` only a token counts, elsewhere only a cookie: so
/// no page of another site can use the API.
async fn who(
    request: &HttpRequest,
    visitors: &Visitors,
    config: &Config,
    api: bool,
) -> Result<(Option<Actor>, Option<String>), Problem> {
    let (token, cookie) = match api {
        true => (bearer(request), None),
        false => (None, Jar::Session.of(request, config)),
    };
    let credentials = token.map(Credentials::token).or_else(|| cookie.as_deref().map(Credentials::session));
    let actor = match credentials {
        Some(credentials) => visitors.ask(credentials).await?,
        None => None,
    };
    Ok((actor, cookie.map(|cookie| secret::derived(&cookie, "csrf"))))
}

/// Answers where there is nothing: the page that says so knows who is signed in.
pub(crate) async fn nowhere(request: HttpRequest) -> Problem {
    let state = (request.app_data::<Data<Visitors>>(), request.app_data::<Data<Config>>());
    if let (Some(visitors), Some(config)) = state
        && let Ok((actor, csrf)) = who(&request, visitors, config, false).await
    {
        let granted = Granted { actor, action: Action::Public, place: None, csrf, flash: None };
        request.extensions_mut().insert(Access(Rc::new(granted)));
    }
    Problem::not_found()
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

/// The token that a request to the API brings.
fn bearer(request: &HttpRequest) -> Option<&str> {
    let header = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
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
