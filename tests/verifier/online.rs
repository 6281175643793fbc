//! Badges judged with what the web of the test publishes.

use std::sync::{Arc, Mutex};

use badges_core::{
    bake,
    proof::integrity::Suite,
    verify::{Bound, Verdict},
};
use badges_server::verifier::{Judged, Own, Question, Verifier};
use serde_json::{Value, json};

use crate::{
    actors::{
        DID, HIVE, LIST, badge, but, did_document, entry, hive, hosted, key_set, list, listed, signed,
        signed_by, signer, token,
    },
    web::{Page, Running, Web, now, run},
};

/// A verifier before a web.
pub(crate) struct Desk {
    pub(crate) web: Arc<Web>,
    pub(crate) verifier: Verifier,
}

/// An installation that publishes nothing.
fn foreign(_: &str) -> Own {
    Own::Foreign
}

impl Desk {
    pub(crate) fn before(running: Running, own: impl Fn(&str) -> Own + Send + Sync + 'static) -> Self {
        Self { web: running.web, verifier: Verifier::new(Arc::new(running.fetcher), own) }
    }

    fn new() -> Self {
        Self::before(Arc::new(Web::default()).serve(&["hive.example"]), foreign)
    }

    /// The same with the issuer's document and list, in which these are revoked.
    fn with_list(set: &[u64]) -> Self {
        let desk = Self::new();
        desk.web.put(DID, Page::text(did_document()));
        desk.web.put(LIST, Page::text(list(set)));
        desk
    }

    pub(crate) fn judge(&self, bytes: impl Into<Vec<u8>>) -> Judged {
        run(self.verifier.verify_bytes("badge", bytes.into(), Question::new(now()), now()))
    }

    fn judge_address(&self, address: &str) -> Judged {
        run(self.verifier.verify_address(address, Question::new(now()), now()))
    }
}

pub(crate) fn json_of(judged: &Judged) -> Value {
    serde_json::to_value(judged.answer()).unwrap()
}

