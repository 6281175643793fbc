//! What the forms of our pages carry, with the proof that they are ours.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload, http::StatusCode};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::{
    auth::Access,
    body::{self, multipart},
    hex,
    idempotency::Keyed,
    problem::{FieldError, Problem},
    secret,
};

/// The largest form without a file.
const LARGEST: usize = 256 * 1_024;
/// The largest form with one.
const LARGEST_WITH_FILE: usize = LARGEST + (1 << 20);
/// The most fields of a form with a file.
const FIELDS: usize = 1_000;

/// The hidden field that says which submit this is; a second one with the same does nothing.
const FORM_KEY: &str = "form_key";
/// The hidden field that proves that the form is from our page.
const CSRF: &str = "csrf";

/// A form that was posted. Fields are texts; what is wrong with one stands beside it on the page that comes back.
#[derive(Debug)]
pub(crate) struct Form<T> {
    pub(crate) value: T,
    typed: Vec<(String, String)>,
    files: Vec<(String, Vec<u8>)>,
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

    /// A file that came with the form.
    pub(crate) fn file(&self, name: &str) -> Option<&[u8]> {
        let found = self.files.iter().find(|(known, bytes)| known == name && !bytes.is_empty());
        found.map(|(_, bytes)| bytes.as_slice())
    }

    /// The name of this submit: the same for the same form with the same in it, so that who goes back, changes
    /// something and sends it again is not taken for somebody who clicked twice.
    pub(crate) fn submit(&self) -> Option<String> {
        let mut whole = url::form_urlencoded::Serializer::new(String::new());
        whole.extend_pairs(&self.typed);
        whole
            .extend_pairs(self.files.iter().map(|(name, bytes)| (name, hex::encode(&Sha256::digest(bytes)))));
        let whole = format!("{}&{}", self.key.as_ref()?, whole.finish());
        Some(secret::derived(&whole, "submit"))
    }

    /// The submit as one that may come again.
    pub(crate) fn keyed(&self, actor: &str, route: &str) -> Option<Keyed> {
        self.submit().map(|submit| Keyed::new(actor, route, &submit, submit.as_bytes()))
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let access = request.extensions().get::<Access>().cloned();
        let kind = request.content_type().to_owned();
        let whole = request.headers().get("Content-Type").and_then(|kind| kind.to_str().ok());
        let whole = whole.unwrap_or_default().to_owned();
        let bytes = body::up_to(request, payload, LARGEST_WITH_FILE);
        Box::pin(async move {
            let proof = access.as_ref().and_then(Access::csrf);
            let bytes = bytes.await?;
            if let Some(boundary) = multipart::boundary(&whole) {
                return read_parts(&bytes, boundary, proof);
            }
            if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
                let detail = "send the form of the page, as application/x-www-form-urlencoded";
                return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", detail));
            }
            if bytes.len() > LARGEST {
                return Err(too_large());
            }
            read(&bytes, proof)
        })
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8], proof: Option<&str>) -> Result<Form<T>, Problem> {
    let fields = url::form_urlencoded::parse(bytes);
    filled(fields.map(|(name, value)| (name.into_owned(), value.into_owned())), Vec::new(), proof)
}

fn read_parts<T: DeserializeOwned>(
    bytes: &[u8],
    boundary: &str,
    proof: Option<&str>,
) -> Result<Form<T>, Problem> {
    let parts = multipart::parts(bytes, boundary, FIELDS);
    let parts =
        parts.ok_or_else(|| Problem::bad_request("form", "this form cannot be read: send it again"))?;
    let (files, fields): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| part.file.is_some());
    let files = files.into_iter().map(|part| (part.name, part.bytes.to_vec())).collect();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    filled(fields.into_iter().map(|part| (part.name, text(part.bytes))), files, proof)
}

fn filled<T: DeserializeOwned>(
    fields: impl Iterator<Item = (String, String)>,
    files: Vec<(String, Vec<u8>)>,
    proof: Option<&str>,
) -> Result<Form<T>, Problem> {
    let (mut typed, mut key, mut brought) = (Vec::new(), None, String::new());
    for (name, value) in fields {
        match name.as_str() {
            CSRF => brought = value,
            FORM_KEY => key = Some(value).filter(|key| !key.is_empty() && key.len() <= 255),
            _ => typed.push((name, value)),
        }
    }
    // Who is not signed in has nothing that another site could misuse; the guard has looked at the origin.
    if proof.is_some_and(|proof| !secret::same(proof, &brought)) {
        let detail = "this form is from an older page: load the page again and repeat it";
        return Err(Problem::new(StatusCode::FORBIDDEN, "csrf", detail));
    }
    if let Some((name, _)) = typed.iter().find(|(_, value)| value.contains('\0')) {
        let said = format!("this form cannot be read: {name} holds the character U+0000, leave it out");
        return Err(Problem::bad_request("form", said));
    }
    let fields = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&typed).finish();
    let value = serde_urlencoded::from_str(&fields)
        .map_err(|error| Problem::bad_request("form", format!("this form cannot be read: {error}")))?;
    Ok(Form { value, typed, files, key })
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
