//! Status lists and entries: bits come out as they went in, and no list passes its limit.
#![no_main]

use badges_core::{
    json::{Limits, read},
    status::{Bitstring, EntrySize, RevocationList, RevokedAssertions, StatusEntry, StatusList},
};
use libfuzzer_sys::fuzz_target;

const MAX: usize = 1 << 20;

fuzz_target!(|text: &[u8]| {
    let Ok(text) = str::from_utf8(text) else { return };
    for bits in [Bitstring::decode(text, MAX), Bitstring::decode_2021(text, MAX)].into_iter().flatten() {
        assert!(bits.entries(EntrySize::ONE) <= MAX * 8);
        assert_eq!(Bitstring::decode(&bits.encode(), MAX).as_ref(), Ok(&bits));
    }
    let Ok(json) = read(text.as_bytes(), &Limits { bytes: MAX, ..Limits::default() }) else { return };
    let entry = StatusEntry::parse(&json);
    let Some(object) = json.as_object() else { return };
    if let Ok(list) = StatusList::read(object)
        && let Ok(bits) = list.expand(MAX)
        && let Ok(StatusEntry::Bitstring(entry)) = &entry
    {
        let _ = list.check_entry(entry);
        let _ = entry.outcome(&bits);
    }
    if let Ok(list) = RevocationList::read(object) {
        let _ = list.find("urn:uuid:1");
    }
    if let Ok(list) = RevokedAssertions::read(object) {
        let _ = list.find(Some("urn:uuid:1"), Some("1"));
    }
});
