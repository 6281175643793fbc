//! The one writer: takes what waits, does it in one transaction, commits once, and only then answers.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use tokio::sync::oneshot;
use tracing::{error, warn};

use super::{
    Address, Conn, DbError, Trail,
    checkpoint::{self, Checkpoint},
};
use crate::{clock::Stopwatch, metrics::Metrics};

/// The most jobs of one group: beyond this the first waits longer than the last gains.
const GROUP: usize = 256;

/// How long until a lost connection is tried again.
const AGAIN: Duration = Duration::from_millis(200);

/// Work for the writer. `run` happens inside the transaction of a group, `settle` after its commit.
pub(crate) trait Job: Send {
    /// Changes the database; false takes back what it did, and leaves the others of the group alone.
    fn run(&mut self, conn: &mut Conn, trail: &mut Trail) -> bool;

    /// Does it as the first of a transaction, which then need not keep what each page was before it; false has the
    /// transaction begun anew and `run` do it with care. None is tried by default.
    fn outright(&mut self, conn: &mut Conn, trail: &mut Trail) -> Option<bool> {
        _ = (conn, trail);
        None
    }

    /// Tells the askers: all that `run` did is durable, or nothing of it is there.
    fn settle(self: Box<Self>, committed: Result<(), DbError>);
}

#[derive(Clone)]
pub(super) struct Writer {
    jobs: SyncSender<Box<dyn Job>>,
    waiting: Arc<AtomicUsize>,
}

/// A closure, its answer, and who waits for it.
struct Change<T, E, F> {
    change: Option<F>,
    answer: Option<Result<T, E>>,
    asker: oneshot::Sender<Result<T, E>>,
}

impl Writer {
    pub(super) fn start(address: Address, waiting: usize, metrics: Arc<Metrics>) -> Result<Self, DbError> {
        let (jobs, taken) = sync_channel(waiting.max(1));
        let count = Arc::new(AtomicUsize::new(0));
        let conn = checkpoint::writer(&address)?;
        let checkpoint = Checkpoint::start(&address)?;
        let thread = thread::Builder::new().name("writer".to_owned());
        let counted = Arc::clone(&count);
        thread
            .spawn(move || serve(&address, conn, &taken, &counted, &metrics, checkpoint.as_ref()))
            .map_err(|error| DbError::Unavailable(error.to_string()))?;
        Ok(Self { jobs, waiting: count })
    }

    pub(super) fn submit(&self, job: Box<dyn Job>) -> Result<(), Box<dyn Job>> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.jobs.try_send(job).map_err(|refused| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            match refused {
                std::sync::mpsc::TrySendError::Full(job)
                | std::sync::mpsc::TrySendError::Disconnected(job) => job,
            }
        })
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(super) async fn write<T, E, F>(&self, change: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Conn, &mut Trail) -> Result<T, E> + Send + 'static,
    {
        let (asker, told) = oneshot::channel();
        let job = Change { change: Some(change), answer: None, asker };
        self.submit(Box::new(job)).map_err(|_| DbError::Busy)?;
        told.await.map_err(|_| super::closed())?
    }
}

impl<T, E, F> Job for Change<T, E, F>
where
    T: Send,
    E: From<DbError> + Send,
    F: FnOnce(&mut Conn, &mut Trail) -> Result<T, E> + Send,
{
    fn run(&mut self, conn: &mut Conn, trail: &mut Trail) -> bool {
        let answer = self.change.take().map(|change| change(conn, trail));
        let done = matches!(answer, Some(Ok(_)));
        self.answer = answer;
        done
    }

    fn settle(self: Box<Self>, committed: Result<(), DbError>) {
        let answer = match (self.answer, committed) {
            // What was refused stays refused, whatever became of the others.
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.into()),
            (Some(answer), Ok(())) => answer,
            (None, Ok(())) => Err(super::closed().into()),
        };
        // Who asked may have gone; the change stands all the same.
        drop(self.asker.send(answer));
    }
}

/// Until the last handle of the database is gone.
fn serve(
    address: &Address,
    conn: Conn,
    jobs: &Receiver<Box<dyn Job>>,
    waiting: &AtomicUsize,
    metrics: &Metrics,
    checkpoint: Option<&Checkpoint>,
) {
    let mut conn = Some(conn);
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(GROUP - 1));
        waiting.fetch_sub(group.len(), Ordering::Relaxed);
        if conn.is_none() {
            conn =
                checkpoint::writer(address).inspect_err(|error| warn!(%error, "no connection to write")).ok();
        }
        let Some(open) = conn.as_mut() else {
            for job in group {
                job.settle(Err(DbError::Unavailable("it does not answer; try again in a second".to_owned())));
            }
            thread::sleep(AGAIN);
            continue;
        };
        let watch = Stopwatch::start();
        let committed = commit(open, &mut group);
        metrics.commits.add(watch.microseconds());
        metrics.groups.add(u64::try_from(group.len()).unwrap_or(u64::MAX));
        if let Err(error) = &committed {
            metrics.failed_commits.add(1);
            error!(%error, jobs = group.len(), "a group was not committed");
            drop(open.execute("ROLLBACK"));
            if !open.is_alive() {
                conn = None;
            }
        }
        if let (Ok(()), Some(checkpoint)) = (&committed, checkpoint) {
            checkpoint.committed();
        }
        for job in group {
            job.settle(committed.as_ref().copied().map_err(DbError::again));
        }
    }
}

/// Runs a group in one transaction. An error means that nothing of it is there.
fn commit(conn: &mut Conn, group: &mut [Box<dyn Job>]) -> Result<(), DbError> {
    begin(conn)?;
    let mut trail = Trail::default();
    let done = outright(conn, group, &mut trail)?;
    for (_, job) in group.iter_mut().enumerate().filter(|(at, _)| Some(*at) != done) {
        conn.execute("SAVEPOINT job")?;
        let noted = trail.len();
        if attempt(|| job.run(conn, &mut trail)).unwrap_or_default() {
            conn.execute("RELEASE job")?;
        } else {
            trail.truncate(noted);
            // Fails where the database has given the whole transaction up, as SQLite does on a full disk.
            conn.execute("ROLLBACK TO job; RELEASE job")?;
        }
    }
    trail.write(conn)?;
    conn.execute("COMMIT")
}

/// Begins with a job that can do without the means to take it back; tells which, if it is done.
fn outright(
    conn: &mut Conn,
    group: &mut [Box<dyn Job>],
    trail: &mut Trail,
) -> Result<Option<usize>, DbError> {
    for (at, job) in group.iter_mut().enumerate() {
        match attempt(|| job.outright(conn, trail)) {
            Some(None) => {}
            Some(Some(true)) => return Ok(Some(at)),
            Some(Some(false)) | None => {
                trail.truncate(0);
                // Fails where the database took it back by itself.
                drop(conn.execute("ROLLBACK"));
                begin(conn)?;
                break;
            }
        }
    }
    Ok(None)
}

fn begin(conn: &mut Conn) -> Result<(), DbError> {
    conn.execute(match conn {
        Conn::Postgresql(_) => "BEGIN",
        Conn::Sqlite(_) => "BEGIN IMMEDIATE",
    })
}

/// Nothing, where it panics.
fn attempt<T>(work: impl FnOnce() -> T) -> Option<T> {
    let done = catch_unwind(AssertUnwindSafe(work));
    done.inspect_err(|_| error!("a change of the database panicked")).ok()
}
