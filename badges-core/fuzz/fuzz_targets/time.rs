//! Timestamps: what is read prints to a text that reads as the same moment.
#![no_main]

use badges_core::time::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(moment) = text.parse::<Timestamp>() else { return };

    assert_eq!(moment.to_string().parse(), Ok(moment));
});
