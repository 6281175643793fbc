//! What was asked and what was answered, outside the system, and the comparison afterwards.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use badges_core::{
    did::{Documents as _, MemoryDocuments},
    jsonld::Contexts,
    verify::{Options, verify},
};
use serde_json::{Value, json};

use crate::harness::{self, Service};

/// What became of one request, by the address that it was for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Entry {
    Acknowledged(String),
    Refused,
    /// No answer came, or one that says to ask again: the award may be there, once.
    Unknown,
}

/// The ledger, and what else was seen on the way.
#[derive(Default)]
pub(super) struct Ledger {
    pub(super) entries: Mutex<BTreeMap<String, Entry>>,
    /// How often each status was answered; 0 where there was no answer.
    pub(super) statuses: Mutex<BTreeMap<u16, usize>>,
    /// Answers that no client should get.
    odd: Mutex<Vec<String>>,
}

impl Ledger {
    /// Awards one badge after the other until it is told to stop; each address is asked for once here.
    pub(super) fn work(&self, base: &str, token: &str, badge: &str, names: &str, stop: &AtomicBool) {
        for number in 0.. {
            if stop.load(Ordering::SeqCst) {
                return;
            }
            let email = format!("{names}-{number}@example.org");
            self.entries.lock().unwrap().insert(email.clone(), Entry::Unknown);
            match self.ask(base, token, badge, &email, Some(&email)) {
                Some(entry) => drop(self.entries.lock().unwrap().insert(email, entry)),
                // A server that is gone refuses at once: it is not asked for thousands of awards meanwhile.
                None => thread::sleep(Duration::from_millis(200)),
            }
        }
    }

