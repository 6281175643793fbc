//! Open Badges: what the structure check passes can be read, and prints to what reads as the same.
#![no_main]

use badges_core::{
    json::{Limits, canonical, read},
    model::{
        EndorsementCredential, OpenBadgeCredential, check_badge, check_endorsement, check_structure, kind_of,
    },
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let Ok(json) = read(text, &Limits::default()) else { return };
    let Some(object) = json.as_object() else { return };
    let _ = (kind_of(object), check_structure(object), check_endorsement(object));

    if let Ok(badge) = serde_json::from_slice::<OpenBadgeCredential>(text) {
        let printed = serde_json::to_string(&badge).expect("a badge prints");
        let again: OpenBadgeCredential = serde_json::from_str(&printed).expect("a printed badge reads");
        assert_eq!(serde_json::to_string(&again).expect("a badge prints"), printed);
        let tree = read(printed.as_bytes(), &Limits { bytes: usize::MAX, ..Limits::default() })
            .expect("strict JSON");
        let faults = check_badge(tree.as_object().expect("an object"));
        assert!(
            faults.is_empty() || !check_badge(object).is_empty(),
            "printing broke it: {faults:?} in {printed}"
        );
    } else {
        assert!(!check_badge(object).is_empty(), "no fault in what does not read: {}", canonical(&json));
    }
    if let Ok(endorsement) = serde_json::from_slice::<EndorsementCredential>(text) {
        let printed = serde_json::to_string(&endorsement).expect("an endorsement prints");
        assert!(serde_json::from_str::<EndorsementCredential>(&printed).is_ok(), "{printed}");
    }
});
