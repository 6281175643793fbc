//! What the service counts for its operator: few series, and nothing of any person.

mod text;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

pub(crate) use self::text::Page;

/// Upper bounds of classes of time, in microseconds.
const TIMES: &[u64] =
    &[500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000];

/// Upper bounds of classes of how many.
const SIZES: &[u64] = &[1, 2, 4, 8, 16, 32, 64, 128, 256];

/// All that one running service counts.
#[derive(Debug)]
pub(crate) struct Metrics {
    /// Awards that were stored.
    pub(crate) awarded: Count,
    /// Credentials that were signed, stored or not.
    pub(crate) signed: Count,
    /// How many writes one commit made durable.
    pub(crate) groups: Spread,
    /// How long a group took from its first statement to the end of its commit.
    pub(crate) commits: Spread,
    /// Groups that were not committed.
    pub(crate) failed_commits: Count,
    /// Requests that were sent away because there was no room for them.
    pub(crate) turned_away: Count,
    routes: RwLock<BTreeMap<String, Arc<OfRoute>>>,
}

/// The requests of one row of the tables of routes.
#[derive(Debug)]
pub(crate) struct OfRoute {
    /// By the first digit of the status.
    classes: [Count; 5],
    times: Spread,
}

/// A number that only grows.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

/// How often a value fell into which class, and the sum of all.
#[derive(Debug)]
pub(crate) struct Spread {
    bounds: &'static [u64],
    /// One more than there are bounds.
    classes: Vec<Count>,
    sum: Count,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            awarded: Count::default(),
            signed: Count::default(),
            groups: Spread::new(SIZES),
            commits: Spread::new(TIMES),
            failed_commits: Count::default(),
            turned_away: Count::default(),
            routes: RwLock::default(),
        }
    }
}

impl Metrics {
    /// Counts a request: `route` is the method and the template of the address, never the address itself.
    pub(crate) fn answered(&self, route: &str, status: u16, microseconds: u64) {
        let known = self.routes.read().unwrap_or_else(PoisonError::into_inner).get(route).map(Arc::clone);
        let of_route = known.unwrap_or_else(|| {
            let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
            let new = || Arc::new(OfRoute { classes: Default::default(), times: Spread::new(TIMES) });
            Arc::clone(routes.entry(route.to_owned()).or_insert_with(new))
        });
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        if let Some(count) = of_route.classes.get(class) {
            count.add(1);
        }
        of_route.times.add(microseconds);
    }
}

impl Count {
    /// Counts so many more.
    pub(crate) fn add(&self, more: usize) {
        self.0.fetch_add(u64::try_from(more).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// How many it is.
    pub(crate) fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Spread {
    fn new(bounds: &'static [u64]) -> Self {
        Self {
            bounds,
            classes: (0..=bounds.len()).map(|_| Count::default()).collect(),
            sum: Count::default(),
        }
    }

    /// Counts a value.
    pub(crate) fn add(&self, value: u64) {
        let class = self.bounds.partition_point(|bound| *bound < value);
        if let Some(count) = self.classes.get(class) {
            count.add(1);
        }
        self.sum.0.fetch_add(value, Ordering::Relaxed);
    }
}
