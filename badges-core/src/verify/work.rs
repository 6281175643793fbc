//! How much one verification may take, the credentials within credentials included.

use std::cell::Cell;

use crate::{
    json::Object,
    jsonld::Budget,
    key::{KeyKind, PublicKey},
};

/// What is left for the document at hand and those that stand in it.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) budget: Budget,
    signatures: Cell<u32>,
    json: Cell<usize>,
    #[cfg(feature = "status")]
    lists: Cell<usize>,
    #[cfg(feature = "status")]
    list_signatures: Cell<u32>,
}

/// Signatures in units of one Ed25519 signature, for the badge and what stands in it, and once more for all status
/// lists together. A badge with as many endorsements as are allowed, each with
/// one proof over P-256, stays within.
const SIGNATURES: u32 = 120;

/// Bytes of JSON that are canonicalised once more, for one proof alone.
const JSON: usize = 1 << 20;

/// Bytes of status lists, packed, inflated and canonicalised: a list as long as any for each of revocation, suspension and two
/// other purposes, and thousands of ordinary ones.
#[cfg(feature = "status")]
const LISTS: usize = 4 * (12 + 8) * (1 << 20);

impl Work {
    /// Whether one more signature of this key may be verified.
    pub(super) fn allows(&self, key: &PublicKey) -> bool {
        let cost = match key.kind() {
            KeyKind::Ed25519 | KeyKind::Rsa => 1,
            KeyKind::P256 => 3,
            KeyKind::P384 => 10,
        };
        let spent = self.signatures.get().saturating_add(cost);
        self.signatures.set(spent);
        spent <= SIGNATURES
    }

    /// Whether a document may be canonicalised for one proof alone, as chains and contexts in proofs demand.
    pub(super) fn allows_again(&self, document: &Object<'_>) -> bool {
        let spent = self.json.get().saturating_add(document.weight());
        self.json.set(spent);
        spent <= JSON
    }

    /// Whether so many bytes of status lists may be read or have been inflated.
    #[cfg(feature = "status")]
    pub(super) fn allows_list(&self, bytes: usize) -> bool {
        let spent = self.lists.get().saturating_add(bytes);
        self.lists.set(spent);
        spent <= LISTS
    }

    /// Judges a status list; none if the lists have then taken more than they may.
    ///
    /// A list may be longer than a badge, so it has room of its own for canonical forms. What it takes of that
    /// counts as bytes of lists; its signatures count with those of the other lists, for each badge has its own.
    #[cfg(feature = "status")]
    pub(super) fn for_list<T>(&self, judge: impl FnOnce() -> T) -> Option<T> {
        let own = (
            self.signatures.replace(self.list_signatures.get()),
            self.json.take(),
            self.budget.exchange_bytes(Budget::BYTES),
        );
        let judged = judge();
        let signatures = self.signatures.replace(own.0);
        let json = self.json.replace(own.1);
        let bytes = Budget::BYTES.saturating_sub(self.budget.exchange_bytes(own.2));
        self.list_signatures.set(signatures);
        let allowed = self.allows_list(json.saturating_add(bytes)) && signatures <= SIGNATURES;
        allowed.then_some(judged)
    }
}

/// Where a credential stands: how many are around it, and the work that they share.
#[derive(Clone, Copy)]
pub(super) struct Within<'w> {
    pub(super) depth: usize,
    pub(super) work: &'w Work,
}

impl Within<'_> {
    /// Within one more.
    pub(super) fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}
