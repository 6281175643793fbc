//! Two things timed in turn, so that whatever else the machine does happens to both.

use std::time::{Duration, Instant};

/// How often each side is timed; the middle ratio counts.
const ROUNDS: usize = 11;
/// How long one timing lasts, about.
const LENGTH: Duration = Duration::from_millis(20);

/// What two sides took.
pub(crate) struct Pair {
    /// Nanoseconds of one run of ours, at best.
    pub(crate) ours: f64,
    /// Nanoseconds of one run of the limit, at best.
    pub(crate) limit: f64,
    /// Ours over the limit: the median of the ratios of timings that followed each other.
    pub(crate) ratio: f64,
}

/// Times both sides in turn.
pub(crate) fn measure(ours: &dyn Fn(), limit: &dyn Fn()) -> Pair {
    let (ours_runs, limit_runs) = (runs(ours), runs(limit));
    let mut ratios = Vec::new();
    let (mut best_ours, mut best_limit) = (f64::MAX, f64::MAX);
    for _ in 0..ROUNDS {
        let (ours, limit) = (time(ours, ours_runs), time(limit, limit_runs));
        best_ours = best_ours.min(ours);
        best_limit = best_limit.min(limit);
        ratios.push(ours / limit);
    }
    ratios.sort_by(f64::total_cmp);
    Pair { ours: best_ours, limit: best_limit, ratio: ratios[ROUNDS / 2] }
}

fn runs(work: &dyn Fn()) -> u32 {
    let once = time(work, 3).max(1.0);
    (LENGTH.as_nanos() as f64 / once).ceil() as u32
}

#[expect(clippy::disallowed_methods, reason = "a bench is there to look at the clock")]
fn time(work: &dyn Fn(), runs: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..runs {
        work();
    }
    start.elapsed().as_nanos() as f64 / f64::from(runs)
}

/// The shortest of some runs, in nanoseconds.
pub(crate) fn best(runs: usize, work: &dyn Fn()) -> f64 {
    (0..runs).map(|_| time(work, 1)).fold(f64::MAX, f64::min)
}
