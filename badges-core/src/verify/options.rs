//! What the host asks, allows and knows.

mod recipient;
mod trust;

pub use recipient::{Recipient, RecipientKind};
pub use trust::{Trust, TrustError};

use crate::{did::Documents, json::Limits, jsonld::Contexts, time::Timestamp};

/// How strictly the specifications are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// By their text.
    #[default]
    Strict,
    /// As they are met in circulation, with a finding for each liberty that `specs/verdict.md` lists.
    Lenient,
}

/// The bounds of one verification beside those of [`Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The size and depth of each JSON document.
    pub json: Limits,
    /// How many proofs a document may carry.
    pub proofs: usize,
    /// How many endorsements a badge may carry in all.
    pub endorsements: usize,
    /// How deep credentials may stand in each other.
    pub nesting: usize,
    /// The largest status list, inflated, in bytes.
    pub status_list: usize,
}

impl Default for Bounds {
    /// 256 KiB of JSON 64 deep, 8 proofs, 32 endorsements, credentials nested 2 deep, lists of 8 MiB.
    fn default() -> Self {
        Self { json: Limits::default(), proofs: 8, endorsements: 32, nesting: 2, status_list: 8 << 20 }
    }
}

/// Everything that a verification takes beside the badge. There is no clock and no network in here.
#[derive(Clone, Copy)]
pub struct Options<'o> {
    /// The time for which the answer shall hold.
    pub at: Timestamp,
    /// How strictly the specifications are read.
    pub policy: Policy,
    /// The JSON-LD contexts that are known.
    pub contexts: &'o Contexts,
    /// The documents that are at hand: DID documents, key sets, status lists, hosted badges.
    pub documents: &'o dyn Documents,
    /// Whom the host trusts; none leaves the check `trust` unasked.
    pub trust: Option<&'o Trust>,
    /// Whether an issuer that the host does not list makes the badge invalid.
    pub require_trust: bool,
    /// To whom the badge must have been given; none leaves the check `recipient` unasked.
    pub recipient: Option<&'o Recipient>,
    /// The `domain` that a proof must name, where one is expected (VC Data Integrity §4.4 step 6).
    pub domain: Option<&'o str>,
    /// The `challenge` that a proof must name, where one is expected (VC Data Integrity §4.4 step 7).
    pub challenge: Option<&'o str>,
    /// The bounds.
    pub bounds: Bounds,
}

impl<'o> Options<'o> {
    /// Strict, with the default bounds, trusting nobody in particular and asking for no recipient.
    pub fn new(at: Timestamp, contexts: &'o Contexts, documents: &'o dyn Documents) -> Self {
        Self {
            at,
            policy: Policy::Strict,
            contexts,
            documents,
            trust: None,
            require_trust: false,
            recipient: None,
            domain: None,
            challenge: None,
            bounds: Bounds::default(),
        }
    }

    pub(super) fn lenient(&self) -> bool {
        self.policy == Policy::Lenient
    }
}
