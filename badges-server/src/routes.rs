//! One row for each address that the service answers: mounting, the check of rights, the API document and the
//! matrix of tests all come from it.

mod exchange;

use actix_web::{guard, http::Method, web};

pub(crate) use self::exchange::{Body, Exchange, Given, Named, Shape};
use crate::rights::Action;

/// An address, what it asks for, and who answers.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) method: Method,
    /// With the names of its variable parts in braces.
    pub(crate) path: &'static str,
    pub(crate) action: Action,
    /// What the right must be over.
    pub(crate) object: Object,
    /// What it does, in a few words.
    pub(crate) summary: &'static str,
    /// What the API reads and answers here; a page needs no such words.
    pub(crate) exchange: Exchange,
    pub(crate) mount: fn() -> actix_web::Route,
}

/// What a right must be over, and where its identifier stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) enum Object {
    /// `{award}` in the path.
    Award,
    /// `{badge}` in the path.
    Badge,
    /// `{batch}` in the path.
    Batch,
    /// The request names it: the handler asks [`crate::auth::Access::permit`].
    Body,
    /// `{contact}` in the path.
    Contact,
    /// `{issuer}` in the path.
    Issuer,
    /// `{message}` in the path.
    Message,
    /// Nothing in particular: the action is everybody's, or about oneself.
    None,
    /// What the query finds within the scope of the actor.
    Scoped,
}

/// A row of a table: `route!(POST "/api/v1/awards", Award over Body, award_badge, "Award a badge")`. Under `/api`
/// what it reads and answers follows, as methods of [`Exchange`].
macro_rules! route {
    ($method:ident $path:literal, $action:ident over $object:ident, $handler:path, $summary:literal
     $(, $($exchange:tt)+)?) => {
        $crate::routes::Route {
            method: actix_web::http::Method::$method,
            path: $path,
            action: $crate::rights::Action::$action,
            object: $crate::routes::Object::$object,
            summary: $summary,
            exchange: $crate::routes::Exchange::new() $($($exchange)+)?,
            mount: || $crate::routes::asked(actix_web::http::Method::$method).to($handler),
        }
    };
}
pub(crate) use route;

/// What is got can be asked for without its body too (RFC 9110 §9.3.2).
pub(crate) fn asked(method: Method) -> actix_web::Route {
    if method == Method::GET {
        return web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    }
    web::method(method)
}

impl Route {
    /// Whether programs, not people at a browser, are meant: tokens count, cookies never do.
    pub(crate) fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }
}
