//! The structure of any verifiable credential (VC Data Model 2.0 §4 and §5, 1.1 where it differs).

use std::collections::HashSet;

use crate::json::{Json, Object, Path, shortened};
use crate::model::{form, kind::Form, value::ValueError};

use super::{Fault, Violation, rules, terms::Terms, walk::Walk};

/// Says where a verifiable credential is not what VC Data Model 2.0 demands; empty if all is well.
///
/// This is for credentials that need not be badges, such as status lists. Contexts that stand in the document
/// itself are accepted here, and nowhere else. Of contexts that are given by URL only the terms of the data
/// model's own are known, so with another URL any term may be a type.
pub fn check_structure(credential: &Object<'_>) -> Vec<Violation> {
    let mut walk = Walk { form: Form::of(credential), ..Walk::default() };
    let path = &Path::ROOT;
    let terms = Terms::of(&mut walk, credential, path);
    types(&mut walk, &terms, credential, &["VerifiableCredential", "EnvelopedVerifiableCredential"], path);
    if credential.has_type("EnvelopedVerifiableCredential") {
        enveloped(&mut walk, credential, path);
        return walk.violations;
    }
    for name in ["issuer", "credentialSubject"] {
        if credential.get(name).is_none() {
            walk.refuse(&path.member(name), Fault::Missing("a verifiable credential"));
        }
    }
    if walk.form == Form::Vc11 && credential.get("issuanceDate").is_none() {
        walk.refuse(&path.member("issuanceDate"), Fault::Missing("a credential of VC Data Model 1.1"));
    }
    for (name, value) in credential.iter() {
        member(&mut walk, &terms, name, value, &path.member(name));
    }
    let (from, until) = (walk.form.from_member(), walk.form.until_member());
    rules::order(&mut walk, credential, from, until, path);
    walk.violations
}

fn member(walk: &mut Walk, terms: &Terms, name: &str, value: &Json<'_>, path: &Path<'_>) {
    match name {
        "@context" | "type" => {}
        "id" => url(walk, value, path),
        "name" | "description" => localized(walk, value, path),
        "issuer" => issuer(walk, value, path),
        "credentialSubject" => each(walk, value, path, subject),
        "validFrom" | "validUntil" | "issuanceDate" | "expirationDate" => time(walk, value, path),
        "credentialSchema" => each(walk, value, path, |walk, object, path| {
            typed(walk, terms, object, path);
            if object.get("id").is_none() {
                walk.refuse(&path.member("id"), Fault::Missing("a credential schema"));
            }
        }),
        "credentialStatus" | "evidence" | "proof" | "refreshService" | "termsOfUse" => {
            each(walk, value, path, |walk, object, path| typed(walk, terms, object, path));
        }
        "relatedResource" => related(walk, value, path),
        _ => rules::unnamed(walk, name, value, path),
    }
}

/// Calls `check` for the only object or each of several; anything else is refused.
fn each(
    walk: &mut Walk,
    value: &Json<'_>,
    path: &Path<'_>,
    mut check: impl FnMut(&mut Walk, &Object<'_>, &Path<'_>),
) {
    let many = value.as_array().is_some();
    if value.one_or_many().is_empty() {
        walk.refuse(path, Fault::Empty);
    }
    for (at, item) in value.one_or_many().iter().enumerate() {
        let path = if many { path.item(at) } else { *path };
        match item {
            Json::Object(object) => check(walk, object, &path),
            other => walk.refuse(&path, Fault::Wrong { found: other.kind(), wanted: "an object" }),
        }
    }
}

/// An object that must say its type and may have one id.
fn typed(walk: &mut Walk, terms: &Terms, object: &Object<'_>, path: &Path<'_>) {
    types(walk, terms, object, &[], path);
    if let Some(id) = object.get("id") {
        url(walk, id, &path.member("id"));
    }
}

