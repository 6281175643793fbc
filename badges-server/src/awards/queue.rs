//! Orders of many requests, on their way to the one writer.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::oneshot;

use super::ledger::{Order, Told, enter_all};
use crate::db::{Conn, Db, DbError, Job, Trail};

/// The most orders that go in with one statement for each table.
const TOGETHER: usize = 128;

/// Takes orders from many requests and has them written in groups.
pub(crate) struct Queue {
    db: Db,
    shared: Arc<Shared>,
    most: usize,
}

struct Shared {
    queue: Mutex<VecDeque<(Order, oneshot::Sender<Told>)>>,
    /// Whether a job that will empty the queue waits at the writer.
    coming: AtomicBool,
}

/// The job that empties the queue.
struct Flush {
    shared: Arc<Shared>,
    db: Db,
    told: Vec<(Told, oneshot::Sender<Told>)>,
    /// Whether it has emptied the queue.
    ran: bool,
}

impl Queue {
    /// `most` orders wait before further ones are refused.
    pub(crate) fn new(db: Db, most: usize) -> Self {
        let shared = Shared { queue: Mutex::default(), coming: AtomicBool::new(false) };
        Self { db, shared: Arc::new(shared), most }
    }

    /// Stores an order; returns when it is durable.
    pub(crate) async fn enter(&self, order: Order) -> Told {
        let (asker, told) = oneshot::channel();
        {
            let mut queue = self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner);
            if queue.len() >= self.most {
                return Err(DbError::Busy.into());
            }
            queue.push_back((order, asker));
        }
        if !self.shared.coming.swap(true, Ordering::SeqCst) {
            let flush =
                Flush { shared: Arc::clone(&self.shared), db: self.db.clone(), told: Vec::new(), ran: false };
            if let Err(error) = self.db.submit(Box::new(flush)) {
                self.shared.coming.store(false, Ordering::SeqCst);
                self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner).clear();
                return Err(error.into());
            }
        }
        told.await.map_err(|_| DbError::Busy)?
    }
}

impl Flush {
    /// Everything that waits; who comes from now on sends a job of their own.
    fn take(&mut self) -> Vec<(Order, oneshot::Sender<Told>)> {
        self.ran = true;
        self.shared.coming.store(false, Ordering::SeqCst);
        let mut queue = self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.drain(..).collect()
    }
}

impl Job for Flush {
    fn takes_back(&self) -> bool {
        true
    }

    fn run(&mut self, conn: &mut Conn, trail: &mut Trail) -> bool {
        let mut waiting = self.take();
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(TOGETHER));
            let (orders, askers): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
            self.told.extend(enter_all(conn, trail, orders).into_iter().zip(askers));
            waiting = rest;
        }
        true
    }

    fn settle(mut self: Box<Self>, committed: Result<(), DbError>) {
        // Without a database it did not run, and nobody else answers those who wait.
        if let Err(error) = &committed
            && !self.ran
        {
            for (_, asker) in self.take() {
                drop(asker.send(Err(DbError::Unavailable(error.to_string()).into())));
            }
        }
        for (told, asker) in self.told {
            let told = match (&committed, told) {
                (Ok(()), told) => {
                    self.db.metrics().awarded.add(told.as_ref().map_or(0, |done| done.awards.len()));
                    told
                }
                // A refusal wrote nothing: it stands without the commit.
                (Err(_), Err(refused)) => Err(refused),
                (Err(DbError::Full), Ok(_)) => Err(DbError::Full.into()),
                (Err(error), Ok(_)) => Err(DbError::Unavailable(error.to_string()).into()),
            };
            drop(asker.send(told));
        }
    }
}
