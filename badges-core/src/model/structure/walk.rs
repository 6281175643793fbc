//! The walk over a document with the tables of its classes.

use crate::json::{Json, Object, Path, shortened};
use crate::model::{
    class::{Class, Property, Range, Required},
    contexts, form,
    kind::{Edition, Form},
    value::ValueError,
};

use super::{Fault, Severity, Violation, rules};

/// A walk in progress: the form of the credential at hand, and what was found.
pub(in crate::model) struct Walk {
    pub(in crate::model) form: Form,
    /// The edition, if the document is older than 3.0.
    pub(in crate::model) edition: Option<Edition>,
    pub(in crate::model) violations: Vec<Violation>,
}

impl Default for Walk {
    fn default() -> Self {
        Self { form: Form::Vc20, edition: None, violations: Vec::new() }
    }
}

impl Walk {
    /// Notes a violation that both policies mind.
    pub(in crate::model) fn refuse(&mut self, path: &Path<'_>, fault: impl Into<Fault>) {
        self.note(path, fault, Severity::Always);
    }

    /// Notes a violation, unless there are too many.
    pub(in crate::model) fn note(&mut self, path: &Path<'_>, fault: impl Into<Fault>, severity: Severity) {
        if self.violations.len() < Violation::MOST {
            self.violations.push(Violation { path: path.to_string(), fault: fault.into(), severity });
        }
    }

    /// Checks a credential, which brings its own form.
    pub(in crate::model) fn credential(
        &mut self,
        class: &'static Class,
        object: &Object<'_>,
        path: &Path<'_>,
    ) {
        let outer = std::mem::replace(&mut self.form, Form::of(object));
        self.object(class, object, path);
        self.form = outer;
    }

    /// Checks an object against the table of its class: one pass over its members, then what is missing.
    pub(in crate::model) fn object(&mut self, class: &'static Class, object: &Object<'_>, path: &Path<'_>) {
        let mut seen = 0_u64;
        let mut next = 0;
        for (name, value) in object.iter() {
            let path = path.member(name);
            match find(class.properties, name, next) {
                Some((at, property)) => {
                    seen |= 1 << at;
                    next = at + 1;
                    self.property(class, property, value, &path);
                }
                None if class.closed => self.refuse(&path, Fault::Unexpected(class.name)),
                None => rules::unnamed(self, name, value, &path),
            }
        }
        for (at, property) in class.properties.iter().enumerate() {
            if seen & (1 << at) == 0 && self.requires(property) {
                self.missing(class, property, path);
            }
        }
        rules::of_class(self, class, object, path);
    }

    fn requires(&self, property: &Property) -> bool {
        match property.required {
            Required::Always => true,
            Required::Never => false,
            Required::Vc11 => self.form == Form::Vc11,
            Required::Vc20 => self.form == Form::Vc20,
        }
    }

    fn missing(&mut self, class: &Class, property: &Property, path: &Path<'_>) {
        // Badges of the first plugfests on VC Data Model 1.1 have no name.
        let credential = class.property("@context").is_some();
        let old = |edition| match property.name {
            "email" => edition < Edition::V2_0,
            "id" | "issuedOn" => edition == Edition::V0_5,
            _ => false,
        };
        if self.edition.is_some_and(old) {
            return self.note(&path.member(property.name), Fault::Missing(class.name), Severity::Notice);
        }
        let forgiven = credential && property.name == "name" && self.form == Form::Vc11;
        let severity = if forgiven { Severity::Strict } else { Severity::Always };
        self.note(&path.member(property.name), Fault::Missing(class.name), severity);
    }

