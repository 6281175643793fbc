//! What a route of the API reads and what it answers, for the document that tells programs so.

use std::{borrow::Cow, fmt};

use utoipa::{
    IntoParams, ToSchema,
    openapi::{
        RefOr, Schema,
        path::{Parameter, ParameterIn},
    },
};

/// A schema with its name.
pub(crate) type Named = (String, RefOr<Schema>);

/// What goes to and fro.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchange {
    pub(crate) body: Option<Body>,
    pub(crate) query: Option<fn() -> Vec<Parameter>>,
    /// What a part of a list ends with, and the next one comes after.
    pub(crate) end: Option<fn() -> RefOr<Schema>>,
    /// What is answered where all went well; some routes answer in two ways.
    pub(crate) answers: [Option<(u16, Given)>; 2],
    /// Whether the same may be sent again under an `Idempotency-Key`.
    pub(crate) repeats: bool,
    /// Statuses of refusals that its kind alone does not tell.
    pub(crate) refusals: &'static [u16],
}

/// What a request carries.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// Bytes of one of these media types.
    Bytes(&'static [&'static str]),
    /// Either.
    Either(Shape, &'static [&'static str]),
    /// A JSON document.
    Json(Shape),
}

/// What an answer carries.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Given {
    /// All of a kind, as `items`.
    All(Shape),
    /// A file of this media type.
    File(&'static str),
    Nothing,
    One(Shape),
    /// A part of a list, with where it goes on.
    Part(Shape),
    /// An object that another standard describes.
    Standard,
}

/// The schema of a type, and of all that it refers to.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) name: fn() -> Cow<'static, str>,
    schema: fn() -> RefOr<Schema>,
    others: fn(&mut Vec<Named>),
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&(self.name)())
    }
}

impl Shape {
    /// That of a type.
    pub(crate) const fn of<T: ToSchema>() -> Self {
        Self { name: T::name, schema: T::schema, others: T::schemas }
    }

    /// The schema under its name, and those that it refers to.
    pub(crate) fn all(self) -> Vec<Named> {
        let mut all = vec![((self.name)().into_owned(), (self.schema)())];
        (self.others)(&mut all);
        all
    }
}

impl Exchange {
    pub(crate) const fn new() -> Self {
        Self { body: None, query: None, end: None, answers: [None; 2], repeats: false, refusals: &[] }
    }

    /// Reads JSON.
    pub(crate) const fn json<T: ToSchema>(mut self) -> Self {
        self.body = Some(Body::Json(Shape::of::<T>()));
        self
    }

    /// Reads JSON, or bytes of other media types.
    pub(crate) const fn json_or<T: ToSchema>(mut self, kinds: &'static [&'static str]) -> Self {
        self.body = Some(Body::Either(Shape::of::<T>(), kinds));
        self
    }

    /// Reads bytes.
    pub(crate) const fn bytes(mut self, kinds: &'static [&'static str]) -> Self {
        self.body = Some(Body::Bytes(kinds));
        self
    }

    /// Reads the query of the address.
    pub(crate) const fn asks<T: IntoParams>(mut self) -> Self {
        self.query = Some(parameters::<T>);
        self
    }

    /// Answers with one thing.
    pub(crate) const fn gives<T: ToSchema>(self, status: u16) -> Self {
        self.answers(status, Given::One(Shape::of::<T>()))
    }

    /// Answers with all that there is of a kind.
    pub(crate) const fn gives_all<T: ToSchema>(self) -> Self {
        self.answers(200, Given::All(Shape::of::<T>()))
    }

    /// Answers with a part of a list, as `?after=` and `?limit=` say.
    pub(crate) const fn gives_part<T: ToSchema>(self) -> Self {
        self.answers(200, Given::Part(Shape::of::<T>()))
    }

    /// Goes on behind one of these.
    pub(crate) const fn behind<K: ToSchema>(mut self) -> Self {
        self.end = Some(K::schema);
        self
    }

    /// Answers with a file.
    pub(crate) const fn gives_file(self, kind: &'static str) -> Self {
        self.answers(200, Given::File(kind))
    }

    pub(crate) const fn gives_nothing(self) -> Self {
        self.answers(204, Given::Nothing)
    }

    pub(crate) const fn gives_standard(self) -> Self {
        self.answers(200, Given::Standard)
    }

    /// May be sent again under an `Idempotency-Key`.
    pub(crate) const fn repeats(mut self) -> Self {
        self.repeats = true;
        self
    }

    /// Refuses with these statuses too.
    pub(crate) const fn refuses(mut self, statuses: &'static [u16]) -> Self {
        self.refusals = statuses;
        self
    }

    const fn answers(mut self, status: u16, given: Given) -> Self {
        let [first, second] = &mut self.answers;
        *(if first.is_none() { first } else { second }) = Some((status, given));
        self
    }
}

fn parameters<T: IntoParams>() -> Vec<Parameter> {
    T::into_params(|| Some(ParameterIn::Query))
}
