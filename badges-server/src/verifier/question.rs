//! What is asked about a badge.

use badges_core::{
    bake::Selection,
    did::Documents,
    jsonld::Contexts,
    time::Timestamp,
    verify::{Options, Policy, Recipient, Trust},
};

use crate::credential::Sizes;

/// What is asked about a badge, and how.
#[derive(Clone, Debug)]
pub struct Question {
    /// The time for which the answer shall hold.
    pub at: Timestamp,
    /// How strictly the specifications are read.
    pub policy: Policy,
    /// Whom the host trusts.
    pub trust: Option<Trust>,
    /// Whether an issuer that the host does not list makes the badge invalid.
    pub require_trust: bool,
    /// To whom the badge must have been given.
    pub recipient: Option<Recipient>,
    /// The longest that a badge may be, in bytes, where the usual limits are not to hold.
    pub max_size: Option<usize>,
    /// Whether documents may be fetched.
    pub online: bool,
}

impl Question {
    /// Whether a badge is valid at a time, by the text of the specifications and with what the web publishes.
    pub fn new(at: Timestamp) -> Self {
        Self {
            at,
            policy: Policy::Strict,
            trust: None,
            require_trust: false,
            recipient: None,
            max_size: None,
            online: true,
        }
    }

    /// How much is read of a badge.
    pub(crate) fn sizes(&self) -> Sizes {
        Sizes::new(self.max_size)
    }

    /// Which badge of an image is meant.
    pub(crate) fn selection(&self) -> Selection {
        match self.policy {
            Policy::Strict => Selection::Strict,
            Policy::Lenient => Selection::Lenient,
        }
    }

    /// The question as the library takes it.
    pub(crate) fn options<'o>(&'o self, contexts: &'o Contexts, documents: &'o dyn Documents) -> Options<'o> {
        let mut options = Options::new(self.at, contexts, documents);
        options.policy = self.policy;
        options.trust = self.trust.as_ref();
        options.require_trust = self.require_trust;
        options.recipient = self.recipient.as_ref();
        options.bounds.json.bytes = self.sizes().text;
        options
    }
}
