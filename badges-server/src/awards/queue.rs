//! Orders of many requests, on their way to the one writer.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::oneshot;

use super::ledger::{Order, Told, enter_by_few, enter_outright};
use crate::db::{Conn, Db, DbError, Job, Trail};

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
    orders: Vec<Order>,
    askers: Vec<oneshot::Sender<Told>>,
    told: Vec<Told>,
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
            let flush = Flush::new(&self.shared, &self.db);
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
    fn new(shared: &Arc<Shared>, db: &Db) -> Self {
        let shared = Arc::clone(shared);
        Self { shared, db: db.clone(), orders: Vec::new(), askers: Vec::new(), told: Vec::new() }
    }

    /// Everything that waits; who comes from now on sends a job of their own.
    fn take(&mut self) {
        self.shared.coming.store(false, Ordering::SeqCst);
        let mut queue = self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner);
        (self.orders, self.askers) = queue.drain(..).unzip();
    }
}

impl Job for Flush {
    fn outright(&mut self, conn: &mut Conn, trail: &mut Trail) -> Option<bool> {
        self.take();
        let told = enter_outright(conn, trail, &mut self.orders);
        self.told = told.unwrap_or_default();
        Some(self.told.len() == self.orders.len())
    }

    fn run(&mut self, conn: &mut Conn, trail: &mut Trail) -> bool {
        if self.askers.is_empty() {
            self.take();
        }
        self.told = enter_by_few(conn, trail, &mut self.orders);
        true
    }

    fn settle(mut self: Box<Self>, committed: Result<(), DbError>) {
        // Without a database it did not run, and nobody else answers those who wait.
        if committed.is_err() && self.askers.is_empty() {
            self.take();
        }
        let told = self.told.into_iter().map(Some).chain(std::iter::repeat_with(|| None));
        for (told, asker) in told.zip(self.askers) {
            let told = match (&committed, told) {
                (Ok(()), Some(told)) => {
                    self.db.metrics().awarded.add(told.as_ref().map_or(0, |done| done.awards.len()));
                    told
                }
                // A refusal wrote nothing: it stands without the commit.
                (Err(_), Some(Err(refused))) => Err(refused),
                (Err(error), _) => Err(error.again().into()),
                (Ok(()), None) => Err(DbError::Busy.into()),
            };
            drop(asker.send(told));
        }
    }
}
