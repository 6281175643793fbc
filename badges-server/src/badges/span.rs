//! Lengths of time as people write them: "2 years", "10 minutes".

/// A unit in seconds and its name; the largest first.
const UNITS: [(u32, &str); 6] = [
    (31_536_000, "year"),
    (2_592_000, "month"),
    (604_800, "week"),
    (86_400, "day"),
    (3_600, "hour"),
    (60, "minute"),
];

/// A text that is no length of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no length of time: write one such as 2 years, 30 days or 10 minutes")]
pub(crate) struct SpanError;

/// Reads one, in seconds. A month has 30 days, a year 365.
pub(crate) fn read(text: &str) -> Result<u32, SpanError> {
    let text = text.trim().to_lowercase();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (count, unit) = text.split_at(digits);
    let count: u32 = count.parse().map_err(|_| SpanError)?;
    let unit = unit.trim();
    let unit = unit.strip_suffix('s').filter(|unit| !unit.is_empty()).unwrap_or(unit);
    let known = UNITS.iter().chain(&[(1, "second")]).find(|(_, name)| *name == unit);
    known.and_then(|(length, _)| count.checked_mul(*length)).ok_or(SpanError)
}

/// Writes one in the largest unit that tells it whole.
pub(crate) fn write(seconds: u32) -> String {
    let whole = |(length, _): &&(u32, &str)| seconds > 0 && seconds.is_multiple_of(*length);
    let (length, name) = UNITS.iter().find(whole).copied().unwrap_or((1, "second"));
    match seconds / length {
        1 => format!("1 {name}"),
        count => format!("{count} {name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["2 years", "1 month", "30 minutes", "45 seconds", "3 weeks", "100 days"] {
            assert_eq!(write(read(text).unwrap()), text);
        }
        for (text, seconds) in [("1hour", Ok(3_600)), (" 2 Years ", Ok(63_072_000)), ("0 days", Ok(0))] {
            assert_eq!(read(text), seconds);
        }
        for wrong in ["", "years", "2", "2 moons", "-1 day", "200 years", "99999999999 days"] {
            assert_eq!(read(wrong), Err(SpanError), "{wrong}");
        }
    }
}
