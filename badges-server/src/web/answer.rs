//! A page on its way out: what it may load, who may keep it, and whether a page was asked for at all.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    cookie::Cookie,
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderValue},
    },
    web::Data,
};
use askama::Template;
use tracing::error;

use crate::{
    auth::{Access, Jar},
    caching::{self, Freshness},
    config::Config,
    problem::Problem,
    web::components::Flash,
};

/// What a page may load and where its forms go: nothing but this service, and no script or style within the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";

/// Answers with a page. Who is signed in sees a page of their own, which nobody keeps.
pub(crate) fn page(
    request: &HttpRequest,
    access: &Access,
    page: &impl Template,
) -> Result<HttpResponse, Problem> {
    let freshness = if access.visitor().is_some() { Freshness::Private } else { Freshness::Short };
    let bytes = render(page)?.into_bytes();
    let mut response = caching::answer(request, HTML, bytes, freshness, &["Accept", "Cookie"]);
    response.headers_mut().remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    guard(response.headers_mut());
    if access.flash().is_some() {
        forget_flash(request, &mut response)?;
    }
    Ok(response)
}

/// What was done is said once.
fn forget_flash(request: &HttpRequest, response: &mut HttpResponse) -> Result<(), Problem> {
    let Some(config) = request.app_data::<Data<Config>>() else { return Ok(()) };
    with_cookie(response, &Jar::Flash.with(config, ""))
}

/// Adds a cookie to an answer.
pub(crate) fn with_cookie(response: &mut HttpResponse, cookie: &Cookie<'_>) -> Result<(), Problem> {
    response.add_cookie(cookie).map_err(|error| {
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            format!("a cookie cannot be set: {error}"),
        )
    })
}

/// Leads on after a form was taken.
pub(crate) fn see_other(place: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header((header::LOCATION, place)).insert_header((header::CACHE_CONTROL, "no-store"));
    answer
}

/// Leads on, and the next page says what was done.
pub(crate) fn done(config: &Config, place: &str, flash: &Flash) -> HttpResponse {
    see_other(place).cookie(Jar::Flash.with(config, &flash.written())).finish()
}

/// Answers with a page that says that something is not so; nobody keeps it.
pub(crate) fn page_of(status: StatusCode, page: &impl Template) -> Result<HttpResponse, Problem> {
    let mut response = HttpResponse::build(status)
        .content_type(HTML)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::VARY, "Accept, Cookie"))
        .body(render(page)?);
    guard(response.headers_mut());
    Ok(response)
}

/// Answers with a page that is as it should be, or says that something is not.
pub(crate) fn page_as(
    request: &HttpRequest,
    access: &Access,
    status: StatusCode,
    page: &impl Template,
) -> Result<HttpResponse, Problem> {
    if status == StatusCode::OK { self::page(request, access, page) } else { page_of(status, page) }
}

/// Whether somebody at a browser asks: HTML is named, and nothing is liked better.
pub(crate) fn is_wanted(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let (mut html, mut other) = (0.0_f32, 0.0_f32);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
        let best = if kind == "text/html" { &mut html } else { &mut other };
        *best = best.max(weight);
    }
    html > 0.0 && html >= other
}

fn guard(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
}

fn render(page: &impl Template) -> Result<String, Problem> {
    page.render().map_err(|error| {
        error!(%error, "a page cannot be written");
        let detail = "something is wrong with this service; it has been noted";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_told_from_a_program() {
        let check = |accept: &'static str, page: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(is_wanted(&headers), page, "{accept}");
        };

        check("text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", true);
        check("text/html", true);
        check("*/*", false);
        check("", false);
        check("application/vc, text/html;q=0.5", false);
        check("text/html;q=0", false);
    }
}
