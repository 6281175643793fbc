//! The structure check: one walk over the tree with the class tables (OB 3.0 §B, VC Data Model 2.0 §4).

mod fault;
mod terms;
mod vcdm;
mod rules;
mod walk;

pub use fault::{Fault, Severity, Violation};
pub use vcdm::check_structure;

use crate::json::{Object, Path};

use super::{credential::OpenBadgeCredential, endorsement::EndorsementCredential};

pub(super) use walk::Walk;

/// Says where a badge is not what Open Badges 3.0 demands; empty if all is well.
///
/// Both published shapes of the schema are read: sets as arrays or as their only value, texts plain or by
/// language. Embedded endorsements are checked along with it, each by its own contexts. No more than
/// [`Violation::MOST`] are reported.
pub fn check_badge(badge: &Object<'_>) -> Vec<Violation> {
    let mut walk = Walk::default();
    walk.credential(OpenBadgeCredential::class(), badge, &Path::ROOT);
    walk.violations
}

/// Says where an EndorsementCredential is not what Open Badges 3.0 demands; empty if all is well.
pub fn check_endorsement(endorsement: &Object<'_>) -> Vec<Violation> {
    let mut walk = Walk::default();
    walk.credential(EndorsementCredential::class(), endorsement, &Path::ROOT);
    walk.violations
}
