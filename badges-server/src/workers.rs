//! Many files on all processors, with the answers in the order of the files.

use std::{
    collections::BTreeMap,
    num::NonZero,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

/// Below this many the start of a thread costs more than it saves.
const FEW: usize = 8;

/// Does `work` on each item and hands the results on in the order of the items; the first error ends it.
pub(crate) fn each_in_order<T: Sync, R: Send, E>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut then: impl FnMut(usize, R) -> Result<(), E>,
) -> Result<(), E> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(items.len() / FEW);
    if threads < 2 {
        return items.iter().enumerate().try_for_each(|(at, item)| then(at, work(item)));
    }
    let next = AtomicUsize::new(0);
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { break };
                    // Nobody listens after an error: the work is over.
                    if sender.send((at, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut due = 0;
        for (at, result) in results {
            waiting.insert(at, result);
            while let Some(result) = waiting.remove(&due) {
                then(due, result)?;
                due += 1;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answers_come_in_the_order_of_the_questions() {
        let items: Vec<usize> = (0..1000).collect();
        let mut seen = Vec::new();

        let done: Result<(), ()> = each_in_order(
            &items,
            |item| item * 2,
            |at, double| {
                seen.push((at, double));
                Ok(())
            },
        );

        assert_eq!(done, Ok(()));
        assert!(seen.iter().enumerate().all(|(at, pair)| *pair == (at, at * 2)) && seen.len() == 1000);
    }

    #[test]
    fn the_first_error_ends_it() {
        let items: Vec<usize> = (0..1000).collect();

        let done =
            each_in_order(&items, |item| *item, |_, item| if item == 500 { Err(item) } else { Ok(()) });

        assert_eq!(done, Err(500));
    }
}
