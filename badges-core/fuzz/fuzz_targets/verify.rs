//! Any upload: the verdict, the report and the policies agree with each other.
#![no_main]

use std::sync::LazyLock;

use badges_core::{
    bake::{ImageKind, ImageLimits, Selection, choose, extract},
    did::MemoryDocuments,
    jsonld::Contexts,
    verify::{Options, Outcome, Policy, Verdict, inspect, verify},
};
use libfuzzer_sys::fuzz_target;

static CONTEXTS: LazyLock<Contexts> = LazyLock::new(Contexts::new);

fuzz_target!(|upload: &[u8]| {
    let found = ImageKind::sniff(upload).and_then(|_| {
        let found = extract(upload, &ImageLimits::default()).ok()?;
        choose(found, Selection::Lenient).ok()
    });
    let input = found.as_ref().map_or(upload, |found| found.text.as_bytes());
    // A document may be asked for under any address: give back what was uploaded.
    let mut documents = MemoryDocuments::new();
    documents.insert("https://badges.example/status/3", upload);
    let at = "2026-11-21T00:00:00Z".parse().expect("a time");
    let strict = Options::new(at, &CONTEXTS, &documents);
    let lenient = Options { policy: Policy::Lenient, ..strict };

    let report = inspect(input, &strict);
    assert_eq!(verify(input, &strict).is_ok(), report.verdict == Verdict::Valid);
    serde_json::to_string(&report).expect("a report prints");
    if report.verdict == Verdict::Valid {
        assert!(report.checks.iter().all(|check| check.outcome != Outcome::Failed), "{report:?}");
        assert_eq!(inspect(input, &lenient).verdict, Verdict::Valid, "lenient accepts what strict accepts");
    }
});