#[test]
fn a_badge_of_did_web_is_genuine_by_the_document_of_its_issuer() {
    let desk = Desk::with_list(&[]);

    let judged = desk.judge(listed(7));

    assert_eq!(judged.report.verdict, Verdict::Valid, "{:?}", judged.report);
    assert_eq!(judged.report.bound, Some(Bound::ControllerDocument));
    let mut asked = desk.web.asked();
    asked.sort();
    assert_eq!(asked, [DID, LIST]);
    let said = json_of(&judged);
    let sentence = said["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("This badge is genuine.") && sentence.contains("has not been revoked"));
    let checks = said["checks"].as_array().unwrap();
    assert!(checks.iter().all(|check| check["sentence"].as_str().unwrap().ends_with('.')), "{checks:?}");
    assert_eq!(said["documents"].as_array().unwrap().len(), 2);
}

#[test]
fn a_revoked_badge_is_seen_as_revoked() {
    let desk = Desk::with_list(&[7]);

    assert_eq!(desk.judge(listed(7)).report.verdict, Verdict::Revoked);
    assert_eq!(desk.judge(listed(8)).report.verdict, Verdict::Valid);
    assert_eq!(desk.web.asked().len(), 2, "the second badge asked nobody");
}

#[test]
fn a_document_that_does_not_come_is_why_nothing_is_decided() {
    let desk = Desk::with_list(&[]);
    desk.web.put(LIST, Page::status(503));

    let judged = desk.judge(listed(7));

    assert_eq!(judged.report.code.as_str(), "status_missing");
    let said = json_of(&judged);
    assert_eq!(
        said["sentence"],
        "This badge could not be confirmed: https://hive.example/status/1 gave no document (status 503)."
    );
    let status =
        said["checks"].as_array().unwrap().iter().find(|check| check["check"] == "status[0]").unwrap();
    assert_eq!(
        status["sentence"],
        "Whether it was revoked could not be told: https://hive.example/status/1 gave no document (status 503)."
    );
}

#[test]
fn a_token_is_bound_by_the_key_set_of_its_issuer() {
    let desk = Desk::new();
    desk.web.put("https://hive.example/.well-known/jwks.json", Page::text(key_set("k")));

    let judged = desk.judge(token(&badge("https://hive.example/issuer", json!({})), "k"));

    assert_eq!((judged.report.verdict, judged.report.bound), (Verdict::Valid, Some(Bound::Jwks)));
}

#[test]
fn a_hosted_badge_is_what_its_issuer_hosts_until_that_is_gone() {
    let check = |page: Option<Page>, verdict: Verdict| {
        let desk = Desk::new();
        for (url, document) in hosted() {
            desk.web.put(url, Page::text(document.to_string()));
        }
        let [(id, assertion), ..] = hosted();
        if let Some(page) = page {
            desk.web.put(id, page);
        }

        assert_eq!(desk.judge(assertion.to_string()).report.verdict, verdict);
        let by_address = desk.judge_address(id).report.verdict;
        assert_eq!(by_address, if verdict == Verdict::Undecided { Verdict::Undecided } else { verdict });
    };
    let gone = |body: Value| Some(Page::Plain(410, String::new(), body.to_string().into_bytes()));

    check(None, Verdict::Valid);
    check(gone(json!({"id": "https://hive.example/1", "revoked": true})), Verdict::Revoked);
    check(gone(json!({"id": "https://hive.example/1"})), Verdict::Undecided);
    check(gone(hosted()[0].1.clone()), Verdict::Undecided);
    check(Some(Page::status(404)), Verdict::Undecided);
}

#[test]
fn a_badge_is_verified_by_its_address_in_every_form() {
    let desk = Desk::with_list(&[]);
    let json = String::from_utf8(listed(7)).unwrap();
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><path d="M0 0"/></svg>"#;
    let baked = bake::bake(svg, &json, bake::Generation::V3).unwrap();
    desk.web.put("https://hive.example/a.json", Page::text(json));
    desk.web.put(
        "https://hive.example/a.jwt",
        Page::text(token(&badge(HIVE, json!({})), "did:web:hive.example#key-1")),
    );
    desk.web.put("https://hive.example/a.svg", Page::text(baked));
    desk.web.put("https://hive.example/a.html", Page::text("<!doctype html><title>A badge</title>"));
    let verdict = |name: &str| desk.judge_address(&format!("https://hive.example/{name}")).report.verdict;

    for name in ["a.json", "a.jwt", "a.svg"] {
        assert_eq!(verdict(name), Verdict::Valid, "{name}");
    }
    assert_eq!(verdict("a.html"), Verdict::Undecided);
    assert_eq!(verdict("nothing"), Verdict::Undecided);
    assert_eq!(desk.judge_address("https://10.0.0.1/a.json").report.code.as_str(), "unreadable");
}

#[test]
fn what_the_installation_publishes_takes_no_network() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let own = {
        let asked = Arc::clone(&asked);
        move |url: &str| {
            asked.lock().unwrap().push(url.to_owned());
            match url {
                DID => Own::Document(did_document().into_bytes()),
                LIST => Own::Document(list(&[7]).into_bytes()),
                _ if url.starts_with("https://hive.example/") => Own::Nothing,
                _ => Own::Foreign,
            }
        }
    };
    let desk = Desk::before(Arc::new(Web::default()).serve(&["hive.example"]), own);
    let elsewhere = signed(
        &badge(HIVE, json!({"credentialStatus": entry("https://hive.example/status/none", 1)})),
        &hive(),
    );

    assert_eq!(desk.judge(listed(7)).report.verdict, Verdict::Revoked);
    assert_eq!(desk.judge(listed(8)).report.verdict, Verdict::Valid);
    assert_eq!(desk.judge(elsewhere.to_string()).report.code.as_str(), "status_missing");
    assert_eq!(desk.judge_address("https://hive.example/awards/none").report.verdict, Verdict::Undecided);
    assert!(desk.web.asked().is_empty());
    assert!(asked.lock().unwrap().iter().any(|url| url == "https://hive.example/awards/none"));
}

#[test]
fn a_question_that_is_not_for_the_network_asks_nobody() {
    let desk = Desk::with_list(&[]);
    let question = Question { online: false, ..Question::new(now()) };

    let judged = run(desk.verifier.verify_bytes("badge", listed(7), question, now()));

    assert_eq!(judged.report.code.as_str(), "document_missing");
    assert!(desk.web.asked().is_empty() && judged.documents.is_empty());
}

