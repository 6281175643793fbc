//! A badge has one spelling: each other one is refused, by the name of the rule.

use std::time::{Duration, Instant};

use badges_core::{
    json::{self, Json, Limits},
    jsonld::{Budget, Contexts, JsonLdError, Rule},
};

const VC: &str = "https://www.w3.org/ns/credentials/v2";
const OB: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";

fn canonicalize(text: &str) -> Result<String, JsonLdError> {
    let document = json::read(text.as_bytes(), &Limits::default()).unwrap();
    let object = document.as_object().unwrap();
    let context = object.get("@context").unwrap_or(&Json::Null);
    Contexts::new().canonicalize(object, &["proof"], context, &Budget::default())
}

/// A badge with these members besides its context, id and types.
fn badge(members: &str) -> String {
    format!(
        r#"{{"@context": ["{VC}", "{OB}"], "id": "urn:badge", "type": ["VerifiableCredential",
            "OpenBadgeCredential"], {members}}}"#
    )
}

fn check(members: &str, rule: Rule, path: &str) {
    let answer = canonicalize(&badge(members));
    let held = matches!(&answer, Err(JsonLdError::ContextRule { rule: own, path: at, .. }) if *own == rule && at == path);
    assert!(held, "{members}: {answer:?}");
}

fn check_dropped(members: &str, path: &str) {
    let answer = canonicalize(&badge(members));
    let held = matches!(&answer, Err(JsonLdError::Dropped { path: at, .. }) if at == path);
    assert!(held, "{members}: {answer:?}");
}

fn check_accepted(members: &str) {
    let answer = canonicalize(&badge(members));
    assert!(answer.is_ok(), "{members}: {answer:?}");
}

