//! The server killed at random moments under load: what was acknowledged is there once, what was refused is not.
//!
//! `BADGES_FAULT_ROUNDS` says how often; the ledger of what was asked and answered stands outside the system.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex,
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

use crate::{
    harness::{self, Service},
    process::Process,
};

/// What became of one request, by the address that it was for.
#[derive(Clone, Debug, PartialEq)]
enum Entry {
    Acknowledged(String),
    Refused,
    /// No answer came: the award may be there, once.
    Unknown,
}

type Ledger = Arc<Mutex<BTreeMap<String, Entry>>>;

/// Awards one badge after the other until it is told to stop; asks again, with the same key, where no answer came.
fn work(base: &str, token: &str, badge: &str, names: &str, ledger: &Ledger, stop: &AtomicBool) {
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let email = format!("{names}-{number}@example.org");
        let known = ledger.lock().unwrap().get(&email).cloned();
        if matches!(known, Some(Entry::Acknowledged(_) | Entry::Refused)) {
            continue;
        }
        ledger.lock().unwrap().insert(email.clone(), Entry::Unknown);
        match ask(base, token, badge, &email, Some(&email)) {
            Some(entry) => drop(ledger.lock().unwrap().insert(email, entry)),
            // A server that is gone refuses at once: it is not asked for thousands of awards meanwhile.
            None => thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// Every tenth address is none, so that there is something to refuse.
fn ask(base: &str, token: &str, badge: &str, email: &str, key: Option<&str>) -> Option<Entry> {
    let wrong = email.contains("0@");
    let sent = if wrong { email.replace('@', " at ") } else { email.to_owned() };
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    headers.extend(key.map(|key| ("Idempotency-Key", key)));
    let body = json!({"badge": badge, "email": sent}).to_string().into_bytes();
    let answer = harness::try_call(&format!("{base}/api/v1/awards"), "POST", &headers, Some(body))?;
    match answer.status {
        201 => Some(Entry::Acknowledged(answer.json()["awards"][0]["id"].as_str()?.to_owned())),
        422 => Some(Entry::Refused),
        _ => None,
    }
}

/// All awards of a badge, as the server lists them.
fn listed(service: &Service, base: &str, badge: &str) -> Vec<Value> {
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

/// What is wrong between the ledger and the server; nothing, if all is well.
fn check(service: &Service, base: &str, badge: &str, ledger: &Ledger) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    for award in listed(service, base, badge) {
        let id = award["id"].as_str().unwrap().to_owned();
        let contact = award["contact"].as_str().unwrap().to_owned();
        found.entry(contact).or_default().push(id);
    }
    wrong.extend(found.values().filter(|ids| ids.len() > 1).map(|ids| format!("{ids:?} are of one person")));
    let found: Vec<String> = found.into_values().flatten().collect();
    let ledger = ledger.lock().unwrap();
    let acknowledged: Vec<_> = ledger
        .values()
        .filter_map(|entry| if let Entry::Acknowledged(id) = entry { Some(id.clone()) } else { None })
        .collect();
    let unknown = ledger.values().filter(|entry| **entry == Entry::Unknown).count();
    wrong.extend(
        acknowledged
            .iter()
            .filter(|id| !found.contains(id))
            .map(|id| format!("{id} was acknowledged and is gone")),
    );
    if found.len() > acknowledged.len() + unknown {
        wrong.push(format!(
            "{} awards for {} that were asked for",
            found.len(),
            acknowledged.len() + unknown
        ));
    }
    let (contexts, mut lists) = (Contexts::new(), MemoryDocuments::new());
    wrong.extend(acknowledged.iter().filter_map(|id| unbelieved(base, id, &contexts, &mut lists)));
    wrong
}

/// Why a stranger would not believe an award.
fn unbelieved(base: &str, id: &str, contexts: &Contexts, lists: &mut MemoryDocuments) -> Option<String> {
    let credential = harness::call(&format!("{base}/awards/{id}/credential.json"), "GET", &[], None);
    if credential.status != 200 {
        return Some(format!("{id} is answered with {}", credential.status));
    }
    for entry in credential.json()["credentialStatus"].as_array()? {
        let url = entry["statusListCredential"].as_str()?;
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

fn rounds() -> usize {
    std::env::var("BADGES_FAULT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(10)
}

/// Rounds of load on several servers, each round ended by a kill of all of them, one a little after the other; then
/// what is wrong between the ledger and the database.
fn storm(servers: usize) -> Vec<String> {
    let service = Service::start_with(&[("BADGES_QUOTAS_AWARDS_ADMINISTRATOR", "1000000")]);
    let badge = service.badge("astronaut", &json!({}));
    let ledger = Ledger::default();

    for round in 0..rounds() {
        let processes: Vec<_> = (0..servers).map(|_| Process::start(&service)).collect();
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            for worker in 0..8 {
                let base = processes[worker % servers].base.clone();
                let (token, badge, ledger, stop) = (service.owner(), &badge, &ledger, &stop);
                scope.spawn(move || {
                    work(&base, &token, badge, &format!("round{round}-worker{worker}"), ledger, stop);
                });
            }
            // Some rounds end before the first commit, some in the middle of many.
            for process in processes {
                thread::sleep(Duration::from_millis(5 + 37 * (round as u64 * 7919 % 11)));
                process.kill();
            }
            stop.store(true, Ordering::SeqCst);
        });
    }
    let process = Process::start(&service);
    let open: Vec<String> = {
        let ledger = ledger.lock().unwrap();
        ledger.iter().filter(|(_, entry)| **entry == Entry::Unknown).map(|(email, _)| email.clone()).collect()
    };
    for email in open {
        let entry = ask(&process.base, &service.owner(), &badge, &email, Some(&email)).expect("an answer");
        ledger.lock().unwrap().insert(email, entry);
    }

    let mut wrong = check(&service, &process.base, &badge, &ledger);
    let asked = ledger.lock().unwrap().len();
    process.kill();
    println!("faults: {servers} servers, {} rounds, {asked} requests", rounds());
    if asked <= rounds() {
        wrong.push("the load did not begin".to_owned());
    }
    wrong
}

#[test]
fn a_killed_server_loses_nothing_that_it_acknowledged() {
    assert_eq!(storm(1), Vec::<String>::new());
}

#[test]
fn servers_that_share_a_database_and_are_killed_lose_nothing_that_they_acknowledged() {
    if std::env::var_os("BADGES_TEST_POSTGRESQL").is_none() {
        println!("notice: an SQLite file has one server: sharing is tried on PostgreSQL");
        return;
    }
    assert_eq!(storm(2), Vec::<String>::new());
}

#[test]
fn the_checker_sees_a_client_without_keys_and_an_award_that_is_gone() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let ledger = Ledger::default();

    // The first answer is lost, and the client asks again as if nothing had happened.
    for _ in 0..2 {
        let entry = ask(&service.base, &service.owner(), &badge, "ada@example.org", None).unwrap();
        ledger.lock().unwrap().insert("ada@example.org".to_owned(), entry);
    }
    let twice = check(&service, &service.base, &badge, &ledger);
    let gone = Entry::Acknowledged("awd_00000000000000000000000000".to_owned());
    ledger.lock().unwrap().insert("grace@example.org".to_owned(), gone);
    let lost = check(&service, &service.base, &badge, &ledger);

    assert!(twice.iter().any(|line| line.ends_with("are of one person")), "{twice:?}");
    assert!(lost.iter().any(|line| line.ends_with("was acknowledged and is gone")), "{lost:?}");
}
