//! What the forms of our pages carry, with the proof that they are ours.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload, http::StatusCode};
use serde::de::DeserializeOwned;

use crate::{
    auth::Access,
    body,
    idempotency::Keyed,
    problem::{FieldError, Problem},
    secret,
};

/// The largest form without a file.
const LARGEST: usize = 256 * 1_024;

/// The hidden field that says which submit this is; a second one with the same does nothing.
const FORM_KEY: &str = "form_key";
/// The hidden field that proves that the form is from our page.
const CSRF: &str = "csrf";

/// A form that was posted. Fields are texts; what is wrong with one stands beside it on the page that comes back.
#[derive(Debug)]
pub(crate) struct Form<T> {
    pub(crate) value: T,
    typed: Vec<(String, String)>,
    key: Option<String>,
}

/// A form that is a button.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Nothing {}

impl<T> Form<T> {
    /// All fields as they were typed, to be shown again.
    pub(crate) fn typed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.typed.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The fields that start with these words and are ticked, by what stands behind.
    pub(crate) fn ticked<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        self.typed().filter_map(move |(name, _)| name.strip_prefix(prefix))
    }

    /// The submit as one that may come again.
    pub(crate) fn keyed(&self, actor: &str, route: &str) -> Option<Keyed> {
        let mut whole = url::form_urlencoded::Serializer::new(String::new());
        whole.extend_pairs(&self.typed);
        self.key.as_ref().map(|key| Keyed::new(actor, route, key, whole.finish().as_bytes()))
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let access = request.extensions().get::<Access>().cloned();
        let kind = request.content_type().to_owned();
        let bytes = body::whole(request, payload);
        Box::pin(async move {
            if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
                let detail = "send the form of the page, as application/x-www-form-urlencoded";
                return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", detail));
            }
            let bytes = bytes.await?;
            if bytes.len() > LARGEST {
                return Err(too_large());
            }
            read(&bytes, access.as_ref().and_then(Access::csrf))
        })
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8], proof: Option<&str>) -> Result<Form<T>, Problem> {
    let (mut typed, mut key, mut brought) = (Vec::new(), None, String::new());
    for (name, value) in url::form_urlencoded::parse(bytes) {
        match name.as_ref() {
            CSRF => brought = value.into_owned(),
            FORM_KEY => key = Some(value.into_owned()).filter(|key| !key.is_empty() && key.len() <= 255),
            _ => typed.push((name.into_owned(), value.into_owned())),
        }
    }
    // Who is not signed in has nothing that another site could misuse; the guard has looked at the origin.
    if proof.is_some_and(|proof| !secret::same(proof, &brought)) {
        let detail = "this form is from an older page: load the page again and repeat it";
        return Err(Problem::new(StatusCode::FORBIDDEN, "csrf", detail));
    }
    let fields = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&typed).finish();
    let value = serde_urlencoded::from_str(&fields)
        .map_err(|error| Problem::bad_request("form", format!("this form cannot be read: {error}")))?;
    Ok(Form { value, typed, key })
}

fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the form is larger than this service takes")
}

/// A field whose text is read as something; what is wrong goes to the others that are.
pub(crate) fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
    path: &str,
    text: &str,
    faults: &mut Vec<FieldError>,
) -> Option<T> {
    match text.trim().parse() {
        Ok(value) => Some(value),
        Err(error) => {
            faults.push(FieldError { path: path.to_owned(), code: "form", message: error.to_string() });
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Asked {
        email: String,
        next: Option<String>,
    }

    #[test]
    fn a_form_is_read_with_its_proof_and_not_without() {
        let body = b"csrf=abc&form_key=k1&email=ada%40example.org&scope-x=on";
        let form: Form<Asked> = read(body, Some("abc")).unwrap();

        assert_eq!((form.value.email.as_str(), form.value.next), ("ada@example.org", None));
        assert_eq!(form.typed.len(), 2);
        let refused = |body: &[u8], proof| read::<Asked>(body, proof).unwrap_err().status.as_u16();
        assert_eq!(refused(body, Some("other")), 403);
        assert_eq!(refused(b"email=ada%40example.org", Some("abc")), 403);
        assert_eq!(refused(b"next=/", None), 400);
        assert_eq!(refused(b"email=a&email=b", None), 400);
        assert!(read::<Asked>(b"email=a&next=%2Fme", None).is_ok());
    }
}