/// One of the wanted types must be there, and each must be a URL or a term (§4.5).
fn types(walk: &mut Walk, terms: &Terms, object: &Object<'_>, wanted: &[&'static str], path: &Path<'_>) {
    let path = path.member("type");
    let Some(value) = object.get("type") else {
        return walk.refuse(&path, Fault::Missing("the object"));
    };
    let many = value.as_array().is_some();
    for (at, item) in value.one_or_many().iter().enumerate() {
        let path = if many { path.item(at) } else { path };
        match item {
            Json::String(name) if terms.names(name) => {}
            Json::String(name) => walk.refuse(&path, Fault::UnknownType(shortened(name))),
            other => walk.refuse(&path, Fault::Wrong { found: other.kind(), wanted: "a type by its name" }),
        }
    }
    let first = wanted.first().copied().unwrap_or("a type");
    if value.one_or_many().is_empty()
        || !wanted.is_empty() && !object.types().any(|own| wanted.contains(&own))
    {
        walk.refuse(&path, Fault::Type(first));
    }
}

fn url(walk: &mut Walk, value: &Json<'_>, path: &Path<'_>) {
    match value {
        Json::String(text) if form::is_uri(text) => {}
        Json::String(text) => walk.refuse(path, ValueError::Uri(shortened(text))),
        Json::Array(_) => walk.refuse(path, Fault::Several),
        other => walk.refuse(path, Fault::Wrong { found: other.kind(), wanted: "an absolute URI" }),
    }
}

fn time(walk: &mut Walk, value: &Json<'_>, path: &Path<'_>) {
    match value {
        Json::String(text) if form::is_date_time(text) => {}
        Json::String(text) => walk.refuse(path, ValueError::DateTime(shortened(text))),
        other => walk.refuse(path, Fault::Wrong { found: other.kind(), wanted: "a time with offset" }),
    }
}

/// A text, or language value objects (§11.1); maps from language to text are 1EdTech's own.
fn localized(walk: &mut Walk, value: &Json<'_>, path: &Path<'_>) {
    match value {
        Json::Object(object) if object.get("@value").is_none() => {
            walk.refuse(path, Fault::Wrong { found: "an object without @value", wanted: "a text" });
        }
        _ => walk.text(value, path),
    }
}

fn issuer(walk: &mut Walk, value: &Json<'_>, path: &Path<'_>) {
    let Json::Object(profile) = value else { return url(walk, value, path) };
    match profile.get("id") {
        Some(id) => url(walk, id, &path.member("id")),
        None => walk.refuse(&path.member("id"), Fault::Missing("an issuer")),
    }
    for name in ["name", "description"] {
        if let Some(value) = profile.get(name) {
            localized(walk, value, &path.member(name));
        }
    }
}

fn subject(walk: &mut Walk, subject: &Object<'_>, path: &Path<'_>) {
    if subject.is_empty() {
        walk.refuse(path, Fault::Empty);
    }
    if let Some(id) = subject.get("id") {
        url(walk, id, &path.member("id"));
    }
}

/// The credential inside is a data URL with a media type of its own (§4.13).
fn enveloped(walk: &mut Walk, credential: &Object<'_>, path: &Path<'_>) {
    let inside = |id: &str| id.starts_with("data:application/vc") || id.starts_with("data:application/jwt");
    let path = path.member("id");
    match credential.get("id") {
        Some(Json::String(id)) if inside(id) && id.contains(',') => {}
        Some(Json::String(id)) => walk.refuse(&path, ValueError::Uri(shortened(id))),
        Some(other) => walk.refuse(&path, Fault::Wrong { found: other.kind(), wanted: "a data URL" }),
        None => walk.refuse(&path, Fault::Missing("an enveloped credential")),
    }
}

/// Each related resource is named once, with a digest (§5.3).
pub(super) fn related(walk: &mut Walk, value: &Json<'_>, path: &Path<'_>) {
    let mut known = HashSet::new();
    each(walk, value, path, |walk, resource, path| {
        let id = path.member("id");
        match resource.get("id") {
            Some(own) => url(walk, own, &id),
            None => walk.refuse(&id, Fault::Missing("a related resource")),
        }
        if resource.text("id").is_some_and(|own| !known.insert(own.to_owned())) {
            walk.refuse(&id, Fault::Twice);
        }
        let sri = resource.get("digestSRI");
        let multibase = resource.get("digestMultibase");
        let formed = sri.is_none_or(|own| own.as_str().is_some_and(form::is_integrity))
            && multibase.is_none_or(|own| own.as_str().is_some_and(form::is_multibase));
        if !formed || sri.is_none() && multibase.is_none() {
            walk.refuse(path, Fault::Digest);
        }
    });
}
