//! Several proofs of one badge, and what a proof says beside its signature.

use badges_core::key::LocalSigner;
use serde_json::{Value, json};

use crate::{
    actors::{AT, WEB, badge, but, issuer, issuer_as, other, proof_with, rdfc},
    table::{Table, World},
};

fn with(document: &Value, proofs: &[&Value]) -> String {
    but(document.clone(), json!({"proof": proofs})).to_string()
}

#[test]
fn one_bound_proof_decides_and_one_broken_proof_breaks() {
    let mut table = Table::new("proof sets");
    let own = issuer();
    let good = badge(own.controller());
    let proof = |signer: &LocalSigner| proof_with(&good, json!({"created": AT}), signer);
    let (bound, unbound) = (proof(&own), proof(&other()));
    let open = proof(&issuer_as("did:web:hive.example#key-1"));
    let foreign = but(bound.clone(), json!({"cryptosuite": "bbs-2023"}));
    let broken = but(bound.clone(), json!({"proofValue": unbound["proofValue"]}));
    let broken_of_another = but(unbound.clone(), json!({"proofValue": bound["proofValue"]}));
    let world = World::empty();
    let mut check = |case: &str, proofs: &[&Value], answer: &str, parts: &[&str]| {
        table.says(case, &with(&good, proofs), &world, answer, parts);
    };

    check("one", &[&bound], "valid", &["bound did"]);
    let noted = &["proof[0] passed", "proof[1] unknown suite_unsupported", "finding suite_unsupported"];
    check("bound, then foreign", &[&bound, &foreign], "valid", noted);
    check("foreign, then bound", &[&foreign, &bound], "valid", &["proof[0] unknown suite_unsupported"]);
    check("foreign alone", &[&foreign], "unsupported suite_unsupported", &[]);
    check("foreign twice", &[&foreign, &foreign], "unsupported suite_unsupported", &[]);
    check("bound and broken", &[&bound, &broken], "invalid proof_failed", &["proof[1] failed proof_failed"]);
    check("broken and bound", &[&broken, &bound], "invalid proof_failed", &[]);
    check("bound and another's broken", &[&bound, &broken_of_another], "invalid proof_failed", &[]);
    check("foreign and broken", &[&foreign, &broken], "invalid proof_failed", &[]);
    check("unbound and bound", &[&unbound, &bound], "valid", &["binding passed", "bound did"]);
    check(
        "unbound twice",
        &[&unbound, &unbound],
        "unbound key_of_another",
        &["binding failed key_of_another"],
    );
    check("unbound and foreign", &[&unbound, &foreign], "unbound key_of_another", &[]);
    check("bound and open", &[&bound, &open], "valid", &["finding document_missing"]);
    check("unbound and open", &[&unbound, &open], "undecided document_missing", &[]);
    check("open and foreign", &[&open, &foreign], "undecided document_missing", &[]);
    check("eight", &[&bound; 8], "valid", &["proof[7] passed"]);
    check("nine", &[&bound; 9], "invalid too_complex", &[]);
    check("none", &[], "invalid no_proof", &[]);
    check("no object", &[&json!("proof")], "invalid proof_failed", &[]);
    table.finish();
}

#[test]
fn a_chain_signs_what_stands_before() {
    let mut table = Table::new("proof chains");
    let own = issuer();
    let good = badge(own.controller());
    let first = proof_with(&good, json!({"id": "urn:uuid:11", "created": AT}), &other());
    let after = json!({"id": "urn:uuid:12", "previousProof": "urn:uuid:11"});
    let with_first = but(good.clone(), json!({"proof": [first]}));
    let second = proof_with(&with_first, after, &own);
    let both = but(good.clone(), json!({"proof": [first, second]}));
    let third = proof_with(&both, json!({"previousProof": ["urn:uuid:11", "urn:uuid:12"]}), &own);
    let world = World::empty();

    table.both("two", &both.to_string(), &world, "valid");
    table.both("in the other order", &with(&good, &[&second, &first]), &world, "valid");
    table.both("three", &with(&good, &[&first, &second, &third]), &world, "valid");
    table.both("without the first", &with(&good, &[&second]), &world, "invalid proof_failed");
    table.both("without the second", &with(&good, &[&first, &third]), &world, "invalid proof_failed");
    let another = proof_with(&good, json!({"id": "urn:uuid:11"}), &own);
    table.both("another first", &with(&good, &[&another, &second]), &world, "invalid proof_failed");
    let often = but(second.clone(), json!({"previousProof": vec!["urn:uuid:11"; 10_000]}));
    table.both(
        "the first ten thousand times",
        &with(&good, &[&first, &often]),
        &world,
        "invalid proof_failed",
    );
    let twice = but(second.clone(), json!({"previousProof": ["urn:uuid:11", "urn:uuid:11"]}));
    table.both("the first twice", &with(&good, &[&first, &twice]), &world, "invalid proof_failed");
    table.finish();
}

#[test]
fn a_proof_is_held_to_what_is_expected() {
    let mut table = Table::new("domain, challenge, dates of proofs");
    let own = issuer();
    let good = badge(own.controller());
    let of = |members: Value| with(&good, &[&proof_with(&good, members, &own)]);
    let (empty, failed) = (World::empty(), "invalid proof_failed");

    let domain = of(json!({"domain": "a.example"}));
    table.both("a domain, and none expected", &domain, &empty, "valid");
    table.both("the domain expected", &domain, &World::empty().in_domain("a.example"), "valid");
    table.both("another domain", &domain, &World::empty().in_domain("b.example"), failed);
    table.both("no domain", &of(json!({})), &World::empty().in_domain("a.example"), failed);
    let challenge = of(json!({"challenge": "17"}));
    table.both("a challenge, and none expected", &challenge, &empty, "valid");
    table.both("the challenge expected", &challenge, &World::empty().with_challenge("17"), "valid");
    table.both("another challenge", &challenge, &World::empty().with_challenge("18"), failed);
    table.both("no challenge", &of(json!({})), &World::empty().with_challenge("17"), failed);
    table.both("a proof that expired", &of(json!({"expires": "2026-11-20T00:00:00Z"})), &empty, failed);
    table.both("a proof that expires", &of(json!({"expires": "2026-12-01T00:00:00Z"})), &empty, "valid");
    table.both("a proof without created", &of(json!({})), &empty, "valid");
    let mut changed = rdfc(&good, &own);
    for (case, member, value) in [
        ("no time", "created", json!("yesterday")),
        ("no offset", "created", json!("2026-11-21T00:00:00")),
        ("another purpose", "proofPurpose", json!("authentication")),
        ("no purpose", "proofPurpose", json!(null)),
        ("another base", "proofValue", json!("uAAAA")),
        ("a later date", "created", json!("2026-11-22T00:00:00Z")),
        ("a domain put in", "domain", json!("a.example")),
    ] {
        let own = changed["proof"].clone();
        changed["proof"][member] = value;
        table.both(case, &changed.to_string(), &empty, failed);
        changed["proof"] = own;
    }
    let open = proof_with(
        &badge(WEB),
        json!({"expires": "2026-11-20T00:00:00Z"}),
        &issuer_as("did:web:hive.example#k"),
    );
    table.both("expired, and no document", &with(&badge(WEB), &[&open]), &empty, failed);
    table.finish();
}
