//! Open Badges 2.0, and what came before it (OB 2.0 §3 and §4).
//!
//! Documents of 2.0 name one another by URL or carry one another inside; [`Reference`] is both. Older ones
//! are brought to 2.0 by [`upgrade`], which says what it changed.

mod assertion;
mod badge_class;
mod check;
mod profile;
mod time;
mod upgrade;
mod values;

pub use assertion::{
    Assertion, Endorsement, EndorsementClaim, Evidence, IdentityObject, RevocationList, RevokedAssertion,
    Verification, VerificationType,
};
pub use badge_class::{Alignment, BadgeClass, Criteria, Image, Related};
pub use check::check_ob2;
pub(super) use check::{of_class, unnamed};
pub use profile::{CryptographicKey, IssuerVerification, Profile};
pub use time::point_in_time;
pub use upgrade::{Change, UpgradeError, Upgraded, upgrade};
pub use values::{Email, Host, Reference, Telephone, Url, Version};

/// The context of Open Badges 2.0.
pub const OB_20: &str = "https://w3id.org/openbadges/v2";
