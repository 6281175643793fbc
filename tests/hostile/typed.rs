//! Badges that a typed reader could take in two ways.

use badges_core::model::OpenBadgeCredential;

use crate::{
    cases::{Cases, case},
    structure::badge,
};

#[test]
fn typed_readers_refuse_what_could_be_read_twice() {
    let mut cases = Cases::new("structure, typed");
    let typed = |from: &str, to: &str| {
        let text = badge().to_string().replacen(from, to, 1);
        assert_ne!(text, badge().to_string());
        serde_json::from_str::<OpenBadgeCredential>(&text).map(|_| ()).map_err(|error| error.to_string())
    };

    case!(
        cases,
        "a known name twice",
        typed("\"validFrom\"", "\"validFrom\":\"2026-01-01T00:00:00Z\",\"validFrom\""),
        Err(reason) if reason.contains("twice")
    );
    case!(
        cases,
        "a known name escaped",
        typed("\"validFrom\"", "\"validFrom\":\"2026-01-01T00:00:00Z\",\"valid\\u0046rom\""),
        Err(reason) if reason.contains("twice")
    );
    case!(cases, "an unknown name twice", typed("\"validFrom\"", "\"x\":1,\"x\":2,\"validFrom\""), Err(reason) if reason.contains("twice"));
    case!(
        cases,
        "an unknown name escaped",
        typed("\"validFrom\"", "\"x\":1,\"\\u0078\":2,\"validFrom\""),
        Err(reason) if reason.contains("twice")
    );
    case!(cases, "a null", typed("\"name\":\"Observatory\"", "\"name\":null"), Err(reason) if reason.contains("line 1"));
    case!(
        cases,
        "an array where one is wanted",
        typed("\"2026-01-01T00:00:00Z\"", "[\"2026-01-01T00:00:00Z\"]"),
        Err(reason) if reason.contains("line 1")
    );
    case!(cases, "a lone surrogate", typed("Observatory", "\\ud800"), Err(reason) if reason.contains("line 1"));
    cases.finish();
}
