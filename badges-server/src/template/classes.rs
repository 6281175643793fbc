//! What a person need not write: types, arrays around single values, objects around single texts.

use std::borrow::Cow;

use badges_core::{
    json::{Json, Object},
    model::class::{Class, Property, Range},
};

use super::{TemplateError, text};
use crate::dates::{self, Edge};

/// The member that a text alone stands for, by class.
const SHORTHANDS: [(&str, &str); 4] =
    [("Criteria", "narrative"), ("Evidence", "id"), ("Image", "id"), ("Profile", "name")];

/// Completes an object of a class, and all objects in it.
pub(super) fn complete<'t>(
    written: Object<'t>,
    class: &'static Class,
    path: &str,
) -> Result<Object<'t>, TemplateError> {
    let mut object = Object::new();
    let first = ["id", "type"];
    let rest = written.iter().map(|(name, _)| name).filter(|name| !first.contains(name));
    for name in first.into_iter().chain(rest) {
        let Some(value) = written.get(name) else {
            if let Some(kind) = kind(class).filter(|_| name == "type") {
                object.set(name.to_owned(), kind);
            }
            continue;
        };
        let path = format!("{path}.{name}");
        let Some((_, property)) = class.property(name) else {
            let known = class.properties.iter().map(|property| property.name).collect::<Vec<_>>().join(", ");
            return Err(TemplateError::Unknown { path, class: class.name, known });
        };
        object.set(name.to_owned(), values(value.clone(), property, &path)?);
    }
    Ok(object)
}

/// The `type` of a class, if it has one.
fn kind(class: &Class) -> Option<Json<'static>> {
    let (_, property) = class.property("type")?;
    let names = class.types.iter().filter_map(|names| names.first());
    let mut names: Vec<_> = names.map(|name| Json::String(Cow::Borrowed(*name))).collect();
    match property.range {
        Range::Types => Some(Json::Array(names)),
        _ => names.pop(),
    }
}

fn values<'t>(value: Json<'t>, property: &Property, path: &str) -> Result<Json<'t>, TemplateError> {
    match value {
        Json::Array(items) => {
            let items = items.into_iter().enumerate();
            let items = items.map(|(at, item)| one(item, property, &format!("{path}[{at}]")));
            Ok(Json::Array(items.collect::<Result<_, _>>()?))
        }
        item if property.many => Ok(Json::Array(vec![one(item, property, path)?])),
        item => one(item, property, path),
    }
}

fn one<'t>(value: Json<'t>, property: &Property, path: &str) -> Result<Json<'t>, TemplateError> {
    let class = match property.range {
        // What others have signed stays as it is.
        Range::Class(class) if class().name != "EndorsementCredential" => class(),
        Range::ClassOrUri(class) => class(),
        Range::DateTime => return time(value, path),
        _ => return Ok(value),
    };
    let shorthand = SHORTHANDS.iter().find(|(name, _)| *name == class.name).map(|(_, member)| *member);
    let object = match (value, shorthand) {
        (Json::Object(object), _) => object,
        (Json::String(written), Some(member)) => {
            let mut object = Object::new();
            object.set(member, Json::String(written));
            object
        }
        // The structure check says what belongs here.
        (other, _) => return Ok(other),
    };
    complete(object, class, path).map(Json::Object)
}

/// A date alone means the first second of that day, or the last if something ends with it.
fn time<'t>(value: Json<'t>, path: &str) -> Result<Json<'t>, TemplateError> {
    let Json::String(written) = value else {
        return Ok(value);
    };
    let edge = if path.ends_with("validUntil") { Edge::End } else { Edge::Start };
    match dates::read(&written, edge) {
        Ok(time) => Ok(text(time.to_string())),
        Err(reason) => Err(TemplateError::Time { path: path.to_owned(), reason }),
    }
}

/// Evidence that a list of recipients names: an address, or words.
pub(super) fn evidence(written: String) -> Object<'static> {
    let mut object = Object::new();
    let address = url::Url::parse(&written).is_ok() && !written.contains(char::is_whitespace);
    object.set(if address { "id" } else { "narrative" }, text(written));
    object.set("type", Json::Array(vec![Json::String(Cow::Borrowed("Evidence"))]));
    object
}
