//! Our badges before a verifier that knows nothing of us: names, documents and lists over TLS, as the world has them.

use std::{sync::Arc, time::Duration};

use badges_core::{
    time::Timestamp,
    verify::{Bound, Verdict},
};
use badges_server::verifier::{Judged, Own, Question, Verifier};
use serde_json::json;

use crate::{
    harness::Service,
    web::{Web, run},
};

const HOST: &str = "badges.example";

/// Judges what was handed out, with a verifier that has fetched nothing before.
fn judged(service: &Service, web: &Arc<Web>, credential: &[u8], now: &str) -> Judged {
    web.forward(HOST, service.base.strip_prefix("http://").unwrap().parse().unwrap());
    let verifier = Verifier::new(Arc::new(Arc::clone(web).serve(&[HOST]).fetcher), |_: &str| Own::Foreign);
    let now: Timestamp = now.parse().unwrap();
    run(verifier.verify_bytes("badge", credential.to_vec(), Question::new(now), now))
}

#[test]
fn a_badge_of_did_web_verifies_over_tls_until_it_is_revoked_and_after_its_key_was_rotated() {
    let service = Service::start_with(&[("BADGES_PUBLIC_URL", "https://badges.example")]);
    let owner = service.owner();
    let award = service.award(&service.badge("astronaut", &json!({})), "ada@example.org");
    let path = format!("/awards/{}", award["id"].as_str().unwrap());
    let in_the_form = |form: &str| {
        let url = format!("{}{path}", service.base);
        crate::harness::call(&url, "GET", &[("Accept", form)], None).expect(200).body
    };
    let (document, token) = (in_the_form("application/vc"), in_the_form("application/jwt"));
    let web = Arc::new(Web::default());

    for credential in [&document, &token] {
        let judged = judged(&service, &web, credential, "2026-06-21T13:00:00Z");
        assert_eq!(judged.report.verdict, Verdict::Valid, "{:?}", judged.report);
        assert_eq!(judged.report.bound, Some(Bound::ControllerDocument));
    }
    let asked = web.asked();
    let names = |part: &str| asked.iter().any(|url| url.starts_with(&format!("https://{HOST}/{part}/")));
    assert!(names("issuers") && names("status"), "{asked:?}");
    assert_eq!(web.trapped(), 0);

    let rotate = format!("/api/v1/issuers/{}/keys", service.organisation);
    service.post_as(&owner, &rotate, &json!({})).expect(201);
    let judged_again = judged(&service, &web, &document, "2026-06-21T14:00:00Z");
    assert_eq!(judged_again.report.verdict, Verdict::Valid, "{:?}", judged_again.report);

    let revoke = format!("/api/v1{path}/revoke");
    service.post_as(&owner, &revoke, &json!({"reason": "Given to somebody else"})).expect(200);
    service.clock.advance(Duration::from_secs(600));
    for credential in [&document, &token] {
        let judged = judged(&service, &web, credential, "2026-06-21T15:00:00Z");
        assert_eq!(judged.report.verdict, Verdict::Revoked, "{:?}", judged.report);
    }
}
