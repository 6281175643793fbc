//! Documents that hold every property of their class, made from the class tables.

use badges_core::model::class::{Class, Range, Required};
use serde_json::{Map, Value, json};

/// How deep optional objects are filled in; below only what is required.
const DEEP: usize = 4;

/// A document of a class with every property.
pub fn whole(class: &'static Class) -> Value {
    object(class, 0)
}

fn object(class: &'static Class, depth: usize) -> Value {
    let credential = class.properties.iter().any(|property| property.name == "validFrom");
    let mut members = Map::new();
    for property in class.properties {
        // The tables do not say that a credential of this form needs its date, and criteria one of two.
        let wanted = property.required == Required::Always
            || credential && property.name == "validFrom"
            || property.name == "id"
                && ["Criteria", "CredentialStatus", "RevokedAssertion"].contains(&class.name);
        let nested = matches!(property.range, Range::Class(_) | Range::ClassOrUri(_) | Range::Reference(_));
        if wanted || depth < DEEP && (!nested || depth + 1 < DEEP) {
            let value = value(class, property.range, depth);
            // The schemas know a single status only.
            let many = property.many && property.name != "credentialStatus";
            members.insert(property.name.to_owned(), if many { json!([value]) } else { value });
        }
    }
    Value::Object(members)
}

fn value(class: &'static Class, range: Range, depth: usize) -> Value {
    match range {
        Range::Any => json!({}),
        Range::Boolean => json!(true),
        Range::Class(inner) | Range::ClassOrUri(inner) | Range::Reference(inner) => {
            object(inner(), depth + 1)
        }
        Range::CompactJws => json!("e30.e30.c2ln"),
        Range::Contexts => json!([
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ]),
        Range::Date => json!("2000-02-29"),
        Range::DateTime | Range::IsoTime => json!("2026-11-01T09:30:00+01:00"),
        Range::Email => json!("ada@example.org"),
        Range::Host => json!("badges.example"),
        Range::Language => json!("de-CH"),
        Range::Number => json!(1.5),
        Range::String | Range::Text | Range::TextOrNumber => json!("some text"),
        Range::Telephone => json!("+41435550100"),
        Range::Type => json!(class.types.first().map_or("SomeType", |group| group[0])),
        Range::Types => class.types.iter().map(|group| group[0]).collect(),
        Range::Uri => json!("urn:uuid:91537dba-56cb-11ec-bf63-0242ac130002"),
        Range::Url => json!("https://example.org/1"),
        Range::Vocabulary(vocabulary) => json!(vocabulary.terms[0]),
    }
}
