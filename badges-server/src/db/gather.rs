//! Questions that come at the same time, asked with one query: a round trip to PostgreSQL costs more than its answer.

use std::{
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{sync::oneshot, task};
use tracing::error;

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
        (self.answer)(conn, std::slice::from_ref(question))?.pop().ok_or_else(unanswered)
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
            let answers = catch_unwind(AssertUnwindSafe(|| self.shared.all(&questions)));
            let mut answers =
                answers.inspect_err(|_| error!("a question panicked")).unwrap_or_default().into_iter();
            for asker in askers {
                let answer = answers.next().unwrap_or_else(|| Err(unanswered()));
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

fn unanswered() -> DbError {
    DbError::Unavailable("a question was not answered; try again".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Address, migrate};

    /// What each of several is told who asked before anybody began to ask the database.
    fn told(
        name: &str,
        questions: impl Iterator<Item = usize>,
        answer: impl Fn(&[usize]) -> Result<Vec<usize>, DbError> + Send + Sync + 'static,
    ) -> Vec<Option<usize>> {
        let folder = std::env::temp_dir().join(format!("badges-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let address = Address::Sqlite(folder.join("one.db"));
        migrate(&mut crate::db::connect(&address, false).unwrap()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let told = runtime.block_on(async move {
            let db = Db::open(&address, 2, 2).unwrap();
            let gather = Gather::new(&db, move |_: &mut Conn, questions: &[usize]| answer(questions));
            let mut waiting = Vec::new();
            for question in questions {
                let (asker, told) = oneshot::channel();
                gather.0.queue().waiting.push((question, asker));
                waiting.push(told);
            }
            gather.0.queue().asking = true;
            let asking = Asking { shared: Arc::clone(&gather.0), done: false };
            task::spawn_blocking(move || asking.run()).await.unwrap();
            assert!(!gather.0.queue().asking);
            let mut told = Vec::new();
            for one in waiting {
                told.push(one.await.unwrap().ok());
            }
            told
        });
        std::fs::remove_dir_all(folder).unwrap();
        told
    }

    #[test]
    fn each_of_more_than_one_query_takes_gets_their_own_answer() {
        let told = told("gather-many", 0..3 * MOST, |questions| {
            assert!(questions.len() <= MOST);
            Ok(questions.iter().map(|question| question * 2).collect())
        });

        assert_eq!(told, (0..3 * MOST).map(|question| Some(question * 2)).collect::<Vec<_>>());
    }

    #[test]
    fn a_question_that_is_refused_spoils_no_other() {
        let told = told("gather-refused", 0..10, |questions| {
            if questions.contains(&7) { Err(DbError::Busy) } else { Ok(questions.to_vec()) }
        });

        let wanted: Vec<_> = (0..10).map(|question| (question != 7).then_some(question)).collect();
        assert_eq!(told, wanted);
    }

    #[test]
    fn a_question_that_panics_leaves_nobody_waiting() {
        let told = told("gather-panic", 0..2 * MOST, |questions| {
            assert!(!questions.contains(&3), "a panic that the test wants");
            Ok(questions.to_vec())
        });

        assert!(told[..MOST].iter().all(Option::is_none));
        assert_eq!(told[MOST], Some(MOST));
    }
}
