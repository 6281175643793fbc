//! The text of a template: JSON, or TOML for people.

use std::borrow::Cow;

use badges_core::json::{self, Json, Limits, Object};

use super::TemplateError;

/// Reads a template: JSON if it begins like it, TOML otherwise.
pub(super) fn read(bytes: &[u8]) -> Result<Object<'_>, TemplateError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let json = bytes.trim_ascii_start().first().is_none_or(|first| *first == b'{');
    let value = if json {
        json::read(bytes, &Limits::default()).map_err(TemplateError::SyntaxJson)?
    } else {
        let text = str::from_utf8(bytes).map_err(|_| TemplateError::SyntaxToml("not UTF-8".to_owned()))?;
        let table: toml::Table =
            toml::from_str(text).map_err(|error| TemplateError::SyntaxToml(flat(&error.to_string())))?;
        from_toml(toml::Value::Table(table), "")?
    };
    match value {
        Json::Object(template) => Ok(template),
        other => Err(TemplateError::NotAnObject { path: "$".to_owned(), found: other.kind() }),
    }
}

/// The parser's message, which draws the line of the text below it, on one line.
fn flat(message: &str) -> String {
    message.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

fn from_toml(value: toml::Value, path: &str) -> Result<Json<'static>, TemplateError> {
    Ok(match value {
        toml::Value::String(text) => Json::String(Cow::Owned(text)),
        // Beyond 2^53 the strict reader of the finished badge refuses the number.
        toml::Value::Integer(number) => Json::Number(number as f64),
        toml::Value::Float(number) if number.is_finite() => Json::Number(number),
        toml::Value::Float(_) => return Err(TemplateError::NotFinite(path.to_owned())),
        toml::Value::Boolean(value) => Json::Boolean(value),
        toml::Value::Datetime(time) => Json::String(Cow::Owned(time.to_string())),
        toml::Value::Array(items) => {
            let items = items.into_iter().enumerate();
            let items = items.map(|(at, item)| from_toml(item, &format!("{path}[{at}]")));
            Json::Array(items.collect::<Result<_, _>>()?)
        }
        toml::Value::Table(members) => {
            let mut object = Object::new();
            for (name, member) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let member = from_toml(member, &path)?;
                object.set(name, member);
            }
            Json::Object(object)
        }
    })
}
