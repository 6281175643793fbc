//! Questions that come at the same time, asked with one query: a round trip to PostgreSQL costs more than its answer.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{sync::oneshot, task};

use super::{Conn, Db, DbError, closed};

/// The most questions of one query.
const MOST: usize = 128;

/// Finds the answers to several questions, one for each, in their order.
type Answer<K, V> = dyn Fn(&mut Conn, &[K]) -> Result<Vec<V>, DbError> + Send + Sync;

/// Questions, and who waits for each answer.
type Waiting<K, V> = Vec<(K, oneshot::Sender<Result<V, DbError>>)>;

/// Answers questions of one kind. What is asked while a query is under way waits for the next one, so each answer is
/// what the database held after its question came.
pub(crate) struct Gather<K, V>(Arc<Gathered<K, V>>);

struct Gathered<K, V> {
    db: Db,
    answer: Box<Answer<K, V>>,
    queue: Mutex<Queue<K, V>>,
}

struct Queue<K, V> {
    waiting: Waiting<K, V>,
    /// Whether somebody is asking, who will take what waits.
    asking: bool,
}

/// Whoever asks for all: should it end too early, nobody waits for it in vain.
struct Asking<K, V> {
    shared: Arc<Gathered<K, V>>,
    done: bool,
}

impl<K, V> Gather<K, V>
where
    K: Send + 'static,
    V: Send + 'static,
{
    /// `answer` gives as many answers as it gets questions.
    pub(crate) fn new(
        db: &Db,
        answer: impl Fn(&mut Conn, &[K]) -> Result<Vec<V>, DbError> + Send + Sync + 'static,
    ) -> Self {
        let queue = Mutex::new(Queue { waiting: Vec::new(), asking: false });
        Self(Arc::new(Gathered { db: db.clone(), answer: Box::new(answer), queue }))
    }

    /// Asks one question. SQLite answers it by itself: there is no way to go that others could share.
    pub(crate) async fn ask(&self, question: K) -> Result<V, DbError> {
        let shared = Arc::clone(&self.0);
        if shared.db.is_embedded() {
            return self.0.db.look(move |conn| shared.one(conn, &question)).await;
        }
        let (asker, told) = oneshot::channel();
        let first = {
            let mut queue = shared.queue();
            queue.waiting.push((question, asker));
            !mem::replace(&mut queue.asking, true)
        };
        if first {
            let asking = Asking { shared, done: false };
            task::spawn_blocking(move || asking.run());
        }
        told.await.map_err(|_| closed())?
    }
}

impl<K, V> Gathered<K, V> {
    fn queue(&self) -> MutexGuard<'_, Queue<K, V>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn one(&self, conn: &mut Conn, question: &K) -> Result<V, DbError> {
        (self.answer)(conn, std::slice::from_ref(question))?.pop().ok_or_else(closed)
    }

    /// One that the database refuses spoils the query of all: then each is asked by itself.
    fn all(&self, questions: &[K]) -> Vec<Result<V, DbError>> {
        match self.db.read_here(|conn| (self.answer)(conn, questions)) {
            Ok(answers) => answers.into_iter().map(Ok).collect(),
            Err(error @ DbError::Unavailable(_)) => questions.iter().map(|_| Err(error.again())).collect(),
            Err(_) => questions.iter().map(|one| self.db.read_here(|conn| self.one(conn, one))).collect(),
        }
    }
}

impl<K, V> Asking<K, V> {
    /// Until nobody waits.
    fn run(mut self) {
        while let Some(waiting) = self.next() {
            let (questions, askers): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
            for (asker, answer) in askers.into_iter().zip(self.shared.all(&questions)) {
                // Who asked may have gone.
                drop(asker.send(answer));
            }
        }
    }

    /// What has come meanwhile.
    fn next(&mut self) -> Option<Waiting<K, V>> {
        let mut queue = self.shared.queue();
        let most = queue.waiting.len().min(MOST);
        (queue.asking, self.done) = (most > 0, most == 0);
        (most > 0).then(|| queue.waiting.drain(..most).collect())
    }
}

impl<K, V> Drop for Asking<K, V> {
    fn drop(&mut self) {
        if !self.done {
            let mut queue = self.shared.queue();
            queue.asking = false;
            queue.waiting.clear();
        }
    }
}