#[test]
fn a_badge_that_names_a_thousand_addresses_gets_sixteen() {
    let desk = Desk::with_list(&[]);
    let many = |count: usize, of: &dyn Fn(usize) -> Value| (0..count).map(of).collect::<Vec<_>>();
    let entries = many(16, &|at| entry(&format!("https://hive.example/lists/{at}"), 1));
    let proof = |at: usize| {
        json!({
            "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod",
            "created": "2026-11-01T09:30:00Z", "proofValue": format!("z{}", "2".repeat(86)),
            "verificationMethod": format!("did:web:hive.example:endorsers:{at}#key"),
        })
    };
    let endorsement = |at: usize| {
        let endorser = format!("did:web:hive.example:endorsers:{}", 8 * at);
        let said = json!({
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "credentialSubject": {"id": "urn:uuid:1", "type": ["EndorsementSubject"]},
            "credentialStatus": many(16, &|of| entry(&format!("https://hive.example/lists/{at}/{of}"), 1)),
            "proof": many(8, &|of| proof(8 * at + of)),
        });
        badge(&endorser, said)
    };
    let hostile = badge(HIVE, json!({"credentialStatus": entries, "endorsement": many(32, &endorsement)}));
    let hostile = signed_by(Suite::EddsaJcs2022, &hostile, &hive()).to_string();
    let named = hostile.matches("did:web:").count() + hostile.matches("https://hive.example/lists").count();

    let judged = desk.judge(hostile);

    assert!(named > 800, "{named} addresses");
    assert!(desk.web.asked().len() <= 16, "{:?}", desk.web.asked());
    assert!(
        judged
            .documents
            .iter()
            .any(|one| one.problem.as_deref().is_some_and(|why| why.contains("16 documents")))
    );
    assert_ne!(judged.report.verdict, Verdict::Valid);
    // Four set out together, and any of them may arrive first.
    let first: Vec<_> = desk.web.asked().into_iter().take(4).collect();
    assert!(first.iter().any(|one| one == DID), "what the verdict hangs on is asked for first: {first:?}");
}

#[test]
fn no_way_of_naming_a_document_leads_into_private_space() {
    let desk = Desk::before(Arc::new(Web::default()).serve_privately(&["hive.example"]), foreign);
    desk.web.name("hive.example", &[&["127.0.0.2".parse().unwrap()]]);
    let ways = [
        ("did:web", listed(7)),
        ("key set", token(&badge("https://hive.example/issuer", json!({})), "k").into_bytes()),
        (
            "key by address",
            token(&badge("https://hive.example/issuer", json!({})), "https://hive.example/key#1")
                .into_bytes(),
        ),
        ("status list", {
            let own = signer_of_itself();
            let badge = badge(own.0.as_str(), json!({"credentialStatus": entry(LIST, 1)}));
            signed(&badge, &signer(&own.1)).to_string().into_bytes()
        }),
        ("hosted badge", hosted()[0].1.to_string().into_bytes()),
        ("signed assertion", {
            let assertion = but(
                hosted()[0].1.clone(),
                json!({"verification": {"type": "SignedBadge", "creator": "https://hive.example/key"}}),
            );
            token_of(&assertion).into_bytes()
        }),
    ];

    for (way, badge) in ways {
        let judged = desk.judge(badge);

        assert_ne!(judged.report.verdict, Verdict::Valid, "{way}");
        assert!(!judged.documents.is_empty(), "{way}: nothing was asked for");
        for looked in judged.documents {
            let problem = looked.problem.unwrap_or_default();
            assert!(problem.contains("not public"), "{way}: {}: {problem}", looked.address);
        }
    }
    assert_eq!(desk.judge_address("https://hive.example/1").report.verdict, Verdict::Undecided);
    assert_eq!(desk.web.trapped(), 0);
    assert!(desk.web.asked().is_empty());
}

#[test]
fn a_badge_whose_documents_are_slow_is_left() {
    let desk = Desk::before(Arc::new(Web::default()).serve_impatiently(&["hive.example"]), foreign);
    desk.web.put(DID, Page::Silent);
    desk.web.put(LIST, Page::Dripping);

    let judged = desk.judge(listed(7));

    assert_eq!(judged.report.verdict, Verdict::Undecided);
    assert!(
        judged.documents.iter().all(|one| one.problem.as_deref().is_some_and(|why| why.contains("seconds")))
    );
}

/// An issuer that is its own key, and the name of that key.
fn signer_of_itself() -> (String, String) {
    use badges_core::key::{KeyKind, LocalSigner, SecretKey, Signer as _};
    let own = LocalSigner::did_key(SecretKey::from_seed(KeyKind::Ed25519, &[1; 32]).unwrap()).unwrap();
    let method = own.verification_method().to_owned();
    (method.split('#').next().unwrap().to_owned(), method)
}

fn token_of(payload: &Value) -> String {
    use badges_core::proof::jws::{HeaderToWrite, sign};
    sign(payload.to_string().as_bytes(), &HeaderToWrite::default(), &hive()).unwrap()
}
