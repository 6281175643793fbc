//! Bitstrings: what is set is there, in any size of entry, and through the packed form.

use badges_core::status::{Bitstring, EntrySize, MAX_INFLATED, MIN_ENTRIES, StatusError};
use proptest::prelude::*;

use crate::config;

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn a_list_keeps_what_is_set(
        bits in 1_u64..=16,
        spare in 0_usize..20,
        writes in prop::collection::vec((any::<prop::sample::Index>(), any::<u32>()), 1..60),
    ) {
        let size = EntrySize::new(bits).unwrap();
        let mut list = Bitstring::new(MIN_ENTRIES + spare, size).unwrap();
        let entries = list.entries(size);
        let mut model = vec![0; entries];
        for (index, value) in &writes {
            let (index, value) = (index.index(entries), value % size.values() as u32);
            list.set(index as u64, size, value).unwrap();
            model[index] = value;
        }

        let read = Bitstring::decode(&list.encode(), MAX_INFLATED).unwrap();

        prop_assert_eq!(&read, &list);
        let values: Vec<_> = (0..entries as u64).map(|index| read.get(index, size).unwrap()).collect();
        prop_assert_eq!(values, model);
        let beyond = read.get(entries as u64, size);
        prop_assert!(matches!(beyond, Err(StatusError::Range { .. })), "{beyond:?}");
    }

    #[test]
    fn any_other_byte_is_noticed(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        let mut list = Bitstring::new(MIN_ENTRIES, EntrySize::ONE).unwrap();
        (0..MIN_ENTRIES as u64).step_by(37).for_each(|index| list.set(index, EntrySize::ONE, 1).unwrap());
        let mut packed = URL_SAFE_NO_PAD.decode(&list.encode()[1..]).unwrap();
        let at = at.index(packed.len());
        packed[at] ^= flip;

        let read = Bitstring::decode(&format!("u{}", URL_SAFE_NO_PAD.encode(&packed)), MAX_INFLATED);

        // The header holds a time, hints and a system that mean nothing for the content.
        let idle = (4..10).contains(&at) || (at == 3 && flip == 1);
        prop_assert!(read.is_err() || (idle && read == Ok(list)));
    }
}
