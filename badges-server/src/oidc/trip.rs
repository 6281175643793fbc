//! One sign-in on its way to a provider and back: all that binds it together follows from one secret of the browser.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::secret;

/// A sign-in that is under way, by the secret in the browser's cookie. What the provider and the address see does not
/// lead back to the secret, nor from one to another.
#[derive(Clone, Debug)]
pub(crate) struct Trip<'a>(&'a str);

impl<'a> Trip<'a> {
    /// The sign-in of a secret.
    pub(crate) fn new(secret: &'a str) -> Self {
        Self(secret)
    }

    /// What the answer brings back (RFC 6749 §10.12).
    pub(crate) fn state(&self) -> String {
        secret::derived(self.0, "oidc state")
    }

    /// What stands in the token.
    pub(crate) fn nonce(&self) -> String {
        secret::derived(self.0, "oidc nonce")
    }

    /// What the code is exchanged with (RFC 7636 §4.1): 43 characters of those that it allows.
    pub(super) fn verifier(&self) -> String {
        secret::derived(self.0, "oidc verifier")
    }

    /// What the provider is told of it beforehand (RFC 7636 §4.2).
    pub(super) fn challenge(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier()))
    }
}
