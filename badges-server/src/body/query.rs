//! What the query of an address asks for, read strictly: no name that is not known, none twice, and the field named
//! in each refusal.

use std::{fmt::Display, future, ops::Deref, str::FromStr};

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use url::form_urlencoded;

use super::shape::shape;
use crate::problem::Problem;

/// What is asked for. Names that the type does not have are refused where it is marked so.
#[derive(Clone, Debug)]
pub(crate) struct Query<T>(T);

impl<T> Query<T> {
    pub(crate) fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        future::ready(read(request.query_string(), &[]).map(Self))
    }
}

fn read<T: DeserializeOwned>(query: &str, besides: &[&str]) -> Result<T, Problem> {
    let fields = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(fields).map_err(|error| shape(&error, "query", besides))
}

/// Which part of a list is asked for: `?after=` the end of the last part, `?limit=` at most so many; and what is
/// looked for besides.
#[derive(Clone, Debug)]
pub(crate) struct Page<F = Everything> {
    pub(crate) after: Option<String>,
    pub(crate) limit: i64,
    pub(crate) filter: F,
    /// The address of the list, with all that is asked for besides, up to where these two go.
    path: String,
}

/// A list in which nothing is looked for.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Everything {}

/// The most rows of a part, and how many there are unasked.
pub(crate) const MOST_ROWS: i64 = 200;
pub(crate) const ROWS: i64 = 50;

#[derive(Serialize)]
struct Part<R> {
    items: Vec<R>,
    /// What to ask for next, as `?after=`; none at the end.
    next: Option<String>,
}

impl<F> Page<F> {
    /// Behind what the part begins.
    pub(crate) fn behind<K: FromStr<Err: Display>>(&self) -> Result<Option<K>, Problem> {
        let fault = |error: K::Err| astray(&error.to_string());
        self.after.as_deref().map(str::parse).transpose().map_err(fault)
    }

    /// A part of a list, from one row more than it shows.
    pub(crate) fn answer<T, R: Serialize>(
        &self,
        mut rows: Vec<T>,
        end: impl Fn(&T) -> String,
        row: impl Fn(T) -> R,
    ) -> HttpResponse {
        let limit = usize::try_from(self.limit).unwrap_or_default();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(end);
        self.answer_with(rows.into_iter().map(row).collect(), next)
    }

    /// A part of a list, where it is known already what the next one comes after.
    pub(crate) fn answer_with<R: Serialize>(&self, items: Vec<R>, next: Option<String>) -> HttpResponse {
        let limit = self.limit;
        let mut response = HttpResponse::Ok();
        if let Some(next) = &next {
            let after: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
            let link = format!("<{}after={after}&limit={limit}>; rel=\"next\"", self.path);
            response.insert_header(("Link", link));
        }
        response.json(Part { items, next })
    }
}

/// The end of a part that is none.
pub(crate) fn astray(found: &str) -> Problem {
    Problem::field("after", "value", format!("{found}: leave it out, or take `next` of the part before"))
}

impl<F: DeserializeOwned> FromRequest for Page<F> {
    type Error = Problem;
    type Future = future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        future::ready(page(request))
    }
}

fn page<F: DeserializeOwned>(request: &HttpRequest) -> Result<Page<F>, Problem> {
    let (mut after, mut limit) = (None, None);
    let mut besides = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
        let own = match name.as_ref() {
            "after" => &mut after,
            "limit" => &mut limit,
            _ => {
                besides.append_pair(&name, &value);
                continue;
            }
        };
        if own.replace(value.into_owned()).is_some() {
            return Err(Problem::field(name, "twice", "stands there twice: say it once"));
        }
    }
    let besides = besides.finish();
    let filter = read(&besides, &["after", "limit"])?;
    let limit = limit.map_or(Some(ROWS), |limit| limit.parse().ok());
    let limit = limit.filter(|limit| (1..=MOST_ROWS).contains(limit)).ok_or_else(|| {
        Problem::field("limit", "range", format!("must be a whole number from 1 to {MOST_ROWS}"))
    })?;
    let and = if besides.is_empty() { "" } else { "&" };
    Ok(Page { after, limit, filter, path: format!("{}?{besides}{and}", request.path()) })
}