    fn property(&mut self, class: &'static Class, property: &Property, value: &Json<'_>, path: &Path<'_>) {
        match (value, property.range) {
            (Json::Null, _) if self.edition.is_some() && property.required == Required::Never => {
                self.note(path, Fault::Null, Severity::Notice);
            }
            (_, Range::Types) => self.types(class, value, path),
            (_, Range::Contexts) => self.contexts(value, path),
            (Json::Array(items), range) if property.many => {
                if items.is_empty() {
                    self.note(path, Fault::Empty, Severity::Notice);
                }
                for (at, item) in items.iter().enumerate() {
                    let path = path.item(at);
                    match item {
                        // JSON-LD flattens an array in an array; other readers do not.
                        Json::Array(_) => self.refuse(&path, Fault::Several),
                        item => self.value(class, range, item, &path),
                    }
                }
            }
            (_, range) => self.value(class, range, value, path),
        }
    }

    fn value(&mut self, class: &'static Class, range: Range, value: &Json<'_>, path: &Path<'_>) {
        match (range, value) {
            (Range::Any, _) | (Range::Boolean, Json::Boolean(_)) => {}
            (_, Json::Null) => self.refuse(path, Fault::Null),
            (
                Range::Class(inner) | Range::ClassOrUri(inner) | Range::Reference(inner),
                Json::Object(object),
            ) => {
                let inner = inner();
                if self.edition.is_none() && inner.property("@context").is_some() {
                    self.credential(inner, object, path);
                } else {
                    self.object(inner, object, path);
                }
            }
            (Range::ClassOrUri(_), Json::String(text)) => match form::is_uri(text) {
                true => self.note(path, Fault::IssuerUri, Severity::Strict),
                false => self.refuse(path, ValueError::Uri(shortened(text))),
            },
            (Range::Number | Range::TextOrNumber, Json::Number(_)) => {}
            (Range::Text, value) => self.text(value, path),
            (Range::Type, Json::String(text)) => {
                for group in class.types.iter().filter(|group| !group.contains(&text.as_ref())) {
                    self.refuse(path, Fault::Type(group.first().copied().unwrap_or_default()));
                }
                if text.is_empty() {
                    self.refuse(path, Fault::Empty);
                }
            }
            (range, Json::String(text)) => match well_formed(range, text) {
                Ok(()) => {}
                Err(fault) => self.refuse(path, fault),
            },
            (_, Json::Array(_)) => self.refuse(path, Fault::Several),
            (range, other) => self.refuse(path, Fault::Wrong { found: other.kind(), wanted: wanted(range) }),
        }
    }

    /// A text for people: plain, a language value object or several, or a map from language to text.
    pub(in crate::model) fn text(&mut self, value: &Json<'_>, path: &Path<'_>) {
        match value {
            Json::String(_) => {}
            Json::Object(object) => rules::language(self, object, path),
            Json::Array(items) => {
                if items.is_empty() {
                    self.refuse(path, Fault::Empty);
                }
                for (at, item) in items.iter().enumerate() {
                    match item {
                        Json::Object(object) if object.get("@value").is_some() => {
                            rules::language(self, object, &path.item(at));
                        }
                        other => self.refuse(
                            &path.item(at),
                            Fault::Wrong { found: other.kind(), wanted: "a text with @value and @language" },
                        ),
                    }
                }
            }
            other => self.refuse(path, Fault::Wrong { found: other.kind(), wanted: "a text" }),
        }
    }

    fn types(&mut self, class: &Class, value: &Json<'_>, path: &Path<'_>) {
        let items = value.one_or_many();
        for (at, item) in items.iter().enumerate() {
            let path = if value.as_array().is_some() { path.item(at) } else { *path };
            match item {
                Json::String(_) => {}
                other => {
                    self.refuse(&path, Fault::Wrong { found: other.kind(), wanted: "a type by its name" })
                }
            }
        }
        for group in class.types {
            if !items.iter().filter_map(Json::as_str).any(|own| group.contains(&own)) {
                self.refuse(path, Fault::Type(group.first().copied().unwrap_or_default()));
            }
        }
    }

