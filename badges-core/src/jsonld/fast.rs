//! Hashing for tables whose keys are ours: foreign texts are looked up in them, never put in.

use std::hash::{BuildHasherDefault, Hasher};

/// A map with fixed, quick hashing. Its keys come from contexts, not from documents, so nobody can make them
/// collide from outside.
pub(super) type FastMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Fast>>;

#[derive(Clone, Copy, Default)]
pub(super) struct Fast(u64);

impl Fast {
    fn add(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word ^ 0xF39C_C060_5CED_C835) * 0x9E37_79B9_7F4A_7C15;
        self.0 = (product as u64) ^ ((product >> 64) as u64);
    }
}

impl Hasher for Fast {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let last = rest.iter().fold(bytes.len() as u64, |sum, byte| sum << 8 | u64::from(*byte));
        self.add(last);
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(u64::from(byte));
    }

    fn write_u32(&mut self, word: u32) {
        self.add(u64::from(word));
    }

    fn write_isize(&mut self, word: isize) {
        self.add(word as u64);
    }

    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }
}
