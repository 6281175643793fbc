//! The documents that the host has supplied, and what is said of those that are of no use.

use std::fmt;

use super::{
    Code, Options,
    judge::{Answer, Reason},
};
use crate::json::{Json, Object, read};

/// Reads a document that was supplied under an address.
pub(super) fn fetch<'t>(text: &'t [u8], address: &str, options: &Options<'_>) -> Answer<Object<'t>> {
    match read(text, &options.bounds.json) {
        Ok(Json::Object(object)) => Ok(object),
        Ok(other) => Err(malformed(address, format_args!("must be an object, and is {}", other.kind()))),
        Err(error) => Err(malformed(address, error)),
    }
}

pub(super) fn missing(address: &str) -> Reason {
    Reason::new(Code::DocumentMissing, "", format!("the document at {address} was not supplied"))
}

pub(super) fn malformed(address: &str, why: impl fmt::Display) -> Reason {
    Reason::new(Code::DocumentMalformed, "", format!("the document at {address}: {why}"))
}