    /// First the context of the data model, then that of Open Badges, and no others between.
    fn contexts(&mut self, value: &Json<'_>, path: &Path<'_>) {
        if self.edition.is_some() {
            return;
        }
        let Json::Array(items) = value else {
            return self.refuse(path, Fault::Wrong { found: value.kind(), wanted: "an array of contexts" });
        };
        let found = |item: Option<&Json<'_>>| match item {
            Some(Json::String(url)) => shortened(url),
            Some(other) => other.kind().to_owned(),
            None => "nothing".to_owned(),
        };
        let mut contexts = items.iter();
        let first = contexts.next();
        if !matches!(first.and_then(Json::as_str), Some(contexts::VC_11 | contexts::VC_20)) {
            self.refuse(&path.item(0), Fault::Context { found: found(first), wanted: contexts::VC_20 });
        }
        let second = contexts.next();
        match second.and_then(Json::as_str) {
            Some(contexts::OB_30) => {}
            Some(url) if contexts::is_ob_30(url) => {
                self.note(&path.item(1), Fault::OldContext, Severity::Notice);
            }
            _ => self.refuse(&path.item(1), Fault::Context { found: found(second), wanted: contexts::OB_30 }),
        }
    }
}

/// The property of a name. Documents mostly keep the order of the table, so the search starts after the last.
fn find(properties: &'static [Property], name: &str, next: usize) -> Option<(usize, &'static Property)> {
    let from_next = properties.iter().enumerate().skip(next);
    let before = properties.iter().enumerate().take(next);
    from_next.chain(before).find(|(_, property)| property.name == name)
}

/// Whether a text has the form of its range.
fn well_formed(range: Range, text: &str) -> Result<(), Fault> {
    let (holds, error): (bool, fn(String) -> ValueError) = match range {
        Range::String | Range::TextOrNumber => return Ok(()),
        Range::CompactJws => (form::is_compact_jws(text), ValueError::CompactJws),
        Range::Date => (form::is_date(text), ValueError::Date),
        Range::DateTime => (form::is_date_time(text), ValueError::DateTime),
        Range::Email => (form::is_email(text), ValueError::Email),
        Range::Host => (form::is_host(text), ValueError::Host),
        Range::IsoTime => (form::is_iso_time(text), ValueError::IsoTime),
        Range::Language => (form::is_language(text), ValueError::Language),
        Range::Reference(_) => (form::is_uri(text) || form::is_image_data(text), ValueError::Uri),
        Range::Telephone => (form::is_telephone(text), ValueError::Telephone),
        Range::Uri => (form::is_uri(text), ValueError::Uri),
        Range::Url => (form::is_web_url(text), ValueError::Url),
        Range::Vocabulary(vocabulary) if vocabulary.contains(text) => return Ok(()),
        Range::Vocabulary(vocabulary) => return Err(ValueError::term(vocabulary, text).into()),
        other => return Err(Fault::Wrong { found: "a text", wanted: wanted(other) }),
    };
    if holds { Ok(()) } else { Err(error(shortened(text)).into()) }
}

fn wanted(range: Range) -> &'static str {
    match range {
        Range::Any => "any value",
        Range::Boolean => "true or false",
        Range::Class(_) => "an object",
        Range::Email => "an e-mail address",
        Range::Host => "the name of a host",
        Range::Reference(_) => "an object or its URI",
        Range::Telephone => "a telephone number",
        Range::TextOrNumber => "a text or a number",
        Range::Url => "an address of the web",
        Range::ClassOrUri(_) => "a profile",
        Range::CompactJws => "a compact JWS",
        Range::Contexts => "an array of contexts",
        Range::Date => "a day",
        Range::DateTime | Range::IsoTime => "a time with offset",
        Range::Language => "a language tag",
        Range::Number => "a number",
        Range::String | Range::Text => "a text",
        Range::Type | Range::Types => "a type by its name",
        Range::Uri => "an absolute URI",
        Range::Vocabulary(_) => "a term of the vocabulary",
    }
}
