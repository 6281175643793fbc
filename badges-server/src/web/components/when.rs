//! A day or a minute, written out.

use askama::Template;
use badges_core::time::Timestamp;

use crate::{clock::Moment, dates, web::components::escapes_itself};

/// A time for people, with the exact one for machines.
#[derive(Clone, Debug, Template)]
#[template(source = r#"<time datetime="{{ exact }}">{{ words }}</time>"#, ext = "html")]
pub(crate) struct When {
    exact: String,
    /// As people write it: "21 June 2014".
    pub(crate) words: String,
}

impl When {
    /// The day of a stored moment, in UTC.
    pub(crate) fn at(moment: Moment) -> Self {
        Self::day(stored(moment))
    }

    /// Day and minute of a stored moment.
    pub(crate) fn at_minute(moment: Moment) -> Self {
        Self::minute(stored(moment))
    }

    /// The day in UTC: "21 June 2014".
    pub(crate) fn day(time: Timestamp) -> Self {
        Self { exact: time.to_string(), words: dates::written_out(time) }
    }

    /// Day and minute: "21 June 2014, 14:05 UTC".
    pub(crate) fn minute(time: Timestamp) -> Self {
        let exact = time.to_string();
        let minute = exact.split_once('T').and_then(|(_, clock)| clock.get(..5)).unwrap_or_default();
        Self { words: format!("{}, {minute} UTC", dates::written_out(time)), exact }
    }
}

/// What is stored lies between 1970 and 9999; before and after there is no day to name.
fn stored(moment: Moment) -> Timestamp {
    moment.timestamp().unwrap_or(Timestamp::EPOCH)
}

escapes_itself!(When);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_out_and_kept_exact() {
        let time = "2014-06-21T14:05:09Z".parse().unwrap();

        assert_eq!(When::day(time).words, "21 June 2014");
        assert_eq!(
            When::minute(time).to_string(),
            "<time datetime=\"2014-06-21T14:05:09Z\">21 June 2014, 14:05 UTC</time>"
        );
    }
}
