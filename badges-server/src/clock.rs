//! The one place that asks what time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use badges_core::time::Timestamp;

/// Now, to the second; none on a machine whose clock stands before 1970 or after 9999.
#[expect(clippy::disallowed_methods, reason = "this is the place that reads the clock for all others")]
pub(crate) fn now() -> Option<Timestamp> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Timestamp::from_unix_seconds(i64::try_from(since.as_secs()).ok()?)
}
