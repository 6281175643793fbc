//! A page in its plainest form: a sentence, and forms with one button each.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use crate::{auth::Access, problem::FieldError};

/// A page.
#[derive(Debug, Template)]
#[template(path = "accounts/plain.html")]
pub(crate) struct Plain {
    title: String,
    lead: String,
    errors: Vec<FieldError>,
    forms: Vec<Posted>,
    csrf: String,
    /// A label and where it leads.
    way: Option<(String, String)>,
}

/// A form with one button.
#[derive(Clone, Debug)]
pub(crate) struct Posted {
    pub(crate) action: String,
    pub(crate) label: String,
    pub(crate) fields: Vec<Input>,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) value: String,
}

impl Plain {
    pub(crate) fn new(access: &Access, title: impl Into<String>, lead: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            lead: lead.into(),
            errors: Vec::new(),
            forms: Vec::new(),
            csrf: access.csrf().unwrap_or_default().to_owned(),
            way: None,
        }
    }

    pub(crate) fn form(mut self, action: &str, label: &str, fields: Vec<Input>) -> Self {
        self.forms.push(Posted { action: action.to_owned(), label: label.to_owned(), fields });
        self
    }

    pub(crate) fn way(mut self, label: &str, href: &str) -> Self {
        self.way = Some((label.to_owned(), href.to_owned()));
        self
    }

    pub(crate) fn errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// Nobody keeps it, no frame shows it, and its address goes to no other site.
    pub(crate) fn answer(&self, status: StatusCode) -> HttpResponse {
        HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .insert_header(("Cache-Control", "no-store"))
            .insert_header(("Referrer-Policy", "same-origin"))
            .insert_header((
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
                 base-uri 'none'; frame-ancestors 'none'",
            ))
            .body(self.render().unwrap_or_default())
    }
}
