//! What the structure check finds.

use std::fmt;

use crate::model::value::ValueError;

/// Something in a document that is not as its specification demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where, as in `$.credentialSubject.achievement.alignment[0].targetUrl`; of a missing member, where it
    /// should be.
    pub path: String,
    /// What, with the remedy.
    pub fault: Fault,
    /// Who minds.
    pub severity: Severity,
}

impl Violation {
    /// The most that one check reports, so that a hostile document cannot make it long.
    pub const MOST: usize = 100;
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.path, self.fault)
    }
}

/// Who minds a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nobody: it is a finding in both policies.
    Notice,
    /// The strict policy; for the lenient one it is a finding.
    Strict,
    /// Both policies.
    Always,
}

/// What is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The end lies before the beginning.
    #[error("lies before {0}: let the end follow the beginning")]
    Backwards(&'static str),
    /// Not the context that belongs here.
    #[error("is {found}: {wanted} is wanted here")]
    Context {
        /// The context that was found, or what stands in its place.
        found: String,
        /// The context, in words.
        wanted: &'static str,
    },
    /// A reference to nothing.
    #[error("refers to no {0} of the achievement: give the id of one")]
    Dangling(&'static str),
    /// A digest of a related resource that is not formed as it must be, or none at all.
    #[error("has no digest that can be checked: give digestSRI or digestMultibase")]
    Digest,
    /// An object or text with nothing in it.
    #[error("is empty: leave the member out")]
    Empty,
    /// A kind of identity that the standard does not name.
    #[error("is a kind of identity that readers may not know: use email, url, telephone or id")]
    IdentityType,
    /// An issuer that is only a URI.
    #[error("is only a URI: give the issuer's profile, with id and type")]
    IssuerUri,
    /// A member that must be there.
    #[error("is missing: {0} needs it")]
    Missing(&'static str),
    /// Criteria without content.
    #[error("tells nothing: give the criteria an id or a narrative")]
    NoCriteria,
    /// A subject without a name.
    #[error("names nobody: give the recipient an id or an identifier")]
    NoRecipient,
    /// Not an address that can be asked safely.
    #[error("is not an https address: others can change what is read on the way")]
    NotHttps,
    /// A null.
    #[error("is null: leave the member out")]
    Null,
    /// A context of an older edition.
    #[error("is an older context: new badges have context-3.0.3.json")]
    OldContext,
    /// A protected term that a later context defines in another way.
    #[error("is protected: take this definition out")]
    Redefined,
    /// More than one value.
    #[error("is an array: only a single value is allowed here")]
    Several,
    /// The same resource once more.
    #[error("names a resource that was named before: name each once")]
    Twice,
    /// A type that must be there.
    #[error("does not hold {0}: add it")]
    Type(&'static str),
    /// A member that the class does not know.
    #[error("has no place here: {0} takes no members of one's own")]
    Unexpected(&'static str),
    /// A type that nothing defines.
    #[error("the type {0:?} is neither a URL nor a term of the contexts: add the context that defines it")]
    UnknownType(String),
    /// A text or number of the wrong form.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// Another kind of value.
    #[error("is {found}: {wanted} is wanted")]
    Wrong {
        /// The kind that was found.
        found: &'static str,
        /// The kind that is wanted.
        wanted: &'static str,
    },
}
