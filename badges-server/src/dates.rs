//! Dates as people write and read them.

use badges_core::time::Timestamp;

/// A text that is neither a time nor a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time: write a date like 2026-11-21, or a time with offset like 2026-11-21T09:30:00Z")]
pub(crate) struct DateError(pub(crate) String);

/// Which end of a day a date without a time means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    /// Its first second, in UTC.
    Start,
    /// Its last second, in UTC.
    End,
}

/// Reads a time with offset, or a date alone, which means one end of that day in UTC.
pub(crate) fn read(text: &str, edge: Edge) -> Result<Timestamp, DateError> {
    let time = match edge {
        Edge::Start => "T00:00:00Z",
        Edge::End => "T23:59:59Z",
    };
    if text.len() == 10 { format!("{text}{time}").parse() } else { text.parse() }
        .map_err(|_| DateError(text.chars().take(64).collect()))
}

/// The day in UTC, written out: "21 June 2014".
pub(crate) fn written_out(time: Timestamp) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let text = time.to_string();
    let mut parts = text.split(['-', 'T']);
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let month = month.and_then(|month| MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?));
    match (year, month, day) {
        (Some(year), Some(month), Some(day)) => format!("{} {month} {year}", day.trim_start_matches('0')),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_alone_means_one_end_of_its_day() {
        let start = read("2026-11-01", Edge::Start).unwrap();
        let end = read("2026-11-01", Edge::End).unwrap();

        assert_eq!(start.to_string(), "2026-11-01T00:00:00Z");
        assert_eq!(end.to_string(), "2026-11-01T23:59:59Z");
        assert_eq!(written_out(end), "1 November 2026");
    }

    #[test]
    fn what_is_no_date_is_named_as_it_was_written() {
        assert_eq!(read("01.11.2026", Edge::Start), Err(DateError("01.11.2026".to_owned())));
    }
}