#[test]
fn contexts_stand_in_their_places_and_are_known_urls() {
    check(
        &format!(r#""issuer": {{"@context": "{VC}", "id": "urn:i", "type": "Profile"}}"#),
        Rule::Contexts,
        "$.issuer",
    );
    for contexts in [
        format!(r#"["{VC}", "{VC}"]"#),
        format!(r#"["{VC}", {{"x": "urn:x"}}]"#),
        format!(r#"["{VC}", ["{OB}"]]"#),
        format!(r#"["{VC}", null]"#),
        "null".to_owned(),
        format!("[{}]", (0..9).map(|at| format!("\"urn:{at}\"")).collect::<Vec<_>>().join(",")),
    ] {
        let answer = canonicalize(&format!(r#"{{"@context": {contexts}, "id": "urn:x", "name": "x"}}"#));

        let held = matches!(answer, Err(JsonLdError::ContextRule { rule: Rule::Contexts, .. }));
        assert!(held, "{contexts}: {answer:?}");
    }
}

#[test]
fn every_name_is_a_term() {
    check(r#""https://schema.org/name": "x""#, Rule::Terms, "$[\"https://schema.org/name\"]");
    check(r#""schema:name": "x""#, Rule::Terms, "$[\"schema:name\"]");
    check(r#""@id": "urn:x""#, Rule::Terms, "$[\"@id\"]");
    check(r#""issuer": {"@type": "Profile"}"#, Rule::Terms, "$.issuer[\"@type\"]");
    check(r#""name": {"@value": "x"}"#, Rule::Terms, "$.name");
    check(r#""name": {"@value": "x", "@language": "en", "@type": "urn:x"}"#, Rule::Terms, "$.name");
    check(
        r#""validFrom": {"@value": "2026-01-01T00:00:00Z", "@language": "en"}"#,
        Rule::Terms,
        "$.validFrom",
    );
    check(r#""evidence": {"@set": []}"#, Rule::Terms, "$.evidence[\"@set\"]");
    check(r#""evidence": {"@list": []}"#, Rule::Terms, "$.evidence[\"@list\"]");
    check(r#""evidence": {"@graph": []}"#, Rule::Terms, "$.evidence[\"@graph\"]");
    check(r#""@included": []"#, Rule::Terms, "$[\"@included\"]");
    check(r#""@reverse": {}"#, Rule::Terms, "$[\"@reverse\"]");
    check_accepted(r#""name": {"@value": "Mentorin", "@language": "de-AT"}"#);
    check_dropped(r#""grade": "A""#, "$.grade");
    check_dropped(r#""achievement": {}"#, "$.achievement");
}

#[test]
fn every_type_is_a_term_or_an_iri_without_one() {
    let iri = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Evidence";
    check(&format!(r#""evidence": {{"type": "{iri}"}}"#), Rule::Types, "$.evidence.type");
    check_dropped(r#""evidence": {"type": "Evidenz"}"#, "$.evidence.type");
    check_dropped(r#""evidence": {"type": "id"}"#, "$.evidence.type");
    check_dropped(r#""evidence": {"type": 1}"#, "$.evidence.type");
    check_accepted(r#""evidence": {"type": ["Evidence", "https://example.org/Photo"]}"#);
}

#[test]
fn values_are_plain() {
    check(r#""evidence": [[{"type": "Evidence"}]]"#, Rule::Values, "$.evidence[0]");
    check(r#""issuer": "_:b0""#, Rule::Values, "$.issuer");
    check(r#""issuer": {"id": "_:b0"}"#, Rule::Values, "$.issuer.id");
    check_dropped(r#""name": null"#, "$.name");
    check_dropped(r#""evidence": [null]"#, "$.evidence[0]");
    check_dropped(r#""issuer": "issuers/1""#, "$.issuer");
    check_dropped(r#""issuer": {"id": "issuers/1"}"#, "$.issuer.id");
    check_dropped(r#""issuer": {"id": "https://example.org/a b"}"#, "$.issuer.id");
    check_dropped(r#""issuer": {"id": ["urn:i"]}"#, "$.issuer.id");
    let answer = canonicalize(&badge(r#""name": {"@value": "x", "@language": "ar", "@direction": "rtl"}"#));
    assert!(matches!(answer, Err(JsonLdError::Unsupported { .. })), "{answer:?}");
}

#[test]
fn what_is_said_about_a_thing_is_said_in_its_place() {
    let refresh = |members: &str| {
        format!(r#""refreshService": {{"id": "urn:badge", "type": "VerifiableCredential"{members}}}"#)
    };
    check_accepted(&refresh(""));
    check(
        &refresh(r#", "validUntil": "2026-01-01T00:00:00Z""#),
        Rule::DescribedOnce,
        "$.refreshService.validUntil",
    );
    let status = r#""credentialStatus": {"id": "urn:status", "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation"}"#;
    check_accepted(&format!(r#"{status}, "evidence": {{"id": "urn:status", "type": "Evidence"}}"#));
    check(
        &format!(
            r#"{status}, "evidence": {{"id": "urn:status", "type": ["BitstringStatusListEntry"],
                "statusListIndex": "7"}}"#
        ),
        Rule::DescribedOnce,
        "$.evidence.statusListIndex",
    );
    let issuer = r#""issuer": {"id": "urn:issuer", "type": "Profile", "name": "Academy"}"#;
    check_accepted(&format!(
        r#"{issuer}, "evidence": {{"name": "Academy", "type": "Profile", "id": "urn:issuer"}}"#
    ));
    check(
        &format!(
            r#"{issuer}, "evidence": {{"id": "urn:issuer", "type": "Profile", "email": "a@example.org"}}"#
        ),
        Rule::DescribedOnce,
        "$.evidence.email",
    );
    let subject =
        r#""credentialSubject": {"id": "urn:learner", "type": "AchievementSubject", "role": "mentor"}"#;
    check_accepted(&format!(
        r#"{subject}, "issuer": {{"id": "urn:learner", "type": "Profile", "name": "Ada"}}"#
    ));
    check(
        &format!(
            r#"{subject}, "evidence": {{"id": "urn:learner", "type": "AchievementSubject", "term": "1"}}"#
        ),
        Rule::DescribedOnce,
        "$.evidence.term",
    );
}

#[test]
fn an_endorsement_brings_its_own_context_and_may_speak_of_the_badge() {
    let endorsement = |context: &str, members: &str| {
        format!(
            r#""endorsement": [{{{context}"id": "urn:e", "type": ["VerifiableCredential",
                "EndorsementCredential"], "credentialSubject": {{"id": "urn:badge",
                "type": "EndorsementSubject", "endorsementComment": "good"{members}}}}}]"#
        )
    };
    let context = format!(r#""@context": ["{VC}", "{OB}"], "#);

    check_accepted(&endorsement(&context, ""));
    check(&endorsement("", ""), Rule::OwnContext, "$.endorsement[0]");
    check(
        &endorsement(&context, r#", "name": "another""#),
        Rule::DescribedOnce,
        "$.endorsement[0].credentialSubject.name",
    );
}

#[test]
fn the_work_for_one_document_is_bounded() {
    let many = |item: &str, count: usize| vec![item; count].join(",");
    let tree = (0..11).fold(r#"{"type": "Profile"}"#.to_owned(), |tree, _| {
        format!(r#"{{"type": "Profile", "parentOrg": [{tree}, {tree}]}}"#)
    });
    let long = "x".repeat(100_000);
    let numbers = (0..20_000).map(|at| format!("\"{at}\"")).collect::<Vec<_>>().join(",");
    let types = (0..14_000).map(|at| format!("\"urn:x:{at}\"")).collect::<Vec<_>>().join(",");
    let worst = [
        format!(r#""evidence": [{}]"#, many(r#"{"type":"Evidence"}"#, 12_000)),
        format!(
            r#""credentialSubject": {{"type": "AchievementSubject", "identifier": [{}]}}"#,
            many(r#"{"type":"IdentityObject"}"#, 9_000)
        ),
        format!(r#""issuer": {tree}"#),
        format!(r#""evidence": {{"type": "Achievement", "id": "urn:{long}", "tag": [{numbers}]}}"#),
        format!(r#""evidence": {{"type": "Achievement", "tag": [{numbers}]}}"#),
        format!(r#""evidence": {{"type": "ResultDescription", "allowedValue": [{}]}}"#, many("\"a\"", 9_000)),
        format!(r#""evidence": {{"type": [{types}]}}"#),
    ];
    for members in worst {
        let document = badge(&members);
        #[expect(clippy::disallowed_methods, reason = "the clock is what is tested")]
        let start = Instant::now();
        let answer = canonicalize(&document);
        // A machine under load and a build for tests are slow; what is not bounded takes minutes.
        assert!(start.elapsed() < Duration::from_secs(2), "{:.80}", members);
        assert!(matches!(answer, Ok(_) | Err(JsonLdError::TooComplex)), "{:.80}: {answer:?}", members);
    }
}
