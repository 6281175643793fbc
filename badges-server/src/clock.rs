//! What time it is: the one place that asks.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use badges_core::time::Timestamp;
use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    serialize::{self, Output, ToSql},
    sql_types::BigInt,
};

/// When this process began to count.
#[expect(clippy::disallowed_methods, reason = "this is the place that reads the clock for all others")]
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Now, to the second; none on a machine whose clock stands before 1970 or after 9999.
pub(crate) fn now() -> Option<Timestamp> {
    Moment::of_the_system().timestamp()
}

/// A point in time: microseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = BigInt)]
pub struct Moment(i64);

/// Tells the time; in tests it stands still until it is moved.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    held: Option<Arc<AtomicI64>>,
}

impl Moment {
    /// From microseconds since 1970.
    pub const fn from_microseconds(microseconds: i64) -> Self {
        Self(microseconds)
    }

    /// Microseconds since 1970.
    pub const fn microseconds(self) -> i64 {
        self.0
    }

    /// Milliseconds since 1970; 0 before.
    pub(crate) fn milliseconds(self) -> u64 {
        u64::try_from(self.0 / 1_000).unwrap_or_default()
    }

    /// The number of the day since 1970.
    pub(crate) fn day(self) -> i32 {
        i32::try_from(self.0.div_euclid(86_400_000_000)).unwrap_or(i32::MAX)
    }

    /// To the second; none before 1970 and after 9999.
    pub(crate) fn timestamp(self) -> Option<Timestamp> {
        Timestamp::from_unix_seconds(self.0.div_euclid(1_000_000)).filter(|_| self.0 >= 0)
    }

    /// So much later.
    pub(crate) fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the place that reads the clock for all others")]
    fn of_the_system() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

impl From<Timestamp> for Moment {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp.unix_seconds().saturating_mul(1_000_000))
    }
}

impl Clock {
    /// The clock of the system.
    pub fn system() -> Self {
        Self { held: None }
    }

    /// A clock that stands still.
    pub fn held(at: Moment) -> Self {
        Self { held: Some(Arc::new(AtomicI64::new(at.0))) }
    }

    /// Moves a held clock; the clock of the system goes by itself.
    pub fn advance(&self, by: Duration) {
        if let Some(held) = &self.held {
            held.store(self.now().plus(by).0, Ordering::SeqCst);
        }
    }

    /// How long it has run. Nobody sets this one: what counts tries goes by it.
    pub(crate) fn steady(&self) -> Duration {
        match &self.held {
            Some(held) => {
                Duration::from_micros(u64::try_from(held.load(Ordering::SeqCst)).unwrap_or_default())
            }
            None => START.elapsed(),
        }
    }

    /// What time it is.
    pub fn now(&self) -> Moment {
        self.held.as_ref().map_or_else(Moment::of_the_system, |held| Moment(held.load(Ordering::SeqCst)))
    }
}

/// Tells how long something takes, whatever is done to the clock meanwhile.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins to count.
    #[expect(clippy::disallowed_methods, reason = "this is the place that reads the clock for all others")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Microseconds until now.
    pub(crate) fn microseconds(self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

impl<DB: Backend> ToSql<BigInt, DB> for Moment
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for Moment
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(value).map(Self)
    }
}
