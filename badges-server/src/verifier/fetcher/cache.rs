//! What was fetched, for a while, and whose turn it is to fetch more.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use badges_core::time::Timestamp;

use super::{Fetched, exchange::Exchanged};
use crate::verifier::fetch_error::FetchError;

/// How long an answer is kept whose publisher says nothing about it, in seconds.
const USUAL: i64 = 5 * 60;
/// The shortest time, whatever the publisher says: a flood of questions must not become one for its host.
const SHORTEST: i64 = 10;
/// The longest time, whatever the publisher says.
const LONGEST: i64 = 24 * 60 * 60;
/// How long it is remembered that there was nothing, in seconds.
const NOTHING: i64 = 60;

/// How much is kept in all, in bytes.
const BYTES: usize = 16 << 20;
/// What an answer takes beside its body and its address, by estimate.
const AROUND: usize = 512;

/// The answers of the last while, by address.
#[derive(Default)]
pub(super) struct Cache {
    kept: Mutex<Kept>,
    turns: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
}

#[derive(Default)]
struct Kept {
    answers: HashMap<String, Answer>,
    bytes: usize,
}

struct Answer {
    answer: Result<Arc<Fetched>, FetchError>,
    until: i64,
}

impl Cache {
    /// The answer of before, if it still counts.
    pub(super) fn known(&self, url: &str, now: Timestamp) -> Option<Result<Arc<Fetched>, FetchError>> {
        let kept = lock(&self.kept);
        let answer = kept.answers.get(url)?;
        // A clock that was set back must not keep an answer for longer than any may be kept.
        let left = answer.until - now.unix_seconds();
        (0 < left && left <= LONGEST).then(|| answer.answer.clone())
    }

    /// Remembers an answer, for as long as its publisher says and the bounds allow.
    pub(super) fn keep(&self, url: &str, exchanged: &Exchanged, now: Timestamp) {
        let seconds = match (&exchanged.answer, exchanged.fresh) {
            (Err(_), _) => NOTHING,
            (Ok(_), None) => USUAL,
            (Ok(_), Some(fresh)) => i64::try_from(fresh).unwrap_or(LONGEST).clamp(SHORTEST, LONGEST),
        };
        let now = now.unix_seconds();
        let answer = Answer { answer: exchanged.answer.clone(), until: now + seconds };
        lock(&self.kept).insert(url.to_owned(), answer, now);
    }

    /// What whoever fetches this address must hold meanwhile.
    pub(super) fn turn(&self, url: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = lock(&self.turns);
        if let Some(turn) = turns.get(url).and_then(Weak::upgrade) {
            return turn;
        }
        turns.retain(|_, turn| turn.strong_count() > 0);
        let turn = Arc::default();
        turns.insert(url.to_owned(), Arc::downgrade(&turn));
        turn
    }
}

impl Kept {
    fn insert(&mut self, url: String, answer: Answer, now: i64) {
        self.remove(&url);
        self.bytes += size(&url, &answer);
        self.answers.insert(url, answer);
        if self.bytes > BYTES {
            let old = |(url, answer): (&String, &Answer)| (answer.until <= now).then(|| url.clone());
            let old: Vec<_> = self.answers.iter().filter_map(old).collect();
            old.iter().for_each(|url| self.remove(url));
        }
        while self.bytes > BYTES {
            let first = self.answers.iter().min_by_key(|(_, answer)| answer.until);
            let Some(first) = first.map(|(url, _)| url.clone()) else { break };
            self.remove(&first);
        }
    }

    fn remove(&mut self, url: &str) {
        if let Some((url, answer)) = self.answers.remove_entry(url) {
            self.bytes -= size(&url, &answer);
        }
    }
}

fn size(url: &str, answer: &Answer) -> usize {
    let body = answer.answer.as_ref().map(|fetched| fetched.body.len()).unwrap_or_default();
    // The address stands in the answer too, and a message holds some of it.
    AROUND + 2 * url.len() + body
}

/// What a holder that panicked has left is whole: every change above is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