    /// Every tenth address is none, so that there is something to refuse.
    pub(super) fn ask(
        &self,
        base: &str,
        token: &str,
        badge: &str,
        email: &str,
        key: Option<&str>,
    ) -> Option<Entry> {
        let wrong = email.contains("0@");
        let sent = if wrong { email.replace('@', " at ") } else { email.to_owned() };
        let bearer = format!("Bearer {token}");
        let mut headers = vec![("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        headers.extend(key.map(|key| ("Idempotency-Key", key)));
        let body = json!({"badge": badge, "email": sent}).to_string().into_bytes();
        let answer = harness::try_call(&format!("{base}/api/v1/awards"), "POST", &headers, Some(body));
        let status = answer.as_ref().map_or(0, |answer| answer.status);
        *self.statuses.lock().unwrap().entry(status).or_default() += 1;
        let answer = answer?;
        match status {
            201 => Some(Entry::Acknowledged(answer.json()["awards"][0]["id"].as_str()?.to_owned())),
            422 => Some(Entry::Refused),
            409 | 503 | 507 if !answer.header("Retry-After").is_empty() => None,
            _ => {
                self.odd.lock().unwrap().push(format!("{status} was answered: {}", answer.text()));
                None
            }
        }
    }

    /// How many awards were acknowledged up to now.
    pub(super) fn acknowledged(&self) -> usize {
        let entries = self.entries.lock().unwrap();
        entries.values().filter(|entry| matches!(entry, Entry::Acknowledged(_))).count()
    }

    /// Asks again, with the same key, for all that is open.
    pub(super) fn settle(&self, base: &str, token: &str, badge: &str) {
        let open: Vec<String> = {
            let entries = self.entries.lock().unwrap();
            entries
                .iter()
                .filter(|(_, entry)| **entry == Entry::Unknown)
                .map(|(email, _)| email.clone())
                .collect()
        };
        for email in open {
            // An answer to the first of two may still be under way, and a lost connection is found out once.
            let entry = (0..20).find_map(|_| {
                let entry = self.ask(base, token, badge, &email, Some(&email));
                if entry.is_none() {
                    thread::sleep(Duration::from_millis(100));
                }
                entry
            });
            match entry {
                Some(entry) => drop(self.entries.lock().unwrap().insert(email, entry)),
                None => self.odd.lock().unwrap().push(format!("{email} is never answered")),
            }
        }
    }

    /// What is wrong between the ledger and the server; nothing, if all is well.
    pub(super) fn check(&self, service: &Service, base: &str, badge: &str) -> Vec<String> {
        let mut wrong = self.odd.lock().unwrap().clone();
        let mut held: HashMap<String, Vec<String>> = HashMap::new();
        for award in listed(service, base, badge) {
            let id = award["id"].as_str().unwrap().to_owned();
            let contact = award["contact"].as_str().unwrap().to_owned();
            held.entry(contact).or_default().push(id);
        }
        wrong.extend(
            held.values().filter(|ids| ids.len() > 1).map(|ids| format!("{ids:?} are of one person")),
        );
        let found: HashSet<String> = held.into_values().flatten().collect();
        let entries = self.entries.lock().unwrap();
        let acknowledged: Vec<_> = entries
            .values()
            .filter_map(|entry| if let Entry::Acknowledged(id) = entry { Some(id.clone()) } else { None })
            .collect();
        let unknown = entries.values().filter(|entry| **entry == Entry::Unknown).count();
        let gone = acknowledged.iter().filter(|id| !found.contains(*id));
        wrong.extend(gone.map(|id| format!("{id} was acknowledged and is gone")));
        if found.len() > acknowledged.len() + unknown {
            wrong.push(format!(
                "{} awards, and {} were asked for",
                found.len(),
                acknowledged.len() + unknown
            ));
        }
        let (contexts, mut lists) = (Contexts::new(), MemoryDocuments::new());
        wrong.extend(acknowledged.iter().filter_map(|id| unbelieved(base, id, &contexts, &mut lists)));
        wrong.extend(ill(service));
        wrong
    }

    /// One line for whoever reads the log.
    pub(super) fn sum(&self, what: &str) {
        let acknowledged = self.acknowledged();
        let (entries, statuses) = (self.entries.lock().unwrap(), self.statuses.lock().unwrap());
        println!(
            "faults: {what}: {} asked for, {acknowledged} acknowledged, answers {statuses:?}",
            entries.len()
        );
    }
}

/// All awards of a badge, as the server lists them.
pub(super) fn listed(service: &Service, base: &str, badge: &str) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let url = format!("{base}/api/v1/awards?badge={badge}&limit=200{after}");
        let part = service.get_as(&service.owner(), &url).expect(200).json();
        all.extend(part["items"].as_array().unwrap().iter().cloned());
        match part["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}

/// Why a stranger would not believe an award.
pub(super) fn unbelieved(
    base: &str,
    id: &str,
    contexts: &Contexts,
    lists: &mut MemoryDocuments,
) -> Option<String> {
    let credential = harness::call(&format!("{base}/awards/{id}/credential.json"), "GET", &[], None);
    if credential.status != 200 {
        return Some(format!("{id} is answered with {}", credential.status));
    }
    let credential_json = credential.json();
    let Some(entries) = credential_json["credentialStatus"].as_array() else {
        return Some(format!("{id} names no status list"));
    };
    for entry in entries {
        let url = entry["statusListCredential"].as_str().unwrap();
        if lists.document(url).is_none() {
            let list = harness::call(&url.replace("http://127.0.0.1:8080", base), "GET", &[], None);
            lists.insert(url, list.body);
        }
    }
    let now = "2100-01-01T00:00:00Z".parse().unwrap();
    match verify(&credential.body, &Options::new(now, contexts, lists)) {
        Ok(_) => None,
        Err(report) => Some(format!("{id}: {}", report.message)),
    }
}

/// What `badges doctor` finds wrong, the chain of the audit log among it.
fn ill(service: &Service) -> Vec<String> {
    let text = String::from_utf8(service.command(&["--json", "doctor"]).stdout).unwrap();
    let found = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    found.filter(|finding| finding["health"] == "ill").map(|finding| finding["said"].to_string()).collect()
}
