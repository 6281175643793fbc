//! What went wrong, for whoever asked: RFC 9457 for programs, words on a page for people.

pub(crate) mod kinds;

use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde::Serialize;
use tracing::error;

use crate::{db::DbError, random::RandomError};

/// How many fields one answer names: who mends a hundred sends again.
const MOST_NAMED: usize = 100;

/// An answer that is not the one that was hoped for.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Problem {
    /// A page that explains it.
    #[serde(rename = "type")]
    kind: String,
    pub(crate) title: &'static str,
    #[serde(serialize_with = "number")]
    #[schema(value_type = u16)]
    pub(crate) status: StatusCode,
    /// For programs: stable, in lower case.
    pub(crate) code: &'static str,
    /// What was found, and what to do.
    pub(crate) detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<FieldError>,
    /// Seconds after which it may be tried again.
    #[serde(skip)]
    pub(crate) retry_after: Option<u32>,
}

/// One field that cannot be taken as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = FieldProblem)]
pub(crate) struct FieldError {
    /// Where it stands: `recipients[2].email`.
    pub(crate) path: String,
    pub(crate) code: &'static str,
    /// What was found, and what to do.
    pub(crate) message: String,
}

/// The fields that cannot be taken, as they are found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults(pub(crate) Vec<FieldError>);

impl Faults {
    /// Notes what is wrong with a field, and what to do.
    pub(crate) fn note(&mut self, path: impl Into<String>, code: &'static str, message: impl Into<String>) {
        self.0.push(FieldError { path: path.into(), code, message: message.into() });
    }

    /// Notes those of several that are not good, each by its place.
    pub(crate) fn each<T>(
        &mut self,
        path: &str,
        all: &[T],
        good: impl Fn(&T) -> bool,
        (code, message): (&'static str, &str),
    ) {
        for (at, _) in all.iter().enumerate().filter(|(_, one)| !good(one)) {
            self.note(format!("{path}[{at}]"), code, message);
        }
    }

    /// All is well, or all that is not.
    pub(crate) fn none(self) -> Result<(), Problem> {
        self.none_or(Problem::invalid)
    }

    /// The same as an error of a capability.
    pub(crate) fn none_or<E>(self, error: impl FnOnce(Vec<FieldError>) -> E) -> Result<(), E> {
        if self.0.is_empty() { Ok(()) } else { Err(error(self.0)) }
    }
}

impl Problem {
    /// A problem of any status.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Problem");
        let kind = format!("/docs/problems#{code}");
        Self { kind, title, status, code, detail: detail.into(), errors: Vec::new(), retry_after: None }
    }

    /// The request itself cannot be read.
    pub(crate) fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// It was read, and cannot be done as it is.
    pub(crate) fn invalid(mut errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [only] => format!("{}: {}", only.path, only.message),
            all if all.len() <= MOST_NAMED => format!("{} fields cannot be taken as they are", all.len()),
            all => format!(
                "{} fields cannot be taken as they are: the first {MOST_NAMED} are named, mend those first",
                all.len()
            ),
        };
        errors.truncate(MOST_NAMED);
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail) }
    }

    /// One field of a request.
    pub(crate) fn field(path: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError { path: path.into(), code, message: message.into() }])
    }

    /// What is there stands against it.
    pub(crate) fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// What is there is not asked for in this way.
    pub(crate) fn not_allowed(methods: &str) -> Self {
        let detail = format!("this address takes {methods}, and nothing else");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
    }

    /// Not there, or not for this one: nobody learns which.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "there is nothing here that you may see")
    }

    /// Signed in, and without the right.
    pub(crate) fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "you do not have the right to do this: ask an owner or administrator of the organisation",
        )
    }

    /// Nobody is signed in.
    pub(crate) fn unauthorised() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorised",
            "sign in, or send a token: Authorization: Bearer …",
        )
    }

    /// More at once than there is room for.
    pub(crate) fn busy(detail: impl Into<String>, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail) }
    }

    /// Too much of one kind by one actor.
    pub(crate) fn too_many(detail: impl Into<String>, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many", detail) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.content_type("application/problem+json").insert_header(("Cache-Control", "no-store"));
        if let Some(seconds) = self.retry_after {
            response.insert_header(("Retry-After", seconds.to_string()));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header(("WWW-Authenticate", "Bearer"));
        }
        response.body(serde_json::to_vec(self).unwrap_or_default())
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        let unavailable = |code, detail: String| Self {
            retry_after: Some(1),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail)
        };
        match error {
            DbError::Busy => unavailable("busy", error.to_string()),
            DbError::Full => {
                error!(%error, "nothing can be stored");
                Self { status: StatusCode::INSUFFICIENT_STORAGE, ..unavailable("full", error.to_string()) }
            }
            DbError::Unavailable(_) => {
                error!(%error, "the database is away");
                unavailable("unavailable", "the database does not answer: try again in a second".to_owned())
            }
            DbError::Unique(found) if found.contains("idempotency_keys") => Self {
                retry_after: Some(1),
                ..Self::conflict(
                    "idempotency_key_in_use",
                    "the same request is being done: ask again in a second",
                )
            },
            DbError::Unique(_) => Self::conflict("exists", "this is there already"),
            DbError::Query(_) => {
                error!(%error, "a query failed");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "something is wrong with this service; it has been noted",
                )
            }
        }
    }
}

impl From<RandomError> for Problem {
    fn from(error: RandomError) -> Self {
        error!(%error, "no random numbers");
        Self {
            retry_after: Some(1),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", error.to_string())
        }
    }
}

/// What programs are told, as people write: a capital letter and a full stop. An address or a name of a setting at the
/// beginning stays as it is.
pub(crate) fn sentence(detail: &str) -> String {
    let word = detail.split_whitespace().next().unwrap_or_default();
    let mut characters = detail.chars();
    let first = characters.next().map(|first| match word.contains(['_', '/', '@', '=']) {
        true => first.to_string(),
        false => first.to_uppercase().to_string(),
    });
    format!("{}{}.", first.unwrap_or_default(), characters.as_str().trim_end_matches('.'))
}

fn number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}
