//! The pages for what could not be done: what happened, and a way on.

use actix_web::{
    Error, HttpMessage as _, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
    middleware::Next,
    web::Data,
};
use askama::Template;

use crate::{
    auth::{Above, Access},
    config::Config,
    problem::{Problem, sentence},
    web::{
        answer,
        frame::{Frame, SERVICE},
        way,
    },
};

/// What happened, and where to go from here.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    /// The frame; its title is the first line of the page.
    pub(crate) frame: Frame,
    /// What happened, and what to do, in one or two sentences.
    pub(crate) text: String,
    /// What was found in particular, such as the reason of a refusal.
    pub(crate) detail: Option<String>,
    /// The label and the address of the way on.
    pub(crate) way: (String, String),
}

impl ErrorPage {
    /// The page for a status of HTTP; an unknown one reads as a fault of the service.
    pub(crate) fn of(service: &str, status: u16, detail: Option<String>) -> Self {
        Self::saying(service, words(status), detail)
    }

    fn saying(service: &str, words: Words, detail: Option<String>) -> Self {
        let (title, text, label, href) = words;
        Self {
            frame: Frame::new(service, title, text),
            text: text.to_owned(),
            detail,
            way: (label.to_owned(), href.to_owned()),
        }
    }
}

/// Answers with the page where somebody at a browser is told of a problem; programs get the problem as it is.
pub(crate) async fn for_people(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let person = !request.path().starts_with("/api/") && answer::is_wanted(request.headers());
    let answered = next.call(request).await?.map_into_boxed_body();
    if !person {
        return Ok(answered);
    }
    let problem = answered.response().error().and_then(|error| error.as_error::<Problem>().cloned());
    let page = problem.and_then(|problem| {
        let request = answered.request();
        if problem.status == StatusCode::UNAUTHORIZED && request.method().is_safe() {
            return Some(to_sign_in(request));
        }
        if let Some(Above(page)) = request.extensions().get::<Above>() {
            return Some(answer::see_other(page).finish());
        }
        written(&problem, request, answered.response())
    });
    Ok(match page {
        Some(page) => answered.into_response(page),
        None => answered,
    })
}

/// Who is not signed in signs in first, and then sees what they wanted.
fn to_sign_in(request: &HttpRequest) -> HttpResponse {
    let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
    answer::see_other(&way::with("/sign-in", "next", wanted)).finish()
}

fn written(problem: &Problem, request: &HttpRequest, plain: &HttpResponse) -> Option<HttpResponse> {
    let detail = match problem.status.as_u16() {
        // The page says it in better words.
        401 | 404 | 500 => None,
        403 if problem.detail == Problem::forbidden().detail => None,
        _ => Some(sentence(&problem.detail)),
    };
    let mut page = match problem.code {
        "csrf" => ErrorPage::saying(SERVICE, OLDER_FORM, None),
        _ => ErrorPage::of(SERVICE, problem.status.as_u16(), detail),
    };
    let access = request.extensions().get::<Access>().cloned();
    if let (Some(access), Some(config)) = (access, request.app_data::<Data<Config>>()) {
        let Frame { title, description, .. } = page.frame;
        page.frame = Frame { canonical: None, ..Frame::of(&access, config, "", title, description) };
    }
    let mut response = answer::page_of(problem.status, &page).ok()?;
    for (name, value) in plain.headers() {
        if name != header::CONTENT_TYPE {
            response.headers_mut().insert(name.clone(), value.clone());
        }
    }
    Some(response)
}

/// The first line, what happened, and the label and the address of the way on.
type Words = (&'static str, &'static str, &'static str, &'static str);

/// Whoever signed in anew in another tab sends such a form.
const OLDER_FORM: Words = (
    "This form is from an older page",
    "Probably you signed in again since you opened it. Nothing was done. Go back and copy what you typed, load that \
     page again, and send it from there.",
    "To the first page",
    "/",
);

#[expect(clippy::too_many_lines, reason = "a table of words")]
fn words(status: u16) -> Words {
    match status {
        400 => (
            "This request cannot be read",
            "Something in the address or the form is not as it should be. Go back and try once more.",
            "To the first page",
            "/",
        ),
        401 => (
            "Sign in first",
            "This page is for people who are signed in. We send a link to your address; there is no password.",
            "Sign in",
            "/sign-in",
        ),
        403 => (
            "This is not yours to open",
            "Your role does not reach this page. An owner or administrator of the organisation can change that.",
            "See the badges",
            "/badges",
        ),
        404 => (
            "There is nothing here",
            "The address may have a mistake, or what stood here is private. A badge that you hold as a file can \
             be checked without its page.",
            "Verify a badge",
            "/verify",
        ),
        405 => (
            "This address takes something else",
            "It was opened in a way that it does not know. Go to a page that leads to it.",
            "To the first page",
            "/",
        ),
        408 => (
            "This came too slowly",
            "Not all of it arrived in time, and nothing was done. Go back, and send it again.",
            "To the first page",
            "/",
        ),
        409 => (
            "This cannot be done as things stand",
            "Nothing was done, and nothing is lost: something that is there already stands against it.",
            "To the first page",
            "/",
        ),
        412 => (
            "Somebody was quicker",
            "What you saw has changed since you opened it. Go back, load the page again, and repeat your change.",
            "To the first page",
            "/",
        ),
        410 => (
            "This is no longer here",
            "It was taken away for good, and nothing takes its place.",
            "See the badges",
            "/badges",
        ),
        413 => (
            "This file is too large",
            "A badge is at most 4 MB. If yours is larger, check the original file, not a photo or a copy of it.",
            "Verify a badge",
            "/verify",
        ),
        415 => (
            "This is of a kind that is not read here",
            "Go back to the form of the page, and send that.",
            "To the first page",
            "/",
        ),
        422 => (
            "This cannot be done as it was asked",
            "Go back: what you typed is still there. Change what is named here and send it again.",
            "To the first page",
            "/",
        ),
        429 => (
            "That was too often",
            "Wait a minute and try once more. Nothing was lost, and nothing was done twice.",
            "To the first page",
            "/",
        ),
        503 => (
            "We are busy",
            "The service has more to do than it can at the moment. Try again in a minute; badges that were \
             awarded are safe.",
            "To the first page",
            "/",
        ),
        _ => (
            "Something went wrong here",
            "The fault is ours, and it was noted. Try again; if it stays, tell the people who run this service.",
            "To the first page",
            "/",
        ),
    }
}
