//! What a number or a word in the settings may be, so that none of them makes a service that cannot work.

use std::fmt;

use toml::Value;

use super::ConfigError;

/// What a setting may be, beside being of the kind of its default.
#[derive(Clone, Copy)]
pub(crate) enum Takes {
    /// What it is for decides, elsewhere.
    Anything,
    /// A whole number from the one to the other.
    Number(i64, i64),
    /// A part of a whole.
    Share,
    /// One of these.
    Word(&'static [&'static str]),
}

impl Takes {
    /// Whether a value of the right kind can be meant.
    pub(super) fn check(self, place: &str, value: &Value) -> Result<(), ConfigError> {
        let wrong = |must: String, found: &dyn fmt::Debug| {
            Err(ConfigError::Setting(format!("{place}: must be {must}, and is {found:?}")))
        };
        match (self, value) {
            (Self::Number(least, most), Value::Integer(found)) if !(least..=most).contains(found) => {
                wrong(format!("a whole number from {least} to {most}"), found)
            }
            (Self::Share, Value::Float(found)) if !(0.0..=1.0).contains(found) => {
                wrong("a number from 0.0 to 1.0".to_owned(), found)
            }
            (Self::Word(known), Value::String(found)) if !known.contains(&found.as_str()) => {
                wrong(format!("one of {}", known.join(", ")), found)
            }
            _ => Ok(()),
        }
    }
}

/// As specs/settings.md has it; nothing where anything may be meant.
impl fmt::Display for Takes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anything => Ok(()),
            Self::Number(least, most) => write!(out, "{least} to {most}"),
            Self::Share => out.write_str("0.0 to 1.0"),
            Self::Word(known) => out.write_str(&known.join(", ")),
        }
    }
}
