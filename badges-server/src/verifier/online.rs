//! A badge looked at, what it lacks fetched, and the badge looked at again, until nothing new is asked for.

use std::{
    borrow::Cow,
    cell::RefCell,
    collections::HashMap,
    fmt,
    path::Path,
    pin::{Pin, pin},
    sync::Arc,
};

use badges_core::{
    did::Documents,
    json::{Json, Limits, read},
    jsonld::Contexts,
    time::Timestamp,
    verify::{Code, Report, inspect, printable},
};
use tokio::{
    task::{JoinSet, spawn_blocking},
    time::{Sleep, sleep},
};

use super::{
    fetch_error::{FetchError, shown},
    fetcher::{Fetched, Fetcher, Wanted},
    judged::Judged,
    question::Question,
};
use crate::{
    credential::{self, Opened},
    wording::Looked,
};

/// How many documents one badge is given: its issuer, two status lists, a key, and as much for three endorsers.
pub(super) const DOCUMENTS: usize = 16;

/// How many of them are fetched at a time, so that no badge takes the room of many.
const ABREAST: usize = 4;

/// What the installation itself publishes at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Own {
    /// The address is of the installation, and this stands there.
    Document(Vec<u8>),
    /// The address is somebody else's.
    Foreign,
    /// The address is of the installation, and nothing stands there.
    Nothing,
}

/// Verifies badges with what the web publishes.
#[derive(Clone)]
pub struct Verifier {
    fetcher: Arc<Fetcher>,
    own: OwnDocuments,
    /// What was compiled for one badge serves the next.
    contexts: Arc<Contexts>,
}

type OwnDocuments = Arc<dyn Fn(&str) -> Own + Send + Sync>;

/// A badge, the question about it, and the documents that are known so far.
struct Inquiry {
    opened: Opened,
    question: Question,
    contexts: Arc<Contexts>,
    own: OwnDocuments,
    known: HashMap<String, Option<Arc<Fetched>>>,
}

/// The documents of an inquiry, with a list of those that it lacks.
struct Shelf<'i> {
    inquiry: &'i Inquiry,
    lacking: RefCell<Vec<String>>,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Verifier").field("fetcher", &self.fetcher).finish_non_exhaustive()
    }
}

impl Verifier {
    /// A verifier that asks the installation first; `own` may wait, for it is asked on a thread for that.
    pub fn new(fetcher: Arc<Fetcher>, own: impl Fn(&str) -> Own + Send + Sync + 'static) -> Self {
        Self { fetcher, own: Arc::new(own), contexts: Arc::new(Contexts::new()) }
    }

    /// Verifies what somebody has brought: JSON, a token, or an image. Messages call it by this name.
    pub async fn verify_bytes(
        &self,
        name: &str,
        bytes: Vec<u8>,
        question: Question,
        now: Timestamp,
    ) -> Judged {
        match credential::look_into(Path::new(name), bytes, question.sizes(), question.selection()) {
            Ok(opened) => self.verify_opened(opened, question, now).await,
            Err(error) => Judged::closed(&error),
        }
    }

    /// Verifies what stands at an address, which is fetched whatever the question says of its documents.
    pub async fn verify_address(&self, address: &str, question: Question, now: Timestamp) -> Judged {
        let bytes = match self.own_at(address).await {
            Own::Document(document) => document,
            Own::Nothing => {
                return Judged::unopened(
                    Code::Unreadable,
                    &format!("there is nothing at {}", shown(address)),
                );
            }
            Own::Foreign => match self.fetcher.fetch(address, Wanted::Badge, now).await {
                Ok(fetched) if fetched.gone => return gone(&fetched),
                Ok(fetched) => fetched.body.clone(),
                Err(error) => return Judged::unfetched(&error),
            },
        };
        self.verify_bytes(address, bytes, question, now).await
    }

    /// Verifies what was opened before.
    pub(crate) async fn verify_opened(&self, opened: Opened, question: Question, now: Timestamp) -> Judged {
        let online = question.online;
        let known = HashMap::new();
        let (own, contexts) = (Arc::clone(&self.own), Arc::clone(&self.contexts));
        let mut inquiry = Inquiry { opened, question, contexts, own, known };
        let mut looked = Vec::new();
        let mut deadline = pin!(sleep(self.fetcher.patience() * 2));
        loop {
            let looking = spawn_blocking(move || {
                let (report, lacking) = inquiry.look();
                (inquiry, report, lacking)
            });
            let Ok((back, report, lacking)) = looking.await else {
                return Judged::unopened(Code::Unreadable, "the server was stopped meanwhile: try again");
            };
            inquiry = back;
            let mut came = false;
            if online && !lacking.is_empty() {
                let left = DOCUMENTS.saturating_sub(looked.len());
                for (address, answer) in self.fetch_all(lacking, left, deadline.as_mut(), now).await {
                    let problem =
                        answer.as_ref().err().map(|error| printable(&error.to_string()).into_owned());
                    looked.push(Looked { address: address.clone(), problem });
                    came |= answer.is_ok();
                    inquiry.known.insert(address, answer.ok());
                }
            }
            // What did not come changes nothing.
            if !came {
                return Judged::new(&inquiry.opened, report).with(looked);
            }
        }
    }

