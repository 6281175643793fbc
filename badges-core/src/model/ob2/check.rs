//! The rules of the classes of Open Badges 2.0 (OB 2.0 §3; where it is silent, 1EdTech's validator-core).

use crate::json::{Json, Object, Path, shortened};
use crate::model::{
    class::Class,
    form,
    identity::IdentityHash,
    kind::{Edition, Ob2Class},
    structure::{Fault, Severity, Violation, Walk},
    value::ValueError,
};

use super::{
    Assertion, BadgeClass, CryptographicKey, Endorsement, OB_20, Profile, RevocationList, point_in_time,
};

/// Says where a document is not what Open Badges 2.0 demands of its class; empty if all is well.
///
/// Documents of older editions are [upgraded](super::upgrade()) first; `edition` is what they were, because
/// some members were optional then. A revoked assertion or endorsement needs no more than its id.
pub fn check_ob2(document: &Object<'_>, class: Ob2Class, edition: Edition) -> Vec<Violation> {
    let mut walk = Walk { edition: Some(edition), ..Walk::default() };
    let path = &Path::ROOT;
    context(&mut walk, document, path);
    let revoked = matches!(document.get("revoked"), Some(Json::Boolean(true)));
    let table = match class {
        Ob2Class::Assertion => Assertion::class(),
        Ob2Class::BadgeClass => BadgeClass::class(),
        Ob2Class::CryptographicKey => CryptographicKey::class(),
        Ob2Class::Endorsement => Endorsement::class(),
        Ob2Class::Profile => Profile::class(),
        Ob2Class::RevocationList => RevocationList::class(),
    };
    if revoked && matches!(class, Ob2Class::Assertion | Ob2Class::Endorsement) {
        if document.text("id").is_none() {
            walk.refuse(&path.member("id"), Fault::Missing(table.name));
        }
        return walk.violations;
    }
    walk.object(table, document, path);
    if class == Ob2Class::RevocationList && document.get("revokedAssertions").is_none() {
        walk.refuse(&path.member("revokedAssertions"), Fault::Missing(table.name));
    }
    walk.violations
}

/// The context must be that of 2.0; one that is written out in the document is read by its terms.
fn context(walk: &mut Walk, document: &Object<'_>, path: &Path<'_>) {
    let path = path.member("@context");
    let Some(value) = document.get("@context") else {
        return walk.refuse(&path, Fault::Missing("a document of Open Badges 2.0"));
    };
    let wanted = value.one_or_many().iter().any(|item| match item {
        Json::String(url) => url.trim_end_matches('/') == OB_20,
        Json::Object(own) => own.get("obi").is_some(),
        _ => false,
    });
    if !wanted {
        let found = shortened(value.as_str().unwrap_or(value.kind()));
        walk.refuse(&path, Fault::Context { found, wanted: OB_20 });
    }
}

/// The rules of a class beyond its table.
pub(in crate::model) fn of_class(walk: &mut Walk, class: &Class, object: &Object<'_>, path: &Path<'_>) {
    match class.name {
        "Assertion" => {
            backwards(walk, object, path);
            image(walk, object, false, path);
        }
        "BadgeClass" => image(walk, object, true, path),
        "Profile" => {
            image(walk, object, true, path);
            if object.text("id").is_some_and(|id| !id.starts_with("https://")) {
                walk.note(&path.member("id"), Fault::NotHttps, Severity::Notice);
            }
        }
        "Criteria" if object.get("id").is_none() && object.get("narrative").is_none() => {
            walk.refuse(path, Fault::NoCriteria);
        }
        "IdentityObject" => identity(walk, object, path),
        "RevokedAssertion" if object.get("id").is_none() && object.get("uid").is_none() => {
            walk.refuse(&path.member("id"), Fault::Missing("an entry of a revocation list"));
        }
        _ => {}
    }
}

fn backwards(walk: &mut Walk, assertion: &Object<'_>, path: &Path<'_>) {
    let time = |name: &str| assertion.text(name).and_then(point_in_time);
    if let (Some(issued), Some(expires)) = (time("issuedOn"), time("expires"))
        && expires < issued
    {
        walk.refuse(&path.member("expires"), Fault::Backwards("issuedOn"));
    }
}

/// A picture by its address, or inside the document where that is allowed.
fn image(walk: &mut Walk, object: &Object<'_>, data: bool, path: &Path<'_>) {
    let value = object.get("image");
    let inner = value.and_then(Json::as_object);
    let text = inner.map_or_else(|| value.and_then(Json::as_str), |image| image.text("id"));
    let holds = |text: &str| match text.starts_with("data:") {
        true => (data || inner.is_some()) && form::is_image_data(text),
        false => form::is_uri(text),
    };
    if let Some(text) = text.filter(|text| !holds(text)) {
        walk.refuse(&path.member("image"), ValueError::Image(shortened(text)));
    }
}

/// A hash must be one; a plain name must look like its type (OB 2.0 §4.2).
fn identity(walk: &mut Walk, object: &Object<'_>, path: &Path<'_>) {
    let (Some(kind), Some(identity)) = (object.text("type"), object.text("identity")) else { return };
    let at = path.member("identity");
    let found = || shortened(identity);
    if matches!(object.get("hashed"), Some(Json::Boolean(true))) {
        if identity.parse::<IdentityHash>().is_err() {
            walk.refuse(&at, ValueError::Hash(found()));
        }
        return;
    }
    match kind {
        "email" if !form::is_email(identity) => walk.refuse(&at, ValueError::Email(found())),
        "telephone" if !form::is_telephone(identity) => walk.refuse(&at, ValueError::Telephone(found())),
        "url" if !form::is_web_url(identity) => walk.refuse(&at, ValueError::Url(found())),
        "id" if !form::is_uri(identity) => walk.refuse(&at, ValueError::Uri(found())),
        "email" | "telephone" | "url" | "id" => {}
        _ => walk.note(&path.member("type"), Fault::IdentityType, Severity::Notice),
    }
}

/// An extension is an object that says so; whatever else is somebody's own.
pub(in crate::model) fn unnamed(walk: &mut Walk, name: &str, value: &Json<'_>, path: &Path<'_>) {
    if !name.starts_with("extensions:") {
        return;
    }
    let many = value.as_array().is_some();
    for (at, item) in value.one_or_many().iter().enumerate() {
        let path = if many { path.item(at) } else { *path };
        match item {
            Json::Object(extension) if extension.has_type("Extension") => {}
            Json::Object(_) => walk.refuse(&path.member("type"), Fault::Type("Extension")),
            other => walk.refuse(&path, Fault::Wrong { found: other.kind(), wanted: "an object" }),
        }
    }
}
