//! So many tries at once, and one more after each while: the virtual scheduling of ITU-T I.371 (GCRA).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// What each key has tried: the time at which all of it is paid for.
pub(super) struct Bucket {
    /// After which one more is free.
    every: Duration,
    /// What may be owed: all tries at once.
    most: Duration,
    paid: Mutex<HashMap<String, Duration>>,
}

impl Bucket {
    pub(super) fn new(at_once: u32, every: Duration) -> Self {
        Self { every, most: every * at_once.max(1), paid: Mutex::default() }
    }

    /// Counts one try, or tells how long it is until the next.
    pub(super) fn take(&self, key: &str, now: Duration) -> Result<(), Duration> {
        let mut paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
        let then = paid.get(key).copied().unwrap_or(now).max(now) + self.every;
        match then.checked_sub(now + self.most) {
            Some(wait) if !wait.is_zero() => Err(wait),
            _ => {
                paid.insert(key.to_owned(), then);
                Ok(())
            }
        }
    }

    /// Forgets who owes nothing.
    pub(super) fn sweep(&self, now: Duration) {
        self.paid.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, paid| *paid > now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_paid_for_is_free_again_and_forgotten() {
        let bucket = Bucket::new(2, Duration::from_secs(6));
        let take = |second| bucket.take("a", Duration::from_secs(second)).map_err(|wait| wait.as_secs());

        assert_eq!([take(100), take(100), take(100)], [Ok(()), Ok(()), Err(6)]);
        assert_eq!([take(105), take(106), take(106)], [Err(1), Ok(()), Err(6)]);
        // A clock that was set back frees nobody, and locks nobody for longer than all of it takes.
        assert_eq!(take(104), Err(8));
        bucket.sweep(Duration::from_secs(117));
        assert_eq!(bucket.paid.lock().unwrap().len(), 1);
        bucket.sweep(Duration::from_secs(118));
        assert_eq!(bucket.paid.lock().unwrap().len(), 0);
        assert_eq!([take(200), take(200), take(200)], [Ok(()), Ok(()), Err(6)]);
    }
}