    /// Fetches documents, a few at a time, as far as the budget reaches: each address with its answer, in order.
    async fn fetch_all(
        &self,
        addresses: Vec<String>,
        budget: usize,
        mut deadline: Pin<&mut Sleep>,
        now: Timestamp,
    ) -> Vec<(String, Result<Arc<Fetched>, FetchError>)> {
        let seconds = self.fetcher.patience().as_secs() * 2;
        let left = |address: &String| FetchError::OverBudget { address: shown(address), seconds };
        let mut answers: Vec<_> = addresses.iter().map(|address| Err(left(address))).collect();
        let mut waiting = addresses.iter().cloned().enumerate().take(budget);
        let mut fetching = JoinSet::new();
        loop {
            while fetching.len() < ABREAST
                && let Some((at, address)) = waiting.next()
            {
                let fetcher = Arc::clone(&self.fetcher);
                fetching.spawn(async move {
                    let answer = fetcher.fetch(&address, Wanted::Document, now).await;
                    (at, answer.and_then(usable))
                });
            }
            tokio::select! {
                done = fetching.join_next() => match done {
                    Some(Ok((at, answer))) => {
                        if let Some(place) = answers.get_mut(at) {
                            *place = answer;
                        }
                    }
                    Some(Err(_)) => {}
                    None => break,
                },
                () = &mut deadline => break,
            }
        }
        addresses.into_iter().zip(answers).collect()
    }

    async fn own_at(&self, address: &str) -> Own {
        let (own, address) = (Arc::clone(&self.own), address.to_owned());
        spawn_blocking(move || own(&address)).await.unwrap_or(Own::Nothing)
    }
}

impl Inquiry {
    /// The report as far as it goes, and the addresses of documents that it lacks.
    fn look(&self) -> (Report, Vec<String>) {
        let shelf = Shelf { inquiry: self, lacking: RefCell::default() };
        let report = inspect(&self.opened.text, &self.question.options(&self.contexts, &shelf));
        (report, shelf.lacking.into_inner())
    }
}

impl Documents for Shelf<'_> {
    fn document(&self, url: &str) -> Option<Cow<'_, [u8]>> {
        if let Some(known) = self.inquiry.known.get(url) {
            return known.as_ref().map(|fetched| Cow::Borrowed(fetched.body.as_slice()));
        }
        match (self.inquiry.own)(url) {
            Own::Document(document) => Some(Cow::Owned(document)),
            Own::Nothing => None,
            Own::Foreign => {
                let mut lacking = self.lacking.borrow_mut();
                // One more than any badge is given, so that it is told that there are more.
                if lacking.len() <= DOCUMENTS && !lacking.iter().any(|own| own == url) {
                    lacking.push(url.to_owned());
                }
                None
            }
        }
    }
}

/// Whether what was fetched may stand for its address: what is gone says only that it was revoked.
fn usable(fetched: Arc<Fetched>) -> Result<Arc<Fetched>, FetchError> {
    match fetched.gone && revocation(&fetched.body).is_none() {
        true => Err(FetchError::Status { url: shown(fetched.address.as_str()), status: 410 }),
        false => Ok(fetched),
    }
}

/// A badge by an address at which it is gone.
fn gone(fetched: &Fetched) -> Judged {
    match revocation(&fetched.body) {
        Some(reason) => {
            let message = format!("{} says that it was revoked: {reason}", shown(fetched.address.as_str()));
            Judged { opened: true, ..Judged::unopened(Code::Revoked, &message) }
        }
        None => Judged::unopened(
            Code::Unreadable,
            &format!("{} says that what stood there is gone", shown(fetched.address.as_str())),
        ),
    }
}

/// Why a hosted badge was revoked, if that is what stands in its place (OB 2.0, Revocation).
fn revocation(body: &[u8]) -> Option<String> {
    let json = read(body, &Limits::default()).ok()?;
    let object = json.as_object().filter(|object| object.get("revoked") == Some(&Json::Boolean(true)))?;
    Some(object.text("revocationReason").unwrap_or("the issuer gives no reason").to_owned())
}
