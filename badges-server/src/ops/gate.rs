//! How many requests may be under way, and whether there will be more.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

/// Counts who is inside.
#[derive(Debug)]
pub(crate) struct Gate {
    most: usize,
    under_way: Arc<AtomicUsize>,
    draining: AtomicBool,
}

/// A place inside, given back when dropped.
#[derive(Debug)]
pub(crate) struct Inside(Arc<AtomicUsize>);

impl Gate {
    /// `most` requests are under way at the same time.
    pub(crate) fn new(most: usize) -> Self {
        Self { most: most.max(1), under_way: Arc::default(), draining: AtomicBool::new(false) }
    }

    /// A place, if there is one.
    pub(crate) fn enter(&self) -> Option<Inside> {
        let inside = Inside(Arc::clone(&self.under_way));
        // One too many goes again at once, as `inside` is dropped.
        (self.under_way.fetch_add(1, Ordering::Relaxed) < self.most).then_some(inside)
    }

    /// How many are inside.
    pub(crate) fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    /// Says that no more requests are wanted; those that come are answered all the same.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Whether somebody has said so.
    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_finds_no_place_takes_none() {
        let gate = Gate::new(2);
        let (one, two) = (gate.enter(), gate.enter());
        assert!(one.is_some() && two.is_some());

        assert!(gate.enter().is_none() && gate.enter().is_none());
        drop(one);

        assert!(gate.enter().is_some());
        drop(two);
        assert_eq!(gate.under_way(), 0);
    }
}
